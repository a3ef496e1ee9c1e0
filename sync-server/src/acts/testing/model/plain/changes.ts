/** What every change of a visit goes through: what it was is kept, and offers that became impossible are withdrawn. */
import type { Offer, PlainClinic, Stand, Status, Visit, Who } from './clinic';
import { inTheWay, type Standing } from './places';
import { graceMinutes } from './setting';
import { held } from './statuses';

export function drop(clinic: PlainClinic, holds: readonly number[]): void {
  clinic.holds = clinic.holds.filter((hold) => !holds.includes(hold.id));
}

export function releaseAll(clinic: PlainClinic, who: Who): void {
  if (who.holder !== null) clinic.holds = clinic.holds.filter((hold) => hold.holder !== who.holder);
}

export function remember(clinic: PlainClinic, who: Who, visit: Visit): void {
  visit.before.push({
    ...standOf(visit),
    status: visit.status,
    confirmed: visit.confirmed,
    byPatient: who.kind === 'patient',
    at: clinic.now,
  });
}

export function standOf(of: Stand): Stand {
  const { doctor, kind, place, start, end, from, until, room, capacity, over, roomOver } = of;
  return { doctor, kind, place, start, end, from, until, room, capacity, over, roomOver };
}

/** The patient would come to another place, at another time or for something else. */
export function isElsewhere(a: Stand, b: Stand): boolean {
  return (['doctor', 'kind', 'place', 'start', 'end'] as const).some((field) => a[field] !== b[field]);
}

export function changeStatus(clinic: PlainClinic, who: Who, visit: Visit, status: Status, act: string): void {
  remember(clinic, who, visit);
  visit.status = status;
  visit.timeline.push(act);
  if (held.includes(status)) withdraw(clinic, who);
}

/** Says whether the patient has to hear of it. */
export function moveTo(
  clinic: PlainClinic,
  who: Who,
  visit: Visit,
  { displaced, ...stand }: Standing,
  act: string,
): boolean {
  remember(clinic, who, visit);
  visit.timeline.push(act);
  const isHeard = isElsewhere(visit, stand);
  if (isHeard) {
    visit.confirmed = false;
    visit.sequence++;
  }
  Object.assign(visit, stand);
  drop(clinic, displaced);
  return isHeard;
}

/** Every open offer at a time that can't be booked any more, holds left aside. */
export function withdraw(clinic: PlainClinic, who: Who): void {
  const holds = clinic.holds;
  const anybody: Who = { ...who, kind: 'staff', holder: null };
  const madeAt = clinic.madeAt;
  clinic.holds = [];
  clinic.madeAt = clinic.now;
  for (const entry of clinic.entries) {
    for (const offer of entry.offers) {
      if (!clinic.isOpen(offer)) continue;
      if (inTheWay(clinic, offer, { who: anybody, online: false }).rules.size === 0) continue;
      offer.status = 'withdrawn';
      tellWithdrawn(clinic, who, entry.patient, offer);
    }
  }
  clinic.holds = holds;
  clinic.madeAt = madeAt;
  for (const entry of clinic.entries) entry.status = clinic.statusOf(entry);
}

/** Within the minutes that the offer itself waits there is nothing to take back. */
export function tellWithdrawn(clinic: PlainClinic, who: Who, patient: number, offer: Offer): void {
  if (clinic.now >= offer.offeredAt + graceMinutes)
    clinic.tell(who, patient, 'offer-withdrawn', { offer: offer.id });
}

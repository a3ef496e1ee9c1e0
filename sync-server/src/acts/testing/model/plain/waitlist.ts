/** Who waits for what, what they are offered, and what they answer. */
import { tellWithdrawn } from './changes';
import type { Answer, Details, Entry, No, Offer, PlainClinic, Who, Wishes } from './clinic';
import { differs } from './patients';
import { type Asked, clashes, type Extras, inTheWay, overHolds, place } from './places';
import { mayRun } from './rights';
import { day, kinds } from './setting';
import { held } from './statuses';
import { putDown } from './visits';

function mayEdit(who: Who, patient: number | undefined): boolean {
  return who.kind === 'staff' || (patient !== undefined && who.patient === patient);
}

/** The first thing that is wrong with what is wished for. */
function wrongWith(clinic: PlainClinic, who: Who, wishes: Wishes): readonly No[] | null {
  if (who.kind === 'patient' && kinds[wishes.kind]?.deskOnly) return ['time'];
  if (who.kind === 'patient' && wishes.urgency === 'urgent') return ['invalid'];
  const { earliest, latest } = wishes;
  if (latest === null) return null;
  return (earliest !== null && latest < earliest) || latest < Math.floor(clinic.judgedAt(who) / day)
    ? ['invalid']
    : null;
}

export function add(clinic: PlainClinic, who: Who, id: number, patient: number, wishes: Wishes): Answer {
  if (!mayEdit(who, patient)) return ['not-allowed'];
  const survivor = clinic.survivor(patient);
  const isThere = clinic.entries.some(
    (entry) => clinic.isWaiting(entry) && entry.patient === survivor && entry.kind === wishes.kind,
  );
  return isThere ? ['exists'] : putOn(clinic, who, id, survivor, wishes);
}

function putOn(clinic: PlainClinic, who: Who, id: number, patient: number, wishes: Wishes): Answer {
  if (clinic.entries.some((entry) => entry.id === id)) return ['exists'];
  const wrong = wrongWith(clinic, who, wishes);
  if (wrong) return wrong;
  clinic.entries.push({ ...wishes, id, patient, status: 'waiting', offers: [] });
  return 'done';
}

/** Nothing tells whether somebody was known: a second wish of one person is taken too. */
export function addOnline(
  clinic: PlainClinic,
  who: Who,
  id: number,
  patient: number,
  typed: Details,
  wishes: Wishes,
): Answer {
  if (who.kind !== 'patient') return ['not-allowed'];
  const isKnown = patient < clinic.patients.length;
  if (!isKnown && typed.email === null && typed.phone === null) return ['invalid'];
  const answer = putOn(clinic, who, id, isKnown ? clinic.survivor(patient) : patient, wishes);
  if (answer !== 'done') return answer;
  if (isKnown) differs(clinic, clinic.survivor(patient), typed, 'booking');
  else clinic.patients.push({ ...typed, notes: '', into: null });
  return 'done';
}

export function edit(clinic: PlainClinic, who: Who, id: number, changes: Partial<Wishes>): Answer {
  const entry = clinic.entries.find((each) => each.id === id);
  if (!mayEdit(who, entry?.patient)) return ['not-allowed'];
  if (!entry) return ['unknown'];
  if (!clinic.isWaiting(entry)) return ['invalid'];
  const { kind, earliest, latest, urgency } = { ...entry, ...changes };
  // What staff marked as urgent stays so when its patient changes something else.
  const judged = changes.urgency ?? 'routine';
  const wrong = wrongWith(clinic, who, { kind, earliest, latest, urgency: judged });
  if (wrong) return wrong;
  Object.assign(entry, { kind, earliest, latest, urgency });
  return 'done';
}

export function close(clinic: PlainClinic, who: Who, id: number): Answer {
  const entry = clinic.entries.find((each) => each.id === id);
  if (!mayEdit(who, entry?.patient)) return ['not-allowed'];
  if (!entry) return ['unknown'];
  if (!clinic.isWaiting(entry)) return ['invalid'];
  for (const offer of entry.offers) {
    if (!clinic.isOpen(offer)) continue;
    offer.status = 'withdrawn';
    if (who.kind === 'staff') tellWithdrawn(clinic, who, entry.patient, offer);
  }
  entry.status = 'closed';
  return 'done';
}

export interface OfferWish {
  offers: readonly { id: number; entry: number }[];
  doctor: number;
  place: number;
  start: number;
  expires: number;
}

export function offer(clinic: PlainClinic, who: Who, wish: OfferWish): Answer {
  const { doctor, place: at, start, expires, offers } = wish;
  if (!mayRun(who, doctor)) return ['not-allowed'];
  if (expires <= clinic.now || expires > start) return ['invalid'];
  if (new Set(offers.map(({ entry }) => entry)).size < offers.length) return ['invalid'];
  const made: { entry: Entry; offer: Offer }[] = [];
  for (const { id, entry: entryId } of offers) {
    const entry = clinic.entries.find((each) => each.id === entryId);
    if (!entry) return ['unknown'];
    if (!clinic.isWaiting(entry)) return ['invalid'];
    const isSame = (known: Offer): boolean =>
      clinic.isOpen(known) && known.doctor === doctor && known.place === at && known.start === start;
    if (entry.offers.some(isSame)) return ['exists'];
    const time = { doctor, kind: entry.kind, place: at, start };
    if ('no' in place(clinic, time, { who, online: false })) return ['time'];
    made.push({ entry, offer: { ...time, id, offeredAt: clinic.now, expires, status: 'open' } });
  }
  for (const { entry, offer: each } of made) {
    entry.offers.push(each);
    entry.status = 'offered';
    clinic.tell(who, entry.patient, 'offer', { offer: each.id });
  }
  return 'done';
}

function offerTo(
  clinic: PlainClinic,
  who: Who,
  entryId: number,
  offerId: number,
): { entry: Entry; offer: Offer } | { no: readonly No[] } {
  const entry = clinic.entries.find((each) => each.id === entryId);
  const known = entry?.offers.find((each) => each.id === offerId);
  const may =
    who.kind === 'patient'
      ? entry !== undefined && who.patient === entry.patient
      : mayRun(who, known?.doctor);
  if (!may) return { no: ['not-allowed'] };
  if (!entry || !known) return { no: ['unknown'] };
  return clinic.isWaiting(entry) && clinic.isOpen(known) ? { entry, offer: known } : { no: ['offer-ended'] };
}

/** By the desk's rules, whoever accepts. */
export function accept(
  clinic: PlainClinic,
  who: Who,
  entryId: number,
  offerId: number,
  id: number,
  extras: Extras,
): Answer {
  const found = offerTo(clinic, who, entryId, offerId);
  if ('no' in found) return found.no;
  const { entry, offer: taken } = found;
  const { doctor, kind, place: at, start } = taken;
  const wish = { doctor, kind, place: at, start };
  if (who.kind === 'patient' && !extras.samePatient && clashes(clinic, { id, patient: entry.patient }, wish))
    return ['same-patient'];
  const asked: Asked = { ...extras, overbook: null, who, online: false };
  const { rules } = inTheWay(clinic, wish, asked);
  const lifted = who.kind === 'staff' ? overHolds(clinic, wish, asked) : null;
  if (!clinic.visit(id) && !lifted && ['visit', 'full', 'room'].some((rule) => rules.has(rule)))
    return ['offer-ended'];
  // Its own time is taken by the visit, and by nobody else.
  taken.status = 'accepted';
  const made = putDown(
    clinic,
    { id, patient: entry.patient, wish, status: 'booked', series: null, act: 'waitlist.accept' },
    asked,
  );
  if ('no' in made) {
    taken.status = 'open';
    return made.no;
  }
  // Those that the visit itself made impossible are withdrawn, and told, already.
  for (const other of entry.offers) {
    if (!clinic.isOpen(other)) continue;
    other.status = 'withdrawn';
    tellWithdrawn(clinic, who, entry.patient, other);
  }
  entry.status = 'booked';
  clinic.tell(who, made.patient, 'confirmed', { visit: made });
  return 'done';
}

export function withdrawOne(clinic: PlainClinic, who: Who, entryId: number, offerId: number): Answer {
  const entry = clinic.entries.find((each) => each.id === entryId);
  const known = entry?.offers.find((each) => each.id === offerId);
  if (!mayRun(who, known?.doctor)) return ['not-allowed'];
  if (!entry || !known) return ['unknown'];
  if (!clinic.isOpen(known)) return ['offer-ended'];
  known.status = 'withdrawn';
  tellWithdrawn(clinic, who, entry.patient, known);
  entry.status = clinic.statusOf(entry);
  return 'done';
}

/** Who was taken off waits again, unless they wait for it elsewhere or have what they waited for. */
export function reopen(clinic: PlainClinic, who: Who, id: number, patient: number): Answer {
  const entry = clinic.entries.find((each) => each.id === id);
  if (who.kind !== 'staff') return ['not-allowed'];
  if (!entry || entry.patient !== patient) return ['unknown'];
  if (clinic.isWaiting(entry)) return 'done';
  const isElsewhere = clinic.entries.some(
    (other) =>
      other !== entry && clinic.isWaiting(other) && other.patient === patient && other.kind === entry.kind,
  );
  if (isElsewhere) return ['exists'];
  const accepted = entry.offers.find((each) => each.status === 'accepted');
  const stands = clinic.visits.some(
    (visit) =>
      visit.patient === patient &&
      held.includes(visit.status) &&
      visit.kind === accepted?.kind &&
      visit.start === accepted.start,
  );
  if (stands) return ['invalid'];
  if (accepted) accepted.status = 'withdrawn';
  entry.status = 'waiting';
  return 'done';
}

export function decline(clinic: PlainClinic, who: Who, entryId: number, offerId: number): Answer {
  const found = offerTo(clinic, who, entryId, offerId);
  if ('no' in found) return found.no;
  found.offer.status = 'declined';
  found.entry.status = clinic.statusOf(found.entry);
  return 'done';
}

/** The times of a day as the booking dialog lists them: real ones from the engine, and why the others are taken. */
import type { Facts } from '@medic/shared/acts/facts';
import { dayPlan } from '@medic/shared/availability/day-plan';
import { findNextAvailable } from '@medic/shared/availability/find-next-available';
import { findSlots } from '@medic/shared/availability/find-slots';
import { placeVisit } from '@medic/shared/availability/place-visit';
import type { Slot } from '@medic/shared/availability/query';
import { describeReason, type Reason } from '@medic/shared/availability/reason';
import type { AppointmentType } from '@medic/shared/model/appointment-type';
import type { WallTime } from '@medic/shared/time/instant';
import { type Instant, minuteMs, type PlainDate, plusMinutes } from '@medic/shared/time/instant';
import { addDays } from '@medic/shared/time/plain-date';
import { instantOf, localTime } from '@medic/shared/time/zone';
import { shortName } from '../../ui/person-name';

export interface BookingPlace {
  doctorId: string;
  locationId: string;
  appointmentTypeId: string;
  date: PlainDate;
}

export interface TimeRow {
  startsAt: Instant;
  clock: WallTime;
  /** Null where the time is taken. */
  slot: Slot | null;
  /** Why it is taken, in words; of a free one, the room. */
  words: string;
  reason: Reason['code'] | null;
}

/** Free starts of a day, and with `why` the taken ones of the day's hours between them. */
export function timeRows(facts: Facts, place: BookingPlace, now: Instant, why: boolean): TimeRow[] {
  const location = facts.location(place.locationId);
  const type = facts.appointmentType(place.appointmentTypeId);
  if (!location || !type) return [];
  const zone = location.timeZone;
  const free = freeSlots(facts, place, now);
  const rows: TimeRow[] = free.map((slot) => ({
    startsAt: slot.startsAt,
    clock: localTime(slot.startsAt, zone).time,
    slot,
    words: [
      location.rooms.find((room) => room.id === slot.roomId)?.name,
      type.capacity > 1 ? `${slot.seatsLeft} of ${type.capacity} seats left` : '',
    ]
      .filter(Boolean)
      .join(' · '),
    reason: null,
  }));
  if (!why) return rows;
  const names = {
    patientName: (id: string) => {
      const patient = facts.get('patient', id);
      return patient ? shortName(patient) : undefined;
    },
  };
  const known = new Set(free.map((slot) => slot.startsAt));
  for (const startsAt of gridStarts(facts, place, type)) {
    if (known.has(startsAt)) continue;
    const reasons = placeVisit(facts, { ...place, startsAt, channel: 'desk', now }).reasons;
    const first = reasons[0];
    // What is over needs no reason.
    if (!first || reasons.some((reason) => reason.code === 'past')) continue;
    rows.push({
      startsAt,
      clock: localTime(startsAt, zone).time,
      slot: null,
      words: reasons.map((reason) => describeReason(reason, zone, names)).join(' · '),
      reason: first.code,
    });
  }
  return rows.sort((a, b) => a.startsAt - b.startsAt);
}

export function freeSlots(facts: Facts, place: BookingPlace, now: Instant): Slot[] {
  return findSlots(facts, {
    doctorIds: [place.doctorId],
    appointmentTypeId: place.appointmentTypeId,
    locationId: place.locationId,
    from: place.date,
    until: addDays(place.date, 1),
    channel: 'desk',
    now,
  });
}

/** Starts on the type's grid within the day's opening hours, breaks and all. */
function gridStarts(facts: Facts, place: BookingPlace, type: AppointmentType): Instant[] {
  const location = facts.location(place.locationId);
  if (!location) return [];
  const from = instantOf(place.date, '00:00' as WallTime, location.timeZone);
  const until = instantOf(addDays(place.date, 1), '00:00' as WallTime, location.timeZone);
  const starts: Instant[] = [];
  for (const span of dayPlan(facts, place.doctorId, from, until)) {
    if (span.kind !== 'open' || span.locationId !== place.locationId) continue;
    for (let at = span.startsAt; at < span.endsAt; at = plusMinutes(at, type.slotStepMinutes)) {
      if (at >= from && at < until) starts.push(at);
    }
  }
  return starts;
}

/** Four times to take at once: the chosen doctor's first, then the earliest of anybody's. */
export function nextAvailable(facts: Facts, place: BookingPlace, after: Instant, now: Instant): Slot[] {
  const query = {
    appointmentTypeId: place.appointmentTypeId,
    channel: 'desk' as const,
    now,
    after,
    withinDays: 60,
  };
  const own = spread(findNextAvailable(facts, { ...query, doctorIds: [place.doctorId], limit: 12 }), 2);
  const others = spread(
    findNextAvailable(facts, { ...query, doctorIds: [], limit: 40 }).filter(
      (slot) => slot.doctorId !== place.doctorId,
    ),
    4 - own.length,
  );
  const result: Slot[] = [];
  for (let i = 0; i < 4; i++) {
    const mine = own[i];
    const theirs = others[i];
    if (mine) result.push(mine);
    if (theirs) result.push(theirs);
  }
  return result.slice(0, 4);
}

/** Not four quarters of one hour: times at least an hour apart, or of different doctors. */
function spread(slots: readonly Slot[], count: number): Slot[] {
  const result: Slot[] = [];
  for (const slot of slots) {
    if (result.length >= count) break;
    if (
      result.every(
        (each) => each.doctorId !== slot.doctorId || Math.abs(each.startsAt - slot.startsAt) >= 60 * minuteMs,
      )
    )
      result.push(slot);
  }
  return result;
}

/** Types that somebody offers at some place, those of the chosen doctor first. */
export function typesFor(facts: Facts, doctorId: string | undefined): AppointmentType[] {
  const types = [...facts.all('appointmentType')].filter((type) => type.active && type.places.length > 0);
  const mine = (type: AppointmentType) =>
    doctorId !== undefined && type.places.some((place) => offeredBy(facts, place, doctorId)) ? 0 : 1;
  return types.sort((a, b) => mine(a) - mine(b) || a.name.localeCompare(b.name));
}

function offeredBy(
  facts: Facts,
  place: { locationId: string; doctorId: string | null },
  doctorId: string,
): boolean {
  if (place.doctorId !== null) return place.doctorId === doctorId;
  return facts.doctor(doctorId)?.places.some((each) => each.locationId === place.locationId) ?? false;
}

/** The places where a doctor offers a type. */
export function placesFor(facts: Facts, type: AppointmentType, doctorId: string): string[] {
  const ids = new Set<string>();
  for (const place of type.places)
    if (offeredBy(facts, place, doctorId) && facts.location(place.locationId)?.active)
      ids.add(place.locationId);
  return [...ids];
}

export function doctorsFor(facts: Facts, type: AppointmentType): string[] {
  const ids: string[] = [];
  for (const doctor of facts.doctors())
    if (doctor.active && placesFor(facts, type, doctor.id).length > 0) ids.push(doctor.id);
  return ids;
}

/** What a doctor sees most in the weeks around now: the default where nothing else says what. */
export function usualTypeId(facts: Facts, doctorId: string | undefined, now: Instant): string | undefined {
  const counts = new Map<string, number>();
  const week = 7 * 24 * 60;
  for (const doctor of facts.doctors()) {
    if (doctorId !== undefined && doctor.id !== doctorId) continue;
    for (const visit of facts.appointmentsOfDoctor(
      doctor.id,
      plusMinutes(now, -week),
      plusMinutes(now, week),
    )) {
      if (visit.capacity === 1)
        counts.set(visit.appointmentTypeId, (counts.get(visit.appointmentTypeId) ?? 0) + 1);
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** The times of a day as the booking dialog lists them: real ones from the engine, and why the others are taken. */
import { overHolds } from '@medic/shared/acts/appointment/over-holds';
import type { Facts } from '@medic/shared/acts/facts';
import { dayPlan } from '@medic/shared/availability/day-plan';
import { findNextAvailable } from '@medic/shared/availability/find-next-available';
import { findSlots } from '@medic/shared/availability/find-slots';
import { placeVisit } from '@medic/shared/availability/place-visit';
import type { Slot } from '@medic/shared/availability/query';
import { describeReason, type Reason } from '@medic/shared/availability/reason';
import type { AppointmentType } from '@medic/shared/model/appointment-type';
import type { TimeZone, WallTime } from '@medic/shared/time/instant';
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
  /** What choosing it does: book, ask about a visitor's hold, overbook; null where it can't be chosen. */
  take: 'free' | 'held' | 'overbook' | null;
}

export interface TimeRowsOptions {
  /** The taken times of the day's hours too, each with its reasons. */
  why?: boolean;
  /** This time is told of, free or not: it was pointed at. */
  asked?: Instant | null;
  mayOverbook?: boolean;
}

/** What no overbooking overcomes. */
const neverOver: ReadonlySet<Reason['code']> = new Set(['past', 'inactive', 'not-offered', 'no-room']);

/** Free starts of a day; those that only a visitor holds, which staff may go over; and what the options ask for. */
export function timeRows(
  facts: Facts,
  place: BookingPlace,
  now: Instant,
  { why = false, asked = null, mayOverbook = false }: TimeRowsOptions = {},
): TimeRow[] {
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
    take: 'free',
  }));
  const isHeld = [...facts.holdsOfDoctor(place.doctorId)].some((hold) => hold.expiresAt > now);
  if (!why && !isHeld && asked === null) return rows;
  const names = {
    patientName: (id: string) => {
      const patient = facts.get('patient', id);
      return patient ? shortName(patient) : undefined;
    },
  };
  const known = new Set(free.map((slot) => slot.startsAt));
  const starts = new Set(why || isHeld ? gridStarts(facts, place, type) : []);
  if (asked !== null && localTime(asked, zone).date === place.date) starts.add(asked);
  for (const startsAt of starts) {
    if (known.has(startsAt)) continue;
    const request = { ...place, startsAt, channel: 'desk' as const, now };
    const { reasons } = placeVisit(facts, request);
    const first = reasons[0];
    // What is over needs no reason.
    if (!first || reasons.some((reason) => reason.code === 'past')) continue;
    const held = reasons.some((reason) => reason.code === 'hold') ? overHolds(facts, request) : null;
    if (!why && !held && startsAt !== asked) continue;
    const over = mayOverbook && reasons.every((reason) => !neverOver.has(reason.code));
    rows.push({
      startsAt,
      clock: localTime(startsAt, zone).time,
      slot: null,
      words: held
        ? heldWords(held.holds, zone)
        : reasons.map((reason) => describeReason(reason, zone, names)).join(' · '),
      reason: held ? 'hold' : first.code,
      take: held ? 'held' : over ? 'overbook' : null,
    });
  }
  return rows.sort((a, b) => a.startsAt - b.startsAt);
}

/** `A visitor is booking it, until 10:42` */
export function heldWords(holds: readonly { expiresAt: Instant }[], zone: TimeZone): string {
  const last = Math.max(...holds.map((hold) => hold.expiresAt)) as Instant;
  return `A visitor is booking it, until ${localTime(last, zone).time}`;
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

/** Who offers a type, in the order of the agenda's columns and not in that in which they arrived. */
export function doctorsFor(facts: Facts, type: AppointmentType): string[] {
  const ids: string[] = [];
  for (const doctor of facts.doctors())
    if (doctor.active && placesFor(facts, type, doctor.id).length > 0) ids.push(doctor.id);
  return ids.sort();
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

/**
 * A second answer to "what is free?", for tests: slow, plain, and without a line of the engine. Every minute of the
 * days around the question is painted open or shut from the records, with Temporal alone; then every minute is
 * tried as a start.
 */
import { Temporal } from 'temporal-polyfill';
import type { AppointmentType } from '../../model/appointment-type';
import type { Doctor } from '../../model/doctor';
import type { Location } from '../../model/location';
import type { FactsParts } from '../../testing/facts-of';
import type { Slot, SlotQuery } from '../query';

export type OracleFacts = Required<Omit<FactsParts, 'clinic' | 'patients' | 'users'>>;

/** Days painted before and after the dates asked for. Plans of a test must begin inside them for the grid to be right. */
const margin = 30;

const instants = new Map<string, number>();

/** Epoch minutes of a wall time, rounded up; `24:00` is the next midnight. */
function minuteOf(date: string, time: string, zone: string): number {
  const key = `${date} ${time} ${zone}`;
  let minute = instants.get(key);
  if (minute === undefined) {
    let day = Temporal.PlainDate.from(date);
    let clock = time;
    if (time === '24:00') {
      day = day.add({ days: 1 });
      clock = '00:00';
    }
    const zoned = day.toPlainDateTime(clock).toZonedDateTime(zone, { disambiguation: 'compatible' });
    minute = Math.ceil(zoned.epochMilliseconds / 60_000);
    instants.set(key, minute);
  }
  return minute;
}

function firstMinuteOf(date: string, zone: string): number {
  const key = `${date} first ${zone}`;
  let minute = instants.get(key);
  if (minute === undefined) {
    minute = Math.ceil(Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds / 60_000);
    instants.set(key, minute);
  }
  return minute;
}

function nextDate(date: string): string {
  return Temporal.PlainDate.from(date).add({ days: 1 }).toString();
}

/** The span of two wall times on a date; an end at or before the start lies on the next day. */
function spanOf(date: string, from: string, until: string, zone: string): [number, number] {
  return [minuteOf(date, from, zone), minuteOf(until > from ? date : nextDate(date), until, zone)];
}

interface Painted {
  first: number;
  /** 1 where the doctor works and nothing is cut out. */
  works: Uint8Array;
  /** Hours with a room, as said by their record. */
  rooms: { from: number; until: number; roomId: string }[];
}

function paint(facts: OracleFacts, doctor: Doctor, location: Location, query: SlotQuery): Painted {
  const zone = location.timeZone;
  const begin = Temporal.PlainDate.from(query.from).subtract({ days: margin });
  const end = Temporal.PlainDate.from(query.until).add({ days: 6 });
  const first = minuteOf(begin.subtract({ days: 3 }).toString(), '00:00', zone);
  const length = minuteOf(end.add({ days: 4 }).toString(), '00:00', zone) - first;
  const open = new Uint8Array(length);
  const cut = new Uint8Array(length);
  const rooms: Painted['rooms'] = [];
  const fill = (into: Uint8Array, from: number, until: number) => {
    for (let m = Math.max(0, from - first); m < Math.min(length, until - first); m++) into[m] = 1;
  };
  const openUp = (from: number, until: number, roomId: string | null) => {
    fill(open, from, until);
    if (roomId !== null && from < until) rooms.push({ from, until, roomId });
  };
  for (let day = begin; Temporal.PlainDate.compare(day, end) < 0; day = day.add({ days: 1 })) {
    const date = day.toString();
    if (firstMinuteOf(date, zone) === firstMinuteOf(nextDate(date), zone)) continue;
    const said = facts.exceptions.filter(
      (e) =>
        e.date === date &&
        (e.locationId === null || e.locationId === location.id) &&
        (e.doctorId === doctor.id || (e.doctorId === null && (e.kind === 'block' || e.kind === 'closure'))),
    );
    const whole: [number, number] = [firstMinuteOf(date, zone), firstMinuteOf(nextDate(date), zone)];
    for (const e of said) {
      const timed = e.startsAt !== null && e.endsAt !== null;
      const [from, until] = timed ? spanOf(date, e.startsAt as string, e.endsAt as string, zone) : whole;
      if (e.kind === 'block' || e.kind === 'closure') fill(cut, from, until);
      else if (e.kind === 'extra' || timed) openUp(from, until, e.roomId);
    }
    if (said.some((e) => e.kind === 'replace')) continue;
    for (const t of facts.templates) {
      if (t.doctorId !== doctor.id || t.locationId !== location.id || t.weekday !== day.dayOfWeek) continue;
      if (date < t.validFrom || (t.validUntil !== null && date >= t.validUntil)) continue;
      const anchor = Temporal.PlainDate.from(t.anchorDate);
      const anchorMonday = anchor.subtract({ days: anchor.dayOfWeek - 1 });
      const monday = day.subtract({ days: day.dayOfWeek - 1 });
      if ((monday.since(anchorMonday, { largestUnit: 'days' }).days / 7) % t.everyNWeeks !== 0) continue;
      openUp(...spanOf(date, t.opensAt, t.closesAt, zone), t.roomId);
      for (const pause of t.breaks) {
        const on = pause.startsAt >= t.opensAt ? date : nextDate(date);
        fill(cut, ...spanOf(on, pause.startsAt, pause.endsAt, zone));
      }
    }
  }
  for (const off of facts.timeOff) {
    if (off.doctorId !== doctor.id || off.status !== 'approved' || off.endsAt === off.startsAt) continue;
    fill(cut, Math.floor(off.startsAt / 60_000), Math.ceil(off.endsAt / 60_000));
  }
  const works = open.map((isOpen, m) => (isOpen === 1 && cut[m] === 0 ? 1 : 0));
  return { first, works, rooms };
}

interface Taker {
  kind: 'visit' | 'hold' | 'external';
  doctorId: string;
  roomId: string | null;
  /** Null where it shares with nobody. */
  groupOf: string | null;
  startsAt: number;
  from: number;
  until: number;
}

function takers(facts: OracleFacts, query: SlotQuery): Taker[] {
  const found: Taker[] = [];
  const groupOf = (x: {
    capacity: number;
    doctorId: string;
    appointmentTypeId: string;
    locationId: string;
    startsAt: number;
  }) => (x.capacity > 1 ? `${x.doctorId} ${x.appointmentTypeId} ${x.locationId} ${x.startsAt}` : null);
  for (const v of facts.appointments) {
    if (!['pending', 'booked', 'arrived', 'checked-in', 'fulfilled'].includes(v.status)) continue;
    if (v.id === query.ignoreAppointmentId) continue;
    found.push({
      kind: 'visit',
      doctorId: v.doctorId,
      roomId: v.roomId,
      groupOf: groupOf(v),
      startsAt: v.startsAt,
      from: v.reservedFrom,
      until: v.reservedUntil,
    });
  }
  for (const h of facts.holds) {
    if (h.expiresAt <= query.now || h.holder === query.holder) continue;
    found.push({
      kind: 'hold',
      doctorId: h.doctorId,
      roomId: h.roomId,
      groupOf: groupOf(h),
      startsAt: h.startsAt,
      from: h.reservedFrom,
      until: h.reservedUntil,
    });
  }
  for (const b of facts.busy) {
    found.push({
      kind: 'external',
      doctorId: b.doctorId,
      roomId: null,
      groupOf: null,
      startsAt: b.startsAt,
      from: b.startsAt,
      until: b.endsAt,
    });
  }
  return found.filter((t) => t.until > t.from);
}

/** Whole minutes, rounded outwards, in common. */
function collide(t: Taker, from: number, until: number): boolean {
  return Math.floor(t.from / 60_000) < until && Math.ceil(t.until / 60_000) > from;
}

export function oracleSlots(facts: OracleFacts, query: SlotQuery): Slot[] {
  const type = facts.types.find((t) => t.id === query.appointmentTypeId);
  if (!type?.active) return [];
  if (query.channel === 'online' && type.bookableBy === 'desk') return [];
  const doctors =
    query.doctorIds.length > 0
      ? query.doctorIds.flatMap((id) => facts.doctors.filter((d) => d.id === id))
      : [...facts.doctors].sort((a, b) => (`${a.name} ${a.id}` < `${b.name} ${b.id}` ? -1 : 1));
  const all = takers(facts, query);
  const slots: (Slot & { rank: number })[] = [];
  let rank = 0;
  for (const doctor of doctors) {
    for (const { locationId } of doctor.places) {
      rank++;
      const location = facts.locations.find((l) => l.id === locationId);
      if (!doctor.active || !location?.active) continue;
      if (query.locationId !== undefined && query.locationId !== locationId) continue;
      if (!type.places.some((p) => p.locationId === locationId && (p.doctorId ?? doctor.id) === doctor.id))
        continue;
      for (const slot of slotsAt(facts, query, type, doctor, location, all)) slots.push({ ...slot, rank });
    }
  }
  slots.sort((a, b) => a.startsAt - b.startsAt || a.rank - b.rank);
  return slots.map(({ rank: _, ...slot }) => slot);
}

function slotsAt(
  facts: OracleFacts,
  query: SlotQuery,
  type: AppointmentType,
  doctor: Doctor,
  location: Location,
  all: Taker[],
): Slot[] {
  const zone = location.timeZone;
  const { first, works, rooms } = paint(facts, doctor, location, query);
  const from = firstMinuteOf(query.from, zone);
  const until = firstMinuteOf(query.until, zone);
  const online = query.channel === 'online';
  const found: Slot[] = [];
  let windowStart = -1;
  for (let m = 0; m < works.length; m++) {
    if (works[m] === 0) {
      windowStart = -1;
      continue;
    }
    if (windowStart === -1) windowStart = m;
    const start = first + m;
    if (start < from || start >= until || (m - windowStart) % type.slotStepMinutes !== 0) continue;
    if (works.subarray(m, m + type.durationMinutes).includes(0)) continue;
    const startsAt = start * 60_000;
    if (startsAt < query.now) continue;
    if (online && startsAt < query.now + type.minNoticeMinutes * 60_000) continue;
    if (online && startsAt > query.now + type.maxFutureDays * 86_400_000) continue;
    const reservedFrom = start - type.bufferBeforeMinutes;
    const reservedUntil = start + type.durationMinutes + type.bufferAfterMinutes;
    const key = type.capacity > 1 ? `${doctor.id} ${type.id} ${location.id} ${startsAt}` : null;
    const mates = all.filter((t) => key !== null && t.groupOf === key);
    const strangers = all.filter((t) => !mates.includes(t) && collide(t, reservedFrom, reservedUntil));
    if (strangers.some((t) => t.doctorId === doctor.id)) continue;
    if (mates.length >= type.capacity) continue;
    const isFree = (roomId: string) => !strangers.some((t) => t.roomId === roomId);
    const said = rooms
      .filter((r) => r.from <= start && start < r.until)
      .sort((a, b) => a.from - b.from || (a.roomId < b.roomId ? -1 : 1))[0]?.roomId;
    const mateRoom = mates.flatMap((t) => t.roomId ?? []).sort()[0];
    let roomId: string | null = null;
    if (type.needsRoom) {
      const fitting = location.rooms
        .filter(
          (r) => r.active && (type.roomFeature ? r.features.includes(type.roomFeature) : r.kind === 'room'),
        )
        .sort((a, b) => a.sortOrder - b.sortOrder || (a.id < b.id ? -1 : 1))
        .map((r) => r.id);
      const candidates =
        mateRoom !== undefined && fitting.includes(mateRoom)
          ? [mateRoom]
          : [...fitting.filter((id) => id === said), ...fitting.filter((id) => id !== said)];
      const chosen = candidates.find(isFree);
      if (chosen === undefined) continue;
      roomId = chosen;
    } else {
      const wanted = mateRoom ?? said;
      if (wanted !== undefined && location.rooms.some((r) => r.id === wanted && r.active) && isFree(wanted))
        roomId = wanted;
    }
    found.push({
      doctorId: doctor.id,
      locationId: location.id,
      roomId,
      startsAt: startsAt as Slot['startsAt'],
      endsAt: (startsAt + type.durationMinutes * 60_000) as Slot['endsAt'],
      seatsLeft: type.capacity - mates.length,
    });
  }
  return found;
}

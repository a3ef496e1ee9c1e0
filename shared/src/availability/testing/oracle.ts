/**
 * A second answer to "what is free?", for tests: slow, plain, and without a line of the engine. Every minute of the
 * days around the question is painted open or shut from the records, by Temporal's clock; then every minute is tried
 * as a start.
 */
import { Temporal } from 'temporal-polyfill';
import type { AppointmentType } from '../../model/appointment-type';
import type { Doctor } from '../../model/doctor';
import type { Location } from '../../model/location';
import type { EngineParts } from '../../testing/facts-of';
import type { Slot, SlotQuery } from '../query';
import { type TableDay, tableDay, weekOf } from './zone-table';

export type OracleFacts = Required<EngineParts>;

/** Who asks, and when: what decides which holds and visits count. */
export type Asker = Pick<SlotQuery, 'now' | 'holder' | 'ignoreAppointmentId' | 'from' | 'until'>;

/** Days painted before the dates asked for. A plan that never closes must begin inside them for its grid to be right. */
const margin = 45;

export interface Cut {
  code: 'break' | 'block' | 'closure';
  from: number;
  until: number;
  label: string;
  /** Of the exception; a break has none. */
  id: string | null;
}

/** What a doctor does at one place, minute by minute. */
export interface Plan {
  first: number;
  /** 1 where hours are, before anything is cut out of them. */
  open: Uint8Array;
  /** 1 where the doctor works and nothing is cut out. */
  works: Uint8Array;
  cuts: Cut[];
  /** Hours with a room, as said by their record. */
  rooms: { from: number; until: number; roomId: string }[];
}

/** Something that takes time; minutes, rounded outwards. */
export interface Taker {
  kind: 'visit' | 'hold' | 'external';
  id: string;
  doctorId: string;
  roomId: string | null;
  /** Null where it shares with nobody. */
  group: string | null;
  from: number;
  until: number;
}

/** Someone else in the way, or of the same group, for a visit that would reserve `[from, until)`. */
export interface Neighbours {
  mates: Taker[];
  strangers: Taker[];
}

const holding = ['pending', 'booked', 'arrived', 'checked-in', 'fulfilled'];

export class Oracle {
  readonly facts: OracleFacts;
  readonly #asker: Asker;
  readonly #plans = new Map<string, Plan>();
  readonly takers: Taker[];

  constructor(facts: OracleFacts, asker: Asker) {
    this.facts = facts;
    this.#asker = asker;
    this.takers = takersFor(facts, asker);
  }

  plan(doctorId: string, location: Location): Plan {
    const key = `${doctorId} ${location.id}`;
    let plan = this.#plans.get(key);
    if (!plan) {
      plan = paint(this.facts, doctorId, location, this.#asker);
      this.#plans.set(key, plan);
    }
    return plan;
  }

  /** As `findSlots` has to answer. */
  slots(query: SlotQuery): Slot[] {
    const type = this.facts.types.find((t) => t.id === query.appointmentTypeId);
    if (!type?.active) return [];
    if (query.channel === 'online' && type.bookableBy === 'desk') return [];
    const doctors =
      query.doctorIds.length > 0
        ? [...new Set(query.doctorIds)].flatMap((id) => this.facts.doctors.filter((d) => d.id === id))
        : [...this.facts.doctors].sort((a, b) => (`${a.name} ${a.id}` < `${b.name} ${b.id}` ? -1 : 1));
    const slots: (Slot & { rank: number })[] = [];
    let rank = 0;
    for (const doctor of doctors) {
      for (const { locationId } of doctor.places) {
        rank++;
        const location = this.facts.locations.find((l) => l.id === locationId);
        if (!doctor.active || !location?.active) continue;
        if (query.locationId !== undefined && query.locationId !== locationId) continue;
        if (!isOffered(type, doctor, locationId)) continue;
        for (const slot of this.#slotsAt(query, type, doctor, location)) slots.push({ ...slot, rank });
      }
    }
    slots.sort((a, b) => a.startsAt - b.startsAt || a.rank - b.rank);
    return slots.map(({ rank: _, ...slot }) => slot);
  }

  #slotsAt(query: SlotQuery, type: AppointmentType, doctor: Doctor, location: Location): Slot[] {
    const plan = this.plan(doctor.id, location);
    const { first, works } = plan;
    const from = tableDay(query.from, location.timeZone).first;
    const until = tableDay(query.until, location.timeZone).first;
    const online = query.channel === 'online';
    const found: Slot[] = [];
    let windowStart = -1;
    for (let m = 0; m < until - first; m++) {
      if (works[m] !== 1) {
        windowStart = -1;
        continue;
      }
      if (windowStart === -1) windowStart = m;
      const start = first + m;
      if (start < from || (m - windowStart) % type.slotStepMinutes !== 0) continue;
      if (works.subarray(m, m + type.durationMinutes).includes(0)) continue;
      const startsAt = start * 60_000;
      if (startsAt < query.now) continue;
      if (online && startsAt < query.now + type.minNoticeMinutes * 60_000) continue;
      if (online && startsAt > query.now + type.maxFutureDays * 86_400_000) continue;
      const reservedFrom = start - type.bufferBeforeMinutes;
      const reservedUntil = start + type.durationMinutes + type.bufferAfterMinutes;
      const near = this.neighbours(type, doctor.id, location.id, startsAt, reservedFrom, reservedUntil);
      if (near.strangers.some((t) => t.doctorId === doctor.id)) continue;
      if (near.mates.length >= type.capacity) continue;
      const roomId = roomFor(type, location, hoursRoom(plan, start), near);
      if (roomId === undefined) continue;
      found.push({
        doctorId: doctor.id,
        locationId: location.id,
        roomId,
        startsAt: startsAt as Slot['startsAt'],
        endsAt: (startsAt + type.durationMinutes * 60_000) as Slot['endsAt'],
        seatsLeft: type.capacity - near.mates.length,
      });
    }
    return found;
  }

  /** Of every doctor and room: strangers that meet the range, and those of the group that would be joined. */
  neighbours(
    type: AppointmentType,
    doctorId: string,
    locationId: string,
    startsAt: number,
    from: number,
    until: number,
  ): Neighbours {
    const group = type.capacity > 1 ? groupOf(doctorId, type.id, locationId, startsAt) : '';
    const mates: Taker[] = [];
    const strangers: Taker[] = [];
    for (const taker of this.takers) {
      if (taker.group === group) mates.push(taker);
      else if (taker.from < until && taker.until > from) strangers.push(taker);
    }
    return { mates, strangers };
  }
}

export function isOffered(type: AppointmentType, doctor: Doctor, locationId: string): boolean {
  return (
    doctor.places.some((p) => p.locationId === locationId) &&
    type.places.some((p) => p.locationId === locationId && (p.doctorId ?? doctor.id) === doctor.id)
  );
}

function groupOf(doctorId: string, typeId: string, locationId: string, startsAt: number): string {
  return `${doctorId} ${typeId} ${locationId} ${startsAt}`;
}

function takersFor(facts: OracleFacts, asker: Asker): Taker[] {
  const found: Taker[] = [];
  const add = (
    kind: Taker['kind'],
    of: { id: string; doctorId: string; roomId?: string | null },
    group: string | null,
    from: number,
    until: number,
  ): void => {
    if (until <= from) return;
    found.push({
      kind,
      id: of.id,
      doctorId: of.doctorId,
      roomId: of.roomId ?? null,
      group,
      from: Math.floor(from / 60_000),
      until: Math.ceil(until / 60_000),
    });
  };
  const shares = (x: OracleFacts['appointments'][number] | OracleFacts['holds'][number]): string | null =>
    x.capacity > 1 ? groupOf(x.doctorId, x.appointmentTypeId, x.locationId, x.startsAt) : null;
  for (const v of facts.appointments) {
    if (!holding.includes(v.status) || v.id === asker.ignoreAppointmentId) continue;
    add('visit', v, shares(v), v.reservedFrom, v.reservedUntil);
  }
  for (const h of facts.holds) {
    if (h.expiresAt <= asker.now || h.holder === asker.holder) continue;
    add('hold', h, shares(h), h.reservedFrom, h.reservedUntil);
  }
  for (const b of facts.busy) add('external', b, null, b.startsAt, b.endsAt);
  return found;
}

export function fittingRooms(type: AppointmentType, location: Location): string[] {
  return location.rooms
    .filter((r) => r.active && (type.roomFeature ? r.features.includes(type.roomFeature) : r.kind === 'room'))
    .sort((a, b) => a.sortOrder - b.sortOrder || (a.id < b.id ? -1 : 1))
    .map((r) => r.id);
}

/** The room of the hours that hold the minute: of several, that of those which began first. */
export function hoursRoom(plan: Plan, minute: number): string | undefined {
  return plan.rooms
    .filter((r) => r.from <= minute && minute < r.until)
    .sort((a, b) => a.from - b.from || (a.roomId < b.roomId ? -1 : 1))[0]?.roomId;
}

export function groupRoom(mates: readonly Taker[]): string | undefined {
  return mates.flatMap((t) => t.roomId ?? []).sort()[0];
}

/** Undefined where a room is needed and none is free. */
export function roomFor(
  type: AppointmentType,
  location: Location,
  said: string | undefined,
  { mates, strangers }: Neighbours,
): string | null | undefined {
  const isFree = (roomId: string): boolean => !strangers.some((t) => t.roomId === roomId);
  const together = groupRoom(mates);
  if (!type.needsRoom) {
    const wanted = together ?? said;
    if (wanted === undefined) return null;
    return location.rooms.some((r) => r.id === wanted && r.active) && isFree(wanted) ? wanted : null;
  }
  const fitting = fittingRooms(type, location);
  if (together !== undefined && fitting.includes(together)) return isFree(together) ? together : undefined;
  return [...fitting.filter((id) => id === said), ...fitting.filter((id) => id !== said)].find(isFree);
}

function paint(facts: OracleFacts, doctorId: string, location: Location, asked: Asker): Plan {
  const zone = location.timeZone;
  const templates = facts.templates.filter((t) => t.doctorId === doctorId && t.locationId === location.id);
  const exceptions = facts.exceptions.filter(
    (e) =>
      (e.locationId === null || e.locationId === location.id) &&
      (e.doctorId === doctorId || (e.doctorId === null && (e.kind === 'block' || e.kind === 'closure'))),
  );
  const earliest = Temporal.PlainDate.from(asked.from).subtract({ days: margin }).toString();
  const planned = [...templates.map((t) => t.validFrom), ...exceptions.map((e) => e.date), asked.from].sort();
  const begin = tableDay((planned[0] as string) < earliest ? earliest : (planned[0] as string), zone);
  const end = Temporal.PlainDate.from(asked.until).add({ days: 5 }).toString();
  const first = begin.first - 3 * 1440;
  const length = tableDay(end, zone).first + 4 * 1440 - first;
  const open = new Uint8Array(length);
  const cuts: Cut[] = [];
  const rooms: Plan['rooms'] = [];
  const fill = (into: Uint8Array, from: number, until: number, value: number): void => {
    if (from < until) into.fill(value, Math.max(0, from - first), Math.max(0, until - first));
  };
  const openUp = ([from, until]: [number, number], roomId: string | null): void => {
    fill(open, from, until, 1);
    if (roomId !== null && from < until) rooms.push({ from, until, roomId });
  };
  const cut = (
    [from, until]: [number, number],
    code: Cut['code'],
    label: string,
    id: string | null,
  ): void => {
    if (from < until) cuts.push({ code, from, until, label, id });
  };
  for (let day = begin; day.date < end; day = day.next()) {
    if (day.first === day.end) continue;
    const said = exceptions.filter((e) => e.date === day.date);
    for (const e of said) {
      const timed = e.startsAt !== null && e.endsAt !== null;
      const span = timed
        ? spanOf(day, e.startsAt as string, e.endsAt as string)
        : ([day.first, day.end] as [number, number]);
      if (e.kind === 'block' || e.kind === 'closure') cut(span, e.kind, e.reason, e.id);
      else if (e.kind === 'extra' || timed) openUp(span, e.roomId);
    }
    if (said.some((e) => e.kind === 'replace')) continue;
    for (const t of templates) {
      if (t.weekday !== day.weekday) continue;
      if (day.date < t.validFrom || (t.validUntil !== null && day.date >= t.validUntil)) continue;
      if ((day.week - weekOf(t.anchorDate)) % t.everyNWeeks !== 0) continue;
      openUp(spanOf(day, t.opensAt, t.closesAt), t.roomId);
      for (const pause of t.breaks) {
        const on = pause.startsAt >= t.opensAt ? day : day.next();
        cut(spanOf(on, pause.startsAt, pause.endsAt), 'break', pause.label, null);
      }
    }
  }
  const works = open.slice();
  for (const { from, until } of cuts) fill(works, from, until, 0);
  for (const off of facts.timeOff) {
    if (off.doctorId !== doctorId || off.status !== 'approved' || off.endsAt === off.startsAt) continue;
    fill(works, Math.floor(off.startsAt / 60_000), Math.ceil(off.endsAt / 60_000), 0);
  }
  return { first, open, works, cuts, rooms };
}

/** The span of two wall times on a date; an end at or before the start lies on the next day. */
function spanOf(day: TableDay, from: string, until: string): [number, number] {
  return [day.minuteOf(from), (until > from ? day : day.next()).minuteOf(until)];
}

export function oracleSlots(facts: OracleFacts, query: SlotQuery): Slot[] {
  return new Oracle(facts, query).slots(query);
}

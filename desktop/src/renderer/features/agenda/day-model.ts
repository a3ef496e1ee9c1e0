/**
 * The day as the grid draws it: a column for each doctor at each place, positions in minutes of the place's wall
 * clock. Zones are converted here and nowhere further in. A column that did not change is the same object as
 * before, so that only what changed is drawn again.
 */
import type { Facts } from '@medic/shared/acts/facts';
import { dayPlan, type PlanSpan } from '@medic/shared/availability/day-plan';
import { findSlots } from '@medic/shared/availability/find-slots';
import type { Appointment } from '@medic/shared/model/appointment';
import type { AppointmentType } from '@medic/shared/model/appointment-type';
import type { Doctor } from '@medic/shared/model/doctor';
import type { Location } from '@medic/shared/model/location';
import type { Instant, PlainDate, TimeZone, WallTime } from '@medic/shared/time/instant';
import { wallTime } from '@medic/shared/time/instant';
import { addDays, dayNumber } from '@medic/shared/time/plain-date';
import { instantOf, localTime } from '@medic/shared/time/zone';
import { lastWord } from '../../ui/person-name';
import { layLanes } from './lanes';
import { type VisitView, visitViews } from './visit-view';

/** A day of the agenda runs from 04:00 to 04:00, so that a night shift stays in one piece. */
export const dayStartsAtMinute = 240;
export const dayEndsAtMinute = dayStartsAtMinute + 1440;

/** What the plan says, and what others keep of the day: visitors' holds and calendars elsewhere. */
export interface DaySpan extends Omit<PlanSpan, 'kind'> {
  kind: PlanSpan['kind'] | 'hold' | 'external-busy';
  /** Of a hold: when it ends. */
  expiresAt: Instant | null;
}

export interface DayBlock
  extends Pick<DaySpan, 'kind' | 'startsAt' | 'endsAt' | 'label' | 'sourceId' | 'expiresAt'> {
  from: number;
  until: number;
}

export interface AgendaColumn {
  key: string;
  date: PlainDate;
  doctor: Doctor;
  location: Location;
  zone: TimeZone;
  /** `Nowak` */
  title: string;
  /** `Room 1 · GP` */
  subtitle: string;
  hours: readonly DayBlock[];
  /** Breaks, blocks, closures, time off, holds, busy times: what lies over the hours. */
  blocks: readonly DayBlock[];
  visits: readonly VisitView[];
  /** Part of the hours that visits take, 0 to 1. */
  load: number;
  /** Visits of the clinic's usual length that still fit; null without hours. */
  freeCount: number | null;
  timeOff: DayBlock | null;
}

export interface AgendaDay {
  date: PlainDate;
  columns: readonly AgendaColumn[];
  /** First and last whole hour that the grid shows, in minutes. */
  from: number;
  until: number;
}

export function columnKey(doctorId: string, locationId: string): string {
  return `${doctorId}@${locationId}`;
}

/** The date whose agenda holds an instant: until 04:00 it is the evening before's. */
export function agendaDate(at: Instant, zone: TimeZone): PlainDate {
  const local = localTime(at, zone);
  return local.minutes < dayStartsAtMinute ? addDays(local.date, -1) : local.date;
}

/** Wall-clock minutes after the midnight that begins `date`. */
export function axisMinute(at: Instant, date: PlainDate, zone: TimeZone): number {
  const local = localTime(at, zone);
  return (dayNumber(local.date) - dayNumber(date)) * 1440 + local.minutes;
}

/** The instant of a minute of the axis; the next day's after 1440. */
export function instantAtMinute(minute: number, date: PlainDate, zone: TimeZone): Instant {
  const days = Math.floor(minute / 1440);
  return instantOf(days === 0 ? date : addDays(date, days), wallTime(minute - days * 1440), zone);
}

/** `25:30` on the axis reads `01:30`. */
export function clockOfMinute(minute: number): WallTime {
  return wallTime(((minute % 1440) + 1440) % 1440);
}

interface Built {
  column: AgendaColumn;
  signature: readonly unknown[];
}

/** Remembers the last columns by key, to give the same object again for the same content. */
export class DayModel {
  #built = new Map<string, Built>();

  build(facts: Facts, date: PlainDate, tentative: ReadonlySet<string>, now: Instant): AgendaDay {
    const columns: AgendaColumn[] = [];
    const built = new Map<string, Built>();
    const locations = sortedPlaces(facts);
    const doctors = [...facts.doctors()].sort((a, b) => (a.id < b.id ? -1 : 1));
    const plans = new Map<string, readonly DaySpan[]>();
    for (const location of locations) {
      for (const doctor of doctors) {
        const from = instantAtMinute(dayStartsAtMinute, date, location.timeZone);
        const until = instantAtMinute(dayEndsAtMinute, date, location.timeZone);
        const planKey = `${doctor.id} ${from}`;
        let plan = plans.get(planKey);
        if (!plan) {
          plan = daySpans(facts, doctor.id, from, until, now);
          plans.set(planKey, plan);
        }
        const visits = facts.appointmentsOfDoctor(doctor.id, from, until).filter(
          (visit) =>
            visit.locationId === location.id &&
            visit.startsAt >= from &&
            visit.startsAt < until &&
            // Nobody can accept a suggested time any more once it has passed.
            !(visit.status === 'proposed' && visit.startsAt <= now),
        );
        if (!belongs(doctor, location, plan, visits)) continue;
        const key = columnKey(doctor.id, location.id);
        const next = this.#column(key, facts, date, doctor, location, plan, visits, tentative, now);
        built.set(key, next);
        columns.push(next.column);
      }
    }
    this.#built = built;
    return { date, columns, ...hoursShown(columns) };
  }

  #column(
    key: string,
    facts: Facts,
    date: PlainDate,
    doctor: Doctor,
    location: Location,
    plan: readonly DaySpan[],
    visits: readonly Appointment[],
    tentative: ReadonlySet<string>,
    now: Instant,
  ): Built {
    const sorted = [...visits].sort((a, b) => a.startsAt - b.startsAt || (a.id < b.id ? -1 : 1));
    const signature: unknown[] = [date, doctor, location, Math.floor(now / 300_000)];
    for (const entry of plan)
      signature.push(
        entry.kind,
        entry.locationId,
        entry.startsAt,
        entry.endsAt,
        entry.label,
        entry.sourceId,
        entry.expiresAt,
      );
    for (const visit of sorted) {
      signature.push(
        visit,
        facts.get('patient', visit.patientId),
        facts.appointmentType(visit.appointmentTypeId),
        tentative.has(visit.id),
      );
    }
    const before = this.#built.get(key);
    if (before && same(before.signature, signature)) return before;
    return {
      signature,
      column: makeColumn(key, facts, date, doctor, location, plan, sorted, tentative, now),
    };
  }
}

/** Places by the clinic's own clock first, then by name. */
export function sortedPlaces(facts: Facts): Location[] {
  const home = facts.clinic.timeZone;
  const rank = (place: Location) => (place.timeZone === home ? 0 : 1);
  return [...facts.all('location')].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

function daySpans(facts: Facts, doctorId: string, from: Instant, until: Instant, now: Instant): DaySpan[] {
  const spans: DaySpan[] = dayPlan(facts, doctorId, from, until).map((span) => ({
    ...span,
    expiresAt: null,
  }));
  for (const hold of facts.holdsOfDoctor(doctorId)) {
    if (hold.expiresAt <= now || hold.startsAt >= until || hold.endsAt <= from) continue;
    spans.push({
      kind: 'hold',
      locationId: hold.locationId,
      roomId: hold.roomId,
      startsAt: hold.startsAt,
      endsAt: hold.endsAt,
      label: '',
      sourceId: hold.id,
      expiresAt: hold.expiresAt,
    });
  }
  for (const busy of facts.externalBusyOf(doctorId)) {
    if (busy.startsAt >= until || busy.endsAt <= from) continue;
    spans.push({
      kind: 'external-busy',
      locationId: null,
      roomId: null,
      startsAt: busy.startsAt,
      endsAt: busy.endsAt,
      label: '',
      sourceId: busy.id,
      expiresAt: null,
    });
  }
  return spans;
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

/** Who works or is visited there that day, and who is away from hours that would have been there. */
function belongs(
  doctor: Doctor,
  location: Location,
  plan: readonly DaySpan[],
  visits: readonly Appointment[],
): boolean {
  if (visits.length > 0) return true;
  if (!doctor.active || !location.active) return false;
  if (plan.some((entry) => entry.kind === 'open' && entry.locationId === location.id)) return true;
  const firstPlace = doctor.places.map((place) => place.locationId).sort()[0];
  const away = plan.some((entry) => entry.kind === 'time-off');
  const worksElsewhere = plan.some((entry) => entry.kind === 'open');
  return away && !worksElsewhere && firstPlace === location.id;
}

function makeColumn(
  key: string,
  facts: Facts,
  date: PlainDate,
  doctor: Doctor,
  location: Location,
  plan: readonly DaySpan[],
  visits: readonly Appointment[],
  tentative: ReadonlySet<string>,
  now: Instant,
): AgendaColumn {
  const zone = location.timeZone;
  const toBlock = (entry: DaySpan): DayBlock => ({
    kind: entry.kind,
    from: Math.max(dayStartsAtMinute, axisMinute(entry.startsAt, date, zone)),
    until: Math.min(dayEndsAtMinute, axisMinute(entry.endsAt, date, zone)),
    startsAt: entry.startsAt,
    endsAt: entry.endsAt,
    label: entry.label,
    sourceId: entry.sourceId,
    expiresAt: entry.expiresAt,
  });
  const here = plan.filter((entry) => entry.locationId === null || entry.locationId === location.id);
  const hours = here.filter((entry) => entry.kind === 'open').map(toBlock);
  const over = here.filter((entry) => entry.kind !== 'open').map(toBlock);
  const timeOff = over.find((block) => block.kind === 'time-off') ?? null;
  // A break of somebody who is away says nothing.
  const blocks = over.filter(
    (block) => block.kind !== 'break' || !timeOff || block.from < timeOff.from || block.until > timeOff.until,
  );
  const views = visitViews(facts, visits, tentative, (visit) => {
    const from = axisMinute(visit.startsAt, date, zone);
    return {
      from,
      until: Math.max(from + 5, axisMinute(visit.endsAt, date, zone)),
      clock: localTime(visit.startsAt, zone).time,
      outsideHours: !hours.some((open) => open.startsAt <= visit.startsAt && visit.endsAt <= open.endsAt),
    };
  });
  const lanes = layLanes(views);
  for (const [index, view] of views.entries()) Object.assign(view, lanes[index]);
  const roomId = here.find((entry) => entry.kind === 'open' && entry.roomId)?.roomId ?? visits[0]?.roomId;
  const roomName = location.rooms.find((room) => room.id === roomId)?.name;
  const worked = hours.reduce((sum, block) => sum + (block.until - block.from), 0);
  const taken = views.reduce(
    (sum, view) =>
      sum +
      (view.state === 'no-show' || view.state === 'proposed' ? 0 : (view.until - view.from) / view.lanes),
    0,
  );
  return {
    key,
    date,
    doctor,
    location,
    zone,
    title: lastWord(doctor.name),
    subtitle: [roomName, doctor.specialty].filter(Boolean).join(' · '),
    hours,
    blocks,
    visits: views,
    load: worked > 0 ? Math.min(1, taken / worked) : 0,
    freeCount:
      worked > 0 &&
      !(timeOff && hours.every((open) => timeOff.from <= open.from && open.until <= timeOff.until))
        ? countFree(facts, doctor, location, date, now)
        : null,
    timeOff,
  };
}

/** Visits of the doctor's usual type that still fit that day, one after the other. */
function countFree(facts: Facts, doctor: Doctor, location: Location, date: PlainDate, now: Instant): number {
  const type = usualType(facts, doctor.id, location.id, date);
  if (!type) return 0;
  const slots = findSlots(facts, {
    doctorIds: [doctor.id],
    appointmentTypeId: type.id,
    locationId: location.id,
    from: date,
    until: addDays(date, 1),
    channel: 'desk',
    now,
  });
  return fitOneAfterAnother(slots).length;
}

/** Of slots that overlap, the first each time. */
export function fitOneAfterAnother<S extends { startsAt: Instant; endsAt: Instant }>(
  slots: readonly S[],
): S[] {
  const result: S[] = [];
  let free = Number.NEGATIVE_INFINITY;
  for (const slot of [...slots].sort((a, b) => a.startsAt - b.startsAt)) {
    if (slot.startsAt < free) continue;
    result.push(slot);
    free = slot.endsAt;
  }
  return result;
}

/** The type that a free time is counted in: what this doctor sees most around that date. */
export function usualType(
  facts: Facts,
  doctorId: string,
  locationId: string,
  date: PlainDate,
): AppointmentType | undefined {
  const zone = facts.location(locationId)?.timeZone ?? facts.clinic.timeZone;
  const counts = new Map<string, number>();
  const around = [
    instantAtMinute(0, addDays(date, -10), zone),
    instantAtMinute(0, addDays(date, 10), zone),
  ] as const;
  for (const visit of facts.appointmentsOfDoctor(doctorId, ...around)) {
    if (visit.capacity === 1)
      counts.set(visit.appointmentTypeId, (counts.get(visit.appointmentTypeId) ?? 0) + 1);
  }
  let usual: AppointmentType | undefined;
  for (const type of facts.all('appointmentType')) {
    if (!type.active || type.capacity > 1) continue;
    const offered = type.places.some(
      (place) => place.locationId === locationId && (place.doctorId === null || place.doctorId === doctorId),
    );
    if (!offered) continue;
    const more = (counts.get(type.id) ?? 0) - (usual ? (counts.get(usual.id) ?? 0) : -1);
    if (more > 0 || (more === 0 && usual && type.name < usual.name)) usual = type;
  }
  return usual;
}

const usualFrom = 480;
const usualUntil = 1080;

/** Whole hours around everybody's hours; what lies outside is pinned to the columns' ends. */
export function hoursShown(columns: readonly AgendaColumn[]): { from: number; until: number } {
  let from = usualFrom;
  let until = usualUntil;
  for (const column of columns) {
    for (const open of column.hours) {
      from = Math.min(from, open.from);
      until = Math.max(until, open.until);
    }
  }
  return {
    from: Math.max(dayStartsAtMinute, Math.floor(from / 60) * 60),
    until: Math.min(dayEndsAtMinute, Math.ceil(until / 60) * 60),
  };
}

/** 72 px, or more where the shortest type that can be booked would have less than 16. */
export function hourHeight(facts: Facts, least = 72): number {
  let shortest = 60;
  for (const type of facts.all('appointmentType'))
    if (type.active) shortest = Math.min(shortest, type.durationMinutes);
  return Math.max(least, Math.ceil((16 * 60) / Math.max(shortest, 10)));
}

/**
 * One doctor's week for FullCalendar. Its events stand in "UTC" that is really the wall clock of each visit's place:
 * so no machine's zone can move them, and two places in two zones each show their own time.
 */
import type { Facts } from '@medic/shared/acts/facts';
import { dayPlan } from '@medic/shared/availability/day-plan';
import {
  type Instant,
  instant,
  minuteMs,
  type PlainDate,
  type TimeZone,
  wallTime,
} from '@medic/shared/time/instant';
import { addDays, dayNumber } from '@medic/shared/time/plain-date';
import { instantOf, localTime } from '@medic/shared/time/zone';
import { type VisitView, visitViews } from './visit-view';

export interface WeekSpan {
  key: string;
  kind: 'open' | 'break' | 'block' | 'closure' | 'time-off' | 'hold' | 'external-busy';
  start: string;
  end: string;
  label: string;
  sourceId: string;
  locationId: string | null;
}

export interface Week {
  monday: PlainDate;
  visits: readonly { view: VisitView; start: string; end: string }[];
  spans: readonly WeekSpan[];
  /** Whole hours shown, `08:00:00`. */
  slotMin: string;
  slotMax: string;
  bookedMinutes: number;
  openMinutes: number;
  toAnswer: number;
}

export function weekOf(
  facts: Facts,
  doctorId: string,
  monday: PlainDate,
  tentative: ReadonlySet<string>,
  now: Instant,
): Week {
  const home = facts.clinic.timeZone;
  const zoneOf = (locationId: string | null): TimeZone =>
    locationId === null ? homeZone(facts, doctorId) : (facts.location(locationId)?.timeZone ?? home);
  const from = instant(dayNumber(monday) * 86_400_000 - 86_400_000);
  const until = instant(dayNumber(addDays(monday, 7)) * 86_400_000 + 86_400_000);
  const plan = dayPlan(facts, doctorId, from, until);
  const spans: WeekSpan[] = [];
  const hours = plan.filter((span) => span.kind === 'open');
  const add = (
    kind: WeekSpan['kind'],
    span: { startsAt: Instant; endsAt: Instant; label: string; sourceId: string; locationId: string | null },
  ) => {
    const zone = zoneOf(span.locationId);
    spans.push({
      key: `${kind} ${span.sourceId} ${span.startsAt}`,
      kind,
      start: wallStamp(span.startsAt, zone),
      end: wallStamp(span.endsAt, zone),
      label: span.label,
      sourceId: span.sourceId,
      locationId: span.locationId,
    });
  };
  for (const span of plan) add(span.kind, span);
  for (const hold of facts.holdsOfDoctor(doctorId))
    if (hold.expiresAt > now)
      add('hold', {
        ...hold,
        label: `Held until ${localTime(hold.expiresAt, zoneOf(hold.locationId)).time}`,
        sourceId: hold.id,
      });
  for (const busy of facts.externalBusyOf(doctorId))
    add('external-busy', { ...busy, label: 'Busy', sourceId: busy.id, locationId: null });

  const views = visitViews(facts, facts.appointmentsOfDoctor(doctorId, from, until), tentative, (visit) => {
    const local = localTime(visit.startsAt, zoneOf(visit.locationId));
    return {
      from: local.minutes,
      until: local.minutes + Math.round((visit.endsAt - visit.startsAt) / minuteMs),
      clock: local.time,
      outsideHours: !hours.some(
        (open) =>
          open.locationId === visit.locationId &&
          open.startsAt <= visit.startsAt &&
          visit.endsAt <= open.endsAt,
      ),
    };
  });
  const last = addDays(monday, 7);
  const visits = views
    .map((view) => ({
      view,
      start: wallStamp(view.startsAt, zoneOf(view.locationId)),
      end: wallStamp(view.endsAt, zoneOf(view.locationId)),
    }))
    .filter((each) => each.start >= monday && each.start < last)
    .filter(({ view }) => view.state !== 'proposed' || view.startsAt > now);
  const inWeek = spans.filter((span) => span.kind === 'open' && span.start >= monday && span.start < last);
  return {
    monday,
    visits,
    spans,
    ...shownHours(inWeek, visits),
    bookedMinutes: visits.reduce(
      (sum, { view }) =>
        sum + (view.state === 'no-show' || view.state === 'proposed' ? 0 : view.until - view.from),
      0,
    ),
    openMinutes: hours
      .filter(
        (open) =>
          wallStamp(open.startsAt, zoneOf(open.locationId)) >= monday &&
          wallStamp(open.startsAt, zoneOf(open.locationId)) < last,
      )
      .reduce((sum, open) => sum + (open.endsAt - open.startsAt) / minuteMs, 0),
    toAnswer: visits.filter(({ view }) => view.state === 'pending').length,
  };
}

function homeZone(facts: Facts, doctorId: string): TimeZone {
  const first = facts.doctor(doctorId)?.places[0]?.locationId;
  return (first && facts.location(first)?.timeZone) || facts.clinic.timeZone;
}

/** `2026-11-24T10:45:00Z`, where `Z` means the wall clock of the place. */
export function wallStamp(at: Instant, zone: TimeZone): string {
  const local = localTime(at, zone);
  return `${local.date}T${local.time}:00Z`;
}

/** Back from the calendar's date to an instant of a place. */
export function instantOfStamp(date: Date, zone: TimeZone): Instant {
  const day = date.toISOString().slice(0, 10) as PlainDate;
  return instantOf(day, wallTime(date.getUTCHours() * 60 + date.getUTCMinutes()), zone);
}

/** Where the doctor works at a wall time of the calendar; null outside all hours. */
export function placeAt(week: Week, date: Date): string | null {
  const stamp = date.toISOString().slice(0, 19);
  const open = week.spans.find(
    (span) => span.kind === 'open' && span.start.slice(0, 19) <= stamp && stamp < span.end.slice(0, 19),
  );
  return open?.locationId ?? null;
}

function shownHours(
  open: readonly WeekSpan[],
  visits: readonly { start: string; end: string }[],
): { slotMin: string; slotMax: string } {
  let from = 8;
  let until = 18;
  for (const each of [...open, ...visits]) {
    const sameDay = each.start.slice(0, 10) === each.end.slice(0, 10);
    from = Math.min(from, Number(each.start.slice(11, 13)));
    until = Math.max(
      until,
      sameDay
        ? Number(each.end.slice(11, 13)) + (each.end.slice(14, 16) === '00' ? 0 : 1)
        : 24 + Number(each.end.slice(11, 13)),
    );
  }
  const pad = (hours: number) => `${String(hours).padStart(2, '0')}:00:00`;
  return { slotMin: pad(from), slotMax: pad(Math.min(until, 28)) };
}

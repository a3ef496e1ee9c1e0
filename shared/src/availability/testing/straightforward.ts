/**
 * Free slots as one would write them first, with Temporal and without any cleverness: the yardstick of the bench. Not
 * slow on purpose: records are asked for once per question, what is taken is narrowed down to each window, and edges
 * become instants once. What it pays for is a zoned time per candidate, and a look at every record for each day.
 * Leaves out what the bench does not ask for: groups, and doctors who never close.
 */
import { Temporal } from 'temporal-polyfill';
import { holdsSlot } from '../../model/appointment';
import type { AppointmentType } from '../../model/appointment-type';
import type { Location, LocationRoom } from '../../model/location';
import type { ScheduleTemplate } from '../../model/schedule-template';
import { dayMs, instant, minuteMs } from '../../time/instant';
import type { AvailabilityFacts } from '../facts';
import type { NextAvailableQuery, Slot, SlotQuery } from '../query';

interface Span {
  from: number;
  until: number;
}

interface Hours extends Span {
  roomId: string | null;
}

type Ask = Omit<SlotQuery, 'from' | 'until'>;

export function straightforwardSlots(facts: AvailabilityFacts, query: SlotQuery): Slot[] {
  return slotsOf(facts, query, (zone) => ({
    from: Temporal.PlainDate.from(query.from).toZonedDateTime(zone),
    until: Temporal.PlainDate.from(query.until).toZonedDateTime(zone),
  }));
}

/** Day after day until there are enough; weekdays and parts of the day are not looked at. */
export function straightforwardNext(facts: AvailabilityFacts, query: NextAvailableQuery): Slot[] {
  const found: Slot[] = [];
  for (let day = 0; day < query.withinDays; day++) {
    const zoned = (zone: string, at: number) =>
      Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
    found.push(
      ...slotsOf(facts, query, (zone) => ({
        from: zoned(zone, query.after + day * dayMs),
        until: zoned(zone, query.after + (day + 1) * dayMs),
      })),
    );
    if (found.length >= query.limit) break;
  }
  return found.slice(0, query.limit);
}

type RangeIn = (zone: string) => { from: Temporal.ZonedDateTime; until: Temporal.ZonedDateTime };

function slotsOf(facts: AvailabilityFacts, ask: Ask, rangeIn: RangeIn): Slot[] {
  const type = facts.appointmentType(ask.appointmentTypeId);
  if (!type?.active || (ask.channel === 'online' && type.bookableBy === 'desk')) return [];
  if (type.capacity > 1) throw new Error('groups are left out here');
  const slots: Slot[] = [];
  for (const doctorId of doctorsOf(facts, ask.doctorIds)) {
    const doctor = facts.doctor(doctorId);
    if (!doctor?.active) continue;
    for (const { locationId } of doctor.places) {
      const location = facts.location(locationId);
      if (!location?.active || (ask.locationId !== undefined && ask.locationId !== locationId)) continue;
      const isOffered = type.places.some(
        (place) =>
          place.locationId === locationId && (place.doctorId === null || place.doctorId === doctorId),
      );
      if (isOffered) slots.push(...slotsAt(facts, ask, type, doctorId, location, rangeIn(location.timeZone)));
    }
  }
  // The sort is stable: of equal starts, the doctor asked for first, and the doctor's first place.
  return slots.sort((a, b) => a.startsAt - b.startsAt);
}

function slotsAt(
  facts: AvailabilityFacts,
  ask: Ask,
  type: AppointmentType,
  doctorId: string,
  location: Location,
  range: { from: Temporal.ZonedDateTime; until: Temporal.ZonedDateTime },
): Slot[] {
  const slots: Slot[] = [];
  const hours = hoursOf(facts, doctorId, location, range);
  const first = instant(range.from.epochMilliseconds - type.bufferBeforeMinutes * minuteMs);
  const last = instant(
    range.until.epochMilliseconds + (type.durationMinutes + type.bufferAfterMinutes) * minuteMs,
  );
  const taken = takenFrom(
    ask,
    facts.appointmentsOfDoctor(doctorId, first, last),
    facts.holdsOfDoctor(doctorId),
    facts.externalBusyOf(doctorId),
  );
  const rooms = new Map<string, Span[]>();
  const isRoomFree = (roomId: string, from: number, until: number): boolean => {
    let spans = rooms.get(roomId);
    if (!spans) {
      spans = takenFrom(ask, facts.appointmentsInRoom(roomId, first, last), facts.holdsInRoom(roomId), []);
      rooms.set(roomId, spans);
    }
    return !spans.some((span) => span.from < until && span.until > from);
  };
  const earliest = ask.channel === 'online' ? ask.now + type.minNoticeMinutes * minuteMs : ask.now;
  const latest = ask.channel === 'online' ? ask.now + type.maxFutureDays * dayMs : Number.POSITIVE_INFINITY;
  for (const window of hours.windows) {
    if (window.until <= range.from.epochMilliseconds || window.from >= range.until.epochMilliseconds)
      continue;
    const here = taken.filter(
      (span) =>
        span.from < window.until + type.bufferAfterMinutes * minuteMs &&
        span.until > window.from - type.bufferBeforeMinutes * minuteMs,
    );
    const roomsHere = hours.open.filter(
      (open) => open.roomId !== null && open.from < window.until && open.until > window.from,
    );
    let start = Temporal.Instant.fromEpochMilliseconds(window.from).toZonedDateTimeISO(location.timeZone);
    for (; ; start = start.add({ minutes: type.slotStepMinutes })) {
      const end = start.add({ minutes: type.durationMinutes });
      if (end.epochMilliseconds > window.until) break;
      if (Temporal.ZonedDateTime.compare(start, range.from) < 0) continue;
      if (Temporal.ZonedDateTime.compare(start, range.until) >= 0) break;
      const startsAt = instant(start.epochMilliseconds);
      const endsAt = instant(end.epochMilliseconds);
      if (startsAt < earliest || startsAt > latest) continue;
      const from = startsAt - type.bufferBeforeMinutes * minuteMs;
      const until = endsAt + type.bufferAfterMinutes * minuteMs;
      if (here.some((span) => span.from < until && span.until > from)) continue;
      const preferred =
        roomsHere.find((open) => open.from <= startsAt && open.until > startsAt)?.roomId ?? null;
      const roomId = roomFor(type, location, preferred, (room) => isRoomFree(room, from, until));
      if (roomId !== undefined)
        slots.push({ doctorId, locationId: location.id, roomId, startsAt, endsAt, seatsLeft: 1 });
    }
  }
  return slots;
}

/** Undefined where a room is needed and none is free. */
function roomFor(
  type: AppointmentType,
  location: Location,
  preferred: string | null,
  isFree: (roomId: string) => boolean,
): string | null | undefined {
  if (!type.needsRoom) {
    const isActive = location.rooms.some((room) => room.id === preferred && room.active);
    return preferred !== null && isActive && isFree(preferred) ? preferred : null;
  }
  const fits = (room: LocationRoom): boolean =>
    room.active && (type.roomFeature ? room.features.includes(type.roomFeature) : room.kind === 'room');
  const fitting = location.rooms
    .filter(fits)
    .sort((a, b) => a.sortOrder - b.sortOrder || (a.id < b.id ? -1 : 1))
    .map((room) => room.id);
  const inOrder = fitting.includes(preferred ?? '') ? [preferred as string, ...fitting] : fitting;
  return inOrder.find(isFree);
}

/** Opening hours around the range, and the windows that are left of them when all is taken away. */
function hoursOf(
  facts: AvailabilityFacts,
  doctorId: string,
  location: Location,
  range: { from: Temporal.ZonedDateTime; until: Temporal.ZonedDateTime },
): { open: Hours[]; windows: Span[] } {
  const templates = facts.templatesOf(doctorId).filter((template) => template.locationId === location.id);
  const exceptions = facts
    .exceptionsOf(doctorId)
    .filter(
      (exception) =>
        (exception.locationId === null || exception.locationId === location.id) &&
        (exception.doctorId !== null || exception.kind === 'block' || exception.kind === 'closure'),
    );
  const open: Hours[] = [];
  const cuts: Span[] = [];
  const last = range.until.toPlainDate();
  for (
    let day = range.from.toPlainDate().subtract({ days: 2 });
    Temporal.PlainDate.compare(day, last) <= 0;
    day = day.add({ days: 1 })
  ) {
    const today = exceptions.filter((exception) => exception.date === day.toString());
    for (const exception of today) {
      if (exception.kind === 'replace' && exception.startsAt === null && exception.endsAt === null) continue;
      const span = spanOf(day, exception.startsAt ?? '00:00', exception.endsAt ?? '24:00', location.timeZone);
      if (exception.kind === 'replace' || exception.kind === 'extra')
        open.push({ ...span, roomId: exception.roomId });
      else cuts.push(span);
    }
    if (today.some((exception) => exception.kind === 'replace')) continue;
    for (const template of templates) {
      if (!isOn(template, day)) continue;
      open.push({
        ...spanOf(day, template.opensAt, template.closesAt, location.timeZone),
        roomId: template.roomId,
      });
      for (const pause of template.breaks) {
        // A break before the template opens is one of the night that follows.
        const date = pause.startsAt < template.opensAt ? day.add({ days: 1 }) : day;
        cuts.push(spanOf(date, pause.startsAt, pause.endsAt, location.timeZone));
      }
    }
  }
  for (const request of facts.timeOffOf(doctorId)) {
    if (request.status !== 'approved') continue;
    cuts.push({
      from: Math.floor(request.startsAt / minuteMs) * minuteMs,
      until: Math.ceil(request.endsAt / minuteMs) * minuteMs,
    });
  }
  open.sort(
    (a, b) => a.from - b.from || (a.roomId === null ? 1 : b.roomId === null || a.roomId < b.roomId ? -1 : 1),
  );
  return { open, windows: without(joined(open), cuts) };
}

function isOn(template: ScheduleTemplate, day: Temporal.PlainDate): boolean {
  if (template.weekday !== day.dayOfWeek) return false;
  const date = day.toString();
  if (date < template.validFrom || (template.validUntil !== null && date >= template.validUntil))
    return false;
  if (template.everyNWeeks === 1) return true;
  const anchor = Temporal.PlainDate.from(template.anchorDate);
  const monday = anchor.subtract({ days: anchor.dayOfWeek - 1 });
  const weeks = day.subtract({ days: day.dayOfWeek - 1 }).since(monday, { largestUnit: 'weeks' }).weeks;
  return weeks % template.everyNWeeks === 0;
}

/** An end that is not after its start lies on the next day. */
function spanOf(day: Temporal.PlainDate, startsAt: string, endsAt: string, zone: string): Span {
  return {
    from: zoned(day, startsAt, zone),
    until: zoned(endsAt > startsAt ? day : day.add({ days: 1 }), endsAt, zone),
  };
}

function zoned(day: Temporal.PlainDate, clock: string, zone: string): number {
  const time = clock === '24:00' ? '00:00' : clock;
  const date = clock === '24:00' ? day.add({ days: 1 }) : day;
  return date.toPlainDateTime(time).toZonedDateTime(zone).epochMilliseconds;
}

function joined(open: readonly Span[]): Span[] {
  const windows: Span[] = [];
  for (const { from, until } of open) {
    const before = windows.at(-1);
    if (until <= from) continue;
    if (before && before.until >= from) before.until = Math.max(before.until, until);
    else windows.push({ from, until });
  }
  return windows;
}

function without(windows: readonly Span[], cuts: readonly Span[]): Span[] {
  let left = [...windows];
  for (const cut of cuts) {
    if (cut.until <= cut.from) continue;
    left = left.flatMap((window) => {
      if (cut.from >= window.until || cut.until <= window.from) return [window];
      return [
        { from: window.from, until: cut.from },
        { from: cut.until, until: window.until },
      ].filter((rest) => rest.from < rest.until);
    });
  }
  return left;
}

function takenFrom(
  ask: Ask,
  visits: ReturnType<AvailabilityFacts['appointmentsOfDoctor']>,
  holds: ReturnType<AvailabilityFacts['holdsOfDoctor']>,
  busy: ReturnType<AvailabilityFacts['externalBusyOf']>,
): Span[] {
  const taken: Span[] = [];
  for (const { id, status, reservedFrom: from, reservedUntil: until } of visits) {
    if (!holdsSlot(status) || id === ask.ignoreAppointmentId) continue;
    taken.push({ from, until });
  }
  for (const { expiresAt, holder, reservedFrom: from, reservedUntil: until } of holds) {
    if (expiresAt > ask.now && (ask.holder === undefined || holder !== ask.holder))
      taken.push({ from, until });
  }
  for (const { startsAt: from, endsAt: until } of busy) taken.push({ from, until });
  return taken.filter((span) => span.from < span.until);
}

function doctorsOf(facts: AvailabilityFacts, asked: readonly string[]): string[] {
  if (asked.length > 0) return [...new Set(asked)];
  return [...facts.doctors()]
    .sort((a, b) => (a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1))
    .map((doctor) => doctor.id);
}

/**
 * When a doctor works at one place, read once from the facts: templates and exceptions prepared by weekday and
 * date, so that a range of days costs a few sums per day and no look-ups.
 */
import type { AvailabilityException } from '../model/availability-exception';
import type { Location } from '../model/location';
import type { ScheduleTemplate } from '../model/schedule-template';
import { type WallTime, wallMinutes } from '../time/instant';
import { type LocalDays, localDaysOf } from '../time/local-days';
import { dayNumber, weekdayOfDayNumber } from '../time/plain-date';
import type { AvailabilityFacts } from './facts';
import {
  type Intervals,
  indexEndingAfter,
  mergeIntervals,
  minuteAtOrAfter,
  minuteAtOrBefore,
  subtractIntervals,
} from './intervals';
import {
  refuseBackwards,
  refuseInvalidException,
  refuseInvalidTemplate,
  refuseInvalidZone,
} from './invalid-facts';

export type HoursKind = 'open' | 'break' | 'block' | 'closure';

/** One stretch of hours or of what is taken from them, in minutes. `source` is the record that says so. */
export type HoursVisitor = (
  kind: HoursKind,
  start: number,
  end: number,
  source: ScheduleTemplate | AvailabilityException,
  label: string,
) => void;

/** Working windows, merged, with the opening hours below them in order of start, for the rooms they name. */
export interface Windows {
  intervals: Intervals;
  segments: Intervals;
  segmentRooms: readonly (string | null)[];
}

interface LongWindow {
  start: number;
  until: number;
}

interface PreparedBreak {
  /** Days after the template's date, and minutes after that midnight. */
  startDay: number;
  startMinutes: number;
  endDay: number;
  endMinutes: number;
  label: string;
}

interface PreparedTemplate {
  template: ScheduleTemplate;
  opens: number;
  closes: number;
  closesDay: number;
  fromDay: number;
  untilDay: number;
  anchorWeek: number;
  breaks: PreparedBreak[];
}

/** A few kilobytes of each doctor's weeks. */
const computedLimit = 50;

const known = new WeakMap<object, Map<string, Map<string, WorkingHours>>>();

/** A doctor's hours at a place, read from the facts once for as long as the plans stay as they are. */
export function hoursOf(facts: AvailabilityFacts, doctorId: string, location: Location): WorkingHours {
  const plans = facts.plans;
  let byDoctor = known.get(plans);
  if (!byDoctor) {
    byDoctor = new Map();
    known.set(plans, byDoctor);
  }
  let byPlace = byDoctor.get(doctorId);
  if (!byPlace) {
    byPlace = new Map();
    byDoctor.set(doctorId, byPlace);
  }
  let hours = byPlace.get(location.id);
  if (!hours) {
    hours = new WorkingHours(facts, doctorId, location);
    byPlace.set(location.id, hours);
  }
  return hours;
}

export class WorkingHours {
  readonly days: LocalDays;
  readonly #byWeekday: PreparedTemplate[][] = [[], [], [], [], [], [], [], []];
  readonly #exceptions = new Map<number, AvailabilityException[]>();
  readonly #timeOff: Intervals;
  #earliestDay = Number.MAX_SAFE_INTEGER;
  /** Windows found to begin far back, of what is worked and of what is open: hours without an end are walked once. */
  readonly #long: { worked: LongWindow | null; open: LongWindow | null } = { worked: null, open: null };
  /** Windows by the dates that they were computed for: the same weeks are asked about again and again. */
  readonly #computed = { worked: new Map<number, Windows>(), open: new Map<number, Windows>() };

  constructor(facts: AvailabilityFacts, doctorId: string, location: Location) {
    refuseInvalidZone(location);
    this.days = localDaysOf(location.timeZone);
    for (const template of facts.templatesOf(doctorId)) {
      if (template.locationId !== location.id) continue;
      const prepared = preparedOf(template);
      this.#byWeekday[template.weekday]?.push(prepared);
      this.#earliestDay = Math.min(this.#earliestDay, prepared.fromDay);
    }
    for (const exception of facts.exceptionsOf(doctorId)) {
      if (exception.locationId !== null && exception.locationId !== location.id) continue;
      if (exception.doctorId === null && givesHours(exception)) continue;
      const day = dateOf(exception);
      const others = this.#exceptions.get(day);
      if (others) others.push(exception);
      else this.#exceptions.set(day, [exception]);
      this.#earliestDay = Math.min(this.#earliestDay, day);
    }
    this.#timeOff = approvedTimeOff(facts, doctorId);
  }

  /**
   * Every stretch that the local dates `[fromDay, untilDay)` give or take: hours before anything is taken from them,
   * then what is taken. A stretch belongs to the date it begins on and may reach into the next.
   */
  eachSpan(fromDay: number, untilDay: number, visit: HoursVisitor): void {
    const days = this.days;
    for (let day = fromDay; day < untilDay; day++) {
      const exceptions = this.#exceptions.get(day);
      const templates = this.#byWeekday[weekdayOfDayNumber(day)] as PreparedTemplate[];
      if (exceptions === undefined && templates.length === 0) continue;
      if (!days.exists(day)) continue;
      let replaced = false;
      if (exceptions) {
        for (const exception of exceptions) {
          if (exception.kind === 'replace') {
            replaced = true;
            // Without times it says "no hours", where for the other kinds it says "the whole day".
            if (exception.startsAt === null && exception.endsAt === null) continue;
          }
          const start = days.minuteAt(day, exception.startsAt === null ? 0 : wallMinutes(exception.startsAt));
          const end = this.#endOf(day, exception.startsAt, exception.endsAt);
          if (end <= start) continue;
          const kind = exception.kind === 'block' || exception.kind === 'closure' ? exception.kind : 'open';
          visit(kind, start, end, exception, exception.reason);
        }
      }
      if (replaced) continue;
      const week = weekIndex(day);
      for (const prepared of templates) {
        const { template } = prepared;
        if (day < prepared.fromDay || day >= prepared.untilDay) continue;
        if ((week - prepared.anchorWeek) % template.everyNWeeks !== 0) continue;
        const start = days.minuteAt(day, prepared.opens);
        const end = days.minuteAt(day + prepared.closesDay, prepared.closes);
        if (start < end) visit('open', start, end, template, '');
        for (const pause of prepared.breaks) {
          const from = days.minuteAt(day + pause.startDay, pause.startMinutes);
          const until = days.minuteAt(day + pause.endDay, pause.endMinutes);
          if (from < until) visit('break', from, until, template, pause.label);
        }
      }
    }
  }

  /**
   * The working windows that meet `[from, until)`, in minutes, and perhaps some that ended before. Each that meets it
   * has its true start, however far back it lies, since the grid hangs on it; ends are true up to `until`.
   */
  windows(from: number, until: number): Windows {
    return this.#find('worked', from, until);
  }

  /** The same of the opening hours, before anything is taken from them. */
  openHours(from: number, until: number): Intervals {
    return this.#find('open', from, until).intervals;
  }

  #find(which: 'worked' | 'open', from: number, until: number): Windows {
    const first = this.days.dayOf(from);
    const last = this.days.dayOf(until);
    let back = 3;
    for (;;) {
      const found = this.#of(which, first - back, last + 1);
      // What a date gives reaches into the second date after it at most (where the zone skips a date between), so
      // from here on nothing is missing.
      const certainFrom = this.days.startOf(first - back + 2);
      const i = indexEndingAfter(found.intervals, from);
      const start = found.intervals[i];
      const isCertain = start === undefined || start > certainFrom || first - back < this.#earliestDay;
      const long = this.#long[which];
      if (isCertain) {
        if (start !== undefined && back > 3)
          this.#long[which] = { start, until: found.intervals[i + 1] as number };
        return found;
      }
      if (long && long.start <= start && certainFrom <= long.until) {
        const [, ...rest] = found.intervals.slice(i);
        long.until = Math.max(long.until, rest[0] as number);
        return { ...found, intervals: [long.start, ...rest] };
      }
      back *= 4;
    }
  }

  #of(which: 'worked' | 'open', fromDay: number, untilDay: number): Windows {
    const computed = this.#computed[which];
    const dates = fromDay * 10_000_000 + untilDay;
    let windows = computed.get(dates);
    if (!windows) {
      windows = this.#compute(which, fromDay, untilDay);
      if (computed.size >= computedLimit) computed.clear();
      computed.set(dates, windows);
    }
    return windows;
  }

  #compute(which: 'worked' | 'open', fromDay: number, untilDay: number): Windows {
    const segments: number[] = [];
    const segmentRooms: (string | null)[] = [];
    const cuts: number[] = [];
    this.eachSpan(fromDay, untilDay, (kind, start, end, source) => {
      if (kind !== 'open') {
        cuts.push(start, end);
        return;
      }
      segments.push(start, end);
      segmentRooms.push(source.roomId);
      // Nearly always in order already: a date's second template is the exception.
      for (let i = segmentRooms.length - 1; i > 0 && isAfter(segments, segmentRooms, i - 1, i); i--)
        swap(segments, segmentRooms, i - 1, i);
    });
    let intervals: Intervals = mergeIntervals(segments);
    if (which === 'open') return { intervals, segments, segmentRooms };
    if (cuts.length > 0) intervals = subtractIntervals(intervals, mergeIntervals(cuts));
    if (this.#timeOff.length > 0) intervals = subtractIntervals(intervals, this.#timeOff);
    return { intervals, segments, segmentRooms };
  }

  #endOf(day: number, startsAt: WallTime | null, endsAt: WallTime | null): number {
    if (endsAt === null) return this.days.minuteAt(day, 1440);
    const start = startsAt === null ? 0 : wallMinutes(startsAt);
    const end = wallMinutes(endsAt);
    return end > start ? this.days.minuteAt(day, end) : this.days.minuteAt(day + 1, end);
  }
}

/** Answers which room the hours name at a minute, for minutes that never decrease. */
export class HoursRooms {
  /** False when no hours name a room at all. */
  readonly named: boolean;
  readonly #segments: Intervals;
  readonly #rooms: readonly (string | null)[];
  #first = 0;

  constructor(windows: Windows) {
    this.#segments = windows.segments;
    this.#rooms = windows.segmentRooms;
    this.named = windows.segmentRooms.some((room) => room !== null);
  }

  /** The room of the hours that hold the minute; of several the one that began first, and any before none. */
  at(minute: number): string | null {
    const segments = this.#segments;
    while (this.#first < this.#rooms.length && (segments[2 * this.#first + 1] as number) <= minute)
      this.#first++;
    for (let i = this.#first; i < this.#rooms.length && (segments[2 * i] as number) <= minute; i++) {
      const room = this.#rooms[i];
      if (room && minute < (segments[2 * i + 1] as number)) return room;
    }
    return null;
  }
}

/** A doctor's approved time off as merged minutes, rounded outwards. */
export function approvedTimeOff(facts: AvailabilityFacts, doctorId: string): Intervals {
  const pairs: number[] = [];
  for (const request of facts.timeOffOf(doctorId)) {
    if (request.status !== 'approved') continue;
    refuseBackwards('time off', request.id, request.startsAt, request.endsAt);
    if (request.endsAt > request.startsAt)
      pairs.push(minuteAtOrBefore(request.startsAt), minuteAtOrAfter(request.endsAt));
  }
  return mergeIntervals(pairs);
}

const prepared = new WeakMap<ScheduleTemplate, PreparedTemplate>();

/** Records never change (a new version is a new object), so each is read once for all questions. */
function preparedOf(template: ScheduleTemplate): PreparedTemplate {
  let known = prepared.get(template);
  if (!known) {
    known = prepare(template);
    prepared.set(template, known);
  }
  return known;
}

const exceptionDays = new WeakMap<AvailabilityException, number>();

/** The number of the exception's date, read and checked once. */
function dateOf(exception: AvailabilityException): number {
  let day = exceptionDays.get(exception);
  if (day === undefined) {
    refuseInvalidException(exception);
    day = dayNumber(exception.date);
    exceptionDays.set(exception, day);
  }
  return day;
}

function prepare(template: ScheduleTemplate): PreparedTemplate {
  refuseInvalidTemplate(template);
  const opens = wallMinutes(template.opensAt);
  const closes = wallMinutes(template.closesAt);
  return {
    template,
    opens,
    closes,
    closesDay: closes > opens ? 0 : 1,
    fromDay: dayNumber(template.validFrom),
    untilDay: template.validUntil === null ? Number.MAX_SAFE_INTEGER : dayNumber(template.validUntil),
    anchorWeek: weekIndex(dayNumber(template.anchorDate)),
    breaks: template.breaks.map((pause) => {
      const startMinutes = wallMinutes(pause.startsAt);
      const endMinutes = wallMinutes(pause.endsAt);
      const startDay = startMinutes >= opens ? 0 : 1;
      return {
        startDay,
        startMinutes,
        endDay: endMinutes > startMinutes ? startDay : startDay + 1,
        endMinutes,
        label: pause.label,
      };
    }),
  };
}

/** By start, then by room, so that the order of the facts decides nothing. */
function isAfter(
  segments: readonly number[],
  rooms: readonly (string | null)[],
  a: number,
  b: number,
): boolean {
  const later = (segments[2 * a] as number) - (segments[2 * b] as number);
  const roomA = rooms[a] as string | null;
  const roomB = rooms[b] as string | null;
  return later > 0 || (later === 0 && roomB !== null && (roomA === null || roomA > roomB));
}

function swap(segments: number[], rooms: (string | null)[], a: number, b: number): void {
  const [start, end, room] = [
    segments[2 * a] as number,
    segments[2 * a + 1] as number,
    rooms[a] as string | null,
  ];
  segments[2 * a] = segments[2 * b] as number;
  segments[2 * a + 1] = segments[2 * b + 1] as number;
  rooms[a] = rooms[b] as string | null;
  segments[2 * b] = start;
  segments[2 * b + 1] = end;
  rooms[b] = room;
}

/** Hours are a doctor's own; a block or closure may be everybody's. */
function givesHours(exception: AvailabilityException): boolean {
  return exception.kind === 'replace' || exception.kind === 'extra';
}

/** Counts ISO weeks: Mondays are where it steps. 1970-01-01 was a Thursday. */
function weekIndex(day: number): number {
  return Math.floor((day + 3) / 7);
}

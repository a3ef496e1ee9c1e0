/**
 * When a doctor works at one place, read once from the facts: templates and exceptions prepared by weekday and
 * date, so that a range of days costs a few sums per day and no look-ups.
 */
import { MedicError } from '../errors';
import type { AvailabilityException } from '../model/availability-exception';
import type { Location } from '../model/location';
import type { ScheduleTemplate } from '../model/schedule-template';
import { type WallTime, wallMinutes } from '../time/instant';
import { type LocalDays, localDaysOf } from '../time/local-days';
import { dayNumber, weekdayOfDayNumber } from '../time/plain-date';
import { isTimeZone } from '../time/zone';
import type { AvailabilityFacts } from './facts';
import { mergeIntervals, minuteAtOrAfter, minuteAtOrBefore, subtractIntervals } from './intervals';

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
  intervals: number[];
  segments: number[];
  segmentRooms: (string | null)[];
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

export class WorkingHours {
  readonly days: LocalDays;
  readonly #byWeekday: PreparedTemplate[][] = [[], [], [], [], [], [], [], []];
  readonly #exceptions = new Map<number, AvailabilityException[]>();
  readonly #timeOff: number[];
  #earliestDay = Number.MAX_SAFE_INTEGER;

  constructor(facts: AvailabilityFacts, doctorId: string, location: Location) {
    if (!isTimeZone(location.timeZone))
      throw invalid(`location ${location.id} has the unknown zone ${location.timeZone}`);
    this.days = localDaysOf(location.timeZone);
    for (const template of facts.templatesOf(doctorId)) {
      if (template.locationId !== location.id) continue;
      const prepared = prepare(template);
      this.#byWeekday[template.weekday]?.push(prepared);
      this.#earliestDay = Math.min(this.#earliestDay, prepared.fromDay);
    }
    for (const exception of facts.exceptionsOf(doctorId)) {
      if (exception.locationId !== null && exception.locationId !== location.id) continue;
      if (exception.doctorId === null && givesHours(exception)) continue;
      const day = dayNumber(exception.date);
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
   * The working windows that meet `[from, until)`, in minutes. Each has its true start, however far back it lies, since
   * the grid hangs on it; ends are true up to `until`.
   */
  windows(from: number, until: number): Windows {
    const first = this.days.dayOf(from);
    const last = this.days.dayOf(until);
    let back = 3;
    for (;;) {
      const found = this.#compute(first - back, last + 1);
      // What a date gives reaches into the second date after it at most (where the zone skips a date between), so
      // from here on nothing is missing.
      const certainFrom = this.days.startOf(first - back + 2);
      let i = 0;
      while (i < found.intervals.length && (found.intervals[i + 1] as number) <= from) i += 2;
      const start = found.intervals[i];
      if (start === undefined || start > certainFrom || first - back < this.#earliestDay) {
        found.intervals.splice(0, i);
        return found;
      }
      back *= 4;
    }
  }

  #compute(fromDay: number, untilDay: number): Windows {
    const segments: number[] = [];
    const segmentRooms: (string | null)[] = [];
    const cuts: number[] = [];
    this.eachSpan(fromDay, untilDay, (kind, start, end, source) => {
      if (kind !== 'open') {
        cuts.push(start, end);
        return;
      }
      // Nearly always in order already: a date's second template is the exception.
      let i = segmentRooms.length;
      while (
        i > 0 &&
        isAfter(segments[2 * i - 2] as number, segmentRooms[i - 1] ?? null, start, source.roomId)
      )
        i--;
      segments.splice(2 * i, 0, start, end);
      segmentRooms.splice(i, 0, source.roomId);
    });
    let intervals = mergeIntervals(segments);
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
  readonly #segments: number[];
  readonly #rooms: (string | null)[];
  #first = 0;

  constructor(windows: Windows) {
    this.#segments = windows.segments;
    this.#rooms = windows.segmentRooms;
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
export function approvedTimeOff(facts: AvailabilityFacts, doctorId: string): number[] {
  const pairs: number[] = [];
  for (const request of facts.timeOffOf(doctorId)) {
    if (request.status !== 'approved') continue;
    if (request.endsAt < request.startsAt) throw invalid(`time off ${request.id} ends before it starts`);
    if (request.endsAt > request.startsAt)
      pairs.push(minuteAtOrBefore(request.startsAt), minuteAtOrAfter(request.endsAt));
  }
  return mergeIntervals(pairs);
}

function prepare(template: ScheduleTemplate): PreparedTemplate {
  const { id, weekday, everyNWeeks } = template;
  if (!(weekday >= 1 && weekday <= 7)) throw invalid(`schedule template ${id} has the weekday ${weekday}`);
  if (!(everyNWeeks >= 1)) throw invalid(`schedule template ${id} repeats every ${everyNWeeks} weeks`);
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
function isAfter(startA: number, roomA: string | null, startB: number, roomB: string | null): boolean {
  return startA > startB || (startA === startB && roomB !== null && (roomA === null || roomA > roomB));
}

/** Hours are a doctor's own; a block or closure may be everybody's. */
function givesHours(exception: AvailabilityException): boolean {
  return exception.kind === 'replace' || exception.kind === 'extra';
}

/** Counts ISO weeks: Mondays are where it steps. 1970-01-01 was a Thursday. */
function weekIndex(day: number): number {
  return Math.floor((day + 3) / 7);
}

function invalid(message: string): MedicError {
  return new MedicError('input.invalid', message);
}

/** When the visits of a series are, by the wall clock of its place. */
import type { AppointmentSeries } from '../../model/appointment-series';
import type { Instant, PlainDate, WallTime } from '../../time/instant';
import { addDays, dateOfDayNumber, dayNumber, weekdayOfDayNumber } from '../../time/plain-date';
import { instantOf, localTime } from '../../time/zone';
import { maxOccurrences, parseRule, type Recurrence, type WeekdayOfMonth } from './rule';

/** No series reaches further: a rule such as the fifth Friday of every February would be looked for in vain. */
export const maxSeriesDays = 3_660;

export interface Occurrence {
  date: PlainDate;
  startsAt: Instant;
}

export type Recurring = Pick<AppointmentSeries, 'rrule' | 'startsAt' | 'timeZone'>;

/**
 * The starts of a series, the first ones first, at most `limit`; none for a rule that is not supported. Every one
 * shows the first one's time on the wall; where a clock change skips or repeats it, Temporal's `compatible` decides.
 * A first visit that the rule itself does not name is not among them.
 */
export function occurrencesOf(series: Recurring, limit = maxOccurrences): Instant[] {
  const parsed = parseRule(series.rrule);
  return 'problem' in parsed
    ? []
    : occurrencesOfRule(parsed.rule, series, limit).map(({ startsAt }) => startsAt);
}

/** As `occurrencesOf`, with the date of each, which is the rule's own where a skipped time moves on to the next day. */
export function occurrencesOfRule(
  rule: Recurrence,
  { startsAt, timeZone }: Omit<Recurring, 'rrule'>,
  limit = maxOccurrences,
): Occurrence[] {
  const { date, time } = localTime(startsAt, timeZone);
  const most = 'count' in rule.ends ? Math.min(limit, rule.ends.count) : limit;
  const found: Occurrence[] = [];
  for (const day of daysOf(rule, date)) {
    if (found.length >= most) break;
    const at = instantOf(day, time, timeZone);
    if ('until' in rule.ends && at > rule.ends.until) break;
    found.push({ date: day, startsAt: at });
  }
  return found;
}

/** The last moment of a date, for a rule that ends with it. */
export function untilEndOf(date: PlainDate, timeZone: Recurring['timeZone']): Instant {
  return (instantOf(addDays(date, 1), '00:00' as WallTime, timeZone) - 1000) as Instant;
}

/** Every date of the rule from its first on, in order, as far as a series reaches. */
function* daysOf(rule: Recurrence, first: PlainDate): Generator<PlainDate> {
  const start = dayNumber(first);
  for (const day of allDays(rule, first)) {
    if (day > start + maxSeriesDays) return;
    if (day >= start) yield dateOfDayNumber(day);
  }
}

function* allDays(rule: Recurrence, first: PlainDate): Generator<number> {
  const start = dayNumber(first);
  switch (rule.frequency) {
    case 'daily':
      for (let day = start; ; day += rule.interval) yield day;
    case 'weekly': {
      const offsets = weekOffsets(rule.weekdays, rule.weekStart, weekdayOfDayNumber(start));
      const week = start - offsetIn(weekdayOfDayNumber(start), rule.weekStart);
      for (let day = week; ; day += 7 * rule.interval) for (const offset of offsets) yield day + offset;
    }
    case 'monthly': {
      const month = monthNumber(first);
      // Bounded by itself: months without the day give nothing that `daysOf` could stop at.
      for (let m = month; m <= month + maxSeriesDays / 28; m += rule.interval) {
        const days = new Set<number>();
        for (const weekday of rule.weekdays) {
          const day = nthWeekday(m, weekday);
          if (day !== null) days.add(day);
        }
        yield* [...days].sort((a, b) => a - b);
      }
    }
  }
}

function weekOffsets(weekdays: readonly number[], weekStart: number, weekdayOfStart: number): number[] {
  const days = weekdays.length > 0 ? weekdays : [weekdayOfStart];
  return days.map((weekday) => offsetIn(weekday, weekStart)).sort((a, b) => a - b);
}

function offsetIn(weekday: number, weekStart: number): number {
  return (weekday - weekStart + 7) % 7;
}

/** Months since the year 0. */
export function monthNumber(date: PlainDate): number {
  return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
}

function firstDayOf(month: number): number {
  const year = String(Math.floor(month / 12)).padStart(4, '0');
  return dayNumber(`${year}-${String((month % 12) + 1).padStart(2, '0')}-01` as PlainDate);
}

/** The day number of a month's nth weekday; null in a month without it. */
export function nthWeekday(month: number, { weekday, nth }: WeekdayOfMonth): number | null {
  const first = firstDayOf(month);
  const next = firstDayOf(month + 1);
  const day =
    nth > 0
      ? first + offsetIn(weekday, weekdayOfDayNumber(first)) + 7 * (nth - 1)
      : next - 1 - offsetIn(weekdayOfDayNumber(next - 1), weekday) + 7 * (nth + 1);
  return day >= first && day < next ? day : null;
}

/** Which of its weekday a date is in its month: from the start, or from the end. */
export function nthOf(date: PlainDate, from: 'start' | 'end'): number {
  const day = dayNumber(date);
  const month = monthNumber(date);
  return from === 'start'
    ? Math.floor((day - firstDayOf(month)) / 7) + 1
    : -(Math.floor((firstDayOf(month + 1) - 1 - day) / 7) + 1);
}

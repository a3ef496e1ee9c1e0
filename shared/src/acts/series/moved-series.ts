/** A series moved by the wall clock: its rule, its first visit, and where each of its times goes. */
import type { Instant, PlainDate, TimeZone } from '../../time/instant';
import { wallTime } from '../../time/instant';
import { addDays, dateOfDayNumber, dayNumber, weekdayOf } from '../../time/plain-date';
import { instantOf, localTime } from '../../time/zone';
import {
  monthNumber,
  nthOf,
  nthWeekday,
  type Occurrence,
  occurrencesOfRule,
  untilEndOf,
} from './occurrences';
import type { Recurrence } from './rule';

/** What calendar and clock on the wall show for one visit of the series before and after. */
export interface WallMove {
  from: { date: PlainDate; minutes: number };
  to: { date: PlainDate; minutes: number };
}

export interface MovedSeries {
  rule: Recurrence;
  startsAt: Instant;
  timeZone: TimeZone;
  startOf(occurrence: Occurrence): Instant;
}

/**
 * The series moved as one of its visits, by the clock of `timeZone`, its place from then on. Weekdays of a weekly rule move with the days, and the start of its week with them, so that every other week stays
 * every other week. A monthly rule that moves to another day means that weekday from then on: the second Tuesday
 * moved to a Thursday is the second Thursday of each month, a fifth is the last.
 */
export function moveSeries(
  rule: Recurrence,
  first: { startsAt: Instant; timeZone: TimeZone },
  { from, to }: WallMove,
  timeZone: TimeZone,
): MovedSeries | { problem: string } {
  const occurrences = occurrencesOfRule(rule, first);
  const shift =
    (dayNumber(to.date) - dayNumber(from.date)) * 1440 +
    to.minutes -
    from.minutes +
    localTime(first.startsAt, first.timeZone).minutes;
  const days = Math.floor(shift / 1440);
  const time = wallTime(shift - days * 1440);
  const dates = days === 0 ? { rule, dateOf: sameDate } : moveDays(rule, days, from.date, to.date);
  if ('problem' in dates) return dates;
  const startOf = ({ date }: Occurrence): Instant => instantOf(dates.dateOf(date), time, timeZone);
  const start = occurrences[0];
  const last = occurrences.at(-1);
  if (!start || !last) return { problem: 'This series has no visits left to move' };
  const moved = { startsAt: startOf(start), timeZone };
  // A moment that ended the rule ends it after as many visits as before.
  const ends = 'until' in rule.ends ? { until: untilEndOf(dates.dateOf(last.date), timeZone) } : rule.ends;
  const keepsEnd = occurrencesOfRule(dates.rule, moved).length === occurrences.length;
  return { ...moved, rule: keepsEnd ? dates.rule : { ...dates.rule, ends }, startOf };
}

function sameDate(date: PlainDate): PlainDate {
  return date;
}

/** The rule on other days, and where a date of it goes. */
function moveDays(
  rule: Recurrence,
  days: number,
  from: PlainDate,
  to: PlainDate,
): { rule: Recurrence; dateOf(date: PlainDate): PlainDate } | { problem: string } {
  const dateOf = (date: PlainDate): PlainDate => addDays(date, days);
  switch (rule.frequency) {
    case 'daily':
      return { rule, dateOf };
    case 'weekly':
      return {
        rule: {
          ...rule,
          weekdays: rule.weekdays.map((weekday) => shifted(weekday, days)).sort((a, b) => a - b),
          weekStart: shifted(rule.weekStart, days),
        },
        dateOf,
      };
    case 'monthly': {
      const [only, ...more] = rule.weekdays;
      // Several days, or a fifth one that many months lack, have no rule of the same months on other days.
      if (!only || more.length > 0 || Math.abs(only.nth) === 5) {
        return {
          problem: 'This series keeps its days of the month: move the time of day, or the visits one by one',
        };
      }
      const nth = nthOf(to, only.nth > 0 ? 'start' : 'end');
      // Not every month has a fifth one.
      const weekday = { weekday: weekdayOf(to), nth: nth === 5 ? -1 : nth === -5 ? 1 : nth };
      const months = monthNumber(to) - monthNumber(from);
      return {
        rule: { ...rule, weekdays: [weekday] },
        dateOf: (date) =>
          dateOfDayNumber(nthWeekday(monthNumber(date) + months, weekday) ?? dayNumber(dateOf(date))),
      };
    }
  }
}

function shifted(weekday: number, days: number): number {
  return ((((weekday - 1 + days) % 7) + 7) % 7) + 1;
}

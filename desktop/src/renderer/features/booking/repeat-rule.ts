/** How a visit repeats, as the dialog asks for it: as a rule, and in words. */
import { nthOf, untilEndOf } from '@medic/shared/acts/series/occurrences';
import { formatRule, maxOccurrences, type Recurrence } from '@medic/shared/acts/series/rule';
import type { Instant, PlainDate, TimeZone } from '@medic/shared/time/instant';
import { addDays, weekdayOf } from '@medic/shared/time/plain-date';
import { localDate } from '@medic/shared/time/zone';
import { fullDate } from '../../ui/date-words';

export interface RepeatChoice {
  frequency: 'daily' | 'weekly' | 'monthly';
  interval: number;
  /** ISO weekdays of a weekly repetition; that of the first visit is always among them. */
  weekdays: readonly number[];
  /** Of a monthly one: the nth weekday from the start of the month, or the last. */
  fromEnd: boolean;
  ends: 'count' | 'until';
  count: number;
  until: PlainDate;
}

export const weekdayLetters = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const longWeekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const ordinals = ['first', 'second', 'third', 'fourth', 'fifth'];

/** Every week on the day of the first visit, six times. */
export function usualRepeat(startsAt: Instant, zone: TimeZone): RepeatChoice {
  const date = localDate(startsAt, zone);
  return {
    frequency: 'weekly',
    interval: 1,
    weekdays: [weekdayOf(date)],
    fromEnd: false,
    ends: 'count',
    count: 6,
    until: addDays(date, 84),
  };
}

export function recurrenceOf(choice: RepeatChoice, startsAt: Instant, zone: TimeZone): Recurrence {
  const date = localDate(startsAt, zone);
  const weekday = weekdayOf(date);
  const shared = {
    interval: within(choice.interval, 99),
    ends:
      choice.ends === 'count'
        ? { count: within(choice.count, maxOccurrences) }
        : { until: untilEndOf(choice.until, zone) },
  };
  switch (choice.frequency) {
    case 'daily':
      return { frequency: 'daily', ...shared };
    case 'weekly':
      return {
        frequency: 'weekly',
        weekStart: 1,
        weekdays: [...new Set([...choice.weekdays, weekday])].sort((a, b) => a - b),
        ...shared,
      };
    case 'monthly':
      return {
        frequency: 'monthly',
        weekdays: [{ weekday, nth: countsFromEnd(choice, date) ? -1 : nthOf(date, 'start') }],
        ...shared,
      };
  }
}

/** A field that is being typed in may hold anything. */
function within(number: number, max: number): number {
  return Number.isFinite(number) ? Math.min(max, Math.max(1, Math.round(number))) : 1;
}

/** A fifth weekday is not in every month: the last one is what is meant. */
function countsFromEnd(choice: RepeatChoice, date: PlainDate): boolean {
  return choice.fromEnd || nthOf(date, 'start') === 5;
}

export function ruleText(choice: RepeatChoice, startsAt: Instant, zone: TimeZone): string {
  return formatRule(recurrenceOf(choice, startsAt, zone));
}

/** Whether the date is the last of its weekday in its month. */
export function isLastOfMonth(startsAt: Instant, zone: TimeZone): boolean {
  return nthOf(localDate(startsAt, zone), 'end') === -1;
}

/** `second Tuesday`, `last Tuesday` */
export function nthWords(startsAt: Instant, zone: TimeZone, fromEnd: boolean): string {
  const date = localDate(startsAt, zone);
  const day = longWeekdays[weekdayOf(date) - 1] ?? '';
  return fromEnd || nthOf(date, 'start') === 5
    ? `last ${day}`
    : `${ordinals[nthOf(date, 'start') - 1] ?? ''} ${day}`;
}

/** `Every 2 weeks on Tue, Thu, 6 times` */
export function repeatWords(choice: RepeatChoice, startsAt: Instant, zone: TimeZone): string {
  const rule = recurrenceOf(choice, startsAt, zone);
  const every = (unit: string) => (rule.interval === 1 ? `Every ${unit}` : `Every ${rule.interval} ${unit}s`);
  const ends = 'count' in rule.ends ? `${rule.ends.count} times` : `until ${fullDate(choice.until)}`;
  switch (rule.frequency) {
    case 'daily':
      return `${every('day')}, ${ends}`;
    case 'weekly':
      return `${every('week')} on ${rule.weekdays.map((day) => weekdayLetters[day - 1]).join(', ')}, ${ends}`;
    case 'monthly':
      return `${every('month')} on the ${nthWords(startsAt, zone, choice.fromEnd)}, ${ends}`;
  }
}

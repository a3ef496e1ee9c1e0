/**
 * The part of RFC 5545's RRULE that visits repeat by: daily, weekly on days, monthly on the nth weekday, every n of
 * them, a number of times or until a moment. Whatever else a rule says is refused by name, never ignored.
 */
import { type Instant, instant } from '../../time/instant';
import { isoInstant, parseInstant } from '../../time/zone';

/** More visits than this are not booked in one go: two years of weeks. */
export const maxOccurrences = 104;
const maxInterval = 99;

/** `1` to `5` count from the start of a month, `-1` to `-5` from its end. */
export interface WeekdayOfMonth {
  weekday: number;
  nth: number;
}

/** Weekdays are ISO's: 1 is Monday. None named in a weekly rule means that of the first visit. */
export type Recurrence = { interval: number; ends: { count: number } | { until: Instant } } & (
  | { frequency: 'daily' }
  | { frequency: 'weekly'; weekdays: readonly number[]; weekStart: number }
  | { frequency: 'monthly'; weekdays: readonly WeekdayOfMonth[] }
);

const dayNames = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
const partNames = ['FREQ', 'INTERVAL', 'BYDAY', 'WKST', 'COUNT', 'UNTIL'] as const;
type PartName = (typeof partNames)[number];

/** Thrown and caught in this file only. */
class Unsupported extends Error {}

/** The rule, or what of it is not supported, in words for a person. */
export function parseRule(text: string): { rule: Recurrence } | { problem: string } {
  try {
    return { rule: ruleOf(partsOf(text)) };
  } catch (error) {
    if (error instanceof Unsupported) return { problem: error.message };
    throw error;
  }
}

function partsOf(text: string): Map<PartName, string> {
  const parts = new Map<PartName, string>();
  for (const part of text.trim().toUpperCase().split(';')) {
    const [name = '', value, ...more] = part.split('=');
    if (!(partNames as readonly string[]).includes(name))
      throw new Unsupported(`${name || 'An empty part'} is not supported in a repetition`);
    if (!value || more.length > 0) throw new Unsupported(`${name} has no value that can be read`);
    if (parts.has(name as PartName)) throw new Unsupported(`${name} is given twice`);
    parts.set(name as PartName, value);
  }
  return parts;
}

function ruleOf(parts: Map<PartName, string>): Recurrence {
  const shared = { interval: numberOf(parts, 'INTERVAL', maxInterval) ?? 1, ends: endOf(parts) };
  const frequency = parts.get('FREQ');
  const days = parts.get('BYDAY');
  const weekStart = parts.get('WKST');
  if (frequency !== 'WEEKLY' && weekStart !== undefined)
    throw new Unsupported('WKST is supported in a weekly repetition only');
  switch (frequency) {
    case 'DAILY':
      if (days !== undefined)
        throw new Unsupported('BYDAY is not supported in a daily repetition; a weekly one can name its days');
      return { frequency: 'daily', ...shared };
    case 'WEEKLY':
      return {
        frequency: 'weekly',
        weekdays: days === undefined ? [] : weekdaysOf(days),
        weekStart: weekStart === undefined ? 1 : weekdayOf(weekStart),
        ...shared,
      };
    case 'MONTHLY':
      if (days === undefined)
        throw new Unsupported('A monthly repetition names its weekday, such as BYDAY=2TU');
      return { frequency: 'monthly', weekdays: weekdaysOfMonth(days), ...shared };
    default:
      throw new Unsupported(
        frequency === undefined ? 'FREQ is missing' : `FREQ=${frequency} is not supported`,
      );
  }
}

function numberOf(parts: Map<PartName, string>, name: PartName, max: number): number | undefined {
  const text = parts.get(name);
  if (text === undefined) return undefined;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > max) throw new Unsupported(`${name} is a whole number from 1 to ${max}`);
  return value;
}

function endOf(parts: Map<PartName, string>): { count: number } | { until: Instant } {
  const count = numberOf(parts, 'COUNT', maxOccurrences);
  const until = parts.get('UNTIL');
  if (count !== undefined) {
    if (until !== undefined) throw new Unsupported('COUNT and UNTIL exclude each other');
    return { count };
  }
  if (until === undefined) throw new Unsupported('A repetition ends: COUNT or UNTIL is missing');
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(until) ?? [];
  if (y === undefined)
    throw new Unsupported('UNTIL is a moment in UTC, such as 20270331T215959Z: visits have a time zone');
  try {
    return { until: parseInstant(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`) };
  } catch {
    throw new Unsupported(`UNTIL=${until} is not a moment of the calendar`);
  }
}

function weekdayOf(name: string): number {
  const weekday = (dayNames as readonly string[]).indexOf(name) + 1;
  if (weekday === 0) throw new Unsupported(`${name} is not a weekday such as MO`);
  return weekday;
}

function weekdaysOf(text: string): number[] {
  const names = text.split(',');
  if (names.some((name) => /^[+-]?\d/.test(name)))
    throw new Unsupported('A weekly repetition names weekdays without a number, such as BYDAY=TU');
  return [...new Set(names.map(weekdayOf))].sort((a, b) => a - b);
}

function weekdaysOfMonth(text: string): WeekdayOfMonth[] {
  const found: WeekdayOfMonth[] = [];
  for (const name of text.split(',')) {
    const [, nth, day] = /^([+-]?\d{1,2})([A-Z]{2})$/.exec(name) ?? [];
    if (nth === undefined || day === undefined)
      throw new Unsupported(`BYDAY=${name} is not supported in a monthly repetition; 2TU or -1FR is`);
    const number = Number(nth);
    if (number === 0 || Math.abs(number) > 5)
      throw new Unsupported(`BYDAY=${name}: no month has more than five of a weekday`);
    const weekday = weekdayOf(day);
    if (!found.some((known) => known.nth === number && known.weekday === weekday))
      found.push({ weekday, nth: number });
  }
  return found;
}

/** The rule as RFC 5545 writes it, without the name RRULE. `parseRule` reads the same rule from it. */
export function formatRule(rule: Recurrence): string {
  const parts = [`FREQ=${rule.frequency.toUpperCase()}`];
  if (rule.interval > 1) parts.push(`INTERVAL=${rule.interval}`);
  if (rule.frequency === 'weekly') {
    if (rule.weekdays.length > 0) parts.push(`BYDAY=${rule.weekdays.map(dayName).join(',')}`);
    if (rule.weekStart !== 1) parts.push(`WKST=${dayName(rule.weekStart)}`);
  }
  if (rule.frequency === 'monthly')
    parts.push(`BYDAY=${rule.weekdays.map(({ nth, weekday }) => `${nth}${dayName(weekday)}`).join(',')}`);
  if ('count' in rule.ends) parts.push(`COUNT=${rule.ends.count}`);
  else parts.push(`UNTIL=${isoInstant(wholeSecond(rule.ends.until)).replaceAll(/[-:]/g, '')}`);
  return parts.join(';');
}

function dayName(weekday: number): string {
  return dayNames[weekday - 1] ?? '';
}

function wholeSecond(at: Instant): Instant {
  return instant(Math.floor(at / 1000) * 1000);
}

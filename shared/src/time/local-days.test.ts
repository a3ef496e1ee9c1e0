import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import type { PlainDate, TimeZone } from './instant';
import { localDaysOf } from './local-days';
import { dateOfDayNumber, dayNumber } from './plain-date';

const day = (text: string): number => dayNumber(text as PlainDate);

describe.each([
  'Europe/Warsaw',
  'Africa/Cairo',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'America/St_Johns',
  'Africa/Casablanca',
  'Asia/Beirut',
  'America/New_York',
])('in %s', (name) => {
  const days = localDaysOf(name as TimeZone);

  test('every wall time of two years is where Temporal says', () => {
    for (let d = day('2026-01-01'); d < day('2028-01-01'); d++) {
      for (const minutes of [0, 30, 75, 150, 721, 1439]) {
        const clock = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
        const zoned = Temporal.PlainDateTime.from(`${dateOfDayNumber(d)}T${clock}`).toZonedDateTime(name);
        expect(days.minuteAt(d, minutes) * 60_000).toBe(zoned.epochMilliseconds);
      }
    }
  });

  test('days follow each other without a gap, and each minute is in its own', () => {
    for (let d = day('2026-01-01'); d < day('2028-01-01'); d++) {
      expect(days.minuteAt(d, 1440)).toBe(days.startOf(d + 1));
      expect(days.dayOf(days.startOf(d))).toBe(d);
      expect(days.dayOf(days.startOf(d + 1) - 1)).toBe(d);
    }
  });
});

test('a date that a zone skipped does not exist', () => {
  const apia = localDaysOf('Pacific/Apia' as TimeZone);
  expect(['2011-12-29', '2011-12-30', '2011-12-31'].map((date) => apia.exists(day(date)))).toEqual([
    true,
    false,
    true,
  ]);
});

test('a night that begins before a skipped date ends at the same clock on the date after it', () => {
  const apia = localDaysOf('Pacific/Apia' as TimeZone);
  expect(apia.minuteAt(day('2011-12-30'), 360) - apia.minuteAt(day('2011-12-29'), 1320)).toBe(8 * 60);
});

test('an offset with seconds rounds every time of the day up alike', () => {
  const days = localDaysOf('America/New_York' as TimeZone);
  const d = day('1870-01-03');
  expect(days.minuteAt(d, 720) - days.minuteAt(d, 480)).toBe(240);
  expect(days.minuteAt(d, 0)).toBe(days.startOf(d));
});

test('days before 1970 are counted as those after it', () => {
  const days = localDaysOf('Europe/Warsaw' as TimeZone);
  const minute = days.minuteAt(day('1962-03-04'), 540);
  expect(days.dayOf(minute)).toBe(day('1962-03-04'));
  expect(days.minuteAt(day('1962-03-04'), 541) - minute).toBe(1);
});

test('a day on which the odd seconds of an offset end follows the one before without a gap', () => {
  // Monrovia, 1972-01-07: 00:00:00 became 00:44:30.
  const days = localDaysOf('Africa/Monrovia' as TimeZone);
  const d = day('1972-01-07');
  expect(days.minuteAt(d - 1, 1440)).toBe(days.startOf(d));
  expect(days.startOf(d) * 60_000).toBe(Temporal.Instant.from('1972-01-07T00:45Z').epochMilliseconds);
  expect(days.minuteAt(d, 480) * 60_000).toBe(Temporal.Instant.from('1972-01-07T08:00Z').epochMilliseconds);
});

import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import type { PlainDate } from './instant';
import { addDays, dateOfDayNumber, dayNumber, isPlainDate, mondayOf, weekdayOf } from './plain-date';

const date = (text: string): PlainDate => text as PlainDate;

test('day numbers and dates are each other’s inverse, and Temporal’s', () => {
  const epoch = Temporal.PlainDate.from('1970-01-01');
  for (let day = dayNumber(date('1896-01-01')); day < dayNumber(date('2104-12-31')); day += 13) {
    const expected = epoch.add({ days: day });
    expect(dateOfDayNumber(day)).toBe(expected.toString());
    expect(dayNumber(date(expected.toString()))).toBe(day);
    expect(weekdayOf(date(expected.toString()))).toBe(expected.dayOfWeek);
  }
});

test('days are added across months, leap days and years', () => {
  expect(addDays(date('2028-02-28'), 1)).toBe('2028-02-29');
  expect(addDays(date('2026-12-31'), 1)).toBe('2027-01-01');
  expect(addDays(date('2100-03-01'), -1)).toBe('2100-02-28');
});

test('the Monday of a week is the date itself on Mondays and lies in the old year at its end', () => {
  expect(mondayOf(date('2026-11-23'))).toBe('2026-11-23');
  expect(mondayOf(date('2027-01-03'))).toBe('2026-12-28');
});

test.each(['2026-02-29', '2026-13-01', '2026-1-1', '2026-04-31', '', '2026-11-23T00:00'])(
  '%j is no date',
  (text) => {
    expect(isPlainDate(text)).toBe(false);
  },
);

test('a leap day is a date', () => {
  expect(isPlainDate('2028-02-29')).toBe(true);
});

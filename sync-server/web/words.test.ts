import type { PlainDate } from '@medic/shared/time/instant';
import { expect, test } from 'vitest';
import { words } from './words';

const date = (text: string) => text as PlainDate;

test('a week is named by its days, and by both months where it has two', () => {
  expect(words.date.range(date('2026-12-07'), date('2026-12-14'))).toBe('7–13 December');
  expect(words.date.range(date('2026-12-28'), date('2027-01-04'))).toBe('28 December – 3 January');
});

test('a day near is today or tomorrow, also over the end of a year', () => {
  expect(words.date.relative(date('2027-01-01'), date('2026-12-31'))).toBe('tomorrow');
  expect(words.date.relative(date('2026-12-31'), date('2026-12-31'))).toBe('today');
  expect(words.date.relative(date('2027-01-02'), date('2026-12-31'))).toBe('Sat 2 Jan');
});

test('a day says its times, or why it has none', () => {
  expect(words.slots.dayName(date('2026-12-01'), 13, 'free')).toBe('Tuesday 1 December, 13 times free');
  expect(words.slots.dayName(date('2026-12-01'), 1, 'few')).toBe('Tuesday 1 December, 1 time free');
  expect(words.slots.dayName(date('2026-12-02'), 0, 'full')).toBe('Wednesday 2 December, full');
  expect(words.slots.dayName(date('2026-12-02'), 0, 'none')).toBe('Wednesday 2 December, no hours');
});

test('a list is read with one and', () => {
  expect(words.date.list(['A'])).toBe('A');
  expect(words.date.list(['A', 'B', 'C'])).toBe('A, B and C');
});

import { date } from '@medic/shared/testing/builders';
import { expect, test } from 'vitest';
import { sameDayOf, weeksOf } from './month-dialog';

test('the same day of another month, over years and into shorter months', () => {
  expect(sameDayOf(date('2026-12-15'), 1)).toBe('2027-01-15');
  expect(sameDayOf(date('2027-01-31'), 1)).toBe('2027-02-28');
  expect(sameDayOf(date('2028-03-31'), -1)).toBe('2028-02-29');
  expect(sameDayOf(date('2027-01-15'), -1)).toBe('2026-12-15');
});

test('a month is whole weeks, from the Monday before its first day to the Sunday after its last', () => {
  const december = weeksOf('2026-12');
  expect(december).toHaveLength(5);
  expect(december[0]?.[0]).toBe('2026-11-30');
  expect(december.at(-1)?.at(-1)).toBe('2027-01-03');
  expect(weeksOf('2027-02')).toHaveLength(4);
  expect(weeksOf('2026-08')).toHaveLength(6);
});

import { expect, test } from 'vitest';
import {
  earlier,
  instant,
  isWallTime,
  later,
  plusDays24h,
  plusMinutes,
  type WallTime,
  wallMinutes,
  wallTime,
} from './instant';

test('minutes and days are added, and taken away', () => {
  expect(plusMinutes(instant(0), 90)).toBe(5_400_000);
  expect(plusMinutes(instant(0), -1)).toBe(-60_000);
  expect(plusDays24h(instant(0), 2)).toBe(172_800_000);
});

test('the later and the earlier of two', () => {
  expect([later(instant(1), instant(2)), earlier(instant(1), instant(2))]).toEqual([2, 1]);
});

test('wall times and minutes after midnight are each other’s inverse, 24:00 included', () => {
  for (let minutes = 0; minutes <= 1440; minutes++) expect(wallMinutes(wallTime(minutes))).toBe(minutes);
  expect(wallTime(1440)).toBe('24:00');
  expect(wallMinutes('09:05' as WallTime)).toBe(545);
});

test.each(['00:00', '09:05', '19:59', '23:59', '24:00'])('%j is a wall time', (text) => {
  expect(isWallTime(text)).toBe(true);
});

test.each(['24:01', '25:00', '09:60', '9:05', '0905', '09:05:00', ' 09:05', '09:05\n', '', 'noon'])(
  '%j is no wall time',
  (text) => {
    expect(isWallTime(text)).toBe(false);
  },
);

import type { TimeZone } from '@medic/shared/time/instant';
import { expect, test } from 'vitest';
import { localTime, offsetMinutes, partOfDay, zoneCity } from './time';

const warsaw = 'Europe/Warsaw' as TimeZone;

test('an instant shows the local date and clock of a zone', () => {
  const at = Date.UTC(2026, 11, 1, 23, 30);
  expect(localTime(at, warsaw)).toEqual({ date: '2026-12-02', time: '00:30', minutes: 30 });
  expect(localTime(at, 'America/New_York' as TimeZone)).toEqual({
    date: '2026-12-01',
    time: '18:30',
    minutes: 1110,
  });
});

test('midnight is 00:00 of the new day', () => {
  expect(localTime(Date.UTC(2026, 11, 1, 23), warsaw)).toEqual({
    date: '2026-12-02',
    time: '00:00',
    minutes: 0,
  });
});

test('the offset follows the clock change', () => {
  expect(offsetMinutes(Date.UTC(2026, 2, 29, 0, 59), warsaw)).toBe(60);
  expect(offsetMinutes(Date.UTC(2026, 2, 29, 1, 0), warsaw)).toBe(120);
  expect(offsetMinutes(Date.UTC(2026, 5, 1), 'Asia/Kathmandu' as TimeZone)).toBe(345);
  expect(offsetMinutes(Date.UTC(2026, 5, 1), 'America/St_Johns' as TimeZone)).toBe(-150);
});

test('the parts of a day meet without a gap', () => {
  expect([0, 299, 300, 719, 720, 1019, 1020, 1439].map(partOfDay)).toEqual([
    'night',
    'night',
    'morning',
    'morning',
    'afternoon',
    'afternoon',
    'evening',
    'evening',
  ]);
});

test('a zone is called by its city', () => {
  expect(zoneCity('America/Argentina/Buenos_Aires' as TimeZone)).toBe('Buenos Aires');
  expect(zoneCity('UTC' as TimeZone)).toBe('UTC');
});

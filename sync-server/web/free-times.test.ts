import { at, date } from '@medic/shared/testing/builders';
import type { Instant, TimeZone } from '@medic/shared/time/instant';
import { expect, test } from 'vitest';
import type { FreeTime } from './api';
import { aroundTheSameTime, byDoctor, byPartOfDay, chooseDay, timesOn, weekOf } from './free-times';

function free(startsAt: Instant, changes: Partial<FreeTime> = {}): FreeTime {
  return {
    doctorId: 'd1',
    locationId: 'l1',
    roomId: null,
    startsAt,
    endsAt: (startsAt + 1_200_000) as Instant,
    seatsLeft: 1,
    timeZone: 'Europe/Warsaw' as TimeZone,
    ...changes,
  };
}

test('a week is Monday to Sunday; days that are not known have no hours', () => {
  const week = weekOf(date('2026-11-25'), [{ date: date('2026-11-25'), count: 3, state: 'free' }]);
  expect(week.map((day) => `${day.date} ${day.state}`)).toEqual([
    '2026-11-23 none',
    '2026-11-24 none',
    '2026-11-25 free',
    '2026-11-26 none',
    '2026-11-27 none',
    '2026-11-28 none',
    '2026-11-29 none',
  ]);
});

test('the day asked for is chosen, else the next free one, else the first of the week', () => {
  const week = weekOf(date('2026-11-25'), [
    { date: date('2026-11-24'), count: 1, state: 'few' },
    { date: date('2026-11-26'), count: 9, state: 'free' },
  ]);
  expect(chooseDay(week, null)).toBe('2026-11-24');
  expect(chooseDay(week, date('2026-11-26'))).toBe('2026-11-26');
  expect(chooseDay(week, date('2026-11-25'))).toBe('2026-11-26');
  expect(chooseDay(week, date('2026-11-28'))).toBe('2026-11-24');
  expect(chooseDay([], null)).toBeNull();
});

test('a time belongs to the day that its place calls so', () => {
  const late = free(at('2026-11-24 00:15'));
  expect(timesOn(date('2026-11-24'), [late])).toEqual([late]);
  expect(timesOn(date('2026-11-24'), [{ ...late, timeZone: 'Europe/London' as TimeZone }])).toEqual([]);
});

test('times stand in parts of the day by the clock of their place', () => {
  const london = 'Europe/London' as TimeZone;
  const groups = byPartOfDay([
    free(at('2026-11-24 17:30')),
    free(at('2026-11-24 11:00', london), { timeZone: london }),
    free(at('2026-11-24 11:30')),
    free(at('2026-11-24 00:30')),
  ]);
  expect(groups.map(({ part, slots }) => `${part} ${slots.length}`)).toEqual([
    'night 1',
    'morning 2',
    'evening 1',
  ]);
  // 11:00 in London is the later instant, and still the earlier time on the wall.
  expect(groups[1]?.slots[0]?.timeZone).toBe(london);
});

test('around the same time means other days, nearest by the clock, in order of date', () => {
  const slots = ['2026-11-24 10:00', '2026-11-25 16:00', '2026-11-26 10:40', '2026-11-27 10:20'].map((text) =>
    free(at(text)),
  );
  const found = aroundTheSameTime(slots, at('2026-11-24 10:20'), 2);
  expect(found.map((slot) => slot.startsAt)).toEqual([at('2026-11-26 10:40'), at('2026-11-27 10:20')]);
});

test('doctors come in the order of their first time', () => {
  const slots = ['a', 'b', 'a', 'c', 'a'].map((doctorId, i) => free(at(`2026-11-24 1${i}:00`), { doctorId }));
  expect(byDoctor(slots, 2, 2).map((group) => group.map((slot) => slot.doctorId))).toEqual([
    ['a', 'a'],
    ['b'],
  ]);
});

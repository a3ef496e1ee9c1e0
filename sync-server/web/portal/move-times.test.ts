import type { PlainDate } from '@medic/shared/time/instant';
import { addDays } from '@medic/shared/time/plain-date';
import { expect, test } from 'vitest';
import type { SlotsAnswer } from '../api';
import { loadMoveTimes } from './move-times';

const today = '2026-11-25' as PlainDate;

/** A server with free times on these days alone, and what it was asked for. */
function serverWith(...free: string[]) {
  const asked: [string, string][] = [];
  const ask = async (from: PlainDate, until: PlainDate): Promise<SlotsAnswer> => {
    asked.push([from, until]);
    const dates: PlainDate[] = [];
    for (let date = from; date < until; date = addDays(date, 1)) dates.push(date);
    return {
      slots: [],
      days: dates.map((date) =>
        free.includes(date)
          ? { date, count: 1, state: 'few' as const }
          : { date, count: 0, state: 'full' as const },
      ),
      nextFreeOn: (free.find((date) => date >= from) as PlainDate | undefined) ?? null,
    };
  };
  return { ask, asked };
}

test('without a wish the first free day is shown, in its week', async () => {
  const { ask } = serverWith('2026-12-01', '2026-12-03');
  const { date, week } = await loadMoveTimes(ask, { asked: null, today, anyDoctor: false });
  expect(date).toBe('2026-12-01');
  expect(week[0]?.date).toBe('2026-11-30');
});

test('a first free day far away is gone to at once', async () => {
  const { ask, asked } = serverWith('2027-01-13');
  const { date } = await loadMoveTimes(ask, { asked: null, today, anyDoctor: false });
  expect(date).toBe('2027-01-13');
  expect(asked).toEqual([
    ['2026-11-25', '2026-12-09'],
    ['2027-01-11', '2027-01-18'],
  ]);
});

test('of the week of a past day only what is left of this one is asked for', async () => {
  const { ask, asked } = serverWith('2026-11-27');
  const { date } = await loadMoveTimes(ask, { asked: '2026-11-02' as PlainDate, today, anyDoctor: false });
  expect(asked).toEqual([['2026-11-25', '2026-11-30']]);
  expect(date).toBe('2026-11-27');
});

test('an asked week without times says where the next are', async () => {
  const { ask } = serverWith('2027-02-01');
  const found = await loadMoveTimes(ask, { asked: '2026-12-07' as PlainDate, today, anyDoctor: false });
  expect(found).toMatchObject({ date: null, nextFreeOn: '2027-02-01' });
});

test('where nothing is free at all there is no day and no next one', async () => {
  const { ask } = serverWith();
  const found = await loadMoveTimes(ask, { asked: null, today, anyDoctor: false });
  expect(found).toMatchObject({ date: null, nextFreeOn: null, slots: [] });
});

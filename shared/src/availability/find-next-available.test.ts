import { describe, expect, test } from 'vitest';
import {
  aBusyTime,
  aDoctor,
  anAppointment,
  appointmentTypeId,
  aTemplate,
  at,
  doctorId,
  idOf,
  time,
} from '../testing/builders';
import { type FactsParts, factsOf } from '../testing/facts-of';
import { findNextAvailable, partOfDay } from './find-next-available';
import type { NextAvailableQuery } from './query';
import { days } from './testing/clock';

const now = at('2026-11-20 12:00');

function next(parts: FactsParts, query: Partial<NextAvailableQuery> = {}) {
  return findNextAvailable(factsOf({ templates: [aTemplate()], ...parts }), {
    doctorIds: [],
    appointmentTypeId,
    channel: 'desk',
    now,
    after: now,
    withinDays: 60,
    limit: 2,
    ...query,
  });
}

test('the earliest come first, as many as asked for', () => {
  expect(days(next({}))).toEqual(['23 08:00', '23 08:30']);
});

test('a start exactly at the earliest time asked for counts', () => {
  expect(days(next({}, { after: at('2026-11-23 15:30') }))).toEqual(['23 15:30', '30 08:00']);
});

test('weeks that are full are passed over', () => {
  const busy = [aBusyTime({ startsAt: at('2026-11-23 00:00'), endsAt: at('2026-12-14 09:00') })];
  expect(days(next({ busy }))).toEqual(['14 09:00', '14 09:30']);
});

test('the search ends where it was told to', () => {
  expect(next({}, { withinDays: 2 })).toEqual([]);
  expect(days(next({}, { after: at('2026-11-22 08:30'), withinDays: 1 }))).toEqual(['23 08:00']);
});

test('the doctor who is free first comes first', () => {
  const other = idOf('doctor', 2);
  const parts = {
    doctors: [aDoctor(), aDoctor({ id: other })],
    templates: [aTemplate(), aTemplate({ doctorId: other })],
    appointments: [anAppointment({ startsAt: at('2026-11-23 08:00') })],
  };
  expect(next(parts).map((slot) => slot.doctorId)).toEqual([other, doctorId]);
});

describe('wishes', () => {
  const templates = [1, 3].map((weekday) => aTemplate({ weekday, closesAt: time('19:00') }));

  test('a weekday', () => {
    expect(days(next({ templates }, { weekdays: [3] }))).toEqual(['25 08:00', '25 08:30']);
  });
  test('a part of the day', () => {
    expect(days(next({ templates }, { partsOfDay: ['evening'] }))).toEqual(['23 17:00', '23 17:30']);
    expect(days(next({ templates }, { partsOfDay: ['afternoon'], limit: 1 }))).toEqual(['23 12:00']);
  });
  test('no weekday and no part named means any', () => {
    expect(days(next({ templates }, { weekdays: [], partsOfDay: [], limit: 1 }))).toEqual(['23 08:00']);
  });
});

test('the afternoon begins at noon and the evening at five', () => {
  expect([719, 720, 1019, 1020].map(partOfDay)).toEqual(['morning', 'afternoon', 'afternoon', 'evening']);
});

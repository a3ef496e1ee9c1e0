import type { PlainDate } from '@medic/shared/time/instant';
import { expect, test } from 'vitest';
import { checkWishes, emptyWishes, wishesOf } from './wishes-form';

const today = '2026-11-24' as PlainDate;

test('nothing ticked means that any will do', () => {
  expect(wishesOf(emptyWishes, { appointmentTypeId: 't', doctorId: null }, '')).toEqual({
    appointmentTypeId: 't',
    doctorIds: [],
    locationIds: [],
    weekdays: [],
    partsOfDay: [],
    earliestOn: null,
    latestOn: null,
    urgency: 'routine',
    note: '',
  });
});

test('who came for one doctor waits for that one, unless any will do', () => {
  const visit = { appointmentTypeId: 't', doctorId: 'd' };
  expect(wishesOf(emptyWishes, visit, '').doctorIds).toEqual(['d']);
  expect(wishesOf({ ...emptyWishes, anyDoctor: true }, visit, '').doctorIds).toEqual([]);
});

test('a last day in the past, or before the first one, is named', () => {
  expect(checkWishes({ ...emptyWishes, latestOn: '2026-11-23' }, today)).toHaveProperty('latestOn');
  expect(
    checkWishes({ ...emptyWishes, earliestOn: '2026-12-02', latestOn: '2026-12-01' }, today),
  ).toHaveProperty('latestOn');
  expect(checkWishes({ ...emptyWishes, earliestOn: '2026-12-01', latestOn: '2026-12-01' }, today)).toEqual(
    {},
  );
});

import { expect, test } from 'vitest';
import {
  aBusyTime,
  aDoctor,
  anAppointment,
  appointmentTypeId,
  aTemplate,
  at,
  doctorId,
  idOf,
  locationId,
  time,
} from '../testing/builders';
import { type FactsParts, factsOf } from '../testing/facts-of';
import { nearestSlots } from './nearest-slots';
import { days } from './testing/clock';

const other = idOf('doctor', 2);

function nearest(parts: FactsParts, clock: string, count = 3, now = at('2026-11-20 12:00')) {
  const facts = factsOf({ templates: [aTemplate()], ...parts });
  const request = {
    doctorId,
    locationId,
    appointmentTypeId,
    startsAt: at(`2026-11-23 ${clock}`),
    channel: 'desk' as const,
    now,
  };
  return nearestSlots(facts, request, { count, withinDays: 14 });
}

test('the nearest starts before and after are offered, in order of time', () => {
  expect(days(nearest({ appointments: [anAppointment()] }, '09:00', 2))).toEqual(['23 08:30', '23 09:30']);
});

test('a start on the far side is offered though all near ones lie on the other', () => {
  const busy = [aBusyTime({ startsAt: at('2026-11-23 09:00'), endsAt: at('2026-11-23 16:00') })];
  expect(days(nearest({ busy }, '09:00', 2))).toEqual(['23 08:30', '30 08:00']);
});

test('nothing before now is offered', () => {
  expect(days(nearest({ appointments: [anAppointment()] }, '09:00', 2, at('2026-11-23 08:45')))).toEqual([
    '23 09:30',
    '23 10:00',
  ]);
});

test('other doctors come after the same one', () => {
  const parts = {
    doctors: [aDoctor(), aDoctor({ id: other })],
    templates: [aTemplate(), aTemplate({ doctorId: other })],
  };
  const found = nearest({ ...parts, appointments: [anAppointment()] }, '09:00');
  expect(found.map((slot) => slot.doctorId)).toEqual([doctorId, doctorId, other]);
  expect(days(found)).toEqual(['23 08:30', '23 09:30', '23 09:00']);
});

test('where the same doctor has nothing, others fill the list', () => {
  const parts = {
    doctors: [aDoctor(), aDoctor({ id: other })],
    templates: [aTemplate({ doctorId: other, closesAt: time('09:00') })],
  };
  expect(days(nearest(parts, '09:00', 2))).toEqual(['23 08:30', '30 08:00']);
});

test('a start that is free itself is not its own alternative', () => {
  expect(days(nearest({}, '09:00', 2))).toEqual(['23 08:30', '23 09:30']);
});

test('nothing farther away than asked for is offered', () => {
  // The next Monday is seven days later.
  const parts = { appointments: [], templates: [aTemplate({ closesAt: time('08:30') })] };
  expect(days(nearest(parts, '08:00', 1))).toEqual(['30 08:00']);
  expect(days(nearest(parts, '08:00', 3))).toEqual(['30 08:00']);
});

test('no more are offered than asked for, and none when none is', () => {
  expect(nearest({}, '09:00', 5)).toHaveLength(5);
  expect(nearest({}, '09:00', 0)).toEqual([]);
});

test('nobody free within reach means nothing', () => {
  expect(nearest({ templates: [] }, '09:00')).toEqual([]);
});

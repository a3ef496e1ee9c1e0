import { expect, it } from 'vitest';
import { doctorId, idOf, locationId, time } from '../../testing/builders';
import { bookAt, clinicOf, decide, must, refusalOf } from '../testing/acting';

const block = {
  exceptionId: idOf('availabilityException', 1),
  doctorId,
  locationId,
  date: '2026-11-24' as never,
  startsAt: time('09:00'),
  endsAt: time('10:00'),
  reason: 'Meeting',
};

it('a block takes time from booking and gives it back', () => {
  const facts = clinicOf();
  must(facts, 'time.block', block);
  expect(decide(facts, 'appointment.book', bookAt('09:30'))).toMatchObject({
    reasons: [{ reason: { code: 'block', label: 'Meeting' } }],
  });
  must(facts, 'time.unblock', { exceptionId: block.exceptionId });
  must(facts, 'appointment.book', bookAt('09:30'));
});

it('half a time, and an end that is the start, are refused', () => {
  expect(decide(clinicOf(), 'time.block', { ...block, endsAt: null })).toMatchObject({
    reasons: [{ code: 'invalid', field: 'endsAt' }],
  });
  expect(refusalOf(decide(clinicOf(), 'time.block', { ...block, endsAt: block.startsAt }))).toEqual([
    'invalid',
  ]);
});

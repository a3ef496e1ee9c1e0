import { refused } from '@medic/shared/acts/act';
import {
  aDoctor,
  anAppointment,
  anAppointmentType,
  aPatient,
  at,
  idOf,
} from '@medic/shared/testing/builders';
import { factsOf } from '@medic/shared/testing/facts-of';
import { describe, expect, test } from 'vitest';
import { obstacleOf } from './obstacles';

const zone = 'Europe/Warsaw';
const startsAt = at('2026-11-24 10:00');
const endsAt = at('2026-11-24 10:30');
const hold = { code: 'hold', startsAt, endsAt, expiresAt: at('2026-11-24 09:42') } as const;
const visit = anAppointment({ id: idOf('appointment', 7), startsAt });
const facts = factsOf({
  doctors: [aDoctor({ title: 'Dr', name: 'Maja Nowak' })],
  types: [anAppointmentType({ name: 'Consultation' })],
  patients: [aPatient({ givenName: 'Anna', familyName: 'Polańska' })],
  appointments: [visit],
});
const samePatient = { code: 'same-patient', appointmentId: visit.id, startsAt, timeZone: zone } as const;

describe('what stands in the way of a booking', () => {
  test('a visitor’s hold is a warning that says until when', () => {
    const obstacle = obstacleOf(refused([{ code: 'slot', reason: hold, timeZone: zone }]), facts);
    expect(obstacle).toMatchObject({ kind: 'warning', overrides: ['hold'] });
    expect(obstacle.words[0]).toContain('until 09:42');
  });

  test('another visit of the patient is a warning that says which', () => {
    const obstacle = obstacleOf(refused([samePatient]), facts, ['hold']);
    expect(obstacle).toMatchObject({ kind: 'warning', overrides: ['hold', 'same-patient'] });
    expect(obstacle.words).toEqual([
      'Polańska A. has another visit then: Tue 24 Nov 10:00, Dr Nowak, Consultation',
    ]);
  });

  test('one reason that cannot be gone over makes it a refusal', () => {
    const obstacle = obstacleOf(
      refused([
        samePatient,
        { code: 'slot', reason: { code: 'break', label: '', startsAt, endsAt }, timeZone: zone },
      ]),
      facts,
    );
    expect(obstacle.kind).toBe('refusal');
    expect(obstacle.words[1]).toBe('Break 10:00–10:30');
  });

  test('what was gone over already is not asked about again', () => {
    expect(obstacleOf(refused([samePatient]), facts, ['same-patient']).kind).toBe('refusal');
  });

  test('a series whose times are held only is a warning', () => {
    const series = (reasons: Parameters<typeof refused>[0]) => obstacleOf(refused(reasons), facts).kind;
    expect(series([{ code: 'series', startsAt, reasons: [hold], timeZone: zone }])).toBe('warning');
    expect(
      series([{ code: 'series', startsAt, reasons: [hold, { code: 'full', capacity: 8 }], timeZone: zone }]),
    ).toBe('warning');
    expect(
      series([{ code: 'series', startsAt, reasons: [{ code: 'full', capacity: 8 }], timeZone: zone }]),
    ).toBe('refusal');
  });
});

import { describe, expect, it } from 'vitest';
import { aLocation, anAppointment, at, idOf } from '../../testing/builders';
import {
  bookAt,
  by,
  clinicOf,
  decide,
  doctor,
  must,
  now,
  on,
  patient,
  reception,
  refusalOf,
  run,
  visitOf,
  visitor,
} from '../testing/acting';

const visit = anAppointment({ startsAt: on('10:00'), id: idOf('appointment', 1) });
const ahead = { ...visit, startsAt: at('2026-11-26 10:00'), endsAt: at('2026-11-26 10:30') };
const it1 = { appointmentId: visit.id };
const saying = { ...it1, reason: 'patient rang' };

describe('cancel', () => {
  it('takes a reason, frees the slot and tells the patient', () => {
    const facts = clinicOf({ appointments: [visit] });
    const { notifications } = must(facts, 'appointment.cancel', saying);
    expect(notifications[0]).toMatchObject({ kind: 'cancelled', sequence: 1 });
    expect(visitOf(facts)).toMatchObject({ status: 'cancelled', cancelReason: 'patient rang' });
    must(facts, 'appointment.book', bookAt('10:00', 2));
  });

  it('asks staff why, and not the patient', () => {
    const facts = clinicOf({ appointments: [ahead] });
    expect(decide(facts, 'appointment.cancel', { ...it1, reason: ' ' })).toMatchObject({
      reasons: [{ code: 'invalid', field: 'reason' }],
    });
    const { notifications } = must(facts, 'appointment.cancel', { ...it1, reason: '' }, by(patient));
    expect(notifications[0]).toMatchObject({ kind: 'cancelled', dueAt: now });
  });

  it('is open to the patient until the window closes, and to staff always', () => {
    const facts = clinicOf({ locations: [aLocation({ phone: '+48225550101' })], appointments: [visit] });
    expect(run(facts, 'appointment.cancel', saying, by(patient))).toMatchObject({
      reasons: [{ code: 'window', minutes: 1440, phone: '+48225550101', timeZone: 'Europe/Warsaw' }],
    });
    must(facts, 'appointment.cancel', saying, by(doctor));
  });

  it('is not open to other patients, who learn nothing by it', () => {
    const facts = clinicOf({ appointments: [ahead] });
    const unknown = { ...saying, appointmentId: idOf('appointment', 77) };
    const anothers = run(facts, 'appointment.cancel', saying, by(visitor));
    expect(refusalOf(anothers)).toEqual(['not-allowed']);
    expect(run(facts, 'appointment.cancel', unknown, by(visitor))).toEqual(anothers);
  });

  it('refuses what is over', () => {
    for (const status of ['cancelled', 'fulfilled', 'noshow', 'entered-in-error'] as const)
      expect(
        refusalOf(run(clinicOf({ appointments: [{ ...visit, status }] }), 'appointment.cancel', saying)),
      ).toEqual(['status']);
  });

  it('gives a seat of a group back', () => {
    const facts = clinicOf({ type: { capacity: 2, slotStepMinutes: 30 } });
    must(facts, 'appointment.book', bookAt('10:00', 1));
    must(facts, 'appointment.book', { ...bookAt('10:00', 2), patientId: idOf('patient', 2) });
    must(facts, 'appointment.cancel', saying);
    must(facts, 'appointment.book', bookAt('10:00', 3));
    expect([2, 3].map((n) => visitOf(facts, n).seat)).toEqual([2, 1]);
  });
});

describe('void', () => {
  it('is for reception, for good, and tells who expected to come', () => {
    const facts = clinicOf({ appointments: [visit] });
    expect(refusalOf(run(facts, 'appointment.void', { ...it1, reason: 'x' }, by(doctor)))).toEqual([
      'not-allowed',
    ]);
    const { notifications } = must(
      facts,
      'appointment.void',
      { ...it1, reason: 'Wrong patient' },
      by(reception),
    );
    expect(notifications[0]).toMatchObject({ kind: 'cancelled' });
    expect(visitOf(facts)).toMatchObject({ status: 'entered-in-error', cancelReason: 'Wrong patient' });
    expect(refusalOf(run(facts, 'appointment.undo', it1))).toEqual(['status']);
  });

  it('tells nobody about what is past', () => {
    const facts = clinicOf({ appointments: [{ ...visit, status: 'fulfilled' }] });
    expect(
      must(facts, 'appointment.void', { ...it1, reason: 'x' }, by(reception, on('12:00'))).notifications,
    ).toEqual([]);
  });
});

describe('confirm', () => {
  it('is said by the patient or noted by staff, once', () => {
    const facts = clinicOf({ appointments: [visit] });
    must(facts, 'appointment.confirm', it1, by(patient));
    expect(visitOf(facts)).toMatchObject({ confirmedAt: now, sequence: 0 });
    expect(must(facts, 'appointment.confirm', it1).changes).toEqual([]);
    expect(visitOf(facts).events).toHaveLength(1);
  });

  it('is for what is booked and still ahead', () => {
    const facts = clinicOf({ appointments: [visit] });
    expect(refusalOf(run(facts, 'appointment.confirm', it1, by(patient, on('10:00'))))).toEqual([
      'slot past',
    ]);
    const pending = clinicOf({ appointments: [{ ...visit, status: 'pending' }] });
    expect(refusalOf(run(pending, 'appointment.confirm', it1))).toEqual(['status']);
    expect(refusalOf(run(facts, 'appointment.confirm', it1, by(visitor)))).toEqual(['not-allowed']);
  });
});

describe('revoking the links of a visit', () => {
  it('raises their version, which no undo lowers', () => {
    const facts = clinicOf({ appointments: [visit] });
    must(facts, 'appointment.revoke-link', it1);
    must(facts, 'appointment.revoke-link', it1);
    expect(visitOf(facts)).toMatchObject({ linkVersion: 2, sequence: 0 });
    expect(visitOf(facts).events.at(-1)).toMatchObject({ changed: { linkVersion: [1, 2] } });
    expect(refusalOf(run(facts, 'appointment.undo', it1))).toEqual(['status']);
    expect(refusalOf(run(facts, 'appointment.revoke-link', it1, by(patient)))).toEqual(['not-allowed']);
  });
});

import { describe, expect, it } from 'vitest';
import { aDoctor, anAppointment, anException, aPatient, date, idOf, patientId } from '../../testing/builders';
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
import { decideBooking } from './booking';

const args = {
  ...bookAt('14:00'),
  patientId: idOf('patient', 50),
  patient: {
    givenName: 'Jan',
    familyName: 'Nowy',
    birthDate: null,
    phone: null,
    email: 'jan@example.org',
    language: 'pl',
    consentSms: false,
    consentEmail: false,
  },
};

describe('book online', () => {
  it('makes the patient with the visit, and confirms at once', () => {
    const { changes, notifications } = must(clinicOf(), 'appointment.book-online', args, by(visitor));
    expect(changes.map((change) => change.kind)).toEqual(['patient', 'appointment']);
    expect(notifications.map(({ kind, dueAt }) => [kind, dueAt])).toEqual([['confirmed', now]]);
  });

  it('never changes a record that exists: what differs waits for the desk', () => {
    const facts = clinicOf({ patients: [aPatient({ email: 'anna@example.org' })] });
    const { changes } = must(facts, 'appointment.book-online', { ...args, patientId }, by(visitor));
    expect(changes.map((change) => change.kind)).toEqual(['attentionItem', 'appointment']);
    expect(changes[0]?.record).toMatchObject({ kind: 'patient-differs', data: { from: 'booking' } });
  });

  it.each([['anna@example.org'], [null]])(
    'answers to the address in the form, where the record has %s: its absence would tell who is a patient',
    (email) => {
      const facts = clinicOf({ patients: [aPatient({ email, phone: null })] });
      const { notifications } = must(facts, 'appointment.book-online', { ...args, patientId }, by(visitor));
      expect(notifications).toMatchObject([
        { kind: 'confirmed', channel: 'email', dueAt: now, payload: { email: 'jan@example.org' } },
      ]);
    },
  );

  it('answers to the record where the form has the same address', () => {
    const facts = clinicOf({ patients: [aPatient({ email: 'JAN@example.org', phone: null })] });
    const { notifications } = must(facts, 'appointment.book-online', { ...args, patientId }, by(visitor));
    expect(notifications).toMatchObject([{ kind: 'confirmed', channel: 'email', payload: {} }]);
  });

  it('refuses somebody who cannot be reached', () => {
    const decision = decide(
      clinicOf(),
      'appointment.book-online',
      { ...args, patient: { ...args.patient, email: null } },
      by(visitor),
    );
    expect(decision).toMatchObject({ reasons: [{ code: 'invalid', field: 'patient.email' }] });
  });

  it("is not for staff, and the desk's booking is not for visitors", () => {
    expect(refusalOf(decide(clinicOf(), 'appointment.book-online', args))).toEqual(['not-allowed']);
    expect(refusalOf(decide(clinicOf(), 'appointment.book', bookAt('10:00'), by(visitor)))).toEqual([
      'not-allowed',
    ]);
  });

  it('keeps to the online rules', () => {
    const facts = clinicOf({ type: { minNoticeMinutes: 600 } });
    expect(refusalOf(decide(facts, 'appointment.book-online', args, by(visitor)))).toEqual(['slot notice']);
    must(facts, 'appointment.book', bookAt('14:00'));
  });

  it('tells nobody that a patient has another visit then', () => {
    const elsewhere = anAppointment({ doctorId: idOf('doctor', 2), startsAt: on('14:00') });
    const facts = clinicOf({
      doctors: [aDoctor(), aDoctor({ id: idOf('doctor', 2) })],
      appointments: [elsewhere],
    });
    must(facts, 'appointment.book-online', { ...args, patientId }, by(visitor));
  });
});

describe('what must be accepted', () => {
  const asking = { type: { needsAccepting: true } };

  it('is a request that holds its slot: a second one for the time is refused', () => {
    const facts = clinicOf(asking);
    const { notifications } = must(facts, 'appointment.book-online', args, by(visitor));
    expect(visitOf(facts).status).toBe('pending');
    expect(notifications.map(({ kind }) => kind)).toEqual(['requested']);
    const again = { ...args, appointmentId: idOf('appointment', 2), patientId: idOf('patient', 51) };
    expect(decide(facts, 'appointment.book-online', again, by(visitor))).toMatchObject({
      reasons: [{ code: 'slot', reason: { code: 'visit', pending: true } }],
    });
  });

  it('is so for a doctor’s bookings too, and for what staff note as a request', () => {
    const facts = clinicOf({ doctors: [aDoctor({ needsAccepting: true })] });
    must(facts, 'appointment.book-online', args, by(visitor));
    must(facts, 'appointment.book', { ...bookAt('10:00', 2), request: true });
    must(facts, 'appointment.book', bookAt('12:00', 3));
    expect([1, 2, 3].map((n) => visitOf(facts, n).status)).toEqual(['pending', 'pending', 'booked']);
  });

  it('is accepted by the doctor or reception, never by the patient', () => {
    const facts = clinicOf(asking);
    must(facts, 'appointment.book-online', { ...args, patientId }, by(visitor));
    const request = { appointmentId: args.appointmentId };
    expect(refusalOf(run(facts, 'appointment.accept', request, by(patient)))).toEqual(['not-allowed']);
    const { notifications } = must(facts, 'appointment.accept', request, by(doctor));
    expect(notifications[0]).toMatchObject({ kind: 'confirmed', sequence: 1 });
    expect(visitOf(facts)).toMatchObject({ status: 'booked', sequence: 1 });
    expect(run(facts, 'appointment.accept', request)).toMatchObject({
      reasons: [{ code: 'status', from: 'booked' }],
    });
  });

  it('is declined with a reason, tells the patient, and frees the slot', () => {
    const facts = clinicOf(asking);
    must(facts, 'appointment.book-online', { ...args, patientId }, by(visitor));
    const { notifications } = must(facts, 'appointment.decline', {
      appointmentId: args.appointmentId,
      reason: 'Please see Dr Lis',
    });
    expect(notifications[0]).toMatchObject({ kind: 'declined' });
    expect(visitOf(facts)).toMatchObject({ status: 'cancelled', cancelReason: 'Please see Dr Lis' });
    must(facts, 'appointment.book', bookAt('14:00', 2));
  });

  it('is declined only while it waits', () => {
    const facts = clinicOf();
    must(facts, 'appointment.book', bookAt('10:00'));
    expect(
      refusalOf(run(facts, 'appointment.decline', { appointmentId: args.appointmentId, reason: '' })),
    ).toEqual(['status']);
  });
});

describe('a time that the clinic suggests', () => {
  const request = { appointmentId: args.appointmentId };

  it('has to be free, and is not kept', () => {
    const facts = clinicOf({ appointments: [anAppointment({ startsAt: on('10:00') })] });
    expect(refusalOf(run(facts, 'appointment.propose', bookAt('10:00')))).toEqual(['slot visit']);
    must(facts, 'appointment.propose', bookAt('12:00'));
    must(facts, 'appointment.book', { ...bookAt('12:00', 2), patientId: idOf('patient', 2) });
  });

  it('is accepted by its patient while it is free, by the desk’s rules', () => {
    const facts = clinicOf({ type: { minNoticeMinutes: 600, bookableBy: 'desk', needsAccepting: true } });
    must(facts, 'appointment.propose', bookAt('12:00'));
    expect(
      refusalOf(run(facts, 'appointment.accept', request, by({ ...patient, id: idOf('patient', 2) }))),
    ).toEqual(['not-allowed']);
    must(facts, 'appointment.accept', request, by(patient));
    expect(visitOf(facts).status).toBe('booked');
  });

  it('is refused with the nearest free times once it is taken', () => {
    const facts = clinicOf();
    must(facts, 'appointment.propose', bookAt('12:00'));
    must(facts, 'appointment.book', { ...bookAt('12:00', 2), patientId: idOf('patient', 2) });
    for (const actor of [patient, reception]) {
      const decision = run(facts, 'appointment.accept', request, by(actor));
      expect(refusalOf(decision)).toEqual(['slot visit']);
      expect(decision.kind === 'refused' && decision.alternatives.length).toBeGreaterThan(0);
    }
    expect(visitOf(facts).status).toBe('proposed');
  });

  it('is refused once the doctor is away', () => {
    const facts = clinicOf();
    must(facts, 'appointment.propose', bookAt('12:00'));
    facts.put('availabilityException', anException({ date: date('2026-11-24') }));
    expect(refusalOf(run(facts, 'appointment.accept', request, by(patient)))).toContain('slot block');
  });

  it('goes to one of two who were offered it', () => {
    const facts = clinicOf();
    must(facts, 'appointment.propose', bookAt('12:00'));
    must(facts, 'appointment.propose', { ...bookAt('12:00', 2), patientId: idOf('patient', 2) });
    must(facts, 'appointment.accept', request, by(patient));
    expect(
      refusalOf(
        run(
          facts,
          'appointment.accept',
          { appointmentId: idOf('appointment', 2) },
          by({ ...patient, id: idOf('patient', 2) }),
        ),
      ),
    ).toEqual(['slot visit']);
  });

  it('is told as a suggestion', () => {
    const { notifications } = must(clinicOf(), 'appointment.propose', bookAt('12:00'));
    expect(notifications.map(({ kind, payload }) => [kind, payload])).toEqual([
      ['proposed', {}],
      ['proposed', {}],
    ]);
  });

  it('may be turned down by the patient: the answer takes it out of their calendar, at once', () => {
    const facts = clinicOf();
    must(facts, 'appointment.propose', bookAt('12:00'));
    const { notifications } = must(facts, 'appointment.decline', { ...request, reason: '' }, by(patient));
    expect(notifications.map(({ kind, dueAt }) => [kind, dueAt])).toEqual([
      ['declined', now],
      ['declined', now],
    ]);
    expect(visitOf(facts)).toMatchObject({ status: 'cancelled', sequence: 1 });
  });
});

it('a time that the clinic offered is taken by the desk’s rules, and nobody accepts it again', () => {
  const facts = clinicOf({ type: { needsAccepting: true, minNoticeMinutes: 600, bookableBy: 'desk' } });
  const booking = { ...bookAt('10:00'), patientId };
  expect(decideBooking(facts, booking, by(patient), { offered: true })).toMatchObject({
    changes: [{ record: { status: 'booked', source: 'public' } }],
    notifications: [{ kind: 'confirmed', dueAt: now }, { kind: 'confirmed' }],
  });
  expect(refusalOf(decideBooking(facts, booking, by(patient)))).toEqual(['slot desk-only', 'slot notice']);
});

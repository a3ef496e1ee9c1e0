import { describe, expect, it } from 'vitest';
import type { Appointment } from '../model/appointment';
import {
  aDoctor,
  aLocation,
  anAppointment,
  anAppointmentType,
  aPatient,
  appointmentTypeId,
  aTemplate,
  at,
  clinicId,
  doctorId,
  idOf,
  locationId,
  patientId,
  time,
} from '../testing/builders';
import { factsOf } from '../testing/facts-of';
import type { ActContext, Actor, Decision } from './act';
import { applyDecision, timelineOf } from './apply';
import type { Facts } from './facts';
import { type ActArgs, type ActName, actNamed, acts } from './registry';

const now = at('2026-11-24 07:00');
const reception: Actor = {
  kind: 'staff',
  id: idOf('user', 1),
  name: 'Hanna',
  roles: ['reception'],
  rights: [],
  doctorId: null,
};
const doctor: Actor = { ...reception, roles: ['doctor'], doctorId };
const visitor: Actor = { kind: 'patient', id: null, name: '', roles: [], rights: [], doctorId: null };

let ids = 0;
function contextOf(overrides: Partial<ActContext> = {}): ActContext {
  return {
    clinicId,
    actor: reception,
    now,
    madeAt: now,
    newId: () => idOf('intent', 5000 + ids++),
    ...overrides,
  };
}

/** Runs an act as both sides do: parse, ask for rights, decide. */
function decide<N extends ActName>(facts: Facts, name: N, args: ActArgs<N>, context = contextOf()): Decision {
  const act = actNamed(name);
  if (!act) throw new Error(name);
  const parsed = act.args.parse(args);
  const needs = act.forbids(context.actor, parsed, facts);
  return needs === null
    ? act.decide(facts, parsed, context)
    : { kind: 'refused', reasons: [{ code: 'not-allowed', needs }], alternatives: [] };
}

/** A doctor from 08:00 to 16:00 every day, a type of 30 minutes with a buffer of 5 after. */
function clinicOf(appointments: Appointment[] = []): Facts {
  return factsOf({
    types: [anAppointmentType({ durationMinutes: 30, slotStepMinutes: 15, bufferAfterMinutes: 5 })],
    templates: [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
      aTemplate({ weekday, opensAt: time('08:00'), closesAt: time('16:00'), breaks: [] }),
    ),
    patients: [
      aPatient({ email: 'anna@example.org', phone: '+48601220418', consentSms: true, consentEmail: true }),
    ],
    appointments,
  });
}

const bookAt = (clock: string): ActArgs<'appointment.book'> => ({
  appointmentId: idOf('appointment', 1),
  patientId,
  doctorId,
  locationId,
  appointmentTypeId,
  startsAt: at(`2026-11-24 ${clock}`),
  notes: '',
});

describe('book', () => {
  it('makes a booked visit with its buffers reserved', () => {
    const decision = decide(clinicOf(), 'appointment.book', bookAt('10:00'));
    const visit = decision.kind === 'done' ? decision.changes[0]?.record : undefined;
    expect(visit).toMatchObject({
      status: 'booked',
      endsAt: at('2026-11-24 10:30'),
      reservedFrom: at('2026-11-24 10:00'),
      reservedUntil: at('2026-11-24 10:35'),
      source: 'desk',
    });
  });

  it('refuses a taken time with the visit that takes it and the nearest free ones', () => {
    const taken = anAppointment({ startsAt: at('2026-11-24 10:00'), id: idOf('appointment', 7) });
    const decision = decide(clinicOf([taken]), 'appointment.book', bookAt('10:15'));
    expect(decision).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'slot', reason: { code: 'visit', appointmentId: taken.id } }],
    });
    expect(decision.kind === 'refused' && decision.alternatives.length).toBeGreaterThan(0);
  });

  it('refuses an unknown patient, doctor, place or type by name', () => {
    for (const field of ['patientId', 'doctorId', 'locationId', 'appointmentTypeId'] as const) {
      expect(
        decide(clinicOf(), 'appointment.book', { ...bookAt('10:00'), [field]: idOf('series', 9) }),
      ).toMatchObject({ kind: 'refused', reasons: [{ code: 'unknown', id: idOf('series', 9) }] });
    }
  });

  it('refuses an id that a visit has', () => {
    const there = anAppointment({ id: idOf('appointment', 1), startsAt: at('2026-11-25 10:00') });
    expect(decide(clinicOf([there]), 'appointment.book', bookAt('10:00'))).toMatchObject({
      reasons: [{ code: 'exists' }],
    });
  });

  it('writes to the patient after three minutes, on each channel that was agreed to', () => {
    const decision = decide(clinicOf(), 'appointment.book', bookAt('10:00'));
    expect(
      decision.kind === 'done' &&
        decision.notifications.map(({ channel, kind, dueAt }) => [channel, kind, dueAt - now]),
    ).toEqual([
      ['email', 'confirmed', 180_000],
      ['sms', 'confirmed', 180_000],
    ]);
  });

  it("keeps a doctor to the doctor's own agenda", () => {
    const facts = clinicOf();
    facts.put('doctor', aDoctor({ id: idOf('doctor', 2), slug: 'second' }));
    expect(decide(facts, 'appointment.book', bookAt('10:00'), contextOf({ actor: doctor })).kind).toBe(
      'done',
    );
    expect(
      decide(
        facts,
        'appointment.book',
        { ...bookAt('10:00'), doctorId: idOf('doctor', 2) },
        contextOf({ actor: doctor }),
      ),
    ).toMatchObject({ reasons: [{ code: 'not-allowed' }] });
  });
});

describe('book online', () => {
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

  it('makes the patient with the visit, and confirms at once', () => {
    const decision = decide(clinicOf(), 'appointment.book-online', args, contextOf({ actor: visitor }));
    expect(decision.kind === 'done' && decision.changes.map((change) => change.kind)).toEqual([
      'patient',
      'appointment',
    ]);
    expect(decision.kind === 'done' && decision.notifications.map((message) => message.dueAt)).toEqual([now]);
  });

  it('never changes a record that exists', () => {
    const decision = decide(
      clinicOf(),
      'appointment.book-online',
      { ...args, patientId },
      contextOf({ actor: visitor }),
    );
    expect(decision.kind === 'done' && decision.changes.map((change) => change.kind)).toEqual([
      'appointment',
    ]);
  });

  it('refuses somebody who cannot be reached', () => {
    const decision = decide(
      clinicOf(),
      'appointment.book-online',
      { ...args, patient: { ...args.patient, email: null } },
      contextOf({ actor: visitor }),
    );
    expect(decision).toMatchObject({ reasons: [{ code: 'invalid', field: 'patient.email' }] });
  });

  it("is not for staff, and the desk's booking is not for visitors", () => {
    expect(decide(clinicOf(), 'appointment.book-online', args)).toMatchObject({
      reasons: [{ code: 'not-allowed' }],
    });
    expect(
      decide(clinicOf(), 'appointment.book', bookAt('10:00'), contextOf({ actor: visitor })),
    ).toMatchObject({ reasons: [{ code: 'not-allowed' }] });
  });
});

describe('reschedule', () => {
  const visit = anAppointment({ startsAt: at('2026-11-24 10:00'), id: idOf('appointment', 1) });
  const move = (clock: string) => ({
    appointmentId: visit.id,
    doctorId,
    locationId,
    startsAt: at(`2026-11-24 ${clock}`),
    durationMinutes: null,
  });

  it('is not in its own way', () => {
    expect(decide(clinicOf([visit]), 'appointment.reschedule', move('10:15')).kind).toBe('done');
  });

  it('raises SEQUENCE and says from where to where', () => {
    const decision = decide(clinicOf([visit]), 'appointment.reschedule', move('11:00'));
    expect(decision).toMatchObject({
      changes: [{ record: { sequence: visit.sequence + 1 } }],
      events: [{ changed: { startsAt: [visit.startsAt, at('2026-11-24 11:00')] } }],
    });
  });

  it('changes nothing when nothing changes', () => {
    expect(decide(clinicOf([visit]), 'appointment.reschedule', move('10:00'))).toMatchObject({
      kind: 'done',
      changes: [],
      events: [],
      notifications: [],
    });
  });

  it('makes an overbooked visit stand on its own feet', () => {
    const over = { ...visit, overbooked: true, overbookReason: 'urgent' };
    expect(decide(clinicOf([over]), 'appointment.reschedule', move('11:00'))).toMatchObject({
      changes: [{ record: { overbooked: false, overbookReason: '' } }],
    });
  });

  it('moves no visit that is over', () => {
    expect(
      decide(clinicOf([{ ...visit, status: 'fulfilled' }]), 'appointment.reschedule', move('11:00')),
    ).toMatchObject({ reasons: [{ code: 'status', from: 'fulfilled' }] });
  });
});

describe('cancel, the day, and undo', () => {
  const visit = anAppointment({ startsAt: at('2026-11-24 10:00'), id: idOf('appointment', 1) });
  const args = { appointmentId: visit.id };

  /** Runs acts one after the other over one layer of facts. */
  function run(facts: Facts, ...steps: [ActName, Record<string, unknown>][]): Decision[] {
    return steps.map(([name, stepArgs]) => {
      const context = contextOf();
      const decision = decide(facts, name, stepArgs as never, context);
      if (decision.kind === 'done') applyDecision(facts, decision, timelineOf(decision, name, context), 1);
      return decision;
    });
  }

  it('goes from booked to fulfilled in single steps, each undone in turn', () => {
    const facts = clinicOf([visit]);
    const decisions = run(
      facts,
      ['appointment.arrive', args],
      ['appointment.start', args],
      ['appointment.complete', args],
      ['appointment.undo', args],
      ['appointment.undo', args],
      ['appointment.undo', args],
    );
    expect(decisions.map((decision) => decision.kind)).toEqual(Array(6).fill('done'));
    expect(facts.get('appointment', visit.id)?.status).toBe('booked');
  });

  it('refuses what the table does not allow', () => {
    expect(run(clinicOf([visit]), ['appointment.complete', args])).toMatchObject([
      { reasons: [{ code: 'status', from: 'booked', to: 'fulfilled' }] },
    ]);
  });

  it('cancels with a reason and frees the slot', () => {
    const facts = clinicOf([visit]);
    run(facts, ['appointment.cancel', { ...args, reason: 'patient rang' }]);
    expect(
      decide(facts, 'appointment.book', { ...bookAt('10:00'), appointmentId: idOf('appointment', 2) }).kind,
    ).toBe('done');
  });

  it('asks for a reason', () => {
    expect(() => decide(clinicOf([visit]), 'appointment.cancel', { ...args, reason: ' ' })).toThrow();
  });

  it('takes a cancellation back while the slot is free, and not afterwards', () => {
    const facts = clinicOf([visit]);
    const [, undone, , booked, tooLate] = run(
      facts,
      ['appointment.cancel', { ...args, reason: 'x' }],
      ['appointment.undo', args],
      ['appointment.cancel', { ...args, reason: 'x' }],
      ['appointment.book', { ...bookAt('10:00'), appointmentId: idOf('appointment', 2) }],
      ['appointment.undo', args],
    );
    expect([undone?.kind, booked?.kind, tooLate?.kind]).toEqual(['done', 'done', 'refused']);
    expect(tooLate).toMatchObject({ reasons: [{ reason: { code: 'visit' } }] });
  });
});

describe('blocks', () => {
  const block = {
    exceptionId: idOf('availabilityException', 1),
    doctorId,
    locationId,
    date: '2026-11-24' as never,
    startsAt: time('09:00'),
    endsAt: time('10:00'),
    reason: 'Meeting',
  };

  it('takes time from booking and gives it back', () => {
    const facts = clinicOf();
    const blocked = decide(facts, 'time.block', block);
    if (blocked.kind === 'done') applyDecision(facts, blocked, [], 1);
    expect(decide(facts, 'appointment.book', bookAt('09:30'))).toMatchObject({
      reasons: [{ reason: { code: 'block', label: 'Meeting' } }],
    });
    const free = decide(facts, 'time.unblock', { exceptionId: block.exceptionId });
    if (free.kind === 'done') applyDecision(facts, free, [], 2);
    expect(decide(facts, 'appointment.book', bookAt('09:30')).kind).toBe('done');
  });

  it('refuses half a time, and an end that is the start', () => {
    expect(decide(clinicOf(), 'time.block', { ...block, endsAt: null })).toMatchObject({
      reasons: [{ code: 'invalid', field: 'endsAt' }],
    });
    expect(decide(clinicOf(), 'time.block', { ...block, endsAt: block.startsAt })).toMatchObject({
      reasons: [{ code: 'invalid' }],
    });
  });
});

it('every act is registered under its own name', () => {
  for (const [name, act] of Object.entries(acts)) expect(act.name).toBe(name);
  expect(actNamed('constructor')).toBeUndefined();
});

it('names no location of another zone in its refusal', () => {
  const facts = clinicOf();
  facts.put('location', aLocation({ timeZone: 'Asia/Kolkata' as never }));
  const decision = decide(facts, 'appointment.book', {
    ...bookAt('10:00'),
    startsAt: at('2026-11-24 23:00'),
  });
  expect(decision).toMatchObject({ reasons: [{ code: 'slot', timeZone: 'Asia/Kolkata' }] });
});

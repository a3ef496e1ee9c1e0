import { describe, expect, it } from 'vitest';
import { aDoctor, anAppointment, at, idOf } from '../../testing/builders';
import {
  by,
  clinicOf,
  decide,
  doctor,
  must,
  on,
  overbooker,
  patient,
  refusalOf,
  run,
  visitOf,
} from '../testing/acting';

const ids = [1, 2, 3].map((n) => idOf('appointment', n)) as [string, string, string];
const visitAt = (n: number, from: string, until: string) =>
  anAppointment({
    id: idOf('appointment', n),
    startsAt: on(from),
    endsAt: on(until),
    patientId: idOf('patient', n),
  });
const tight = { bufferAfterMinutes: 0 };
const swap = { firstId: ids[0], secondId: ids[1] };

describe('swap', () => {
  it('exchanges two neighbours of one length', () => {
    const facts = clinicOf({
      type: tight,
      appointments: [visitAt(1, '10:00', '10:30'), visitAt(2, '10:30', '11:00')],
    });
    const { notifications } = must(facts, 'appointment.swap', swap);
    expect([visitOf(facts, 1).startsAt, visitOf(facts, 2).startsAt]).toEqual([on('10:30'), on('10:00')]);
    expect([visitOf(facts, 1).sequence, visitOf(facts, 2).sequence]).toEqual([1, 1]);
    expect(notifications.every(({ kind }) => kind === 'moved')).toBe(true);
  });

  it('keeps the length of each and the time between them, off the grid too', () => {
    const facts = clinicOf({
      type: tight,
      appointments: [visitAt(1, '10:00', '10:20'), visitAt(2, '10:30', '11:15')],
    });
    // Named in either order.
    must(facts, 'appointment.swap', { firstId: ids[1], secondId: ids[0] });
    expect(visitOf(facts, 2)).toMatchObject({ startsAt: on('10:00'), endsAt: on('10:45') });
    expect(visitOf(facts, 1)).toMatchObject({ startsAt: on('10:55'), endsAt: on('11:15') });
  });

  it('is taken back visit by visit only while there is room', () => {
    const facts = clinicOf({
      type: tight,
      appointments: [visitAt(1, '10:00', '10:30'), visitAt(2, '10:30', '11:00')],
    });
    must(facts, 'appointment.swap', swap);
    expect(refusalOf(run(facts, 'appointment.undo', { appointmentId: ids[0] }))).toEqual(['slot visit']);
    must(facts, 'appointment.swap', swap);
    expect(visitOf(facts, 1).startsAt).toBe(on('10:00'));
  });

  it('wants neighbours of one doctor and day', () => {
    const first = visitAt(1, '10:00', '10:30');
    const withSecond = (second: ReturnType<typeof visitAt>, ...more: ReturnType<typeof visitAt>[]) =>
      refusalOf(
        decide(
          clinicOf({
            type: tight,
            doctors: [aDoctor(), aDoctor({ id: idOf('doctor', 2) })],
            appointments: [first, second, ...more],
          }),
          'appointment.swap',
          swap,
        ),
      );
    const second = visitAt(2, '11:00', '11:30');
    expect(withSecond(second)).toBeNull();
    expect(withSecond(second, visitAt(3, '10:30', '11:00'))).toEqual(['invalid']);
    expect(withSecond(second, { ...visitAt(3, '10:30', '11:00'), status: 'cancelled' })).toBeNull();
    expect(withSecond({ ...second, doctorId: idOf('doctor', 2) })).toEqual(['invalid']);
    expect(
      withSecond({ ...second, startsAt: at('2026-11-25 11:00'), endsAt: at('2026-11-25 11:30') }),
    ).toEqual(['invalid']);
    expect(withSecond({ ...second, status: 'arrived' })).toEqual(['status']);
  });

  it('is for the clinic', () => {
    const facts = clinicOf({ appointments: [visitAt(1, '10:00', '10:30'), visitAt(2, '11:00', '11:30')] });
    expect(refusalOf(run(facts, 'appointment.swap', swap, by(patient)))).toEqual(['not-allowed']);
    must(facts, 'appointment.swap', swap, by(doctor));
  });
});

describe('shift', () => {
  const row = () => [
    visitAt(1, '10:00', '10:30'),
    visitAt(2, '10:30', '11:00'),
    visitAt(3, '11:00', '11:30'),
  ];
  const all = { appointmentIds: [...ids], minutes: 20 };

  it('moves a range by the same minutes, each into the place of the next', () => {
    const facts = clinicOf({ type: tight, appointments: row() });
    const { events } = must(facts, 'appointment.shift', all);
    expect([1, 2, 3].map((n) => visitOf(facts, n).startsAt)).toEqual([on('10:20'), on('10:50'), on('11:20')]);
    expect(events).toHaveLength(3);
    must(facts, 'appointment.shift', { ...all, minutes: -20 });
    expect(visitOf(facts, 1)).toMatchObject({ startsAt: on('10:00'), sequence: 2 });
  });

  it('moves none where one cannot go, and says which and why', () => {
    const facts = clinicOf({
      type: tight,
      appointments: [...row(), anAppointment({ startsAt: on('11:30'), patientId: idOf('patient', 9) })],
    });
    const decision = run(facts, 'appointment.shift', all);
    expect(decision).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'series', startsAt: on('11:20'), reasons: [{ code: 'visit' }] }],
    });
    expect(decision.kind === 'refused' && decision.alternatives.length).toBeGreaterThan(0);
    expect(visitOf(facts, 1).startsAt).toBe(on('10:00'));
  });

  it('keeps to the hours', () => {
    const facts = clinicOf({ type: tight, appointments: row() });
    expect(run(facts, 'appointment.shift', { ...all, minutes: 300 })).toMatchObject({
      reasons: [{ code: 'series', startsAt: on('16:00'), reasons: [{ code: 'outside-hours' }] }],
    });
  });

  it('refuses what is over, what is not there and a second doctor', () => {
    const facts = clinicOf({
      appointments: [
        { ...visitAt(1, '10:00', '10:30'), status: 'fulfilled' },
        visitAt(2, '11:00', '11:30'),
        { ...visitAt(3, '11:00', '11:30'), doctorId: idOf('doctor', 2) },
      ],
    });
    const decision = run(facts, 'appointment.shift', {
      appointmentIds: [...ids, idOf('appointment', 9)],
      minutes: 15,
    });
    expect(refusalOf(decision)).toEqual(['status', 'unknown', 'invalid']);
  });

  it('moves a group together, each in its seat', () => {
    const seats = [1, 2, 3].map((n) => ({ ...visitAt(n, '10:00', '10:30'), capacity: 3, seat: n }));
    const facts = clinicOf({ type: { capacity: 3 }, appointments: seats });
    must(facts, 'appointment.shift', { ...all, minutes: 30 });
    expect([1, 2, 3].map((n) => visitOf(facts, n).seat)).toEqual([1, 2, 3]);
  });

  it('clears what was overbooked, or overbooks it anew by right', () => {
    const over = { ...visitAt(2, '10:00', '10:30'), overbooked: true, overbookReason: 'urgent' };
    const facts = clinicOf({ type: tight, appointments: [visitAt(1, '10:00', '10:30'), over] });
    const both = { appointmentIds: [ids[0], ids[1]], minutes: 30 };
    expect(refusalOf(run(facts, 'appointment.shift', both))).toEqual(['series']);
    const anew = { ...both, overbook: { reason: 'Doctor is late' } };
    expect(refusalOf(run(facts, 'appointment.shift', anew))).toEqual(['not-allowed']);
    must(facts, 'appointment.shift', anew, by(overbooker));
    expect([1, 2].map((n) => visitOf(facts, n).overbooked)).toEqual([false, true]);
  });
});

describe('a swap or a shift taken back as one', () => {
  const both = { appointmentIds: [ids[0], ids[1]] };
  const neighbours = () =>
    clinicOf({
      type: tight,
      appointments: [visitAt(1, '10:00', '10:30'), visitAt(2, '10:30', '11:15')],
    });
  const starts = (facts: ReturnType<typeof clinicOf>) => [
    visitOf(facts, 1).startsAt,
    visitOf(facts, 2).startsAt,
  ];

  it('puts both where they stood, and says so in both timelines', () => {
    const facts = neighbours();
    must(facts, 'appointment.swap', swap);
    const { events, notifications } = must(facts, 'appointment.undo-together', both);
    expect(starts(facts)).toEqual([on('10:00'), on('10:30')]);
    expect(events.map(({ reason }) => reason)).toEqual(['undo', 'undo']);
    // Nobody has heard of the swap yet.
    expect(notifications).toEqual([]);
    // It is as if it had not been: what comes now is taken back by itself.
    expect(refusalOf(run(facts, 'appointment.undo-together', both))).toEqual(['invalid']);
    must(facts, 'appointment.shift', { appointmentIds: both.appointmentIds, minutes: 60 });
    must(facts, 'appointment.undo-together', both);
    expect(starts(facts)).toEqual([on('10:00'), on('10:30')]);
  });

  it('gives back that a visit was overbooked, which shifting there and back would lose', () => {
    const over = { ...visitAt(2, '10:15', '10:45'), overbooked: true, overbookReason: 'urgent' };
    const facts = clinicOf({ type: tight, appointments: [visitAt(1, '10:00', '10:30'), over] });
    must(facts, 'appointment.shift', { appointmentIds: [ids[1]], minutes: 60 });
    expect(visitOf(facts, 2).overbooked).toBe(false);
    must(facts, 'appointment.undo-together', { appointmentIds: [ids[1]] });
    expect(visitOf(facts, 2)).toMatchObject({
      startsAt: on('10:15'),
      overbooked: true,
      overbookReason: 'urgent',
    });
  });

  it('is refused as a whole, with the visit and its reason, where somebody took one of the times', () => {
    const facts = neighbours();
    must(facts, 'appointment.shift', { ...both, minutes: 120 });
    facts.put('appointment', visitAt(3, '10:30', '11:00'));
    const decision = run(facts, 'appointment.undo-together', both);
    expect(decision.kind === 'refused' && decision.reasons).toMatchObject([
      { code: 'series', startsAt: on('10:30'), reasons: [{ code: 'visit' }] },
    ]);
    expect(starts(facts)).toEqual([on('12:00'), on('12:30')]);
  });

  it('does not undo something else that was done to one of them since', () => {
    const facts = neighbours();
    must(facts, 'appointment.swap', swap);
    must(facts, 'appointment.arrive', { appointmentId: ids[0] });
    expect(refusalOf(run(facts, 'appointment.undo-together', both))).toEqual(['invalid']);
    must(facts, 'appointment.undo', { appointmentId: ids[0] });
    must(facts, 'appointment.undo-together', both);
  });

  it('is for those whose agenda it is', () => {
    const facts = neighbours();
    must(facts, 'appointment.swap', swap);
    for (const actor of [patient, { ...doctor, doctorId: idOf('doctor', 2) }])
      expect(refusalOf(run(facts, 'appointment.undo-together', both, by(actor)))).toEqual(['not-allowed']);
  });
});

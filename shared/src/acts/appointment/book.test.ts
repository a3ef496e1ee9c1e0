import { describe, expect, it } from 'vitest';
import { aDoctor, aLocation, anAppointment, aPatient, at, idOf, patientId } from '../../testing/builders';
import {
  bookAt,
  by,
  clinicOf,
  contextOf,
  decide,
  doctor,
  holdAt,
  must,
  now,
  on,
  overbooker,
  refusalOf,
  run,
  visitOf,
  visitor,
} from '../testing/acting';

const second = idOf('doctor', 2);
const twoDoctors = { doctors: [aDoctor(), aDoctor({ id: second })] };

describe('book', () => {
  it('makes a booked visit with its buffers reserved', () => {
    const facts = clinicOf();
    must(facts, 'appointment.book', bookAt('10:00'));
    expect(visitOf(facts)).toMatchObject({
      status: 'booked',
      endsAt: on('10:30'),
      reservedFrom: on('10:00'),
      reservedUntil: on('10:35'),
      source: 'desk',
      events: [{ act: 'appointment.book', fromStatus: null, toStatus: 'booked' }],
    });
  });

  it('refuses a taken time with the visit that takes it and the nearest free ones', () => {
    const taken = anAppointment({ startsAt: on('10:00'), id: idOf('appointment', 7) });
    const decision = decide(clinicOf({ appointments: [taken] }), 'appointment.book', bookAt('10:15'));
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

  it('refuses a series that is not there', () => {
    const args = { ...bookAt('10:00'), seriesId: idOf('series', 9) };
    expect(decide(clinicOf(), 'appointment.book', args)).toMatchObject({
      reasons: [{ code: 'unknown', what: 'series' }],
    });
  });

  it('refuses an id that a visit has', () => {
    const there = anAppointment({ id: idOf('appointment', 1), startsAt: at('2026-11-25 10:00') });
    expect(
      refusalOf(decide(clinicOf({ appointments: [there] }), 'appointment.book', bookAt('10:00'))),
    ).toEqual(['exists']);
  });

  it('writes to the patient after three minutes, on each channel that was agreed to', () => {
    const { notifications } = must(clinicOf(), 'appointment.book', bookAt('10:00'));
    expect(notifications.map(({ channel, kind, dueAt }) => [channel, kind, dueAt - now])).toEqual([
      ['email', 'confirmed', 180_000],
      ['sms', 'confirmed', 180_000],
    ]);
  });

  it("keeps a doctor to the doctor's own agenda", () => {
    const facts = clinicOf(twoDoctors);
    must(facts, 'appointment.book', bookAt('10:00'), by(doctor));
    expect(
      refusalOf(run(facts, 'appointment.book', { ...bookAt('12:00', 2), doctorId: second }, by(doctor))),
    ).toEqual(['not-allowed']);
  });

  it('judges an act of the desk at the time that it was made', () => {
    const late = contextOf({ madeAt: on('07:00'), now: on('12:00') });
    expect(refusalOf(decide(clinicOf(), 'appointment.book', bookAt('10:00'), late))).toBeNull();
    expect(
      refusalOf(decide(clinicOf(), 'appointment.book', bookAt('10:00'), contextOf({ now: on('12:00') }))),
    ).toEqual(['slot past']);
  });

  it('takes another length where one is given', () => {
    const facts = clinicOf();
    must(facts, 'appointment.book', { ...bookAt('10:00'), durationMinutes: 60 });
    expect(visitOf(facts)).toMatchObject({ endsAt: on('11:00'), reservedUntil: on('11:05') });
  });

  it('books for the record that another was merged into', () => {
    const merged = aPatient({ id: idOf('patient', 3), mergedIntoId: patientId });
    const facts = clinicOf({ patients: [aPatient(), merged] });
    must(facts, 'appointment.book', { ...bookAt('10:00'), patientId: merged.id });
    expect(visitOf(facts).patientId).toBe(patientId);
  });

  it('names the zone of the place in its refusal', () => {
    const facts = clinicOf({ locations: [aLocation({ timeZone: 'Asia/Kolkata' as never })] });
    expect(decide(facts, 'appointment.book', { ...bookAt('10:00'), startsAt: on('23:00') })).toMatchObject({
      reasons: [{ code: 'slot', timeZone: 'Asia/Kolkata' }],
    });
  });
});

describe('a patient with another visit at that time', () => {
  const elsewhere = anAppointment({ doctorId: second, startsAt: on('10:15'), id: idOf('appointment', 8) });

  it('is a warning, which staff may set aside', () => {
    const facts = clinicOf({ ...twoDoctors, appointments: [elsewhere] });
    const warned = decide(facts, 'appointment.book', bookAt('10:00'));
    expect(warned).toMatchObject({
      reasons: [{ code: 'same-patient', appointmentId: elsewhere.id, startsAt: elsewhere.startsAt }],
    });
    expect(warned.kind === 'refused' && warned.alternatives.length).toBeGreaterThan(0);
    must(facts, 'appointment.book', { ...bookAt('10:00'), overrides: ['same-patient'] });
  });

  it('is told together with a visitor’s hold, and not of the visit that takes the time itself', () => {
    const facts = clinicOf({ ...twoDoctors, appointments: [elsewhere] });
    must(facts, 'slot.hold', holdAt('10:00'), by(visitor));
    expect(refusalOf(decide(facts, 'appointment.book', bookAt('10:00')))).toEqual([
      'slot hold',
      'same-patient',
    ]);
    must(facts, 'appointment.book', { ...bookAt('10:00'), overrides: ['hold', 'same-patient'] });
    expect(refusalOf(decide(facts, 'appointment.book', bookAt('10:00', 2)))).toEqual([
      'slot visit',
      'same-patient',
    ]);
    expect(decide(facts, 'appointment.book', bookAt('10:00', 2))).toMatchObject({
      reasons: [{ code: 'slot' }, { appointmentId: elsewhere.id }],
    });
  });

  it('is none where the visits touch, or the other one keeps no time', () => {
    const after = { ...elsewhere, startsAt: on('10:30'), endsAt: on('11:00') };
    const before = { ...elsewhere, startsAt: on('09:30'), endsAt: on('10:00') };
    for (const other of [before, after, { ...elsewhere, status: 'cancelled' as const }]) {
      const facts = clinicOf({ ...twoDoctors, appointments: [other] });
      expect(refusalOf(decide(facts, 'appointment.book', bookAt('10:00')))).toBeNull();
    }
  });

  it('warns of a move as well', () => {
    const facts = clinicOf({ ...twoDoctors, appointments: [elsewhere] });
    must(facts, 'appointment.book', bookAt('12:00'));
    const { doctorId, locationId } = visitOf(facts);
    const move = {
      appointmentId: visitOf(facts).id,
      doctorId,
      locationId,
      startsAt: on('10:00'),
      durationMinutes: null,
    };
    expect(refusalOf(decide(facts, 'appointment.reschedule', move))).toEqual(['same-patient']);
    must(facts, 'appointment.reschedule', { ...move, overrides: ['same-patient'] });
  });
});

describe('overbook', () => {
  const args = { ...bookAt('10:00'), reason: 'In pain' };
  const taken = anAppointment({ startsAt: on('10:00'), patientId: idOf('patient', 2) });

  it('puts a visit over another, with the reason in the visit and its timeline', () => {
    const facts = clinicOf({ appointments: [taken] });
    must(facts, 'appointment.overbook', args, by(overbooker));
    expect(visitOf(facts)).toMatchObject({
      overbooked: true,
      roomOverbooked: false,
      overbookReason: 'In pain',
      events: [{ act: 'appointment.overbook', reason: 'In pain' }],
    });
  });

  it('is a right of its own, and wants a reason', () => {
    expect(refusalOf(decide(clinicOf(), 'appointment.overbook', args))).toEqual(['not-allowed']);
    expect(refusalOf(decide(clinicOf(), 'appointment.overbook', args, by(doctor)))).toEqual(['not-allowed']);
    expect(() => decide(clinicOf(), 'appointment.overbook', { ...args, reason: ' ' })).toThrow();
  });

  it('goes over hours, blocks and the grid, and never over what is past', () => {
    const facts = clinicOf();
    must(facts, 'appointment.overbook', { ...args, startsAt: on('18:05') }, by(overbooker));
    expect(visitOf(facts)).toMatchObject({ overbooked: true });
    expect(
      refusalOf(run(facts, 'appointment.overbook', { ...args, ...bookAt('06:00', 2) }, by(overbooker))),
    ).toEqual(['slot past']);
  });

  it('is a visit like any other where nothing forbids it', () => {
    const facts = clinicOf();
    must(facts, 'appointment.overbook', args, by(overbooker));
    expect(visitOf(facts)).toMatchObject({ overbooked: false, overbookReason: '' });
  });

  it('keeps its time: a normal visit over it is refused', () => {
    const facts = clinicOf();
    must(facts, 'appointment.overbook', { ...args, startsAt: on('18:00') }, by(overbooker));
    const extra = { ...bookAt('18:00', 2), patientId: idOf('patient', 2) };
    expect(refusalOf(decide(facts, 'appointment.book', extra))).toContain('slot visit');
  });

  it('shares its slot with no group', () => {
    const facts = clinicOf({ type: { capacity: 2, slotStepMinutes: 30, bufferAfterMinutes: 0 } });
    must(facts, 'appointment.book', { ...bookAt('10:00', 2), patientId: idOf('patient', 2) });
    must(facts, 'appointment.book', bookAt('10:00', 3));
    const full = { ...args, overrides: ['same-patient' as const] };
    must(facts, 'appointment.overbook', full, by(overbooker));
    expect(visitOf(facts)).toMatchObject({ overbooked: true, capacity: 1, seat: 1 });
  });

  it('lets a visitor’s hold go', () => {
    const facts = clinicOf({ appointments: [taken] });
    must(
      facts,
      'slot.hold',
      {
        holdId: idOf('slotHold', 1),
        doctorId: taken.doctorId,
        locationId: taken.locationId,
        appointmentTypeId: taken.appointmentTypeId,
        startsAt: on('10:30'),
      },
      by(visitor),
    );
    must(facts, 'appointment.overbook', { ...args, startsAt: on('10:15') }, by(overbooker));
    expect(facts.has('slotHold', idOf('slotHold', 1))).toBe(false);
  });
});

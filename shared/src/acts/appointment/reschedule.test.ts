import { describe, expect, it } from 'vitest';
import {
  aClinic,
  aDoctor,
  aLocation,
  anAppointment,
  anAppointmentType,
  aTemplate,
  at,
  doctorId,
  idOf,
  locationId,
  time,
} from '../../testing/builders';
import type { ActArgs } from '../registry';
import {
  bookAt,
  by,
  clinicOf,
  decide,
  doctor,
  holdAt,
  must,
  now,
  on,
  overbooker,
  patient,
  refusalOf,
  run,
  visitOf,
  visitor,
} from '../testing/acting';

const visit = anAppointment({ startsAt: on('10:00'), id: idOf('appointment', 1), buffers: [0, 5] });
/** Two days ahead, so that the clinic's day of notice is kept. */
const ahead = anAppointment({ startsAt: at('2026-11-26 10:00'), id: idOf('appointment', 1) });
const move = (clock: string): ActArgs<'appointment.reschedule'> => ({
  appointmentId: visit.id,
  doctorId,
  locationId,
  startsAt: on(clock),
  durationMinutes: null,
});
const second = idOf('doctor', 2);

describe('reschedule', () => {
  it('is not in its own way', () => {
    expect(
      refusalOf(decide(clinicOf({ appointments: [visit] }), 'appointment.reschedule', move('10:15'))),
    ).toBeNull();
  });

  it('raises SEQUENCE and says from where to where', () => {
    expect(
      decide(clinicOf({ appointments: [visit] }), 'appointment.reschedule', move('11:00')),
    ).toMatchObject({
      changes: [{ record: { sequence: visit.sequence + 1 } }],
      events: [{ changed: { startsAt: [visit.startsAt, on('11:00')] } }],
      notifications: [{ kind: 'moved' }, { kind: 'moved' }],
    });
  });

  it('frees the old slot in the same commit', () => {
    const facts = clinicOf({ appointments: [visit] });
    must(facts, 'appointment.reschedule', move('11:00'));
    must(facts, 'appointment.book', bookAt('10:00', 2));
  });

  it('changes nothing when nothing changes', () => {
    const facts = clinicOf({ appointments: [{ ...visit, overbooked: true, overbookReason: 'urgent' }] });
    expect(must(facts, 'appointment.reschedule', move('10:00'))).toMatchObject({
      changes: [],
      events: [],
      notifications: [],
    });
  });

  it('refuses a taken time with the nearest free ones', () => {
    const other = anAppointment({ startsAt: on('12:00'), patientId: idOf('patient', 2) });
    const decision = decide(
      clinicOf({ appointments: [visit, other] }),
      'appointment.reschedule',
      move('12:00'),
    );
    expect(refusalOf(decision)).toEqual(['slot visit']);
    expect(decision.kind === 'refused' && decision.alternatives.length).toBeGreaterThan(0);
  });

  it('moves no visit that is over', () => {
    const facts = clinicOf({ appointments: [{ ...visit, status: 'fulfilled' }] });
    expect(run(facts, 'appointment.reschedule', move('11:00'))).toMatchObject({
      reasons: [{ code: 'status', from: 'fulfilled' }],
    });
  });

  it('forgets that the patient said they come, and keeps their links', () => {
    const facts = clinicOf({ appointments: [{ ...visit, confirmedAt: now, linkVersion: 3 }] });
    must(facts, 'appointment.reschedule', move('11:00'));
    expect(visitOf(facts)).toMatchObject({ confirmedAt: null, linkVersion: 3 });
  });

  it('goes to another doctor, place and type, with that type’s length and buffers', () => {
    const [elsewhere, long] = [idOf('location', 2), idOf('appointmentType', 2)];
    const facts = clinicOf({
      locations: [aLocation(), aLocation({ id: elsewhere })],
      doctors: [aDoctor(), aDoctor({ id: second, at: [elsewhere] })],
      types: [anAppointmentType({ id: long, durationMinutes: 60, bufferBeforeMinutes: 10, at: [elsewhere] })],
      templates: [
        aTemplate({
          weekday: 2,
          doctorId: second,
          locationId: elsewhere,
          opensAt: time('08:00'),
          closesAt: time('16:00'),
        }),
      ],
      appointments: [visit],
    });
    const args = { ...move('11:00'), doctorId: second, locationId: elsewhere, appointmentTypeId: long };
    expect(refusalOf(decide(facts, 'appointment.reschedule', args, by(doctor)))).toEqual(['not-allowed']);
    const { events } = must(facts, 'appointment.reschedule', args);
    expect(visitOf(facts)).toMatchObject({ endsAt: on('12:00'), reservedFrom: on('10:50') });
    expect(Object.keys(events[0]?.changed ?? {})).toEqual(
      expect.arrayContaining(['doctorId', 'locationId', 'appointmentTypeId']),
    );
  });
});

describe('moving what is overbooked', () => {
  const over = { ...visit, overbooked: true, roomOverbooked: true, overbookReason: 'urgent' };
  const other = anAppointment({ startsAt: on('12:00'), patientId: idOf('patient', 2) });

  it('makes it stand on its own feet', () => {
    const facts = clinicOf({ appointments: [over] });
    must(facts, 'appointment.reschedule', move('11:00'));
    expect(visitOf(facts)).toMatchObject({ overbooked: false, roomOverbooked: false, overbookReason: '' });
  });

  it('overbooks it anew only by who has the right, with a reason', () => {
    const facts = clinicOf({ appointments: [over, other] });
    const args = { ...move('12:00'), overbook: { reason: 'Still urgent' } };
    expect(refusalOf(run(facts, 'appointment.reschedule', args))).toEqual(['not-allowed']);
    must(facts, 'appointment.reschedule', args, by(overbooker));
    expect(visitOf(facts)).toMatchObject({ overbooked: true, overbookReason: 'Still urgent' });
  });
});

describe('a patient moves their own visit', () => {
  const later = { ...move('10:00'), startsAt: at('2026-11-26 11:00') };

  it('until the clinic’s window closes, counted to the time that it had', () => {
    const facts = clinicOf({ appointments: [ahead] });
    const latest = at('2026-11-25 10:00');
    expect(refusalOf(decide(facts, 'appointment.reschedule', later, by(patient, latest)))).toBeNull();
    const closed = decide(facts, 'appointment.reschedule', later, by(patient, (latest + 1) as never));
    expect(closed).toMatchObject({ reasons: [{ code: 'window', minutes: 1440, latestAt: latest }] });
  });

  it('is told whom to ring where the window has closed', () => {
    const facts = clinicOf({ clinic: aClinic({ phone: '+48225550100' }), appointments: [visit] });
    expect(run(facts, 'appointment.reschedule', move('12:00'), by(patient))).toMatchObject({
      reasons: [{ code: 'window', phone: '+48225550100' }],
    });
    must(facts, 'appointment.reschedule', move('12:00'));
  });

  it('by the rules of booking online, at once confirmed', () => {
    const facts = clinicOf({ appointments: [ahead], type: { maxFutureDays: 3 } });
    expect(
      refusalOf(
        run(facts, 'appointment.reschedule', { ...later, startsAt: at('2026-11-30 10:00') }, by(patient)),
      ),
    ).toEqual(['slot too-far']);
    const { notifications } = must(facts, 'appointment.reschedule', later, by(patient));
    expect(notifications[0]).toMatchObject({ kind: 'moved', dueAt: now });
  });

  it('and nobody else’s, nor over anything', () => {
    const facts = clinicOf({ appointments: [ahead] });
    for (const actor of [visitor, { ...patient, id: idOf('patient', 2) }])
      expect(refusalOf(run(facts, 'appointment.reschedule', later, by(actor)))).toEqual(['not-allowed']);
    const over = { ...later, overbook: { reason: 'x' } };
    expect(refusalOf(run(facts, 'appointment.reschedule', over, by(patient)))).toEqual(['not-allowed']);
  });

  it('over the time that was kept for them, which goes with the move', () => {
    const facts = clinicOf({ appointments: [ahead] });
    must(facts, 'slot.hold', { ...holdAt('10:00'), startsAt: later.startsAt }, by(patient));
    must(facts, 'appointment.reschedule', later, by(patient));
    expect([...facts.all('slotHold')]).toEqual([]);
  });

  it('has the length that the clinic gave it', () => {
    const facts = clinicOf({ appointments: [ahead] });
    must(facts, 'appointment.reschedule', { ...later, durationMinutes: 120 }, by(patient));
    expect(visitOf(facts).endsAt).toBe(at('2026-11-26 11:30'));
  });

  it('asks again where it has to be accepted', () => {
    const facts = clinicOf({ appointments: [ahead], type: { needsAccepting: true } });
    const { notifications, events } = must(facts, 'appointment.reschedule', later, by(patient));
    expect(visitOf(facts).status).toBe('pending');
    expect(notifications[0]).toMatchObject({ kind: 'requested' });
    expect(events).toMatchObject([{ fromStatus: 'booked', toStatus: 'pending' }]);
  });

  it('books another time than the one that was suggested', () => {
    const facts = clinicOf({ appointments: [{ ...ahead, status: 'proposed' }] });
    must(facts, 'appointment.reschedule', later, by(patient));
    expect(visitOf(facts).status).toBe('booked');
  });
});

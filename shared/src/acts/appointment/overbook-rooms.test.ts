import { describe, expect, it } from 'vitest';
import { aDoctor, aLocation, anAppointment, aRoom, idOf } from '../../testing/builders';
import type { Facts } from '../facts';
import { bookAt, by, clinicOf, must, on, overbooker, refusalOf, run, visitOf } from '../testing/acting';

const one = aRoom({ id: idOf('room', 1), name: 'Room 1' });
const two = aRoom({ id: idOf('room', 2), name: 'Room 2', sortOrder: 1 });
const second = idOf('doctor', 2);
const args = { ...bookAt('10:00'), reason: 'In pain' };

/** The first doctor is free or not; Room 1 is taken by the second doctor from 10:00. */
function clinicWith(rooms: (typeof one)[], doctorIsBusy: boolean): Facts {
  const inRoom = { startsAt: on('10:00'), patientId: idOf('patient', 2) };
  return clinicOf({
    type: { needsRoom: true },
    locations: [aLocation({ rooms })],
    doctors: [aDoctor(), aDoctor({ id: second })],
    appointments: [
      anAppointment({ ...inRoom, doctorId: second, roomId: one.id }),
      ...(doctorIsBusy ? [anAppointment(inRoom)] : []),
    ],
  });
}

describe('doctor and room are overbooked apart', () => {
  it('the doctor alone, where another room is free', () => {
    const facts = clinicWith([one, two], true);
    must(facts, 'appointment.overbook', args, by(overbooker));
    expect(visitOf(facts)).toMatchObject({ overbooked: true, roomOverbooked: false, roomId: two.id });
  });

  it('the room alone, where the doctor is free', () => {
    const facts = clinicWith([one], false);
    expect(refusalOf(run(facts, 'appointment.overbook', args, by(overbooker)))).toEqual(['slot room-taken']);
    must(facts, 'appointment.overbook', { ...args, room: true }, by(overbooker));
    expect(visitOf(facts)).toMatchObject({ overbooked: false, roomOverbooked: true, roomId: one.id });
  });

  it('both, where both are taken', () => {
    const facts = clinicWith([one], true);
    expect(refusalOf(run(facts, 'appointment.overbook', args, by(overbooker)))).toEqual(['slot room-taken']);
    must(facts, 'appointment.overbook', { ...args, room: true }, by(overbooker));
    expect(visitOf(facts)).toMatchObject({ overbooked: true, roomOverbooked: true, roomId: one.id });
  });

  it('the room of a group too: over its doctor a visit shares nothing with it', () => {
    const seats = [1, 2].map((seat) =>
      anAppointment({
        startsAt: on('10:00'),
        patientId: idOf('patient', 2),
        roomId: one.id,
        capacity: 2,
        seat,
      }),
    );
    const facts = clinicOf({
      type: { needsRoom: true, capacity: 2 },
      locations: [aLocation({ rooms: [one] })],
      appointments: seats,
    });
    expect(refusalOf(run(facts, 'appointment.overbook', args, by(overbooker)))).toEqual(['slot room-taken']);
    must(facts, 'appointment.overbook', { ...args, room: true }, by(overbooker));
    expect(visitOf(facts)).toMatchObject({ overbooked: true, roomOverbooked: true, capacity: 1 });
  });

  it('never, where there is no room at all', () => {
    const facts = clinicWith([], false);
    expect(refusalOf(run(facts, 'appointment.overbook', { ...args, room: true }, by(overbooker)))).toEqual([
      'slot no-room',
    ]);
  });
});

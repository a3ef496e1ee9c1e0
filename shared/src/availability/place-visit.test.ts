import { describe, expect, test } from 'vitest';
import {
  aHold,
  aLocation,
  anAppointment,
  anAppointmentType,
  aRoom,
  aTemplate,
  at,
  doctorId,
  idOf,
  locationId,
} from '../testing/builders';
import { type FactsParts, factsOf } from '../testing/facts-of';
import { placeVisit } from './place-visit';
import type { PlacementRequest } from './query';
import { mondayRequest } from './testing/monday';

/** How a visit would stand on the Monday, with the doctor who works 08:00 to 16:00. */
function place(parts: FactsParts, clock: string, fields: Partial<PlacementRequest> = {}) {
  return placeVisit(factsOf({ templates: [aTemplate()], ...parts }), mondayRequest(clock, fields));
}

test('the reserved range is the visit with the type’s buffers', () => {
  const types = [anAppointmentType({ bufferBeforeMinutes: 10, bufferAfterMinutes: 5 })];
  expect(place({ types }, '09:00')).toEqual({
    reasons: [],
    slot: {
      doctorId,
      locationId,
      roomId: null,
      startsAt: at('2026-11-23 09:00'),
      endsAt: at('2026-11-23 09:30'),
      reservedFrom: at('2026-11-23 08:50'),
      reservedUntil: at('2026-11-23 09:35'),
      seatsLeft: 1,
      seat: 1,
      capacity: 1,
    },
  });
});

test('where something forbids it there is no slot', () => {
  const { slot, reasons } = place({ appointments: [anAppointment()] }, '09:00');
  expect(slot).toBeNull();
  expect(reasons).toHaveLength(1);
});

describe('a length of its own', () => {
  test('ends the visit later', () => {
    expect(place({}, '09:00', { durationMinutes: 50 }).slot?.endsAt).toBe(at('2026-11-23 09:50'));
  });
  test('counts for the hours', () => {
    expect(place({}, '15:30', { durationMinutes: 50 }).reasons[0]?.code).toBe('outside-hours');
  });
  test('counts for others', () => {
    const appointments = [anAppointment({ startsAt: at('2026-11-23 09:45') })];
    expect(place({ appointments }, '09:00', { durationMinutes: 50 }).reasons[0]?.code).toBe('visit');
    expect(place({ appointments }, '09:00', { durationMinutes: 45 }).reasons).toEqual([]);
  });
  test('of nothing is refused', () => {
    expect(() => place({}, '09:00', { durationMinutes: 0 })).toThrow(/duration 0/);
  });
});

describe('the seat', () => {
  const types = [anAppointmentType({ capacity: 4 })];

  test('is the lowest that is free', () => {
    const appointments = [1, 3].map((seat) => anAppointment({ capacity: 4, seat }));
    expect(place({ types, appointments }, '09:00').slot).toMatchObject({
      seat: 2,
      seatsLeft: 2,
      capacity: 4,
    });
  });
  test('of a cancelled visit is free again', () => {
    const appointments = [anAppointment({ capacity: 4, status: 'cancelled' })];
    expect(place({ types, appointments }, '09:00').slot).toMatchObject({ seat: 1, seatsLeft: 4 });
  });
  test('has no number while it is held: it only leaves one less', () => {
    expect(place({ types, holds: [aHold({ capacity: 4 })] }, '09:00').slot).toMatchObject({
      seat: 1,
      seatsLeft: 3,
    });
  });
});

describe('the room', () => {
  const one = aRoom({ id: idOf('room', 1), sortOrder: 2 });
  const two = aRoom({ id: idOf('room', 2), sortOrder: 1 });
  const locations = [aLocation({ rooms: [one, two] })];
  const types = [anAppointmentType({ needsRoom: true })];
  const roomOf = (parts: FactsParts, fields: Partial<PlacementRequest> = {}) =>
    place({ locations, types, ...parts }, '09:00', fields).slot?.roomId;

  test('is chosen as in the search', () => {
    expect(roomOf({})).toBe(two.id);
    const taken = anAppointment({ doctorId: idOf('doctor', 2), roomId: two.id });
    expect(roomOf({ appointments: [taken] })).toBe(one.id);
  });
  test('is the one that is asked for', () => {
    expect(roomOf({}, { roomId: one.id })).toBe(one.id);
  });
  test('is chosen for a type that needs one although none is asked for', () => {
    expect(roomOf({}, { roomId: null })).toBe(two.id);
  });
  test('is none where none is asked for and the type needs none', () => {
    const templates = [aTemplate({ roomId: one.id })];
    expect(roomOf({ types: [anAppointmentType()], templates })).toBe(one.id);
    expect(roomOf({ types: [anAppointmentType()], templates }, { roomId: null })).toBeNull();
  });
});

test('the visit that is being moved is not in its own way', () => {
  const visit = anAppointment();
  expect(place({ appointments: [visit] }, '09:00', { ignoreAppointmentId: visit.id }).slot).not.toBeNull();
});

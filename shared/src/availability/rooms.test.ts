import { describe, expect, test } from 'vitest';
import {
  aDoctor,
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
  time,
} from '../testing/builders';
import type { FactsParts } from '../testing/facts-of';
import { clocks } from './testing/clock';
import { now, mondaySlots as slots } from './testing/monday';

const one = aRoom({ id: idOf('room', 1), name: 'Room 1', sortOrder: 1 });
const two = aRoom({ id: idOf('room', 2), name: 'Room 2', sortOrder: 2 });
const gym = aRoom({ id: idOf('room', 3), name: 'Gym', sortOrder: 3, features: ['gym', 'mirror'] });
const scanner = aRoom({ id: idOf('room', 4), name: 'Scanner', kind: 'equipment', features: ['ultrasound'] });
const otherDoctor = idOf('doctor', 2);

/** A type that needs a room, or one with a feature. */
function roomed(fields: Parameters<typeof anAppointmentType>[0] = {}) {
  return [anAppointmentType({ needsRoom: true, ...fields })];
}

/** The rooms of the Monday's four starts: `1 1 2 1`; `-` for a slot without one. */
function rooms(parts: FactsParts = {}, query = {}): string {
  const locations = [aLocation({ rooms: [two, one, gym, scanner] })];
  return slots({ locations, types: roomed(), ...parts }, query)
    .map((slot) => [one, two, gym, scanner].findIndex((room) => room.id === slot.roomId) + 1 || '-')
    .join(' ');
}

/** Another doctor's visit at 09:00. */
function taken(room: { id: string }, fields: Parameters<typeof anAppointment>[0] = {}) {
  return anAppointment({ doctorId: otherDoctor, roomId: room.id, ...fields });
}

describe('from the pool', () => {
  test('the first in order is taken where the hours name none', () => {
    expect(rooms()).toBe('1 1 1 1');
  });
  test('the order is the place’s own, not that of ids', () => {
    expect(rooms({ locations: [aLocation({ rooms: [{ ...one, sortOrder: 9 }, two] })] })).toBe('2 2 2 2');
  });
  test('of rooms of one order the lower id comes first', () => {
    const locations = [aLocation({ rooms: [{ ...two, sortOrder: 1 }, one] })];
    expect(rooms({ locations })).toBe('1 1 1 1');
  });
  test('where another’s visit is in it, the next is taken, and hours go on', () => {
    expect(rooms({ appointments: [taken(one)] })).toBe('1 1 2 1');
  });
  test('a room of another place is no room here', () => {
    const there = aLocation({ id: idOf('location', 2), rooms: [one] });
    expect(slots({ locations: [aLocation(), there], types: roomed() })).toEqual([]);
  });
  test('an inactive room is no room', () => {
    expect(rooms({ locations: [aLocation({ rooms: [{ ...one, active: false }] })] })).toBe('');
  });
  test('without any room a type that needs one has no slots', () => {
    expect(rooms({ locations: [aLocation()] })).toBe('');
  });
});

describe('from the hours', () => {
  test('the room that they name comes first', () => {
    expect(rooms({ templates: [aTemplate({ closesAt: time('10:00'), roomId: two.id })] })).toBe('2 2 2 2');
  });
  test('where it is taken, another of the pool is', () => {
    const templates = [aTemplate({ closesAt: time('10:00'), roomId: two.id })];
    expect(rooms({ templates, appointments: [taken(two)] })).toBe('2 2 1 2');
  });
  test('it changes with the hours that name it', () => {
    const templates = [
      aTemplate({ closesAt: time('09:00'), roomId: one.id }),
      aTemplate({ opensAt: time('09:00'), closesAt: time('10:00'), roomId: two.id }),
    ];
    expect(rooms({ templates })).toBe('1 1 2 2');
  });
  test('it is passed over where it lacks what the type needs', () => {
    const templates = [aTemplate({ closesAt: time('10:00'), roomId: one.id })];
    expect(rooms({ types: roomed({ roomFeature: 'gym' }), templates })).toBe('3 3 3 3');
  });
  test('a type that needs none takes it when it is free, and goes without when not', () => {
    const templates = [aTemplate({ closesAt: time('10:00'), roomId: one.id })];
    expect(rooms({ types: [anAppointmentType()], templates, appointments: [taken(one)] })).toBe('1 1 - 1');
  });
  test('a room of another place that they name is no room here', () => {
    const templates = [aTemplate({ closesAt: time('10:00'), roomId: two.id })];
    const locations = [aLocation({ rooms: [one] }), aLocation({ id: idOf('location', 2), rooms: [two] })];
    expect(rooms({ locations, templates })).toBe('1 1 1 1');
    expect(rooms({ locations, types: [anAppointmentType()], templates })).toBe('- - - -');
  });
  test('an inactive room that they name is no room', () => {
    const locations = [aLocation({ rooms: [{ ...one, active: false }, two] })];
    const templates = [aTemplate({ closesAt: time('10:00'), roomId: one.id })];
    expect(rooms({ locations, templates })).toBe('2 2 2 2');
    expect(rooms({ locations, types: [anAppointmentType()], templates })).toBe('- - - -');
  });
  test('where hours overlap, those that began first name it', () => {
    const templates = [
      aTemplate({ opensAt: time('08:30'), closesAt: time('10:00'), roomId: two.id }),
      aTemplate({ closesAt: time('09:00'), roomId: one.id }),
    ];
    expect(rooms({ templates })).toBe('1 1 2 2');
  });
  test('a type that needs none takes none of the pool', () => {
    expect(rooms({ types: [anAppointmentType()] })).toBe('- - - -');
  });
});

describe('what fits', () => {
  test('a type that asks for a feature takes a room that has it', () => {
    expect(rooms({ types: roomed({ roomFeature: 'mirror' }) })).toBe('3 3 3 3');
  });
  test('where every room with it is taken there is no slot, though others are free', () => {
    const types = roomed({ roomFeature: 'gym' });
    expect(rooms({ types, appointments: [taken(gym)] })).toBe('3 3 3');
  });
  test('where no room has it there are no slots', () => {
    expect(rooms({ types: roomed({ roomFeature: 'pool' }) })).toBe('');
  });
  test('equipment serves a type that asks for what it has', () => {
    expect(rooms({ types: roomed({ roomFeature: 'ultrasound' }) })).toBe('4 4 4 4');
  });
  test('equipment is no room for a type that asks for nothing special', () => {
    expect(rooms({ locations: [aLocation({ rooms: [scanner] })] })).toBe('');
  });
});

describe('for the whole reserved range', () => {
  test('the buffer after a visit must find the room free', () => {
    expect(rooms({ types: roomed({ bufferAfterMinutes: 5 }), appointments: [taken(one)] })).toBe('1 2 2 1');
  });
  test('the buffer before a visit must find the room free', () => {
    expect(rooms({ types: roomed({ bufferBeforeMinutes: 5 }), appointments: [taken(one)] })).toBe('1 1 2 2');
  });
  test('the buffers of the visit that is there count as well', () => {
    expect(rooms({ appointments: [taken(one, { buffers: [5, 5] })] })).toBe('1 2 2 2');
  });
  test('a visit may follow another at once', () => {
    const appointments = [taken(one, { startsAt: at('2026-11-23 08:30') })];
    expect(rooms({ locations: [aLocation({ rooms: [one] })], appointments })).toBe('1 1 1');
  });
});

describe('shared by two doctors', () => {
  const onlyOne = [aLocation({ rooms: [one] })];
  const both = {
    locations: onlyOne,
    types: roomed(),
    doctors: [aDoctor(), aDoctor({ id: otherDoctor })],
    templates: [doctorId, otherDoctor].map((doctor) =>
      aTemplate({ doctorId: doctor, roomId: one.id, closesAt: time('10:00') }),
    ),
  };
  const startsOf = (doctor: string, parts: FactsParts) =>
    clocks(slots({ ...both, ...parts }, { doctorIds: [doctor] }));

  test('a free room is offered to both at the same start', () => {
    expect(clocks(slots(both))).toBe('08:00 08:00 08:30 08:30 09:00 09:00 09:30 09:30');
  });
  test('a visit of one takes it from the other', () => {
    const appointments = [taken(one)];
    expect(startsOf(doctorId, { appointments })).toBe('08:00 08:30 09:30');
    expect(startsOf(otherDoctor, { appointments })).toBe('08:00 08:30 09:30');
  });
  test('a cancelled visit gives it back', () => {
    expect(startsOf(doctorId, { appointments: [taken(one, { status: 'cancelled' })] })).toBe(
      '08:00 08:30 09:00 09:30',
    );
  });
  test('a visit that was overbooked into it keeps it from others', () => {
    expect(startsOf(doctorId, { appointments: [taken(one, { roomOverbooked: true })] })).toBe(
      '08:00 08:30 09:30',
    );
  });
  test('a hold of the one keeps it from the other, until it expires', () => {
    const hold = { doctorId: otherDoctor, roomId: one.id };
    expect(startsOf(doctorId, { holds: [aHold(hold)] })).toBe('08:00 08:30 09:30');
    expect(startsOf(doctorId, { holds: [aHold({ ...hold, expiresAt: now })] })).toBe(
      '08:00 08:30 09:00 09:30',
    );
  });
  test('one’s own hold keeps it from nobody', () => {
    const holds = [aHold({ doctorId: otherDoctor, roomId: one.id, holder: 'me' })];
    expect(clocks(slots({ ...both, holds }, { doctorIds: [doctorId], holder: 'me' }))).toBe(
      '08:00 08:30 09:00 09:30',
    );
  });
  test('a visit of the one without a room leaves it to the other', () => {
    const appointments = [anAppointment({ doctorId: otherDoctor, roomId: null })];
    expect(startsOf(doctorId, { appointments })).toBe('08:00 08:30 09:00 09:30');
  });
});

describe('of a group', () => {
  const types = roomed({ capacity: 3 });

  test('is the room that its visits are in, which they do not take from it', () => {
    expect(rooms({ types, appointments: [anAppointment({ roomId: two.id, capacity: 3 })] })).toBe('1 1 2 1');
  });
  test('is kept although the hours name another', () => {
    const templates = [aTemplate({ closesAt: time('10:00'), roomId: one.id })];
    const appointments = [anAppointment({ roomId: two.id, capacity: 3 })];
    expect(rooms({ types, templates, appointments })).toBe('1 1 2 1');
  });
  test('given away over its head closes the group: it is not divided', () => {
    const appointments = [
      anAppointment({ roomId: two.id, capacity: 3 }),
      taken(two, { startsAt: at('2026-11-23 09:15') }),
    ];
    expect(rooms({ types, appointments })).toBe('1 1 1');
  });
  test('is held with the seat of a hold', () => {
    expect(rooms({ types, holds: [aHold({ roomId: two.id, capacity: 3 })] })).toBe('1 1 2 1');
  });
  test('is taken from other doctors’ groups', () => {
    const parts = {
      types,
      locations: [aLocation({ rooms: [one] })],
      appointments: [taken(one, { capacity: 3 })],
    };
    expect(rooms(parts)).toBe('1 1 1');
  });
});

test('the room is one of the slot’s own place', () => {
  const there = idOf('location', 2);
  const parts = {
    locations: [aLocation({ rooms: [one] }), aLocation({ id: there, rooms: [two] })],
    doctors: [aDoctor({ at: [locationId, there] })],
    types: roomed({ at: [locationId, there] }),
    templates: [
      aTemplate({ closesAt: time('08:30') }),
      aTemplate({ locationId: there, opensAt: time('08:30'), closesAt: time('09:00') }),
    ],
  };
  expect(rooms(parts)).toBe('1 2');
});

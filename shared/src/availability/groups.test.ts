import { describe, expect, test } from 'vitest';
import {
  aDoctor,
  aHold,
  anAppointment,
  anAppointmentType,
  aTemplate,
  at,
  doctorId,
  idOf,
  time,
} from '../testing/builders';
import type { FactsParts } from '../testing/facts-of';
import type { SlotQuery } from './query';
import { clocks } from './testing/clock';
import { now, mondaySlots as slots } from './testing/monday';

const ofThree = anAppointmentType({ capacity: 3 });
const nineOClock = at('2026-11-23 09:00');

/** A visit of a group of three, at 09:00. */
function nine(fields: Parameters<typeof anAppointment>[0] = {}) {
  return anAppointment({ capacity: 3, ...fields });
}

/** Seats left at 09:00 in a group of three; undefined when it is not offered. */
function seatsAtNine(parts: FactsParts, query: Partial<SlotQuery> = {}): number | undefined {
  return slots({ types: [ofThree], ...parts }, query).find((slot) => slot.startsAt === nineOClock)?.seatsLeft;
}

describe('seats', () => {
  test('an empty group has all of them', () => {
    expect(seatsAtNine({})).toBe(3);
  });
  test('each visit takes one', () => {
    expect(seatsAtNine({ appointments: [nine(), nine({ seat: 2 })] })).toBe(1);
  });
  test('a full group is not offered', () => {
    expect(seatsAtNine({ appointments: [nine(), nine({ seat: 2 }), nine({ seat: 3 })] })).toBeUndefined();
  });
  test('a group with more visits than seats, since the type was made smaller, is full', () => {
    const four = [1, 2, 3, 4].map((seat) => anAppointment({ capacity: 4, seat }));
    expect(seatsAtNine({ appointments: four })).toBeUndefined();
  });
  test('a request takes one, a cancelled visit none', () => {
    expect(seatsAtNine({ appointments: [nine({ status: 'pending' })] })).toBe(2);
    expect(seatsAtNine({ appointments: [nine({ status: 'cancelled' })] })).toBe(3);
  });
  test('a visit without length takes none', () => {
    expect(seatsAtNine({ appointments: [nine({ endsAt: nineOClock })] })).toBe(3);
  });
  test('a live hold of another takes one', () => {
    expect(seatsAtNine({ appointments: [nine()], holds: [aHold({ capacity: 3 })] })).toBe(1);
  });
  test('the last one may be held by another: then the group is not offered', () => {
    const appointments = [nine(), nine({ seat: 2 })];
    expect(seatsAtNine({ appointments, holds: [aHold({ capacity: 3 })] })).toBeUndefined();
  });
  test('one’s own hold takes none', () => {
    const holds = [aHold({ capacity: 3, holder: 'me' })];
    expect(seatsAtNine({ appointments: [nine()], holds }, { holder: 'me' })).toBe(2);
  });
  test('an expired hold takes none', () => {
    expect(seatsAtNine({ holds: [aHold({ capacity: 3, expiresAt: now })] })).toBe(3);
  });
  test('the visit that is being moved leaves its own', () => {
    const id = idOf('appointment', 1);
    expect(
      seatsAtNine({ appointments: [nine({ id }), nine({ seat: 2 })] }, { ignoreAppointmentId: id }),
    ).toBe(2);
  });
  test('other starts keep all of theirs', () => {
    const types = [ofThree];
    expect(slots({ types, appointments: [nine()] }).map((slot) => slot.seatsLeft)).toEqual([3, 3, 2, 3]);
  });
});

describe('what is shared', () => {
  test('a group that begins at another time blocks as any visit does', () => {
    expect(seatsAtNine({ appointments: [nine({ startsAt: at('2026-11-23 08:45') })] })).toBeUndefined();
  });
  test('a group of another type shares nothing', () => {
    const appointmentTypeId = idOf('appointmentType', 2);
    expect(seatsAtNine({ appointments: [nine({ appointmentTypeId })] })).toBeUndefined();
  });
  test('a group at another place shares nothing', () => {
    expect(seatsAtNine({ appointments: [nine({ locationId: idOf('location', 2) })] })).toBeUndefined();
  });
  test('another doctor’s group at the same start leaves this doctor’s alone', () => {
    const other = idOf('doctor', 2);
    const parts = {
      types: [ofThree],
      doctors: [aDoctor(), aDoctor({ id: other })],
      templates: [doctorId, other].map((doctor) => aTemplate({ doctorId: doctor, closesAt: time('10:00') })),
      appointments: [nine({ doctorId: other })],
    };
    const nines = slots(parts, { doctorIds: [doctorId, other] }).filter(
      (slot) => slot.startsAt === nineOClock,
    );
    expect(nines.map((slot) => slot.seatsLeft)).toEqual([3, 2]);
  });
  test('a visit of one, of the same type, from before it was a group, blocks', () => {
    expect(seatsAtNine({ appointments: [anAppointment()] })).toBeUndefined();
  });
  test('a hold for another type closes a group that has seats', () => {
    const holds = [aHold({ appointmentTypeId: idOf('appointmentType', 2) })];
    expect(seatsAtNine({ appointments: [nine()], holds })).toBeUndefined();
  });
  test('the buffers of a group keep its neighbours away, but not those who join it', () => {
    const types = [anAppointmentType({ capacity: 3, bufferAfterMinutes: 10 })];
    const found = slots({ types, appointments: [nine({ buffers: [0, 10] })] });
    expect(clocks(found)).toBe('08:00 09:00');
  });
});

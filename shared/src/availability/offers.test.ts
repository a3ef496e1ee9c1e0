import { describe, expect, test } from 'vitest';
import type { AppointmentTypeLocation } from '../model/appointment-type';
import {
  aDoctor,
  aLocation,
  anAppointmentType,
  appointmentTypeId,
  aTemplate,
  clinicId,
  doctorId,
  idOf,
  locationId,
  time,
} from '../testing/builders';
import { mondaySlots as slots } from './testing/monday';

const otherDoctor = idOf('doctor', 2);
const otherPlace = idOf('location', 2);

/** Two doctors, each with an hour at both places at once: what is offered shows who may see whom where. */
const everybody = {
  doctors: [
    aDoctor({ at: [locationId, otherPlace] }),
    aDoctor({ id: otherDoctor, at: [locationId, otherPlace] }),
  ],
  locations: [aLocation(), aLocation({ id: otherPlace })],
  templates: [doctorId, otherDoctor].flatMap((doctor) =>
    [locationId, otherPlace].map((place) =>
      aTemplate({ doctorId: doctor, locationId: place, closesAt: time('08:30') }),
    ),
  ),
};

/** A type offered at a place by every doctor there, or by one only. */
function offered(...places: [place: string, doctor: string | null][]) {
  return [
    anAppointmentType({
      places: places.map(
        ([place, doctor], n): AppointmentTypeLocation => ({
          id: idOf('appointmentTypeLocation', n),
          clinicId,
          appointmentTypeId,
          locationId: place,
          doctorId: doctor,
        }),
      ),
    }),
  ];
}

/** Who sees patients where: `1@2` is the first doctor at the second place. */
function who(types: ReturnType<typeof offered>, fields = {}): string {
  return slots({ ...everybody, types }, fields)
    .map((slot) => `${slot.doctorId === doctorId ? 1 : 2}@${slot.locationId === locationId ? 1 : 2}`)
    .sort()
    .join(' ');
}

describe('a type', () => {
  test('offered at a place is offered there by every doctor', () => {
    expect(who(offered([locationId, null]))).toBe('1@1 2@1');
  });
  test('offered by one doctor at a place is offered by no other and nowhere else', () => {
    expect(who(offered([otherPlace, otherDoctor]))).toBe('2@2');
  });
  test('may be offered by everybody here and by one doctor there', () => {
    expect(who(offered([locationId, null], [otherPlace, doctorId]))).toBe('1@1 1@2 2@1');
  });
  test('offered nowhere has no slots', () => {
    expect(who(offered())).toBe('');
  });
});

describe('asked for', () => {
  const everywhere = offered([locationId, null], [otherPlace, null]);

  test('nobody and nowhere in particular, every doctor is looked at in every place', () => {
    expect(who(everywhere)).toBe('1@1 1@2 2@1 2@2');
  });
  test('a place leaves out the others', () => {
    expect(who(everywhere, { locationId: otherPlace })).toBe('1@2 2@2');
  });
  test('a doctor leaves out the others', () => {
    expect(who(everywhere, { doctorIds: [otherDoctor] })).toBe('2@1 2@2');
  });
  test('doctor and place together', () => {
    expect(who(everywhere, { doctorIds: [otherDoctor], locationId })).toBe('2@1');
  });
});

test('hours at a place where the doctor does not work any more offer nothing', () => {
  expect(slots({ doctors: [aDoctor({ at: [] })] })).toEqual([]);
});

test.each(['doctor', 'place', 'type'])('an inactive %s has no slots', (what) => {
  const parts = {
    doctors: [aDoctor({ active: what !== 'doctor' })],
    locations: [aLocation({ active: what !== 'place' })],
    types: [anAppointmentType({ active: what !== 'type' })],
  };
  expect(slots(parts)).toEqual([]);
});

test('an inactive doctor has none when asked for by name either', () => {
  expect(slots({ doctors: [aDoctor({ active: false })] }, { doctorIds: [doctorId] })).toEqual([]);
});

test('an unknown doctor, place or type has no slots', () => {
  expect(slots({}, { doctorIds: [idOf('doctor', 9)] })).toEqual([]);
  expect(slots({}, { locationId: idOf('location', 9) })).toEqual([]);
  expect(slots({}, { appointmentTypeId: idOf('appointmentType', 9) })).toEqual([]);
});

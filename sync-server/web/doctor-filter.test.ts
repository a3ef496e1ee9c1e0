import { aDoctor, aLocation, anAppointmentType, aTemplate, at, idOf } from '@medic/shared/testing/builders';
import { factsOf } from '@medic/shared/testing/facts-of';
import { expect, test } from 'vitest';
import { filterChoices, filterDoctors } from './doctor-filter';
import { noFilter } from './route';
import { clinicApi } from './testing/clinic-api';

const second = aLocation({ id: idOf('location', 2), slug: 'second', name: 'Second' });
const doctors = [
  aDoctor({ name: 'Łukasz Żak', languages: ['pl'] }),
  aDoctor({ id: idOf('doctor', 2), name: 'Inès Müller', specialty: 'Dermatology', languages: ['fr', 'en'] }),
  aDoctor({
    id: idOf('doctor', 3),
    name: 'Bo Berg',
    specialty: 'Dermatology',
    languages: ['sv'],
    at: [second.id],
  }),
];
const now = at('2026-11-23 08:00');
const answer = await clinicApi(
  factsOf({
    doctors,
    locations: [aLocation({ slug: 'first' }), second],
    types: [anAppointmentType({ name: 'Mole check', at: [idOf('location', 1), second.id] })],
    templates: [aTemplate({ weekday: 3 }), aTemplate({ doctorId: idOf('doctor', 2), weekday: 2 })],
  }),
  now,
).clinic({ clinic: 'riverside' });
const names = (filter: Partial<typeof noFilter>) =>
  filterDoctors(answer, { ...noFilter, ...filter }).map((doctor) => doctor.name);

test('soonest first, those without a time last', () => {
  expect(names({})).toEqual(['Inès Müller', 'Łukasz Żak', 'Bo Berg']);
});

test.each([
  ['muller', ['Inès Müller']],
  ['INES', ['Inès Müller']],
  ['lukasz zak', ['Łukasz Żak']],
  ['dermat french', ['Inès Müller']],
  ['mole berg', ['Bo Berg']],
  ['nobody', []],
])('%s finds %o', (text, found) => {
  expect(names({ text })).toEqual(found);
});

test('specialty, place and language narrow it down together', () => {
  expect(names({ specialty: 'Dermatology' })).toEqual(['Inès Müller', 'Bo Berg']);
  expect(names({ specialty: 'Dermatology', place: 'second' })).toEqual(['Bo Berg']);
  expect(names({ place: 'second', language: 'en' })).toEqual([]);
  expect(names({ language: 'pl' })).toEqual(['Łukasz Żak']);
});

test('the choices are what the doctors have', () => {
  expect(filterChoices(answer).specialties).toEqual(['Dermatology', 'Family medicine']);
  expect(filterChoices(answer).languages.map(({ label }) => label)).toEqual([
    'English',
    'French',
    'Polish',
    'Swedish',
  ]);
});

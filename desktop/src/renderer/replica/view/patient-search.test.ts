import { aPatient, idOf } from '@medic/shared/testing/builders';
import { expect, it } from 'vitest';
import { PatientIndex } from './patient-search';

const index = new PatientIndex();
const people: [string, string, string, string][] = [
  ['Anna', 'Polańska', '1984-03-12', '+48601220418'],
  ['Piotr', 'Anczyk', '1990-11-02', '+48602000111'],
  ['Łukasz', 'Nowak-Zieliński', '1970-01-31', '+48603555777'],
  ['Jürgen', 'Groß', '2001-07-09', '+4915112345678'],
];
for (const [i, [givenName, familyName, birthDate, phone]] of people.entries()) {
  index.put(
    aPatient({ id: idOf('patient', i + 1), givenName, familyName, birthDate: birthDate as never, phone }),
  );
}
const find = (text: string) =>
  index.search(text, 10, [], () => undefined).map((hit) => hit.patient.familyName);

it.each([
  ['po an', 'Polańska'],
  ['an po', 'Polańska'],
  ['a p', 'Polańska'],
  ['pa', 'Polańska'],
  ['poa', 'Polańska'],
  ['anpo', 'Polańska'],
  ['lukasz', 'Nowak-Zieliński'],
  ['zielin', 'Nowak-Zieliński'],
  ['juergen gross', 'Groß'],
  ['jurgen', 'Groß'],
  ['1984-03-12', 'Polańska'],
  ['12.3.1984', 'Polańska'],
  ['12031984', 'Polańska'],
  ['601 220 418', 'Polańska'],
  ['555777', 'Nowak-Zieliński'],
])('finds by %s', (text, expected) => {
  expect(find(text)).toContain(expected);
});

it('finds nobody by letters that begin no name, by one digit or by nothing', () => {
  for (const text of ['olan', '6', '', 'xx yy']) expect(find(text), text).toEqual([]);
});

it('leads from the name of a merged record to the one that stayed, through every merge', () => {
  const merged = new PatientIndex();
  const person = (n: number, familyName: string, mergedIntoId: string | null) =>
    aPatient({ id: idOf('patient', n), givenName: 'Ewa', familyName, mergedIntoId });
  const [maiden, married, now] = [
    person(1, 'Wrona', idOf('patient', 2)),
    person(2, 'Kruk', idOf('patient', 3)),
    person(3, 'Sikora', null),
  ] as const;
  for (const patient of [maiden, married, now]) merged.put(patient);
  const search = (text: string) =>
    merged.search(text, 10, [], () => undefined).map(({ patient, formerName }) => [patient.id, formerName]);
  expect(search('wrona')).toEqual([[now.id, 'Wrona Ewa']]);
  expect(search('kruk ewa')).toEqual([[now.id, 'Kruk Ewa']]);
  expect(search('ewa')).toEqual([[now.id, undefined]]);
  // What waits to be sent counts too: the merge is shown before the server has heard of it.
  merged.put(person(1, 'Wrona', null));
  expect(search('wrona')).toEqual([[maiden.id, undefined]]);
  expect(
    merged.search('wrona', 10, [person(1, 'Wrona', idOf('patient', 3))], () => undefined)[0]?.patient.id,
  ).toBe(now.id);
});

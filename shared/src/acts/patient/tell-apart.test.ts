import { expect, it } from 'vitest';
import { aPatient, idOf } from '../../testing/builders';
import type { Facts } from '../facts';
import { by, clinicOf, decide, must, patient, reception, refusalOf } from '../testing/acting';
import { duplicatesOf } from './duplicates';

const [anna, ania, third] = [1, 2, 3].map((n) => idOf('patient', n)) as [string, string, string];
const twins = (): Facts =>
  clinicOf({ patients: [anna, ania, third].map((id) => aPatient({ id, email: 'home@example.org' })) });
const apart = { patientId: anna, otherId: ania, apart: true };

function suggestedFor(facts: Facts, id: string): string[] {
  const record = facts.get('patient', id);
  if (!record) throw new Error('no such patient');
  return duplicatesOf(record, facts.all('patient'), record)
    .map(({ patient: other }) => other.id)
    .sort();
}

it('two who were told apart are not suggested again, from either side', () => {
  const facts = twins();
  expect(suggestedFor(facts, anna)).toEqual([ania, third]);
  must(facts, 'patient.tell-apart', apart);
  expect(suggestedFor(facts, anna)).toEqual([third]);
  expect(suggestedFor(facts, ania)).toEqual([third]);
  expect(facts.get('patient', ania)?.apartFrom).toEqual([anna]);
  // Said twice it is said.
  expect(must(facts, 'patient.tell-apart', { ...apart, patientId: ania, otherId: anna }).changes).toEqual([]);
});

it('it can be taken back', () => {
  const facts = twins();
  must(facts, 'patient.tell-apart', apart);
  must(facts, 'patient.tell-apart', { ...apart, apart: false });
  expect(suggestedFor(facts, anna)).toEqual([ania, third]);
  expect(facts.get('patient', ania)?.apartFrom).toEqual([]);
});

it('a record takes along of whom it was told apart when it is merged, and back when that is undone', () => {
  const facts = twins();
  must(facts, 'patient.tell-apart', apart);
  const merge = { mergeId: idOf('merge', 1), keptId: third, mergedId: anna };
  must(facts, 'patient.merge', { ...merge, fields: {} });
  expect(suggestedFor(facts, third)).toEqual([]);
  expect(suggestedFor(facts, ania)).toEqual([]);
  must(facts, 'patient.unmerge', merge);
  expect(suggestedFor(facts, third)).toEqual([anna, ania]);
  expect(suggestedFor(facts, anna)).toEqual([third]);
});

it('two that were merged all the same are one, and stay told apart if that is undone', () => {
  const facts = twins();
  must(facts, 'patient.tell-apart', apart);
  const merge = { mergeId: idOf('merge', 1), keptId: anna, mergedId: ania };
  must(facts, 'patient.merge', { ...merge, fields: {} });
  expect(facts.get('patient', anna)?.apartFrom).toEqual([]);
  expect(refusalOf(decide(facts, 'patient.tell-apart', apart))).toEqual(['invalid']);
  must(facts, 'patient.unmerge', merge);
  expect(suggestedFor(facts, anna)).toEqual([third]);
});

it('a record that was made although others look like it is told apart from those', () => {
  const facts = twins();
  const { id: _, ...typed } = aPatient({ email: 'home@example.org' });
  const patientId = idOf('patient', 4);
  expect(refusalOf(decide(facts, 'patient.create', { ...typed, patientId }))).toEqual(['duplicate']);
  must(facts, 'patient.create', { ...typed, patientId, overrides: ['duplicate'] });
  expect(suggestedFor(facts, patientId)).toEqual([]);
  expect(suggestedFor(facts, anna)).toEqual([ania, third]);
});

it('is for the reception', () => {
  for (const actor of [patient, { ...reception, roles: ['doctor'] as const }])
    expect(refusalOf(decide(twins(), 'patient.tell-apart', apart, by(actor)))).toEqual(['not-allowed']);
});

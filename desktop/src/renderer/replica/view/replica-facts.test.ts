import { anAppointment, aPatient, idOf } from '@medic/shared/testing/builders';
import { expect, it } from 'vitest';
import type { StoredDocument } from '../store/schema';
import { ReplicaFacts } from './replica-facts';

function patientDocument(n: number, seq: number, familyName = `P${n}`): StoredDocument {
  const { deleted: _, ...patient } = aPatient({ id: idOf('patient', n), familyName });
  return { ...patient, seq, recordKind: 'patient' };
}

function familyNames(replica: ReplicaFacts): string[] {
  return [...replica.facts.all('patient')].map((patient) => patient.familyName).sort();
}

it('shows what was looked at ahead of the pull, and counts it as nothing that was pulled', () => {
  const replica = new ReplicaFacts();
  const heard: string[] = [];
  replica.subscribe((collection, changes) => heard.push(`${collection} ${changes.length}`));
  replica.showAhead('patients', [patientDocument(1, 5), patientDocument(2, 9)]);
  expect(familyNames(replica)).toEqual(['P1', 'P2']);
  expect(replica.reached('patients')).toBe(0);
  expect(replica.clinicSeq).toBe(0);
  expect([...replica.idsOf('patients')]).toEqual([]);
  expect(replica.holds('patients', { id: idOf('patient', 1), seq: 5, deleted: false })).toBe(false);
  expect(heard).toEqual(['patients 2']);
});

it('keeps of it at the end of the pull only what the pull brought, and as the pull brought it', () => {
  const replica = new ReplicaFacts();
  replica.showAhead('patients', [patientDocument(1, 5), patientDocument(2, 6), patientDocument(3, 7)]);
  replica.apply('patients', [
    { document: patientDocument(1, 8, 'Newer'), deleted: false },
    { document: patientDocument(2, 9), deleted: true },
  ]);
  expect(familyNames(replica)).toEqual(['Newer', 'P3']);
  const gone: string[] = [];
  replica.subscribe((_collection, changes) => {
    for (const { document, deleted } of changes) if (deleted) gone.push(document.id);
  });
  replica.endAhead('patients');
  expect(familyNames(replica)).toEqual(['Newer']);
  expect(gone).toEqual([idOf('patient', 3)]);
  expect(replica.reached('patients')).toBe(8);
});

it('never lays what was looked at ahead over what the store has', () => {
  const replica = new ReplicaFacts();
  replica.apply('patients', [{ document: patientDocument(1, 8, 'Stored'), deleted: false }]);
  replica.showAhead('patients', [patientDocument(1, 5, 'Older')]);
  replica.endAhead('patients');
  expect(familyNames(replica)).toEqual(['Stored']);
});

it('forgets the record of its kind also when it was only looked at', () => {
  const replica = new ReplicaFacts();
  const { deleted: _, ...visit } = anAppointment({ id: idOf('appointment', 1) });
  replica.showAhead('appointments', [{ ...visit, seq: 1, recordKind: 'appointment' }]);
  const tombstone = { id: visit.id, recordKind: 'appointment' as const, seq: 2 };
  replica.apply('appointments', [{ document: tombstone, deleted: true }]);
  expect(replica.facts.has('appointment', visit.id)).toBe(false);
});

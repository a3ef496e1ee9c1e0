import { Facts } from '@medic/shared/acts/facts';
import type { Intent } from '@medic/shared/model/intent';
import { aClinic, anAttentionItem, aPatient, idOf } from '@medic/shared/testing/builders';
import type { Instant } from '@medic/shared/time/instant';
import { expect, it } from 'vitest';
import { entryOfItem, entryOfPending } from './attention-words';
import { entryOfNotice } from './notice-words';

const at = 1_795_000_000_000 as Instant;

function anIntent(change: Partial<Intent>): Intent {
  return {
    id: idOf('intent', 1),
    clinicId: aClinic().id,
    seq: 0,
    deleted: false,
    deviceId: idOf('device', 1),
    n: 1,
    userId: idOf('user', 1),
    act: 'patient.create',
    actVersion: 1,
    args: {},
    baseSeq: 0,
    madeAt: at,
    status: 'pending',
    outcomeSeq: null,
    decidedAt: null,
    outcome: {},
    ...change,
  };
}

function someFacts(...intents: Intent[]): Facts {
  const facts = new Facts();
  facts.put('clinic', aClinic());
  facts.put('patient', aPatient());
  for (const intent of intents) facts.put('intent', intent);
  return facts;
}

it('says of a failed change what it was, why, and what to do', () => {
  const intent = anIntent({
    status: 'failed',
    args: { familyName: 'Novotny', givenName: 'Eva' },
    outcome: { code: 'input.invalid', message: 'This request is malformed' },
  });
  const entry = entryOfNotice({ kind: 'failed', id: intent.id, at, intent }, someFacts(intent));
  expect(entry).toMatchObject({ kind: 'failed', noticeId: intent.id, about: 'Novotny Eva' });
  expect(entry.reasons.join('. ')).toMatch(/malformed.*do it again/);
  const unknown = { ...intent, act: 'appointment.teleport' };
  expect(
    entryOfNotice({ kind: 'failed', id: intent.id, at, intent: unknown }, someFacts()).reasons[0],
  ).toMatch(/does not know/);
});

it('tells how a restore went, in numbers that agree', () => {
  const told = (again: number, refused: number, known: number) =>
    entryOfNotice({ kind: 'restored', id: 'r', at, again, refused, known }, someFacts()).reasons.join('. ');
  expect(told(12, 1, 3)).toMatch(/lost 12 changes.*sent them again.*1 of them is not possible/);
  expect(told(1, 0, 0)).toMatch(/lost 1 change of this desk, and was sent it again.*All are in place/);
  expect(told(0, 0, 2)).toMatch(/still had all 2 changes/);
  expect(told(0, 0, 0)).toMatch(/Nothing of this desk/);
});

it('tells what came from the journal, and what of it could not be read', () => {
  const told = (fromJournal: number, damaged: number, unreadable: number, lost = 0) =>
    entryOfNotice({ kind: 'rebuilt', id: 'r', at, fromJournal, damaged, unreadable, lost }, someFacts());
  expect(told(2, 0, 0)).toMatchObject({ title: 'Your changes came back from the journal' });
  expect(told(0, 1, 0).reasons).toHaveLength(1);
  expect(told(1, 2, 3).reasons).toHaveLength(3);
  expect(told(0, 0, 0, 2)).toMatchObject({
    title: 'This computer lost changes that were not sent',
    reasons: [expect.stringMatching(/2 changes that waited to be sent are gone/)],
  });
});

it('says of a change that rests on a refused one which that was', () => {
  const created = anIntent({
    id: idOf('intent', 1),
    status: 'refused',
    args: { patientId: idOf('patient', 9), familyName: 'Novotny', givenName: 'Eva' },
  });
  const booked = anIntent({
    id: idOf('intent', 2),
    act: 'appointment.book',
    args: { patientId: idOf('patient', 9) },
  });
  const decision = {
    kind: 'refused' as const,
    reasons: [{ code: 'unknown' as const, what: 'patient', id: idOf('patient', 9) }],
    alternatives: [],
  };
  const entry = (facts: Facts, refusedHere: string[] = []) =>
    entryOfPending({ intent: booked, decision, again: false }, facts, new Set(refusedHere)).reasons;
  expect(entry(someFacts(created, booked))).toEqual([
    'The patient is no longer there',
    'It rests on the new patient Novotny Eva, and that was not possible. Settle that first, then do this again',
  ]);
  // Not refused by anybody yet, but by this desk; and where it happened, it is no cause.
  const pending = { ...created, status: 'pending' as const };
  expect(entry(someFacts(pending, booked), [created.id])).toHaveLength(2);
  expect(entry(someFacts({ ...created, status: 'done' }, booked))).toHaveLength(1);
});

it('leaves what this desk only foresees to the server, which makes an item of its own', () => {
  const item = anAttentionItem({ kind: 'conflict' });
  expect(entryOfItem({ ...item, seq: 0 }, someFacts()).itemId).toBeNull();
  expect(entryOfItem({ ...item, seq: 7 }, someFacts()).itemId).toBe(item.id);
});

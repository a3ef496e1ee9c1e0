import { describe, expect, it } from 'vitest';
import { anAttentionItem, aPatient, at, clinicId, date, idOf, patientId } from '../../testing/builders';
import { factsOf } from '../../testing/facts-of';
import type { Act, ActContext, Actor, Decision } from '../act';
import { settleAttention } from '../attention/settle';
import type { Facts } from '../facts';
import { createPatient } from './create';
import { differencesItem, differencesOf } from './differences';
import { proposeChanges } from './propose-changes';
import { setConsent } from './set-consent';

const now = at('2026-11-24 07:00');
const nobody = { name: '', roles: [], rights: [], doctorId: null };
const self: Actor = { ...nobody, kind: 'patient', id: patientId };
const reception: Actor = { ...nobody, kind: 'staff', id: idOf('user', 1), roles: ['reception'] };

const contextOf = (actor: Actor): ActContext => ({
  clinicId,
  actor,
  now,
  madeAt: now,
  newId: () => idOf('attentionItem', 77),
});

function decide<A>(facts: Facts, act: Act<string, A>, args: A, actor: Actor): Decision {
  const parsed = act.args.parse(args);
  const needs = act.forbids(actor, parsed, facts);
  return needs === null
    ? act.decide(facts, parsed, contextOf(actor))
    : { kind: 'refused', reasons: [{ code: 'not-allowed', needs }], alternatives: [] };
}

const record = aPatient({ email: 'anna@home.example' });

describe('differences', () => {
  it('are the fields that differ, with both values', () => {
    const typed = {
      givenName: 'Anna',
      familyName: 'Nowak',
      phone: '+48601220418',
      email: 'ANNA@home.example',
    };
    expect(differencesOf(record, typed, 'booking')).toEqual({
      current: { familyName: 'Kowalska' },
      proposed: { familyName: 'Nowak' },
    });
    expect(differencesOf(record, { ...typed, familyName: 'Kowalska ' }, 'booking')).toBeNull();
  });

  it('in a booking form do not count what was left empty; in the portal that takes a value out', () => {
    expect(differencesOf(record, { phone: null }, 'booking')).toBeNull();
    expect(differencesOf(record, { phone: null }, 'portal')).toEqual({
      current: { phone: '+48601220418' },
      proposed: { phone: null },
    });
  });

  it('of several forms are one question', () => {
    const facts = factsOf({ patients: [record] });
    facts.put('attentionItem', anAttentionItem({ id: idOf('attentionItem', 3) }));
    const change = differencesItem(facts, record, { familyName: 'Nowak' }, 'booking', contextOf(self));
    expect(change).toMatchObject({
      kind: 'attentionItem',
      record: {
        id: idOf('attentionItem', 3),
        data: { from: 'booking', proposed: { phone: '+48601220419', familyName: 'Nowak' } },
      },
    });
  });

  it('after a merge has left two questions are added to the older one, in whatever order they come', () => {
    const older = anAttentionItem({ id: idOf('attentionItem', 4), createdAt: at('2026-11-20 09:00') });
    const younger = anAttentionItem({ id: idOf('attentionItem', 3), createdAt: at('2026-11-21 09:00') });
    for (const items of [
      [older, younger],
      [younger, older],
    ]) {
      const facts = factsOf({ patients: [record] });
      for (const item of items) facts.put('attentionItem', item);
      expect(
        differencesItem(facts, record, { familyName: 'Nowak' }, 'booking', contextOf(self)),
      ).toMatchObject({ record: { id: older.id } });
    }
  });
});

describe('propose changes', () => {
  it('never changes the record: what differs waits for a person', () => {
    const decision = decide(
      factsOf({ patients: [record] }),
      proposeChanges,
      { patientId, changes: { phone: '+48601220419', birthDate: date('1980-05-17') } },
      self,
    );
    expect(decision).toMatchObject({
      kind: 'done',
      changes: [
        {
          kind: 'attentionItem',
          record: {
            kind: 'patient-differs',
            patientId,
            data: {
              patientId,
              current: { phone: '+48601220418' },
              proposed: { phone: '+48601220419' },
              from: 'portal',
            },
          },
        },
      ],
    });
  });

  it('with nothing new asks nobody', () => {
    expect(
      decide(
        factsOf({ patients: [record] }),
        proposeChanges,
        { patientId, changes: { language: 'en' } },
        self,
      ),
    ).toMatchObject({ kind: 'done', changes: [] });
  });

  it('is for patients about themselves', () => {
    for (const actor of [reception, { ...self, id: idOf('patient', 2) }, { ...self, id: null }])
      expect(
        decide(factsOf({ patients: [record] }), proposeChanges, { patientId, changes: {} }, actor),
      ).toMatchObject({ reasons: [{ code: 'not-allowed' }] });
  });
});

describe('consent', () => {
  const withdrawn = { patientId, consentSms: false, consentEmail: true };

  it('is set by the patient at once', () => {
    expect(decide(factsOf({ patients: [record] }), setConsent, withdrawn, self)).toMatchObject({
      changes: [{ kind: 'patient', record: { id: patientId, consentSms: false, consentEmail: true } }],
    });
  });

  it('set as it is changes nothing, and is not set for others', () => {
    const facts = factsOf({ patients: [{ ...record, consentSms: false }] });
    expect(decide(facts, setConsent, withdrawn, self)).toMatchObject({ kind: 'done', changes: [] });
    expect(decide(facts, setConsent, withdrawn, reception)).toMatchObject({
      reasons: [{ code: 'not-allowed' }],
    });
  });
});

describe('settling what a patient said', () => {
  const itemId = idOf('attentionItem', 3);
  const factsWith = (patient = record) => {
    const facts = factsOf({ patients: [patient] });
    const data = {
      patientId,
      current: { phone: '+48601220418', familyName: 'Kowalska' },
      proposed: { phone: '+48601220419', familyName: 'Nowak' },
      from: 'portal',
    };
    facts.put('attentionItem', anAttentionItem({ id: itemId, data }));
    return facts;
  };
  const settling = (fields: ('phone' | 'familyName')[]) => ({
    itemId,
    resolution: 'Looked',
    take: { patientId, fields },
  });

  it('takes the fields that were chosen into the record, and no others', () => {
    const decision = decide(factsWith(), settleAttention, settling(['phone']), reception);
    expect(decision).toMatchObject({
      kind: 'done',
      changes: [
        { kind: 'patient', record: { phone: '+48601220419', familyName: 'Kowalska' } },
        { kind: 'attentionItem', record: { id: itemId, status: 'done', settledBy: reception.id } },
      ],
    });
    expect(decide(factsWith(), settleAttention, settling([]), reception)).toMatchObject({
      changes: [{ kind: 'attentionItem' }],
    });
  });

  it('puts aside a field that somebody has changed at the desk since', () => {
    const decision = decide(
      factsWith({ ...record, phone: '+48601220777' }),
      settleAttention,
      settling(['phone', 'familyName']),
      reception,
    );
    expect(decision).toMatchObject({
      changes: [
        { kind: 'patient', record: { phone: '+48601220777', familyName: 'Nowak' } },
        { kind: 'attentionItem', record: { kind: 'conflict', data: { conflicts: [{ field: 'phone' }] } } },
        { kind: 'attentionItem', record: { id: itemId, status: 'done' } },
      ],
    });
  });

  it('refuses to take from an item of another kind, or into another record', () => {
    const facts = factsWith();
    facts.put('attentionItem', anAttentionItem({ id: itemId, kind: 'conflict' }));
    expect(decide(facts, settleAttention, settling(['phone']), reception)).toMatchObject({
      reasons: [{ code: 'invalid' }],
    });
    expect(
      decide(
        factsWith(),
        settleAttention,
        { ...settling(['phone']), take: { patientId: idOf('patient', 2), fields: ['phone'] } },
        reception,
      ),
    ).toMatchObject({ reasons: [{ code: 'invalid' }] });
  });
});

describe('create', () => {
  const details = {
    givenName: 'Ánna',
    familyName: 'KOWALSKA',
    birthDate: date('1980-05-17'),
    phone: null,
    email: null,
    language: 'pl',
    consentSms: false,
    consentEmail: false,
    notes: '',
    patientId: idOf('patient', 2),
  };

  it('of somebody who is likely here already is refused with who that is', () => {
    expect(decide(factsOf({ patients: [record] }), createPatient, details, reception)).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'duplicate', patientIds: [patientId] }],
    });
  });

  it('is done all the same when the person was warned and goes ahead, and for a namesake', () => {
    const facts = factsOf({ patients: [record] });
    expect(decide(facts, createPatient, { ...details, overrides: ['duplicate'] }, reception).kind).toBe(
      'done',
    );
    expect(decide(facts, createPatient, { ...details, birthDate: date('1991-01-01') }, reception).kind).toBe(
      'done',
    );
  });
});

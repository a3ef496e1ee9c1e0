import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  aMerge,
  anAppointment,
  anAttentionItem,
  aPatient,
  aSeries,
  at,
  aWaitlistEntry,
  clinicId,
  idOf,
} from '../../testing/builders';
import { factsOf } from '../../testing/facts-of';
import type { Act, ActContext, Actor, Decision } from '../act';
import { applyDecision, timelineOf } from '../apply';
import type { Facts } from '../facts';
import { editPatient } from './edit';
import { mergePatients } from './merge';
import { survivorOf } from './survivor';
import { unmergePatients } from './unmerge';

const now = at('2026-11-24 07:00');
const reception: Actor = {
  kind: 'staff',
  id: idOf('user', 1),
  name: 'Hanna',
  roles: ['reception'],
  rights: [],
  doctorId: null,
};
const [anna, ania, other] = [1, 2, 3].map((n) => idOf('patient', n)) as [string, string, string];

let ids = 0;
function contextOf(overrides: Partial<ActContext> = {}): ActContext {
  return {
    clinicId,
    actor: reception,
    now,
    madeAt: now,
    newId: () => idOf('intent', 9000 + ids++),
    ...overrides,
  };
}

function decide<A>(facts: Facts, act: Act<string, A>, args: A, actor = reception): Decision {
  const parsed = act.args.parse(args);
  const needs = act.forbids(actor, parsed, facts);
  return needs === null
    ? act.decide(facts, parsed, contextOf({ actor }))
    : { kind: 'refused', reasons: [{ code: 'not-allowed', needs }], alternatives: [] };
}

/** Decides, and lays it over the facts as both sides do. */
function perform<A>(facts: Facts, act: Act<string, A>, args: A): void {
  const decision = decide(facts, act, args);
  if (decision.kind === 'refused') throw new Error(JSON.stringify(decision.reasons));
  applyDecision(facts, decision, timelineOf(decision, act.name, contextOf()), 1);
}

const merging = (keptId = anna, mergedId = ania, n = 1): z.infer<typeof mergePatients.args> => ({
  mergeId: idOf('merge', n),
  keptId,
  mergedId,
  fields: {},
});
const undoing = (keptId = anna, mergedId = ania, n = 1) => ({ mergeId: idOf('merge', n), keptId, mergedId });

/** Two records of one person, the second with something of every kind. */
function twoRecords(): Facts {
  const facts = factsOf({
    patients: [
      aPatient({ id: anna, phone: null, notes: 'Prefers mornings' }),
      aPatient({
        id: ania,
        givenName: 'Ania',
        phone: '+48601220419',
        notes: 'Allergic to latex',
        consentSms: false,
      }),
      aPatient({ id: other }),
    ],
    appointments: [
      anAppointment({ id: idOf('appointment', 1), patientId: anna }),
      anAppointment({ id: idOf('appointment', 2), patientId: ania, startsAt: at('2026-12-01 10:00') }),
      anAppointment({
        id: idOf('appointment', 3),
        patientId: ania,
        startsAt: at('2025-03-01 10:00'),
        status: 'fulfilled',
      }),
      anAppointment({
        id: idOf('appointment', 4),
        patientId: ania,
        startsAt: at('2025-04-01 10:00'),
        status: 'cancelled',
      }),
      anAppointment({ id: idOf('appointment', 5), patientId: other, startsAt: at('2026-12-02 10:00') }),
    ],
  });
  facts.put('waitlistEntry', aWaitlistEntry({ id: idOf('waitlistEntry', 1), patientId: ania }));
  facts.put('appointmentSeries', aSeries({ id: idOf('series', 1), patientId: ania }));
  facts.put('attentionItem', anAttentionItem({ id: idOf('attentionItem', 1), patientId: ania }));
  facts.put(
    'attentionItem',
    anAttentionItem({ id: idOf('attentionItem', 2), patientId: ania, status: 'done' }),
  );
  return facts;
}

const ownerOf = (facts: Facts, n: number) => facts.get('appointment', idOf('appointment', n))?.patientId;

describe('merge', () => {
  it('moves visits of every status and time, waitlist entries, series and open items, and nobody else’s', () => {
    const facts = twoRecords();
    perform(facts, mergePatients, merging());
    expect([1, 2, 3, 4, 5].map((n) => ownerOf(facts, n))).toEqual([anna, anna, anna, anna, other]);
    expect(facts.get('waitlistEntry', idOf('waitlistEntry', 1))?.patientId).toBe(anna);
    expect(facts.get('appointmentSeries', idOf('series', 1))?.patientId).toBe(anna);
    expect(facts.get('attentionItem', idOf('attentionItem', 1))?.patientId).toBe(anna);
    expect(facts.get('attentionItem', idOf('attentionItem', 2))?.patientId).toBe(ania);
    expect(facts.get('patient', ania)?.mergedIntoId).toBe(anna);
  });

  it('says in the timeline of each visit from whom to whom it went, and changes nothing else of it', () => {
    const facts = twoRecords();
    const {
      events: _,
      patientId: __,
      seq: ___,
      ...before
    } = facts.get('appointment', idOf('appointment', 4)) ?? {};
    perform(facts, mergePatients, merging());
    const {
      events,
      patientId: owner,
      seq,
      ...after
    } = facts.get('appointment', idOf('appointment', 4)) ?? {};
    expect(events).toMatchObject([
      {
        act: 'patient.merge',
        actorName: 'Hanna',
        fromStatus: 'cancelled',
        toStatus: 'cancelled',
        changed: { patientId: [ania, anna] },
      },
    ]);
    expect([after, owner, seq]).toEqual([before, anna, 1]);
    expect(facts.get('appointment', idOf('appointment', 1))?.events).toEqual([]);
  });

  it('sends no message', () => {
    expect(decide(twoRecords(), mergePatients, merging())).toMatchObject({ kind: 'done', notifications: [] });
  });

  it('takes the value of each field from the record that was chosen, the kept one’s unless told', () => {
    const facts = twoRecords();
    perform(facts, mergePatients, {
      ...merging(),
      fields: { phone: 'merged', consentSms: 'merged', notes: 'both', givenName: 'kept' },
    });
    expect(facts.get('patient', anna)).toMatchObject({
      givenName: 'Anna',
      phone: '+48601220419',
      consentSms: false,
      consentEmail: true,
      notes: 'Prefers mornings\nAllergic to latex',
    });
    expect(facts.get('patient', ania)).toMatchObject({ givenName: 'Ania', notes: 'Allergic to latex' });
  });

  it('refuses a record with itself, with one that is not there, and with one that was merged', () => {
    const facts = twoRecords();
    facts.put('patient', aPatient({ id: idOf('patient', 4), mergedIntoId: other }));
    expect(decide(facts, mergePatients, merging(anna, anna))).toMatchObject({
      reasons: [{ code: 'invalid' }],
    });
    expect(decide(facts, mergePatients, merging(anna, idOf('patient', 9)))).toMatchObject({
      reasons: [{ code: 'unknown', id: idOf('patient', 9) }],
    });
    expect(decide(facts, mergePatients, merging(anna, idOf('patient', 4)))).toMatchObject({
      reasons: [{ code: 'invalid', field: 'mergedId' }],
    });
    expect(decide(facts, mergePatients, merging(idOf('patient', 4), anna))).toMatchObject({
      reasons: [{ code: 'invalid', field: 'keptId' }],
    });
    facts.put('patientMerge', aMerge({ id: idOf('merge', 1) }));
    expect(decide(facts, mergePatients, merging())).toMatchObject({ reasons: [{ code: 'exists' }] });
  });

  it('is for the reception: neither a doctor nor a patient may', () => {
    const doctor: Actor = { ...reception, roles: ['doctor'], doctorId: idOf('doctor', 1) };
    const visitor: Actor = { ...reception, kind: 'patient', id: anna, roles: [] };
    for (const actor of [doctor, visitor]) {
      for (const decision of [
        decide(twoRecords(), mergePatients, merging(), actor),
        decide(twoRecords(), unmergePatients, undoing(), actor),
      ])
        expect(decision).toMatchObject({ reasons: [{ code: 'not-allowed' }] });
    }
  });

  it('is one commit of 200 changes at most, and else says what can be done', () => {
    const facts = twoRecords();
    const give = (patientId: string, count: number) => {
      for (let n = 0; n < count; n++)
        facts.put(
          'appointment',
          anAppointment({ patientId, startsAt: at('2020-01-01 10:00'), status: 'fulfilled' }),
        );
    };
    // Six things and the two records and the merge itself come on top.
    give(ania, 191);
    const largest = decide(facts, mergePatients, merging());
    expect(largest.kind === 'done' && largest.changes.length).toBe(200);
    give(ania, 1);
    expect(decide(facts, mergePatients, merging())).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'invalid', message: expect.stringContaining('keep the other record') }],
    });
    expect(decide(facts, mergePatients, merging(ania, anna)).kind).toBe('done');
    give(anna, 200);
    expect(decide(facts, mergePatients, merging())).toMatchObject({
      reasons: [{ message: expect.stringContaining('leave both records') }],
    });
  });
});

describe('unmerge', () => {
  it('puts everything back as it was', () => {
    const facts = twoRecords();
    const before = snapshotOf(facts);
    perform(facts, mergePatients, {
      ...merging(),
      fields: { phone: 'merged', notes: 'both', givenName: 'merged' },
    });
    expect(snapshotOf(facts)).not.toEqual(before);
    perform(facts, unmergePatients, undoing());
    expect(snapshotOf(facts)).toEqual(before);
    expect(facts.get('appointment', idOf('appointment', 2))?.events.map(({ act }) => act)).toEqual([
      'patient.merge',
      'patient.unmerge',
    ]);
    expect(facts.get('patientMerge', idOf('merge', 1))?.undoneAt).toBe(now);
  });

  it('leaves visits made after the merge with the record that was kept', () => {
    const facts = twoRecords();
    perform(facts, mergePatients, merging());
    facts.put('appointment', anAppointment({ id: idOf('appointment', 9), patientId: anna }));
    perform(facts, unmergePatients, undoing());
    expect([1, 2, 9].map((n) => ownerOf(facts, n))).toEqual([anna, ania, anna]);
  });

  it('keeps what somebody changed in the record since', () => {
    const facts = twoRecords();
    perform(facts, mergePatients, { ...merging(), fields: { phone: 'merged', givenName: 'merged' } });
    perform(facts, editPatient, {
      patientId: anna,
      changes: { phone: '+48601220500', notes: 'Moved house' },
      base: { phone: '+48601220419', notes: 'Prefers mornings' },
    });
    perform(facts, unmergePatients, undoing());
    expect(facts.get('patient', anna)).toMatchObject({
      givenName: 'Anna',
      phone: '+48601220500',
      notes: 'Moved house',
    });
  });

  it('asked for twice changes nothing the second time', () => {
    const facts = twoRecords();
    perform(facts, mergePatients, merging());
    perform(facts, unmergePatients, undoing());
    expect(decide(facts, unmergePatients, undoing())).toMatchObject({
      kind: 'done',
      changes: [],
      events: [],
    });
  });

  it('refuses a merge that is not there, or is of other records', () => {
    const facts = twoRecords();
    perform(facts, mergePatients, merging());
    expect(decide(facts, unmergePatients, undoing(anna, ania, 2))).toMatchObject({
      reasons: [{ code: 'unknown' }],
    });
    expect(decide(facts, unmergePatients, undoing(anna, other))).toMatchObject({
      reasons: [{ code: 'unknown' }],
    });
  });
});

describe('merges in a chain', () => {
  it('lead from every record to the one that stayed, with all its visits', () => {
    const facts = twoRecords();
    perform(facts, mergePatients, merging(anna, ania, 1));
    perform(facts, mergePatients, merging(other, anna, 2));
    expect([anna, ania, other].map((id) => survivorOf(facts, id)?.id)).toEqual([other, other, other]);
    expect([1, 2, 3, 4, 5].map((n) => ownerOf(facts, n))).toEqual([other, other, other, other, other]);
  });

  it('are undone from the last to the first', () => {
    const facts = twoRecords();
    perform(facts, mergePatients, merging(anna, ania, 1));
    perform(facts, mergePatients, merging(other, anna, 2));
    expect(decide(facts, unmergePatients, undoing(anna, ania, 1))).toMatchObject({
      reasons: [{ code: 'invalid', message: expect.stringContaining('undo that merge first') }],
    });
    perform(facts, unmergePatients, undoing(other, anna, 2));
    perform(facts, unmergePatients, undoing(anna, ania, 1));
    expect([1, 2, 3, 4, 5].map((n) => ownerOf(facts, n))).toEqual([anna, ania, ania, ania, other]);
  });

  it('do not go round in circles, were there one', () => {
    const facts = twoRecords();
    facts.put('patient', aPatient({ id: anna, mergedIntoId: ania }));
    facts.put('patient', aPatient({ id: ania, mergedIntoId: anna }));
    expect(survivorOf(facts, anna)).toBeUndefined();
  });
});

describe('edit of a record that was merged', () => {
  it('goes to the one that stayed, and waits for a person where that differs from what was seen', () => {
    const facts = twoRecords();
    perform(facts, mergePatients, merging());
    const decision = decide(facts, editPatient, {
      patientId: ania,
      changes: { email: 'ania@home.example', notes: 'New' },
      base: { email: null, notes: 'Allergic to latex' },
    });
    expect(decision).toMatchObject({
      kind: 'done',
      changes: [
        { kind: 'patient', record: { id: anna, email: 'ania@home.example', notes: 'Prefers mornings' } },
        { kind: 'attentionItem', record: { patientId: anna, data: { conflicts: [{ field: 'notes' }] } } },
      ],
    });
  });
});

/** All that a merge may change, without the clock and the timelines. */
function snapshotOf(facts: Facts): unknown {
  const kinds = ['patient', 'appointment', 'waitlistEntry', 'appointmentSeries', 'attentionItem'] as const;
  return kinds.map((kind) =>
    [...facts.all(kind)]
      .map((record) => ({ ...record, seq: 0, events: [] }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  );
}

import { z } from 'zod';
import type { Appointment } from '../../model/appointment';
import { uuid } from '../../model/fields';
import { type Patient, type PatientMerge, patient as patientRecord } from '../../model/patient';
import type { RecordKind, SyncedOf } from '../../model/records';
import {
  type Actor,
  defineAct,
  done,
  type EventDraft,
  type RefusalReason,
  type Refused,
  refused,
} from '../act';
import type { Change, Facts } from '../facts';
import { runsAgendas } from '../permissions';
import { type DetailField, detailFields, patientDetails } from './create';

/** As many as a record can name. */
const mostApart = 200;

/** One commit writes no more, so that nobody waits long behind it. */
const mostChanges = 200;

const choice = z.enum(['kept', 'merged']);
/** Whose value each field has afterwards; the kept record's where nothing is said. Notes may be joined. */
const fieldChoices = z
  .object({
    givenName: choice,
    familyName: choice,
    birthDate: choice,
    phone: choice,
    email: choice,
    language: choice,
    consentSms: choice,
    consentEmail: choice,
    notes: z.enum(['kept', 'merged', 'both']),
  })
  .partial();
export type FieldChoices = z.infer<typeof fieldChoices>;

/** Merges of earlier versions kept records that could not be told apart yet. */
const recordBefore = patientRecord.schema.extend({
  apartFrom: patientRecord.schema.shape.apartFrom.default([]),
});

/** What a merge keeps, so that it can be taken back: both records as they were, the one that stayed, what moved. */
export const mergeSnapshot = z.object({
  kept: recordBefore,
  merged: recordBefore,
  result: patientDetails,
  visitIds: z.array(z.uuid()),
  entryIds: z.array(z.uuid()),
  seriesIds: z.array(z.uuid()),
  itemIds: z.array(z.uuid()),
});
export type MergeSnapshot = z.infer<typeof mergeSnapshot>;

/** All that names a patient and goes along with a merge. */
export interface PatientThings {
  visits: SyncedOf<'appointment'>[];
  entries: SyncedOf<'waitlistEntry'>[];
  series: SyncedOf<'appointmentSeries'>[];
  items: SyncedOf<'attentionItem'>[];
}

/** Visits of whatever status and time, waitlist entries, series, and open items, as far as they are in the facts. */
export function thingsOf(facts: Facts, patientId: string): PatientThings {
  const own = <K extends RecordKind>(kind: K): SyncedOf<K>[] =>
    [...facts.all(kind)].filter((record) => 'patientId' in record && record.patientId === patientId);
  return {
    visits: own('appointment'),
    entries: own('waitlistEntry'),
    series: own('appointmentSeries'),
    items: own('attentionItem').filter((item) => item.status === 'open'),
  };
}

/**
 * Makes one record of two: `mergedId` leads to `keptId` from now on, and what names it names the other, past visits
 * too. In one commit; where that would be too large it is refused.
 */
export const mergePatients = defineAct({
  name: 'patient.merge',
  version: 1,
  args: z.object({ mergeId: uuid(), keptId: uuid(), mergedId: uuid(), fields: fieldChoices }),
  forbids: forbidsMerging,
  needs: (args) => ({
    patient: [args.keptId, args.mergedId],
    patientMerge: [args.mergeId],
    ofPatients: [args.keptId, args.mergedId],
  }),
  decide: (facts, args, context) => {
    if (facts.get('patientMerge', args.mergeId))
      return refused([{ code: 'exists', what: 'merge', id: args.mergeId }]);
    if (args.keptId === args.mergedId) return refused([invalid('mergedId', 'Choose two different records')]);
    const kept = facts.get('patient', args.keptId);
    const merged = facts.get('patient', args.mergedId);
    if (!kept) return refused([{ code: 'unknown', what: 'patient', id: args.keptId }]);
    if (!merged) return refused([{ code: 'unknown', what: 'patient', id: args.mergedId }]);
    if (kept.mergedIntoId !== null || merged.mergedIntoId !== null)
      return refused([
        invalid(
          kept.mergedIntoId !== null ? 'keptId' : 'mergedId',
          'One of these records has been merged already: choose the one that it was merged into',
        ),
      ]);
    const mergedBy = context.actor.id;
    if (mergedBy === null) return refused([{ code: 'not-allowed', needs: 'Records are merged by a person' }]);

    const moved = thingsOf(facts, merged.id);
    const tooMany = tooManyToMove(facts, moved, kept.id);
    if (tooMany) return tooMany;
    const result = patientDetails.safeParse(resultOf(kept, merged, args.fields));
    if (!result.success)
      return refused([invalid('notes', 'The notes of both are too long together: keep those of one')]);
    const snapshot: MergeSnapshot = {
      kept,
      merged,
      result: result.data,
      visitIds: moved.visits.map((visit) => visit.id),
      entryIds: moved.entries.map((entry) => entry.id),
      seriesIds: moved.series.map((series) => series.id),
      itemIds: moved.items.map((item) => item.id),
    };
    const record: PatientMerge = {
      id: args.mergeId,
      clinicId: context.clinicId,
      seq: 0,
      deleted: false,
      keptId: kept.id,
      mergedId: merged.id,
      mergedAt: context.now,
      mergedBy,
      snapshot,
      undoneAt: null,
    };
    return done(
      [
        { kind: 'patient', record: { ...kept, ...result.data, apartFrom: apartTogether(kept, merged) } },
        { kind: 'patient', record: { ...merged, mergedIntoId: kept.id } },
        { kind: 'patientMerge', record },
        ...repointed(moved, kept.id),
      ],
      moved.visits.map((visit) => passedOn(visit, kept.id)),
    );
  },
});

/** Of whom either was told apart; but not of each other any more. */
function apartTogether(kept: Patient, merged: Patient): string[] {
  const both = new Set([...kept.apartFrom, ...merged.apartFrom]);
  both.delete(kept.id);
  both.delete(merged.id);
  return [...both].slice(0, mostApart);
}

export function forbidsMerging(actor: Actor): string | null {
  return runsAgendas(actor) ? null : 'Records are merged by the reception';
}

export function invalid(field: string, message: string): RefusalReason {
  return { code: 'invalid', field, message };
}

export function repointed(things: PatientThings, patientId: string): Change[] {
  return [
    ...things.series.map(
      (record): Change => ({ kind: 'appointmentSeries', record: { ...record, patientId } }),
    ),
    ...things.visits.map((record): Change => ({ kind: 'appointment', record: { ...record, patientId } })),
    ...things.entries.map((record): Change => ({ kind: 'waitlistEntry', record: { ...record, patientId } })),
    ...things.items.map((record): Change => ({ kind: 'attentionItem', record: { ...record, patientId } })),
  ];
}

/** The timeline says from whom to whom a visit went; nothing else about it changes, and no message goes out. */
export function passedOn(visit: Appointment, patientId: string): EventDraft {
  return {
    appointmentId: visit.id,
    fromStatus: visit.status,
    toStatus: visit.status,
    changed: { patientId: [visit.patientId, patientId] },
    reason: '',
  };
}

export function countOf(things: PatientThings): number {
  return things.visits.length + things.entries.length + things.series.length + things.items.length;
}

function tooManyToMove(facts: Facts, moved: PatientThings, keptId: string): Refused | null {
  const atOnce = mostChanges - 3;
  const count = countOf(moved);
  if (count <= atOnce) return null;
  const otherWay = countOf(thingsOf(facts, keptId)) <= atOnce;
  return refused([
    invalid(
      'mergedId',
      `${count} visits and entries would move, and at most ${atOnce} can: ${
        otherWay
          ? 'keep the other record, which has more of them'
          : 'leave both records, and name each in the notes of the other'
      }`,
    ),
  ]);
}

/** The kept record's fields as they are chosen. */
export function resultOf(kept: Patient, merged: Patient, fields: FieldChoices): Record<DetailField, unknown> {
  const result: Partial<Record<DetailField, unknown>> = {};
  for (const field of detailFields) result[field] = (fields[field] === 'merged' ? merged : kept)[field];
  if (fields.notes === 'both')
    result.notes = [kept.notes, merged.notes].filter((notes) => notes.trim() !== '').join('\n');
  return result as Record<DetailField, unknown>;
}

import { z } from 'zod';
import { uuid } from '../../model/fields';
import type { Patient } from '../../model/patient';
import { defineAct, done, refused } from '../act';
import { detailFields } from './create';
import {
  forbidsMerging,
  invalid,
  mergeSnapshot,
  type PatientThings,
  passedOn,
  repointed,
  thingsOf,
} from './merge';

/**
 * Takes a merge back: what it moved goes to the record it came from, and each field that it changed gets its old value,
 * unless somebody has changed it since. Visits made after the merge stay with the record that was kept. Of several
 * merges into each other the last is undone first.
 */
export const unmergePatients = defineAct({
  name: 'patient.unmerge',
  version: 1,
  /** Both records are named, so that what belongs to them can be read before it is decided. */
  args: z.object({ mergeId: uuid(), keptId: uuid(), mergedId: uuid() }),
  forbids: forbidsMerging,
  needs: (args) => ({
    patientMerge: [args.mergeId],
    patient: [args.keptId, args.mergedId],
    ofPatients: [args.keptId],
  }),
  decide: (facts, args, context) => {
    const merge = facts.get('patientMerge', args.mergeId);
    if (merge?.keptId !== args.keptId || merge.mergedId !== args.mergedId)
      return refused([{ code: 'unknown', what: 'merge', id: args.mergeId }]);
    // Done already, by somebody else or by a request that was sent twice.
    if (merge.undoneAt !== null) return done([]);
    const kept = facts.get('patient', args.keptId);
    const merged = facts.get('patient', args.mergedId);
    if (!kept) return refused([{ code: 'unknown', what: 'patient', id: args.keptId }]);
    if (!merged) return refused([{ code: 'unknown', what: 'patient', id: args.mergedId }]);
    if (kept.mergedIntoId !== null)
      return refused([
        invalid('mergeId', 'The record was merged into another one later: undo that merge first'),
      ]);
    const snapshot = mergeSnapshot.safeParse(merge.snapshot);
    if (!snapshot.success)
      return refused([invalid('mergeId', 'What the records were before is not known any more')]);
    const before = snapshot.data;

    const restored: Patient = { ...kept };
    for (const field of detailFields) {
      if (kept[field] === before.result[field]) Object.assign(restored, { [field]: before.kept[field] });
    }
    // Whom the merged one brought along goes with it.
    const brought = before.merged.apartFrom.filter((id) => !before.kept.apartFrom.includes(id));
    restored.apartFrom = kept.apartFrom.filter((id) => !brought.includes(id));
    if (before.kept.apartFrom.includes(merged.id)) restored.apartFrom.push(merged.id);
    const all = thingsOf(facts, kept.id);
    const back: PatientThings = {
      visits: all.visits.filter((visit) => before.visitIds.includes(visit.id)),
      entries: all.entries.filter((entry) => before.entryIds.includes(entry.id)),
      series: all.series.filter((series) => before.seriesIds.includes(series.id)),
      items: all.items.filter((item) => before.itemIds.includes(item.id)),
    };
    return done(
      [
        { kind: 'patient', record: restored },
        { kind: 'patient', record: { ...merged, mergedIntoId: null } },
        { kind: 'patientMerge', record: { ...merge, undoneAt: context.now } },
        ...repointed(back, merged.id),
      ],
      back.visits.map((visit) => passedOn(visit, merged.id)),
    );
  },
});

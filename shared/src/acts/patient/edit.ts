import { z } from 'zod';
import { uuid } from '../../model/fields';
import type { Patient } from '../../model/patient';
import { type ActContext, type Decision, defineAct, done, refused } from '../act';
import type { Change, Facts } from '../facts';
import { forbidsStaffOnly } from '../permissions';
import { type DetailField, detailFields, patientDetails } from './create';
import { survivorOf } from './survivor';

const someDetails = patientDetails.partial();

const editArgs = z.object({ patientId: uuid(), changes: someDetails, base: someDetails });

/**
 * Changes fields of a patient. `base` holds what the editor saw in each: a field that somebody else has changed since
 * keeps the value it has, and the other is put aside for a person, with both versions. A record that was merged
 * meanwhile passes the change on to the one that stayed.
 */
export const editPatient = defineAct({
  name: 'patient.edit',
  version: 1,
  args: editArgs,
  forbids: forbidsStaffOnly,
  needs: (args) => ({ patient: [args.patientId] }),
  decide: decideEdit,
});

export function decideEdit(facts: Facts, args: z.infer<typeof editArgs>, context: ActContext): Decision {
  const current = survivorOf(facts, args.patientId);
  if (!current) return refused([{ code: 'unknown', what: 'patient', id: args.patientId }]);
  const merged: Patient = { ...current };
  const conflicts: { field: DetailField; yours: unknown; theirs: unknown }[] = [];
  for (const field of Object.keys(args.changes) as DetailField[]) {
    const yours = args.changes[field];
    if (yours === undefined || yours === current[field]) continue;
    const changedSince = field in args.base && args.base[field] !== current[field];
    if (changedSince) conflicts.push({ field, yours, theirs: current[field] });
    else Object.assign(merged, { [field]: yours });
  }
  const changes: Change[] = [];
  if (detailFields.some((field) => merged[field] !== current[field])) {
    changes.push({ kind: 'patient', record: merged });
  }
  if (conflicts.length > 0) {
    changes.push({
      kind: 'attentionItem',
      record: {
        id: context.newId(),
        clinicId: context.clinicId,
        seq: 0,
        deleted: false,
        kind: 'conflict',
        status: 'open',
        intentId: null,
        deviceId: null,
        userId: context.actor.id,
        doctorId: null,
        patientId: current.id,
        appointmentId: null,
        data: { act: 'patient.edit', conflicts },
        createdAt: context.now,
        settledAt: null,
        settledBy: null,
        resolution: '',
      },
    });
  }
  return done(changes);
}

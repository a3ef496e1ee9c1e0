import { z } from 'zod';
import { uuid } from '../../model/fields';
import { defineAct, done, refused } from '../act';
import { forbidsOthersThan } from '../permissions';
import { differencesItem, publicDetails } from './differences';
import { survivorOf } from './survivor';

/** Patients say in the portal what is wrong in their record. The record stays as it is until a person has looked. */
export const proposeChanges = defineAct({
  name: 'patient.propose-changes',
  version: 1,
  args: z.object({ patientId: uuid(), changes: publicDetails }),
  forbids: (actor, args) => forbidsOthersThan(actor, args.patientId),
  needs: (args) => ({ patient: [args.patientId], ofPatients: [args.patientId] }),
  decide: (facts, args, context) => {
    const patient = survivorOf(facts, args.patientId);
    if (!patient) return refused([{ code: 'unknown', what: 'patient', id: args.patientId }]);
    const item = differencesItem(facts, patient, args.changes, 'portal', context);
    return done(item ? [item] : []);
  },
});

import { z } from 'zod';
import { uuid } from '../../model/fields';
import { type Patient, patient } from '../../model/patient';
import { defineAct, done, overrides, refused } from '../act';
import { forbidsStaffOnly } from '../permissions';
import { duplicatesOf } from './duplicates';

/** What staff fill in about a patient. */
export const patientDetails = patient.schema.pick({
  givenName: true,
  familyName: true,
  birthDate: true,
  phone: true,
  email: true,
  language: true,
  consentSms: true,
  consentEmail: true,
  notes: true,
});

/** Fields of the details, in the order of the form. */
export const detailFields = Object.keys(patientDetails.shape) as DetailField[];
export type DetailField = keyof z.infer<typeof patientDetails>;

/**
 * Makes a record. Where somebody who is likely the same is here already it is refused with who that is; with
 * `duplicate` among the overrides it is made all the same.
 */
export const createPatient = defineAct({
  name: 'patient.create',
  version: 1,
  args: patientDetails.extend({ patientId: uuid(), overrides: z.array(z.enum(overrides)).optional() }),
  forbids: forbidsStaffOnly,
  needs: (args) => ({ patient: [args.patientId], likePatients: [args] }),
  decide: (facts, { patientId, overrides: overridden = [], ...details }, context) => {
    if (facts.get('patient', patientId)) return refused([{ code: 'exists', what: 'patient', id: patientId }]);
    const likely = duplicatesOf(details, facts.all('patient'))
      .filter((duplicate) => duplicate.likely)
      .slice(0, 5)
      .map((duplicate) => duplicate.patient.id);
    if (likely.length > 0 && !overridden.includes('duplicate'))
      return refused([{ code: 'duplicate', patientIds: likely }]);
    const record: Patient = {
      ...details,
      id: patientId,
      clinicId: context.clinicId,
      seq: 0,
      deleted: false,
      source: 'desk',
      createdAt: context.madeAt,
      mergedIntoId: null,
      // Whoever was shown these and goes ahead has said that none of them is this person.
      apartFrom: likely,
    };
    return done([{ kind: 'patient', record }]);
  },
});

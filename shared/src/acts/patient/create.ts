import { uuid } from '../../model/fields';
import { type Patient, patient } from '../../model/patient';
import { defineAct, done, refused } from '../act';
import { forbidsStaffOnly } from '../permissions';

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

export const createPatient = defineAct({
  name: 'patient.create',
  version: 1,
  args: patientDetails.extend({ patientId: uuid() }),
  forbids: forbidsStaffOnly,
  needs: (args) => ({ patient: [args.patientId] }),
  decide: (facts, { patientId, ...details }, context) => {
    if (facts.get('patient', patientId)) return refused([{ code: 'exists', what: 'patient', id: patientId }]);
    const record: Patient = {
      ...details,
      id: patientId,
      clinicId: context.clinicId,
      seq: 0,
      deleted: false,
      source: 'desk',
      createdAt: context.madeAt,
      mergedIntoId: null,
    };
    return done([{ kind: 'patient', record }]);
  },
});

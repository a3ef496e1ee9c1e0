import { z } from 'zod';
import { boolean, uuid } from '../../model/fields';
import { defineAct, done, refused } from '../act';
import { forbidsOthersThan } from '../permissions';
import { survivorOf } from './survivor';

/** Patients say themselves, and at once, whether messages may be sent to them. */
export const setConsent = defineAct({
  name: 'patient.set-consent',
  version: 1,
  args: z.object({ patientId: uuid(), consentSms: boolean(), consentEmail: boolean() }),
  forbids: (actor, args) => forbidsOthersThan(actor, args.patientId),
  needs: (args) => ({ patient: [args.patientId] }),
  decide: (facts, { patientId, consentSms, consentEmail }) => {
    const patient = survivorOf(facts, patientId);
    if (!patient) return refused([{ code: 'unknown', what: 'patient', id: patientId }]);
    if (patient.consentSms === consentSms && patient.consentEmail === consentEmail) return done([]);
    return done([{ kind: 'patient', record: { ...patient, consentSms, consentEmail } }]);
  },
});

import { z } from 'zod';
import {
  boolean,
  dateField,
  email,
  freeText,
  instantField,
  json,
  language,
  oneOf,
  phone,
  text,
  uuid,
  uuids,
} from './fields';
import { defineRecord, syncedFields } from './record';

export const patient = defineRecord({
  name: 'patient',
  table: 'patients',
  schema: z.object({
    ...syncedFields,
    givenName: text(80),
    familyName: text(80),
    birthDate: dateField().nullable(),
    phone: phone().nullable(),
    email: email().nullable(),
    language: language(),
    /** Consent per channel. Without it nothing but what the law demands is sent there. */
    consentSms: boolean(),
    consentEmail: boolean(),
    notes: freeText(4000),
    /** Where the record was made. */
    source: oneOf(['desk', 'public', 'import']),
    createdAt: instantField(),
    /** Set on the record that was merged away. */
    mergedIntoId: uuid().nullable(),
    /** Records that look like this one and are of somebody else: a person said so. Each names the other. */
    apartFrom: uuids(),
  }),
});
export type Patient = z.infer<typeof patient.schema>;

/** A merge of two records, with what is needed to take it back. */
export const patientMerge = defineRecord({
  name: 'patientMerge',
  table: 'patient_merges',
  schema: z.object({
    ...syncedFields,
    keptId: uuid(),
    mergedId: uuid(),
    mergedAt: instantField(),
    mergedBy: uuid(),
    /** Both records as they were, and the ids of what was moved from one to the other. */
    snapshot: json(z.record(z.string(), z.unknown())),
    undoneAt: instantField().nullable(),
  }),
});
export type PatientMerge = z.infer<typeof patientMerge.schema>;

import { z } from 'zod';
import { freeText, instantField, json, oneOf, uuid } from './fields';
import { defineRecord, syncedFields } from './record';

export const attentionKinds = [
  'refused',
  'failed',
  'conflict',
  'google-moved',
  'message-failed',
  'patient-differs',
] as const;

/** Something that waits for a person. It stays until one settles it. */
export const attentionItem = defineRecord({
  name: 'attentionItem',
  table: 'attention_items',
  schema: z.object({
    ...syncedFields,
    kind: oneOf(attentionKinds),
    status: oneOf(['open', 'done']),
    intentId: uuid().nullable(),
    deviceId: uuid().nullable(),
    userId: uuid().nullable(),
    doctorId: uuid().nullable(),
    patientId: uuid().nullable(),
    appointmentId: uuid().nullable(),
    /** What happened, by kind: the act, its arguments, reasons, nearest slots. */
    data: json(z.record(z.string(), z.unknown())),
    createdAt: instantField(),
    settledAt: instantField().nullable(),
    settledBy: uuid().nullable(),
    resolution: freeText(500),
  }),
});
export type AttentionItem = z.infer<typeof attentionItem.schema>;

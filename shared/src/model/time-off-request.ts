import { z } from 'zod';
import { freeText, instantField, oneOf, uuid } from './fields';
import { defineRecord, syncedFields } from './record';

export const timeOffStatuses = ['requested', 'approved', 'denied', 'withdrawn'] as const;

/** A doctor's absence, `[startsAt, endsAt)`, at every place. Only an approved one takes hours away. */
export const timeOffRequest = defineRecord({
  name: 'timeOffRequest',
  table: 'time_off_requests',
  schema: z.object({
    ...syncedFields,
    doctorId: uuid(),
    startsAt: instantField(),
    endsAt: instantField(),
    reason: freeText(500),
    status: oneOf(timeOffStatuses),
    decidedBy: uuid().nullable(),
    decidedAt: instantField().nullable(),
    decisionNote: freeText(500),
  }),
});
export type TimeOffRequest = z.infer<typeof timeOffRequest.schema>;

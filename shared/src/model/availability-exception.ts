import { z } from 'zod';
import { dateField, freeText, oneOf, uuid, wallTimeField } from './fields';
import { defineRecord, syncedFields } from './record';

export const exceptionKinds = ['replace', 'extra', 'block', 'closure'] as const;

/**
 * What differs on one local date. `replace`: these hours instead of the templates' (without times: no hours);
 * `extra`: these hours too; `block`: not bookable; `closure`: the clinic, or one location, is shut (no doctor).
 * Times are wall times of the location; both null is the whole local day; `endsAt` at or before `startsAt`
 * crosses midnight. A block or closure without a location holds at every place, each by its own clock.
 */
export const availabilityException = defineRecord({
  name: 'availabilityException',
  table: 'availability_exceptions',
  schema: z.object({
    ...syncedFields,
    doctorId: uuid().nullable(),
    locationId: uuid().nullable(),
    roomId: uuid().nullable(),
    kind: oneOf(exceptionKinds),
    date: dateField(),
    startsAt: wallTimeField().nullable(),
    endsAt: wallTimeField().nullable(),
    reason: freeText(200),
    createdBy: uuid().nullable(),
  }),
});
export type AvailabilityException = z.infer<typeof availabilityException.schema>;

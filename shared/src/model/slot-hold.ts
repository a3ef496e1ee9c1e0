import { z } from 'zod';
import { instantField, integer, text, uuid } from './fields';
import { defineRecord, syncedFields } from './record';

/** A slot kept for a visitor while a form is filled in. After `expiresAt` it keeps nothing. */
export const slotHold = defineRecord({
  name: 'slotHold',
  table: 'slot_holds',
  schema: z.object({
    ...syncedFields,
    doctorId: uuid(),
    locationId: uuid(),
    roomId: uuid().nullable(),
    appointmentTypeId: uuid(),
    startsAt: instantField(),
    endsAt: instantField(),
    reservedFrom: instantField(),
    reservedUntil: instantField(),
    capacity: integer(1, 200),
    expiresAt: instantField(),
    extensions: integer(0, 3),
    /** Hash of the visitor's secret: a hold does not block its own holder. */
    holder: text(64),
  }),
});
export type SlotHold = z.infer<typeof slotHold.schema>;

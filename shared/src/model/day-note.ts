import { z } from 'zod';
import { dateField, instantField, text, uuid } from './fields';
import { defineRecord, syncedFields } from './record';

/** A note of the day for everybody at a place; no place means all. */
export const dayNote = defineRecord({
  name: 'dayNote',
  table: 'day_notes',
  schema: z.object({
    ...syncedFields,
    date: dateField(),
    locationId: uuid().nullable(),
    text: text(1000),
    authorId: uuid().nullable(),
    createdAt: instantField(),
  }),
});
export type DayNote = z.infer<typeof dayNote.schema>;

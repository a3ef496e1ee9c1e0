import { z } from 'zod';
import { dateField, integer, text, uuid, wallTimeField } from './fields';
import { defineRecord, syncedFields } from './record';

/** A break inside a template's hours, by the wall clock; before `opensAt` it lies after midnight. */
export const scheduleTemplateBreak = defineRecord({
  name: 'scheduleTemplateBreak',
  table: 'schedule_template_breaks',
  schema: z.object({
    id: uuid(),
    clinicId: uuid(),
    templateId: uuid(),
    startsAt: wallTimeField(),
    endsAt: wallTimeField(),
    label: text(80),
  }),
});
export type ScheduleTemplateBreak = z.infer<typeof scheduleTemplateBreak.schema>;

/**
 * Weekly working hours of a doctor at a place, in the location's wall time. `closesAt` at or before `opensAt`
 * crosses midnight. It holds on dates in `[validFrom, validUntil)` of weeks that lie a multiple of
 * `everyNWeeks` from the ISO week of `anchorDate`.
 */
export const scheduleTemplate = defineRecord({
  name: 'scheduleTemplate',
  table: 'schedule_templates',
  schema: z.object({
    ...syncedFields,
    doctorId: uuid(),
    locationId: uuid(),
    roomId: uuid().nullable(),
    /** ISO: 1 is Monday. */
    weekday: integer(1, 7),
    opensAt: wallTimeField(),
    closesAt: wallTimeField(),
    validFrom: dateField(),
    validUntil: dateField().nullable(),
    everyNWeeks: integer(1, 52),
    anchorDate: dateField(),
    breaks: z.array(scheduleTemplateBreak.schema),
  }),
  children: { breaks: { record: scheduleTemplateBreak, parentColumn: 'template_id' } },
});
export type ScheduleTemplate = z.infer<typeof scheduleTemplate.schema>;

import { z } from 'zod';
import { freeText, instantField, integer, text, timeZoneField, uuid } from './fields';
import { defineRecord, syncedFields } from './record';

/** A recurring visit: an RFC 5545 RRULE by the location's wall clock. */
export const appointmentSeries = defineRecord({
  name: 'appointmentSeries',
  table: 'appointment_series',
  schema: z.object({
    ...syncedFields,
    doctorId: uuid(),
    locationId: uuid(),
    appointmentTypeId: uuid(),
    patientId: uuid(),
    rrule: text(500),
    timeZone: timeZoneField(),
    startsAt: instantField(),
    durationMinutes: integer(5, 1440),
    notes: freeText(1000),
    createdAt: instantField(),
  }),
});
export type AppointmentSeries = z.infer<typeof appointmentSeries.schema>;

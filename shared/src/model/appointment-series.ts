import { z } from 'zod';
import { freeText, instantField, text, timeZoneField, uuid } from './fields';
import { defineRecord } from './record';

/** A recurring visit: an RFC 5545 RRULE by the location's wall clock. */
export const appointmentSeries = defineRecord({
  name: 'appointmentSeries',
  table: 'appointment_series',
  schema: z.object({
    id: uuid(),
    clinicId: uuid(),
    doctorId: uuid(),
    locationId: uuid(),
    appointmentTypeId: uuid(),
    patientId: uuid(),
    rrule: text(500),
    timeZone: timeZoneField(),
    startsAt: instantField(),
    notes: freeText(1000),
    createdAt: instantField(),
  }),
});
export type AppointmentSeries = z.infer<typeof appointmentSeries.schema>;

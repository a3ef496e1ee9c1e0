import { z } from 'zod';
import { bigint, email, freeText, json, language, phone, slug, text, timeZoneField, uuid } from './fields';
import { defineRecord, syncedFields } from './record';

export const clinicRules = z.object({
  /** Patients may cancel or move online until this long before the start. */
  cancelWindowMinutes: z.int().min(0).max(43_200),
  /** Two letters, ISO 3166-1: how a phone number without a country code is read. */
  country: z.string().regex(/^[A-Z]{2}$/),
  publicBooking: z.boolean(),
});

export const clinic = defineRecord({
  name: 'clinic',
  table: 'clinics',
  schema: z.object({
    ...syncedFields,
    name: text(120),
    slug: slug(),
    /** For what has no place: day notes, reports. A visit's times are in its location's zone. */
    timeZone: timeZoneField(),
    language: language(),
    phone: phone().nullable(),
    email: email().nullable(),
    about: freeText(2000),
    rules: json(clinicRules),
  }),
});
export type Clinic = z.infer<typeof clinic.schema>;

/** The clinic's clock, apart from it because every act takes it: one narrow, hot row. */
export const clinicClock = defineRecord({
  name: 'clinicClock',
  table: 'clinic_clocks',
  schema: z.object({ clinicId: uuid(), seq: bigint(), epoch: uuid() }),
});
export type ClinicClock = z.infer<typeof clinicClock.schema>;

import { z } from 'zod';
import { boolean, freeText, integer, slug, text, texts, uuid } from './fields';
import { defineRecord, syncedFields } from './record';

/** A place where a doctor works. */
export const doctorLocation = defineRecord({
  name: 'doctorLocation',
  table: 'doctor_locations',
  schema: z.object({ id: uuid(), clinicId: uuid(), doctorId: uuid(), locationId: uuid() }),
});
export type DoctorLocation = z.infer<typeof doctorLocation.schema>;

export const doctor = defineRecord({
  name: 'doctor',
  table: 'doctors',
  schema: z.object({
    ...syncedFields,
    name: text(120),
    /** `Dr`, `Prof.`; may be empty. */
    title: freeText(40),
    specialty: text(80),
    slug: slug(),
    bio: freeText(4000),
    photoUrl: freeText(500).nullable(),
    languages: texts(20, 10),
    /** Every booking made online is a request that this doctor answers. */
    needsAccepting: boolean(),
    /** Hue of the column's bar in degrees, 0 to 359. */
    hue: integer(0, 359),
    active: boolean(),
    places: z.array(doctorLocation.schema),
  }),
  children: { places: { record: doctorLocation, parentColumn: 'doctor_id' } },
});
export type Doctor = z.infer<typeof doctor.schema>;

import { z } from 'zod';
import { boolean, freeText, integer, oneOf, slug, text, uuid } from './fields';
import { defineRecord, syncedFields } from './record';

/** Where a type is offered, and by whom; no doctor means every doctor who works there. */
export const appointmentTypeLocation = defineRecord({
  name: 'appointmentTypeLocation',
  table: 'appointment_type_locations',
  schema: z.object({
    id: uuid(),
    clinicId: uuid(),
    appointmentTypeId: uuid(),
    locationId: uuid(),
    doctorId: uuid().nullable(),
  }),
});
export type AppointmentTypeLocation = z.infer<typeof appointmentTypeLocation.schema>;

/** The closed palette of type colours; the renderer's tokens give each an edge and a fill. */
export const typeColours = ['blue', 'teal', 'violet', 'plum', 'olive', 'steel', 'copper'] as const;
export type TypeColour = (typeof typeColours)[number];

export const appointmentType = defineRecord({
  name: 'appointmentType',
  table: 'appointment_types',
  schema: z.object({
    ...syncedFields,
    name: text(120),
    slug: slug(),
    description: freeText(2000),
    durationMinutes: integer(5, 1440),
    /** Distance between the starts that are offered; counted from the start of each working window. */
    slotStepMinutes: integer(5, 1440),
    bufferBeforeMinutes: integer(0, 480),
    bufferAfterMinutes: integer(0, 480),
    /** Online only: a start this far ahead, or farther, can be booked. */
    minNoticeMinutes: integer(0, 525_600),
    /** Online only: days ahead, counted in 24 hours from now. */
    maxFutureDays: integer(1, 730),
    /** Seats of a group visit; 1 is a visit of one patient. */
    capacity: integer(1, 200),
    needsRoom: boolean(),
    /** A feature that the room must have, when it needs one. */
    roomFeature: freeText(40).nullable(),
    bookableBy: oneOf(['online', 'desk']),
    needsAccepting: boolean(),
    colour: oneOf(typeColours),
    active: boolean(),
    places: z.array(appointmentTypeLocation.schema),
  }),
  children: { places: { record: appointmentTypeLocation, parentColumn: 'appointment_type_id' } },
});
export type AppointmentType = z.infer<typeof appointmentType.schema>;

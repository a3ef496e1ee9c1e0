import { z } from 'zod';
import { boolean, freeText, integer, oneOf, phone, slug, text, texts, timeZoneField, uuid } from './fields';
import { defineRecord, syncedFields } from './record';

/** A room or a piece of equipment that a visit can take. */
export const locationRoom = defineRecord({
  name: 'locationRoom',
  table: 'location_rooms',
  schema: z.object({
    id: uuid(),
    clinicId: uuid(),
    locationId: uuid(),
    name: text(80),
    kind: oneOf(['room', 'equipment']),
    /** What the room has, for types that need it: `ultrasound`, `gym`. */
    features: texts(20, 40),
    active: boolean(),
    sortOrder: integer(0, 10_000),
  }),
});
export type LocationRoom = z.infer<typeof locationRoom.schema>;

export const location = defineRecord({
  name: 'location',
  table: 'locations',
  schema: z.object({
    ...syncedFields,
    name: text(120),
    slug: slug(),
    street: freeText(200),
    city: freeText(100),
    postalCode: freeText(20),
    directions: freeText(1000),
    phone: phone().nullable(),
    timeZone: timeZoneField(),
    active: boolean(),
    rooms: z.array(locationRoom.schema),
  }),
  children: { rooms: { record: locationRoom, parentColumn: 'location_id' } },
});
export type Location = z.infer<typeof location.schema>;

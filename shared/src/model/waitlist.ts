import { z } from 'zod';
import { dateField, freeText, instantField, integers, oneOf, someOf, uuid, uuids } from './fields';
import { defineRecord, syncedFields } from './record';

export const waitlistOffer = defineRecord({
  name: 'waitlistOffer',
  table: 'waitlist_offers',
  schema: z.object({
    id: uuid(),
    clinicId: uuid(),
    entryId: uuid(),
    doctorId: uuid(),
    locationId: uuid(),
    appointmentTypeId: uuid(),
    startsAt: instantField(),
    endsAt: instantField(),
    status: oneOf(['open', 'accepted', 'declined', 'withdrawn', 'expired']),
    offeredAt: instantField(),
    expiresAt: instantField(),
    answeredAt: instantField().nullable(),
  }),
});
export type WaitlistOffer = z.infer<typeof waitlistOffer.schema>;

export const waitlistEntry = defineRecord({
  name: 'waitlistEntry',
  table: 'waitlist_entries',
  schema: z.object({
    ...syncedFields,
    patientId: uuid(),
    appointmentTypeId: uuid(),
    /** None means any. */
    doctorIds: uuids(),
    locationIds: uuids(),
    weekdays: integers(1, 7, 7),
    partsOfDay: someOf(['morning', 'afternoon', 'evening']),
    earliestOn: dateField().nullable(),
    latestOn: dateField().nullable(),
    urgency: oneOf(['routine', 'soon', 'urgent']),
    note: freeText(1000),
    status: oneOf(['waiting', 'offered', 'booked', 'closed']),
    /** Why it is closed; empty before. */
    closeReason: freeText(500),
    createdAt: instantField(),
    /** Times that were offered, oldest first. An offer keeps no time: the first to accept gets it. */
    offers: z.array(waitlistOffer.schema),
  }),
  children: { offers: { record: waitlistOffer, parentColumn: 'entry_id' } },
});
export type WaitlistEntry = z.infer<typeof waitlistEntry.schema>;

import { z } from 'zod';
import { boolean, freeText, instantField, integer, json, oneOf, text, uuid } from './fields';
import { defineRecord, syncedFields } from './record';

/** FHIR R4 `Appointment.status`, all ten codes. */
export const appointmentStatuses = [
  'proposed',
  'pending',
  'booked',
  'arrived',
  'checked-in',
  'fulfilled',
  'cancelled',
  'noshow',
  'entered-in-error',
  'waitlist',
] as const;
export type AppointmentStatus = (typeof appointmentStatuses)[number];

/** The statuses that keep a slot from others. The generated column `holds_slot` lists the same. */
export const holdingStatuses: readonly AppointmentStatus[] = [
  'pending',
  'booked',
  'arrived',
  'checked-in',
  'fulfilled',
];

export function holdsSlot(status: AppointmentStatus): boolean {
  return holdingStatuses.includes(status);
}

export const actorKinds = ['staff', 'patient', 'google', 'system'] as const;
export type ActorKind = (typeof actorKinds)[number];

/** One entry of a visit's timeline; append-only. */
export const appointmentEvent = defineRecord({
  name: 'appointmentEvent',
  table: 'appointment_events',
  schema: z.object({
    id: uuid(),
    clinicId: uuid(),
    appointmentId: uuid(),
    occurredAt: instantField(),
    act: text(60),
    actorKind: oneOf(actorKinds),
    actorId: uuid().nullable(),
    actorName: freeText(120),
    fromStatus: oneOf(appointmentStatuses).nullable(),
    toStatus: oneOf(appointmentStatuses),
    /** What else changed, old and new: `{ startsAt: [from, to] }`. */
    changed: json(z.record(z.string(), z.tuple([z.unknown(), z.unknown()]))),
    reason: freeText(500),
  }),
});
export type AppointmentEvent = z.infer<typeof appointmentEvent.schema>;

/**
 * A visit. It lasts `[startsAt, endsAt)` and keeps `[reservedFrom, reservedUntil)` of its doctor and room
 * from others: the visit with its type's buffers as they were when it was made.
 */
export const appointment = defineRecord({
  name: 'appointment',
  table: 'appointments',
  schema: z.object({
    ...syncedFields,
    doctorId: uuid(),
    locationId: uuid(),
    roomId: uuid().nullable(),
    appointmentTypeId: uuid(),
    patientId: uuid(),
    seriesId: uuid().nullable(),
    startsAt: instantField(),
    endsAt: instantField(),
    reservedFrom: instantField(),
    reservedUntil: instantField(),
    status: oneOf(appointmentStatuses),
    statusChangedAt: instantField(),
    /** 1 to `capacity`; which seat of a group visit. */
    seat: integer(1, 200),
    capacity: integer(1, 200),
    overbooked: boolean(),
    roomOverbooked: boolean(),
    overbookReason: freeText(500),
    /** RFC 5545 SEQUENCE: rises with every change that a patient must hear of. */
    sequence: integer(0, 1_000_000),
    source: oneOf(['desk', 'public', 'google', 'import']),
    notes: freeText(4000),
    cancelReason: freeText(500),
    /** When the patient said that they will come; null before, and again after a move. */
    confirmedAt: instantField().nullable(),
    /** Part of the manage link: raising it revokes every link that was sent. */
    linkVersion: integer(0, 1_000_000),
    createdAt: instantField(),
    /** Latest entries of the timeline, oldest first. Written as events, read with the visit. */
    events: z.array(appointmentEvent.schema),
  }),
  children: { events: { record: appointmentEvent, parentColumn: 'appointment_id' } },
});
export type Appointment = z.infer<typeof appointment.schema>;

/** Visits with one key share a slot; every other pair must not overlap. The column `group_key` says the same. */
export function groupKey(
  visit: Pick<Appointment, 'id' | 'capacity' | 'doctorId' | 'appointmentTypeId' | 'locationId' | 'startsAt'>,
): string {
  if (visit.capacity === 1) return visit.id;
  return `${visit.doctorId}|${visit.appointmentTypeId}|${visit.locationId}|${visit.startsAt}`;
}

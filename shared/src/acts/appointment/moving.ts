/** How a visit moves: one decision for reschedule, swap, shift and series. The old slot is free in the same commit. */
import type { Appointment } from '../../model/appointment';
import type { ActContext, EventDraft, Refused } from '../act';
import type { Change, Facts } from '../facts';
import type { Placed } from './placed';
import { minutesBetween, type PlacingOptions, type Where } from './placing';
import { placeFor } from './same-patient';

/** What a visit keeps where it is left out. */
export interface Destination {
  doctorId: string;
  locationId: string;
  startsAt: Where['startsAt'];
  appointmentTypeId?: string | null | undefined;
  /** Otherwise the length that it has, or with another type that type's. */
  durationMinutes?: number | null | undefined;
  /** Otherwise it is chosen. */
  roomId?: string | null | undefined;
}

export interface Moved {
  visit: Appointment;
  changes: Change[];
  event: EventDraft;
  /** False where the patient need not hear of it: another room, say. */
  heard: boolean;
}

export function decideMove(
  facts: Facts,
  visit: Appointment,
  to: Destination,
  context: ActContext,
  options: PlacingOptions = {},
): Moved | { refusal: Refused } {
  const where = whereOf(visit, to);
  const placed = placeFor(facts, visit, where, context, options);
  if ('refusal' in placed) return placed;
  const after = moved(visit, placed, where.appointmentTypeId);
  return {
    visit: after,
    changes: [...placed.displaced, { kind: 'appointment', record: after }],
    event: {
      appointmentId: visit.id,
      fromStatus: visit.status,
      toStatus: after.status,
      changed: movedFields(visit, after),
      reason: after.overbookReason,
    },
    heard: isHeard(visit, after),
  };
}

function whereOf(visit: Appointment, to: Destination): Where {
  const appointmentTypeId = to.appointmentTypeId ?? visit.appointmentTypeId;
  const durationMinutes =
    to.durationMinutes ??
    (appointmentTypeId === visit.appointmentTypeId ? minutesBetween(visit.startsAt, visit.endsAt) : null);
  return {
    doctorId: to.doctorId,
    locationId: to.locationId,
    appointmentTypeId,
    startsAt: to.startsAt,
    ignoreAppointmentId: visit.id,
    ...(durationMinutes ? { durationMinutes } : {}),
    ...(to.roomId ? { roomId: to.roomId } : {}),
  };
}

/** True when nothing is asked for that the visit does not have. */
export function staysAsItIs(visit: Appointment, to: Destination): boolean {
  return (
    visit.doctorId === to.doctorId &&
    visit.locationId === to.locationId &&
    visit.startsAt === to.startsAt &&
    (to.appointmentTypeId ?? visit.appointmentTypeId) === visit.appointmentTypeId &&
    (to.durationMinutes ?? minutesBetween(visit.startsAt, visit.endsAt)) ===
      minutesBetween(visit.startsAt, visit.endsAt) &&
    (to.roomId ?? visit.roomId) === visit.roomId
  );
}

/**
 * The visit where it stands now. Overbooked it is only where it was confirmed again; that the patient comes holds for
 * the time that they were told.
 */
export function moved(
  visit: Appointment,
  { slot, overbooked, roomOverbooked, overbookReason }: Omit<Placed, 'displaced'>,
  appointmentTypeId = visit.appointmentTypeId,
): Appointment {
  const after: Appointment = {
    ...visit,
    doctorId: slot.doctorId,
    locationId: slot.locationId,
    roomId: slot.roomId,
    appointmentTypeId,
    startsAt: slot.startsAt,
    endsAt: slot.endsAt,
    reservedFrom: slot.reservedFrom,
    reservedUntil: slot.reservedUntil,
    seat: slot.seat,
    capacity: slot.capacity,
    overbooked,
    roomOverbooked,
    overbookReason,
  };
  return isHeard(visit, after) ? { ...after, confirmedAt: null, sequence: visit.sequence + 1 } : after;
}

/** Whether the patient would come to another place, at another time, or for something else. */
export function isHeard(before: Appointment, after: Appointment): boolean {
  return (['doctorId', 'locationId', 'appointmentTypeId', 'startsAt', 'endsAt'] as const).some(
    (field) => before[field] !== after[field],
  );
}

/** What a timeline entry of a move keeps: enough to put the visit back. */
export const placeFields = [
  'doctorId',
  'locationId',
  'roomId',
  'appointmentTypeId',
  'startsAt',
  'endsAt',
  'reservedFrom',
  'reservedUntil',
  'capacity',
  'overbooked',
  'roomOverbooked',
  'overbookReason',
  'confirmedAt',
] as const;

export function movedFields(before: Appointment, after: Appointment): EventDraft['changed'] {
  const changed: EventDraft['changed'] = {};
  for (const field of placeFields)
    if (before[field] !== after[field]) changed[field] = [before[field], after[field]];
  return changed;
}

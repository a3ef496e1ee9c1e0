/** How a visit comes to be: one decision for the desk, the public page, a series and an accepted offer. */
import { z } from 'zod';
import type { AppointmentStatus } from '../../model/appointment';
import { boolean, freeText, instantField, integer, uuid } from '../../model/fields';
import { type ActContext, type Decision, done, type Override, overrides, refused } from '../act';
import type { Facts } from '../facts';
import { survivorOf } from '../patient/survivor';
import { firstMessage, messagesTo } from './messages';
import { newVisit } from './new-visit';
import type { Overbook } from './over-visits';
import { missingOf, type Where } from './placing';
import { placeFor } from './same-patient';

/** What names a visit that is to be, for staff. */
export const bookingArgs = z.object({
  appointmentId: uuid(),
  patientId: uuid(),
  doctorId: uuid(),
  locationId: uuid(),
  appointmentTypeId: uuid(),
  startsAt: instantField(),
  /** Null is the type's own length. */
  durationMinutes: integer(5, 1440).nullable().default(null),
  /** Null lets the room be chosen. */
  roomId: uuid().nullable().default(null),
  seriesId: uuid().nullable().default(null),
  notes: freeText(4000),
  overrides: z.array(z.enum(overrides)).max(overrides.length).default([]),
  /** A request that the doctor answers. */
  request: boolean().default(false),
});

export interface BookingArgs {
  appointmentId: string;
  patientId: string;
  doctorId: string;
  locationId: string;
  appointmentTypeId: string;
  startsAt: Where['startsAt'];
  notes: string;
  durationMinutes?: number | null;
  roomId?: string | null;
  seriesId?: string | null;
  overrides?: readonly Override[];
  request?: boolean;
}

export interface BookingOptions {
  /** The clinic offered this time: the desk's rules hold, whoever takes it, and nobody has to accept it again. */
  offered?: boolean;
  /** Only suggested to the patient: it has to be free now, and holds nothing. */
  proposed?: boolean;
  overbook?: Overbook | null;
}

export function decideBooking(
  facts: Facts,
  args: BookingArgs,
  context: ActContext,
  options: BookingOptions = {},
): Decision {
  if (facts.get('appointment', args.appointmentId))
    return refused([{ code: 'exists', what: 'visit', id: args.appointmentId }]);
  // Booked offline for a record that was merged meanwhile, it is the other record's.
  const patient = survivorOf(facts, args.patientId);
  if (!patient) return refused([{ code: 'unknown', what: 'patient', id: args.patientId }]);
  const missing = missingOf(facts, args);
  if (missing) return missing;
  const placed = placeFor(facts, { id: args.appointmentId, patientId: patient.id }, whereOf(args), context, {
    overrides: args.overrides ?? [],
    overbook: options.overbook ?? null,
    ...(options.offered ? { channel: 'desk' } : {}),
  });
  if ('refusal' in placed) return placed.refusal;
  const visit = newVisit(
    { ...args, patientId: patient.id },
    placed,
    statusOf(facts, args, context, options),
    context,
  );
  return done(
    [...placed.displaced, { kind: 'appointment', record: visit }],
    [
      {
        appointmentId: visit.id,
        fromStatus: null,
        toStatus: visit.status,
        changed: {},
        reason: visit.overbookReason,
      },
    ],
    messagesTo(patient, visit, firstMessage(visit.status), context),
  );
}

function whereOf(args: BookingArgs): Where {
  const { doctorId, locationId, appointmentTypeId, startsAt, durationMinutes, roomId } = args;
  return {
    doctorId,
    locationId,
    appointmentTypeId,
    startsAt,
    ...(durationMinutes ? { durationMinutes } : {}),
    ...(roomId ? { roomId } : {}),
  };
}

/** Does a visit that a patient asks for there wait for the clinic's answer? */
export function needsAccepting(
  facts: Facts,
  where: { doctorId: string; appointmentTypeId: string },
): boolean {
  return (
    facts.appointmentType(where.appointmentTypeId)?.needsAccepting === true ||
    facts.doctor(where.doctorId)?.needsAccepting === true
  );
}

function statusOf(
  facts: Facts,
  args: BookingArgs,
  context: ActContext,
  { offered, proposed }: BookingOptions,
): AppointmentStatus {
  if (proposed) return 'proposed';
  if (context.actor.kind === 'patient') return !offered && needsAccepting(facts, args) ? 'pending' : 'booked';
  return args.request ? 'pending' : 'booked';
}

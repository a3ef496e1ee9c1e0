import { z } from 'zod';
import type { AppointmentStatus } from '../../model/appointment';
import { instantField, integer, uuid } from '../../model/fields';
import { type ActContext, defineAct, done, overrides, refused } from '../act';
import type { Facts } from '../facts';
import { forbidsAgenda, forbidsVisit } from '../permissions';
import { releaseAll } from '../slot/release-all';
import { movableStatuses } from '../status-table';
import { needsAccepting } from './booking';
import { messagesTo } from './messages';
import { type Destination, decideMove, staysAsItIs } from './moving';
import { forbidsOverbooking, overbook } from './over-visits';
import { outsideWindow } from './patient-rules';
import { missingOf } from './placing';

/**
 * Moves a visit in time, to another doctor, place or type, or changes its length or room. What was overbooked stands on
 * its own feet at the new time, is overbooked there anew, or is refused. A patient moves their own visits, by the rules
 * of booking online; what a visit asks for there that must be accepted, it asks for again.
 */
export const rescheduleAppointment = defineAct({
  name: 'appointment.reschedule',
  version: 2,
  args: z.object({
    appointmentId: uuid(),
    doctorId: uuid(),
    locationId: uuid(),
    startsAt: instantField(),
    /** Null keeps the length it has, or takes that of another type. */
    durationMinutes: integer(5, 1440).nullable(),
    /** Null keeps the type. */
    appointmentTypeId: uuid().nullable().default(null),
    /** Null lets the room be chosen. */
    roomId: uuid().nullable().default(null),
    overrides: z.array(z.enum(overrides)).max(overrides.length).default([]),
    overbook: overbook.nullable().default(null),
  }),
  forbids: (actor, args, facts) => {
    const visit = facts.get('appointment', args.appointmentId);
    if (actor.kind === 'patient')
      return forbidsVisit(actor, visit) ?? (args.overbook ? forbidsOverbooking(actor) : null);
    return (
      forbidsAgenda(actor, visit?.doctorId) ??
      forbidsAgenda(actor, args.doctorId) ??
      (args.overbook ? forbidsOverbooking(actor) : null)
    );
  },
  needs: (args) => ({ appointment: [args.appointmentId] }),
  decide: (facts, { appointmentId, overrides, overbook, ...asked }, context) => {
    const visit = facts.get('appointment', appointmentId);
    if (!visit) return refused([{ code: 'unknown', what: 'visit', id: appointmentId }]);
    if (!movableStatuses.includes(visit.status))
      return refused([{ code: 'status', from: visit.status, to: visit.status }]);
    const window = outsideWindow(facts, visit, context);
    if (window) return refused([window]);
    const byPatient = context.actor.kind === 'patient';
    // Length and room are the clinic's to choose.
    const to: Destination = byPatient ? { ...asked, durationMinutes: null, roomId: null } : asked;
    const appointmentTypeId = to.appointmentTypeId ?? visit.appointmentTypeId;
    const missing = missingOf(facts, { ...to, appointmentTypeId });
    if (missing) return missing;
    if (staysAsItIs(visit, to)) return done([]);
    const move = decideMove(facts, visit, to, context, { overrides, overbook });
    if ('refusal' in move) return move.refusal;
    const status = byPatient ? statusAfter(facts, visit.status, { ...to, appointmentTypeId }) : visit.status;
    const after =
      status === visit.status ? move.visit : { ...move.visit, status, statusChangedAt: context.madeAt };
    return done(
      [
        // What the patient held while choosing goes in the same commit.
        ...(byPatient ? releaseAll(facts, context.actor) : []),
        ...move.changes.filter((change) => change.kind !== 'appointment'),
        { kind: 'appointment', record: after },
      ],
      [{ ...move.event, toStatus: status }],
      move.heard
        ? messagesTo(facts.get('patient', visit.patientId), after, kindOf(after.status, context), context)
        : [],
    );
  },
});

/** Of a patient's own move. Whoever picks another time than the clinic suggested has picked one. */
function statusAfter(
  facts: Facts,
  before: AppointmentStatus,
  where: { doctorId: string; appointmentTypeId: string },
): AppointmentStatus {
  if (needsAccepting(facts, where)) return 'pending';
  return before === 'proposed' ? 'booked' : before;
}

function kindOf(status: AppointmentStatus, context: ActContext): 'requested' | 'moved' {
  return status === 'pending' && context.actor.kind === 'patient' ? 'requested' : 'moved';
}

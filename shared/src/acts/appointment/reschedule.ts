import { z } from 'zod';
import type { Appointment } from '../../model/appointment';
import { instantField, integer, uuid } from '../../model/fields';
import { defineAct, done, refused } from '../act';
import { forbidsAgenda } from '../permissions';
import { movableStatuses } from '../status-table';
import { messagesTo } from './messages';
import { minutesBetween, missingOf, place } from './placing';

/**
 * Moves a visit in time, to another doctor or place, or changes its length. The old slot is free in the same commit.
 * What was overbooked stands on its own feet at the new time, or is refused there.
 */
export const rescheduleAppointment = defineAct({
  name: 'appointment.reschedule',
  version: 1,
  args: z.object({
    appointmentId: uuid(),
    doctorId: uuid(),
    locationId: uuid(),
    startsAt: instantField(),
    /** Null keeps the length it has. */
    durationMinutes: integer(5, 1440).nullable(),
  }),
  forbids: (actor, args, facts) =>
    forbidsAgenda(actor, facts.get('appointment', args.appointmentId)?.doctorId) ??
    forbidsAgenda(actor, args.doctorId),
  needs: (args) => ({ appointment: [args.appointmentId] }),
  decide: (facts, args, context) => {
    const visit = facts.get('appointment', args.appointmentId);
    if (!visit) return refused([{ code: 'unknown', what: 'visit', id: args.appointmentId }]);
    if (!movableStatuses.includes(visit.status))
      return refused([{ code: 'status', from: visit.status, to: visit.status }]);
    const missing = missingOf(facts, { ...args, appointmentTypeId: visit.appointmentTypeId });
    if (missing) return missing;
    const durationMinutes = args.durationMinutes ?? minutesBetween(visit.startsAt, visit.endsAt);
    const placed = place(
      facts,
      {
        doctorId: args.doctorId,
        locationId: args.locationId,
        appointmentTypeId: visit.appointmentTypeId,
        startsAt: args.startsAt,
        durationMinutes,
        ignoreAppointmentId: visit.id,
      },
      context,
    );
    if ('refusal' in placed) return placed.refusal;
    const { slot } = placed;
    const moved: Appointment = {
      ...visit,
      doctorId: args.doctorId,
      locationId: args.locationId,
      roomId: slot.roomId,
      startsAt: slot.startsAt,
      endsAt: slot.endsAt,
      reservedFrom: slot.reservedFrom,
      reservedUntil: slot.reservedUntil,
      seat: slot.seat,
      capacity: slot.capacity,
      overbooked: false,
      roomOverbooked: false,
      overbookReason: '',
      sequence: visit.sequence + 1,
    };
    const changed: Record<string, [unknown, unknown]> = {};
    for (const field of ['doctorId', 'locationId', 'roomId', 'startsAt', 'endsAt'] as const) {
      if (visit[field] !== moved[field]) changed[field] = [visit[field], moved[field]];
    }
    if (Object.keys(changed).length === 0) return done([]);
    return done(
      [{ kind: 'appointment', record: moved }],
      [{ appointmentId: visit.id, fromStatus: visit.status, toStatus: visit.status, changed, reason: '' }],
      messagesTo(facts.get('patient', visit.patientId), moved, 'moved', context),
    );
  },
});

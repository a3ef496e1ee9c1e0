import { z } from 'zod';
import type { Appointment } from '../../model/appointment';
import { uuid } from '../../model/fields';
import { type ActContext, type Decision, defineAct, done, overrides, refused } from '../act';
import type { Change, Facts } from '../facts';
import { forbidsVisit } from '../permissions';
import { messagesTo } from './messages';
import { movedFields } from './moving';
import { minutesBetween } from './placing';
import { placeFor } from './same-patient';

/**
 * The clinic accepts a request, which holds its slot already; or a time that was suggested is accepted, which holds
 * nothing and so has to be free still. A patient accepts what the clinic suggested by the desk's rules.
 */
export const acceptAppointment = defineAct({
  name: 'appointment.accept',
  version: 1,
  args: z.object({
    appointmentId: uuid(),
    overrides: z.array(z.enum(overrides)).max(overrides.length).default([]),
  }),
  forbids: (actor, args, facts) => {
    const visit = facts.get('appointment', args.appointmentId);
    return actor.kind === 'patient' && visit?.status !== 'proposed' && visit?.patientId === actor.id
      ? 'The clinic answers this request'
      : forbidsVisit(actor, visit);
  },
  needs: ({ appointmentId }) => ({ appointment: [appointmentId] }),
  decide: (facts, { appointmentId, overrides }, context) => {
    const visit = facts.get('appointment', appointmentId);
    if (!visit) return refused([{ code: 'unknown', what: 'visit', id: appointmentId }]);
    if (visit.status === 'pending') return accepted(facts, visit, visit, [], context);
    if (visit.status !== 'proposed') return refused([{ code: 'status', from: visit.status, to: 'booked' }]);
    const placed = placeFor(
      facts,
      visit,
      {
        doctorId: visit.doctorId,
        locationId: visit.locationId,
        appointmentTypeId: visit.appointmentTypeId,
        startsAt: visit.startsAt,
        durationMinutes: minutesBetween(visit.startsAt, visit.endsAt),
        ignoreAppointmentId: visit.id,
      },
      context,
      { channel: 'desk', overrides },
    );
    if ('refusal' in placed) return placed.refusal;
    const { roomId, seat, capacity, reservedFrom, reservedUntil } = placed.slot;
    const taking = { ...visit, roomId, seat, capacity, reservedFrom, reservedUntil };
    return accepted(facts, visit, taking, placed.displaced, context);
  },
});

function accepted(
  facts: Facts,
  visit: Appointment,
  taking: Appointment,
  displaced: Change[],
  context: ActContext,
): Decision {
  const booked: Appointment = {
    ...taking,
    status: 'booked',
    statusChangedAt: context.madeAt,
    sequence: visit.sequence + 1,
  };
  return done(
    [...displaced, { kind: 'appointment', record: booked }],
    [
      {
        appointmentId: visit.id,
        fromStatus: visit.status,
        toStatus: 'booked',
        // It may get another room than the one that was free when it was suggested.
        changed: movedFields(visit, taking),
        reason: '',
      },
    ],
    messagesTo(facts.get('patient', visit.patientId), booked, 'confirmed', context),
  );
}

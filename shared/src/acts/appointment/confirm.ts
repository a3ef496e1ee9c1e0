import { z } from 'zod';
import type { Appointment } from '../../model/appointment';
import { uuid } from '../../model/fields';
import { defineAct, done, refused } from '../act';
import { forbidsVisit } from '../permissions';
import { timeZoneAt } from './placing';

/** The patient says that they will come, themselves or on the telephone. Saying it twice is no harm. */
export const confirmAppointment = defineAct({
  name: 'appointment.confirm',
  version: 1,
  args: z.object({ appointmentId: uuid() }),
  forbids: (actor, args, facts) => forbidsVisit(actor, facts.get('appointment', args.appointmentId)),
  needs: ({ appointmentId }) => ({ appointment: [appointmentId] }),
  decide: (facts, { appointmentId }, context) => {
    const visit = facts.get('appointment', appointmentId);
    if (!visit) return refused([{ code: 'unknown', what: 'visit', id: appointmentId }]);
    if (visit.status !== 'booked') return refused([{ code: 'status', from: visit.status, to: 'booked' }]);
    if (visit.confirmedAt !== null) return done([]);
    const confirmedAt = context.actor.kind === 'patient' ? context.now : context.madeAt;
    if (visit.startsAt <= confirmedAt) {
      const timeZone = timeZoneAt(facts, visit.locationId);
      return refused([{ code: 'slot', reason: { code: 'past' }, timeZone }]);
    }
    const record: Appointment = { ...visit, confirmedAt };
    return done(
      [{ kind: 'appointment', record }],
      [
        {
          appointmentId,
          fromStatus: visit.status,
          toStatus: visit.status,
          changed: { confirmedAt: [null, confirmedAt] },
          reason: '',
        },
      ],
    );
  },
});

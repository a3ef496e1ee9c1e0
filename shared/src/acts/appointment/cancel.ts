import { z } from 'zod';
import type { Appointment } from '../../model/appointment';
import { text, uuid } from '../../model/fields';
import { defineAct, done, refused } from '../act';
import { forbidsAgenda } from '../permissions';
import { mayChange } from '../status-table';
import { messagesTo } from './messages';

export const cancelAppointment = defineAct({
  name: 'appointment.cancel',
  version: 1,
  args: z.object({ appointmentId: uuid(), reason: text(500) }),
  forbids: (actor, args, facts) =>
    forbidsAgenda(actor, facts.get('appointment', args.appointmentId)?.doctorId),
  needs: (args) => ({ appointment: [args.appointmentId] }),
  decide: (facts, args, context) => {
    const visit = facts.get('appointment', args.appointmentId);
    if (!visit) return refused([{ code: 'unknown', what: 'visit', id: args.appointmentId }]);
    if (!mayChange(visit.status, 'cancelled'))
      return refused([{ code: 'status', from: visit.status, to: 'cancelled' }]);
    const cancelled: Appointment = {
      ...visit,
      status: 'cancelled',
      statusChangedAt: context.now,
      cancelReason: args.reason,
      sequence: visit.sequence + 1,
    };
    return done(
      [{ kind: 'appointment', record: cancelled }],
      [
        {
          appointmentId: visit.id,
          fromStatus: visit.status,
          toStatus: 'cancelled',
          changed: {},
          reason: args.reason,
        },
      ],
      messagesTo(facts.get('patient', visit.patientId), cancelled, 'cancelled', context),
    );
  },
});

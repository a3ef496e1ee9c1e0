import { z } from 'zod';
import type { Appointment } from '../../model/appointment';
import { uuid } from '../../model/fields';
import { defineAct, done, refused } from '../act';
import { forbidsAgenda } from '../permissions';

/** Every manage link that was sent for the visit stops working; the next message carries a new one. */
export const revokeLink = defineAct({
  name: 'appointment.revoke-link',
  version: 1,
  args: z.object({ appointmentId: uuid() }),
  forbids: (actor, args, facts) =>
    forbidsAgenda(actor, facts.get('appointment', args.appointmentId)?.doctorId),
  needs: ({ appointmentId }) => ({ appointment: [appointmentId] }),
  decide: (facts, { appointmentId }) => {
    const visit = facts.get('appointment', appointmentId);
    if (!visit) return refused([{ code: 'unknown', what: 'visit', id: appointmentId }]);
    const record: Appointment = { ...visit, linkVersion: visit.linkVersion + 1 };
    return done(
      [{ kind: 'appointment', record }],
      [
        {
          appointmentId,
          fromStatus: visit.status,
          toStatus: visit.status,
          changed: { linkVersion: [visit.linkVersion, record.linkVersion] },
          reason: '',
        },
      ],
    );
  },
});

import { z } from 'zod';
import { freeText, uuid } from '../../model/fields';
import { defineAct, refused } from '../act';
import { forbidsAgenda, forbidsVisit } from '../permissions';
import { endVisit } from './cancel';

/** The clinic declines a request, or the patient a time that was suggested. What is booked is cancelled instead. */
export const declineAppointment = defineAct({
  name: 'appointment.decline',
  version: 1,
  args: z.object({ appointmentId: uuid(), reason: freeText(500) }),
  forbids: (actor, args, facts) => {
    const visit = facts.get('appointment', args.appointmentId);
    return visit?.status === 'proposed' ? forbidsVisit(actor, visit) : forbidsAgenda(actor, visit?.doctorId);
  },
  needs: ({ appointmentId }) => ({ appointment: [appointmentId] }),
  decide: (facts, { appointmentId, reason }, context) => {
    const visit = facts.get('appointment', appointmentId);
    if (!visit) return refused([{ code: 'unknown', what: 'visit', id: appointmentId }]);
    if (visit.status !== 'pending' && visit.status !== 'proposed')
      return refused([{ code: 'status', from: visit.status, to: 'cancelled' }]);
    // A patient's own no is confirmed: the suggestion stands in their calendar, and the message takes it out.
    return endVisit(facts, visit, 'cancelled', reason.trim(), 'declined', context);
  },
});

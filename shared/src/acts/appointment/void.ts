import { z } from 'zod';
import { holdsSlot } from '../../model/appointment';
import { text, uuid } from '../../model/fields';
import { defineAct, refused } from '../act';
import { runsAgendas } from '../permissions';
import { mayChange } from '../status-table';
import { endVisit } from './cancel';

/** The visit should never have been there: entered in error, for good. Who was told of a visit ahead hears that it is off. */
export const voidAppointment = defineAct({
  name: 'appointment.void',
  version: 1,
  args: z.object({ appointmentId: uuid(), reason: text(500) }),
  forbids: (actor) => (runsAgendas(actor) ? null : 'Reception or an administrator takes out mistakes'),
  needs: ({ appointmentId }) => ({ appointment: [appointmentId] }),
  decide: (facts, { appointmentId, reason }, context) => {
    const visit = facts.get('appointment', appointmentId);
    if (!visit) return refused([{ code: 'unknown', what: 'visit', id: appointmentId }]);
    if (!mayChange(visit.status, 'entered-in-error'))
      return refused([{ code: 'status', from: visit.status, to: 'entered-in-error' }]);
    const isExpected = holdsSlot(visit.status) && visit.startsAt > context.now;
    return endVisit(facts, visit, 'entered-in-error', reason, isExpected ? 'cancelled' : null, context);
  },
});

import { z } from 'zod';
import type { Appointment, AppointmentStatus } from '../../model/appointment';
import { freeText, uuid } from '../../model/fields';
import type { Notification } from '../../model/notification';
import { type ActContext, type Decision, defineAct, done, refused } from '../act';
import type { Facts } from '../facts';
import { forbidsVisit } from '../permissions';
import { mayChange, movableStatuses } from '../status-table';
import { messagesTo } from './messages';
import { outsideWindow } from './patient-rules';

/** Staff always may, with a reason; the patient may until the clinic's window closes, and need not say why. */
export const cancelAppointment = defineAct({
  name: 'appointment.cancel',
  version: 2,
  args: z.object({ appointmentId: uuid(), reason: freeText(500) }),
  forbids: (actor, args, facts) => forbidsVisit(actor, facts.get('appointment', args.appointmentId)),
  needs: (args) => ({ appointment: [args.appointmentId] }),
  decide: (facts, args, context) => {
    const visit = facts.get('appointment', args.appointmentId);
    if (!visit) return refused([{ code: 'unknown', what: 'visit', id: args.appointmentId }]);
    const byPatient = context.actor.kind === 'patient';
    if (!mayChange(visit.status, 'cancelled') || (byPatient && !movableStatuses.includes(visit.status)))
      return refused([{ code: 'status', from: visit.status, to: 'cancelled' }]);
    const reason = args.reason.trim();
    if (!byPatient && reason === '')
      return refused([{ code: 'invalid', field: 'reason', message: 'Say why, so that others know later' }]);
    const window = outsideWindow(facts, visit, context);
    if (window) return refused([window]);
    return endVisit(facts, visit, 'cancelled', reason, 'cancelled', context);
  },
});

/** The visit is off: it frees its slot and its seat, and the patient hears of it, unless `message` is null. */
export function endVisit(
  facts: Facts,
  visit: Appointment,
  status: AppointmentStatus,
  reason: string,
  message: Notification['kind'] | null,
  context: ActContext,
): Decision {
  const ended: Appointment = {
    ...visit,
    status,
    statusChangedAt: context.madeAt,
    cancelReason: reason,
    sequence: visit.sequence + 1,
  };
  return done(
    [{ kind: 'appointment', record: ended }],
    [{ appointmentId: visit.id, fromStatus: visit.status, toStatus: status, changed: {}, reason }],
    message ? messagesTo(facts.get('patient', visit.patientId), ended, message, context) : [],
  );
}

/** The steps of a visit's day. */
import { z } from 'zod';
import type { Appointment, AppointmentStatus } from '../../model/appointment';
import { uuid } from '../../model/fields';
import { defineAct, done, refused } from '../act';
import { forbidsAgenda } from '../permissions';
import { mayChange } from '../status-table';
import { takenAgain } from './undo';

const args = z.object({ appointmentId: uuid() });

function statusAct<const Name extends string>(name: Name, to: AppointmentStatus) {
  return defineAct({
    name,
    version: 1,
    args,
    forbids: (actor, { appointmentId }, facts) =>
      forbidsAgenda(actor, facts.get('appointment', appointmentId)?.doctorId),
    needs: ({ appointmentId }) => ({ appointment: [appointmentId] }),
    decide: (facts, { appointmentId }, context) => {
      const visit = facts.get('appointment', appointmentId);
      if (!visit) return refused([{ code: 'unknown', what: 'visit', id: appointmentId }]);
      if (!mayChange(visit.status, to)) return refused([{ code: 'status', from: visit.status, to }]);
      // Who did not come in time has kept nothing: somebody else may have the slot by now.
      const taken = takenAgain(facts, visit, { ...visit, status: to }, context);
      if ('kind' in taken) return taken;
      const record: Appointment = {
        ...visit,
        status: to,
        seat: taken.seat,
        statusChangedAt: context.madeAt,
      };
      return done(
        [{ kind: 'appointment', record }],
        [{ appointmentId, fromStatus: visit.status, toStatus: to, changed: {}, reason: '' }],
      );
    },
  });
}

export const arriveAppointment = statusAct('appointment.arrive', 'arrived');
export const startAppointment = statusAct('appointment.start', 'checked-in');
export const completeAppointment = statusAct('appointment.complete', 'fulfilled');
export const noshowAppointment = statusAct('appointment.noshow', 'noshow');

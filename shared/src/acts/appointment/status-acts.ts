/** The steps of a visit's day, and taking the last one back. */
import { z } from 'zod';
import { placeVisit } from '../../availability/place-visit';
import type { Appointment, AppointmentEvent, AppointmentStatus } from '../../model/appointment';
import { holdsSlot } from '../../model/appointment';
import { uuid } from '../../model/fields';
import { defineAct, done, refused } from '../act';
import { forbidsAgenda } from '../permissions';
import { mayChange, mayUndo } from '../status-table';
import { minutesBetween, placementRequest, refuseSlot } from './placing';

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
      const record: Appointment = { ...visit, status: to, statusChangedAt: context.madeAt };
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

/** Only these say that somebody else has the slot now; that it lies in the past or off the grid does not matter here. */
const takenCodes = new Set(['visit', 'buffer', 'hold', 'room-taken', 'full', 'external-busy']);

const undoName = 'appointment.undo';

/** The status before the last change that was not taken back already; null where the timeline does not tell. */
function statusBefore(visit: Appointment): AppointmentStatus | null {
  const standing: AppointmentEvent[] = [];
  for (const event of visit.events) {
    if (event.fromStatus === event.toStatus) continue;
    if (event.act === undoName) standing.pop();
    else standing.push(event);
  }
  const last = standing.at(-1);
  return last?.toStatus === visit.status ? last.fromStatus : null;
}

/** Takes back the last change of status. A visit that held nothing meanwhile needs its slot to be free still. */
export const undoStatus = defineAct({
  name: undoName,
  version: 1,
  args,
  forbids: (actor, { appointmentId }, facts) =>
    forbidsAgenda(actor, facts.get('appointment', appointmentId)?.doctorId),
  needs: ({ appointmentId }) => ({ appointment: [appointmentId] }),
  decide: (facts, { appointmentId }, context) => {
    const visit = facts.get('appointment', appointmentId);
    if (!visit) return refused([{ code: 'unknown', what: 'visit', id: appointmentId }]);
    const back = statusBefore(visit);
    if (back === null || !mayUndo(visit.status, back))
      return refused([{ code: 'status', from: visit.status, to: back ?? visit.status }]);
    let seat = visit.seat;
    if (holdsSlot(back) && !holdsSlot(visit.status) && !visit.overbooked) {
      const request = placementRequest(
        {
          doctorId: visit.doctorId,
          locationId: visit.locationId,
          appointmentTypeId: visit.appointmentTypeId,
          startsAt: visit.startsAt,
          durationMinutes: minutesBetween(visit.startsAt, visit.endsAt),
          roomId: visit.roomId,
          ignoreAppointmentId: visit.id,
        },
        context,
      );
      const placement = placeVisit(facts, request);
      const taken = placement.reasons.filter((reason) => takenCodes.has(reason.code));
      if (taken.length > 0) return refuseSlot(facts, request, { ...placement, reasons: taken }, context);
      seat = placement.slot?.seat ?? visit.seat;
    }
    const record: Appointment = {
      ...visit,
      status: back,
      seat,
      statusChangedAt: context.madeAt,
      cancelReason: '',
      sequence: visit.status === 'cancelled' ? visit.sequence + 1 : visit.sequence,
    };
    return done(
      [{ kind: 'appointment', record }],
      [{ appointmentId, fromStatus: visit.status, toStatus: back, changed: {}, reason: 'undo' }],
    );
  },
});

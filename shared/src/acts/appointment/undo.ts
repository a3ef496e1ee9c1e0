/** Taking back the last change of a visit: of its status, its place, or that the patient comes. */
import { z } from 'zod';
import { placeVisit } from '../../availability/place-visit';
import type { ReasonCode } from '../../availability/reason';
import { type Appointment, groupKey, holdsSlot } from '../../model/appointment';
import { uuid } from '../../model/fields';
import { minuteMs } from '../../time/instant';
import { type ActContext, type Actor, type Decision, defineAct, done, type Refused, refused } from '../act';
import type { Facts } from '../facts';
import { forbidsAgenda } from '../permissions';
import { mayUndo } from '../status-table';
import { lastChange, restoredFrom, undoName } from './last-change';
import { firstMessage, messagesTo, staffGraceMinutes } from './messages';
import { isHeard } from './moving';
import { minutesBetween, placementRequest, refuseSlot } from './placing';
import { withoutEndedHolds } from './placing-facts';

/** Only these say that somebody else has the time now; that it lies in the past or off the grid does not matter here. */
const doctorTaken: readonly ReasonCode[] = ['visit', 'buffer', 'hold', 'full', 'external-busy'];

/**
 * A visit that held nothing meanwhile, or stood elsewhere, needs its time to be free still. The patient hears of it
 * where they had heard of what is taken back; within the minutes that a message of staff waits they had not.
 */
export const undoAppointment = defineAct({
  name: undoName,
  version: 1,
  args: z.object({ appointmentId: uuid() }),
  forbids: (actor, { appointmentId }, facts) => forbidsUndo(actor, facts.get('appointment', appointmentId)),
  needs: ({ appointmentId }) => ({ appointment: [appointmentId] }),
  decide: (facts, { appointmentId }, context) => {
    const visit = facts.get('appointment', appointmentId);
    return visit
      ? decideUndo(facts, visit, context)
      : refused([{ code: 'unknown', what: 'visit', id: appointmentId }]);
  },
});

/** The agenda that the visit is on, and the one that it goes back to. */
export function forbidsUndo(actor: Actor, visit: Appointment | undefined): string | null {
  const before = visit && lastChange(visit)?.changed.doctorId?.[0];
  return (
    forbidsAgenda(actor, visit?.doctorId) ??
    (typeof before === 'string' ? forbidsAgenda(actor, before) : null)
  );
}

export function decideUndo(facts: Facts, visit: Appointment, context: ActContext): Decision {
  const last = lastChange(visit);
  const back = last?.fromStatus ?? visit.status;
  const isUndoable =
    last?.fromStatus &&
    last.toStatus === visit.status &&
    (back === visit.status || mayUndo(visit.status, back));
  if (!isUndoable) return refused([{ code: 'status', from: visit.status, to: back }]);
  const restored = restoredFrom(visit, last);
  if (!restored) return refused([{ code: 'status', from: visit.status, to: visit.status }]);
  const taken = takenAgain(facts, visit, restored, context);
  if ('kind' in taken) return taken;

  const changedPlace = isHeard(visit, restored);
  const concerned = changedPlace || isAnswer(visit, restored);
  const record: Appointment = {
    ...restored,
    seat: taken.seat,
    statusChangedAt: back === visit.status ? visit.statusChangedAt : context.madeAt,
    cancelReason: '',
    sequence: concerned ? visit.sequence + 1 : visit.sequence,
  };
  const heard = last.actorKind === 'patient' || context.now - last.occurredAt >= staffGraceMinutes * minuteMs;
  return done(
    [{ kind: 'appointment', record }],
    [
      {
        appointmentId: visit.id,
        fromStatus: visit.status,
        toStatus: back,
        changed: Object.fromEntries(
          Object.entries(last.changed).map(([field, [old, now]]) => [field, [now, old]]),
        ),
        reason: 'undo',
      },
    ],
    concerned && heard
      ? messagesTo(
          facts.get('patient', visit.patientId),
          record,
          changedPlace ? 'moved' : firstMessage(record.status),
          context,
        )
      : [],
  );
}

/** Cancelled and booked again, accepted or not: what a patient has been told is no longer so. */
function isAnswer(visit: Appointment, restored: Appointment): boolean {
  const answers = ['cancelled', 'pending', 'proposed'];
  return (
    visit.status !== restored.status && (answers.includes(visit.status) || answers.includes(restored.status))
  );
}

/** The seat, where nobody else has taken the time meanwhile. What was overbooked may lie over others again. */
export function takenAgain(
  facts: Facts,
  visit: Appointment,
  restored: Appointment,
  context: ActContext,
): { seat: number } | Refused {
  const wasThere =
    holdsSlot(visit.status) &&
    (['doctorId', 'roomId', 'reservedFrom', 'reservedUntil', 'capacity'] as const).every(
      (field) => visit[field] === restored[field],
    );
  if (!holdsSlot(restored.status) || wasThere) return { seat: visit.seat };
  const request = placementRequest(
    {
      doctorId: restored.doctorId,
      locationId: restored.locationId,
      appointmentTypeId: restored.appointmentTypeId,
      startsAt: restored.startsAt,
      durationMinutes: minutesBetween(restored.startsAt, restored.endsAt),
      roomId: restored.roomId,
      ignoreAppointmentId: visit.id,
    },
    context,
  );
  const placement = placeVisit(withoutEndedHolds(facts, restored, context), request);
  const reasons = placement.reasons.filter(
    ({ code }) =>
      (!restored.overbooked && doctorTaken.includes(code)) ||
      (!restored.roomOverbooked && code === 'room-taken'),
  );
  if (reasons.length > 0) return refuseSlot(facts, request, { reasons }, context);
  return { seat: freeSeat(facts, restored) };
}

/**
 * The lowest that nobody of the group has. Not the engine's: that has no place for a visit whose time is past or
 * blocked by now, and somebody else may have the seat that this one had.
 */
function freeSeat(facts: Facts, restored: Appointment): number {
  const others = facts
    .appointmentsOfDoctor(restored.doctorId, restored.reservedFrom, restored.reservedUntil)
    .filter(
      (other) =>
        other.id !== restored.id && holdsSlot(other.status) && groupKey(other) === groupKey(restored),
    );
  const seats = new Set(others.map((other) => other.seat));
  let seat = 1;
  while (seats.has(seat)) seat++;
  return seat;
}

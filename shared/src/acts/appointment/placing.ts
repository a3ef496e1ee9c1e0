/** What book, reschedule and undo share: asking the engine for a place, and wording its refusal. */
import { nearestSlots } from '../../availability/nearest-slots';
import { placeVisit } from '../../availability/place-visit';
import type { Placement, PlacementRequest } from '../../availability/query';
import type { Instant } from '../../time/instant';
import { type ActContext, type Refused, refused } from '../act';
import type { Facts } from '../facts';

export type PlacedSlot = NonNullable<Placement['slot']>;

export type Where = Pick<
  PlacementRequest,
  | 'doctorId'
  | 'locationId'
  | 'appointmentTypeId'
  | 'startsAt'
  | 'durationMinutes'
  | 'roomId'
  | 'ignoreAppointmentId'
>;

const alternativesCount = 3;
const alternativesWithinDays = 21;

/**
 * A patient is judged at `now` by the online rules. Staff are judged by the desk's, at the time they acted: what was
 * done in time offline is not refused for arriving late.
 */
export function placementRequest(where: Where, context: ActContext): PlacementRequest {
  const online = context.actor.kind === 'patient';
  return {
    ...where,
    channel: online ? 'online' : 'desk',
    now: online ? context.now : context.madeAt,
    ...(context.actor.holder === undefined ? {} : { holder: context.actor.holder }),
  };
}

/** The place, or the refusal with every rule in the way and the nearest free slots. */
export function place(
  facts: Facts,
  where: Where,
  context: ActContext,
): { slot: PlacedSlot } | { refusal: Refused } {
  const request = placementRequest(where, context);
  const placement = placeVisit(facts, request);
  if (placement.slot) return { slot: placement.slot };
  return { refusal: refuseSlot(facts, request, placement, context) };
}

export function refuseSlot(
  facts: Facts,
  request: PlacementRequest,
  placement: Placement,
  context: ActContext,
): Refused {
  const timeZone = facts.location(request.locationId)?.timeZone ?? facts.clinic.timeZone;
  return refused(
    placement.reasons.map((reason) => ({ code: 'slot', reason, timeZone })),
    // Nearest from the time of deciding: a slot that was free when an offline desk asked may have passed.
    nearestSlots(
      facts,
      { ...request, now: context.now },
      { count: alternativesCount, withinDays: alternativesWithinDays },
    ),
  );
}

/** The records that a slot names, or the first that is not there. */
export function missingOf(
  facts: Facts,
  where: Pick<Where, 'doctorId' | 'locationId' | 'appointmentTypeId'>,
): Refused | null {
  if (!facts.doctor(where.doctorId))
    return refused([{ code: 'unknown', what: 'doctor', id: where.doctorId }]);
  if (!facts.location(where.locationId))
    return refused([{ code: 'unknown', what: 'location', id: where.locationId }]);
  if (!facts.appointmentType(where.appointmentTypeId))
    return refused([{ code: 'unknown', what: 'appointment type', id: where.appointmentTypeId }]);
  return null;
}

/** Minutes from one instant to another, for durations kept with a visit. */
export function minutesBetween(from: Instant, until: Instant): number {
  return Math.round((until - from) / 60_000);
}

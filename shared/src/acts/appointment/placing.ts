/** What every act that takes time shares: asking the engine for a place, and wording its refusal. */
import { nearestSlots } from '../../availability/nearest-slots';
import { placeVisit } from '../../availability/place-visit';
import type { Channel, Placement, PlacementRequest } from '../../availability/query';
import type { Reason } from '../../availability/reason';
import type { SlotHold } from '../../model/slot-hold';
import type { Instant } from '../../time/instant';
import { type ActContext, type Override, type RefusalReason, type Refused, refused } from '../act';
import type { Facts } from '../facts';
import { overHolds } from './over-holds';
import { type Overbook, standOver } from './over-visits';
import type { Placed, PlacedSlot } from './placed';
import { withoutEndedHolds, withoutGrid } from './placing-facts';

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

export interface PlacingOptions {
  overrides?: readonly Override[];
  overbook?: Overbook | null;
  /** Whose rules hold, where it is not the actor's own: a patient who answers the clinic is bound by the desk's. */
  channel?: Channel;
  /** Starts off the grid count too: a visit that changes places with another stands where that one stood. */
  anyMinute?: boolean;
}

const alternativesCount = 3;
const alternativesWithinDays = 21;

/**
 * A patient is judged at `now` by the online rules. Staff are judged by the desk's, at the time they acted: what was
 * done in time offline is not refused for arriving late.
 */
export function placementRequest(where: Where, context: ActContext, channel?: Channel): PlacementRequest {
  const byPatient = context.actor.kind === 'patient';
  return {
    ...where,
    channel: channel ?? (byPatient ? 'online' : 'desk'),
    now: byPatient ? context.now : context.madeAt,
    ...(context.actor.holder === undefined ? {} : { holder: context.actor.holder }),
  };
}

/**
 * The place, or the refusal with every rule in the way and the nearest free slots. Where visitors' holds alone are in
 * the way of staff, the refusal names them and nothing else: with `hold` among the overrides they make way.
 */
export function place(
  facts: Facts,
  where: Where,
  context: ActContext,
  options: PlacingOptions = {},
): Placed | { refusal: Refused } {
  const request = placementRequest(where, context, options.channel);
  const known = withoutEndedHolds(facts, where, context);
  const asked = options.anyMinute ? withoutGrid(known, where.appointmentTypeId) : known;
  const placement = placeVisit(asked, request);
  if (placement.slot) return standing(placement.slot);
  if (context.actor.kind === 'patient') return { refusal: refuseSlot(facts, request, placement, context) };
  const cleared = overHolds(asked, request);
  if (cleared && options.overrides?.includes('hold')) return standing(cleared.slot, cleared.holds);
  if (options.overbook) {
    const over = standOver(asked, request, placement.reasons, options.overbook);
    return 'reasons' in over
      ? { refusal: refuseSlot(facts, request, { ...placement, reasons: over.reasons }, context) }
      : over;
  }
  const reasons = cleared ? cleared.holds.map(holdReason) : placement.reasons;
  return { refusal: refuseSlot(facts, request, { ...placement, reasons }, context) };
}

function standing(slot: PlacedSlot, holds: readonly SlotHold[] = []): Placed {
  return {
    slot,
    overbooked: false,
    roomOverbooked: false,
    overbookReason: '',
    displaced: holds.map((hold) => ({ kind: 'slotHold', record: { ...hold, deleted: true } })),
  };
}

function holdReason(hold: SlotHold): Reason {
  return { code: 'hold', startsAt: hold.startsAt, endsAt: hold.endsAt, expiresAt: hold.expiresAt };
}

export function refuseSlot(
  facts: Facts,
  request: PlacementRequest,
  placement: Pick<Placement, 'reasons'>,
  context: ActContext,
): Refused {
  const timeZone = timeZoneAt(facts, request.locationId);
  return refuseTime(
    facts,
    request,
    placement.reasons.map((reason) => ({ code: 'slot', reason, timeZone })),
    context,
  );
}

/** A refusal about a time, with the nearest free ones. */
export function refuseTime(
  facts: Facts,
  request: PlacementRequest,
  reasons: RefusalReason[],
  context: ActContext,
): Refused {
  return refused(
    reasons,
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

export function timeZoneAt(facts: Facts, locationId: string): string {
  return facts.location(locationId)?.timeZone ?? facts.clinic.timeZone;
}

/** Minutes from one instant to another, for durations kept with a visit. */
export function minutesBetween(from: Instant, until: Instant): number {
  return Math.round((until - from) / 60_000);
}

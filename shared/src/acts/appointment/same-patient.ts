import { reservedTime } from '../../availability/place-visit';
import { type Appointment, holdsSlot } from '../../model/appointment';
import { type ActContext, type RefusalReason, type Refused, refused } from '../act';
import type { Facts } from '../facts';
import type { Placed } from './placed';
import { type PlacingOptions, place, placementRequest, refuseTime, timeZoneAt, type Where } from './placing';

/**
 * As `place`, for a patient who may have another visit at that time, with whichever doctor: a warning to staff, who may
 * go ahead. A visitor is not told: that would say to a stranger who is a patient, and when.
 */
export function placeFor(
  facts: Facts,
  visit: Pick<Appointment, 'id' | 'patientId'>,
  where: Where,
  context: ActContext,
  options: PlacingOptions = {},
): Placed | { refusal: Refused } {
  const placed = place(facts, where, context, options);
  if (context.actor.kind === 'patient' || options.overrides?.includes('same-patient')) return placed;
  const known = 'refusal' in placed ? placed.refusal.reasons : [];
  const clashes = clashesOf(facts, visit, where).filter(
    ({ appointmentId }) => !isNamed(appointmentId, known),
  );
  if (clashes.length === 0) return placed;
  return {
    refusal:
      'refusal' in placed
        ? refused([...known, ...clashes], placed.refusal.alternatives)
        : refuseTime(facts, placementRequest(where, context, options.channel), clashes, context),
  };
}

type Clash = Extract<RefusalReason, { code: 'same-patient' }>;

function clashesOf(facts: Facts, visit: Pick<Appointment, 'id' | 'patientId'>, where: Where): Clash[] {
  const type = facts.appointmentType(where.appointmentTypeId);
  if (!type) return [];
  const { startsAt, endsAt } = reservedTime(type, where.startsAt, where.durationMinutes);
  const clashes: Clash[] = [];
  for (const other of facts.visitsOfPatient(visit.patientId)) {
    if (other.id === visit.id || !holdsSlot(other.status)) continue;
    if (other.startsAt >= endsAt || other.endsAt <= startsAt) continue;
    clashes.push({
      code: 'same-patient',
      appointmentId: other.id,
      startsAt: other.startsAt,
      timeZone: timeZoneAt(facts, other.locationId),
    });
  }
  return clashes.sort((a, b) => a.startsAt - b.startsAt);
}

/** A visit that takes the time itself is in the way already: it is not warned of as well. */
function isNamed(appointmentId: string, reasons: readonly RefusalReason[]): boolean {
  return reasons.some(
    (reason) =>
      reason.code === 'slot' &&
      (reason.reason.code === 'visit' || reason.reason.code === 'buffer') &&
      reason.reason.appointmentId === appointmentId,
  );
}

/**
 * The Monday that most examples are about: 2026-11-23 in Warsaw, of a doctor who works from 08:00 to 10:00 and sees
 * patients for 30 minutes on a grid of 30. Asked by the desk, on the Friday before at noon.
 */
import { appointmentTypeId, aTemplate, at, date, doctorId, locationId, time } from '../../testing/builders';
import { type FactsParts, factsOf } from '../../testing/facts-of';
import { findSlots } from '../find-slots';
import type { PlacementRequest, Slot, SlotQuery } from '../query';

export const now = at('2026-11-20 12:00');

/** The Monday's slots; a test says only in which facts and in which part of the question it differs. */
export function mondaySlots(parts: FactsParts = {}, query: Partial<SlotQuery> = {}): Slot[] {
  const facts = factsOf({ templates: [aTemplate({ closesAt: time('10:00') })], ...parts });
  return findSlots(facts, {
    doctorIds: [],
    appointmentTypeId,
    from: date('2026-11-23'),
    until: date('2026-11-24'),
    channel: 'desk',
    now,
    ...query,
  });
}

/** A visit asked for at a clock time of the Monday. */
export function mondayRequest(clock: string, fields: Partial<PlacementRequest> = {}): PlacementRequest {
  return {
    doctorId,
    locationId,
    appointmentTypeId,
    startsAt: at(`2026-11-23 ${clock}`),
    channel: 'desk',
    now,
    ...fields,
  };
}

import type { AvailabilityFacts } from './facts';
import { neighbouringSlots } from './nearest-slots';
import { placeVisit } from './place-visit';
import type { PlacementRequest, Slot } from './query';
import type { Reason } from './reason';

/** Why a time is refused, and the nearest ones that are not. */
export interface Explanation {
  /** Every rule that forbids the time, each with the fact that causes it; none exactly for the slots of `findSlots`. */
  reasons: Reason[];
  /** The nearest bookable starts of the same doctor, type and place on either side, within 60 days. */
  before: Slot | null;
  after: Slot | null;
}

export function explain(facts: AvailabilityFacts, request: PlacementRequest): Explanation {
  return { reasons: placeVisit(facts, request).reasons, ...neighbouringSlots(facts, request, 60) };
}

import { dayNumber } from '../time/plain-date';
import type { AvailabilityFacts } from './facts';
import { refuseInvalidDate } from './invalid-facts';
import type { Slot, SlotQuery } from './query';
import { SlotSearch } from './slot-search';

/**
 * Every slot that begins on the local dates `[from, until)` of its place, by start, then by doctor in the order asked
 * for (all doctors: by name), then by the doctor's places. A visit may end after the last date. An unknown or
 * inactive doctor, place or type has no slots; nor has a range that ends before it begins. Throws `input.invalid` for
 * a date that does not exist and for facts that contradict themselves, by name.
 */
export function findSlots(facts: AvailabilityFacts, query: SlotQuery): Slot[] {
  refuseInvalidDate(query.from);
  refuseInvalidDate(query.until);
  const fromDay = dayNumber(query.from);
  const untilDay = dayNumber(query.until);
  return new SlotSearch(facts, query).slots((days) => ({
    from: days.startOf(fromDay),
    until: days.startOf(untilDay),
  }));
}

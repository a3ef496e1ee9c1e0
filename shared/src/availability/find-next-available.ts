import { MedicError } from '../errors';
import { dayMs, type Instant, instant } from '../time/instant';
import { weekdayOfDayNumber } from '../time/plain-date';
import { localTime } from '../time/zone';
import type { AvailabilityFacts } from './facts';
import { minuteAtOrAfter } from './intervals';
import { refuseInvalidTime } from './invalid-facts';
import type { NextAvailableQuery, Slot } from './query';
import { SlotSearch } from './slot-search';

/** Ten years: an empty plan must not keep a process busy for longer. */
const longestLookAhead = 3_660;

export type PartOfDay = 'morning' | 'afternoon' | 'evening';

/** Minutes after midnight at which the afternoon and the evening begin. */
const noon = 12 * 60;
const eveningStarts = 17 * 60;

/** The part of the day by the wall clock: afternoon from 12:00, evening from 17:00. */
export function partOfDay(minutesAfterMidnight: number): PartOfDay {
  return minutesAfterMidnight < noon
    ? 'morning'
    : minutesAfterMidnight < eveningStarts
      ? 'afternoon'
      : 'evening';
}

/**
 * The `limit` earliest slots that begin at `after` or later, less than `withinDays` (of 24 hours) after it; weekdays
 * and parts of the day are those of the start by the place's clock. Looks a day ahead at a time, then in growing
 * steps up to a week, and stops as soon as it has enough.
 */
export function findNextAvailable(facts: AvailabilityFacts, query: NextAvailableQuery): Slot[] {
  refuseInvalidTime('the earliest start', query.after);
  if (!(query.withinDays <= longestLookAhead))
    throw new MedicError('input.invalid', `${query.withinDays} days ahead are more than ${longestLookAhead}`);
  const search = new SlotSearch(facts, query);
  const found: Slot[] = [];
  if (search.isHopeless || !(query.limit > 0)) return found;
  const end = query.after + query.withinDays * dayMs;
  let from: Instant = query.after;
  let days = 1;
  // No more of one doctor at one place can be among the earliest; but of what nobody wishes for, none counts.
  const mostEach = hasWishes(query) ? Number.POSITIVE_INFINITY : query.limit;
  while (from < end) {
    const until = instant(Math.min(end, from + days * dayMs));
    const range = { from: minuteAtOrAfter(from), until: minuteAtOrAfter(until) };
    for (const slot of search.slots(() => range, mostEach)) {
      if (!isWanted(search, slot, query)) continue;
      found.push(slot);
      if (found.length >= query.limit) return found;
    }
    from = until;
    days = Math.min(7, days * 2);
  }
  return found;
}

function hasWishes({ weekdays, partsOfDay }: NextAvailableQuery): boolean {
  return Boolean(weekdays?.length || partsOfDay?.length);
}

function isWanted(search: SlotSearch, slot: Slot, query: NextAvailableQuery): boolean {
  const { weekdays, partsOfDay } = query;
  if (!hasWishes(query)) return true;
  const days = search.daysOf(slot.locationId);
  if (!days) return false;
  if (weekdays?.length && !weekdays.includes(weekdayOfDayNumber(days.dayOf(minuteAtOrAfter(slot.startsAt)))))
    return false;
  return !partsOfDay?.length || partsOfDay.includes(partOfDay(localTime(slot.startsAt, days.zone).minutes));
}

import type { Instant, PlainDate } from '../time/instant';
import { dayNumber } from '../time/plain-date';
import type { AvailabilityFacts } from './facts';
import { instantOfMinute } from './intervals';
import { refuseInvalidDate } from './invalid-facts';
import { placesOf } from './offers';
import { hoursOf } from './working-hours';

export interface WorkingWindow {
  locationId: string;
  startsAt: Instant;
  endsAt: Instant;
}

/**
 * The working windows of a doctor on the local dates `[fromDate, untilDate)` of each place (one place, or all of the
 * doctor's): templates or the date's `replace` hours, plus `extra`, minus breaks, blocks, closures and approved time
 * off. Windows that touch are one, across midnight too; what lies outside the dates is cut off. By start, then
 * place. Unknown doctors and places have none.
 */
export function workingWindows(
  facts: AvailabilityFacts,
  doctorId: string,
  locationId: string | undefined,
  fromDate: PlainDate,
  untilDate: PlainDate,
): WorkingWindow[] {
  refuseInvalidDate(fromDate);
  refuseInvalidDate(untilDate);
  const found: WorkingWindow[] = [];
  for (const location of placesOf(facts, doctorId)) {
    if (locationId !== undefined && location.id !== locationId) continue;
    const hours = hoursOf(facts, doctorId, location);
    const from = hours.days.startOf(dayNumber(fromDate));
    const until = hours.days.startOf(dayNumber(untilDate));
    if (until <= from) continue;
    const { intervals } = hours.windows(from, until);
    for (let i = 0; i < intervals.length; i += 2) {
      const start = Math.max(from, intervals[i] as number);
      const end = Math.min(until, intervals[i + 1] as number);
      if (start >= end) continue;
      found.push({ locationId: location.id, startsAt: instantOfMinute(start), endsAt: instantOfMinute(end) });
    }
  }
  return found.sort((a, b) => a.startsAt - b.startsAt || (a.locationId < b.locationId ? -1 : 1));
}

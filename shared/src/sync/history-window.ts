/** How far back a device sees: the server sends nothing older, and a replica lets go of what has become older. */
import { dayMs, type Instant, instant } from '../time/instant';

/** Visits that ended longer ago stay on the server. */
export const historyDays = 90;

/** A visit is seen that ends then or later. Days of 24 hours, whatever the clocks of the clinic's places do. */
export function visitsSeenFrom(now: Instant): Instant {
  return instant(now - historyDays * dayMs);
}

/**
 * What this runtime's zone data say of a zone, as text: desk and server each bring data of their own, and where the
 * texts differ, one of them shows wrong times after a change of law that it has not heard of.
 */
import { Temporal } from 'temporal-polyfill';
import type { Instant } from './instant';

const months = 24;
/** No zone changes its clock more often in two years. */
const mostChanges = 20;

/**
 * The offset at the start of `from`'s month in UTC, and every change of it in the 24 months after, each with its new
 * offset: `+01:00 2027-03-28T01:00:00Z+02:00 …`. The same text wherever the data agree; `unknown` for a zone that
 * this runtime does not have.
 */
export function zoneFingerprint(timeZone: string, from: Instant): string {
  const month = Temporal.Instant.fromEpochMilliseconds(from)
    .toZonedDateTimeISO('UTC')
    .with({ day: 1 })
    .startOfDay();
  let at: Temporal.ZonedDateTime;
  try {
    at = month.withTimeZone(timeZone);
  } catch {
    // The name is not in this runtime's data: that is what there is to say.
    return 'unknown';
  }
  const until = month.add({ months });
  const told = [at.offset];
  for (let changes = 0; changes < mostChanges; changes++) {
    const next = at.getTimeZoneTransition('next');
    if (next === null || Temporal.ZonedDateTime.compare(next, until) >= 0) break;
    // Some zones' data name moments at which nothing changes but a name.
    if (next.offsetNanoseconds !== at.offsetNanoseconds) told.push(`${next.toInstant()}${next.offset}`);
    at = next;
  }
  return told.join(' ');
}

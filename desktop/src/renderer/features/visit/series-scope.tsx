/** Of a visit that is one of a series: is it this one, the following too, or all that are ahead? */
import type { Facts } from '@medic/shared/acts/facts';
import { reachedBy, type SeriesScope, seriesScopes } from '@medic/shared/acts/series/members';
import type { Appointment } from '@medic/shared/model/appointment';
import type { Instant } from '@medic/shared/time/instant';
import classes from './visit-dialog.module.css';

/** How many visits each choice is about; those over or under way do not count. Null where there is nothing to choose. */
export function scopeCounts(
  facts: Facts,
  visit: Appointment,
  now: Instant,
): Record<SeriesScope, number> | null {
  const series = visit.seriesId === null ? undefined : facts.get('appointmentSeries', visit.seriesId);
  if (!series) return null;
  const open = (scope: SeriesScope) =>
    reachedBy(facts, { series, visit }, scope, now).filter((other) =>
      ['proposed', 'pending', 'booked'].includes(other.status),
    ).length;
  const counts = { this: 1, following: open('following'), all: open('all') };
  return counts.all > 1 ? counts : null;
}

export function ScopeChoice({
  legend,
  counts,
  scope,
  onScope,
}: {
  legend: string;
  counts: Record<SeriesScope, number>;
  scope: SeriesScope;
  onScope: (scope: SeriesScope) => void;
}) {
  const words: Record<SeriesScope, string> = {
    this: 'This visit only',
    following: `This and the following, ${counts.following} visits`,
    all: `All that are ahead, ${counts.all} visits`,
  };
  return (
    <fieldset className={classes.choice}>
      <legend>{legend}</legend>
      {seriesScopes.map((each) => (
        <label key={each}>
          <input
            type="radio"
            name="scope"
            checked={scope === each}
            onChange={() => onScope(each)}
            data-autofocus={each === 'this' || undefined}
          />
          {words[each]}
        </label>
      ))}
    </fieldset>
  );
}

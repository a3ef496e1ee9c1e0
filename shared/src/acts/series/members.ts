/** Which visits of a series an edit is about, and where a series is cut in two. */
import type { Appointment } from '../../model/appointment';
import type { AppointmentSeries } from '../../model/appointment-series';
import type { Instant } from '../../time/instant';
import { type Refused, refused } from '../act';
import type { Facts } from '../facts';
import { type Occurrence, occurrencesOfRule, untilEndOf } from './occurrences';
import { formatRule, parseRule, type Recurrence } from './rule';

/** `following` is this visit and those after it. */
export const seriesScopes = ['this', 'following', 'all'] as const;
export type SeriesScope = (typeof seriesScopes)[number];

export interface Member {
  series: AppointmentSeries;
  visit: Appointment;
}

export function memberOf(
  facts: Facts,
  { seriesId, appointmentId }: { seriesId: string; appointmentId: string },
): Member | { refusal: Refused } {
  const series = facts.get('appointmentSeries', seriesId);
  if (!series) return { refusal: refused([{ code: 'unknown', what: 'series', id: seriesId }]) };
  const visit = facts.get('appointment', appointmentId);
  if (visit?.seriesId !== seriesId)
    return { refusal: refused([{ code: 'unknown', what: 'visit', id: appointmentId }]) };
  return { series, visit };
}

/** The visits that an edit reaches, in order of time, the one it was made on among them: those ahead only. */
export function reachedBy(
  facts: Facts,
  { series, visit }: Member,
  scope: SeriesScope,
  madeAt: Instant,
): Appointment[] {
  if (scope === 'this') return [visit];
  const from = scope === 'following' ? visit.startsAt : madeAt;
  return facts
    .visitsOfSeries(series.id)
    .filter((other) => other.id === visit.id || (other.startsAt >= from && other.startsAt >= madeAt))
    .sort((a, b) => a.startsAt - b.startsAt || (a.id < b.id ? -1 : 1));
}

export interface Cut {
  rule: Recurrence;
  /** The times before the cut and from it on. */
  before: Occurrence[];
  rest: Occurrence[];
}

/** The times of the series on either side of a moment; null for a rule that no longer can be read. */
export function cutAt(series: AppointmentSeries, at: Instant): Cut | null {
  const parsed = parseRule(series.rrule);
  if ('problem' in parsed) return null;
  const occurrences = occurrencesOfRule(parsed.rule, series);
  return {
    rule: parsed.rule,
    before: occurrences.filter(({ startsAt }) => startsAt < at),
    rest: occurrences.filter(({ startsAt }) => startsAt >= at),
  };
}

/** The series as it is when it ends with the times before the cut. */
export function endedBefore(series: AppointmentSeries, { rule, before }: Cut): AppointmentSeries {
  const last = before.at(-1);
  if (!last) return series;
  const ends =
    'count' in rule.ends ? { count: before.length } : { until: untilEndOf(last.date, series.timeZone) };
  return { ...series, rrule: formatRule({ ...rule, ends }) };
}

/** The rule of the times from the cut on. */
export function ruleOfRest({ rule, rest }: Cut): Recurrence {
  return 'count' in rule.ends ? { ...rule, ends: { count: rest.length } } : rule;
}

import type { Location } from '../model/location';
import type { Instant } from '../time/instant';
import type { AvailabilityFacts } from './facts';
import { instantOfMinute, minuteAtOrAfter, minuteAtOrBefore } from './intervals';
import { type HoursKind, hoursOf } from './working-hours';

/** One stretch for the agenda to draw. */
export interface PlanSpan {
  kind: HoursKind | 'time-off';
  /** Null where it holds at every place: time off, and blocks and closures without a place. */
  locationId: string | null;
  /** Of open hours: the room that they name. */
  roomId: string | null;
  startsAt: Instant;
  endsAt: Instant;
  /** The break's name, or the reason that was given; may be empty. */
  label: string;
  /** The template, exception or time-off request that says so. */
  sourceId: string;
}

/**
 * What a doctor's plan says about `[from, until)` at every place, not cut at its edges: opening hours before anything
 * is taken from them, and over them breaks, blocks, closures and approved time off. Opening hours that touch and name
 * the same room are one span, with the source of the first. By start; hours before what lies over them.
 */
export function dayPlan(
  facts: AvailabilityFacts,
  doctorId: string,
  from: Instant,
  until: Instant,
): PlanSpan[] {
  const spans: PlanSpan[] = [];
  for (const location of plannedPlaces(facts, doctorId))
    spans.push(...placePlan(facts, doctorId, location, from, until));
  for (const request of facts.timeOffOf(doctorId)) {
    const { startsAt, endsAt, reason: label, id: sourceId } = request;
    if (request.status !== 'approved' || startsAt >= until || endsAt <= from) continue;
    spans.push({ kind: 'time-off', locationId: null, roomId: null, startsAt, endsAt, label, sourceId });
  }
  spans.sort((a, b) => a.startsAt - b.startsAt || order[a.kind] - order[b.kind] || a.endsAt - b.endsAt);
  return withoutRepeats(spans);
}

const order: Record<PlanSpan['kind'], number> = { open: 0, break: 1, block: 2, closure: 3, 'time-off': 4 };

function placePlan(
  facts: AvailabilityFacts,
  doctorId: string,
  location: Location,
  from: Instant,
  until: Instant,
): PlanSpan[] {
  const hours = hoursOf(facts, doctorId, location);
  const first = minuteAtOrBefore(from);
  const last = minuteAtOrAfter(until);
  const open: PlanSpan[] = [];
  const over: PlanSpan[] = [];
  hours.eachSpan(
    hours.days.dayOf(first) - 2,
    hours.days.dayOf(last) + 1,
    (kind, start, end, source, label) => {
      const everywhere = kind !== 'open' && source.locationId === null;
      (kind === 'open' ? open : over).push({
        kind,
        locationId: everywhere ? null : location.id,
        roomId: kind === 'open' ? source.roomId : null,
        startsAt: instantOfMinute(start),
        endsAt: instantOfMinute(end),
        label,
        sourceId: source.id,
      });
    },
  );
  return [...joined(open), ...over].filter((span) => span.startsAt < until && span.endsAt > from);
}

function joined(open: PlanSpan[]): PlanSpan[] {
  const result: PlanSpan[] = [];
  for (const span of open.sort((a, b) => a.startsAt - b.startsAt)) {
    const last = result.find((before) => before.roomId === span.roomId && before.endsAt >= span.startsAt);
    if (last) last.endsAt = last.endsAt > span.endsAt ? last.endsAt : span.endsAt;
    else result.push(span);
  }
  return result;
}

/** The doctor's places, and any other that the plan names: hours from before the doctor left it still show. */
function plannedPlaces(facts: AvailabilityFacts, doctorId: string): Location[] {
  const ids = new Set<string>();
  for (const place of facts.doctor(doctorId)?.places ?? []) ids.add(place.locationId);
  for (const template of facts.templatesOf(doctorId)) ids.add(template.locationId);
  for (const exception of facts.exceptionsOf(doctorId)) {
    if (exception.locationId !== null && exception.doctorId === doctorId) ids.add(exception.locationId);
  }
  const places: Location[] = [];
  for (const id of ids) {
    const location = facts.location(id);
    if (location) places.push(location);
  }
  return places;
}

/** A block without a place stands once, unless the clocks of two places read it differently. */
function withoutRepeats(spans: PlanSpan[]): PlanSpan[] {
  const seen = new Set<string>();
  return spans.filter((span) => {
    if (span.locationId !== null) return true;
    const key = `${span.sourceId} ${span.startsAt} ${span.endsAt}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

import { dayMs, type Instant, instant } from '../time/instant';
import type { AvailabilityFacts } from './facts';
import { minuteAtOrAfter } from './intervals';
import type { PlacementRequest, Slot } from './query';
import { SlotSearch, type SlotSearchAsk } from './slot-search';

export interface NearestOptions {
  count: number;
  /** Looks this many days (of 24 hours) back and ahead. */
  withinDays: number;
}

/**
 * What to offer where a time is refused: the nearest bookable starts before and after it, the same doctor's first
 * (about two thirds of `count`; all of it where nobody else is free), then those of other doctors who offer the type.
 * Each part is in order of time. The same start of the same doctor and place is never among them.
 */
export function nearestSlots(
  facts: AvailabilityFacts,
  request: PlacementRequest,
  options: NearestOptions,
): Slot[] {
  const { count } = options;
  if (count <= 0) return [];
  const own = nearest(
    facts,
    request,
    options,
    { doctorIds: [request.doctorId], locationId: undefined },
    count,
  );
  const share = Math.min(count, Math.max(2, Math.ceil((count * 2) / 3)));
  const others: string[] = [];
  if (own.length > 0 ? count > share : true) {
    for (const doctor of facts.doctors()) if (doctor.id !== request.doctorId) others.push(doctor.id);
  }
  const wanted = count - Math.min(own.length, share);
  const theirs =
    others.length === 0 || wanted === 0
      ? []
      : nearest(
          facts,
          request,
          options,
          { doctorIds: others.sort(), locationId: request.locationId },
          wanted,
        );
  return [...inOrder(own.slice(0, count - theirs.length)), ...inOrder(theirs)];
}

/** Nearest first; a start before and a start after are both among the first two where both exist. */
function nearest(
  facts: AvailabilityFacts,
  request: PlacementRequest,
  { withinDays }: NearestOptions,
  who: Pick<SlotSearchAsk, 'doctorIds' | 'locationId'>,
  count: number,
): Slot[] {
  const search = new SlotSearch(facts, { ...request, ...who });
  if (search.isHopeless) return [];
  const before: Slot[] = [];
  const after: Slot[] = [];
  const centre = request.startsAt;
  let reached = 0;
  for (let radius = 1; reached < withinDays; radius *= 3) {
    const days = Math.min(radius, withinDays);
    // Rings: each is looked at once, the near ones first, so that a busy clinic stops early.
    before.unshift(...ring(search, centre - days * dayMs, centre - reached * dayMs));
    after.push(...ring(search, centre + reached * dayMs, centre + days * dayMs));
    reached = days;
    if (before.length >= count && after.length >= count) break;
  }
  const isSame = (slot: Slot): boolean =>
    slot.startsAt === centre && slot.doctorId === request.doctorId && slot.locationId === request.locationId;
  const near = [...before, ...after.filter((slot) => !isSame(slot))].sort(
    (a, b) => Math.abs(a.startsAt - centre) - Math.abs(b.startsAt - centre) || a.startsAt - b.startsAt,
  );
  const first = near[0];
  if (!first || count < 2) return near.slice(0, count);
  const isBefore = first.startsAt < centre;
  const other = near.find((slot) => slot.startsAt < centre !== isBefore);
  const chosen = other ? [first, other] : [first];
  for (const slot of near) {
    if (chosen.length >= count) break;
    if (!chosen.includes(slot)) chosen.push(slot);
  }
  return chosen;
}

/** The last bookable start before the one asked for, and the first after it: same doctor, type and place. */
export function neighbouringSlots(
  facts: AvailabilityFacts,
  request: PlacementRequest,
  withinDays: number,
): { before: Slot | null; after: Slot | null } {
  const { startsAt } = request;
  const search = new SlotSearch(facts, { ...request, doctorIds: [request.doctorId] });
  let before: Slot | null = null;
  let after: Slot | null = null;
  let reached = 0;
  for (let days = 1; reached < withinDays && !search.isHopeless && !(before && after); days *= 3) {
    const reach = Math.min(days, withinDays);
    before ??= ring(search, startsAt - reach * dayMs, startsAt - reached * dayMs).at(-1) ?? null;
    after ??= ring(search, startsAt + reached * dayMs + 1, startsAt + reach * dayMs + 1)[0] ?? null;
    reached = reach;
  }
  return { before, after };
}

function ring(search: SlotSearch, from: number, until: number): Slot[] {
  const range = { from: minuteAtOrAfter(instant(from)), until: minuteAtOrAfter(instant(until)) };
  return search.slots(() => range);
}

function inOrder(slots: Slot[]): Slot[] {
  return slots.sort((a, b) => byTime(a.startsAt, b.startsAt));
}

function byTime(a: Instant, b: Instant): number {
  return a - b;
}

/** Which entries the screen shows, in which order, and what came free for them. */
import type { Change, Facts } from '@medic/shared/acts/facts';
import { byUrgency } from '@medic/shared/acts/waitlist/matches';
import { isOpen, isWaiting, statusAt } from '@medic/shared/acts/waitlist/standing';
import { holdsSlot } from '@medic/shared/model/appointment';
import type { WaitlistEntry, WaitlistOffer } from '@medic/shared/model/waitlist';
import { dayMs, type Instant, minuteMs } from '@medic/shared/time/instant';

export type WaitlistView = 'waiting' | 'offered' | 'over';

export interface WaitlistFilter {
  view: WaitlistView;
  appointmentTypeId: string | null;
  doctorId: string | null;
  locationId: string | null;
}

export function viewOf(entry: WaitlistEntry, now: Instant): WaitlistView {
  const status = statusAt(entry, now);
  return status === 'waiting' || status === 'offered' ? status : 'over';
}

/**
 * Urgent first, then those who have waited longest; what is over, the newest first. `Any doctor` is found under each
 * doctor, and so for places: that is whom the entry can be given to.
 */
export function entriesShown(facts: Facts, filter: WaitlistFilter, now: Instant): WaitlistEntry[] {
  const entries: WaitlistEntry[] = [];
  for (const entry of facts.all('waitlistEntry')) {
    if (viewOf(entry, now) !== filter.view) continue;
    if (filter.appointmentTypeId !== null && entry.appointmentTypeId !== filter.appointmentTypeId) continue;
    if (!allows(entry.doctorIds, filter.doctorId) || !allows(entry.locationIds, filter.locationId)) continue;
    entries.push(entry);
  }
  return filter.view === 'over'
    ? entries.sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1))
    : entries.sort(byUrgency);
}

function allows(wanted: readonly string[], id: string | null): boolean {
  return id === null || wanted.length === 0 || wanted.includes(id);
}

export function waitlistCounts(facts: Facts, now: Instant): Record<WaitlistView, number> {
  const counts = { waiting: 0, offered: 0, over: 0 };
  for (const entry of facts.all('waitlistEntry')) counts[viewOf(entry, now)] += 1;
  return counts;
}

/** The last offer that waits for an answer. */
export function openOffer(entry: WaitlistEntry, now: Instant): WaitlistOffer | undefined {
  return isWaiting(entry) ? entry.offers.findLast((offer) => isOpen(offer, now)) : undefined;
}

/** A time of a doctor that nobody has any more. */
export interface FreedTime {
  doctorId: string;
  locationId: string;
  startsAt: Instant;
}

/** The times that a decision gives back, still ahead: those of visits cancelled, declined or moved away. */
export function freedBy(changes: readonly Change[], before: Facts, now: Instant): FreedTime[] {
  const freed: FreedTime[] = [];
  for (const change of changes) {
    if (change.kind !== 'appointment') continue;
    const was = before.get('appointment', change.record.id);
    if (!was || !holdsSlot(was.status) || was.startsAt <= now) continue;
    const { record } = change;
    const stays =
      !record.deleted &&
      holdsSlot(record.status) &&
      record.doctorId === was.doctorId &&
      record.locationId === was.locationId &&
      record.startsAt === was.startsAt;
    if (!stays) freed.push({ doctorId: was.doctorId, locationId: was.locationId, startsAt: was.startsAt });
  }
  return freed;
}

/** The visit that a decision makes and that keeps its time; null where it makes none. */
export function bookedBy(changes: readonly Change[], before: Facts): string | null {
  for (const change of changes) {
    if (change.kind !== 'appointment' || !holdsSlot(change.record.status)) continue;
    if (!before.get('appointment', change.record.id)) return change.record.id;
  }
  return null;
}

/** Times ahead whose visit was cancelled within a day, by whomever: the newest first. */
export function cancelledLately(facts: Facts, now: Instant): FreedTime[] {
  const found = new Map<string, FreedTime & { at: Instant }>();
  for (const visit of facts.all('appointment')) {
    if (visit.status !== 'cancelled' || visit.startsAt <= now) continue;
    if (visit.statusChangedAt < now - dayMs) continue;
    const { doctorId, locationId, startsAt } = visit;
    found.set(`${doctorId} ${startsAt}`, { doctorId, locationId, startsAt, at: visit.statusChangedAt });
  }
  return [...found.values()].sort((a, b) => b.at - a.at).map(({ at: _at, ...time }) => time);
}

export interface Expiry {
  label: string;
  at: Instant;
}

const hour = 60;
const waits = [
  { label: '30 minutes', minutes: 30 },
  { label: '1 hour', minutes: hour },
  { label: '2 hours', minutes: 2 * hour },
  { label: '4 hours', minutes: 4 * hour },
  { label: '1 day', minutes: 24 * hour },
  { label: '3 days', minutes: 72 * hour },
];

/** How long an offer may stay open: never beyond the visit's start. */
export function expiriesFor(startsAt: Instant, now: Instant): Expiry[] {
  const choices = waits
    .map(({ label, minutes }) => ({ label, at: (now + minutes * minuteMs) as Instant }))
    .filter(({ at }) => at < startsAt);
  return [...choices, { label: 'until it begins', at: startsAt }];
}

/** Two hours, or what is left where the visit is nearer; for one in days, a day. */
export function usualExpiry(startsAt: Instant, now: Instant): Expiry {
  const choices = expiriesFor(startsAt, now);
  const wanted = startsAt - now > 3 * dayMs ? '1 day' : '2 hours';
  const found = choices.find(({ label }) => label === wanted) ?? choices.at(-2) ?? choices[0];
  if (!found) throw new Error('Broken invariant: an offer without an end');
  return found;
}

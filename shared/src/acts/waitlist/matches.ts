/** Who on the waitlist a free time suits, and which free times suit an entry. */
import { findNextAvailable, partOfDay } from '../../availability/find-next-available';
import { placeVisit } from '../../availability/place-visit';
import type { Slot } from '../../availability/query';
import { type Appointment, holdsSlot } from '../../model/appointment';
import type { WaitlistEntry } from '../../model/waitlist';
import { type Instant, later, type TimeZone, type WallTime } from '../../time/instant';
import { dayNumber, weekdayOf } from '../../time/plain-date';
import { instantOf, localTime } from '../../time/zone';
import type { Facts } from '../facts';
import { isWaiting } from './standing';

/** A time of a doctor at a place, for whatever kind of visit fits there. */
export interface FreeTime {
  doctorId: string;
  locationId: string;
  startsAt: Instant;
  /** Where given, no other kind of visit is looked for. */
  appointmentTypeId?: string;
}

export interface Match {
  entry: WaitlistEntry;
  slot: Slot;
}

const urgencies: Readonly<Record<WaitlistEntry['urgency'], number>> = { urgent: 0, soon: 1, routine: 2 };

/** Urgent first, then those who have waited longest. */
export function byUrgency(a: WaitlistEntry, b: WaitlistEntry): number {
  return urgencies[a.urgency] - urgencies[b.urgency] || a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
}

/**
 * Those whom a free time suits: it is what they wait for, their kind of visit can really be booked there by the
 * desk's rules, they have no other visit then, and they have not been asked about it (a withdrawn offer counts as not
 * asked). Urgent first, then the oldest entry.
 */
export function entriesFor(facts: Facts, time: FreeTime, now: Instant): Match[] {
  const timeZone = facts.location(time.locationId)?.timeZone;
  if (!timeZone) return [];
  const matches: Match[] = [];
  // The engine's answer depends on the kind of visit alone, and many wait for the same.
  const slots = new Map<string, Slot | null>();
  for (const entry of facts.all('waitlistEntry')) {
    if (!isWaiting(entry) || wasAsked(entry, time)) continue;
    if (time.appointmentTypeId !== undefined && time.appointmentTypeId !== entry.appointmentTypeId) continue;
    if (!wishes(entry, time, timeZone)) continue;
    let slot = slots.get(entry.appointmentTypeId);
    if (slot === undefined) {
      slot = slotAt(facts, { ...time, appointmentTypeId: entry.appointmentTypeId }, now);
      slots.set(entry.appointmentTypeId, slot);
    }
    if (slot && !clashOf(facts, entry.patientId, slot)) matches.push({ entry, slot });
  }
  return matches.sort((a, b) => byUrgency(a.entry, b.entry));
}

export interface SlotsForOptions {
  now: Instant;
  limit: number;
  /** Looks this many days (of 24 hours) ahead; an entry that says until when is looked for until then. */
  withinDays?: number;
}

const defaultWithinDays = 60;

/** The earliest free times that suit an entry, at most `limit`: as `entriesFor` would find the entry for each. */
export function slotsFor(facts: Facts, entry: WaitlistEntry, options: SlotsForOptions): Slot[] {
  const { now, limit, withinDays = defaultWithinDays } = options;
  if (limit <= 0 || !isWaiting(entry)) return [];
  const places =
    entry.locationIds.length > 0 ? entry.locationIds : [...facts.all('location')].map(({ id }) => id);
  const found: Slot[] = [];
  for (const locationId of new Set(places)) {
    const timeZone = facts.location(locationId)?.timeZone;
    if (!timeZone) continue;
    const after =
      entry.earliestOn === null ? now : later(now, instantOf(entry.earliestOn, midnight, timeZone));
    const days =
      entry.latestOn === null
        ? withinDays
        : Math.min(longest, dayNumber(entry.latestOn) - dayNumber(localTime(after, timeZone).date) + 1);
    if (days <= 0) continue;
    // What the search knows nothing of (clashes, offers) is sorted out afterwards: it is asked for more until enough
    // are left, or there are no more.
    for (let asked = limit; ; asked *= 2) {
      const slots = findNextAvailable(facts, {
        doctorIds: entry.doctorIds,
        appointmentTypeId: entry.appointmentTypeId,
        locationId,
        channel: 'desk',
        now,
        after,
        withinDays: days,
        limit: asked,
        weekdays: entry.weekdays,
        partsOfDay: entry.partsOfDay,
      });
      const suitable = slots.filter(
        (slot) =>
          wishes(entry, slot, timeZone) && !wasAsked(entry, slot) && !clashOf(facts, entry.patientId, slot),
      );
      if (suitable.length >= limit || slots.length < asked) {
        found.push(...suitable);
        break;
      }
    }
  }
  return found.sort((a, b) => a.startsAt - b.startsAt).slice(0, limit);
}

const midnight = '00:00' as WallTime;
/** Two years: an entry may name any last date. */
const longest = 731;

/** The place of a visit there, by the desk's rules; null where something is in the way. */
export function slotAt(
  facts: Facts,
  where: Required<FreeTime>,
  now: Instant,
): (Slot & { endsAt: Instant }) | null {
  return placeVisit(facts, { ...where, channel: 'desk', now }).slot;
}

/** The patient's own visit that keeps any of the time, if there is one; the visits of `except` do not count. */
export function clashOf(
  facts: Facts,
  patientId: string,
  time: { startsAt: Instant; endsAt: Instant },
  except: ReadonlySet<string> = nobody,
): Appointment | undefined {
  for (const visit of facts.visitsOfPatient(patientId)) {
    if (
      holdsSlot(visit.status) &&
      !except.has(visit.id) &&
      visit.startsAt < time.endsAt &&
      visit.endsAt > time.startsAt
    )
      return visit;
  }
  return undefined;
}

const nobody: ReadonlySet<string> = new Set();

/**
 * Open entries of a patient for a kind of visit: what to suggest closing once the patient has such a visit by other
 * means. Nothing closes them by itself: who has one visit may well want an earlier one.
 */
export function entriesMetBy(
  facts: Facts,
  visit: Pick<Appointment, 'patientId' | 'appointmentTypeId' | 'status'>,
): WaitlistEntry[] {
  if (!holdsSlot(visit.status)) return [];
  const entries: WaitlistEntry[] = [];
  for (const entry of facts.all('waitlistEntry')) {
    if (
      isWaiting(entry) &&
      entry.patientId === visit.patientId &&
      entry.appointmentTypeId === visit.appointmentTypeId
    )
      entries.push(entry);
  }
  return entries.sort(byUrgency);
}

/** Whether a time is among what the entry asks for; days and parts of the day are those of the place's clock. */
export function wishes(
  entry: WaitlistEntry,
  time: Pick<FreeTime, 'doctorId' | 'locationId' | 'startsAt'>,
  timeZone: TimeZone,
): boolean {
  if (entry.doctorIds.length > 0 && !entry.doctorIds.includes(time.doctorId)) return false;
  if (entry.locationIds.length > 0 && !entry.locationIds.includes(time.locationId)) return false;
  const { date, minutes } = localTime(time.startsAt, timeZone);
  if (entry.earliestOn !== null && date < entry.earliestOn) return false;
  if (entry.latestOn !== null && date > entry.latestOn) return false;
  if (entry.weekdays.length > 0 && !entry.weekdays.includes(weekdayOf(date))) return false;
  return entry.partsOfDay.length === 0 || entry.partsOfDay.includes(partOfDay(minutes));
}

/** The patient knows of this time already: an open offer, one that was declined, or one left to expire. */
function wasAsked(entry: WaitlistEntry, time: Pick<FreeTime, 'doctorId' | 'startsAt'>): boolean {
  return entry.offers.some(
    (offer) =>
      offer.status !== 'withdrawn' && offer.doctorId === time.doctorId && offer.startsAt === time.startsAt,
  );
}

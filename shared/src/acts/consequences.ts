/** What a decision brings with it, whichever act made it: the same on the desk and at the server. */
import { type Appointment, holdsSlot } from '../model/appointment';
import type { WaitlistEntry, WaitlistOffer } from '../model/waitlist';
import { dayMs, type Instant, type PlainDate } from '../time/instant';
import { dayNumber } from '../time/plain-date';
import type { ActContext, Done, NotificationDraft } from './act';
import type { Change, Facts } from './facts';
import { slotAt } from './waitlist/matches';
import { withdrawalMessages } from './waitlist/offer-messages';
import { isOpen, standing } from './waitlist/standing';

/**
 * A time that is offered and then taken otherwise is withdrawn in the same commit. Almost every decision ends at one
 * of two cheap questions: does it take time, and does anybody hold an open offer that this time meets? Only for those
 * is the engine asked. `facts` are as they were before the decision.
 */
export function consequences(facts: Facts, decision: Done, context: ActContext): Done {
  const taking = decision.changes.filter((change) => takesTime(change, facts));
  if (taking.length === 0) return decision;
  const offered = entriesAsOf(facts, decision.changes, context.now);
  if (offered.length === 0) return decision;
  const after = facts.layer();
  for (const change of decision.changes) after.apply(change);
  let changes = decision.changes;
  const notifications: NotificationDraft[] = [];
  for (const entry of offered) {
    const gone = entry.offers.filter(
      (offer) =>
        isOpen(offer, context.now) &&
        taking.some((change) => meets(change, offer)) &&
        !isBookable(after, offer, context.now),
    );
    if (gone.length === 0) continue;
    const record = withdraw(entry, gone, context.now);
    changes = [...changes.filter((change) => !isOf(change, entry)), { kind: 'waitlistEntry', record }];
    const patient = after.get('patient', entry.patientId);
    for (const offer of gone) notifications.push(...withdrawalMessages(patient, offer, context));
  }
  if (changes === decision.changes) return decision;
  return { ...decision, changes, notifications: [...decision.notifications, ...notifications] };
}

/** A hold takes no time in this sense: it may be over in ten minutes, and the offer stands until it is booked over. */
function takesTime(change: Change, facts: Facts): boolean {
  switch (change.kind) {
    case 'appointment': {
      if (change.record.deleted || !holdsSlot(change.record.status)) return false;
      const before = facts.get('appointment', change.record.id);
      return !before || !holdsSlot(before.status) || !standsAsBefore(before, change.record);
    }
    case 'availabilityException':
    case 'externalBusyTime':
    case 'scheduleTemplate':
    case 'doctor':
    case 'location':
    case 'appointmentType':
      return true;
    case 'timeOffRequest':
      return !change.record.deleted && change.record.status === 'approved';
    default:
      return false;
  }
}

function standsAsBefore(before: Appointment, after: Appointment): boolean {
  return (
    before.doctorId === after.doctorId &&
    before.roomId === after.roomId &&
    before.reservedFrom === after.reservedFrom &&
    before.reservedUntil === after.reservedUntil
  );
}

/** Entries with an open offer, as the decision leaves them. */
function entriesAsOf(facts: Facts, changes: readonly Change[], now: Instant): WaitlistEntry[] {
  const entries: WaitlistEntry[] = [];
  const changed = new Set<string>();
  for (const change of changes) {
    if (change.kind !== 'waitlistEntry') continue;
    changed.add(change.record.id);
    entries.push(change.record);
  }
  for (const entry of facts.all('waitlistEntry')) {
    if (entry.status === 'offered' && !changed.has(entry.id)) entries.push(entry);
  }
  return entries.filter((entry) => entry.offers.some((offer) => isOpen(offer, now)));
}

/** May the change be in the way of the offer? Never no where it is; the engine has the last word. */
function meets(change: Change, offer: WaitlistOffer): boolean {
  switch (change.kind) {
    case 'appointment':
      return (
        (change.record.doctorId === offer.doctorId || change.record.locationId === offer.locationId) &&
        overlaps(change.record.reservedFrom, change.record.reservedUntil, offer)
      );
    case 'externalBusyTime':
    case 'timeOffRequest':
      return (
        change.record.doctorId === offer.doctorId &&
        overlaps(change.record.startsAt, change.record.endsAt, offer)
      );
    case 'availabilityException':
      return (
        (change.record.doctorId === null || change.record.doctorId === offer.doctorId) &&
        isNear(change.record.date, offer)
      );
    case 'scheduleTemplate':
      return change.record.doctorId === offer.doctorId;
    case 'doctor':
      return change.record.id === offer.doctorId;
    case 'location':
      return change.record.id === offer.locationId;
    case 'appointmentType':
      return change.record.id === offer.appointmentTypeId;
    default:
      return false;
  }
}

/** The offered visit's own buffers are not known here: eight hours, the longest there are, stand for them. */
const longestBufferMs = dayMs / 3;

function overlaps(from: Instant, until: Instant, offer: WaitlistOffer): boolean {
  return from < offer.endsAt + longestBufferMs && until > offer.startsAt - longestBufferMs;
}

/** Within two days of a date, in whatever zone: hours cross midnight, and zones differ by more than a day. */
function isNear(date: PlainDate, offer: WaitlistOffer): boolean {
  return Math.abs(offer.startsAt / dayMs - dayNumber(date)) < 3;
}

function isBookable(after: Facts, offer: WaitlistOffer, now: Instant): boolean {
  const withoutHolds = after.layer();
  for (const hold of after.all('slotHold')) withoutHolds.put('slotHold', { ...hold, deleted: true });
  return slotAt(withoutHolds, offer, now) !== null;
}

function withdraw(entry: WaitlistEntry, gone: readonly WaitlistOffer[], now: Instant): WaitlistEntry {
  const offers = entry.offers.map(
    (offer): WaitlistOffer => (gone.includes(offer) ? { ...offer, status: 'withdrawn' } : offer),
  );
  return standing({ ...entry, offers }, now);
}

function isOf(change: Change, entry: WaitlistEntry): boolean {
  return change.kind === 'waitlistEntry' && change.record.id === entry.id;
}

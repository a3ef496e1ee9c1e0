/** What somebody waits for, in words. */
import type { Facts } from '@medic/shared/acts/facts';
import { isWaiting, offerStatusAt, statusAt } from '@medic/shared/acts/waitlist/standing';
import type { Patient } from '@medic/shared/model/patient';
import type { WaitlistEntry, WaitlistOffer } from '@medic/shared/model/waitlist';
import { dayMs, type Instant, type TimeZone } from '@medic/shared/time/instant';
import { localDate, localTime } from '@medic/shared/time/zone';
import { inSentence, relativeDay, shortDay } from '../../ui/date-words';
import { doctorName } from '../../ui/person-name';

export const weekdayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const partWords = { morning: 'mornings', afternoon: 'afternoons', evening: 'evenings' } as const;

/** `Dr Nowak, Dr Okafor`, or `Any doctor` */
export function doctorWords(entry: Pick<WaitlistEntry, 'doctorIds'>, facts: Facts): string {
  if (entry.doctorIds.length === 0) return 'Any doctor';
  return entry.doctorIds
    .map((id) => facts.doctor(id))
    .filter((doctor) => doctor !== undefined)
    .map(doctorName)
    .join(', ');
}

export function placeWords(entry: Pick<WaitlistEntry, 'locationIds'>, facts: Facts): string {
  if (entry.locationIds.length === 0) return 'Any place';
  return entry.locationIds.map((id) => facts.location(id)?.name ?? '?').join(', ');
}

/** `Wed, Thu · mornings · until Fri 12 Dec`, or `Any time` */
export function whenWords(
  entry: Pick<WaitlistEntry, 'weekdays' | 'partsOfDay' | 'earliestOn' | 'latestOn'>,
): string {
  const days = [...entry.weekdays].sort((a, b) => a - b);
  const words = [
    days.join() === '1,2,3,4,5'
      ? 'weekdays'
      : days.length === 7
        ? ''
        : days.map((day) => weekdayNames[day - 1]).join(', '),
    entry.partsOfDay.length === 3 ? '' : entry.partsOfDay.map((part) => partWords[part]).join(' and '),
    entry.earliestOn ? `from ${shortDay(entry.earliestOn)}` : '',
    entry.latestOn ? `until ${shortDay(entry.latestOn)}` : '',
  ]
    .filter(Boolean)
    .join(' · ');
  return words === '' ? 'Any time' : words.slice(0, 1).toUpperCase() + words.slice(1);
}

export const urgencyWords: Readonly<Record<WaitlistEntry['urgency'], string>> = {
  urgent: 'Urgent',
  soon: 'Soon',
  routine: 'Routine',
};

/** `today`, `1 day`, `12 days` */
export function ageWords(entry: Pick<WaitlistEntry, 'createdAt'>, now: Instant): string {
  const days = Math.max(0, Math.floor((now - entry.createdAt) / dayMs));
  return days === 0 ? 'today' : days === 1 ? '1 day' : `${days} days`;
}

/** A month is long, and somebody should look; by then it is said with a mark. */
export const longWaitDays = 28;

export function waitsLong(entry: Pick<WaitlistEntry, 'createdAt'>, now: Instant): boolean {
  return now - entry.createdAt >= longWaitDays * dayMs;
}

export interface Standing {
  kind: 'waiting' | 'offered' | 'booked' | 'closed';
  words: string;
  detail: string;
}

/** How an entry stands: its open offer with its end, what became of the last one, or why it is over. */
export function standingOf(entry: WaitlistEntry, facts: Facts, now: Instant): Standing {
  const status = statusAt(entry, now);
  if (!isWaiting(entry)) {
    return status === 'booked'
      ? { kind: 'booked', words: 'Booked', detail: bookedTime(entry, facts, now) }
      : { kind: 'closed', words: 'Taken off', detail: entry.closeReason };
  }
  const open = entry.offers.filter((offer) => offerStatusAt(offer, now) === 'open');
  const next = open[0];
  if (status === 'offered' && next) {
    const ends = localTime(next.expiresAt, zoneOf(next, facts));
    const today = localDate(now, zoneOf(next, facts));
    const more = open.length > 1 ? ` and ${open.length - 1} more` : '';
    const until = ends.date === today ? ends.time : `${shortDay(ends.date)} ${ends.time}`;
    return {
      kind: 'offered',
      words: `Offered ${slotWords(next, facts, now)}${more}`,
      detail: `answer until ${until}`,
    };
  }
  const last = entry.offers.at(-1);
  const ended = last && offerStatusAt(last, now);
  if (last && ended === 'declined')
    return { kind: 'waiting', words: 'Declined', detail: slotWords(last, facts, now) };
  if (last && ended === 'expired')
    return { kind: 'waiting', words: 'No answer', detail: slotWords(last, facts, now) };
  if (last && ended === 'withdrawn')
    return { kind: 'waiting', words: 'Offer withdrawn', detail: slotWords(last, facts, now) };
  return { kind: 'waiting', words: '', detail: '' };
}

function bookedTime(entry: WaitlistEntry, facts: Facts, now: Instant): string {
  const accepted = entry.offers.find((offer) => offer.status === 'accepted');
  return accepted ? slotWords(accepted, facts, now) : '';
}

type Timed = Pick<WaitlistOffer, 'startsAt' | 'locationId'>;

function zoneOf(time: Timed, facts: Facts): TimeZone {
  return facts.location(time.locationId)?.timeZone ?? facts.clinic.timeZone;
}

/** `tomorrow 10:15`, `Thu 26 15:00` */
export function slotWords(time: Timed, facts: Facts, now: Instant): string {
  const zone = zoneOf(time, facts);
  const local = localTime(time.startsAt, zone);
  return inSentence(`${relativeDay(local.date, localDate(now, zone))} ${local.time}`);
}

export function offerWords(offer: WaitlistOffer, now: Instant): string {
  return {
    open: 'waits for an answer',
    accepted: 'accepted',
    declined: 'declined',
    withdrawn: 'withdrawn',
    expired: 'no answer in time',
  }[offerStatusAt(offer, now)];
}

/** How an offer reaches the patient; null where nothing can be sent, and somebody has to ring. */
export function reachedBy(patient: Patient | undefined): string | null {
  if (!patient) return null;
  const ways = [
    patient.consentSms && patient.phone ? 'SMS' : '',
    patient.consentEmail && patient.email ? 'e-mail' : '',
  ].filter(Boolean);
  return ways.length === 0 ? null : ways.join(' and ');
}

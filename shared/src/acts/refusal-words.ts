/** Refusals in words for the person, at the desk or on the page: what stands in the way, never a code. */

import { describeReason, type ReasonNames, shortDate } from '../availability/reason';
import type { AppointmentStatus } from '../model/appointment';
import type { Instant, TimeZone } from '../time/instant';
import { localTime } from '../time/zone';
import type { RefusalReason } from './act';

const statusWords: Readonly<Record<AppointmentStatus, string>> = {
  proposed: 'a proposed time',
  pending: 'waiting for an answer',
  booked: 'booked',
  arrived: 'marked as arrived',
  'checked-in': 'in the room',
  fulfilled: 'finished',
  cancelled: 'cancelled',
  noshow: 'marked as not come',
  'entered-in-error': 'taken out as a mistake',
  waitlist: 'on the waitlist',
};

const fieldWords: Readonly<Record<string, string>> = {
  givenName: 'given name',
  familyName: 'family name',
  birthDate: 'birth date',
  phone: 'phone number',
  email: 'e-mail address',
  language: 'language',
  consentSms: 'consent to SMS',
  consentEmail: 'consent to e-mail',
  notes: 'notes',
};

/**
 * One sentence without a full stop: what stands in the way and, where there is something, what the person can do. Names
 * of patients only where the reader may see them.
 */
export function describeRefusal(reason: RefusalReason, names: ReasonNames = {}): string {
  switch (reason.code) {
    case 'slot':
      return describeReason(reason.reason, reason.timeZone as TimeZone, names);
    case 'not-allowed':
      return reason.needs;
    case 'unknown':
      return `The ${reason.what} is no longer there`;
    case 'exists':
      return `This ${reason.what} has been made already`;
    case 'status':
      return reason.from === reason.to
        ? `The visit is ${statusWords[reason.from]} already`
        : `The visit is ${statusWords[reason.from]} and can’t become ${statusWords[reason.to]}`;
    case 'invalid':
      return reason.message;
    case 'stale':
      return `Somebody else changed the ${fieldName(reason.field)} in the meantime`;
    case 'taken':
      return 'Somebody else took this time first; choose another';
    case 'same-patient':
      return `This patient has another visit at ${when(reason.startsAt, reason.timeZone)}; book it all the same, or choose another time`;
    case 'window':
      return windowWords(reason);
    case 'hold-ended':
      return reason.why === 'expired'
        ? 'The time was no longer kept for you; choose it again if it is still free'
        : 'The time was kept as long as it can be; book it now, or choose it again afterwards';
    case 'hold-limit':
      return 'Others are booking on this day just now; try again in a few minutes, or choose another day';
    case 'offer-ended':
      return offerWords[reason.why];
    case 'duplicate':
      return reason.patientIds.length === 1
        ? 'Somebody who may be the same person is here already; use that record, or make a new one all the same'
        : `${reason.patientIds.length} records that may be the same person are here already; use one of them, or make a new one all the same`;
    case 'series': {
      const why = reason.reasons.map((each) => describeReason(each, reason.timeZone as TimeZone, names));
      return `${when(reason.startsAt, reason.timeZone)}: ${why.join(', ')}`;
    }
  }
}

const offerWords: Readonly<Record<Extract<RefusalReason, { code: 'offer-ended' }>['why'], string>> = {
  accepted: 'This offer has been accepted already',
  declined: 'This offer was declined; the place on the waitlist stays',
  withdrawn: 'The clinic had to take this offer back; the place on the waitlist stays',
  expired: 'This offer has ended; the place on the waitlist stays',
  taken: 'Somebody else accepted this time first; the place on the waitlist stays',
};

function windowWords({
  minutes,
  latestAt,
  timeZone,
  phone,
}: Extract<RefusalReason, { code: 'window' }>): string {
  const until = minutes === 0 ? 'before it begins' : `until ${when(latestAt, timeZone)}`;
  return `This visit could be changed online ${until}; ${phone ? `ring the clinic at ${phone}` : 'ring the clinic'}`;
}

function when(at: Instant, timeZone: string): string {
  const { date, time } = localTime(at, timeZone as TimeZone);
  return `${time} on ${shortDate(date)}`;
}

/** A record's field as a person calls it. */
export function fieldName(field: string): string {
  return fieldWords[field] ?? field;
}

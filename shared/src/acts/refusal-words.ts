/** Refusals in words for the person at the desk: what stands in the way, never a code. */

import { describeReason, type ReasonNames } from '../availability/reason';
import type { AppointmentStatus } from '../model/appointment';
import type { TimeZone } from '../time/instant';
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

/** One sentence without a full stop. Names of patients only where the reader may see them. */
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
      return 'Somebody else took this time first';
    case 'same-patient':
      return 'This patient has another visit at that time';
  }
}

/** A record's field as a person calls it. */
export function fieldName(field: string): string {
  return fieldWords[field] ?? field;
}

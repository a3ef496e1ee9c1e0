/** Why a time is refused: one entry per rule, with the fact that causes it, and its words for a person. */
import type { Instant, PlainDate, TimeZone, WallTime } from '../time/instant';
import { localTime, zonedDay } from '../time/zone';

export type Reason =
  | { code: 'past' }
  | { code: 'notice'; minutes: number; earliestAt: Instant }
  | { code: 'too-far'; days: number; latestAt: Instant }
  | { code: 'desk-only' }
  | { code: 'not-offered'; doctorName: string; locationName: string }
  | { code: 'inactive'; what: 'doctor' | 'location' | 'appointment-type' }
  | { code: 'off-grid'; stepMinutes: number }
  /** No working hours there; the nearest hours of that date, when there are any. Their end is true up to the next date's. */
  | { code: 'outside-hours'; doctorName: string; opensAt: Instant | null; closesAt: Instant | null }
  | { code: 'break'; label: string; startsAt: Instant; endsAt: Instant }
  | { code: 'block'; label: string; startsAt: Instant; endsAt: Instant; exceptionId: string }
  | { code: 'closure'; label: string; startsAt: Instant; endsAt: Instant; exceptionId: string }
  | { code: 'time-off'; startsAt: Instant; endsAt: Instant; timeOffRequestId: string }
  /** The visit itself meets another visit. */
  | {
      code: 'visit';
      appointmentId: string;
      patientId: string;
      startsAt: Instant;
      endsAt: Instant;
      pending: boolean;
    }
  /** Only a buffer stands in the way: the other visit's, or this one's. */
  | {
      code: 'buffer';
      appointmentId: string;
      patientId: string;
      startsAt: Instant;
      endsAt: Instant;
      freeFrom: Instant;
      freeUntil: Instant;
    }
  | { code: 'hold'; startsAt: Instant; endsAt: Instant; expiresAt: Instant }
  | { code: 'external-busy'; startsAt: Instant; endsAt: Instant }
  | { code: 'room-taken'; roomName: string; until: Instant }
  | { code: 'no-room'; feature: string | null }
  | { code: 'full'; capacity: number };

export type ReasonCode = Reason['code'];

/** A reason that is a stretch of time. */
export type TimedReason = Extract<Reason, { startsAt: Instant }>;

/** By start, then end, then what it is: the order of the records decides nothing. */
export function byTime(a: TimedReason, b: TimedReason): number {
  return a.startsAt - b.startsAt || a.endsAt - b.endsAt || (nameOf(a) < nameOf(b) ? -1 : 1);
}

function nameOf(reason: TimedReason): string {
  return JSON.stringify(reason);
}

export interface ReasonNames {
  /** A patient's name, where the reader may see it. */
  patientName?(patientId: string): string | undefined;
}

/** One short sentence by the location's clock, such as `Break 12:00–12:30`. Never a code. */
export function describeReason(reason: Reason, zone: TimeZone, names: ReasonNames = {}): string {
  const clock = (at: Instant): WallTime => localTime(at, zone).time;
  const span = (from: Instant, until: Instant): string => {
    const a = localTime(from, zone);
    const b = localTime(until, zone);
    return a.date === b.date || zonedDay(from, zone).endsAt === until
      ? `${a.time}–${b.time}`
      : `${shortDate(a.date)} ${a.time} – ${shortDate(b.date)} ${b.time}`;
  };
  const days = (from: Instant, until: Instant): string => {
    const day = zonedDay(from, zone);
    return day.startsAt === from && day.endsAt === until ? 'all day' : span(from, until);
  };
  const who = (patientId: string, before: string): string => {
    const name = names.patientName?.(patientId);
    return name ? `${before}${name}` : '';
  };
  switch (reason.code) {
    case 'past':
      return 'This time has passed';
    case 'notice':
      return `Online visits need ${duration(reason.minutes)} notice; the first time is ${clock(reason.earliestAt)} on ${shortDate(localTime(reason.earliestAt, zone).date)}`;
    case 'too-far':
      return `Online visits can be booked ${reason.days} days ahead, until ${shortDate(localTime(reason.latestAt, zone).date)}`;
    case 'desk-only':
      return 'This kind of visit is booked by telephone';
    case 'not-offered':
      return `${reason.doctorName} does not offer it at ${reason.locationName}`;
    case 'inactive':
      return reason.what === 'doctor'
        ? 'This doctor takes no visits now'
        : reason.what === 'location'
          ? 'This place is closed for good'
          : 'This kind of visit is no longer offered';
    case 'off-grid':
      return `Starts lie every ${reason.stepMinutes} minutes from the opening time`;
    case 'outside-hours':
      if (reason.opensAt === null || reason.closesAt === null)
        return `No hours, ${reason.doctorName} does not work here then`;
      return `Outside hours, ${reason.doctorName} works ${span(reason.opensAt, reason.closesAt)}`;
    case 'break':
      return `${reason.label || 'Break'} ${span(reason.startsAt, reason.endsAt)}`;
    case 'block':
      return `Blocked ${days(reason.startsAt, reason.endsAt)}${reason.label ? `, ${reason.label}` : ''}`;
    case 'closure':
      return `Closed ${days(reason.startsAt, reason.endsAt)}${reason.label ? `, ${reason.label}` : ''}`;
    case 'time-off':
      return `Time off ${shortDate(localTime(reason.startsAt, zone).date)} – ${shortDate(localTime((reason.endsAt - 1) as Instant, zone).date)}`;
    case 'visit':
      return `${reason.pending ? 'Request' : 'Visit'} ${span(reason.startsAt, reason.endsAt)}${who(reason.patientId, ', ')}`;
    case 'buffer':
      return `Buffer ${span(reason.freeUntil, reason.freeFrom)} around the ${clock(reason.startsAt)} visit${who(reason.patientId, ', ')}`;
    case 'hold':
      return `Held online ${span(reason.startsAt, reason.endsAt)}`;
    case 'external-busy':
      return `Busy in the doctor's calendar ${span(reason.startsAt, reason.endsAt)}`;
    case 'room-taken':
      return `${reason.roomName} in use until ${clock(reason.until)}`;
    case 'no-room':
      return reason.feature ? `No room with ${reason.feature} here` : 'No room here';
    case 'full':
      return `Full: ${reason.capacity} of ${reason.capacity} seats`;
  }
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `24 Nov`. */
export function shortDate(date: PlainDate): string {
  return `${Number(date.slice(8))} ${months[Number(date.slice(5, 7)) - 1]}`;
}

function duration(minutes: number): string {
  if (minutes % 1440 === 0) return `${minutes / 1440} day${minutes === 1440 ? '' : 's'}`;
  if (minutes % 60 === 0) return `${minutes / 60} hour${minutes === 60 ? '' : 's'}`;
  return `${minutes} minutes`;
}

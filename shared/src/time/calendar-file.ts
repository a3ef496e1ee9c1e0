/**
 * A visit as a calendar file (RFC 5545), for pages and e-mails alike. It names the clinic and nothing about health:
 * calendars are shared. Times are in UTC, which every calendar shows in its own zone and which no rule about summer
 * time, in the file or in the reader, can shift; a visit does not recur, so nothing is lost by it.
 */
import { dayMs, type Instant, minuteMs, wallTime } from './instant';
import { dateOfDayNumber } from './plain-date';

export interface CalendarVisit {
  /** The event's UID, a UUID as RFC 7986 asks for: one event in a calendar, however often the file comes. */
  id: string;
  /** RFC 5545 SEQUENCE: a calendar takes the higher one. */
  sequence: number;
  startsAt: Instant;
  endsAt: Instant;
  title: string;
  place: string;
  status: 'confirmed' | 'tentative' | 'cancelled';
}

/** Who invites and who is invited: calendars want both where a mail asks them to add, move or remove an event. */
export interface Invitation {
  organizer: { name: string; email: string };
  /** `undecided` where the time was suggested to them, and they have not said whether it suits. */
  attendee: { name: string; email: string; undecided?: boolean };
}

/**
 * Without an invitation a file to look at and keep (METHOD:PUBLISH), which may hold several visits. With one it is a
 * REQUEST, or a CANCEL when the visit is cancelled, and is about one visit (RFC 5546, 3.2).
 */
export function calendarFile(
  visits: readonly CalendarVisit[],
  madeAt: Instant,
  invitation?: Invitation,
): string {
  return `${[
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Medic//Booking//EN',
    'CALSCALE:GREGORIAN',
    `METHOD:${calendarMethod(visits, invitation)}`,
    ...visits.flatMap((visit) => event(visit, madeAt, invitation)),
    'END:VCALENDAR',
  ]
    .map(fold)
    .join('\r\n')}\r\n`;
}

export function calendarMethod(
  visits: readonly Pick<CalendarVisit, 'status'>[],
  invitation?: Invitation,
): 'PUBLISH' | 'REQUEST' | 'CANCEL' {
  if (!invitation || visits.length !== 1) return 'PUBLISH';
  return visits[0]?.status === 'cancelled' ? 'CANCEL' : 'REQUEST';
}

function event(visit: CalendarVisit, madeAt: Instant, invitation?: Invitation): string[] {
  return [
    'BEGIN:VEVENT',
    `UID:${visit.id}`,
    `SEQUENCE:${visit.sequence}`,
    `DTSTAMP:${utc(madeAt)}`,
    `DTSTART:${utc(visit.startsAt)}`,
    `DTEND:${utc(visit.endsAt)}`,
    `SUMMARY:${escapeText(visit.title)}`,
    `LOCATION:${escapeText(visit.place)}`,
    `STATUS:${visit.status.toUpperCase()}`,
    'CLASS:PRIVATE',
    `TRANSP:${visit.status === 'cancelled' ? 'TRANSPARENT' : 'OPAQUE'}`,
    ...(invitation ? people(invitation) : []),
    'END:VEVENT',
  ];
}

/** Nobody is asked for a REPLY, which the clinic's mailbox could not read: answers are given on the visit's page. */
function people({ organizer, attendee }: Invitation): string[] {
  return [
    `ORGANIZER;CN=${quoted(organizer.name)}:mailto:${address(organizer.email)}`,
    `ATTENDEE;CN=${quoted(attendee.name)};ROLE=REQ-PARTICIPANT;PARTSTAT=${attendee.undecided ? 'NEEDS-ACTION' : 'ACCEPTED'};RSVP=FALSE:mailto:${address(attendee.email)}`,
  ];
}

function utc(at: Instant): string {
  const days = Math.floor(at / dayMs);
  const withinDay = at - days * dayMs;
  const seconds = String(Math.floor((withinDay % minuteMs) / 1000)).padStart(2, '0');
  const time = wallTime(Math.floor(withinDay / minuteMs)).replace(':', '');
  return `${dateOfDayNumber(days).replaceAll('-', '')}T${time}${seconds}Z`;
}

function escapeText(text: string): string {
  return withoutControls(text.replaceAll(/[\\;,]/g, '\\$&').replaceAll(/\r\n?|\n|\u2028|\u2029/g, '\\n'));
}

/** A parameter's value in quotes, which can hold everything but quotes and controls. */
function quoted(text: string): string {
  return `"${withoutControls(text.replaceAll('"', "'").replaceAll(/\s+/g, ' '))}"`;
}

/** What could end an address, or the line that it stands in, goes. */
function address(email: string): string {
  return withoutControls(email).replaceAll(/[\s<>",;]/g, '');
}

function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not stay
  return text.replaceAll(/[\u0000-\u0008\u000a-\u001f\u007f]/g, '');
}

/** Lines of at most 75 octets, never cut inside a character (RFC 5545, 3.1). */
function fold(line: string): string {
  let folded = '';
  let octets = 0;
  for (const character of line) {
    const size = octetsOf(character);
    if (octets + size > 75) {
      folded += '\r\n ';
      octets = 1;
    }
    folded += character;
    octets += size;
  }
  return folded;
}

/** In UTF-8. */
function octetsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x1_0000 ? 3 : 4;
}

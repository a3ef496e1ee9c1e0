/** A message as an e-mail, ready to go: by SMTP, or into the inbox of development. */
import { type CalendarVisit, calendarFile, calendarMethod } from '@medic/shared/time/calendar-file';
import { htmlOf } from './html';
import type { Envelope, Message, VisitOccasion } from './message';
import { letterOf } from './templates';
import { textOf } from './text';
import { wordsIn } from './words';

export interface Mail {
  /** The same each time it is sent, so that a mailbox that got it twice shows it once. */
  messageId: string;
  from: { name: string; address: string };
  replyTo: string | null;
  to: { name: string; address: string };
  subject: string;
  text: string;
  html: string;
  calendar: { method: 'PUBLISH' | 'REQUEST' | 'CANCEL'; filename: string; content: string } | null;
}

export interface MailAddresses {
  /** Known before it is sent for the first time. */
  id: string;
  from: string;
  to: { name: string; address: string };
}

export function mailOf(message: Message, envelope: Envelope, addresses: MailAddresses): Mail {
  const { clinic } = envelope;
  const letter = letterOf(message, envelope);
  return {
    messageId: `<${addresses.id}@${addresses.from.slice(addresses.from.lastIndexOf('@') + 1)}>`,
    from: { name: oneLine(clinic.name), address: addresses.from },
    replyTo: clinic.email,
    to: { name: oneLine(addresses.to.name), address: addresses.to.address },
    subject: oneLine(letter.subject),
    text: textOf(letter),
    html: htmlOf(letter),
    calendar: calendarOf(message, envelope, addresses),
  };
}

/** True for one plain address. What else a header might read into a text is never handed to it. */
export function isMailAddress(text: string): boolean {
  return text.length <= 254 && /^[^\s@<>()[\]\\,;:"]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(text);
}

function calendarOf(message: Message, envelope: Envelope, { from, to }: MailAddresses): Mail['calendar'] {
  const visits = calendarVisits(message, envelope);
  if (visits.length === 0) return null;
  const invitation = {
    organizer: { name: envelope.clinic.name, email: from },
    attendee: { name: to.name, email: to.address, undecided: message.kind === 'proposed' },
  };
  return {
    method: calendarMethod(visits, invitation),
    filename: wordsIn(envelope.language, envelope.clinic.language).fileName,
    content: calendarFile(visits, envelope.now, visits.length === 1 ? invitation : undefined),
  };
}

/**
 * Offers and codes are no visits. What waits for an answer, of the clinic or of the patient, is tentative; the answer
 * comes under the same UID with a higher SEQUENCE, and confirms it or takes it out.
 */
function calendarVisits(message: Message, { clinic, language }: Envelope): CalendarVisit[] {
  const title = wordsIn(language, clinic.language).eventTitle(clinic.name);
  const event = (visit: VisitOccasion, status: CalendarVisit['status']): CalendarVisit => ({
    id: visit.id,
    sequence: visit.sequence,
    startsAt: visit.startsAt,
    endsAt: visit.endsAt,
    title,
    place: [visit.location.name, visit.location.street, visit.location.city].filter(Boolean).join(', '),
    status,
  });
  switch (message.kind) {
    case 'requested':
    case 'proposed':
      return [event(message.visit, 'tentative')];
    case 'confirmed':
    case 'moved':
      return [event(message.visit, 'confirmed')];
    case 'declined':
    case 'cancelled':
      return [event(message.visit, 'cancelled')];
    case 'series': {
      const status = {
        booked: 'confirmed',
        moved: 'confirmed',
        requested: 'tentative',
        cancelled: 'cancelled',
      };
      return message.visits.map((visit) => event(visit, status[message.change] as CalendarVisit['status']));
    }
    default:
      return [];
  }
}

/** A header is one line: nothing in a name or subject may begin another. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not stay
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
}

/** What each e-mail says: the one place where a message becomes a letter. */
import { formatPhone } from '@medic/shared/model/phone';
import { type Instant, minuteMs, plusMinutes, type TimeZone } from '@medic/shared/time/instant';
import { localTime } from '@medic/shared/time/zone';
import type { Letter, LetterCard } from './letter';
import type { Envelope, Message, Occasion, VisitMessageKind, VisitOccasion } from './message';
import { type FilledPart, fillBody, fillSubject, hasLink, type PlaceholderValues } from './own-words';
import { type MailWords, wordsIn } from './words';

type VisitMessage = Extract<Message, { kind: VisitMessageKind }>;
type SeriesMessage = Extract<Message, { kind: 'series' }>;

export function letterOf(message: Message, envelope: Envelope): Letter {
  const { clinic, publicUrl } = envelope;
  const words = wordsIn(envelope.language, clinic.language);
  const empty: Letter = {
    language: words.language,
    subject: '',
    preview: '',
    clinicName: clinic.name,
    heading: '',
    lead: [],
    card: null,
    list: [],
    code: null,
    actions: [],
    notes: [],
    footer: [
      [clinic.name, clinic.phone && formatPhone(clinic.phone)].filter(Boolean).join(', '),
      words.footerVisit,
    ],
    footerLink: { label: words.chooseMessages, url: `${publicUrl}/my/${clinic.slug}` },
    linkLabel: words.openVisit,
  };
  switch (message.kind) {
    case 'series':
      return seriesLetter(empty, message, envelope, words);
    case 'offer':
    case 'offer-withdrawn':
      return offerLetter(empty, message, envelope, words);
    case 'code':
      return {
        ...empty,
        subject: words.subject.code(clinic.name),
        preview: words.heading.code,
        heading: words.heading.code,
        lead: plain(words.lead.code(minutesUntil(message.expiresAt, envelope.now))),
        code: message.code,
        notes: [words.codeNotAsked],
        footer: [empty.footer[0] ?? '', words.footerCode],
        footerLink: { label: words.actions.portal, url: empty.footerLink.url },
      };
    default:
      return visitLetter(empty, message, envelope, words);
  }
}

function visitLetter(empty: Letter, message: VisitMessage, envelope: Envelope, words: MailWords): Letter {
  const { kind, visit, before } = message;
  const { clinic, publicUrl } = envelope;
  // What the patient said themselves is confirmed, not regretted.
  const said = kind === 'declined' && message.byPatient ? 'declined-by-patient' : kind;
  const isOff = kind === 'declined' || kind === 'cancelled';
  const when = whenOf(visit, envelope, words);
  const book = { label: words.actions.again, url: `${publicUrl}/book/${clinic.slug}` };
  const open = { label: actionOf(kind, isTooLate(visit, envelope), words), url: visit.url };
  const letter: Letter = {
    ...empty,
    subject: words.subject[said](shortWhen(visit, words), clinic.name),
    preview: when,
    heading: words.heading[said],
    lead: toPatient(envelope, words, words.lead[said]),
    card: {
      ...cardOf(visit, envelope, words),
      struck: isOff,
      before:
        kind === 'moved' && before
          ? {
              label: words.before,
              when: whenOf(before, envelope, words),
              nowLabel: words.now,
            }
          : null,
    },
    actions: [isOff ? book : open],
    notes: isOff
      ? [words.calendarRemoves(1)]
      : [
          ...(kind === 'moved' ? [words.nothingToDo] : []),
          policyOf(visit, envelope, words),
          kind === 'moved' ? words.calendarReplaces(1) : words.calendarFile(1),
        ],
  };
  if (kind === 'proposed') letter.notes = [words.notKept, words.calendarTentative];
  return inOwnWords(letter, visit, visit.url, envelope, words);
}

function seriesLetter(
  empty: Letter,
  { change, visits }: SeriesMessage,
  envelope: Envelope,
  words: MailWords,
): Letter {
  const { clinic, publicUrl } = envelope;
  const isOff = change === 'cancelled';
  const first = visits[0];
  const letter: Letter = {
    ...empty,
    subject: words.subject.series[change](visits.length, clinic.name),
    preview: first ? whenOf(first, envelope, words) : '',
    heading: words.heading.series[change](visits.length),
    lead: toPatient(envelope, words, words.lead.series[change]),
    list: visits.map((visit) => lineOf(visit, envelope, words)),
    actions: [
      isOff
        ? { label: words.actions.again, url: `${publicUrl}/book/${clinic.slug}` }
        : { label: words.actions.portal, url: `${publicUrl}/my/${clinic.slug}` },
    ],
    notes: [seriesNote(change, visits.length, words)],
  };
  return first && change === 'booked' ? inOwnWords(letter, first, first.url, envelope, words) : letter;
}

function seriesNote(change: SeriesMessage['change'], count: number, words: MailWords): string {
  if (change === 'cancelled') return words.calendarRemoves(count);
  return change === 'moved' ? words.calendarReplaces(count) : words.calendarFile(count);
}

function offerLetter(
  empty: Letter,
  message: Extract<Message, { kind: 'offer' | 'offer-withdrawn' }>,
  envelope: Envelope,
  words: MailWords,
): Letter {
  const { kind, offer } = message;
  const { clinic, publicUrl } = envelope;
  const letter: Letter = {
    ...empty,
    subject: words.subject[kind](shortWhen(offer, words), clinic.name),
    preview: whenOf(offer, envelope, words),
    heading: words.heading[kind],
    lead: toPatient(
      envelope,
      words,
      message.kind === 'offer'
        ? words.lead.offer(
            `${momentOf(message.expiresAt, offer.location.timeZone, words)} (${zoneOf(offer, words)})`,
          )
        : words.lead['offer-withdrawn'],
    ),
    card: { ...cardOf(offer, envelope, words), struck: kind === 'offer-withdrawn' },
    actions: [
      message.kind === 'offer'
        ? { label: words.actions.offer, url: message.url }
        : { label: words.actions.again, url: `${publicUrl}/book/${clinic.slug}` },
    ],
    notes:
      message.kind === 'offer' ? [words.firstToAccept] : message.stillWaiting ? [words.stillWaiting] : [],
  };
  return message.kind === 'offer' ? inOwnWords(letter, offer, message.url, envelope, words) : letter;
}

/** The clinic's words stand for ours at the top; the facts below are ours always, so that none is ever left out. */
function inOwnWords(
  letter: Letter,
  occasion: Occasion,
  url: string,
  envelope: Envelope,
  words: MailWords,
): Letter {
  const { ownWords, clinic, patient } = envelope;
  if (!ownWords) return letter;
  const { location } = occasion;
  const { time } = localTime(occasion.startsAt, location.timeZone);
  const values: PlaceholderValues = {
    patient: patient ? `${patient.givenName} ${patient.familyName}` : '',
    clinic: clinic.name,
    phone: phoneOf(occasion, envelope) ?? '',
    ...inLanguage(ownWords.language, occasion, envelope, words),
    time,
    doctor: doctorName(occasion),
    location: location.name,
    address: addressOf(occasion),
    link: url,
  };
  const subject = fillSubject(ownWords.subject, values).trim();
  return {
    ...letter,
    subject: subject || letter.subject,
    heading: subject || letter.heading,
    lead: fillBody(ownWords.body, values),
    // Said once: where their words carry the link, no button repeats it.
    actions: hasLink(ownWords.body) ? letter.actions.filter((action) => action.url !== url) : letter.actions,
  };
}

/** The clinic may write in a language that we have no words in: dates are in that one all the same. */
function inLanguage(
  language: string,
  occasion: Occasion,
  envelope: Envelope,
  words: MailWords,
): Pick<PlaceholderValues, 'date' | 'zone'> {
  if (language.split('-')[0] === words.language)
    return { date: dateOf(occasion, envelope, words), zone: zoneOf(occasion, words) };
  const { timeZone } = occasion.location;
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeZone }).format(occasion.startsAt);
  return { date, zone: timeZone };
}

function cardOf(occasion: Occasion, envelope: Envelope, words: MailWords): LetterCard {
  const { startsAt, endsAt, location } = occasion;
  const minutes = Math.round((endsAt - startsAt) / minuteMs);
  const where = addressOf(occasion);
  return {
    before: null,
    when: whenOf(occasion, envelope, words),
    struck: false,
    people: {
      name: doctorName(occasion),
      detail: `${words.minutes(minutes)}, ${zoneOf(occasion, words)}`,
    },
    place: {
      name: [location.name, where].filter(Boolean).join(', '),
      detail: location.directions,
      directions: where
        ? {
            label: words.directions,
            url: `https://www.openstreetmap.org/search?query=${encodeURIComponent(where)}`,
          }
        : null,
    },
  };
}

function actionOf(kind: VisitMessageKind, tooLate: boolean, words: MailWords): string {
  if (kind === 'proposed') return words.actions.answer;
  if (tooLate) return words.actions.see;
  return kind === 'moved' ? words.actions.change : words.actions.manage;
}

function toPatient({ patient }: Envelope, words: MailWords, text: string): FilledPart[][] {
  return plain(patient ? words.greeting(patient.givenName, text) : text);
}

/** How long a patient may still change the visit, and whom to call after that. */
function policyOf(visit: VisitOccasion, envelope: Envelope, words: MailWords): string {
  const phone = phoneOf(visit, envelope);
  if (isTooLate(visit, envelope)) return words.tooLate(phone);
  const until = changesUntil(visit, envelope);
  const changes = words.changeUntil(momentOf(until, visit.location.timeZone, words));
  return phone ? `${changes} ${words.afterThat(phone)}` : changes;
}

/** Of the place, else of the clinic, as people read numbers. */
function phoneOf({ location }: Occasion, { clinic }: Envelope): string | null {
  const phone = location.phone ?? clinic.phone;
  return phone === null ? null : formatPhone(phone);
}

function changesUntil({ startsAt }: VisitOccasion, { clinic }: Envelope): Instant {
  return plusMinutes(startsAt, -clinic.cancelWindowMinutes);
}

function isTooLate(visit: VisitOccasion, envelope: Envelope): boolean {
  return changesUntil(visit, envelope) < envelope.now;
}

/** `Tuesday 2 December, 10:20`; with the year where it is not this one. */
function whenOf(occasion: Occasion, envelope: Envelope, words: MailWords): string {
  const { time } = localTime(occasion.startsAt, occasion.location.timeZone);
  return words.dateAndTime(dateOf(occasion, envelope, words), time);
}

function dateOf({ startsAt, location }: Occasion, { now }: Envelope, words: MailWords): string {
  const { date } = localTime(startsAt, location.timeZone);
  const today = localTime(now, location.timeZone).date;
  return date.slice(0, 4) === today.slice(0, 4) ? words.longDate(date) : words.dateWithYear(date);
}

function shortWhen({ startsAt, location }: Occasion, words: MailWords): string {
  return momentOf(startsAt, location.timeZone, words);
}

/** `Tue 2 Dec, 10:20` */
function momentOf(at: Instant, zone: TimeZone, words: MailWords): string {
  const { date, time } = localTime(at, zone);
  return words.dateAndTime(words.shortDate(date), time);
}

function lineOf(visit: VisitOccasion, envelope: Envelope, words: MailWords): string {
  return `${whenOf(visit, envelope, words)} (${zoneOf(visit, words)}), ${doctorName(visit)}, ${visit.location.name}`;
}

/** `Europe/Warsaw` is `Warsaw` to people. */
function zoneOf({ location }: Occasion, words: MailWords): string {
  return words.zone((location.timeZone.split('/').at(-1) ?? location.timeZone).replaceAll('_', ' '));
}

function doctorName({ doctor }: Occasion): string {
  return `${doctor.title} ${doctor.name}`.trim();
}

function addressOf({ location }: Occasion): string {
  return [location.street, location.city].filter(Boolean).join(', ');
}

function minutesUntil(at: Instant, now: Instant): number {
  return Math.max(1, Math.round((at - now) / minuteMs));
}

function plain(text: string): FilledPart[][] {
  return [[{ text }]];
}

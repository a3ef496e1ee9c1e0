/** Every word of our e-mails, by language. Another language is another entry of this shape. */
import type { PlainDate } from '@medic/shared/time/instant';
import { weekdayOf } from '@medic/shared/time/plain-date';
import type { VisitMessageKind } from './message';

/** Of some kinds there are two voices. */
type VisitWordsKind = VisitMessageKind | 'declined-by-patient';

export interface MailWords {
  language: string;
  /** `Tuesday 2 December` */
  longDate(date: PlainDate): string;
  /** `Tue 2 Dec` */
  shortDate(date: PlainDate): string;
  dateWithYear(date: PlainDate): string;
  dateAndTime(date: string, time: string): string;
  /** `Warsaw time` */
  zone(city: string): string;
  minutes(count: number): string;
  /** Goes on in the same sentence. */
  greeting(givenName: string, text: string): string;
  /** Kind, date, time and clinic: what anybody may read over a shoulder. */
  subject: Record<VisitWordsKind | 'offer' | 'offer-withdrawn', (when: string, clinic: string) => string> & {
    series: Record<SeriesChange, (count: number, clinic: string) => string>;
    code(clinic: string): string;
  };
  heading: Record<VisitWordsKind | 'offer' | 'offer-withdrawn' | 'code', string> & {
    series: Record<SeriesChange, (count: number) => string>;
  };
  lead: Record<VisitWordsKind | 'offer-withdrawn', string> & {
    /** Moved by the clinic or by the patient: the words are for both. */
    offer(until: string): string;
    series: Record<SeriesChange, string>;
    code(minutes: number): string;
  };
  before: string;
  now: string;
  directions: string;
  actions: {
    manage: string;
    change: string;
    see: string;
    answer: string;
    offer: string;
    again: string;
    portal: string;
  };
  /** In place of the bare address of a visit. */
  openVisit: string;
  changeUntil(until: string): string;
  afterThat(phone: string): string;
  tooLate(phone: string | null): string;
  /** What the attached file does. */
  calendarFile(count: number): string;
  calendarReplaces(count: number): string;
  calendarRemoves(count: number): string;
  /** Of a time that is only suggested. */
  calendarTentative: string;
  notKept: string;
  firstToAccept: string;
  stillWaiting: string;
  nothingToDo: string;
  codeNotAsked: string;
  eventTitle(clinic: string): string;
  fileName: string;
  footerVisit: string;
  footerCode: string;
  chooseMessages: string;
}
type SeriesChange = 'booked' | 'requested' | 'moved' | 'cancelled';

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const weekday = (date: PlainDate) => weekdays[weekdayOf(date) - 1] ?? '';
const month = (date: PlainDate) => months[Number(date.slice(5, 7)) - 1] ?? '';
const day = (date: PlainDate) => String(Number(date.slice(8)));
const longDate = (date: PlainDate) => `${weekday(date)} ${day(date)} ${month(date)}`;
const visit = (count: number) => (count === 1 ? 'visit' : 'visits');
const visits = (count: number) => `${count} ${visit(count)}`;

const en: MailWords = {
  language: 'en',
  longDate,
  shortDate: (date) => `${weekday(date).slice(0, 3)} ${day(date)} ${month(date).slice(0, 3)}`,
  dateWithYear: (date) => `${longDate(date)} ${date.slice(0, 4)}`,
  dateAndTime: (date, time) => `${date}, ${time}`,
  zone: (city) => `${city} time`,
  minutes: (count) => `${count} ${count === 1 ? 'minute' : 'minutes'}`,
  greeting: (givenName, text) => `Hello ${givenName}, ${text}`,
  subject: {
    requested: (when, clinic) => `Request received: ${when}, ${clinic}`,
    proposed: (when, clinic) => `Does this suit you? ${when}, ${clinic}`,
    confirmed: (when, clinic) => `Booked: ${when}, ${clinic}`,
    declined: (when, clinic) => `Not possible: ${when}, ${clinic}`,
    'declined-by-patient': (when, clinic) => `You declined: ${when}, ${clinic}`,
    moved: (when, clinic) => `New time: ${when}, ${clinic}`,
    cancelled: (when, clinic) => `Cancelled: ${when}, ${clinic}`,
    offer: (when, clinic) => `A time is free: ${when}, ${clinic}`,
    'offer-withdrawn': (when, clinic) => `No longer free: ${when}, ${clinic}`,
    series: {
      booked: (count, clinic) => `Booked: ${visits(count)}, ${clinic}`,
      requested: (count, clinic) => `Request received: ${visits(count)}, ${clinic}`,
      moved: (count, clinic) => `New times: ${visits(count)}, ${clinic}`,
      cancelled: (count, clinic) => `Cancelled: ${visits(count)}, ${clinic}`,
    },
    code: (clinic) => `Your sign-in code, ${clinic}`,
  },
  heading: {
    requested: 'Your request has reached us',
    proposed: 'Does this time suit you?',
    confirmed: 'Your visit is booked',
    declined: 'This visit is not possible',
    'declined-by-patient': 'You said no to this time',
    moved: 'Your visit has a new time',
    cancelled: 'Your visit is cancelled',
    offer: 'A time is free',
    'offer-withdrawn': 'This time is no longer free',
    code: 'Your sign-in code',
    series: {
      booked: (count) => `Your ${visits(count)} ${count === 1 ? 'is' : 'are'} booked`,
      requested: () => 'Your request has reached us',
      moved: (count) => (count === 1 ? 'Your visit has a new time' : `Your ${visits(count)} have new times`),
      cancelled: (count) => `Your ${visits(count)} ${count === 1 ? 'is' : 'are'} cancelled`,
    },
  },
  lead: {
    requested:
      'we have your request and will tell you whether it can be done. The time is kept for you until then.',
    proposed:
      'the clinic suggests this time. It is not booked, nor kept for you: please say whether it suits you while it is free.',
    confirmed: 'this is your confirmation. Please keep it until the visit.',
    declined: 'we are sorry: the clinic cannot see you at the time that you asked for. Nothing is booked.',
    'declined-by-patient':
      'thank you for your answer. The suggested time is off, and nothing is booked. If you still need a visit, choose a time that suits you.',
    moved: 'your visit has been moved. The time below is the one that counts.',
    cancelled: 'your visit has been cancelled. You do not need to do anything.',
    'offer-withdrawn': 'we are sorry: the time that we offered you has gone.',
    offer: (until) =>
      `you are on our waitlist, and this time has become free. You can take it until ${until}.`,
    series: {
      booked: 'these are your visits. Please keep this message.',
      requested: 'we have your request for these times and will tell you whether it can be done.',
      moved: 'your visits have been moved. The times below are the ones that count.',
      cancelled: 'these visits have been cancelled. You do not need to do anything.',
    },
    code: (minutes) =>
      `Enter this code on the page where you asked for it. It is good for ${minutes} minutes.`,
  },
  before: 'Before',
  now: 'Now',
  directions: 'Directions',
  actions: {
    manage: 'Move, cancel or see details',
    change: 'See or change this visit',
    see: 'See this visit',
    answer: 'Accept or decline this time',
    offer: 'See this offer',
    again: 'Find another time',
    portal: 'See your visits',
  },
  openVisit: 'Open your visit',
  changeUntil: (until) => `Plans change: you can move or cancel online until ${until}.`,
  afterThat: (phone) => `After that, please call ${phone}.`,
  tooLate: (phone) =>
    phone
      ? `It is too late to move or cancel this visit online. If you cannot come, please call ${phone}.`
      : 'It is too late to move or cancel this visit online. If you cannot come, please tell the clinic.',
  calendarFile: (count) => `The attached file adds the ${visit(count)} to your calendar.`,
  calendarReplaces: (count) =>
    `The attached file replaces the old ${count === 1 ? 'time' : 'times'} in your calendar.`,
  calendarRemoves: (count) => `The attached file takes the ${visit(count)} out of your calendar.`,
  calendarTentative:
    'The attached file puts the time into your calendar as tentative. Your answer makes it firm, or takes it out.',
  notKept: 'Until you accept, somebody else may book this time.',
  firstToAccept: 'The time is kept for nobody: whoever accepts first gets it.',
  stillWaiting: 'You are still on the waitlist.',
  nothingToDo: 'If the new time suits you, you need not do anything: it is already yours.',
  codeNotAsked: 'If you did not ask for a code, ignore this message. Nobody gets in without it.',
  eventTitle: (clinic) => `Visit at ${clinic}`,
  fileName: 'visit.ics',
  footerVisit: 'You get this because this address was given for visits at the clinic.',
  footerCode: 'You get this because somebody entered this address to sign in.',
  chooseMessages: 'Choose which messages you get',
};

const byLanguage: Readonly<Record<string, MailWords>> = { en };

/** The first of these languages that there are words in; else English. `pl-PL` is found under `pl`. */
export function wordsIn(...languages: string[]): MailWords {
  for (const language of languages) {
    const words = byLanguage[language] ?? byLanguage[language.split('-')[0] ?? ''];
    if (words) return words;
  }
  return en;
}

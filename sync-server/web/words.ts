/** Every word of the public pages, so that another language is another file of this shape. */
import type { PlainDate } from '@medic/shared/time/instant';
import { addDays, dayNumber, weekdayOf } from '@medic/shared/time/plain-date';

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
const dayOfMonth = (date: PlainDate) => String(Number(date.slice(8)));
const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

/** `Tuesday 2 December` */
const longDate = (date: PlainDate) => `${weekday(date)} ${dayOfMonth(date)} ${month(date)}`;
/** `Tue 2 Dec` */
const shortDate = (date: PlainDate) =>
  `${weekday(date).slice(0, 3)} ${dayOfMonth(date)} ${month(date).slice(0, 3)}`;

/** `1–7 December`, `29 December – 4 January` */
function dateRange(from: PlainDate, until: PlainDate): string {
  const last = addDays(until, -1);
  return month(from) === month(last)
    ? `${dayOfMonth(from)}–${dayOfMonth(last)} ${month(last)}`
    : `${dayOfMonth(from)} ${month(from)} – ${dayOfMonth(last)} ${month(last)}`;
}

function relativeDay(date: PlainDate, today: PlainDate): string {
  const days = dayNumber(date) - dayNumber(today);
  if (days === 0) return 'today';
  return days === 1 ? 'tomorrow' : shortDate(date);
}

const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

function span(minutes: number): string {
  if (minutes % 1440 === 0) return plural(minutes / 1440, 'day', 'days');
  if (minutes % 60 === 0) return plural(minutes / 60, 'hour', 'hours');
  return plural(minutes, 'minute', 'minutes');
}

const noBreak = (text: string) => text.replaceAll(' ', '\u00a0');
const digitCount = ([least, most]: [number, number]) => (least === most ? `${least}` : `${least} to ${most}`);

export const words = {
  date: {
    long: longDate,
    short: shortDate,
    range: dateRange,
    relative: relativeDay,
    /** At the beginning of a line. */
    relativeFirst: (date: PlainDate, today: PlainDate) => upperFirst(relativeDay(date, today)),
    weekday: (date: PlainDate) => weekday(date).slice(0, 3),
    weekdayLong: weekday,
    monthYear: (date: PlainDate) => `${month(date)} ${date.slice(0, 4)}`,
    month: (date: PlainDate) => month(date).slice(0, 3),
    day: dayOfMonth,
    /** `14 March 1958` */
    birth: (date: PlainDate) => `${dayOfMonth(date)} ${month(date)} ${date.slice(0, 4)}`,
    list,
  },

  frame: {
    skip: 'Skip to the page',
    back: 'Back',
    step: (n: number, name: string) => ({ before: `Step ${n} of 4: `, name }),
    steps: ['Visit', 'Time', 'Your details', 'Check'] as const,
    emergency: (number: string) => ({ before: 'Emergency? Call ', number, after: '.' }),
    by: 'Booking by Medic.',
    change: 'Change',
    changeWhat: (what: string) => `Change ${what}`,
    call: (number: string) => `Call ${number}`,
    orCall: 'Or call',
    minutes: (minutes: number) => noBreak(`${minutes} min`),
    clinicTime: (city: string) => `${city} time`,
    forYou: (time: string) => `(${time} for you)`,
    whereYouAre: (time: string) => `(${time} where you are)`,
    noScript:
      'The last steps need JavaScript, which is off in this browser. You can look at all free times here and book by telephone.',
  },

  clinic: {
    title: (clinic: string) => `Book a visit at ${clinic}`,
    description: (clinic: string) =>
      `Free times of every doctor at ${clinic}. Book in a few steps, without an account.`,
    search: 'Doctor or specialty',
    searchButton: 'Search',
    specialty: 'Specialty',
    place: 'Place',
    language: 'Language',
    count: (count: number) => plural(count, 'doctor', 'doctors'),
    soonest: 'Soonest first',
    nextFree: 'Next free: ',
    more: 'More',
    moreOf: (doctor: string) => `More times of ${doctor}`,
    noneOnline: 'No free time online right now',
    noneOnlineHint: 'Please call us, we may still find a time.',
    answers: 'Answers each request, usually the same day',
    showMore: (count: number) => `Show ${plural(count, 'more doctor', 'more doctors')}`,
    noMatch: 'No doctor matches',
    noMatchHint: 'Try fewer words, or another place or language.',
    clear: 'Clear the search',
    anyDoctor: 'Not sure which doctor?',
    anyDoctorHint: 'Choose the kind of visit, and see the first free times of all doctors.',
    anyDoctorButton: 'See all visits',
    places: (count: number) => (count === 1 ? 'Where we are' : `Our ${count} places`),
    directions: 'Directions',
    directionsTo: (place: string) => `Directions to ${place}`,
    about: (clinic: string) => `About ${clinic}`,
    rather: 'Would you rather call?',
    results: (count: number) =>
      count === 0 ? 'No doctor matches.' : `${plural(count, 'doctor', 'doctors')} found.`,
    timeAt: (day: string, time: string, doctor: string) => `${upperFirst(day)} ${time} with ${doctor}`,
  },

  doctor: {
    all: 'All doctors',
    choose: 'Choose a visit and time',
    about: 'About',
    visits: 'Visits you can book',
    where: 'Where',
    firstFree: (day: string) => `First free ${day}`,
    noneOnline: 'No free time online right now',
    byPhone: 'We plan this with you by telephone.',
    call: 'Call',
    forWhat: 'What is the visit for?',
    withAny: 'with the first doctor who is free',
    any: 'Any doctor',
    group: (capacity: number) => `Group of up to ${capacity}`,
    emergency: (number: string) => ({ before: 'Is it an emergency? Call ', number, after: ' now.' }),
    cancel: (minutes: number) =>
      `To move or cancel a visit, please call us at least ${span(minutes)} before.`,
  },

  slots: {
    title: 'Choose a time',
    week: 'Week',
    previous: 'Previous week',
    next: 'Next week',
    states: { free: 'free', few: 'few', full: 'full', closed: 'closed', none: '–' },
    stateNames: { free: 'free', few: 'free', full: 'full', closed: 'closed', none: 'no hours' },
    dayName: (date: PlainDate, count: number, state: 'free' | 'few' | 'full' | 'closed' | 'none') =>
      state === 'free' || state === 'few'
        ? `${longDate(date)}, ${plural(count, 'time', 'times')} free`
        : `${longDate(date)}, ${words.slots.stateNames[state]}`,
    legend: (date: PlainDate, zone: string) => `Time on ${longDate(date)}, ${zone}`,
    zone: (zone: string) => `All times in clinic time, ${zone}`,
    zoneAt: (city: string, places: string) => `${city} time at ${places}`,
    zones: (each: string) => `Clinic time: ${each}.`,
    ahead: (minutes: number) => `${noBreak(span(minutes))} ahead of where you are`,
    behind: (minutes: number) => `${noBreak(span(minutes))} behind where you are`,
    parts: { night: 'Night', morning: 'Morning', afternoon: 'Afternoon', evening: 'Evening' },
    free: (count: number) => `${count} free`,
    part: (part: string, count: number) => `${part}, ${plural(count, 'time', 'times')}`,
    seats: (count: number) => plural(count, 'place', 'places'),
    continue: 'Continue',
    continueWith: (time: string) => `Continue with ${time}`,
    chooseFirst: 'Choose a time to go on.',
    sooner: 'Sooner with other doctors',
    others: 'Free with other doctors',
    anyPlace: 'All places',
    place: 'Place',
    specialty: 'Specialty',
    noneThisWeek: 'No free time this week',
    nextFreeDay: (doctor: string | null, date: PlainDate) =>
      doctor
        ? `The next free day of ${doctor} is ${longDate(date)}.`
        : `The next free day is ${longDate(date)}.`,
    goTo: (date: PlainDate) => `Go to ${shortDate(date)}`,
    noneAtAll: 'No free time online',
    noneAtAllHint: 'Please call us, we may still find a time.',
    saidDay: (date: PlainDate, count: number) => `${longDate(date)}: ${plural(count, 'time', 'times')} free.`,
    saidChosen: (time: string) => `${time} chosen.`,
    saidNone: (next: PlainDate | null) =>
      next ? `No free time this week. Next free: ${longDate(next)}.` : 'No free time this week.',
  },

  month: {
    open: 'Month',
    previous: 'Previous month',
    next: 'Next month',
    free: 'Free times',
    few: 'Few times',
    close: 'Close',
  },

  details: {
    title: 'Your details',
    when: (date: PlainDate, time: string) => `${shortDate(date)}, ${time}`,
    notBooked: 'Nothing is booked yet. You check everything on the next page.',
    givenName: 'First name',
    familyName: 'Family name',
    birthDate: 'Date of birth',
    birthHint: 'For example 27 3 1961',
    day: 'Day',
    month: 'Month',
    year: 'Year',
    phone: 'Mobile phone',
    phoneHint: 'Only about your visits',
    email: 'E-mail',
    emailHint: 'Only about your visits',
    note: 'Anything the doctor should know?',
    noteHint: 'Only the clinic’s staff read this. Not for anything urgent.',
    optional: '(optional)',
    before: 'Before you go on',
    consent: (clinic: string) => `${clinic} may use these details to arrange my visit.`,
    consentEmail: 'Remind me by e-mail',
    consentSms: 'Remind me by SMS',
    continue: 'Continue to check',
    offline: {
      before: 'No connection.',
      after: ' You can keep typing; nothing is lost. To go on, you need to be online.',
    },
  },

  problems: {
    title: (count: number) => plural(count, 'thing needs a look', 'things need a look'),
    inSummary: (field: string, problem: string) =>
      `${field}: ${problem.charAt(0).toLowerCase()}${problem.slice(1)}`,
    givenName: 'Enter the first name',
    familyName: 'Enter the family name',
    tooLong: (most: number) => `Use at most ${most} characters`,
    birthMissing: 'Enter day, month and year, for example 27 3 1961',
    birthYear: 'Enter the year with 4 digits, for example 1961',
    birthDay: 'Enter a day from 1 to 31',
    birthMonth: 'Enter a month from 1 to 12',
    birthUnknown: 'This date is not in the calendar',
    birthFuture: 'This date lies in the future',
    birthPast: 'Check the year',
    phoneMissing: 'Enter a number on which we can reach you',
    phoneLetters: 'Check the number: use digits only',
    phoneLength: (digits: [number, number], code: string) =>
      `Check the number: ${digitCount(digits)} digits after +${code}`,
    phoneInternational: 'Write the number with its country code, for example +44 20 7946 0018',
    emailMissing: 'Enter an e-mail address',
    email: 'Check the address: it needs a name, an @ and a domain, for example ana@example.com',
    consent: 'Tick the box to go on; without it we cannot arrange the visit',
    fields: {
      givenName: 'First name',
      familyName: 'Family name',
      birthDate: 'Date of birth',
      phone: 'Mobile phone',
      email: 'E-mail',
      note: 'Note',
      consent: 'Before you go on',
    },
  },

  review: {
    title: 'Check and book',
    titleRequest: 'Check and send',
    when: 'When',
    with: 'With',
    where: 'Where',
    patient: 'Patient',
    born: (date: string) => `Born ${date}`,
    note: (note: string) => `Note: ${note}`,
    reminders: (email: boolean, sms: boolean) => {
      if (email && sms) return 'Reminders by e-mail and SMS';
      if (email) return 'E-mail reminders, no SMS';
      return sms ? 'SMS reminders, no e-mail' : 'No reminders';
    },
    plans: 'If your plans change',
    cancelUntil: {
      before: 'To move or cancel, please call us until ',
      after: '. A call helps someone else get the time.',
    },
    notBooked: 'Nothing is booked yet.',
    book: 'Book this visit',
    request: 'Send this request',
    requestHint: (doctor: string) =>
      `${doctor} answers each request, usually the same day. The time is kept for you until then.`,
    booking: 'Booking …',
    saidBooking: 'Booking your visit.',
    missing: 'We need your details first',
    missingHint: 'They are kept in the tab where they were typed, and only until the visit is booked.',
    toDetails: 'Enter your details',
    failures: {
      offline: {
        title: 'No connection',
        text: 'Nothing was sent, and your visit is not booked yet. What you typed is kept on this page.',
      },
      doubt: {
        title: 'The connection broke off',
        text: 'We do not know yet whether your visit is booked. Try again: it cannot be booked twice. What you typed is kept.',
      },
      ours: {
        title: 'That did not work, and it is our fault',
        text: 'We do not know yet whether your visit is booked. Try again: it cannot be booked twice. What you typed is kept.',
      },
      wait: {
        title: 'Please wait a moment',
        text: 'There were many tries at once. Your visit is not booked yet, and nothing is lost. Try again in a minute.',
      },
      invalid: {
        title: 'Something in your details needs a look',
        text: 'Your visit is not booked yet. What you typed is kept.',
      },
    },
    tryAgain: 'Try again',
    toYourDetails: 'Back to your details',
  },

  booked: {
    titlePage: 'Your visit',
    title: 'Your visit is booked',
    titlePending: 'Request sent',
    pending: (doctor: string) =>
      `${doctor} usually answers the same day. The time is kept for you until then.`,
    keep: 'Please note the time, or put it into your calendar.',
    calendar: 'Add to calendar',
    calendarFile: 'visit.ics',
    directions: 'Directions',
    change: 'Move or cancel',
    callUntil: (number: string, until: string) => `Call ${number} until ${until}`,
    another: 'Book another visit',
    before: 'Before you come',
    advice: [
      'Please come 10 minutes early, with your ID or health card.',
      'Bring a list of your medicines and any earlier results.',
    ],
    gone: 'This visit is not shown here any more',
    goneHint:
      'For your privacy it is shown only in the tab where it was booked. If you are not sure of the time, please call us.',
    eventTitle: (clinic: string) => `Visit at ${clinic}`,
  },

  taken: {
    title: (time: string) => `${time} was just taken`,
    text: 'Someone booked it a moment before you. We are sorry. Your details are kept, so you only need to pick another time.',
    titleOther: 'This time cannot be booked',
    textOther: 'Your details are kept, so you only need to pick another time.',
    sameDay: (date: PlainDate) => `Same day, ${shortDate(date)}`,
    otherDays: (time: string) => `Around ${time} on other days`,
    taken: 'taken',
    allTimes: (who: string | null) => (who ? `All times with ${who}` : 'All times'),
    nothing: 'There is no other free time close to it.',
    notBooked: 'Nothing is booked yet. After you pick a time, you check it once more.',
  },

  lost: {
    title: 'We can’t find that page',
    text: 'The address may be misspelt, or the doctor may no longer take bookings here.',
    noClinic: 'The address may be misspelt. Please check the link that the clinic gave you.',
    all: 'See all doctors',
  },

  problem: {
    ours: {
      title: 'That did not work, and it is our fault',
      text: 'The page could not be shown. Nothing you typed is lost.',
    },
    offline: {
      title: 'You are offline',
      text: 'Free times may have changed, so we do not show old ones. This page comes back by itself when you are connected.',
    },
    unreachable: {
      title: 'The clinic’s pages cannot be reached',
      text: 'Please check your connection. Nothing you typed is lost.',
    },
    wait: { title: 'Please wait a moment', text: 'There were many tries in a short time. Nothing is lost.' },
    tryAgain: 'Try again',
    tryNow: 'Try again now',
  },
};

/** `pl` is *Polish*. */
export function languageName(code: string): string {
  return languageNames.of(code) ?? code;
}

const languageNames = new Intl.DisplayNames(['en'], { type: 'language' });

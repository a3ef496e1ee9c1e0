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
    weekdays: weekdays as readonly string[],
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
    myVisits: 'My visits',
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
      minutes === 0
        ? 'You can move or cancel a visit online until it begins.'
        : `You can move or cancel a visit online until ${span(minutes)} before.`,
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
    keeping: 'keeping …',
    keepingTime: (time: string) => `Keeping ${time} …`,
    saidKeeping: (time: string) => `Keeping ${time} for you.`,
    saidNone: (next: PlainDate | null) =>
      next ? `No free time this week. Next free: ${longDate(next)}.` : 'No free time this week.',
  },

  hold: {
    asking: 'Keeping this time for you …',
    kept: (minutes: number) => ({
      before: 'Kept for ',
      left: minutes > 0 ? plural(minutes, 'more minute', 'more minutes') : 'less than a minute',
    }),
    saidKept: (time: string, minutes: number) =>
      `${time} is kept for ${plural(minutes, 'minute', 'minutes')}.`,
    longer: 'If you need longer, we ask before the time is given back.',
    unkept: 'We cannot keep this time while you type. It is yours as soon as you book it.',
    failed: 'This time is not kept yet: no answer came.',
    tryAgain: 'Try again',
    dialog: {
      title: 'Do you need more time?',
      text: (when: string, minutes: number) =>
        `We keep ${when} for ${plural(minutes, 'more minute', 'more minutes')}. After that someone else may take it; what you typed stays here.`,
      last: (when: string, minutes: number) =>
        `We keep ${when} for ${plural(minutes, 'more minute', 'more minutes')} and cannot keep it longer. After that someone else may take it; what you typed stays here, and you can still book the time while it is free.`,
      titleLast: 'Your time is nearly over',
      extend: 'Keep it for 10 more minutes',
      extending: 'Keeping it …',
      goOn: 'Go on',
      other: 'Choose another time',
      failed: 'No answer came. Please try again.',
      saidExtended: 'The time is kept for 10 more minutes.',
    },
    ended: {
      title: 'This time is not kept any more',
      time: 'We could not keep it longer for you. What you typed is still here.',
      elsewhere:
        'You chose another time in another tab, and one time is kept at once. What you typed is still here.',
      booked: 'You booked this visit in another tab.',
      free: (time: string) => `${time} is still free.`,
      gone: (time: string) => `Somebody else has ${time} now.`,
      keep: 'Keep it again',
      other: 'Choose another time',
    },
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
    forWhom: 'Who is the visit for?',
    me: 'Me',
    someoneElse: 'Someone else',
    someoneElseHint:
      'Enter the name and date of birth of the person who comes. Telephone and e-mail may be yours.',
    before: (clinic: string) => `Have you been to ${clinic} before?`,
    beforeElse: (clinic: string) => `Have they been to ${clinic} before?`,
    firstTime: 'No, first time',
    returning: 'Yes',
    returningHint:
      'Enter the name and date of birth that the clinic knows. If something has changed since, it asks you before it changes anything.',
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
    emailHint: 'We send the confirmation here',
    note: 'Anything the doctor should know?',
    noteHint: 'Only the clinic’s staff read this. Not for anything urgent.',
    optional: '(optional)',
    beforeYouGo: 'Before you go on',
    consent: (clinic: string) => `${clinic} may use these details to arrange my visit.`,
    consentEmail: 'Reminders and changes by e-mail',
    consentSms: 'Reminders and changes by SMS',
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
      consentEmail: 'Reminders and changes',
      earliestOn: 'Not before',
      latestOn: 'Not after',
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
      before: 'Move or cancel online until ',
      after: '. After that, please call us.',
    },
    cancelLate: 'This visit is soon: to move or cancel it, please call us.',
    cancelHelps: 'A word from you helps someone else get the time.',
    notBooked: 'Nothing is booked yet.',
    seats: (count: number) => `${plural(count, 'place', 'places')} left in the group`,
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
    sent: { before: 'We sent the details to ', after: '.' },
    keep: 'Please note the time, or put it into your calendar.',
    calendar: 'Add to calendar',
    calendarFile: 'visit.ics',
    directions: 'Directions',
    change: 'Move or cancel',
    questions: 'Questions, or plans that change late',
    until: (until: string) => `Online until ${until}`,
    tooLate: 'Too late to move or cancel online: please call us.',
    manage: 'Look at your request',
    manageHint: 'See its answer, or take it back',
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
    text: 'Someone was a moment faster. We are sorry. Your details are kept, so you only need to pick another time.',
    textEarly: 'Someone was a moment faster. We are sorry. Please pick another time.',
    titleOther: 'This time cannot be booked',
    textOther: 'Your details are kept, so you only need to pick another time.',
    textOtherEarly: 'Please pick another time.',
    sameDay: (date: PlainDate) => `Same day, ${shortDate(date)}`,
    otherDays: (time: string) => `Around ${time} on other days`,
    taken: 'taken',
    allTimes: (who: string | null) => (who ? `All times with ${who}` : 'All times'),
    nothing: 'There is no other free time close to it.',
    notBooked: 'Nothing is booked yet. After you pick a time, you check it once more.',
  },

  waitlist: {
    offer: (doctor: string | null) => (doctor ? `Need it sooner with ${doctor}?` : 'Need it sooner?'),
    offerNone: 'No time that suits you?',
    offerText: 'Join the waitlist. We write when a time opens up; you keep any visit you book meanwhile.',
    join: 'Join the waitlist',
    title: 'Join the waitlist',
    lead: 'We write to you when a time opens up. The first who says yes gets it.',
    what: 'What do you wait for?',
    doctor: 'With whom?',
    onlyDoctor: (doctor: string) => `Only ${doctor}`,
    anyDoctor: 'Any doctor',
    places: 'At which place?',
    anyHint: 'Tick none if any will do.',
    channelHint: 'Tick at least one of e-mail and SMS, so that we can tell you of a free time.',
    days: 'On which days?',
    parts: 'At what time of day?',
    dates: 'Between which dates?',
    earliest: 'Not before',
    latest: 'Not after',
    urgency: 'How soon do you need it?',
    routine: 'It can wait',
    soon: 'As soon as possible',
    note: 'Anything the clinic should know?',
    aboutYou: 'About you',
    submit: 'Join the waitlist',
    joining: 'Joining …',
    saidJoining: 'Putting you on the waitlist.',
    channel: 'Tick e-mail or SMS: without one of them we cannot tell you of a free time',
    dateOrder: 'This date lies before the other one',
    datePast: 'This date lies in the past',
    notDone: 'You are not on the waitlist yet.',
    joined: 'You are on the waitlist',
    joinedText: 'When a time opens up that suits you, we write to you at once, with a link to take it.',
    joinedKeep: 'Any visit that you have booked stays as it is.',
    another: 'Look at free times',
    failures: {
      offline: { title: 'No connection', text: 'Nothing was sent. What you typed is kept on this page.' },
      doubt: {
        title: 'The connection broke off',
        text: 'We do not know yet whether you are on the waitlist. Try again: you cannot be on it twice. What you typed is kept.',
      },
      ours: {
        title: 'That did not work, and it is our fault',
        text: 'Try again: you cannot be on the waitlist twice. What you typed is kept.',
      },
      wait: {
        title: 'Please wait a moment',
        text: 'There were many tries at once. Nothing is lost. Try again in a minute.',
      },
      invalid: {
        title: 'Something in your details needs a look',
        text: 'You are not on the waitlist yet. What you typed is kept.',
      },
      refused: { title: 'This cannot be done online', text: 'What you typed is kept.' },
    },
  },

  byPhone: {
    title: (type: string) => `${type}: please call us`,
    text: 'We plan this visit with you by telephone, so that we can tell you how to prepare.',
    call: (number: string) => `Call ${number}`,
    noPhone: 'Please ask at the clinic.',
    others: 'See the visits you can book online',
  },

  /** What the portal shows before it has come itself; its own words are in portal/words.ts. */
  portal: {
    title: 'Your visits',
    titles: {
      home: 'Your visits',
      'sign-in': 'See your visits',
      visit: 'Your visit',
      move: 'Move your visit',
      cancel: 'Cancel your visit',
      waitlist: 'Waitlist',
      join: 'Join the waitlist',
      profile: 'Details and reminders',
      offer: 'A time has opened up',
    },
    loading: 'One moment …',
    noScript:
      'Seeing, moving or cancelling a visit here needs JavaScript, which is off in this browser. You can do all of it by telephone.',
    failed: 'This page did not arrive completely. Please check your connection, and load it again.',
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

/** Every word of the portal, beside those of the booking pages that it shares. */
import type { PlainDate } from '@medic/shared/time/instant';
import { words } from '../words';

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;
const weekdayNames = [
  'Mondays',
  'Tuesdays',
  'Wednesdays',
  'Thursdays',
  'Fridays',
  'Saturdays',
  'Sundays',
] as const;
const parts = { morning: 'mornings', afternoon: 'afternoons', evening: 'evenings' } as const;
type Part = keyof typeof parts;

/** `Tue 2 Dec, 10:20` */
const at = (date: PlainDate, time: string) => `${words.date.short(date)}, ${time}`;

export const portalWords = {
  when: at,

  frame: {
    back: 'Your visits',
    toVisit: 'Visit details',
    tryAgain: 'Try again',
    keep: 'Keep my visit',
  },

  problem: {
    unreachable: { title: 'No connection', text: 'Nothing is lost. Try again when you are connected.' },
    wait: { title: 'Please wait a moment', text: 'There were many tries in a short time. Nothing is lost.' },
    ours: { title: 'That did not work, and it is our fault', text: 'Nothing is lost. Please try again.' },
    invalid: { title: 'Something needs a look', text: 'Nothing was changed.' },
    'not-found': {
      title: 'We can’t find that',
      text: 'It may be gone, or it may belong to another address. Your other visits are not touched.',
    },
    forbidden: {
      title: 'This needs a code',
      text: 'The link in your e-mail opens one visit. For everything else we send a code to your e-mail address.',
    },
    birthDate: {
      title: 'The date of birth comes first',
      text: 'Past visits and personal details are shown to those who know it. You can enter it under “Your visits”.',
    },
    inDoubt: 'We do not know yet whether it was done. Trying again is safe: it is never done twice.',
    waitFor: (seconds: number) =>
      seconds >= 60
        ? `Please wait ${plural(Math.ceil(seconds / 60), 'minute', 'minutes')}. Nothing is lost.`
        : `Please wait ${plural(Math.max(1, seconds), 'second', 'seconds')}. Nothing is lost.`,
    refused: 'That was not possible',
    alternatives: 'Free times close to it',
  },

  signIn: {
    title: 'See your visits',
    intro: 'No password. We send a code of 8 characters to the e-mail address you booked with.',
    email: 'E-mail',
    send: 'Send me a code',
    sending: 'Sending …',
    noEmail: 'Booked by phone and gave no e-mail?',
    noEmailCall: (number: string) => ({ before: ' Call ', number, after: ' and we add one.' }),
    codeTitle: 'Enter the code',
    sent: { before: 'If ', after: ' has visits here, a code is on its way. It works for 10 minutes.' },
    code: 'Code of 8 characters',
    codeHint: 'From our e-mail. Capitals and spaces make no difference.',
    continue: 'Continue',
    checking: 'Checking …',
    codeShort: (missing: number) =>
      missing > 0
        ? `The code has 8 characters: ${plural(missing, 'is', 'are')} missing`
        : 'The code has 8 characters: these are more',
    wrongCode: 'That code is not right, or it is too old. Try again, or send a new code',
    nothingYet: 'Nothing yet? Look in spam, or wait a minute.',
    again: 'Send a new code',
    againIn: (seconds: number) => `Send a new code (in ${plural(seconds, 'second', 'seconds')})`,
    sentAgain: 'A new code is on its way. Only the newest one works.',
    other: 'Use another e-mail',
    ended: {
      title: 'You have been signed out',
      text: 'That happens after a while without use, so that nobody else reads your visits. Nothing is lost: after signing in you go on where you were.',
    },
    signedOut: 'You are signed out. Nobody can see your visits here without a new code or link.',
    saidSent: 'If this address has visits here, a code is on its way.',
  },

  link: {
    title: 'This link no longer works',
    text: 'Links in our e-mails end when a newer one is sent, or some time after the visit. Your visits are safe; a code lets you see them.',
    send: 'Send me a code',
    offerTitle: 'This offer can no longer be opened',
    offerText: 'Please open the link in our newest e-mail. Your place on the waitlist is not lost.',
  },

  people: {
    title: 'Whose visits?',
    everybody: 'Everybody',
    for: (name: string) => `for ${name}`,
  },

  home: {
    title: 'Your visits',
    next: 'Next',
    later: 'Later',
    past: 'Past',
    none: 'No visit is planned',
    noneFor: (name: string) => `No visit is planned for ${name}`,
    noPast: 'No past visits here.',
    book: 'Book a visit',
    move: 'Move',
    cancel: 'Cancel',
    moveWhat: (when: string) => `Move the visit on ${when}`,
    cancelWhat: (when: string) => `Cancel the visit on ${when}`,
    details: 'Details and directions',
    detailsWhat: (when: string) => `Details and directions of the visit on ${when}`,
    older: 'Show older visits',
    fewer: 'Show fewer visits',
    profile: 'Details and reminders',
    profileHint: 'What we know of you, and how we may write to you',
    waitlist: 'Waitlist',
    join: 'Join the waitlist',
    joinHint: 'We write to you when a time opens up',
    signOut: 'Sign out',
    signOutFailed: 'Signing out did not work. Please close this browser, or try again.',
    oneVisit: 'You see one visit, by the link in our e-mail.',
    all: 'See all your visits',
  },

  birth: {
    title: (name: string | null) => (name ? `Date of birth of ${name}` : 'Your date of birth'),
    why: 'Mailboxes are shared in families, and addresses are mistyped. So past visits and personal details are shown to those who know the date of birth.',
    show: 'Show',
    wrong: (left: number) =>
      left > 0
        ? `That is not the date we have. ${plural(left, 'try is', 'tries are')} left`
        : 'That is not the date we have. Please sign in again later, or call us',
    noTries: 'There were too many tries. Sign out and in again to go on, or call us.',
    proven: 'Thank you. Everything is shown now.',
  },

  status: {
    proposed: 'Suggested by the clinic',
    pending: 'Waiting for the clinic’s answer',
    booked: 'Booked',
    confirmed: 'Booked, and you said you will come',
    arrived: 'You have arrived',
    'checked-in': 'Your visit has begun',
    fulfilled: 'Done',
    cancelled: 'Cancelled',
    noshow: 'Missed',
    'entered-in-error': 'Entered by mistake',
    waitlist: 'On the waitlist',
  },

  visit: {
    title: 'Your visit',
    heading: (date: PlainDate, time: string) => `${words.date.long(date)}, ${time}`,
    for: 'For',
    move: 'Move visit',
    cancel: 'Cancel visit',
    confirm: 'Yes, I will come',
    confirming: 'One moment …',
    confirmQuestion: 'Will you come?',
    confirmHint: 'A word from you tells us that the time is not wasted.',
    confirmed: 'Thank you. We expect you.',
    willCome: 'You said that you will come.',
    accept: 'Take this time',
    acceptHint: 'The clinic suggests this time. It is not booked, nor kept for you, until you take it.',
    decline: 'No, thank you',
    declined: 'Thank you for telling us. Nothing is booked.',
    accepted: 'This time is booked for you.',
    acceptedPending: 'Thank you. The clinic answers soon.',
    until: (when: string) => `Free online until ${when}.`,
    late: (when: string) => `Moving and cancelling online was possible until ${when}.`,
    lateCall: 'Please call us to move or cancel. There is no fee.',
    pendingHint: 'The time is kept for you until the clinic answers.',
    calendar: 'Add to calendar',
    calendarFile: 'visit.ics',
    directions: (place: string) => `Directions to ${place}`,
    map: 'See it on the map',
    questions: 'Questions?',
    timeline: 'What happened so far',
    series: 'This is one of several visits planned together. What you change here changes this one only.',
    moved: (when: string) => `Your visit is moved to ${when}.`,
    movedPending: (when: string) => `You asked for ${when}. The clinic answers soon.`,
    cancelled: 'Your visit is cancelled. Thank you for telling us.',
    bookAnother: 'Book another visit',
  },

  timeline: {
    you: {
      requested: 'You asked for this time online',
      booked: 'You booked online',
      suggested: 'A time was suggested',
      accepted: 'You took the time',
      declined: 'You declined',
      moved: 'You moved it',
      confirmed: 'You said that you will come',
      cancelled: 'You cancelled it',
      arrived: 'You arrived',
      started: 'The visit began',
      finished: 'The visit ended',
      noshow: 'You did not come',
      undone: 'The last step was undone',
    },
    clinic: {
      requested: 'The clinic noted your request',
      booked: 'The clinic booked it',
      suggested: 'The clinic suggested this time',
      accepted: 'The clinic accepted your request',
      declined: 'The clinic could not accept it',
      moved: 'The clinic moved it',
      confirmed: 'The clinic noted that you will come',
      cancelled: 'The clinic cancelled it',
      arrived: 'You arrived',
      started: 'The visit began',
      finished: 'The visit ended',
      noshow: 'The clinic noted that you did not come',
      undone: 'The clinic undid the last step',
    },
    fromTo: (who: string, from: string, to: string) => `${who} from ${from} to ${to}`,
    reason: (reason: string) => `You wrote: “${reason}”`,
  },

  move: {
    title: 'Choose a new time',
    keepUntil: 'Your time stays yours until the new one is confirmed.',
    now: (when: string) => `Now: ${when}`,
    yours: 'your time now',
    who: 'Doctor',
    any: 'Any doctor',
    continue: (time: string) => `Continue with ${time}`,
    chooseFirst: 'Choose a time to go on.',
    review: 'Move your visit?',
    from: 'Now',
    to: 'New time',
    confirm: 'Move to this time',
    moving: 'Moving …',
    soon: 'This time is so soon that it can be moved or cancelled by telephone only.',
    keep: 'Keep the time I have',
    other: 'Choose another time',
    none: 'No free time online',
    noneHint: 'Please call us, we may still find one. Your time stays yours.',
    closed: 'This visit cannot be moved online',
    closedText: 'Please call us. Your time stays yours meanwhile.',
  },

  cancel: {
    title: (when: string) => `Cancel ${when}?`,
    text: 'It costs nothing. The time goes to someone else, so it may be gone if you change your mind.',
    why: 'Would you tell us why?',
    confirm: 'Cancel this visit',
    cancelling: 'Cancelling …',
    keep: 'Keep it',
    another: 'Another day instead? ',
    move: 'Move the visit',
    lateTitle: 'Please call us to cancel',
    late: (when: string) => `Online cancelling was possible until ${when}. There is no fee.`,
    gone: 'This visit is already cancelled',
    closedTitle: 'This visit cannot be cancelled online',
    call: (number: string) => `Call ${number}`,
    write: {
      before: 'Can’t call? Write to ',
      after: ' with your name and the time of the visit.',
    },
  },

  waitlist: {
    title: 'Waitlist',
    none: 'You are on no waitlist',
    noneHint: 'When no free time suits you, tell us which would. We write to you when one opens up.',
    join: 'Join the waitlist',
    leave: 'Leave the waitlist',
    leaveWhat: (what: string) => `Leave the waitlist for ${what}`,
    sure: 'Leave the waitlist for this?',
    left: 'You are off this waitlist.',
    stay: 'Stay on it',
    waiting: 'We write to you when a time opens up.',
    offered: 'A time is offered to you',
    joined: 'You are on the waitlist. We write to you when a time opens up.',
    since: (date: PlainDate) => `Since ${words.date.short(date)}`,
    anyDoctor: 'Any doctor',
    soon: 'As soon as possible',
    until: (date: PlainDate) => `until ${words.date.short(date)}`,
    from: (date: PlainDate) => `from ${words.date.short(date)}`,
    wishes: (weekdays: readonly number[], partsOfDay: readonly string[]) => {
      const days = weekdays.map((day) => weekdayNames[day - 1] ?? '').filter(Boolean);
      const times = partsOfDay.map((part) => parts[part as Part] ?? part);
      return [words.date.list(days), words.date.list(times)].filter(Boolean).join(', ') || 'any time';
    },
  },

  join: {
    title: 'Join the waitlist',
    intro:
      'Tell us what would suit you. When such a time opens up, we write to you, and the first to take it gets it.',
    type: 'Kind of visit',
    choose: 'Please choose',
    chooseType: 'Choose what the visit is for',
  },

  offer: {
    title: 'A time has opened up',
    for: (name: string) => `For ${name}, who is waiting for it.`,
    take: 'Take this time',
    taking: 'One moment …',
    refuse: 'No, thank you',
    until: (when: string) => ({
      before: 'This offer stands ',
      strong: `until ${when}`,
      after:
        '. Others may have it too: the first to take the time gets it. If it is not you, you stay on the list.',
    }),
    replaces: (when: string) => ({
      before: 'You already have a visit at that time: ',
      strong: when,
      after: '. Taking this one does not cancel it.',
    }),
    alsoTitle: 'You already have a visit at that time',
    also: 'Take this one too',
    taken: 'This time is booked for you',
    takenPending: 'Request sent',
    takenText: 'You are off the waitlist for it. We have sent you an e-mail with the details.',
    seeVisit: 'See this visit',
    refused: 'Thank you for telling us',
    refusedText: 'You stay on the waitlist, and we write again when another time opens up.',
    goneTitle: 'Somebody was faster',
    goneText: 'We are sorry: this time is no longer free. You stay on the waitlist, and we write again.',
    endedTitle: 'This offer has ended',
    endedText: 'You stay on the waitlist, and we write again when another time opens up.',
    allTimes: 'See all free times',
  },

  profile: {
    title: 'Details and reminders',
    reminders: 'Reminders',
    remindersText: 'Changes to your visits are always sent by e-mail. These are for reminders.',
    consentEmail: 'Remind me by e-mail',
    consentSms: 'Remind me by SMS',
    noPhone: 'For SMS we need a mobile number of yours.',
    saving: 'Saving …',
    saved: 'Saved.',
    notSaved: 'Not saved.',
    details: 'What we know of you',
    detailsText:
      'The clinic checks what you change here before it counts. Until then, what it has stays as it is.',
    propose: 'Send to the clinic',
    sending: 'Sending …',
    sent: 'Sent. The clinic looks at it, and until then nothing is changed.',
    nothingNew: 'Nothing is different from what the clinic has.',
    waiting: (fields: string[]) => `Waiting for the clinic: ${words.date.list(fields)}.`,
    fields: {
      givenName: 'First name',
      familyName: 'Family name',
      birthDate: 'Date of birth',
      phone: 'Mobile phone',
      email: 'E-mail',
      language: 'Language',
    } as Record<string, string>,
    export: 'Download my data',
    exportText: 'All that the clinic keeps of you here, in one file: details, visits, waitlist.',
    exportButton: 'Download',
    exporting: 'Preparing …',
    exported: 'The file is on its way to your downloads.',
  },
};

import { aClinic, aDoctor, aLocation, aPatient, idOf } from '@medic/shared/testing/builders';
import type { TimeZone } from '@medic/shared/time/instant';
import { parseInstant } from '@medic/shared/time/zone';
import { describe, expect, test } from 'vitest';
import { htmlOf } from './html';
import { isMailAddress, mailOf } from './mail';
import type { Envelope, Message, VisitOccasion } from './message';
import { letterOf } from './templates';
import { textOf } from './text';

const clinic = aClinic({ name: 'Harbour Clinic', slug: 'harbour', phone: '+48221234567' });
const location = aLocation({
  name: 'Harbour Street',
  street: 'ul. Portowa 12',
  city: 'Warszawa',
  directions: 'First floor, lift on the left',
  phone: '+48221230001',
});
const visit: VisitOccasion = {
  id: idOf('appointment', 1),
  sequence: 2,
  startsAt: parseInstant('2026-12-02T09:20:00Z'),
  endsAt: parseInstant('2026-12-02T09:40:00Z'),
  doctor: aDoctor({ title: 'Dr', name: 'Maja Nowak' }),
  location,
  url: 'https://visits.example/my/harbour#v=token',
};
const envelope: Envelope = {
  clinic: { ...clinic, cancelWindowMinutes: 1440 },
  patient: aPatient({ givenName: 'Anna', familyName: 'Zielińska' }),
  language: 'en',
  publicUrl: 'https://visits.example',
  now: parseInstant('2026-11-23T07:00:00Z'),
  ownWords: null,
};
const addresses = {
  id: idOf('appointment', 9),
  from: 'visits@medic.example',
  to: { name: 'Anna Zielińska', address: 'anna@home.example' },
};
const booked: Message = { kind: 'confirmed', visit, before: null };
const series: Message = {
  kind: 'series',
  change: 'booked',
  visits: [visit, { ...visit, id: idOf('appointment', 2), startsAt: parseInstant('2026-12-09T09:20:00Z') }],
};
const offer: Message = {
  kind: 'offer',
  offer: visit,
  expiresAt: parseInstant('2026-11-23T17:00:00Z'),
  url: 'https://visits.example/my/harbour#o=token',
};
const code: Message = { kind: 'code', code: 'ABCD-EFGH', expiresAt: parseInstant('2026-11-23T07:10:00Z') };
const all: [string, Message][] = [
  ...(['requested', 'proposed', 'confirmed', 'declined', 'moved', 'cancelled'] as const).map(
    (kind): [string, Message] => [
      kind,
      { kind, visit, before: { ...visit, startsAt: parseInstant('2026-12-01T09:00:00Z') } },
    ],
  ),
  ...(['booked', 'requested', 'moved', 'cancelled'] as const).map((change): [string, Message] => [
    `series ${change}`,
    { ...series, change },
  ]),
  ['offer', offer],
  ['offer-withdrawn', { kind: 'offer-withdrawn', offer: visit, stillWaiting: true }],
  ['code', code],
];

/** What somebody reads: without the markup, and with its entities as characters. */
function read(html: string): string {
  return html
    .replace(/<style>.*<\/style>/s, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ');
}

describe('a confirmation', () => {
  const { subject, text, html } = mailOf(booked, envelope, addresses);

  test.each([
    ['text', text.replaceAll(/\s+/g, ' ')],
    ['HTML', read(html)],
  ])('names it all in %s', (_kind, shown) => {
    expect(shown).toContain('Hello Anna, this is your confirmation.');
    expect(shown).toContain('Wednesday 2 December, 10:20');
    expect(shown).toContain('20 minutes, Warsaw time');
    expect(shown).toContain('Dr Maja Nowak');
    expect(shown).toContain('Harbour Street, ul. Portowa 12, Warszawa');
    expect(shown).toContain('First floor, lift on the left');
    expect(shown).toContain(
      'you can move or cancel online until Tue 1 Dec, 10:20. After that, please call +48 221 230 001.',
    );
    expect(shown).toContain('Harbour Clinic');
  });

  test('carries the link to the visit, in text and HTML', () => {
    expect(text).toContain('\nhttps://visits.example/my/harbour#v=token\n');
    expect(html).toContain('href="https://visits.example/my/harbour#v=token"');
  });

  test('has date, time and clinic in its subject', () => {
    expect(subject).toBe('Booked: Wed 2 Dec, 10:20, Harbour Clinic');
  });

  test('comes with the event to add', () => {
    const { calendar } = mailOf(booked, envelope, addresses);
    expect(calendar).toMatchObject({ method: 'REQUEST', filename: 'visit.ics' });
    expect(calendar?.content).toContain(`UID:${visit.id}\r\nSEQUENCE:2\r\n`);
    expect(calendar?.content).toContain('STATUS:CONFIRMED');
    expect(calendar?.content).not.toContain('token');
  });
});

test('times are those of the place, whatever zone the clinic is in', () => {
  const tokyo = { ...visit, location: { ...location, timeZone: 'Asia/Tokyo' as TimeZone } };
  const { subject, text } = mailOf({ ...booked, visit: tokyo }, envelope, addresses);
  expect(subject).toContain('18:20');
  expect(text).toContain('Wednesday 2 December, 18:20');
  expect(text).toContain('Tokyo time');
});

test('a visit of next year says so', () => {
  const far = { ...visit, startsAt: parseInstant('2027-01-04T09:20:00Z') };
  expect(letterOf({ ...booked, visit: far }, envelope).card?.when).toBe('Monday 4 January 2027, 10:20');
});

test('a move shows what was, struck through, and what is', () => {
  const before = { ...visit, startsAt: parseInstant('2026-12-01T09:00:00Z') };
  const { html, text, calendar } = mailOf({ kind: 'moved', visit, before }, envelope, addresses);
  expect(html).toContain('Before: <s>Tuesday 1 December, 10:00</s>');
  expect(text).toContain('Before: Tuesday 1 December, 10:00\nNow: Wednesday 2 December, 10:20');
  expect(calendar?.method).toBe('REQUEST');
});

test('what is off is struck through, leads to other times, and leaves the calendar', () => {
  for (const kind of ['cancelled', 'declined'] as const) {
    const { html, text, calendar } = mailOf({ kind, visit, before: null }, envelope, addresses);
    expect(html).toContain('<s>Wednesday 2 December, 10:20</s>');
    expect(text).toContain('https://visits.example/book/harbour');
    expect(text).not.toContain('token');
    expect(calendar?.method).toBe('CANCEL');
    expect(calendar?.content).toContain('STATUS:CANCELLED');
  }
});

test('what waits for an answer stands in the calendar as not certain; whoever was asked has not said yes', () => {
  const about = (kind: 'requested' | 'proposed') =>
    mailOf({ kind, visit, before: null }, envelope, addresses).calendar;
  for (const kind of ['requested', 'proposed'] as const) {
    expect(about(kind)?.method).toBe('REQUEST');
    expect(about(kind)?.content).toContain('STATUS:TENTATIVE');
  }
  expect(unfolded(about('requested')?.content)).toContain('PARTSTAT=ACCEPTED;RSVP=FALSE');
  expect(unfolded(about('proposed')?.content)).toContain('PARTSTAT=NEEDS-ACTION;RSVP=FALSE');
});

test('a suggestion says that nobody keeps the time, and where to answer', () => {
  const { text, html, subject } = mailOf({ kind: 'proposed', visit, before: null }, envelope, addresses);
  expect(subject).not.toContain('Nowak');
  for (const shown of [text, html]) {
    expect(shown).toContain('Until you accept, somebody else may book this time.');
    expect(shown).toContain('Accept or decline this time');
    expect(shown).toContain(visit.url);
  }
});

test('who said no to a suggestion is thanked, not told that it is impossible, and it leaves the calendar', () => {
  const said = mailOf({ kind: 'declined', visit, before: null, byPatient: true }, envelope, addresses);
  expect(said.text).toContain('You said no to this time');
  expect(said.text).not.toContain('not possible');
  expect(said.calendar?.method).toBe('CANCEL');
});

function unfolded(content: string | undefined): string {
  return (content ?? '').replaceAll('\r\n ', '');
}

test('past the window the way is the telephone', () => {
  const last = { ...envelope, now: parseInstant('2026-12-01T09:20:00Z') };
  expect(mailOf(booked, last, addresses).text).toContain('online until Tue 1 Dec, 10:20.');
  const soon = { ...envelope, now: parseInstant('2026-12-01T09:20:01Z') };
  const { text } = mailOf(booked, soon, addresses);
  expect(text).toContain(
    'too late to move or cancel this visit online. If you cannot come, please call +48 221 230 001.',
  );
  expect(text).not.toContain('online until');
  expect(text).toContain('See this visit:\nhttps://visits.example/my/harbour#v=token');
  expect(text).not.toContain('Move, cancel');
});

test('a series lists its visits, and all of them are in the file', () => {
  const { subject, text, html, calendar } = mailOf(series, envelope, addresses);
  expect(subject).toBe('Booked: 2 visits, Harbour Clinic');
  expect(text).toContain('- Wednesday 2 December, 10:20 (Warsaw time), Dr Maja Nowak, Harbour Street');
  expect(html.match(/<li /g)).toHaveLength(2);
  expect(calendar?.content.match(/BEGIN:VEVENT/g)).toHaveLength(2);
  expect(calendar?.method).toBe('PUBLISH');
});

test('an offer says until when, that it is not kept, and links to itself', () => {
  const { text, calendar } = mailOf(offer, envelope, addresses);
  expect(text).toContain('until Mon 23 Nov, 18:00 (Warsaw time)');
  expect(text).toContain('whoever accepts first gets it');
  expect(text).toContain('#o=token');
  expect(calendar).toBeNull();
});

test('a code names nobody, and how long it is good for', () => {
  const { subject, text, html } = mailOf(code, { ...envelope, patient: null }, addresses);
  expect(subject).toBe('Your sign-in code, Harbour Clinic');
  expect(subject).not.toContain('ABCD');
  expect(text).toContain('ABCD-EFGH');
  expect(text).toContain('10 minutes');
  expect(text + html).not.toContain('Hello');
});

describe.each(all)('%s', (_name, message) => {
  const names = '<script>alert("x")</script>';
  const hostile: Envelope = {
    ...envelope,
    clinic: { ...envelope.clinic, name: `Clinic ${names}`, phone: names },
    patient: {
      ...(envelope.patient as NonNullable<Envelope['patient']>),
      givenName: names,
      familyName: "O'<b>",
    },
    publicUrl: 'https://visits.example',
  };
  const spoilt = {
    ...visit,
    doctor: { title: names, name: names },
    location: { ...location, name: names, street: names, directions: `${names}\n${names}` },
  };
  const bad = {
    ...message,
    ...('visit' in message ? { visit: spoilt } : {}),
    ...('visits' in message ? { visits: [spoilt] } : {}),
    ...('offer' in message ? { offer: spoilt } : {}),
  } as Message;

  test('no value becomes markup', () => {
    const html = htmlOf(letterOf(bad, hostile));
    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script&gt;');
    // Only our own elements, opened and closed alike.
    const opened = [...html.matchAll(/<([a-z][a-z0-9]*)[\s>]/g)].map(([, name]) => name);
    const known = [
      'html',
      'head',
      'meta',
      'title',
      'style',
      'body',
      'div',
      'main',
      'footer',
      'section',
      'p',
      'span',
      'strong',
      'h1',
      'h2',
      's',
      'a',
      'br',
      'hr',
      'ul',
      'li',
    ];
    expect(opened.filter((name) => !known.includes(name ?? ''))).toEqual([]);
  });

  test('nothing of health in subject and preview, and no line can be broken out of', () => {
    const letter = letterOf(message, envelope);
    for (const shown of [letter.subject, letter.preview]) {
      expect(shown).not.toContain('Nowak');
      expect(shown).not.toContain('Anna');
    }
    const mail = mailOf(
      bad,
      { ...hostile, clinic: { ...hostile.clinic, name: 'A\r\nBcc: x@evil.example' } },
      {
        ...addresses,
        to: { name: 'B\r\nX-Evil: 1', address: 'anna@home.example' },
      },
    );
    for (const header of [mail.subject, mail.from.name, mail.to.name, mail.messageId])
      expect(header).not.toMatch(/[\r\n]/);
  });

  test('text and HTML carry the same links', () => {
    const letter = letterOf(message, envelope);
    const inHtml = [...htmlOf(letter).matchAll(/href="([^"]*)"/g)].map(([, url]) =>
      url?.replaceAll('&amp;', '&'),
    );
    const inText = textOf(letter).match(/https:\/\/\S+/g);
    expect(new Set(inText)).toEqual(new Set(inHtml));
    expect(inHtml.length).toBeGreaterThan(0);
  });

  test('needs no table, script, image or anything from elsewhere', () => {
    const html = htmlOf(letterOf(message, envelope));
    expect(html).not.toMatch(/<(table|script|img|link|iframe|form)\b|url\(|@import|@font-face/);
    expect(html).toMatch(/<html lang="en"/);
    expect(html.match(/<h1 /g)).toHaveLength(1);
  });
});

test('the Message-ID is the notification’s own, so that a second try is the same message', () => {
  expect(mailOf(booked, envelope, addresses).messageId).toBe(`<${addresses.id}@medic.example>`);
});

describe('own words', () => {
  const ownWords = {
    language: 'en',
    subject: 'See you on {{date}}',
    body: 'Dear {{patient}},\n\nplease come to {{location}} at {{time}} ({{zone}}),\nsecond line.\n\nChange: {{link}}',
  };

  test('stand for ours, and the facts stay below', () => {
    const { subject, text, html } = mailOf(booked, { ...envelope, ownWords }, addresses);
    expect(subject).toBe('See you on Wednesday 2 December');
    expect(text).toContain(
      'Dear Anna Zielińska,\n\nplease come to Harbour Street at 10:20 (Warsaw time),\nsecond line.',
    );
    expect(text).toContain('Change: https://visits.example/my/harbour#v=token');
    expect(text).toContain('Dr Maja Nowak');
    expect(html).toContain('Change: <a class="link" href="https://visits.example/my/harbour#v=token"');
    expect(html).toContain('(Warsaw time),<br>second line.');
    expect(text).not.toContain('this is your confirmation');
  });

  test('keep our subject where they have none, and our button where they have no link', () => {
    const { subject, text } = mailOf(
      booked,
      { ...envelope, ownWords: { ...ownWords, subject: '', body: 'Hi' } },
      addresses,
    );
    expect(subject).toBe('Booked: Wed 2 Dec, 10:20, Harbour Clinic');
    expect(text).toContain('Move, cancel or see details:\nhttps://visits.example/my/harbour#v=token');
  });

  test('have their dates in their own language, also where we have no words in it', () => {
    const polish = { language: 'pl', subject: '', body: 'Wizyta: {{date}} o {{time}} ({{zone}})' };
    const { text } = mailOf(booked, { ...envelope, language: 'pl', ownWords: polish }, addresses);
    expect(text).toContain('Wizyta: środa, 2 grudnia 2026 o 10:20 (Europe/Warsaw)');
  });

  test('are filled in once: a name that looks like a placeholder is a name', () => {
    const patient = { ...aPatient(), givenName: '{{link}}', familyName: '<i>{{code}}</i>' };
    const { text, html } = mailOf(booked, { ...envelope, patient, ownWords }, addresses);
    expect(text).toContain('Dear {{link}} <i>{{code}}</i>,');
    expect(html).toContain('Dear {{link}} &lt;i&gt;{{code}}&lt;/i&gt;,');
  });
});

test.each([
  'anna@home.example>, <evil@evil.example',
  'a@home.example,b@evil.example',
  'anna@home.example\r\nBcc: evil@evil.example',
  'anna@home.example\n',
  'anna home@home.example',
  '"anna"@home.example',
  'anna@',
  '@home.example',
  `${'a'.repeat(65)}@home.example`,
  '',
])('no mail is handed over to what is not one plain address: %j', (text) => {
  expect(isMailAddress(text)).toBe(false);
});

test('plain addresses are taken', () => {
  for (const text of ['anna@home.example', "o'neill+visits@mail.home.example", 'x@localhost'])
    expect(isMailAddress(text)).toBe(true);
});

/** The calendar files read by two parsers that have nothing to do with each other, nor with us. */
import { type CalendarVisit, calendarFile, type Invitation } from '@medic/shared/time/calendar-file';
import { instant } from '@medic/shared/time/instant';
import { parseInstant } from '@medic/shared/time/zone';
import fc from 'fast-check';
import ICAL from 'ical.js';
import ical, { type VEvent } from 'node-ical';
import { describe, expect, test } from 'vitest';

const madeAt = parseInstant('2026-11-23T07:00:00Z');
const visit: CalendarVisit = {
  id: '018ce815-ec00-70d9-987f-61b7bc36189f',
  sequence: 3,
  startsAt: parseInstant('2026-12-02T08:20:00Z'),
  endsAt: parseInstant('2026-12-02T08:40:00Z'),
  title: 'Visit at Harbour Clinic',
  place: 'Harbour Street, ul. Portowa 12; Warszawa',
  status: 'confirmed',
};
const invitation: Invitation = {
  organizer: { name: 'Harbour "Sea" Clinic', email: 'visits@harbour.example' },
  attendee: { name: 'Łucja; Nowak: née Żak', email: 'lucja@home.example' },
};

interface Read {
  method: string;
  events: {
    id: string;
    sequence: number;
    startsAt: number;
    endsAt: number;
    title: string;
    place: string;
    status: string;
    organizer: string;
    attendee: string;
  }[];
}

const parsers: [string, (file: string) => Read][] = [
  [
    'ical.js',
    (file) => {
      const calendar = new ICAL.Component(ICAL.parse(file));
      return {
        method: String(calendar.getFirstPropertyValue('method')),
        events: calendar.getAllSubcomponents('vevent').map((component) => {
          const event = new ICAL.Event(component);
          return {
            id: event.uid,
            sequence: event.sequence,
            startsAt: event.startDate.toJSDate().getTime(),
            endsAt: event.endDate.toJSDate().getTime(),
            title: event.summary,
            place: event.location,
            status: String(component.getFirstPropertyValue('status')),
            organizer: String(component.getFirstPropertyValue('organizer') ?? ''),
            attendee: String(component.getFirstPropertyValue('attendee') ?? ''),
          };
        }),
      };
    },
  ],
  [
    'node-ical',
    (file) => {
      const parsed = ical.sync.parseICS(file);
      const events = Object.values(parsed).filter((each): each is VEvent => each?.type === 'VEVENT');
      return {
        method: events[0]?.method ?? '',
        events: events.map((event) => ({
          id: event.uid,
          sequence: Number(event.sequence),
          startsAt: event.start.getTime(),
          endsAt: event.end?.getTime() ?? 0,
          title: textOf(event.summary),
          place: textOf(event.location),
          status: event.status ?? '',
          organizer: propertyValue(event.organizer),
          attendee: propertyValue(event.attendee),
        })),
      };
    },
  ],
];

/** node-ical gives a property with parameters as an object. */
function propertyValue(property: unknown): string {
  return typeof property === 'object' && property !== null && 'val' in property
    ? String(property.val)
    : String(property ?? '');
}
function textOf(property: unknown): string {
  return propertyValue(property);
}

describe.each(parsers)('%s', (_name, read) => {
  test('reads the event with its id, SEQUENCE, times, words and people', () => {
    expect(read(calendarFile([visit], madeAt, invitation))).toEqual({
      method: 'REQUEST',
      events: [
        {
          id: visit.id,
          sequence: 3,
          startsAt: visit.startsAt,
          endsAt: visit.endsAt,
          title: visit.title,
          place: visit.place,
          status: 'CONFIRMED',
          organizer: 'mailto:visits@harbour.example',
          attendee: 'mailto:lucja@home.example',
        },
      ],
    });
  });

  test('reads that a visit is off, under the same id and a higher SEQUENCE', () => {
    const file = calendarFile([{ ...visit, sequence: 4, status: 'cancelled' }], madeAt, invitation);
    const { method, events } = read(file);
    expect([method, events[0]?.id, events[0]?.sequence, events[0]?.status]).toEqual([
      'CANCEL',
      visit.id,
      4,
      'CANCELLED',
    ]);
  });

  test('reads each visit of a series', () => {
    const visits = [1, 2, 3].map((n) => ({
      ...visit,
      id: visit.id.replace(/.$/, String(n)),
      startsAt: instant(visit.startsAt + n * 604_800_000),
      endsAt: instant(visit.endsAt + n * 604_800_000),
    }));
    const { method, events } = read(calendarFile(visits, madeAt));
    expect(method).toBe('PUBLISH');
    expect(events.map(({ id, startsAt }) => [id, startsAt])).toEqual(
      visits.map(({ id, startsAt }) => [id, startsAt]),
    );
  });

  test('reads back whatever a name holds, across folded lines', () => {
    const words = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 150 })
      // Controls are left out on purpose, and parsers trim: what stays has to come back as it was.
      .map((text) => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '').trim())
      .filter((text) => text !== '');
    fc.assert(
      fc.property(words, words, (title, place) => {
        const file = calendarFile([{ ...visit, title, place }], madeAt, invitation);
        for (const line of file.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
        const [event] = read(file).events;
        expect(event).toMatchObject({ id: visit.id, title, place });
      }),
      { seed: 20261123, numRuns: 300 },
    );
  });
});

test('the instant is the one meant, whichever side of a clock change the visit lies on', () => {
  for (const at of ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2027-03-28T01:00:00Z']) {
    const startsAt = parseInstant(at);
    const file = calendarFile([{ ...visit, startsAt, endsAt: instant(startsAt + 1_800_000) }], madeAt);
    for (const [name, read] of parsers)
      expect([name, read(file).events[0]?.startsAt]).toEqual([name, startsAt]);
  }
});

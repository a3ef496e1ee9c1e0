import { expect, test } from 'vitest';
import { type CalendarVisit, calendarFile, calendarMethod } from './calendar-file';
import { parseInstant } from './zone';

const visit: CalendarVisit = {
  id: '018ce815-ec00-70d9-987f-61b7bc36189f',
  sequence: 2,
  startsAt: parseInstant('2026-12-02T08:20:00Z'),
  endsAt: parseInstant('2026-12-02T08:40:00Z'),
  title: 'Visit at Harbour Clinic',
  place: 'Harbour Street, ul. Portowa 12, Warszawa',
  status: 'confirmed',
};
const madeAt = parseInstant('2026-11-23T00:00:05Z');
const invitation = {
  organizer: { name: 'Harbour Clinic', email: 'visits@harbour.example' },
  attendee: { name: 'Anna Nowak', email: 'anna@home.example' },
};

test('a visit is one event in UTC, known by its id', () => {
  const lines = calendarFile([visit], madeAt).split('\r\n');
  expect(lines).toContain('UID:018ce815-ec00-70d9-987f-61b7bc36189f');
  expect(lines).toContain('SEQUENCE:2');
  expect(lines).toContain('DTSTAMP:20261123T000005Z');
  expect(lines).toContain('DTSTART:20261202T082000Z');
  expect(lines).toContain('DTEND:20261202T084000Z');
  expect(lines).toContain('LOCATION:Harbour Street\\, ul. Portowa 12\\, Warszawa');
  expect(lines).toContain('METHOD:PUBLISH');
  expect(lines.at(-1)).toBe('');
});

test('a mail asks for the event, or for its removal; several visits are only published', () => {
  expect(calendarMethod([visit], invitation)).toBe('REQUEST');
  expect(calendarMethod([{ status: 'cancelled' }], invitation)).toBe('CANCEL');
  expect(calendarMethod([visit, visit], invitation)).toBe('PUBLISH');
});

test.each(['\r\n', '\n', '\r', '\u2028'])('a line break in a name cannot begin a new property: %j', (end) => {
  const file = calendarFile([{ ...visit, title: `A${end}ATTENDEE:x`, place: `B${end}X:y` }], madeAt, {
    organizer: { name: `C${end}ORGANIZER:z`, email: `visits@harbour.example${end}X:y` },
    attendee: { name: `D"${end};X=1:E`, email: 'anna@home.example' },
  });
  const unfolded = file.replaceAll('\r\n ', '').split('\r\n');
  const names = unfolded.map((line) => line.split(/[:;]/)[0]);
  expect(names.filter((name) => name === 'ATTENDEE' || name === 'ORGANIZER')).toHaveLength(2);
  expect(names).not.toContain('X');
  expect(unfolded).toContain('SUMMARY:A\\nATTENDEE:x');
  expect(file.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
});

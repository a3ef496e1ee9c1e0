import { expect, test } from 'vitest';
import { calendarFile } from './ics';

const visit = {
  id: '018ce815-ec00-70d9-987f-61b7bc36189f',
  startsAt: Date.UTC(2026, 11, 2, 8, 20),
  endsAt: Date.UTC(2026, 11, 2, 8, 40),
  title: 'Visit at Harbour Clinic',
  place: 'Harbour Street, ul. Portowa 12, Warszawa',
};

test('a visit is one event in UTC, known by its id', () => {
  const lines = calendarFile(visit, Date.UTC(2026, 10, 23)).split('\r\n');
  expect(lines).toContain('UID:018ce815-ec00-70d9-987f-61b7bc36189f');
  expect(lines).toContain('DTSTAMP:20261123T000000Z');
  expect(lines).toContain('DTSTART:20261202T082000Z');
  expect(lines).toContain('DTEND:20261202T084000Z');
  expect(lines).toContain('LOCATION:Harbour Street\\, ul. Portowa 12\\, Warszawa');
  expect(lines.at(-1)).toBe('');
});

test('long lines are folded within 75 octets and read as one', () => {
  const file = calendarFile({ ...visit, title: `Wizyta: ${'łóżko; '.repeat(30)}` }, 0);
  for (const line of file.split('\r\n'))
    expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
  expect(file.replaceAll('\r\n ', '')).toContain(`SUMMARY:Wizyta: ${'łóżko\\; '.repeat(30)}`);
});

test('a line break in a name cannot begin a new property', () => {
  expect(calendarFile({ ...visit, title: 'A\r\nATTENDEE:x' }, 0)).toContain('SUMMARY:A\\nATTENDEE:x');
});

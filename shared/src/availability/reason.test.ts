import { describe, expect, test } from 'vitest';
import { at, date, idOf, patientId, time, warsaw } from '../testing/builders';
import type { TimeZone } from '../time/instant';
import { instantOf } from '../time/zone';
import { describeReason, type Reason } from './reason';

const monday = (clock: string) => at(`2026-11-23 ${clock}`);
const half = { startsAt: monday('09:00'), endsAt: monday('09:30') };
const visit = { appointmentId: idOf('appointment', 1), patientId, ...half };

test.each<[Reason, string]>([
  [{ code: 'past' }, 'This time has passed'],
  [
    { code: 'notice', minutes: 90, earliestAt: monday('10:30') },
    'Online visits need 90 minutes notice; the first time is 10:30 on 23 Nov',
  ],
  [
    { code: 'notice', minutes: 120, earliestAt: monday('10:30') },
    'Online visits need 2 hours notice; the first time is 10:30 on 23 Nov',
  ],
  [
    { code: 'notice', minutes: 1440, earliestAt: monday('10:30') },
    'Online visits need 1 day notice; the first time is 10:30 on 23 Nov',
  ],
  [
    { code: 'too-far', days: 30, latestAt: monday('10:30') },
    'Online visits can be booked 30 days ahead, until 23 Nov',
  ],
  [{ code: 'desk-only' }, 'This kind of visit is booked by telephone'],
  [
    { code: 'not-offered', doctorName: 'Dr Nowak', locationName: 'Old Town' },
    'Dr Nowak does not offer it at Old Town',
  ],
  [{ code: 'inactive', what: 'doctor' }, 'This doctor takes no visits now'],
  [{ code: 'inactive', what: 'location' }, 'This place is closed for good'],
  [{ code: 'inactive', what: 'appointment-type' }, 'This kind of visit is no longer offered'],
  [{ code: 'off-grid', stepMinutes: 15 }, 'Starts lie every 15 minutes from the opening time'],
  [
    { code: 'outside-hours', doctorName: 'Dr Nowak', opensAt: monday('08:00'), closesAt: monday('16:00') },
    'Outside hours, Dr Nowak works 08:00–16:00',
  ],
  [
    { code: 'outside-hours', doctorName: 'Dr Nowak', opensAt: null, closesAt: null },
    'No hours, Dr Nowak does not work here then',
  ],
  [{ code: 'break', label: 'Lunch', ...half }, 'Lunch 09:00–09:30'],
  [{ code: 'break', label: '', ...half }, 'Break 09:00–09:30'],
  [{ code: 'block', label: '', exceptionId: '', ...half }, 'Blocked 09:00–09:30'],
  [{ code: 'block', label: 'Training', exceptionId: '', ...half }, 'Blocked 09:00–09:30, Training'],
  [
    { code: 'closure', label: 'Flood', exceptionId: '', startsAt: monday('12:00'), endsAt: monday('24:00') },
    'Closed 12:00–00:00, Flood',
  ],
  [
    {
      code: 'block',
      label: '',
      exceptionId: '',
      startsAt: at('2026-11-23 22:00'),
      endsAt: at('2026-11-26 00:00'),
    },
    'Blocked 23 Nov 22:00 – 26 Nov 00:00',
  ],
  [
    { code: 'closure', label: 'Flood', exceptionId: '', startsAt: monday('00:00'), endsAt: monday('24:00') },
    'Closed all day, Flood',
  ],
  [
    { code: 'time-off', timeOffRequestId: '', startsAt: monday('00:00'), endsAt: at('2026-11-28 00:00') },
    'Time off 23 Nov – 27 Nov',
  ],
  [{ code: 'visit', ...visit, pending: false }, 'Visit 09:00–09:30'],
  [{ code: 'visit', ...visit, pending: true }, 'Request 09:00–09:30'],
  [
    { code: 'buffer', ...visit, freeFrom: monday('09:40'), freeUntil: monday('08:55') },
    'Buffer 08:55–09:40 around the 09:00 visit',
  ],
  [{ code: 'hold', ...half, expiresAt: monday('09:00') }, 'Held online 09:00–09:30'],
  [{ code: 'external-busy', ...half }, "Busy in the doctor's calendar 09:00–09:30"],
  [{ code: 'room-taken', roomName: 'Gym', until: monday('09:40') }, 'Gym in use until 09:40'],
  [{ code: 'no-room', feature: 'gym' }, 'No room with gym here'],
  [{ code: 'no-room', feature: null }, 'No room here'],
  [{ code: 'full', capacity: 8 }, 'Full: 8 of 8 seats'],
])('%j', (reason, words) => {
  expect(describeReason(reason, warsaw)).toBe(words);
});

describe('by the clock of the place', () => {
  test('the same break has other times elsewhere', () => {
    const reason: Reason = { code: 'break', label: 'Lunch', ...half };
    expect(describeReason(reason, 'Asia/Kolkata' as TimeZone)).toBe('Lunch 13:30–14:00');
  });
  test('what reaches into another date names both', () => {
    const reason: Reason = {
      code: 'external-busy',
      startsAt: monday('22:00'),
      endsAt: at('2026-11-24 06:00'),
    };
    expect(describeReason(reason, warsaw)).toBe("Busy in the doctor's calendar 23 Nov 22:00 – 24 Nov 06:00");
  });
});

describe('a patient’s name', () => {
  const reason: Reason = { code: 'visit', ...visit, pending: false };

  test('stands there for who may see it', () => {
    const names = { patientName: (id: string) => (id === patientId ? 'Anna Kowalska' : undefined) };
    expect(describeReason(reason, warsaw, names)).toBe('Visit 09:00–09:30, Anna Kowalska');
  });
  test('is left out where it is not known', () => {
    expect(describeReason(reason, warsaw, { patientName: () => undefined })).toBe('Visit 09:00–09:30');
  });
});

test('a day that begins at 01:00 because the clock skips midnight is a whole day', () => {
  const cairo = 'Africa/Cairo' as TimeZone;
  const reason: Reason = {
    code: 'closure',
    label: '',
    exceptionId: '',
    startsAt: instantOf(date('2026-04-24'), time('00:00'), cairo),
    endsAt: instantOf(date('2026-04-25'), time('00:00'), cairo),
  };
  expect(describeReason(reason, cairo)).toBe('Closed all day');
});

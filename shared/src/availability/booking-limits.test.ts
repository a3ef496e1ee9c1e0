import { describe, expect, test } from 'vitest';
import { anAppointmentType, aTemplate, at, date, time } from '../testing/builders';
import { type Instant, plusMinutes } from '../time/instant';
import { clocks, days } from './testing/clock';
import { mondaySlots as slots } from './testing/monday';

const online = { channel: 'online' as const };
const aMillisecondAfter = (at: Instant): Instant => plusMinutes(at, 1 / 60_000);

describe('now', () => {
  test('a start at this very moment is offered, to the desk and online', () => {
    const asked = { now: at('2026-11-23 09:00') };
    expect(clocks(slots({}, asked))).toBe('09:00 09:30');
    expect(clocks(slots({}, { ...asked, ...online }))).toBe('09:00 09:30');
  });
  test('a start a millisecond ago is offered to nobody', () => {
    const asked = { now: aMillisecondAfter(at('2026-11-23 09:00')) };
    expect(clocks(slots({}, asked))).toBe('09:30');
    expect(clocks(slots({}, { ...asked, ...online }))).toBe('09:30');
  });
});

describe('notice', () => {
  const types = [anAppointmentType({ minNoticeMinutes: 60 })];

  test('a start exactly at now plus notice is offered', () => {
    expect(clocks(slots({ types }, { ...online, now: at('2026-11-23 08:00') }))).toBe('09:00 09:30');
  });
  test('a start a millisecond before that is not', () => {
    const asked = { ...online, now: aMillisecondAfter(at('2026-11-23 08:00')) };
    expect(clocks(slots({ types }, asked))).toBe('09:30');
  });
  test('it does not bind the desk', () => {
    expect(clocks(slots({ types }, { now: at('2026-11-23 09:00') }))).toBe('09:00 09:30');
  });
  test('it is counted in hours that pass, not by the clock', () => {
    // The night loses an hour: 09:00 is 24 hours after 08:00 of the day before.
    const day = [anAppointmentType({ minNoticeMinutes: 1440 })];
    const templates = [aTemplate({ weekday: 7, closesAt: time('10:00') })];
    const asked = { ...online, from: date('2027-03-28'), until: date('2027-03-29') };
    expect(clocks(slots({ types: day, templates }, { ...asked, now: at('2027-03-27 08:00') }))).toBe(
      '09:00 09:30',
    );
  });
});

describe('horizon', () => {
  const types = [anAppointmentType({ maxFutureDays: 3 })];

  test('a start exactly at it is offered, and none after it', () => {
    expect(clocks(slots({ types }, { ...online, now: at('2026-11-20 08:30') }))).toBe('08:00 08:30');
  });
  test('a start a millisecond after it is not', () => {
    const now = plusMinutes(at('2026-11-20 08:30'), -1 / 60_000);
    expect(clocks(slots({ types }, { ...online, now }))).toBe('08:00');
  });
  test('it does not bind the desk', () => {
    expect(slots({ types: [anAppointmentType({ maxFutureDays: 1 })] })).toHaveLength(4);
  });
  test('it is counted in days of 24 hours', () => {
    // Three days of 24 hours after Friday 09:00 it is Monday 08:00, since Sunday had 25.
    const templates = [aTemplate({ closesAt: time('10:00') })];
    const asked = { ...online, from: date('2026-10-26'), until: date('2026-10-27') };
    expect(clocks(slots({ types, templates }, { ...asked, now: at('2026-10-23 09:00') }))).toBe('08:00');
  });
  test('of 0 days leaves what begins now', () => {
    const none = [anAppointmentType({ maxFutureDays: 0 })];
    expect(days(slots({ types: none }, { ...online, now: at('2026-11-23 09:00') }))).toEqual(['23 09:00']);
  });
});

describe('who may book', () => {
  test('a type for the desk is offered there, and not online', () => {
    const types = [anAppointmentType({ bookableBy: 'desk' })];
    expect(slots({ types })).toHaveLength(4);
    expect(slots({ types }, online)).toEqual([]);
  });
  test('a type for everybody is offered to the desk and online', () => {
    expect(slots({}, online)).toEqual(slots());
  });
});

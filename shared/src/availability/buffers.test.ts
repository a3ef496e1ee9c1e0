import { describe, expect, test } from 'vitest';
import {
  aBreak,
  aBusyTime,
  aHold,
  anAppointment,
  anAppointmentType,
  aTemplate,
  at,
  time,
} from '../testing/builders';
import { clocks } from './testing/clock';
import { mondaySlots as slots } from './testing/monday';

const long = [aTemplate({ closesAt: time('12:00') })];

/** A type on a grid of 5 minutes, so that the edges show. */
function buffered(bufferBeforeMinutes: number, bufferAfterMinutes: number) {
  return [anAppointmentType({ bufferBeforeMinutes, bufferAfterMinutes, slotStepMinutes: 5 })];
}

/** The last start before what is taken, and the first after it. */
function around(clock: string, found: string): string[] {
  const all = found.split(' ');
  return [all.findLast((each) => each < clock) ?? '', all.find((each) => each >= clock) ?? ''];
}

describe('between two visits', () => {
  test('a visit’s own buffers keep others away on both sides', () => {
    const appointments = [anAppointment({ buffers: [15, 15] })];
    expect(around('09:00', clocks(slots({ types: buffered(0, 0), templates: long, appointments })))).toEqual([
      '08:15',
      '09:45',
    ]);
  });
  test('the buffer before a new visit keeps it away from one that ends', () => {
    const found = clocks(slots({ types: buffered(10, 0), templates: long, appointments: [anAppointment()] }));
    expect(around('09:00', found)).toEqual(['08:30', '09:40']);
  });
  test('the buffer after a new visit keeps it away from one that begins', () => {
    const found = clocks(slots({ types: buffered(0, 10), templates: long, appointments: [anAppointment()] }));
    expect(around('09:00', found)).toEqual(['08:20', '09:30']);
  });
  test('the buffers of both add up, and may touch', () => {
    const appointments = [anAppointment({ buffers: [15, 20] })];
    const found = clocks(slots({ types: buffered(10, 5), templates: long, appointments }));
    // Reserved 08:45 to 09:50: a visit ends by 08:40, or starts at 10:00.
    expect(around('09:00', found)).toEqual(['08:10', '10:00']);
  });
  test('they count from holds and from calendars elsewhere too', () => {
    const held = clocks(slots({ types: buffered(10, 5), templates: long, holds: [aHold()] }));
    expect(around('09:00', held)).toEqual(['08:25', '09:40']);
    const elsewhere = clocks(slots({ types: buffered(10, 5), templates: long, busy: [aBusyTime()] }));
    expect(around('09:00', elsewhere)).toEqual(['08:25', '10:10']);
  });
  test('a visit may be shorter than its buffers', () => {
    const types = [
      anAppointmentType({
        durationMinutes: 5,
        bufferBeforeMinutes: 60,
        bufferAfterMinutes: 60,
        slotStepMinutes: 5,
      }),
    ];
    const found = clocks(slots({ types, templates: long, appointments: [anAppointment()] }));
    expect(found.split(' ')[0]).toBe('10:30');
  });
});

describe('at the edges of hours', () => {
  test('buffers may stick out of them on both sides', () => {
    const found = clocks(slots({ types: buffered(10, 5) })).split(' ');
    expect([found[0], found.at(-1)]).toEqual(['08:00', '09:30']);
  });
  test('a buffer that sticks out before opening still meets what is taken there', () => {
    const busy = [aBusyTime({ startsAt: at('2026-11-23 07:00'), endsAt: at('2026-11-23 07:55') })];
    expect(clocks(slots({ types: buffered(10, 5), busy })).split(' ')[0]).toBe('08:05');
  });
  test('a buffer that sticks out after closing still meets what is taken there', () => {
    const busy = [aBusyTime({ startsAt: at('2026-11-23 10:00') })];
    expect(
      clocks(slots({ types: buffered(10, 5), busy }))
        .split(' ')
        .at(-1),
    ).toBe('09:25');
  });
  test('a buffer that reaches the day before meets what is taken there', () => {
    const templates = [aTemplate({ opensAt: time('00:00'), closesAt: time('01:00') })];
    const busy = [aBusyTime({ startsAt: at('2026-11-22 22:00'), endsAt: at('2026-11-22 23:55') })];
    expect(clocks(slots({ types: buffered(10, 0), templates, busy })).split(' ')[0]).toBe('00:05');
  });
  test('a buffer may lie over a break', () => {
    const types = [anAppointmentType({ bufferAfterMinutes: 30 })];
    const templates = [aTemplate({ closesAt: time('10:00'), breaks: [aBreak('09:00', '09:30')] })];
    expect(clocks(slots({ types, templates }))).toBe('08:00 08:30 09:30');
  });
});

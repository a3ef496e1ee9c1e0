/**
 * Days on which a zone turns its clocks. Hours are what the wall shows; a time that is skipped or shown twice is read
 * with Temporal's `compatible`: forward over a gap, the first of two.
 */
import { describe, expect, test } from 'vitest';
import type { ScheduleTemplate } from '../model/schedule-template';
import {
  aBreak,
  aLocation,
  anAppointment,
  anAppointmentType,
  anException,
  appointmentTypeId,
  aTemplate,
  date,
  instantAt,
  time,
} from '../testing/builders';
import { type FactsParts, factsOf } from '../testing/facts-of';
import { minuteMs, type TimeZone } from '../time/instant';
import { addDays } from '../time/plain-date';
import { findSlots } from './find-slots';
import type { Slot } from './query';
import { clocks, days } from './testing/clock';

const longAgo = { validFrom: date('1850-01-01') };

/** The same hours on every day of the week. */
function daily(opensAt: string, closesAt: string): ScheduleTemplate[] {
  return [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
    aTemplate({ ...longAgo, weekday, opensAt: time(opensAt), closesAt: time(closesAt) }),
  );
}

const weekdays = { monday: 1, thursday: 4, friday: 5, saturday: 6, sunday: 7 };

/** Hours on one day of the week. */
function on(weekday: keyof typeof weekdays, opensAt: string, closesAt: string): ScheduleTemplate {
  return aTemplate({
    ...longAgo,
    weekday: weekdays[weekday],
    opensAt: time(opensAt),
    closesAt: time(closesAt),
  });
}

/** A place with its clock: what it offers on the local dates `[from, until)`, or on one date. */
function placeIn(zone: string) {
  const timeZone = zone as TimeZone;
  const slots = (parts: FactsParts, from: string, until: string = addDays(date(from), 1)): Slot[] =>
    findSlots(factsOf({ locations: [aLocation({ timeZone })], ...parts }), {
      doctorIds: [],
      appointmentTypeId,
      from: date(from),
      until: date(until),
      channel: 'desk',
      now: instantAt('1850-01-01T00:00Z'),
    });
  return {
    slots,
    clocks: (templates: ScheduleTemplate[], from: string, until?: string) =>
      clocks(slots({ templates }, from, until), timeZone),
    days: (templates: ScheduleTemplate[], from: string, until?: string) =>
      days(slots({ templates }, from, until), timeZone),
  };
}

/** Minutes from one start to the next. */
function gaps(slots: readonly Slot[]): number[] {
  return slots.slice(1).map((slot, i) => (slot.startsAt - (slots[i] as Slot).startsAt) / minuteMs);
}

describe('a range that holds a change', () => {
  const warsaw = placeIn('Europe/Warsaw');
  const once = daily('09:00', '09:30');
  const eachDayAt = (count: number, clock: string) =>
    Array.from({ length: count }, (_, i) => `${String(i + 1).padStart(2, '0')} ${clock}`);

  test('keeps its last day in the month of the autumn change', () => {
    expect(warsaw.days(once, '2026-10-01', '2026-11-01')).toEqual(eachDayAt(31, '09:00'));
  });
  test('keeps every day in the month of the spring change', () => {
    expect(warsaw.days(once, '2027-03-01', '2027-04-01')).toEqual(eachDayAt(31, '09:00'));
  });
  test('gives no more than its days', () => {
    expect(warsaw.days(once, '2026-10-25')).toEqual(['25 09:00']);
    expect(warsaw.days(once, '2027-03-28')).toEqual(['28 09:00']);
  });
  test('keeps every day west of Greenwich too', () => {
    const newYork = placeIn('America/New_York');
    expect(newYork.days(once, '2026-11-01', '2026-12-01')).toEqual(eachDayAt(30, '09:00'));
  });
});

describe('on the day of a change, hours are what the wall shows', () => {
  test('the spring day in Warsaw has all its slots', () => {
    const found = placeIn('Europe/Warsaw').slots({ templates: daily('08:00', '16:00') }, '2027-03-28');
    expect(found).toHaveLength(16);
    expect(found[0]?.startsAt).toBe(instantAt('2027-03-28T06:00Z'));
  });
  test('06:00 to 08:00 in New York stays, in spring and in autumn', () => {
    const newYork = placeIn('America/New_York');
    const early = daily('06:00', '08:00');
    expect(newYork.clocks(early, '2026-03-08')).toBe('06:00 06:30 07:00 07:30');
    expect(newYork.clocks(early, '2026-11-01')).toBe('06:00 06:30 07:00 07:30');
  });
  test('nothing is offered before opening or after closing around the change', () => {
    const newYork = placeIn('America/New_York');
    expect(newYork.days(daily('00:30', '01:30'), '2026-03-07', '2026-03-10')).toEqual([
      '07 00:30',
      '07 01:00',
      '08 00:30',
      '08 01:00',
      '09 00:30',
      '09 01:00',
    ]);
  });
  test('a break stays at its wall time', () => {
    const template = aTemplate({
      weekday: 7,
      opensAt: time('00:00'),
      closesAt: time('06:00'),
      breaks: [aBreak('04:00', '05:00')],
    });
    expect(placeIn('Europe/Warsaw').clocks([template], '2027-03-28')).toBe(
      '00:00 00:30 01:00 01:30 03:00 03:30 05:00 05:30',
    );
  });
  test('a block of part of the day stays at its wall time', () => {
    const parts = {
      templates: daily('08:00', '10:00'),
      exceptions: [anException({ date: date('2027-03-28'), startsAt: time('08:30'), endsAt: time('09:30') })],
    };
    expect(clocks(placeIn('Europe/Warsaw').slots(parts, '2027-03-28'))).toBe('08:00 09:30');
  });
  test('a block of the whole day takes all of a day of 25 hours and nothing of the next', () => {
    const parts = {
      templates: [
        on('saturday', '23:00', '24:00'),
        on('sunday', '00:00', '24:00'),
        on('monday', '00:00', '01:00'),
      ],
      exceptions: [anException({ date: date('2026-10-25') })],
    };
    expect(days(placeIn('Europe/Warsaw').slots(parts, '2026-10-24', '2026-10-27'))).toEqual([
      '24 23:00',
      '24 23:30',
      '26 00:00',
      '26 00:30',
    ]);
  });
});

describe('skipped and repeated times', () => {
  const warsaw = placeIn('Europe/Warsaw');

  test('slots pass over a skipped hour without a gap in time', () => {
    const found = warsaw.slots({ templates: [on('sunday', '01:00', '04:00')] }, '2027-03-28');
    expect(clocks(found)).toBe('01:00 01:30 03:00 03:30');
    expect(gaps(found)).toEqual([30, 30, 30]);
  });
  test('a repeated hour has its slots twice, in order and each once', () => {
    const found = warsaw.slots({ templates: [on('sunday', '01:00', '04:00')] }, '2026-10-25');
    expect(clocks(found)).toBe('01:00 01:30 02:00 02:30 02:00 02:30 03:00 03:30');
    expect(gaps(found)).toEqual(Array(7).fill(30));
  });
  test('hours that open in a skipped hour open as much later', () => {
    expect(warsaw.clocks([on('sunday', '02:30', '04:30')], '2027-03-28')).toBe('03:30 04:00');
  });
  test('hours that close in a skipped hour close as much later', () => {
    expect(warsaw.clocks([on('sunday', '01:00', '02:30')], '2027-03-28')).toBe('01:00 01:30 03:00');
  });
  test('hours inside a skipped hour keep their length, an hour later', () => {
    expect(warsaw.clocks([on('sunday', '02:00', '02:30')], '2027-03-28')).toBe('03:00');
  });
  test('hours that end where the skipped hour ends are empty', () => {
    expect(warsaw.clocks([on('sunday', '02:00', '03:00')], '2027-03-28')).toBe('');
  });
  test('hours that open in a repeated hour open at its first pass', () => {
    const found = warsaw.slots({ templates: [on('sunday', '02:30', '03:30')] }, '2026-10-25');
    expect(clocks(found)).toBe('02:30 02:00 02:30 03:00');
    expect(found[0]?.startsAt).toBe(instantAt('2026-10-25T00:30Z'));
  });
  test('hours that close in a repeated hour close at its first pass', () => {
    const found = warsaw.slots({ templates: [on('sunday', '01:00', '02:30')] }, '2026-10-25');
    expect(clocks(found)).toBe('01:00 01:30 02:00');
    expect(found.at(-1)?.endsAt).toBe(instantAt('2026-10-25T00:30Z'));
  });
  test('a visit in the second pass leaves the first one free', () => {
    const second = anAppointment({
      startsAt: instantAt('2026-10-25T01:00Z'),
      endsAt: instantAt('2026-10-25T01:30Z'),
    });
    const found = warsaw.slots(
      { templates: [on('sunday', '02:00', '03:00')], appointments: [second] },
      '2026-10-25',
    );
    expect(found.map((slot) => slot.startsAt)).toEqual([
      instantAt('2026-10-25T00:00Z'),
      instantAt('2026-10-25T00:30Z'),
      instantAt('2026-10-25T01:30Z'),
    ]);
  });
  test('a night is an hour shorter in spring and an hour longer in autumn', () => {
    const night = [on('saturday', '22:00', '06:00')];
    expect(warsaw.slots({ templates: night }, '2027-03-27', '2027-03-29')).toHaveLength(14);
    expect(warsaw.slots({ templates: night }, '2026-10-24', '2026-10-26')).toHaveLength(18);
  });
});

describe('Cairo, where midnight between Thursday and Friday is skipped or shown twice', () => {
  const cairo = placeIn('Africa/Cairo');

  test('the Friday of the change has Friday’s hours, and Thursday its own', () => {
    const templates = [on('thursday', '14:00', '15:00'), on('friday', '10:00', '11:00')];
    expect(cairo.days(templates, '2026-04-24')).toEqual(['24 10:00', '24 10:30']);
    expect(cairo.days(templates, '2026-04-23')).toEqual(['23 14:00', '23 14:30']);
  });
  test('hours before and after a skipped midnight are one window', () => {
    const templates = [on('thursday', '23:00', '24:00'), on('friday', '00:00', '02:00')];
    const found = cairo.slots({ templates }, '2026-04-23', '2026-04-25');
    expect(days(found, 'Africa/Cairo' as TimeZone)).toEqual(['23 23:00', '23 23:30', '24 01:00', '24 01:30']);
    expect(gaps(found)).toEqual([30, 30, 30]);
  });
  test('an hour before midnight that is shown twice is worked twice, until 24:00', () => {
    expect(cairo.days([on('thursday', '22:00', '24:00')], '2026-10-29')).toEqual([
      '29 22:00',
      '29 22:30',
      '29 23:00',
      '29 23:30',
      '29 23:00',
      '29 23:30',
    ]);
  });
});

describe('other odd clocks', () => {
  test('Casablanca turns back for Ramadan and forward after it, and the hours stay on the wall', () => {
    const casablanca = placeIn('Africa/Casablanca');
    const morning = daily('08:00', '09:00');
    const first = (day: string) => casablanca.slots({ templates: morning }, day)[0]?.startsAt;
    expect(casablanca.clocks(morning, '2026-02-14', '2026-02-17')).toBe(
      '08:00 08:30 08:00 08:30 08:00 08:30',
    );
    expect(casablanca.clocks(morning, '2026-03-21', '2026-03-24')).toBe(
      '08:00 08:30 08:00 08:30 08:00 08:30',
    );
    expect(first('2026-02-14')).toBe(instantAt('2026-02-14T07:00Z'));
    expect(first('2026-02-15')).toBe(instantAt('2026-02-15T08:00Z'));
    expect(first('2026-03-22')).toBe(instantAt('2026-03-22T07:00Z'));
  });
  test('Lord Howe turns by half an hour', () => {
    const lordHowe = placeIn('Australia/Lord_Howe');
    const night = daily('01:00', '03:00');
    expect(lordHowe.clocks(night, '2026-10-04')).toBe('01:00 01:30 02:30');
    expect(lordHowe.clocks(night, '2026-04-05')).toBe('01:00 01:30 01:30 02:00 02:30');
  });
  test('a grid of an hour shows the half hour that Lord Howe turns by', () => {
    const parts = {
      templates: daily('00:00', '04:00'),
      types: [anAppointmentType({ durationMinutes: 60, slotStepMinutes: 60 })],
    };
    const found = placeIn('Australia/Lord_Howe').slots(parts, '2026-10-04');
    expect(clocks(found, 'Australia/Lord_Howe' as TimeZone)).toBe('00:00 01:00 02:30');
  });
  test('Apia never had 2011-12-30: it has no slots, and the days around it have theirs', () => {
    const apia = placeIn('Pacific/Apia');
    const morning = daily('08:00', '08:30');
    expect(apia.days(morning, '2011-12-28', '2012-01-02')).toEqual([
      '28 08:00',
      '29 08:00',
      '31 08:00',
      '01 08:00',
    ]);
    expect(apia.days(morning, '2011-12-30')).toEqual([]);
  });
  test('a night in Apia goes on over the date that never was', () => {
    expect(
      placeIn('Pacific/Apia').days([on('thursday', '23:00', '01:00')], '2011-12-29', '2012-01-01'),
    ).toEqual(['29 23:00', '29 23:30', '31 00:00', '31 00:30']);
  });
  test('in St John’s, where a minute past midnight was an hour earlier again, each slot has one date', () => {
    const stJohns = placeIn('America/St_Johns');
    const templates = [on('saturday', '23:00', '24:00'), on('sunday', '00:00', '01:00')];
    // The repeated hour before midnight counts to the Sunday that had begun.
    expect(stJohns.days(templates, '2010-11-06')).toEqual(['06 23:00', '06 23:30']);
    expect(stJohns.days(templates, '2010-11-07')).toEqual(['07 00:00', '06 23:30', '07 00:00', '07 00:30']);
    expect(stJohns.slots({ templates }, '2010-11-06', '2010-11-08')).toHaveLength(6);
  });
  test('in Beirut a Sunday without its first hour begins at one', () => {
    const beirut = placeIn('Asia/Beirut');
    expect(beirut.clocks([on('sunday', '00:00', '02:00')], '2026-03-29')).toBe('01:00 01:30');
    expect(beirut.days([on('saturday', '23:00', '24:00')], '2026-10-24')).toEqual([
      '24 23:00',
      '24 23:30',
      '24 23:00',
      '24 23:30',
    ]);
  });
  test('Santiago skips midnight south of the equator', () => {
    const templates = [on('saturday', '23:00', '24:00'), on('sunday', '00:00', '02:00')];
    expect(placeIn('America/Santiago').days(templates, '2026-09-05', '2026-09-07')).toEqual([
      '05 23:00',
      '05 23:30',
      '06 01:00',
      '06 01:30',
    ]);
  });
});

describe('offsets with seconds, in old dates', () => {
  test('hours that touch go on touching', () => {
    const templates = [on('monday', '08:00', '09:00'), on('monday', '09:00', '10:00')];
    expect(placeIn('America/New_York').clocks(templates, '1870-01-03')).toBe('08:00 08:30 09:00 09:30');
  });
  test('a day before Warsaw took the time of Berlin has its slots', () => {
    expect(placeIn('Europe/Warsaw').clocks([on('monday', '08:00', '09:00')], '1910-01-03')).toBe(
      '08:00 08:30',
    );
  });
  test('the day on which the odd seconds ended has its slots, and they meet the day before', () => {
    // Monrovia, 1972-01-07: 00:00:00 became 00:44:30.
    const monrovia = placeIn('Africa/Monrovia');
    const templates = [on('thursday', '23:00', '24:00'), on('friday', '00:00', '02:00')];
    const found = monrovia.slots({ templates }, '1972-01-06', '1972-01-08');
    expect(days(found, 'Africa/Monrovia' as TimeZone)).toEqual([
      '06 23:00',
      '06 23:30',
      '07 00:45',
      '07 01:15',
    ]);
    expect(gaps(found)).toEqual([30, 30, 30]);
  });
  test('a visit that fills a slot hides that one only', () => {
    const monrovia = placeIn('Africa/Monrovia');
    const templates = [on('monday', '08:00', '10:00')];
    const [, second] = monrovia.slots({ templates }, '1971-06-07');
    const appointments = [anAppointment({ startsAt: second?.startsAt, endsAt: second?.endsAt })];
    expect(
      clocks(monrovia.slots({ templates, appointments }, '1971-06-07'), 'Africa/Monrovia' as TimeZone),
    ).toBe('08:00 09:00 09:30');
  });
});

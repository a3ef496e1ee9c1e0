import { describe, expect, test } from 'vitest';
import { MedicError } from '../errors';
import type { AppointmentType } from '../model/appointment-type';
import type { AvailabilityException } from '../model/availability-exception';
import type { ScheduleTemplate } from '../model/schedule-template';
import {
  aBreak,
  aBusyTime,
  aDoctor,
  aHold,
  aLocation,
  anAppointment,
  anAppointmentType,
  anException,
  aTemplate,
  aTimeOff,
  at,
  date,
  idOf,
  type TestIdKind,
  time,
} from '../testing/builders';
import { type FactsParts, factsOf } from '../testing/facts-of';
import { type Instant, instant, type TimeZone } from '../time/instant';
import { findNextAvailable } from './find-next-available';
import { placeVisit } from './place-visit';
import type { NextAvailableQuery } from './query';
import { mondayRequest, now, mondaySlots as slots } from './testing/monday';

/** What the refusal says: always a `MedicError` of bad input. */
function refusal(ask: () => unknown): string {
  try {
    ask();
  } catch (error) {
    if (error instanceof MedicError && error.code === 'input.invalid') return error.message;
    throw error;
  }
  return 'not refused';
}

/** What is said when the Monday is asked for with these facts. */
function refusalOf(parts: FactsParts): string {
  return refusal(() => slots(parts));
}

describe.each<[string, Instant, Instant]>([
  ['an end before its start', at('2026-11-23 09:00'), at('2026-11-23 08:00')],
  ['an end days before its start', at('2026-11-24 09:00'), at('2026-11-22 09:00')],
  ['an end that is no time', at('2026-11-23 09:00'), instant(Number.NaN)],
  ['a start that is no time', instant(Number.NaN), at('2026-11-23 09:00')],
])('%s is refused by name', (_, startsAt, endsAt) => {
  test('of a visit', () => {
    const visit = anAppointment({ startsAt, endsAt });
    expect(refusalOf({ appointments: [visit] })).toContain(visit.id);
  });
  test('of a hold', () => {
    const hold = aHold({ startsAt, endsAt });
    expect(refusalOf({ holds: [hold] })).toContain(hold.id);
  });
  test('of a busy time elsewhere', () => {
    const busy = aBusyTime({ startsAt, endsAt });
    expect(refusalOf({ busy: [busy] })).toContain(busy.id);
  });
  test('of approved time off', () => {
    const timeOff = aTimeOff({ startsAt, endsAt });
    expect(refusalOf({ timeOff: [timeOff] })).toContain(timeOff.id);
  });
});

test('what has no length is not invalid: it has no effect', () => {
  const empty = { startsAt: at('2026-11-23 09:15'), endsAt: at('2026-11-23 09:15') };
  const parts = {
    appointments: [anAppointment(empty)],
    holds: [aHold(empty)],
    busy: [aBusyTime(empty)],
    timeOff: [aTimeOff(empty)],
  };
  expect(slots(parts)).toHaveLength(4);
});

describe('a place', () => {
  test.each(['Europe/Atlantis', '+02:00', ''])('in the zone %j is refused by name', (zone) => {
    const place = aLocation({ timeZone: zone as TimeZone });
    expect(refusalOf({ locations: [place] })).toBe(`location ${place.id} has the unknown zone ${zone}`);
  });
});

describe('a type', () => {
  test.each<[Partial<AppointmentType>, string]>([
    [{ slotStepMinutes: 0 }, 'slot step 0'],
    [{ slotStepMinutes: -30 }, 'slot step -30'],
    [{ slotStepMinutes: 7.5 }, 'slot step 7.5'],
    [{ slotStepMinutes: Number.NaN }, 'slot step NaN'],
    [{ durationMinutes: 0 }, 'duration 0'],
    [{ durationMinutes: -30 }, 'duration -30'],
    [{ durationMinutes: 0.5 }, 'duration 0.5'],
    [{ bufferBeforeMinutes: -5 }, 'buffer -5'],
    [{ bufferAfterMinutes: -5 }, 'buffer -5'],
    [{ bufferAfterMinutes: 2.5 }, 'buffer 2.5'],
    [{ minNoticeMinutes: -60 }, 'notice -60'],
    [{ maxFutureDays: -1 }, 'horizon -1'],
    [{ capacity: 0 }, 'capacity 0'],
    [{ capacity: 1.5 }, 'capacity 1.5'],
  ])('with %j is refused by name', (fields, words) => {
    const type = anAppointmentType(fields);
    expect(refusalOf({ types: [type] })).toBe(`appointment type ${type.id} has the ${words}`);
    expect(refusal(() => placeVisit(factsOf({ types: [type] }), mondayRequest('09:00')))).toContain(type.id);
  });
});

describe('a template', () => {
  test.each<[Partial<ScheduleTemplate>, string]>([
    [{ weekday: 0 }, 'the weekday 0'],
    [{ weekday: 8 }, 'the weekday 8'],
    [{ weekday: 1.5 }, 'the weekday 1.5'],
    [{ everyNWeeks: 0 }, 'every 0 weeks'],
    [{ everyNWeeks: -2 }, 'every -2 weeks'],
    [{ everyNWeeks: 1.5 }, 'every 1.5 weeks'],
    [{ opensAt: time('8:00') }, 'the time 8:00'],
    [{ closesAt: time('25:00') }, 'the time 25:00'],
    [{ closesAt: time('09:75') }, 'the time 09:75'],
    [{ opensAt: time('24:00') }, 'begin at 23:59 at the latest'],
    [{ validFrom: date('soon') }, 'the date soon'],
    [{ validUntil: date('2026-02-30') }, 'the date 2026-02-30'],
    [{ anchorDate: date('2026-13-01') }, 'the date 2026-13-01'],
    [{ validFrom: date('2026-12-01'), validUntil: date('2026-01-01') }, 'has to end after it begins'],
    [{ validFrom: date('2026-12-01'), validUntil: date('2026-12-01') }, 'has to end after it begins'],
    [{ breaks: [aBreak('07:00', '07:30')] }, '07:00–07:30 lies outside 08:00–16:00'],
    [{ breaks: [aBreak('15:45', '16:15')] }, '15:45–16:15 lies outside 08:00–16:00'],
    [{ breaks: [aBreak('12:00', '12:00')] }, '12:00–12:00 lies outside 08:00–16:00'],
    [{ breaks: [aBreak('12:00', '13:00'), aBreak('12:30', '13:30')] }, 'breaks overlap'],
    [{ breaks: [aBreak('12:00', '1pm')] }, 'the time 1pm'],
  ])('with %j is refused by name', (fields, words) => {
    const template = aTemplate(fields);
    expect(refusalOf({ templates: [template] })).toContain(words);
    expect(refusalOf({ templates: [template] })).toContain(template.id);
  });
});

describe('an exception', () => {
  test.each<[Partial<AvailabilityException>, string]>([
    [{ date: date('soon') }, 'the date soon'],
    [{ date: date('2026-11-31') }, 'the date 2026-11-31'],
    [{ startsAt: time('9') }, 'the time 9'],
    [{ endsAt: time('24:30') }, 'the time 24:30'],
  ])('with %j is refused by name', (fields, words) => {
    const exception = anException(fields);
    expect(refusalOf({ exceptions: [exception] })).toContain(words);
    expect(refusalOf({ exceptions: [exception] })).toContain(exception.id);
  });
});

describe('two records of one kind with one id are refused by name', () => {
  test.each<[TestIdKind, (id: string) => FactsParts]>([
    ['doctor', (id) => ({ doctors: [aDoctor({ id }), aDoctor({ id })] })],
    ['location', (id) => ({ locations: [aLocation({ id }), aLocation({ id })] })],
    ['appointmentType', (id) => ({ types: [anAppointmentType({ id }), anAppointmentType({ id })] })],
    ['scheduleTemplate', (id) => ({ templates: [aTemplate({ id }), aTemplate({ id })] })],
    ['availabilityException', (id) => ({ exceptions: [anException({ id }), anException({ id })] })],
    ['timeOffRequest', (id) => ({ timeOff: [aTimeOff({ id }), aTimeOff({ id })] })],
    ['appointment', (id) => ({ appointments: [anAppointment({ id }), anAppointment({ id })] })],
    ['slotHold', (id) => ({ holds: [aHold({ id }), aHold({ id })] })],
    ['externalBusyTime', (id) => ({ busy: [aBusyTime({ id }), aBusyTime({ id })] })],
  ])('%s', (kind, twoOf) => {
    const id = idOf(kind, 7);
    expect(refusalOf(twoOf(id))).toBe(`two records of kind ${kind} have the id ${id}`);
  });
});

describe('a question', () => {
  const noTime = instant(Number.NaN);
  const next = (query: Partial<NextAvailableQuery>) => () =>
    findNextAvailable(factsOf({ templates: [aTemplate()] }), {
      doctorIds: [],
      appointmentTypeId: anAppointmentType().id,
      channel: 'desk',
      now,
      after: now,
      withinDays: 60,
      limit: 2,
      ...query,
    });

  test.each(['tomorrow', '2026-11-31', '2026-1-1', ''])('about the date %j is refused', (text) => {
    expect(refusal(() => slots({}, { from: date(text) }))).toMatch(/is not a date/);
    expect(refusal(() => slots({}, { until: date(text) }))).toMatch(/is not a date/);
  });
  test('asked at no time is refused', () => {
    expect(refusal(() => slots({}, { now: noTime }))).toMatch(/now is not a time/);
    expect(refusal(next({ now: noTime }))).toMatch(/now is not a time/);
    expect(refusal(() => placeVisit(factsOf(), mondayRequest('09:00', { now: noTime })))).toMatch(
      /now is not a time/,
    );
  });
  test('for the next times after no time is refused', () => {
    expect(refusal(next({ after: noTime }))).toMatch(/earliest start is not a time/);
  });
  test('about a start that is no time is refused', () => {
    expect(refusal(() => placeVisit(factsOf(), mondayRequest('09:00', { startsAt: noTime })))).toMatch(
      /start is not a time/,
    );
  });
  test('that looks farther ahead than anybody plans, or no number of days, is refused', () => {
    expect(refusal(next({ withinDays: 1_000_000 }))).toMatch(/1000000 days ahead/);
    expect(refusal(next({ withinDays: Number.NaN }))).toMatch(/NaN days ahead/);
  });
});

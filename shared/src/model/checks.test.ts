import { describe, expect, test } from 'vitest';
import { aBreak, anAppointmentType, aTemplate, date, idOf, time } from '../testing/builders';
import { checkAppointmentType, checkTemplate, endsAfterStart, spanMinutes, templatesOverlap } from './checks';

describe('the length of a span', () => {
  test('an end at or before the start lies on the next day', () => {
    expect(spanMinutes(time('22:00'), time('06:00'))).toBe(480);
    expect(spanMinutes(time('08:00'), time('08:00'))).toBe(1440);
  });
  test('24:00 ends the day', () => {
    expect(spanMinutes(time('20:00'), time('24:00'))).toBe(240);
    expect(spanMinutes(time('00:00'), time('24:00'))).toBe(1440);
  });
});

describe('a template', () => {
  const fields = (template: Parameters<typeof aTemplate>[0]) =>
    checkTemplate(aTemplate(template)).map((problem) => problem.field);

  test('with breaks that fit is valid, breaks that touch each other or the edges too', () => {
    expect(
      fields({
        breaks: [
          aBreak('08:00', '08:15'),
          aBreak('12:00', '12:30'),
          aBreak('12:30', '13:00'),
          aBreak('15:30', '16:00'),
        ],
      }),
    ).toEqual([]);
  });
  test('ends after it begins', () => {
    expect(fields({ validFrom: date('2026-01-05'), validUntil: date('2026-01-05') })).toEqual(['validUntil']);
  });
  test('cannot open at 24:00', () => {
    expect(fields({ opensAt: time('24:00'), closesAt: time('06:00') })).toContain('opensAt');
  });
  test.each([
    ['before opening', '07:30', '08:30'],
    ['past closing', '15:30', '16:30'],
    ['at another time of day', '18:00', '18:30'],
  ])('has no break %s', (_, startsAt, endsAt) => {
    expect(fields({ breaks: [aBreak('12:00', '12:30'), aBreak(startsAt, endsAt)] })).toEqual([
      'breaks.1.startsAt',
    ]);
  });
  test('has no breaks that overlap; the later of the two is named', () => {
    expect(fields({ breaks: [aBreak('12:15', '12:45'), aBreak('12:00', '12:30')] })).toEqual([
      'breaks.0.startsAt',
    ]);
  });
  test('across midnight may have its break on either side, and across it', () => {
    const night = { opensAt: time('22:00'), closesAt: time('06:00') };
    expect(
      fields({
        ...night,
        breaks: [aBreak('22:30', '22:45'), aBreak('23:45', '00:15'), aBreak('05:30', '06:00')],
      }),
    ).toEqual([]);
    expect(fields({ ...night, breaks: [aBreak('06:00', '06:30')] })).toEqual(['breaks.0.startsAt']);
  });
});

describe('two templates of a doctor', () => {
  const overlap = (a: Parameters<typeof aTemplate>[0], b: Parameters<typeof aTemplate>[0]) => {
    const both = [aTemplate(a), aTemplate(b)] as const;
    // Which of the two is asked first cannot matter.
    expect(templatesOverlap(both[1], both[0])).toBe(templatesOverlap(both[0], both[1]));
    return templatesOverlap(both[0], both[1]);
  };

  test('overlap where their hours meet on a weekday, at another place too', () => {
    expect(
      overlap({}, { opensAt: time('15:00'), closesAt: time('18:00'), locationId: idOf('location', 2) }),
    ).toBe(true);
  });
  test('do not overlap where they only touch', () => {
    expect(overlap({ closesAt: time('12:00') }, { opensAt: time('12:00') })).toBe(false);
  });
  test('do not overlap on different weekdays', () => {
    expect(overlap({}, { weekday: 2 })).toBe(false);
  });
  test('of different doctors never overlap', () => {
    expect(overlap({}, { doctorId: idOf('doctor', 2) })).toBe(false);
  });
  test('overlap where a night reaches into the next morning', () => {
    const night = { opensAt: time('22:00'), closesAt: time('06:00') };
    expect(overlap(night, { weekday: 2, opensAt: time('05:00'), closesAt: time('09:00') })).toBe(true);
    expect(overlap(night, { weekday: 2, opensAt: time('06:00'), closesAt: time('09:00') })).toBe(false);
  });
  test('overlap where a Sunday night reaches into Monday', () => {
    expect(overlap({ weekday: 7, opensAt: time('22:00'), closesAt: time('09:00') }, { weekday: 1 })).toBe(
      true,
    );
  });
  test('do not overlap where one ends before the other begins', () => {
    expect(overlap({ validUntil: date('2026-06-01') }, { validFrom: date('2026-06-01') })).toBe(false);
    expect(overlap({ validUntil: date('2026-06-02') }, { validFrom: date('2026-06-01') })).toBe(true);
  });
  test('do not overlap where no weekday of theirs lies in the days they share', () => {
    // Both hold from Tuesday to Sunday; they are for Mondays.
    expect(overlap({ validUntil: date('2026-06-08') }, { validFrom: date('2026-06-02') })).toBe(false);
  });
  test('overlap where the last night of one reaches into the first morning of the other', () => {
    const night = {
      weekday: 7,
      opensAt: time('22:00'),
      closesAt: time('09:00'),
      validUntil: date('2026-06-01'),
    };
    expect(overlap(night, { validFrom: date('2026-06-01') })).toBe(true);
    expect(overlap({ ...night, closesAt: time('08:00') }, { validFrom: date('2026-06-01') })).toBe(false);
  });
  test('in alternating weeks do not overlap, in the same ones they do', () => {
    const even = { everyNWeeks: 2, anchorDate: date('2026-01-05') };
    expect(overlap(even, { everyNWeeks: 2, anchorDate: date('2026-01-12') })).toBe(false);
    expect(overlap(even, { everyNWeeks: 2, anchorDate: date('2026-01-21') })).toBe(true);
    expect(overlap(even, {})).toBe(true);
  });
  test('of every second and every third week meet sooner or later', () => {
    expect(
      overlap(
        { everyNWeeks: 2, anchorDate: date('2026-01-05') },
        { everyNWeeks: 3, anchorDate: date('2026-01-12') },
      ),
    ).toBe(true);
  });
  test('in alternating weeks meet where a Sunday night reaches into the other week', () => {
    const night = {
      weekday: 7,
      opensAt: time('22:00'),
      closesAt: time('09:00'),
      everyNWeeks: 2,
      anchorDate: date('2026-01-05'),
    };
    expect(overlap(night, { everyNWeeks: 2, anchorDate: date('2026-01-12') })).toBe(true);
    expect(overlap(night, { everyNWeeks: 2, anchorDate: date('2026-01-05') })).toBe(false);
  });
});

test('only a type that needs a room can ask for what the room has', () => {
  expect(checkAppointmentType(anAppointmentType({ roomFeature: 'gym' })).map(({ field }) => field)).toEqual([
    'roomFeature',
  ]);
  expect(checkAppointmentType(anAppointmentType({ roomFeature: 'gym', needsRoom: true }))).toEqual([]);
  expect(checkAppointmentType(anAppointmentType())).toEqual([]);
});

test('an end is after its start by at least something', () => {
  expect([endsAfterStart(1, 2), endsAfterStart(2, 2), endsAfterStart(3, 2)]).toEqual([true, false, false]);
});

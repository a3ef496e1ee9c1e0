import fc from 'fast-check';
import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { at, date, instantAt, warsaw } from '../../testing/builders';
import type { TimeZone } from '../../time/instant';
import { localTime } from '../../time/zone';
import { maxSeriesDays, nthOf, nthWeekday, occurrencesOf, untilEndOf } from './occurrences';
import { maxOccurrences } from './rule';

function shown(rrule: string, startsAt: string, zone: TimeZone = warsaw, limit?: number): string[] {
  return occurrencesOf({ rrule, startsAt: at(startsAt, zone), timeZone: zone }, limit).map((start) => {
    const { date, time } = localTime(start, zone);
    return `${date} ${time}`;
  });
}

describe('the times of a series', () => {
  it('daily, every third day', () => {
    expect(shown('FREQ=DAILY;INTERVAL=3;COUNT=3', '2026-11-23 09:00')).toEqual([
      '2026-11-23 09:00',
      '2026-11-26 09:00',
      '2026-11-29 09:00',
    ]);
  });

  it('weekly on the weekday of the first visit, where none is named', () => {
    expect(shown('FREQ=WEEKLY;COUNT=2', '2026-11-25 09:00')).toEqual([
      '2026-11-25 09:00',
      '2026-12-02 09:00',
    ]);
  });

  it('begins within the first week, not before the first visit', () => {
    expect(shown('FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=4', '2026-11-25 09:00')).toEqual([
      '2026-11-25 09:00',
      '2026-11-27 09:00',
      '2026-11-30 09:00',
      '2026-12-02 09:00',
    ]);
  });

  it('every other week turns at the start of the week that the rule names', () => {
    expect(shown('FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=4', '2026-11-26 09:00')).toEqual([
      '2026-11-26 09:00',
      '2026-12-07 09:00',
      '2026-12-10 09:00',
      '2026-12-21 09:00',
    ]);
    expect(shown('FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;WKST=TH;COUNT=4', '2026-11-26 09:00')).toEqual([
      '2026-11-26 09:00',
      '2026-11-30 09:00',
      '2026-12-10 09:00',
      '2026-12-14 09:00',
    ]);
  });

  it('skips months without a fifth Friday', () => {
    expect(shown('FREQ=MONTHLY;BYDAY=5FR;COUNT=3', '2027-01-29 09:00')).toEqual([
      '2027-01-29 09:00',
      '2027-04-30 09:00',
      '2027-07-30 09:00',
    ]);
  });

  it('the last Friday of every second month', () => {
    expect(shown('FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR;COUNT=3', '2026-11-27 09:00')).toEqual([
      '2026-11-27 09:00',
      '2027-01-29 09:00',
      '2027-03-26 09:00',
    ]);
  });

  it('a fourth Friday that is the last one is one visit', () => {
    expect(shown('FREQ=MONTHLY;BYDAY=4FR,-1FR;COUNT=3', '2026-11-27 09:00')).toEqual([
      '2026-11-27 09:00',
      '2026-12-25 09:00',
      '2027-01-22 09:00',
    ]);
  });

  it('a start at the very moment of UNTIL is the last one', () => {
    const rule = 'FREQ=DAILY;UNTIL=20261125T080000Z';
    expect(shown(rule, '2026-11-23 09:00')).toHaveLength(3);
    expect(shown('FREQ=DAILY;UNTIL=20261125T075959Z', '2026-11-23 09:00')).toHaveLength(2);
  });

  it('a date that ends a rule is its last moment on the wall, on a day of 25 hours too', () => {
    expect(untilEndOf(date('2026-10-25'), warsaw)).toBe(instantAt('2026-10-25T22:59:59Z'));
    expect(untilEndOf(date('2026-10-24'), warsaw)).toBe(instantAt('2026-10-24T21:59:59Z'));
  });

  it('a first visit that the rule does not name is not among them', () => {
    expect(shown('FREQ=WEEKLY;BYDAY=TU;COUNT=1', '2026-11-23 09:00')).toEqual(['2026-11-24 09:00']);
  });

  it('no more than were asked for, and never more than 104 unless they are', () => {
    expect(shown('FREQ=DAILY;UNTIL=20300101T000000Z', '2026-11-23 09:00')).toHaveLength(maxOccurrences);
    expect(shown('FREQ=DAILY;UNTIL=20300101T000000Z', '2026-11-23 09:00', warsaw, 105)).toHaveLength(105);
    expect(shown('FREQ=DAILY;COUNT=9', '2026-11-23 09:00', warsaw, 4)).toHaveLength(4);
  });

  it('a rule whose day hardly ever comes ends after ten years', () => {
    // A fifth Friday in February: 2036 and not again within ten years of 2030.
    expect(shown('FREQ=MONTHLY;INTERVAL=12;BYDAY=5FR;COUNT=9', '2030-02-01 09:00')).toEqual([
      '2036-02-29 09:00',
    ]);
  });

  it('none for a rule that is not supported', () => {
    expect(shown('FREQ=YEARLY;COUNT=3', '2026-11-23 09:00')).toEqual([]);
  });
});

describe('clock changes', () => {
  it('keeps the time on the wall from summer into winter', () => {
    const starts = occurrencesOf({
      rrule: 'FREQ=WEEKLY;COUNT=2',
      startsAt: at('2026-10-20 09:00'),
      timeZone: warsaw,
    });
    expect(starts).toEqual([instantAt('2026-10-20T07:00:00Z'), instantAt('2026-10-27T08:00:00Z')]);
  });

  it('moves a skipped time forward, and takes the earlier of a repeated one', () => {
    expect(shown('FREQ=DAILY;COUNT=3', '2027-03-27 02:30')).toEqual([
      '2027-03-27 02:30',
      '2027-03-28 03:30',
      '2027-03-29 02:30',
    ]);
    expect(
      occurrencesOf({ rrule: 'FREQ=DAILY;COUNT=2', startsAt: at('2026-10-24 02:30'), timeZone: warsaw })[1],
    ).toBe(instantAt('2026-10-25T00:30:00Z'));
  });

  it('a skipped midnight is the first moment of the day', () => {
    // Beirut's clocks go from 24:00 to 01:00.
    const beirut = 'Asia/Beirut' as TimeZone;
    expect(shown('FREQ=DAILY;COUNT=3', '2027-03-27 00:15', beirut)).toEqual([
      '2027-03-27 00:15',
      '2027-03-28 01:15',
      '2027-03-29 00:15',
    ]);
  });
});

it('the nth weekday of a date leads back to it, from either end of its month', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40_000 }), (day) => {
      const on = date(new Date(day * 86_400_000).toISOString().slice(0, 10));
      const weekday = new Date(day * 86_400_000).getUTCDay() || 7;
      const month = Number(on.slice(0, 4)) * 12 + Number(on.slice(5, 7)) - 1;
      for (const from of ['start', 'end'] as const)
        expect(nthWeekday(month, { weekday, nth: nthOf(on, from) })).toBe(day);
    }),
    { seed: 7, numRuns: 500 },
  );
});

/** Another reader of RFC 5545, by dates alone: both must name the same days. */
it('names the days that ical.js names', () => {
  const days = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
  const byDay = fc.uniqueArray(fc.constantFrom(...days), { minLength: 1, maxLength: 4 });
  const nth = fc.constantFrom(1, 2, 3, 4, 5, -1, -2);
  const middle = fc.oneof(
    fc.constant('FREQ=DAILY'),
    byDay.map((names) => `FREQ=WEEKLY;BYDAY=${names.join(',')}`),
    fc
      .tuple(byDay, fc.constantFrom(...days))
      .map(([names, start]) => `FREQ=WEEKLY;BYDAY=${names.join(',')};WKST=${start}`),
    fc.tuple(nth, fc.constantFrom(...days)).map(([n, day]) => `FREQ=MONTHLY;BYDAY=${n}${day}`),
  );
  fc.assert(
    fc.property(
      middle,
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 0, max: 700 }),
      (rule, interval, count, offset) => {
        const rrule = `${rule};INTERVAL=${interval};COUNT=${count}`;
        const start = new Date(Date.UTC(2026, 0, 1) + offset * 86_400_000).toISOString().slice(0, 10);
        const theirs: string[] = [];
        const iterator = ICAL.Recur.fromString(rrule).iterator(
          ICAL.Time.fromDateTimeString(`${start}T09:00:00`),
        );
        for (let next = iterator.next(); next && theirs.length < count; next = iterator.next())
          theirs.push(next.toString().slice(0, 10));
        const horizon = Date.parse(start) + maxSeriesDays * 86_400_000;
        const ours = shown(rrule, `${start} 09:00`).map((text) => text.slice(0, 10));
        expect(ours, `${rrule} from ${start}`).toEqual(theirs.filter((day) => Date.parse(day) <= horizon));
      },
    ),
    { seed: 20261123, numRuns: 500 },
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at, warsaw } from '../../testing/builders';
import type { TimeZone } from '../../time/instant';
import { localTime } from '../../time/zone';
import { moveSeries } from './moved-series';
import { occurrencesOfRule } from './occurrences';
import { formatRule, parseRule, type Recurrence } from './rule';

function ruleOf(text: string): Recurrence {
  const parsed = parseRule(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.rule;
}

/** The series from its first visit, moved as one of them moves; what the wall shows, before and after. */
function move(
  rrule: string,
  startsAt: string,
  from: string,
  to: string,
  zone: TimeZone = warsaw,
): { rule: string; times: string[]; again: string[] } | { problem: string } {
  const rule = ruleOf(rrule);
  const first = { startsAt: at(startsAt), timeZone: warsaw };
  const moved = moveSeries(
    rule,
    first,
    { from: localTime(at(from), warsaw), to: localTime(at(to, zone), zone) },
    zone,
  );
  if ('problem' in moved) return moved;
  const shown = (start: Parameters<typeof localTime>[0]) => {
    const { date, time } = localTime(start, zone);
    return `${date} ${time}`;
  };
  return {
    rule: formatRule(moved.rule),
    times: occurrencesOfRule(rule, first).map((occurrence) => shown(moved.startOf(occurrence))),
    again: occurrencesOfRule(moved.rule, moved).map(({ startsAt: start }) => shown(start)),
  };
}

describe('a series moved by the wall clock', () => {
  it('to another time of day keeps its rule, across a clock change too', () => {
    expect(
      move('FREQ=WEEKLY;BYDAY=TU;COUNT=2', '2026-10-20 09:00', '2026-10-20 09:00', '2026-10-20 10:30'),
    ).toEqual({
      rule: 'FREQ=WEEKLY;BYDAY=TU;COUNT=2',
      times: ['2026-10-20 10:30', '2026-10-27 10:30'],
      again: ['2026-10-20 10:30', '2026-10-27 10:30'],
    });
  });

  it('to another weekday takes the weekdays of its rule along', () => {
    expect(
      move('FREQ=WEEKLY;BYDAY=MO,TH;COUNT=3', '2026-11-23 09:00', '2026-11-26 09:00', '2026-11-27 09:00'),
    ).toMatchObject({
      rule: 'FREQ=WEEKLY;BYDAY=TU,FR;WKST=TU;COUNT=3',
      times: ['2026-11-24 09:00', '2026-11-27 09:00', '2026-12-01 09:00'],
    });
  });

  it('to a place with another clock goes by that clock', () => {
    const london = 'Europe/London' as TimeZone;
    expect(
      move('FREQ=WEEKLY;COUNT=2', '2026-11-24 09:00', '2026-11-24 09:00', '2026-11-24 09:30', london),
    ).toMatchObject({ times: ['2026-11-24 09:30', '2026-12-01 09:30'] });
  });

  it('the second Tuesday moved to a Thursday is the second Thursday from then on', () => {
    expect(
      move('FREQ=MONTHLY;BYDAY=2TU;COUNT=3', '2026-11-10 09:00', '2026-11-10 09:00', '2026-11-12 09:00'),
    ).toMatchObject({
      rule: 'FREQ=MONTHLY;BYDAY=2TH;COUNT=3',
      times: ['2026-11-12 09:00', '2026-12-10 09:00', '2027-01-14 09:00'],
    });
  });

  it('the last Friday moved by a week is the last but one', () => {
    expect(
      move('FREQ=MONTHLY;BYDAY=-1FR;COUNT=2', '2026-11-27 09:00', '2026-11-27 09:00', '2026-11-20 09:00'),
    ).toMatchObject({
      rule: 'FREQ=MONTHLY;BYDAY=-2FR;COUNT=2',
      times: ['2026-11-20 09:00', '2026-12-18 09:00'],
    });
  });

  it('moved to a fifth weekday it is the last one of each month', () => {
    expect(
      move('FREQ=MONTHLY;BYDAY=4MO;COUNT=2', '2026-11-23 09:00', '2026-11-23 09:00', '2026-11-30 09:00'),
    ).toMatchObject({
      rule: 'FREQ=MONTHLY;BYDAY=-1MO;COUNT=2',
      times: ['2026-11-30 09:00', '2026-12-28 09:00'],
    });
  });

  it('moved over the end of a month it goes to the month after, each time', () => {
    expect(
      move('FREQ=MONTHLY;BYDAY=-1MO;COUNT=2', '2026-11-30 09:00', '2026-11-30 09:00', '2026-12-03 09:00'),
    ).toMatchObject({ times: ['2026-12-03 09:00', '2027-01-07 09:00'] });
  });

  it('several days of a month, and fifth ones, keep their days', () => {
    for (const rule of ['FREQ=MONTHLY;BYDAY=1MO,3MO;COUNT=3', 'FREQ=MONTHLY;BYDAY=5MO;COUNT=2']) {
      const first = rule.includes('5MO') ? '2026-11-30' : '2026-11-02';
      expect(move(rule, `${first} 09:00`, `${first} 09:00`, `${first.slice(0, 8)}05 09:00`)).toHaveProperty(
        'problem',
      );
      expect(move(rule, `${first} 09:00`, `${first} 09:00`, `${first} 10:00`)).toMatchObject({ rule });
    }
  });

  it('an end by date goes along where the rule would end too early or too late', () => {
    const moved = move(
      'FREQ=WEEKLY;BYDAY=MO;UNTIL=20261207T225959Z',
      '2026-11-23 09:00',
      '2026-11-23 09:00',
      '2026-11-25 09:00',
    );
    expect(moved).toMatchObject({
      rule: 'FREQ=WEEKLY;BYDAY=WE;WKST=WE;UNTIL=20261209T225959Z',
      again: ['2026-11-25 09:00', '2026-12-02 09:00', '2026-12-09 09:00'],
    });
  });
});

it('the moved rule names exactly where each visit went', () => {
  const day = fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU');
  const middle = fc.oneof(
    fc.constant('FREQ=DAILY'),
    fc.constant('FREQ=WEEKLY'),
    fc.uniqueArray(day, { minLength: 1, maxLength: 4 }).map((days) => `FREQ=WEEKLY;BYDAY=${days.join(',')}`),
    fc
      .tuple(fc.constantFrom(1, 2, 3, 4, -1, -2, -3, -4), day)
      .map(([nth, name]) => `FREQ=MONTHLY;BYDAY=${nth}${name}`),
  );
  const ends = fc.oneof(
    fc.integer({ min: 1, max: 20 }).map((count) => `COUNT=${count}`),
    fc.constantFrom('UNTIL=20270331T215959Z', 'UNTIL=20270628T071500Z'),
  );
  fc.assert(
    fc.property(
      middle,
      ends,
      fc.integer({ min: 1, max: 3 }),
      fc.nat({ max: 200 }),
      fc.nat({ max: 30 }),
      fc.integer({ min: -10, max: 10 }),
      fc.integer({ min: -40, max: 40 }),
      (rule, end, interval, offset, which, days, quarters) => {
        const rrule = `${rule};INTERVAL=${interval};${end}`;
        const clock = '12:00';
        const begin = new Date(Date.UTC(2026, 8, 1) + offset * 86_400_000).toISOString().slice(0, 10);
        // A series begins on a day of its rule.
        const [first] = occurrencesOfRule(ruleOf(`${rule};INTERVAL=1;COUNT=1`), {
          startsAt: at(`${begin} ${clock}`),
          timeZone: warsaw,
        });
        if (!first) throw new Error('no first visit');
        const occurrences = occurrencesOfRule(ruleOf(rrule), { startsAt: first.startsAt, timeZone: warsaw });
        const anchor = occurrences[which % occurrences.length];
        // The rule may have ended before its first day.
        fc.pre(anchor !== undefined);
        if (!anchor) return;
        const target = new Date(
          Date.parse(`${anchor.date}T12:00:00Z`) + days * 86_400_000 + quarters * 900_000,
        )
          .toISOString()
          .slice(0, 16)
          .replace('T', ' ');
        const moved = move(rrule, `${first.date} ${clock}`, `${anchor.date} ${clock}`, target);
        if ('problem' in moved) throw new Error(moved.problem);
        expect(moved.again, `${rrule} from ${first.date}: ${anchor.date} to ${target}`).toEqual(moved.times);
        expect(moved.times).toContain(target);
      },
    ),
    { seed: 4, numRuns: 400 },
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantAt } from '../../testing/builders';
import { formatRule, maxOccurrences, parseRule, type Recurrence, type WeekdayOfMonth } from './rule';

function ruleOf(text: string): Recurrence {
  const parsed = parseRule(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.rule;
}

function problemOf(text: string): string {
  const parsed = parseRule(text);
  return 'problem' in parsed ? parsed.problem : '';
}

describe('a rule is read', () => {
  it.each([
    ['FREQ=DAILY;COUNT=5', { frequency: 'daily', interval: 1, ends: { count: 5 } }],
    [
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,MO;UNTIL=20270331T215959Z',
      {
        frequency: 'weekly',
        interval: 2,
        weekdays: [1, 4],
        weekStart: 1,
        ends: { until: instantAt('2027-03-31T21:59:59Z') },
      },
    ],
    [
      'FREQ=MONTHLY;BYDAY=2TU,-1FR;COUNT=12',
      {
        frequency: 'monthly',
        interval: 1,
        weekdays: [
          { weekday: 2, nth: 2 },
          { weekday: 5, nth: -1 },
        ],
        ends: { count: 12 },
      },
    ],
    [
      'freq=weekly;wkst=su;count=3',
      { frequency: 'weekly', interval: 1, weekdays: [], weekStart: 7, ends: { count: 3 } },
    ],
    [
      'FREQ=MONTHLY;BYDAY=+1MO;COUNT=2',
      { frequency: 'monthly', interval: 1, weekdays: [{ weekday: 1, nth: 1 }], ends: { count: 2 } },
    ],
  ])('%s', (text, rule) => {
    expect(ruleOf(text)).toEqual(rule);
  });
});

describe('what is not supported is refused by name', () => {
  it.each([
    ['FREQ=YEARLY;COUNT=2', 'FREQ=YEARLY'],
    ['FREQ=HOURLY;COUNT=2', 'FREQ=HOURLY'],
    ['COUNT=2', 'FREQ is missing'],
    ['FREQ=DAILY', 'COUNT or UNTIL'],
    ['FREQ=DAILY;COUNT=2;UNTIL=20270331T215959Z', 'exclude each other'],
    ['FREQ=DAILY;COUNT=0', 'COUNT'],
    [`FREQ=DAILY;COUNT=${maxOccurrences + 1}`, `${maxOccurrences}`],
    ['FREQ=DAILY;COUNT=3.5', 'COUNT'],
    ['FREQ=DAILY;COUNT=2;COUNT=3', 'COUNT is given twice'],
    ['FREQ=DAILY;INTERVAL=0;COUNT=2', 'INTERVAL'],
    ['FREQ=DAILY;UNTIL=20270331', 'UNTIL is a moment in UTC'],
    ['FREQ=DAILY;UNTIL=20270331T215959', 'UNTIL is a moment in UTC'],
    ['FREQ=DAILY;UNTIL=20270231T000000Z', 'UNTIL=20270231T000000Z'],
    ['FREQ=DAILY;BYDAY=MO;COUNT=2', 'BYDAY'],
    ['FREQ=WEEKLY;BYDAY=2TU;COUNT=2', 'BYDAY=TU'],
    ['FREQ=WEEKLY;BYDAY=XX;COUNT=2', 'XX'],
    ['FREQ=WEEKLY;BYDAY=;COUNT=2', 'BYDAY'],
    ['FREQ=MONTHLY;COUNT=2', 'BYDAY=2TU'],
    ['FREQ=MONTHLY;BYDAY=TU;COUNT=2', 'BYDAY=TU'],
    ['FREQ=MONTHLY;BYDAY=6TU;COUNT=2', '6TU'],
    ['FREQ=MONTHLY;BYMONTHDAY=3;COUNT=2', 'BYMONTHDAY'],
    ['FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1;COUNT=2', 'BYSETPOS'],
    ['FREQ=MONTHLY;BYDAY=1MO;WKST=SU;COUNT=2', 'WKST'],
    ['RRULE:FREQ=DAILY;COUNT=2', 'RRULE:FREQ'],
    ['FREQ=DAILY;COUNT=2;', 'An empty part'],
    ['', 'An empty part'],
  ])('%s', (text, name) => {
    expect(problemOf(text)).toContain(name);
  });
});

const ends = fc.oneof(
  fc.record({ count: fc.integer({ min: 1, max: maxOccurrences }) }),
  fc.record({
    until: fc
      .integer({ min: 1_577_836_800, max: 2_524_608_000 })
      .map((seconds) => instantAt(new Date(seconds * 1000).toISOString())),
  }),
);
const interval = fc.integer({ min: 1, max: 99 });
const weekday = fc.integer({ min: 1, max: 7 });
const nth = fc.constantFrom(1, 2, 3, 4, 5, -1, -2, -3, -4, -5);
const rules: fc.Arbitrary<Recurrence> = fc.oneof(
  fc.record({ frequency: fc.constant('daily' as const), interval, ends }),
  fc.record({
    frequency: fc.constant('weekly' as const),
    interval,
    ends,
    weekdays: fc.uniqueArray(weekday, { maxLength: 7 }).map((days) => days.sort((a, b) => a - b)),
    weekStart: weekday,
  }),
  fc.record({
    frequency: fc.constant('monthly' as const),
    interval,
    ends,
    weekdays: fc.uniqueArray(fc.record({ weekday, nth }) satisfies fc.Arbitrary<WeekdayOfMonth>, {
      minLength: 1,
      maxLength: 5,
      selector: (day) => `${day.nth} ${day.weekday}`,
    }),
  }),
);

it('any rule is read back as it was written', () => {
  fc.assert(
    fc.property(rules, (rule) => {
      expect(ruleOf(formatRule(rule))).toEqual(rule);
    }),
    { seed: 20261123, numRuns: 500 },
  );
});

it('a rule that is read is written in one form', () => {
  expect(formatRule(ruleOf('COUNT=3;BYDAY=FR,MO;INTERVAL=1;FREQ=weekly;WKST=MO'))).toBe(
    'FREQ=WEEKLY;BYDAY=MO,FR;COUNT=3',
  );
});

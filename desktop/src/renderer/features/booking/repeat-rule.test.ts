import { occurrencesOf } from '@medic/shared/acts/series/occurrences';
import { parseRule } from '@medic/shared/acts/series/rule';
import { at, date, warsaw } from '@medic/shared/testing/builders';
import { localDate, localTime } from '@medic/shared/time/zone';
import { describe, expect, test } from 'vitest';
import { isLastOfMonth, type RepeatChoice, repeatWords, ruleText, usualRepeat } from './repeat-rule';

const tuesday = at('2026-11-24 09:00');

function timesOf(choice: RepeatChoice, startsAt = tuesday): string[] {
  const rrule = ruleText(choice, startsAt, warsaw);
  return occurrencesOf({ rrule, startsAt, timeZone: warsaw }).map(
    (each) => `${localDate(each, warsaw)} ${localTime(each, warsaw).time}`,
  );
}

describe('a visit that repeats', () => {
  test('starts as six weeks on the day of the first visit', () => {
    const choice = usualRepeat(tuesday, warsaw);
    expect(ruleText(choice, tuesday, warsaw)).toBe('FREQ=WEEKLY;BYDAY=TU;COUNT=6');
    expect(timesOf(choice)).toHaveLength(6);
    expect(repeatWords(choice, tuesday, warsaw)).toBe('Every week on Tue, 6 times');
  });

  test('keeps the day of the first visit among its weekdays, whatever is ticked', () => {
    const choice = { ...usualRepeat(tuesday, warsaw), weekdays: [4], interval: 2, count: 3 };
    expect(timesOf(choice)).toEqual(['2026-11-24 09:00', '2026-11-26 09:00', '2026-12-08 09:00']);
    expect(repeatWords(choice, tuesday, warsaw)).toBe('Every 2 weeks on Tue, Thu, 3 times');
  });

  test('until a date has the visit of that date', () => {
    const choice: RepeatChoice = {
      ...usualRepeat(tuesday, warsaw),
      frequency: 'daily',
      ends: 'until',
      until: date('2026-11-26'),
    };
    expect(timesOf(choice)).toEqual(['2026-11-24 09:00', '2026-11-25 09:00', '2026-11-26 09:00']);
  });

  test('monthly is the nth weekday of its month, or the last one', () => {
    const nth: RepeatChoice = { ...usualRepeat(tuesday, warsaw), frequency: 'monthly', count: 3 };
    expect(isLastOfMonth(tuesday, warsaw)).toBe(true);
    expect(timesOf(nth)).toEqual(['2026-11-24 09:00', '2026-12-22 09:00', '2027-01-26 09:00']);
    expect(timesOf({ ...nth, fromEnd: true })).toEqual([
      '2026-11-24 09:00',
      '2026-12-29 09:00',
      '2027-01-26 09:00',
    ]);
    expect(repeatWords(nth, tuesday, warsaw)).toBe('Every month on the fourth Tuesday, 3 times');
  });

  test('a fifth weekday means the last one, so that no month is left out', () => {
    const fifth = at('2026-12-29 09:00');
    const choice: RepeatChoice = { ...usualRepeat(fifth, warsaw), frequency: 'monthly', count: 3 };
    expect(timesOf(choice, fifth)).toEqual(['2026-12-29 09:00', '2027-01-26 09:00', '2027-02-23 09:00']);
    expect(repeatWords(choice, fifth, warsaw)).toBe('Every month on the last Tuesday, 3 times');
  });

  test('numbers out of range are brought within it: the rule can always be read', () => {
    for (const [interval, count] of [
      [0, 0],
      [500, 5000],
      [Number.NaN, Number.NaN],
      [1.5, 2.5],
    ] as const) {
      const text = ruleText({ ...usualRepeat(tuesday, warsaw), interval, count }, tuesday, warsaw);
      expect(parseRule(text), text).toHaveProperty('rule');
    }
  });
});

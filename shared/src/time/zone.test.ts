import { describe, expect, test } from 'vitest';
import type { Instant, PlainDate, TimeZone, WallTime } from './instant';
import {
  instantOf,
  isoInstant,
  isTimeZone,
  localDate,
  localTime,
  parseInstant,
  zonedDay,
  zonedDayOf,
} from './zone';

const warsaw = 'Europe/Warsaw' as TimeZone;
const at = (text: string): Instant => parseInstant(text);
const wall = (date: string, time: string, zone = warsaw): string =>
  isoInstant(instantOf(date as PlainDate, time as WallTime, zone as TimeZone));
const shown = (text: string, zone: string): string => {
  const { date, time } = localTime(at(text), zone as TimeZone);
  return `${date} ${time}`;
};

describe('wall time to instant', () => {
  test('summer and winter each have their offset', () => {
    expect(wall('2026-07-01', '09:00')).toBe('2026-07-01T07:00:00Z');
    expect(wall('2026-12-01', '09:00')).toBe('2026-12-01T08:00:00Z');
  });
  test('24:00 is the next midnight, at the end of a year too', () => {
    expect(wall('2026-12-31', '24:00')).toBe('2026-12-31T23:00:00Z');
  });
  test('a skipped time moves forward by the gap', () => {
    expect(wall('2027-03-28', '02:30')).toBe('2027-03-28T01:30:00Z');
    expect(shown(wall('2027-03-28', '02:30'), warsaw)).toBe('2027-03-28 03:30');
  });
  test('of a repeated time the earlier is meant', () => {
    expect(wall('2026-10-25', '02:30')).toBe('2026-10-25T00:30:00Z');
  });
  test('a half-hour change counts half an hour', () => {
    expect(wall('2026-10-04', '02:15', 'Australia/Lord_Howe' as TimeZone)).toBe('2026-10-03T15:45:00Z');
  });
});

describe('wall time to instant, in odd zones', () => {
  const inZone = (zone: string, date: string, time: string) => wall(date, time, zone as TimeZone);

  test('Cairo skips the first hour of a Friday', () => {
    expect(inZone('Africa/Cairo', '2026-04-24', '00:30')).toBe('2026-04-23T22:30:00Z');
    expect(inZone('Africa/Cairo', '2026-04-23', '24:00')).toBe('2026-04-23T22:00:00Z');
  });
  test('Casablanca is an hour back during Ramadan', () => {
    expect(inZone('Africa/Casablanca', '2026-02-14', '09:00')).toBe('2026-02-14T08:00:00Z');
    expect(inZone('Africa/Casablanca', '2026-02-16', '09:00')).toBe('2026-02-16T09:00:00Z');
    expect(inZone('Africa/Casablanca', '2026-03-23', '09:00')).toBe('2026-03-23T08:00:00Z');
  });
  test('a time of the date that Apia skipped is the same time of the date after', () => {
    expect(inZone('Pacific/Apia', '2011-12-30', '09:00')).toBe(inZone('Pacific/Apia', '2011-12-31', '09:00'));
  });
  test('offsets of old dates have seconds', () => {
    // Monrovia was 44 minutes and 30 seconds behind until 1972.
    expect(inZone('Africa/Monrovia', '1971-06-07', '09:00')).toBe('1971-06-07T09:44:30Z');
    expect(shown('1971-06-07T09:44:30Z', 'Africa/Monrovia')).toBe('1971-06-07 09:00');
  });
});

describe('instant to wall time', () => {
  test('both passes of a repeated hour show the same clock', () => {
    expect(shown('2026-10-25T00:30Z', warsaw)).toBe('2026-10-25 02:30');
    expect(shown('2026-10-25T01:30Z', warsaw)).toBe('2026-10-25 02:30');
  });
  test('seconds are cut off', () => {
    expect(shown('2026-11-23T08:59:59Z', warsaw)).toBe('2026-11-23 09:59');
  });
  test('quarter-hour zones show quarter hours', () => {
    expect(shown('2026-11-23T00:00Z', 'Asia/Kathmandu')).toBe('2026-11-23 05:45');
    expect(shown('2026-11-23T00:00Z', 'Pacific/Chatham')).toBe('2026-11-23 13:45');
  });
  test('the day before a date line jump and the one after it follow each other', () => {
    expect(shown('2011-12-30T09:59Z', 'Pacific/Apia')).toBe('2011-12-29 23:59');
    expect(shown('2011-12-30T10:00Z', 'Pacific/Apia')).toBe('2011-12-31 00:00');
  });
  test('a clock that goes back across midnight shows the old date again', () => {
    // St John's, 2010-11-07: at 00:01 back to 23:01 of the 6th.
    const zone = 'America/St_Johns';
    expect(shown('2010-11-07T02:30Z', zone)).toBe('2010-11-07 00:00');
    expect(shown('2010-11-07T02:31Z', zone)).toBe('2010-11-06 23:01');
    expect(localDate(at('2010-11-07T02:31Z'), zone as TimeZone)).toBe('2010-11-06');
  });
});

describe('local days', () => {
  test('a day has 23, 24 or 25 hours', () => {
    const hours = (date: string) => {
      const day = zonedDayOf(date as PlainDate, warsaw);
      return (day.endsAt - day.startsAt) / 3_600_000;
    };
    expect([hours('2027-03-28'), hours('2026-11-23'), hours('2026-10-25')]).toEqual([23, 24, 25]);
  });
  test('where midnight is skipped the day begins after it', () => {
    expect(isoInstant(zonedDayOf('2026-04-24' as PlainDate, 'Africa/Cairo' as TimeZone).startsAt)).toBe(
      '2026-04-23T22:00:00Z',
    );
    expect(shown('2026-04-23T22:00Z', 'Africa/Cairo')).toBe('2026-04-24 01:00');
  });
  test('every instant is in one day only, also where a clock goes back across midnight', () => {
    const zone = 'America/St_Johns' as TimeZone;
    let last = zonedDay(at('2010-11-05T00:00Z'), zone);
    for (let t = at('2010-11-05T00:00Z'); t < at('2010-11-10T00:00Z'); t = (t + 600_000) as Instant) {
      const day = zonedDay(t, zone);
      expect(day.startsAt <= t && t < day.endsAt).toBe(true);
      if (day !== last) expect(day.startsAt).toBe(last.endsAt);
      last = day;
    }
  });
  test('the minutes that St John’s repeated before midnight belong to the day that had begun', () => {
    const zone = 'America/St_Johns' as TimeZone;
    // Asked for out of the blue, not on the way from the midnight before.
    zonedDay(at('2010-01-01T12:00Z'), zone);
    const day = zonedDay(at('2010-11-07T02:45Z'), zone);
    expect(day.date).toBe('2010-11-07');
    expect(localTime(at('2010-11-07T02:45Z'), zone)).toEqual({
      date: '2010-11-06',
      time: '23:15',
      minutes: 23 * 60 + 15,
    });
  });
  test('a day that a zone skipped has no length', () => {
    const day = zonedDayOf('2011-12-30' as PlainDate, 'Pacific/Apia' as TimeZone);
    expect(day.endsAt).toBe(day.startsAt);
  });
  test('minutes by the wall clock are right on both sides of a change', () => {
    const day = zonedDayOf('2027-03-28' as PlainDate, warsaw);
    expect(day.wallMinutesAt(at('2027-03-28T00:59Z'))).toBe(119);
    expect(day.wallMinutesAt(at('2027-03-28T01:00Z'))).toBe(180);
  });
});

test.each(['Europe/Warsaw', 'America/Argentina/Buenos_Aires', 'UTC'])('%s is a zone', (name) => {
  expect(isTimeZone(name)).toBe(true);
});

test.each(['Europe/Atlantis', '+02:00', '', 'Warsaw'])('%j is no zone', (name) => {
  expect(isTimeZone(name)).toBe(false);
});

test('an instant reads back as it was written', () => {
  expect(isoInstant(parseInstant('2026-11-24T10:15+01:00'))).toBe('2026-11-24T09:15:00Z');
});

test('text that is no instant is refused', () => {
  expect(() => parseInstant('2026-11-24 10:15')).toThrow(RangeError);
});

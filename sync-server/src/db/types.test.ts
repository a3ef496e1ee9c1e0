import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDate, parseInt8, parseTime, parseTimestamptz, typeParsers } from './types';

describe('instants', () => {
  it('arrive as epoch milliseconds, cut off below the millisecond', () => {
    expect(parseTimestamptz('1970-01-01 00:00:00+00')).toBe(0);
    expect(parseTimestamptz('2026-03-29 01:00:00+00')).toBe(Date.UTC(2026, 2, 29, 1));
    expect(parseTimestamptz('2026-03-29 01:00:00.5+00')).toBe(Date.UTC(2026, 2, 29, 1, 0, 0, 500));
    expect(parseTimestamptz('2026-03-29 01:00:00.123999+00')).toBe(Date.UTC(2026, 2, 29, 1, 0, 0, 123));
  });

  it('are right in any zone the session may have been set to, in any year', () => {
    expect(parseTimestamptz('2026-03-29 01:00:00+05:30')).toBe(Date.UTC(2026, 2, 28, 19, 30));
    expect(parseTimestamptz('1890-01-01 00:00:00-00:01:15')).toBe(Date.UTC(1890, 0, 1, 0, 1, 15));
    expect(parseTimestamptz('12026-01-01 00:00:00.25+00')).toBe(Date.UTC(12026, 0, 1, 0, 0, 0, 250));
    expect(parseTimestamptz('0044-03-15 12:00:00+00 BC')).toBe(Date.parse('-000043-03-15T12:00:00Z'));
    expect(parseTimestamptz('infinity')).toBe(Infinity);
    expect(parseTimestamptz('-infinity')).toBe(-Infinity);
  });

  it('refuse another style of dates', () => {
    expect(() => parseTimestamptz('29/03/2026 01:00:00 UTC')).toThrow('ISO style');
  });

  it('agree with the platform for every millisecond of four-digit years', () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date('1000-01-01T00:00:00Z'),
          max: new Date('9999-12-31T23:59:59.999Z'),
          noInvalidDate: true,
        }),
        (date) => {
          const text = date
            .toISOString()
            .replace('T', ' ')
            .replace('Z', '+00')
            .replace(/\.?0+\+/, (zeros) => (zeros.startsWith('.') ? '+' : zeros));
          expect(parseTimestamptz(text)).toBe(date.getTime());
        },
      ),
      { seed: 20261123 },
    );
  });
});

describe('other values', () => {
  it('wall times lose their seconds, and the end of the day stays 24:00', () => {
    expect(parseTime('09:05:00')).toBe('09:05');
    expect(parseTime('24:00:00')).toBe('24:00');
    expect(() => parseTime('09:05:30')).toThrow('whole minute');
  });

  it('dates stay what they are', () => {
    expect(parseDate('2026-11-23')).toBe('2026-11-23');
    expect(() => parseDate('infinity')).toThrow('YYYY-MM-DD');
  });

  it('a bigint that a number cannot hold is refused, not rounded', () => {
    expect(parseInt8('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => parseInt8('9007199254740992')).toThrow('beyond');
  });

  it('arrays hold the same', () => {
    const parser = typeParsers.getTypeParser(1185 as never, 'text') as (text: string) => unknown;
    expect(parser('{}')).toEqual([]);
    expect(parser('{"1970-01-01 00:00:01+00",NULL}')).toEqual([1000, null]);
  });
});

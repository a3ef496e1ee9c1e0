import { describe, expect, test } from 'vitest';
import { normalisePhone } from './phone-number';

describe('phone numbers as typed', () => {
  test('a national number takes the country of the clinic', () => {
    expect(normalisePhone('601 220 418', 'PL')).toBe('+48601220418');
    expect(normalisePhone('(020) 7946-0018', 'GB')).toBe('+442079460018');
    expect(normalisePhone('06 20 123 4567', 'HU')).toBe('+36201234567');
  });

  test('a number with its own country keeps it', () => {
    expect(normalisePhone('+44 7700 900 118', 'PL')).toBe('+447700900118');
    expect(normalisePhone('0049 151 0042118', 'PL')).toBe('+491510042118');
    expect(normalisePhone('+44 (0)20 7946 0018', 'PL')).toBe('+442079460018');
    expect(normalisePhone('+39 06 6982 1234', 'PL')).toBe('+390669821234');
  });

  test('nothing stays nothing, and an unknown country is left for the schema to ask about', () => {
    expect(normalisePhone('  ', 'PL')).toBe('');
    expect(normalisePhone('12 345 678', 'ZZ')).toBe('12345678');
  });
});

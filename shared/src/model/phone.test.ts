import { expect, test } from 'vitest';
import { callingCode, emergencyNumber, formatPhone, parsePhone } from './phone';

test.each([
  ['601 220 418', 'PL', '+48601220418'],
  ['601-220-418', 'PL', '+48601220418'],
  ['48 601 220 418', 'PL', '+48601220418'],
  ['+48 601 220 418', 'RO', '+48601220418'],
  ['0722 555 018', 'RO', '+40722555018'],
  ['722 555 018', 'RO', '+40722555018'],
  ['0040722555018', 'RO', '+40722555018'],
  ['(020) 7946 0018', 'GB', '+442079460018'],
  ['+44 (0)20 7946 0018', 'PL', '+442079460018'],
  ['07700 900123', 'GB', '+447700900123'],
  ['06 20 123 4567', 'HU', '+36201234567'],
  ['1 212 555 0199', 'US', '+12125550199'],
  ['06 1234 5678', 'IT', '+390612345678'],
  // A country that is not in the table.
  ['+81 3 1234 5678', 'PL', '+81312345678'],
])('%s in %s is %s', (typed, country, phone) => {
  expect(parsePhone(typed, country)).toEqual({ phone });
});

test.each([
  ['', 'PL', { problem: 'missing' }],
  ['  ', 'PL', { problem: 'missing' }],
  ['call me', 'PL', { problem: 'letters' }],
  ['601 220 41', 'PL', { problem: 'length', callingCode: '48', digits: [9, 9] }],
  ['0722 555 01', 'RO', { problem: 'length', callingCode: '40', digits: [9, 9] }],
  ['+48 601 220 4180', 'RO', { problem: 'length', callingCode: '48', digits: [9, 9] }],
  ['+123', 'PL', { problem: 'length', callingCode: '1', digits: [10, 10] }],
  ['+0123456789', 'PL', { problem: 'international' }],
  ['12345678', 'XX', { problem: 'international' }],
])('%s in %s is no number', (typed, country, problem) => {
  expect(parsePhone(typed, country)).toEqual(problem);
});

test('every number that is accepted has the form that the server asks for', () => {
  for (const country of ['PL', 'RO', 'GB', 'DE', 'US', 'IT', 'FI', 'LU']) {
    for (let digits = 1; digits <= 16; digits++) {
      const result = parsePhone('612345678912345678'.slice(0, digits), country);
      if ('phone' in result) expect(result.phone).toMatch(/^\+[1-9]\d{7,14}$/);
    }
  }
});

test('a number is read in groups of three', () => {
  expect(formatPhone('+48601220418')).toBe('+48 601 220 418');
  expect(formatPhone('+442079460018')).toBe('+44 2079 460 018');
  expect(formatPhone('021 555')).toBe('021 555');
});

test('the emergency number is that of the country, and 112 in doubt', () => {
  expect(emergencyNumber('GB')).toBe('999');
  expect(emergencyNumber('PL')).toBe('112');
  expect(emergencyNumber('')).toBe('112');
  expect(callingCode('XX')).toBeNull();
});

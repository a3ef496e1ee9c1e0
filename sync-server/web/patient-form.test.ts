import { email } from '@medic/shared/model/fields';
import type { PlainDate } from '@medic/shared/time/instant';
import { expect, test } from 'vitest';
import { birthDateOf, checkForm, emptyForm, type PatientForm } from './patient-form';

const today = '2026-11-23' as PlainDate;
const right: PatientForm = {
  ...emptyForm,
  givenName: 'Zoë',
  familyName: 'O’Neill',
  birthDay: '29',
  birthMonth: '2',
  birthYear: '1964',
  phone: '601 220 418',
  email: 'zoe@example.com',
  consent: true,
};
const check = (changes: Partial<PatientForm>) => checkForm({ ...right, ...changes }, 'PL', today);

test('a form that is right has no problems; reminders and the note are free', () => {
  expect(check({})).toEqual({});
  expect(check({ consentSms: true, consentEmail: true, note: 'By wheelchair' })).toEqual({});
});

test('an empty form names every field that is needed, and leads to its first box', () => {
  const problems = checkForm(emptyForm, 'PL', today);
  expect(Object.keys(problems)).toEqual([
    'givenName',
    'familyName',
    'birthDate',
    'phone',
    'email',
    'consent',
  ]);
  expect(problems.birthDate?.input).toBe('birthDay');
});

test.each([
  [{ birthYear: '61' }, 'birthYear', 'Enter the year with 4 digits, for example 1961'],
  [{ birthYear: '' }, 'birthYear', 'Enter the year with 4 digits, for example 1961'],
  [{ birthDay: '32' }, 'birthDay', 'Enter a day from 1 to 31'],
  [{ birthMonth: '13' }, 'birthMonth', 'Enter a month from 1 to 12'],
  [{ birthYear: '1961' }, 'birthDay', 'This date is not in the calendar'],
  [{ birthDay: '24', birthMonth: '11', birthYear: '2026' }, 'birthYear', 'This date lies in the future'],
  [{ birthDay: '1', birthMonth: '1', birthYear: '1899' }, 'birthYear', 'Check the year'],
] as const)('birth date %o goes back to %s', (changes, input, message) => {
  expect(check(changes)).toEqual({ birthDate: { input, message } });
});

test('somebody born today may be booked for', () => {
  expect(check({ birthDay: '23', birthMonth: '11', birthYear: '2026' })).toEqual({});
});

test('the three boxes make one date', () => {
  expect(birthDateOf({ birthDay: ' 3', birthMonth: '4', birthYear: '1958' })).toBe('1958-04-03');
  expect(birthDateOf({ birthDay: '30', birthMonth: '2', birthYear: '1958' })).toBeNull();
});

test.each([
  'ana@example.com',
  'a.b+c@sub.example.co.uk',
  "o'neill@example.com",
  'x_1@example.museum',
  'ana',
  'ana@',
  '@example.com',
  'ana@example',
  'a na@example.com',
  'ana@exa_mple.com',
  'ana@example..com',
  '.ana@example.com',
  'żółw@example.com',
  `${'a'.repeat(250)}@example.com`,
])('%s is an address here exactly when it is one on the server', (address) => {
  expect(check({ email: address }).email === undefined).toBe(email().safeParse(address).success);
});

test('a wrong number says how many digits there are to be', () => {
  expect(check({ phone: '601 220 41' }).phone?.message).toBe('Check the number: 9 digits after +48');
});

test('a name that the server could not keep is refused here', () => {
  expect(check({ givenName: '   ' }).givenName?.message).toBe('Enter the first name');
  expect(check({ familyName: 'x'.repeat(81) }).familyName?.message).toBe('Use at most 80 characters');
});

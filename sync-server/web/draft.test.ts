import { beforeEach, expect, test } from 'vitest';
import {
  attemptId,
  forgetAttempt,
  keepBooked,
  keepRefusal,
  readBooked,
  readForm,
  readRefusal,
  saveForm,
} from './draft';
import { emptyForm } from './patient-form';

// Outside a browser there is no sessionStorage, as in a private mode that forbids it: memory stands in.
let clinic = '';
let count = 0;
beforeEach(() => {
  clinic = `clinic-${count++}`;
});

const visit = {
  id: 'v',
  startsAt: 1,
  endsAt: 2,
  timeZone: 'UTC',
  doctorName: 'Dr N',
  appointmentTypeName: 'T',
  locationName: 'L',
  street: '',
  city: '',
} as never;

test('one wish keeps its id until it is answered', () => {
  const id = attemptId(clinic, 'monday at ten');
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(attemptId(clinic, 'monday at ten')).toBe(id);
  forgetAttempt(clinic);
  expect(attemptId(clinic, 'monday at ten')).not.toBe(id);
});

test('another time is another wish', () => {
  expect(attemptId(clinic, 'monday at ten')).not.toBe(attemptId(clinic, 'monday at eleven'));
});

test('what is typed is kept for its clinic, and fields that are new since then are empty', () => {
  saveForm(clinic, { ...emptyForm, givenName: 'Ana' });
  expect(readForm(clinic)).toEqual({ ...emptyForm, givenName: 'Ana' });
  expect(readForm('elsewhere')).toEqual(emptyForm);
});

test('after booking only the visit is left, nothing of the patient', () => {
  saveForm(clinic, { ...emptyForm, givenName: 'Ana' });
  attemptId(clinic, 'wish');
  keepRefusal(clinic, 1, { kind: 'refused', reasons: [], alternatives: [] });
  keepBooked(clinic, { status: 'booked', visit, manageLink: '/my/c#v=1', email: null, start: 1 });
  expect(readForm(clinic)).toEqual(emptyForm);
  expect(readRefusal(clinic, 1)).toBeNull();
  expect(readBooked(clinic)?.visit.id).toBe('v');
});

test('a refusal belongs to its time', () => {
  keepRefusal(clinic, 1, { kind: 'refused', reasons: [{ code: 'visit', text: 'taken' }], alternatives: [] });
  expect(readRefusal(clinic, 1)?.reasons).toHaveLength(1);
  expect(readRefusal(clinic, 2)).toBeNull();
});

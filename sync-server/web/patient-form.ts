/** The patient's details as typed, and the rules that they must pass. The server checks them all again. */

import { parsePhone } from '@medic/shared/model/phone';
import type { PlainDate } from '@medic/shared/time/instant';
import { isPlainDate } from '@medic/shared/time/plain-date';
import type { BookInput } from './api';
import { words } from './words';

export interface PatientForm {
  someoneElse: boolean;
  /** Whether the clinic knows the patient. Only the words of the form go by it: the server finds out by itself. */
  returning: boolean;
  givenName: string;
  familyName: string;
  birthDay: string;
  birthMonth: string;
  birthYear: string;
  phone: string;
  email: string;
  note: string;
  consent: boolean;
  consentEmail: boolean;
  consentSms: boolean;
}

export const emptyForm: PatientForm = {
  someoneElse: false,
  returning: false,
  givenName: '',
  familyName: '',
  birthDay: '',
  birthMonth: '',
  birthYear: '',
  phone: '',
  email: '',
  note: '',
  consent: false,
  consentEmail: false,
  consentSms: false,
};

export type FormField = 'givenName' | 'familyName' | 'birthDate' | 'phone' | 'email' | 'note' | 'consent';
export const formFields: readonly FormField[] = [
  'givenName',
  'familyName',
  'birthDate',
  'phone',
  'email',
  'note',
  'consent',
];

export interface FieldProblem {
  message: string;
  /** The box to go to: of a birth date, the first wrong one. */
  input: keyof PatientForm | 'earliestOn' | 'latestOn';
}

/** The fields of the form, and those that a page adds to it. */
export type FormProblems = Partial<
  Record<FormField | 'consentEmail' | 'earliestOn' | 'latestOn', FieldProblem>
>;

/** What is wrong with each field; an empty object means that the form may be sent. */
export function checkForm(form: PatientForm, country: string, today: PlainDate): FormProblems {
  const problems: FormProblems = {};
  for (const field of formFields) {
    const problem = checkField(field, form, country, today);
    if (problem) problems[field] = problem;
  }
  return problems;
}

export function checkField(
  field: FormField,
  form: PatientForm,
  country: string,
  today: PlainDate,
): FieldProblem | null {
  const { problems } = words;
  switch (field) {
    case 'givenName':
    case 'familyName': {
      const name = form[field].trim();
      if (name === '') return { message: problems[field], input: field };
      return name.length > 80 ? { message: problems.tooLong(80), input: field } : null;
    }
    case 'birthDate':
      return checkBirthDate(form, today);
    case 'phone': {
      const result = parsePhone(form.phone, country);
      if ('phone' in result) return null;
      return { message: phoneMessage(result), input: 'phone' };
    }
    case 'email': {
      const email = form.email.trim();
      if (email === '') return { message: problems.emailMissing, input: 'email' };
      return isEmail(email) ? null : { message: problems.email, input: 'email' };
    }
    case 'note':
      return form.note.length > 1000 ? { message: problems.tooLong(1000), input: 'note' } : null;
    case 'consent':
      return form.consent ? null : { message: problems.consent, input: 'consent' };
  }
}

function phoneMessage(result: Exclude<ReturnType<typeof parsePhone>, { phone: string }>): string {
  const { problems } = words;
  switch (result.problem) {
    case 'missing':
      return problems.phoneMissing;
    case 'letters':
      return problems.phoneLetters;
    case 'length':
      return problems.phoneLength(result.digits, result.callingCode);
    case 'international':
      return problems.phoneInternational;
  }
}

function checkBirthDate(form: PatientForm, today: PlainDate): FieldProblem | null {
  const { problems } = words;
  const [day, month, year] = [form.birthDay.trim(), form.birthMonth.trim(), form.birthYear.trim()];
  if (day === '' && month === '' && year === '') return { message: problems.birthMissing, input: 'birthDay' };
  if (!/^\d{1,2}$/.test(day) || Number(day) < 1 || Number(day) > 31)
    return { message: problems.birthDay, input: 'birthDay' };
  if (!/^\d{1,2}$/.test(month) || Number(month) < 1 || Number(month) > 12) {
    return { message: problems.birthMonth, input: 'birthMonth' };
  }
  if (!/^\d{4}$/.test(year)) return { message: problems.birthYear, input: 'birthYear' };
  const date = birthDateOf(form);
  if (date === null) return { message: problems.birthUnknown, input: 'birthDay' };
  if (date > today) return { message: problems.birthFuture, input: 'birthYear' };
  return Number(year) < 1900 ? { message: problems.birthPast, input: 'birthYear' } : null;
}

/** The date that the three boxes mean, or null where they mean none. */
export function birthDateOf(
  form: Pick<PatientForm, 'birthDay' | 'birthMonth' | 'birthYear'>,
): PlainDate | null {
  const two = (text: string) => text.trim().padStart(2, '0');
  const date = `${form.birthYear.trim()}-${two(form.birthMonth)}-${two(form.birthDay)}`;
  return isPlainDate(date) ? date : null;
}

/** The details as the server takes them. */
export function patientOf(form: PatientForm, country: string, language: string): BookInput['patient'] {
  const phone = parsePhone(form.phone, country);
  return {
    givenName: form.givenName.trim(),
    familyName: form.familyName.trim(),
    birthDate: birthDateOf(form),
    phone: 'phone' in phone ? phone.phone : null,
    email: form.email.trim(),
    // In which language to write to the patient: the clinic's own, until the pages speak others.
    language,
    consentSms: form.consentSms,
    consentEmail: form.consentEmail,
  };
}

/** The server's own rule, zod's for `z.email()`, without zod: what passes here passes there. */
const emailRule =
  /^(?!\.)(?!.*\.\.)([A-Za-z0-9_'+\-.]*)[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/;

export function isEmail(text: string): boolean {
  return text.length <= 254 && emailRule.test(text);
}

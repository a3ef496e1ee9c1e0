/** Who asks: reception, an admin, two doctors, patients who are signed in, and visitors. */
import type { Actor } from '@medic/shared/acts/act';
import { idOf } from '@medic/shared/testing/builders';
import type { Details, Who } from '../plain/clinic';
import { pick, type Step } from './step';

export interface Person {
  who: Who;
  actor: Actor;
}

function staffOf(n: number, who: Partial<Who>, roles: Actor['roles']): Person {
  const plain: Who = {
    kind: 'staff',
    runs: true,
    overbooks: false,
    doctor: null,
    patient: null,
    holder: null,
    ...who,
  };
  return {
    who: plain,
    actor: {
      kind: 'staff',
      id: idOf('user', n),
      name: `User ${n}`,
      roles,
      rights: plain.overbooks ? ['overbook'] : [],
      doctorId: plain.doctor === null ? null : idOf('doctor', plain.doctor + 1),
    },
  };
}

export function patientOf(patient: number | null, holder: number | null): Person {
  return {
    who: { kind: 'patient', runs: false, overbooks: false, doctor: null, patient, holder },
    actor: {
      kind: 'patient',
      id: patient === null ? null : idOf('patient', patient + 1),
      name: '',
      roles: [],
      rights: [],
      doctorId: null,
      ...(holder === null ? {} : { holder: `holder-${holder}` }),
    },
  };
}

const staff: readonly Person[] = [
  staffOf(1, {}, ['reception']),
  staffOf(2, { overbooks: true }, ['admin']),
  staffOf(1, {}, ['reception']),
  staffOf(3, { runs: false, doctor: 0 }, ['doctor']),
  staffOf(4, { runs: false, doctor: 1, overbooks: true }, ['doctor']),
];
const patients: readonly Person[] = [0, 1, 2].map((patient) => patientOf(patient, null));
const visitors: readonly Person[] = [1, 2, 3].map((holder) => patientOf(null, holder));

export function personFor({ act, who }: Step): Person {
  if (act.startsWith('slot.') || act.endsWith('-online'))
    return who % 12 === 11
      ? (pick(staff, who) as Person)
      : (pick(who % 12 === 10 ? patients : visitors, who) as Person);
  if (/^(series|waitlist\.(offer|reopen)|appointment\.(swap|shift))/.test(act) && who % 4 !== 0)
    return staff[who % 3] as Person;
  if (act === 'appointment.overbook' && who % 6 !== 0) return staff[who % 2 === 0 ? 1 : 4] as Person;
  if ((act === 'patient.propose-changes' || act === 'patient.set-consent') && who % 8 !== 0)
    return pick(patients, who) as Person;
  const mayBePatient =
    /^(appointment|waitlist).*(accept|decline|confirm|reschedule|cancel|add|close|edit)/.test(act) ||
    who % 10 === 9;
  return mayBePatient && who % 2 === 1
    ? (pick(patients, who >> 1) as Person)
    : (pick(staff, who >> 1) as Person);
}

const details: Details = {
  givenName: 'Anna',
  familyName: 'Kowalska',
  birthDate: '1980-05-17',
  phone: null,
  email: null,
  language: 'en',
  consentSms: true,
  consentEmail: true,
  notes: '',
};

export const firstPatients: readonly Details[] = [
  { ...details, email: 'p0@example.org' },
  {
    ...details,
    givenName: 'Bogdan',
    familyName: 'Wiśniewski',
    birthDate: '1962-01-02',
    phone: '+48601220418',
    email: 'p1@example.org',
  },
  {
    ...details,
    givenName: 'Celina',
    familyName: 'Dudek',
    birthDate: '1991-11-30',
    email: 'p2@example.org',
    consentEmail: false,
  },
  {
    ...details,
    givenName: 'Dariusz',
    familyName: 'Zając',
    birthDate: '2003-08-08',
    phone: '+48601220419',
    consentSms: false,
  },
];

const birthDates = ['1980-05-17', '1962-01-02', '1962-02-01', '1991-11-30', null];
const phones = [null, '+48601220418', '+48601220419', null];
const emails = ['p0@example.org', 'p1@example.org', 'ola@example.org', null, 'p2@example.org'];

/** What is filled into a form: of few names, dates and addresses, so that people are taken for each other. */
export function typedBy({ a, b, c, d, e }: Step): Details {
  return {
    givenName: firstPatients[a % 4]?.givenName ?? '',
    familyName: firstPatients[b % 3 === 0 ? c % 4 : a % 4]?.familyName ?? '',
    birthDate: birthDates[d % 5] ?? null,
    phone: phones[c % 4] ?? null,
    email: emails[e % 5] ?? null,
    language: b % 2 === 0 ? 'en' : 'pl',
    consentSms: c % 2 === 0,
    consentEmail: d % 3 !== 0,
    notes: a % 2 === 0 ? '' : `Note ${b % 3}`,
  };
}

import { describe, expect, it } from 'vitest';
import { appointmentTypeId, at, doctorId, idOf, locationId, patientId } from '../testing/builders';
import { type ActName, actNamed, acts } from './registry';

it('every act is registered under its own name', () => {
  for (const [name, act] of Object.entries(acts)) expect(act.name).toBe(name);
  expect(actNamed('constructor')).toBeUndefined();
});

/** As desks of the version before send them; the server still runs those. */
const before: Partial<Record<ActName, Record<string, unknown>>> = {
  'appointment.book': {
    appointmentId: idOf('appointment', 1),
    patientId,
    doctorId,
    locationId,
    appointmentTypeId,
    startsAt: at('2026-11-24 10:00'),
    notes: '',
  },
  'appointment.reschedule': {
    appointmentId: idOf('appointment', 1),
    doctorId,
    locationId,
    startsAt: at('2026-11-24 10:00'),
    durationMinutes: null,
  },
  'appointment.cancel': { appointmentId: idOf('appointment', 1), reason: 'x' },
  'patient.create': {
    patientId,
    givenName: 'Anna',
    familyName: 'Kowalska',
    birthDate: null,
    phone: null,
    email: null,
    language: 'en',
    consentSms: false,
    consentEmail: false,
    notes: '',
  },
};

describe('an act of a later version reads the arguments of the one before', () => {
  for (const act of Object.values(acts).filter(({ version }) => version > 1)) {
    it(act.name, () => expect(act.args.safeParse(before[act.name])).toMatchObject({ success: true }));
  }
});

/** The clinic of a simulation: two places, three doctors, four kinds of visit, and a desk for each of its people. */
import { randomUUID } from 'node:crypto';
import type { Clinic } from '@medic/shared/model/clinic';
import type { RecordDefinition } from '@medic/shared/model/record';
import { type RecordKind, type SyncedOf, syncedRecords } from '@medic/shared/model/records';
import type { User } from '@medic/shared/model/user';
import { historyDays } from '@medic/shared/sync/history-window';
import {
  aBreak,
  aClinic,
  aDoctor,
  aLocation,
  anAppointment,
  anAppointmentType,
  aPatient,
  aRoom,
  aTemplate,
  aUser,
  date,
  idOf,
} from '@medic/shared/testing/builders';
import { dayMs, instant, plusMinutes } from '@medic/shared/time/instant';
import { parseInstant } from '@medic/shared/time/zone';
import { hashPassword } from '../sync-server/src/auth/passwords';
import type { Pool } from '../sync-server/src/db/pool';
import { putRecords } from '../sync-server/src/db/records';
import { inClinic } from '../sync-server/src/db/transaction';
import { setPasswordHash } from '../sync-server/src/db/users';

export const clinic: Clinic = { ...aClinic(), slug: 'simulated' };
export const password = 'a long enough password';
export const places = [1, 2].map((n) => idOf('location', n));
export const doctors = [1, 2, 3].map((n) => idOf('doctor', n));
export const types = [1, 2, 3, 4].map((n) => idOf('appointmentType', n));
export const firstPatients = 12;

/** Monday 23 November 2026, 08:00 in Warsaw: when a run begins. */
export const start = parseInstant('2026-11-23T07:00:00Z');
/** So many hours after the start of a run old visits become older than anybody's device is to show. */
const agingAfterHours = [-20, -2, 0.05, 1, 9, 18, 30];

const emails = ['front', 'back', 'admin', 'nowak', 'okafor', 'lind'] as const;

export const people: readonly User[] = [
  person(1, { roles: ['reception'], locationIds: [idOf('location', 1)] }),
  person(2, { roles: ['reception'], locationIds: [idOf('location', 2)] }),
  person(3, { roles: ['admin'], rights: ['overbook'] }),
  person(4, { roles: ['doctor'], doctorId: idOf('doctor', 1) }),
  person(5, { roles: ['doctor'], doctorId: idOf('doctor', 2), rights: ['overbook'] }),
  person(6, { roles: ['doctor'], doctorId: idOf('doctor', 3) }),
];

function person(n: number, user: Partial<User>): User {
  return aUser({
    rights: [],
    locationIds: [],
    doctorId: null,
    ...user,
    id: idOf('user', n),
    name: `User ${n}`,
    email: `${emails[n - 1]}@simulated.example`,
  });
}

function records(): { [K in RecordKind]?: SyncedOf<K>[] } {
  const [here, there] = places as [string, string];
  const [first, second, third] = doctors as [string, string, string];
  return {
    clinic: [clinic],
    location: [
      aLocation({
        id: here,
        rooms: [aRoom({ id: idOf('room', 1) }), aRoom({ id: idOf('room', 2), sortOrder: 1 })],
      }),
      aLocation({ id: there, rooms: [aRoom({ id: idOf('room', 3) })] }),
    ],
    doctor: [
      aDoctor({ id: first, slug: 'nowak', at: [here] }),
      aDoctor({ id: second, slug: 'okafor', at: [here, there] }),
      aDoctor({ id: third, slug: 'lind', at: [there], needsAccepting: true }),
    ],
    user: [...people],
    appointmentType: [
      anAppointmentType({
        id: idOf('appointmentType', 1),
        at: places,
        durationMinutes: 30,
        slotStepMinutes: 15,
      }),
      anAppointmentType({
        id: idOf('appointmentType', 2),
        at: places,
        durationMinutes: 20,
        slotStepMinutes: 20,
        bufferBeforeMinutes: 5,
        bufferAfterMinutes: 10,
        needsRoom: true,
      }),
      anAppointmentType({
        id: idOf('appointmentType', 3),
        at: places,
        capacity: 3,
        durationMinutes: 60,
        slotStepMinutes: 60,
      }),
      anAppointmentType({ id: idOf('appointmentType', 4), at: places, needsAccepting: true }),
    ],
    scheduleTemplate: [
      [first, here, [1, 2, 3, 4, 5, 6, 7]],
      [second, here, [1, 3, 5, 7]],
      [second, there, [2, 4, 6]],
      [third, there, [1, 2, 3, 4, 5, 6, 7]],
    ].flatMap(([doctorId, locationId, weekdays]) =>
      (weekdays as number[]).map((weekday) =>
        aTemplate({
          doctorId: doctorId as string,
          locationId: locationId as string,
          weekday,
          validFrom: date('2026-01-01'),
          anchorDate: date('2026-01-05'),
          breaks: [aBreak('12:00', '12:30')],
        }),
      ),
    ),
    patient: Array.from({ length: firstPatients + doctors.length * agingAfterHours.length }, (_, i) =>
      aPatient({
        id: idOf('patient', i + 1),
        givenName: ['Anna', 'Jan', 'Ewa', 'Piotr'][i % 4] as string,
        familyName: `Name${String.fromCharCode(97 + Math.floor(i / 26), 97 + (i % 26))}`,
        birthDate: date(`19${50 + (i % 50)}-0${(i % 9) + 1}-11`),
        phone: `+4860122${String(1000 + i)}`,
      }),
    ),
    appointment: doctors.flatMap((doctorId, d) =>
      agingAfterHours.map((hours, i) => {
        const endsAt = instant(start - historyDays * dayMs + hours * 3_600_000);
        return anAppointment({
          id: idOf('appointment', 1 + d * agingAfterHours.length + i),
          doctorId,
          locationId: d === 0 ? here : there,
          appointmentTypeId: types[0] as string,
          // The second is seen again and again, all others by this visit alone.
          patientId: idOf('patient', i === 1 ? 1 : firstPatients + 1 + d * agingAfterHours.length + i),
          startsAt: plusMinutes(endsAt, -30),
          endsAt,
          status: 'fulfilled',
        });
      }),
    ),
  };
}

/** Writes the clinic into a migrated, empty database. */
export async function arrangeClinic(adminPool: Pool): Promise<void> {
  const all = records();
  const hash = await hashPassword(password);
  await inClinic(adminPool, clinic.id, async (tx) => {
    await tx.query(`SELECT set_config('medic.seq', '1', true)`);
    await putRecords(tx, syncedRecords.clinic, all.clinic ?? []);
    await tx.query('INSERT INTO clinic_clocks (clinic_id, seq, epoch) VALUES ($1, 1, $2)', [
      clinic.id,
      randomUUID(),
    ]);
    for (const kind of [
      'location',
      'doctor',
      'user',
      'appointmentType',
      'scheduleTemplate',
      'patient',
      'appointment',
    ] as const)
      await putRecords(
        tx,
        syncedRecords[kind] as RecordDefinition,
        (all[kind] ?? []) as Record<string, unknown>[],
      );
    for (const user of people) await setPasswordHash(tx, user.id, hash);
  });
}

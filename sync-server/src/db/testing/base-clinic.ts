/** A clinic with one of each thing that visits refer to, for tests of what is written about it. */

import { appointmentType } from '@medic/shared/model/appointment-type';
import { calendarConnection } from '@medic/shared/model/calendar';
import { type Clinic, clinic, clinicClock } from '@medic/shared/model/clinic';
import { device } from '@medic/shared/model/device';
import { doctor } from '@medic/shared/model/doctor';
import { location } from '@medic/shared/model/location';
import { patient } from '@medic/shared/model/patient';
import { user } from '@medic/shared/model/user';
import {
  aClinic,
  aDoctor,
  aLocation,
  anAppointmentType,
  aPatient,
  aRoom,
  aUser,
  idOf,
} from '@medic/shared/testing/builders';
import { instant } from '@medic/shared/time/instant';
import { takeClock } from '../clinics';
import type { Pool } from '../pool';
import { insertRows, putRecord, putRecords } from '../records';
import { inClinic, type Transaction } from '../transaction';

export const epochOfBaseClinic = '00000000-0000-7000-8000-00000000e70c';

/** Two doctors, two rooms, two patients, two types (the second a group of 3), one place, user and device. */
export async function arrangeBaseClinic(adminPool: Pool): Promise<void> {
  await arrangeBareClinic(adminPool, aClinic());
  await underClock(adminPool, aClinic().id, async (tx) => {
    await putRecord(
      tx,
      location,
      aLocation({ rooms: [aRoom({ id: idOf('room', 1) }), aRoom({ id: idOf('room', 2), sortOrder: 1 })] }),
    );
    await putRecords(tx, doctor, [aDoctor(), aDoctor({ id: idOf('doctor', 2) })]);
    await putRecord(tx, user, aUser());
    await putRecords(tx, appointmentType, [
      anAppointmentType(),
      anAppointmentType({ id: idOf('appointmentType', 2), capacity: 3 }),
    ]);
    await putRecords(tx, patient, [aPatient(), aPatient({ id: idOf('patient', 2) })]);
    const now = instant(1_790_000_000_000);
    const mine = { clinicId: aClinic().id };
    await insertRows(tx, device, [
      {
        ...mine,
        id: idOf('device', 1),
        userId: idOf('user', 1),
        name: 'Front desk',
        kind: 'web',
        lastN: 0,
        registeredAt: now,
        lastSeenAt: now,
        revokedAt: null,
      },
    ]);
    await insertRows(tx, calendarConnection, [
      {
        ...mine,
        id: idOf('connection', 1),
        doctorId: idOf('doctor', 1),
        provider: 'google',
        accountEmail: 'nowak@clinic.example',
        grantEncrypted: 'sealed',
        readCalendarIds: ['primary'],
        writeCalendarId: null,
        cursors: {},
        status: 'active',
        lastError: '',
        connectedAt: now,
        syncedAt: null,
      },
    ]);
  });
}

/** Only the clinic and its clock. */
export async function arrangeBareClinic(adminPool: Pool, made: Clinic): Promise<void> {
  await inClinic(adminPool, made.id, async (tx) => {
    await tx.query("SELECT set_config('medic.seq', '0', true)");
    await putRecord(tx, clinic, made);
    await insertRows(tx, clinicClock, [{ clinicId: made.id, seq: 0, epoch: epochOfBaseClinic }]);
  });
}

/** In a transaction that holds the clinic's clock, as every writer does. */
export async function underClock<T>(
  pool: Pool,
  clinicId: string,
  work: (tx: Transaction, seq: number) => Promise<T>,
): Promise<T> {
  return await inClinic(pool, clinicId, async (tx) => {
    const { seq } = await takeClock(tx, clinicId);
    return await work(tx, seq);
  });
}

class RolledBack extends Error {}

/** As `underClock`, and nothing of it stays. What is checked at the commit is checked before `work` ends only if asked. */
export async function tried<T>(
  pool: Pool,
  clinicId: string,
  work: (tx: Transaction, seq: number) => Promise<T>,
): Promise<T> {
  let result: { value: T } | undefined;
  try {
    await underClock(pool, clinicId, async (tx, seq) => {
      // The savepoint waits for what was sent, so that a failure of it shows.
      result = { value: await tx.savepoint(() => work(tx, seq)) };
      throw new RolledBack('on purpose');
    });
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
  }
  if (!result) throw new Error('Broken invariant: the work neither ended nor failed');
  return result.value;
}

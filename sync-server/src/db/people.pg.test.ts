/** Users, devices, sessions, patients: the queries that are asked for by something else than the id. */

import type { PatientIdentity } from '@medic/shared/acts/patient/duplicates';
import { appointment } from '@medic/shared/model/appointment';
import type { Device, Session } from '@medic/shared/model/device';
import { intent } from '@medic/shared/model/intent';
import type { Notification } from '@medic/shared/model/notification';
import { patient } from '@medic/shared/model/patient';
import { user } from '@medic/shared/model/user';
import { anAppointment, aPatient, aUser, clinicId, date, idOf } from '@medic/shared/testing/builders';
import { type Instant, instant, plusMinutes } from '@medic/shared/time/instant';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginAct, clockAndPatient } from './clinics';
import { advanceDevice, readDevice, registerDevice } from './devices';
import { intentById } from './intents';
import { insertNotifications } from './notifications';
import { possibleDuplicates, touchPatients } from './patients';
import { insertRows, putRecord, putRecords, readById } from './records';
import {
  insertSession,
  revokeDeviceSessions,
  revokeSession,
  rotateSession,
  sessionByAccessHash,
  sessionByRefreshHash,
} from './sessions';
import { constraintOf } from './sql-state';
import { arrangeBaseClinic, tried, underClock } from './testing/base-clinic';
import { createTestDatabase, type TestDatabase } from './testing/database';
import { createUser, setPasswordHash, userByEmail, userById } from './users';

let database: TestDatabase;
const now = instant(1_790_000_000_000);

beforeAll(async () => {
  database = await createTestDatabase();
  await arrangeBaseClinic(database.adminPool);
});

afterAll(() => database?.drop());

function aDevice(overrides: Partial<Device> = {}): Device {
  return {
    id: idOf('device', 1),
    clinicId,
    userId: idOf('user', 1),
    name: 'Front desk',
    kind: 'web',
    lastN: 0,
    registeredAt: now,
    lastSeenAt: now,
    revokedAt: null,
    ...overrides,
  };
}

function aSession(overrides: Partial<Session> = {}): Session {
  return {
    id: idOf('intent', 77),
    clinicId,
    userId: idOf('user', 1),
    deviceId: idOf('device', 1),
    accessHash: 'a1',
    accessExpiresAt: plusMinutes(now, 15),
    refreshHash: 'r1',
    previousRefreshHash: null,
    refreshExpiresAt: plusMinutes(now, 1440),
    createdAt: now,
    revokedAt: null,
    ...overrides,
  };
}

describe('a user', () => {
  it('is found by e-mail in any case, with the hash, which the record never has', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      await createUser(tx, aUser({ id: idOf('user', 5), email: 'Ewa@Clinic.example' }), 'argon');
      const found = await userByEmail(tx, 'eWA@clinic.EXAMPLE');
      expect(found).toMatchObject({
        user: { id: idOf('user', 5), email: 'Ewa@Clinic.example' },
        passwordHash: 'argon',
      });
      expect(Object.keys(found?.user ?? {}).sort()).toEqual(
        user.columns.map((column) => column.field).sort(),
      );
      expect(await userByEmail(tx, 'nobody@clinic.example')).toBeNull();
      expect(await userById(tx, idOf('user', 99))).toBeNull();
    });
  });

  it('keeps the hash when the record is written again', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      await setPasswordHash(tx, idOf('user', 1), 'argon');
      await putRecord(tx, user, aUser({ name: 'Ewa New' }));
      expect(await userByEmail(tx, aUser().email)).toMatchObject({
        user: { name: 'Ewa New' },
        passwordHash: 'argon',
      });
    });
  });

  it('shares an e-mail with nobody, in any case, until deleted', async () => {
    const second = aUser({ id: idOf('user', 6), email: aUser().email.toUpperCase() });
    const refused = await tried(database.appPool, clinicId, (tx) => putRecord(tx, user, second)).catch(
      (error: unknown) => error,
    );
    expect(constraintOf(refused)).toBe('users_email');
    await tried(database.appPool, clinicId, async (tx) => {
      await putRecords(tx, user, [aUser({ deleted: true }), second]);
      expect((await userByEmail(tx, aUser().email))?.user.id).toBe(second.id);
    });
  });
});

describe('a device', () => {
  it('registers again under another name, and keeps what was counted', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      await advanceDevice(tx, idOf('device', 1), 7);
      await advanceDevice(tx, idOf('device', 1), 3);
      const later = plusMinutes(now, 5);
      expect(
        await registerDevice(tx, aDevice({ name: 'New name', registeredAt: later, lastSeenAt: later })),
      ).toMatchObject({ name: 'New name', lastN: 7, registeredAt: now, lastSeenAt: later });
    });
  });

  it('of another user, or revoked, stays as it is', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      await putRecord(tx, user, aUser({ id: idOf('user', 5) }));
      expect(
        await registerDevice(tx, aDevice({ userId: idOf('user', 5), name: 'Taken over' })),
      ).toMatchObject({ userId: idOf('user', 1), name: 'Front desk' });
      await tx.query('UPDATE devices SET revoked_at = now()');
      expect(await registerDevice(tx, aDevice({ name: 'Back again' }))).toMatchObject({
        name: 'Front desk',
        revokedAt: expect.any(Number),
      });
    });
  });

  it('that is new is stored', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      const added = aDevice({ id: idOf('device', 2), lastSeenAt: plusMinutes(now, 1) });
      expect(await registerDevice(tx, added)).toEqual(added);
      expect(await readDevice(tx, idOf('device', 3))).toBeNull();
    });
  });
});

describe('a session', () => {
  it('is found by its tokens, the refresh token before the present one too', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      await insertSession(tx, aSession());
      expect(await sessionByAccessHash(tx, 'a1')).toEqual(aSession());
      expect(await sessionByAccessHash(tx, 'r1')).toBeNull();
      expect(await sessionByRefreshHash(tx, 'r1')).toEqual({ session: aSession(), previous: false });
      const rotated = aSession({ accessHash: 'a2', refreshHash: 'r2', previousRefreshHash: 'r1' });
      await rotateSession(tx, rotated);
      expect(await sessionByAccessHash(tx, 'a1')).toBeNull();
      expect(await sessionByRefreshHash(tx, 'r1')).toEqual({ session: rotated, previous: true });
      expect(await sessionByRefreshHash(tx, 'r2')).toEqual({ session: rotated, previous: false });
      expect(await sessionByRefreshHash(tx, 'r0')).toBeNull();
    });
  });

  it('ends once: a second revocation does not move the time', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      await insertSession(tx, aSession());
      await insertSession(tx, aSession({ id: idOf('intent', 78), accessHash: 'a9', refreshHash: 'r9' }));
      await revokeSession(tx, aSession().id, now);
      await revokeDeviceSessions(tx, idOf('device', 1), plusMinutes(now, 9));
      const ends = async (hash: string): Promise<Instant | null | undefined> =>
        (await sessionByAccessHash(tx, hash))?.revokedAt;
      expect([await ends('a1'), await ends('a9')]).toEqual([now, plusMinutes(now, 9)]);
    });
  });
});

describe('a patient', () => {
  const anna = {
    givenName: 'Anna',
    familyName: 'Żółkiewska',
    birthDate: date('1980-05-17'),
    email: 'Anna@home.example',
    phone: '+48601220418',
  };

  it('is surely the same by names, birth date, and e-mail or phone', async () => {
    const same = idOf('patient', 11);
    const put = (deleted: boolean) =>
      underClock(database.adminPool, clinicId, (tx) =>
        putRecord(tx, patient, aPatient({ id: same, ...anna, deleted })),
      );
    const found = async (differing: Partial<PatientIdentity>) =>
      (await clockAndPatient(database.appPool, clinicId, { ...anna, ...differing })).patientId;
    await put(false);
    expect(
      await found({
        givenName: ' ANNA ',
        familyName: 'żółkiewska',
        email: 'anna@HOME.example',
        phone: null,
      }),
    ).toBe(same);
    expect(await found({ email: null })).toBe(same);
    expect(await found({ email: 'other@home.example' })).toBe(same);
    expect(await found({ email: 'other@home.example', phone: '+48601220419' })).toBeNull();
    expect(await found({ email: null, phone: null })).toBeNull();
    expect(await found({ birthDate: null })).toBeNull();
    expect(await found({ birthDate: date('1980-05-18') })).toBeNull();
    expect(await found({ givenName: 'Maria' })).toBeNull();
    await put(true);
    expect(await found({})).toBeNull();
  });

  it('may be the same by phone, e-mail or birth date, also swapped; merged and deleted records are not it', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      const born = date('1980-05-04');
      const other = { phone: null, email: null, birthDate: null, familyName: 'Other' };
      const made = [
        { ...other, phone: anna.phone },
        { ...other, email: 'ANNA@home.example' },
        { ...other, birthDate: born },
        { ...other, birthDate: date('1980-04-05') },
        { ...other, phone: anna.phone, deleted: true },
        { ...other, phone: anna.phone, mergedIntoId: idOf('patient', 1) },
        { ...other, birthDate: date('1980-05-05') },
      ].map((fields, n) => aPatient({ id: idOf('patient', 20 + n), ...fields }));
      // Nor the base clinic's own two, who have the same phone.
      await tx.query('UPDATE patients SET phone = NULL');
      await putRecords(tx, patient, made);
      const who = { ...anna, birthDate: born };
      expect((await possibleDuplicates(tx, who)).map((row) => row.id)).toEqual(
        [20, 21, 22, 23].map((n) => idOf('patient', n)),
      );
      expect(await possibleDuplicates(tx, { ...anna, phone: null, email: null, birthDate: null })).toEqual(
        [],
      );
    });
  });

  it('stands before the many who share one thing only', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      const many = Array.from({ length: 60 }, (_, n) =>
        aPatient({ id: idOf('patient', 100 + n), phone: null, birthDate: anna.birthDate }),
      );
      const twin = aPatient({ id: idOf('patient', 500), phone: anna.phone, birthDate: anna.birthDate });
      await tx.query('UPDATE patients SET phone = NULL');
      await putRecords(tx, patient, [...many, twin]);
      const found = await possibleDuplicates(tx, anna);
      expect([found.length, found[0]?.id]).toEqual([50, twin.id]);
    });
  });

  it('is stamped when touched, and nobody else', async () => {
    await tried(database.appPool, clinicId, async (tx, seq) => {
      await touchPatients(tx, [idOf('patient', 2)]);
      await touchPatients(tx, []);
      expect((await readById(tx, patient, idOf('patient', 2)))?.seq).toBe(seq);
      expect((await readById(tx, patient, idOf('patient', 1)))?.seq).toBeLessThan(seq);
    });
  });
});

describe('an intent', () => {
  const asked = {
    id: idOf('intent', 1),
    clinicId,
    seq: 0,
    deleted: false,
    deviceId: idOf('device', 1),
    n: 1,
    userId: null,
    act: 'book',
    actVersion: 1,
    args: { a: 1 },
    baseSeq: 0,
    madeAt: now,
    status: 'done' as const,
    outcomeSeq: 2,
    decidedAt: now,
    outcome: {},
  };

  it('is found by its id', async () => {
    await tried(database.appPool, clinicId, async (tx, seq) => {
      await putRecord(tx, intent, asked);
      expect(await intentById(tx, asked.id)).toEqual({ ...asked, seq });
    });
  });

  it('was answered before under its id, or under its device’s number', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      await putRecord(tx, intent, asked);
      const [device, other] = [idOf('device', 1), idOf('intent', 9)];
      const isAnswered = async (requestId: string, n: number | null) =>
        (await beginAct(tx, clinicId, { requestId, device: n === null ? null : { id: device, n } })).answered;
      expect(await isAnswered(asked.id, null)).toBe(true);
      expect(await isAnswered(other, 1)).toBe(true);
      expect(await isAnswered(other, 2)).toBe(false);
      expect(await isAnswered(other, null)).toBe(false);
    });
  });

  it('takes its device’s number once and for ever', async () => {
    const twice = tried(database.appPool, clinicId, async (tx) => {
      await insertRows(tx, intent, [asked, { ...asked, id: idOf('intent', 2) }]);
    });
    expect(constraintOf(await twice.catch((error: unknown) => error))).toBe('intents_once');
  });
});

describe('a message', () => {
  const reminder: Notification = {
    id: idOf('intent', 30),
    clinicId,
    appointmentId: idOf('appointment', 1),
    patientId: idOf('patient', 1),
    userId: null,
    kind: 'reminder',
    offsetMinutes: 1440,
    channel: 'sms',
    sequence: 0,
    dueAt: now,
    state: 'due',
    attempts: 0,
    providerId: null,
    detail: '',
    payload: {},
    createdAt: now,
    sentAt: null,
  };

  it('is written once for a visit, kind, offset, channel and SEQUENCE', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      await putRecord(tx, appointment, anAppointment({ id: idOf('appointment', 1) }));
      const variants: Partial<Notification>[] = [
        {},
        {},
        { offsetMinutes: 60 },
        { channel: 'email' },
        { sequence: 1 },
        { kind: 'moved' },
        { userId: idOf('user', 1) },
        { userId: idOf('user', 1) },
      ];
      await insertNotifications(
        tx,
        variants.map((fields, n) => ({ ...reminder, ...fields, id: idOf('intent', 30 + n) })),
      );
      const { rows } = await tx.query<{ n: number }>('SELECT count(*) AS n FROM notifications');
      expect(rows[0]?.n).toBe(6);
    });
  });

  it('that belongs to no visit may be written again', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      const digest = { ...reminder, appointmentId: null, kind: 'staff-digest' as const };
      await insertNotifications(tx, [digest, { ...digest, id: idOf('intent', 31) }]);
      const { rows } = await tx.query<{ n: number }>('SELECT count(*) AS n FROM notifications');
      expect(rows[0]?.n).toBe(2);
    });
  });
});

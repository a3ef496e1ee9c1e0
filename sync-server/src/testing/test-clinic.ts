/** A small clinic in a database of its own, behind a real server on a free port: for tests of the whole server side. */
import { randomBytes, randomUUID } from 'node:crypto';
import { uuidv7 } from '@medic/shared/model/id';
import type { Intent } from '@medic/shared/model/intent';
import type { RecordDefinition } from '@medic/shared/model/record';
import { type RecordKind, type SyncedOf, syncedRecords } from '@medic/shared/model/records';
import type { User } from '@medic/shared/model/user';
import { wireVersion } from '@medic/shared/sync/wire';
import {
  aClinic,
  aDoctor,
  aLocation,
  anAppointmentType,
  aPatient,
  aRoom,
  aTemplate,
  aUser,
  date,
  idOf,
  time,
} from '@medic/shared/testing/builders';
import { type Instant, instant } from '@medic/shared/time/instant';
import { parseInstant } from '@medic/shared/time/zone';
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client';
import type { AppRouter } from '../api/router';
import { hashPassword } from '../auth/passwords';
import type { CodeMessage } from '../auth/visitor-codes';
import type { Pool } from '../db/pool';
import { putRecords } from '../db/records';
import { createTestDatabase, type TestDatabase } from '../db/testing/database';
import { inClinic } from '../db/transaction';
import { setPasswordHash } from '../db/users';
import { type Core, type Listening, listenOn, openCore } from '../server';

/** Monday 23 November 2026, 08:00 in Warsaw. */
export const monday = parseInstant('2026-11-23T07:00:00Z');

export const single = idOf('appointmentType', 1);
export const group = idOf('appointmentType', 2);
export const deskOnly = idOf('appointmentType', 3);
export const asked = idOf('appointmentType', 4);
export const nowak = idOf('doctor', 1);
export const okafor = idOf('doctor', 2);
export const harbour = idOf('location', 1);
export const anna = idOf('patient', 1);
export const reception = idOf('user', 1);
export const doctorUser = idOf('user', 2);
export const password = 'a long enough password';

export type Client = TRPCClient<AppRouter>;

export interface TestClinic {
  database: TestDatabase;
  clinicId: string;
  slug: string;
  core: Core;
  listening: Listening;
  url: string;
  /** What the server takes for now. */
  clock: { now: Instant };
  visitor: Client;
  /** One-time codes as they went out. */
  codes: CodeMessage[];
  signIn(email?: string, deviceId?: string): Promise<TestDesk>;
  /** Asks this server with a token of any. */
  clientOf(accessToken: string): Client;
  count(table: string, where?: string): Promise<number>;
  close(): Promise<void>;
}

export interface TestDesk {
  client: Client;
  deviceId: string;
  userId: string;
  accessToken: string;
  refreshToken: string;
  /** An intent as a desk would make it; its number counts up. */
  intent(act: string, args: Record<string, unknown>, overrides?: Partial<Intent>): Intent;
  push(...intents: Record<string, unknown>[]): Promise<Intent[]>;
}

export interface TestClinicOptions {
  /** Wanted outside vitest, where no global set-up has started one. */
  adminUrl?: string;
  /** 1 are the limits of a real server; a thousand times as many unless said. */
  limitFactor?: number;
  /** Of the proof of work that visitors show; none unless said. */
  proofBits?: number;
  /** How long the reader of an event stream may take nothing. */
  slowestReaderMs?: number;
}

export async function openTestClinic(options: TestClinicOptions = {}): Promise<TestClinic> {
  const { adminUrl } = options;
  const database = await createTestDatabase(adminUrl === undefined ? undefined : { adminUrl });
  await arrangeClinic(database.adminPool, { slug: 'harbour', number: 1 });
  return await serveTestClinic(database, options);
}

/** A server over a database with the clinic in it: another process beside the first, or the same one started again. */
export async function serveTestClinic(
  database: TestDatabase,
  { limitFactor = 1000, proofBits = 0, slowestReaderMs }: TestClinicOptions = {},
): Promise<TestClinic> {
  const slug = 'harbour';
  const clinicId = idOf('clinic', 1);
  const clock = { now: monday };
  const codes: CodeMessage[] = [];
  const core = await openCore(database.appPool, {
    limitFactor,
    proofBits,
    secret: Buffer.alloc(32, 7),
    sendCode: (message) => codes.push(message),
    now: () => clock.now,
  });
  const listening = await listenOn({
    port: 0,
    host: '127.0.0.1',
    trustedProxies: 0,
    ...(slowestReaderMs === undefined ? {} : { slowestReaderMs }),
  });
  listening.open(core, database.appPool);
  return {
    database,
    clinicId,
    slug,
    core,
    listening,
    url: listening.url,
    clock,
    visitor: clientOf(listening.url, null),
    codes,
    clientOf: (accessToken) => clientOf(listening.url, accessToken),
    signIn: (email = 'reception@harbour.example', deviceId = randomUUID()) =>
      signIn(listening.url, slug, clinicId, email, deviceId, clock),
    count: async (table, where = 'true') => {
      const { rows } = await database.adminPool.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM ${table} WHERE ${where}`,
      );
      return rows[0]?.n ?? 0;
    },
    close: async () => {
      await listening.close();
      await database.drop();
    },
  };
}

/** Two doctors from 08:00 to 16:00 on every weekday, four kinds of visit, a receptionist, a doctor and a patient. */
export async function arrangeClinic(
  adminPool: Pool,
  { slug, number }: { slug: string; number: number },
): Promise<string> {
  const clinicId = idOf('clinic', number);
  const own = { clinicId };
  const places = (typeId: string, n: number) => [
    {
      id: idOf('appointmentTypeLocation', n),
      clinicId,
      appointmentTypeId: typeId,
      locationId: harbour,
      doctorId: null,
    },
  ];
  const weekdays = [1, 2, 3, 4, 5];
  const records: { [K in RecordKind]?: SyncedOf<K>[] } = {
    clinic: [aClinic({ ...own, id: clinicId, slug })],
    location: [
      aLocation({
        ...own,
        id: harbour,
        rooms: [aRoom({ ...own, id: idOf('room', 1), locationId: harbour })],
      }),
    ],
    doctor: [nowak, okafor].map((id, i) =>
      aDoctor({
        ...own,
        id,
        slug: ['nowak', 'okafor'][i] ?? '',
        name: ['Maja Nowak', 'Ade Okafor'][i] ?? '',
        places: [{ id: idOf('doctorLocation', i + 1), clinicId, doctorId: id, locationId: harbour }],
      }),
    ),
    user: [
      aUser({ ...own, id: reception, email: 'reception@harbour.example', roles: ['reception'] }),
      aUser({ ...own, id: doctorUser, email: 'okafor@harbour.example', roles: ['doctor'], doctorId: okafor }),
    ],
    appointmentType: [
      anAppointmentType({
        ...own,
        id: single,
        slug: 'consultation',
        durationMinutes: 30,
        slotStepMinutes: 15,
        minNoticeMinutes: 60,
        places: places(single, 1),
      }),
      anAppointmentType({
        ...own,
        id: group,
        slug: 'class',
        capacity: 8,
        durationMinutes: 60,
        slotStepMinutes: 60,
        places: places(group, 2),
      }),
      anAppointmentType({
        ...own,
        id: deskOnly,
        slug: 'desk-only',
        bookableBy: 'desk',
        places: places(deskOnly, 3),
      }),
      anAppointmentType({ ...own, id: asked, slug: 'asked', needsAccepting: true, places: places(asked, 4) }),
    ],
    scheduleTemplate: [nowak, okafor].flatMap((doctorId) =>
      weekdays.map((weekday) =>
        aTemplate({
          ...own,
          doctorId,
          locationId: harbour,
          roomId: null,
          weekday,
          opensAt: time('08:00'),
          closesAt: time('16:00'),
          validFrom: date('2026-01-01'),
          anchorDate: date('2026-01-01'),
          breaks: [],
        }),
      ),
    ),
    patient: [aPatient({ ...own, id: anna, givenName: 'Anna', familyName: 'Polańska' })],
  };
  const hash = await hashPassword(password);
  await inClinic(adminPool, clinicId, async (tx) => {
    await tx.query(`SELECT set_config('medic.seq', '1', true)`);
    await putRecords(tx, syncedRecords.clinic, records.clinic ?? []);
    await tx.query('INSERT INTO clinic_clocks (clinic_id, seq, epoch) VALUES ($1, 1, $2)', [
      clinicId,
      randomUUID(),
    ]);
    for (const kind of [
      'location',
      'doctor',
      'user',
      'appointmentType',
      'scheduleTemplate',
      'patient',
    ] as const) {
      await putRecords(
        tx,
        syncedRecords[kind] as RecordDefinition,
        (records[kind] ?? []) as Record<string, unknown>[],
      );
    }
    for (const user of records.user as User[]) await setPasswordHash(tx, user.id, hash);
  });
  return clinicId;
}

function clientOf(url: string, token: string | null): Client {
  return createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: `${url}/api/trpc`,
        headers: token === null ? {} : { authorization: `Bearer ${token}` },
      }),
    ],
  });
}

async function signIn(
  url: string,
  slug: string,
  clinicId: string,
  email: string,
  deviceId: string,
  clock: { now: Instant },
): Promise<TestDesk> {
  const answer = await clientOf(url, null).auth.signIn.mutate({
    clinic: slug,
    email,
    password,
    device: { id: deviceId, name: 'Desk 1', kind: 'web' },
  });
  const client = clientOf(url, answer.accessToken);
  let n = answer.lastN;
  return {
    client,
    deviceId,
    userId: answer.user.id,
    accessToken: answer.accessToken,
    refreshToken: answer.refreshToken,
    intent(act, args, overrides = {}) {
      n += 1;
      return {
        id: uuidv7(clock.now, randomBytes(10)),
        clinicId,
        seq: 0,
        deleted: false,
        deviceId,
        n,
        userId: answer.user.id,
        act,
        actVersion: 1,
        args,
        baseSeq: 1,
        madeAt: clock.now,
        status: 'pending',
        outcomeSeq: null,
        decidedAt: null,
        outcome: {},
        ...overrides,
      };
    },
    async push(...intents) {
      return (await client.sync.push.mutate({ wireVersion, intents })).intents;
    },
  };
}

let made = 0;

/** A fresh UUID for an argument. */
export function newId(): string {
  made += 1;
  return uuidv7(instant(monday + made), randomBytes(10));
}

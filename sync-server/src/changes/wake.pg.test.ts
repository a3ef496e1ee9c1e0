import { connect } from 'node:net';
import { syncedRecords } from '@medic/shared/model/records';
import type { Role } from '@medic/shared/model/user';
import { type Checkpoint, wireVersion } from '@medic/shared/sync/wire';
import { at, aUser, idOf } from '@medic/shared/testing/builders';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeClock } from '../db/clinics';
import { openAppPool } from '../db/pool';
import { putRecord } from '../db/records';
import { inClinic, type Transaction } from '../db/transaction';
import { listenOn, openCore } from '../server';
import { slowReadersCut } from '../telemetry/metrics';
import {
  anna,
  harbour,
  monday,
  newId,
  nowak,
  okafor,
  openTestClinic,
  reception,
  serveTestClinic,
  single,
  type TestClinic,
  type TestDesk,
} from '../testing/test-clinic';
import { type Listening, listenAs } from '../testing/wake-stream';

let clinic: TestClinic;
let desk: TestDesk;

beforeAll(async () => {
  clinic = await openTestClinic();
  desk = await clinic.signIn();
});
afterAll(() => clinic.close());

const book = (time: string) =>
  desk.intent('appointment.book', {
    appointmentId: newId(),
    patientId: anna,
    doctorId: nowak,
    locationId: harbour,
    appointmentTypeId: single,
    startsAt: at(`2026-11-25 ${time}`),
    notes: '',
  });

it('tells a desk of a change, and which collections it is in', async () => {
  const other = await clinic.signIn();
  const listening = await listenAs(clinic.url, other.accessToken);
  const [intent] = await desk.push(book('08:00'));
  const wake = await listening.next();
  expect(wake.seq).toBe(intent?.outcomeSeq);
  expect(wake.collections).toEqual(expect.arrayContaining(['appointments', 'patients']));
  listening.stop();
});

it('tells of an intent that has its answer the desk alone that made it', async () => {
  const other = await clinic.signIn();
  const [own, others] = await Promise.all([
    listenAs(clinic.url, desk.accessToken),
    listenAs(clinic.url, other.accessToken),
  ]);
  await desk.push(book('08:30'));
  expect((await own.next()).collections).toContain('intents');
  expect((await others.next()).collections).not.toContain('intents');
  own.stop();
  others.stop();
});

describe('the rows that a wake brings', () => {
  it('are those of a pull, in a chain without gaps', async () => {
    const other = await clinic.signIn();
    const listening = await listenAs(clinic.url, other.accessToken, undefined, true);
    let standsAt = listening.wakes[0]?.seq;
    for (const time of ['13:00', '13:30', '14:00']) {
      const collection = 'appointments';
      const before = await pullAll(other, collection, null);
      const [intent] = await desk.push(book(time));
      const { seq, changes } = await listening.next();
      expect(seq).toBe(intent?.outcomeSeq);
      expect(changes?.after).toBe(standsAt);
      standsAt = seq;
      const brought = changes?.rows.find((rows) => rows.collection === collection)?.documents;
      const after = await pullAll(other, collection, before.checkpoint);
      expect(brought).toEqual(after.documents);
      expect(after.documents).toHaveLength(1);
      expect(changes?.history).toEqual(after.checkpoint.history);
      expect(changes?.rows.map((rows) => rows.collection)).toEqual(['patients', 'appointments']);
    }
    listening.stop();
  });

  it('are within the scope of who listens: of another doctor’s visit only that it is not theirs', async () => {
    const doctor = await clinic.signIn('okafor@harbour.example');
    const listening = await listenAs(clinic.url, doctor.accessToken, undefined, true);
    const [intent] = await desk.push(book('14:30'));
    const { seq, changes } = await listening.next();
    expect(seq).toBe(intent?.outcomeSeq);
    const documents = changes?.rows.flatMap((rows) => rows.documents) ?? [];
    expect(documents.length).toBeGreaterThan(0);
    for (const document of documents)
      expect(Object.keys(document).sort()).toEqual(['deleted', 'id', 'recordKind', 'seq']);
    listening.stop();
  });

  it('do not come for somebody whose role is another now', async () => {
    const doctor = await clinic.signIn('okafor@harbour.example');
    const listening = await listenAs(clinic.url, doctor.accessToken, undefined, true);
    await changeUser("roles = '{reception}', doctor_id = NULL");
    expect(await listening.next()).toMatchObject({ collections: null });
    expect(listening.wakes.at(-1)?.changes).toBeUndefined();
    const [intent] = await desk.push(book('15:00'));
    const { changes } = await listening.next();
    const visits = changes?.rows.find((rows) => rows.collection === 'appointments')?.documents;
    expect(visits).toMatchObject([{ id: intent?.args.appointmentId, patientId: anna, deleted: false }]);
    listening.stop();
    await changeUser(`roles = '{doctor}', doctor_id = '${okafor}'`);
  });

  it('do not come to a client that does not ask for them', async () => {
    const listening = await listenAs(clinic.url, desk.accessToken);
    await desk.push(book('15:30'));
    const wake = await listening.next();
    expect(wake.collections).toEqual(expect.arrayContaining(['appointments', 'patients', 'intents']));
    expect(wake.changes).toBeUndefined();
    listening.stop();
  });
});

async function pullAll(reader: TestDesk, collection: 'appointments', checkpoint: Checkpoint | null) {
  const answer = await reader.client.sync.pull.query({ wireVersion, collection, checkpoint, limit: 1000 });
  if (answer.kind !== 'documents') throw new Error('reset');
  return answer;
}

it('tells the desks of another server process too', async () => {
  const pool = await openAppPool(clinic.database.url);
  const second = await openCore(pool, { limitFactor: 1000, now: () => monday });
  const listening = await listenAs(clinic.url, desk.accessToken);
  const outcome = await second.services.executor.execute({
    clinicId: clinic.clinicId,
    actor: { kind: 'system', id: null, name: 'test', roles: [], rights: [], doctorId: null },
    act: 'time.block',
    actVersion: 1,
    args: {
      exceptionId: newId(),
      doctorId: nowak,
      locationId: harbour,
      date: '2026-11-26',
      startsAt: '09:00',
      endsAt: '10:00',
      reason: '',
    },
    requestId: newId(),
    device: null,
    baseSeq: 0,
    madeAt: null,
  });
  expect(outcome.status).toBe('done');
  expect(await listening.next()).toMatchObject({
    seq: outcome.outcomeSeq,
    collections: ['availabilityExceptions'],
  });
  listening.stop();

  // And this process' facts follow: the block that the other one wrote stands in the way here.
  const [refused] = await desk.push(
    desk.intent('appointment.book', { ...book('09:00').args, startsAt: at('2026-11-26 09:00') }),
  );
  expect(refused?.outcome).toMatchObject({ reasons: [{ code: 'slot', reason: { code: 'block' } }] });
  await second.hub.close();
  await pool.end();
});

it('ends subscriptions when the server stops', async () => {
  const another = await openTestClinic();
  const there = await another.signIn();
  const response = await fetch(`${another.url}/api/trpc/sync.wake`, {
    headers: { authorization: `Bearer ${there.accessToken}`, accept: 'text/event-stream' },
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const read = response.text().catch(() => 'cut');
  await another.close();
  await read;
});

/** As an act would write the directory: under the clock, and whoever listens is told. */
async function writeDirectory(work: (tx: Transaction) => Promise<unknown>): Promise<void> {
  const clock = await inClinic(clinic.database.adminPool, clinic.clinicId, async (tx) => {
    const taken = await takeClock(tx, clinic.clinicId);
    await work(tx);
    return taken;
  });
  clinic.core.hub.committed(clinic.clinicId, { ...clock, collections: ['directory'] });
}

const changeUser = (change: string) =>
  writeDirectory((tx) => tx.query(`UPDATE users SET ${change} WHERE email = 'okafor@harbour.example'`));

/** With the password that everybody has here. */
async function addUser(id: string, email: string, roles: Role[]): Promise<void> {
  await writeDirectory(async (tx) => {
    await putRecord(tx, syncedRecords.user, aUser({ id, clinicId: clinic.clinicId, email, roles }));
    await tx.query(
      'UPDATE users SET password_hash = (SELECT password_hash FROM users WHERE id = $2) WHERE id = $1',
      [id, reception],
    );
  });
}

async function signInAdmin(): Promise<TestDesk> {
  const email = 'admin@harbour.example';
  await addUser(idOf('user', 90), email, ['admin']);
  return await clinic.signIn(email);
}

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  return await work.then(
    () => undefined,
    (error: { data?: { medic?: { code: string } } }) => error.data?.medic?.code ?? 'another error',
  );
}

/** Everything that a stream sends until `stop`, as it stands on the wire. */
async function rawStream(accessToken: string, at = clinic) {
  const stopped = new AbortController();
  const response = await fetch(`${at.url}/api/trpc/sync.wake`, {
    headers: { authorization: `Bearer ${accessToken}`, accept: 'text/event-stream' },
    signal: stopped.signal,
  });
  return { response, stop: () => stopped.abort() };
}

describe('the stream', () => {
  it('is kept by no proxy and no cache', async () => {
    const { response, stop } = await rawStream(desk.accessToken);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('cache-control')).toMatch(/no-cache|no-store/);
    expect(response.headers.get('cache-control')).toContain('no-transform');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    expect(response.headers.get('content-encoding')).toBeNull();
    stop();
  });

  it('taken up again says what was missed, or that nothing was', async () => {
    const first = await listenAs(clinic.url, desk.accessToken);
    await desk.push(book('10:00'));
    await first.next();
    const last = first.ids.at(-1);
    first.stop();
    const nothing = await listenAs(clinic.url, desk.accessToken, last);
    expect(nothing.wakes[0]).toMatchObject({ collections: [] });
    nothing.stop();
    const [missed] = await desk.push(book('11:00'));
    const again = await listenAs(clinic.url, desk.accessToken, last);
    expect(again.wakes[0]).toMatchObject({ collections: null, seq: missed?.outcomeSeq });
    again.stop();
  });

  it('loses no change however often it is cut and taken up', async () => {
    const reader = await clinic.signIn();
    let stream: Listening | null = null;
    let lastEventId: string | undefined;
    let checkpoint: Parameters<typeof reader.client.sync.pull.query>[0]['checkpoint'] = null;
    const seen = new Set<string>();
    const made: string[] = [];
    async function pullNow(): Promise<void> {
      const answer = await reader.client.sync.pull.query({
        wireVersion,
        collection: 'patients',
        checkpoint,
        limit: 1000,
      });
      if (answer.kind !== 'documents') throw new Error('reset');
      for (const { id } of answer.documents) seen.add(id);
      checkpoint = answer.checkpoint;
    }
    for (let round = 0; round < 8; round++) {
      stream = await listenAs(clinic.url, reader.accessToken, lastEventId);
      // What the first wake says is all that a desk goes by.
      if (stream.wakes[0]?.collections?.length !== 0) await pullNow();
      for (let n = 0; n < 3; n++) {
        const patientId = newId();
        made.push(patientId);
        await desk.push(
          desk.intent('patient.create', {
            patientId,
            givenName: `Given ${round}`,
            familyName: `Family ${n} ${patientId}`,
            birthDate: null,
            phone: null,
            email: null,
            language: 'en',
            consentSms: false,
            consentEmail: false,
            notes: '',
          }),
        );
        if (n === 0) {
          await stream.next();
          await pullNow();
        }
        // Cut after the second: the third is missed.
        if (n === 1) stream.stop();
      }
      lastEventId = stream.ids.at(-1);
    }
    stream = await listenAs(clinic.url, reader.accessToken, lastEventId);
    if (stream.wakes[0]?.collections?.length !== 0) await pullNow();
    stream.stop();
    expect(made.filter((id) => !seen.has(id))).toEqual([]);
  });

  it('of a lost device is cut at once, and its next contact says to wipe', async () => {
    const admin = await signInAdmin();
    const lost = await clinic.signIn();
    const stream = await listenAs(clinic.url, lost.accessToken);
    const bystander = await listenAs(clinic.url, desk.accessToken);
    await admin.client.auth.revokeDevice.mutate({ deviceId: lost.deviceId });
    expect(await stream.ended).toBe('auth.revoked');
    expect(await codeOf(lost.push())).toBe('auth.revoked');
    expect(await codeOf(clinic.visitor.auth.refresh.mutate({ refreshToken: lost.refreshToken }))).toBe(
      'auth.revoked',
    );
    expect(await codeOf(clinic.signIn(undefined, lost.deviceId))).toBe('auth.revoked');
    // Everybody else goes on.
    await bystander.next();
    await desk.push(book('12:00'));
    expect((await bystander.next()).collections).toContain('appointments');
    bystander.stop();
    const devices = await admin.client.auth.devices.query();
    expect(devices.find(({ id }) => id === lost.deviceId)?.revokedAt).not.toBeNull();
    expect(
      await clinic.count('audit_log', `action = 'device.revoke' AND subject_id = '${lost.deviceId}'`),
    ).toBe(1);
  });

  it('of a device that another server process revoked is cut too', async () => {
    const admin = await signInAdmin();
    const second = await serveTestClinic(clinic.database);
    const lost = await clinic.signIn();
    const stream = await listenAs(second.url, lost.accessToken);
    await admin.client.auth.revokeDevice.mutate({ deviceId: lost.deviceId });
    expect(await stream.ended).toBe('auth.revoked');
    await second.listening.close();
  });

  it('only admins revoke devices', async () => {
    expect(await codeOf(desk.client.auth.revokeDevice.mutate({ deviceId: desk.deviceId }))).toBe(
      'auth.forbidden',
    );
    expect(await codeOf(desk.client.auth.devices.query())).toBe('auth.forbidden');
  });

  it('of a leaver is cut when the directory changes', async () => {
    const leaver = await clinic.signIn('okafor@harbour.example');
    const stream = await listenAs(clinic.url, leaver.accessToken);
    await changeUser(`active = false`);
    expect(await stream.ended).toBe('auth.revoked');
    expect(await codeOf(leaver.push())).toBe('auth.revoked');
    await changeUser(`active = true`);
  });

  it('of somebody whose account an admin takes away is cut on every desk of theirs, and each is told to wipe', async () => {
    const admin = await signInAdmin();
    const leaver = { id: idOf('user', 91), email: 'leaver@harbour.example' };
    await addUser(leaver.id, leaver.email, ['reception']);
    const desks = [await clinic.signIn(leaver.email), await clinic.signIn(leaver.email)];
    const streams = await Promise.all(desks.map((each) => listenAs(clinic.url, each.accessToken)));
    const bystander = await listenAs(clinic.url, desk.accessToken);
    await admin.client.auth.deactivateUser.mutate({ userId: leaver.id });
    for (const stream of streams) expect(await stream.ended).toBe('auth.revoked');
    for (const each of desks) {
      expect(await codeOf(each.push(each.intent('patient.create', {})))).toBe('auth.revoked');
      expect(await codeOf(clinic.visitor.auth.refresh.mutate({ refreshToken: each.refreshToken }))).toBe(
        'auth.revoked',
      );
    }
    expect(await codeOf(clinic.signIn(leaver.email))).toBe('auth.wrong');
    // The others learn that one of them has left.
    expect((await bystander.next()).collections).toContain('directory');
    bystander.stop();
    expect(await clinic.count('users', `id = '${leaver.id}' AND NOT active`)).toBe(1);
    const logged = `action = 'user.deactivate' AND subject_id = '${leaver.id}'`;
    expect(await clinic.count('audit_log', logged)).toBe(1);
    await admin.client.auth.deactivateUser.mutate({ userId: leaver.id });
    expect(await clinic.count('audit_log', logged)).toBe(1);
  });

  it('only admins take accounts away, and nobody their own', async () => {
    const admin = await signInAdmin();
    const id = idOf('user', 92);
    await addUser(id, 'stays@harbour.example', ['reception']);
    expect(await codeOf(desk.client.auth.deactivateUser.mutate({ userId: id }))).toBe('auth.forbidden');
    expect(await codeOf(admin.client.auth.deactivateUser.mutate({ userId: idOf('user', 90) }))).toBe(
      'auth.forbidden',
    );
    expect(await clinic.count('users', `id = '${id}' AND active`)).toBe(1);
    expect(await codeOf(admin.client.auth.deactivateUser.mutate({ userId: crypto.randomUUID() }))).toBe(
      'record.unknown',
    );
  });

  it('of somebody whose role changes says to look at everything', async () => {
    const doctor = await clinic.signIn('okafor@harbour.example');
    const stream = await listenAs(clinic.url, doctor.accessToken);
    await changeUser(`roles = '{reception}'`);
    expect(await stream.next()).toMatchObject({ collections: null });
    await changeUser(`roles = '{doctor}'`);
    stream.stop();
  });

  it('of one device is open four times at most', async () => {
    const streams = [];
    for (let n = 0; n < 5; n++) streams.push(await listenAs(clinic.url, desk.accessToken));
    expect(await streams[0]?.ended).toBeNull();
    await desk.push(book('13:00'));
    for (const stream of streams.slice(1)) {
      expect((await stream.next()).seq).toBeGreaterThan(0);
      stream.stop();
    }
  });

  it('whose reader takes nothing is cut, and costs no memory until then', async () => {
    const slow = await serveTestClinic(clinic.database, { slowestReaderMs: 300 });
    const { hostname, port } = new URL(slow.url);
    const socket = connect({ host: hostname, port: Number(port) });
    socket.pause();
    socket.write(
      `GET /api/trpc/sync.wake HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${desk.accessToken}\r\nAccept: text/event-stream\r\n\r\n`,
    );
    const cutSoFar = async () => (await slowReadersCut.get()).values[0]?.value ?? 0;
    const before = await cutSoFar();
    // Wide wakes, so that what the system keeps for the two sockets is full soon.
    const collections = Array.from({ length: 400 }, (_, n) => `collection-${n}`);
    for (let seq = 1_000_000; (await cutSoFar()) === before; seq++) {
      slow.core.hub.committed(clinic.clinicId, { epoch: newId(), seq, collections });
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    socket.destroy();
    await slow.listening.close();
  }, 60_000);
});

it('a server that is not ready asks everybody to come again, each at a moment of its own', async () => {
  const starting = await listenOn({ port: 0, host: '127.0.0.1', trustedProxies: 0 });
  const waits = new Set<number>();
  for (let n = 0; n < 30; n++) {
    const response = await fetch(`${starting.url}/api/trpc/sync.push`, { method: 'POST' });
    expect(response.status).toBe(503);
    waits.add(Number(response.headers.get('retry-after')));
  }
  await starting.close();
  expect(waits.size).toBeGreaterThan(1);
  for (const seconds of waits) expect(seconds >= 1 && seconds <= 5).toBe(true);
});

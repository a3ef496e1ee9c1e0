/**
 * A database that was put back to a time before, in every way that there is: desks notice at their next contact, and
 * nothing that they did is decided before what the server has lost.
 */
import { chmod, cp, lchown, lstat, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Intent } from '@medic/shared/model/intent';
import { type Checkpoint, type PullAnswer, wireVersion } from '@medic/shared/sync/wire';
import { at } from '@medic/shared/testing/builders';
import { afterEach, expect, it } from 'vitest';
import { makeBackup } from '../db/backup/backup';
import { restoreBackup } from '../db/backup/restore';
import { startEmbeddedServer } from '../db/embedded-server';
import { migrate } from '../db/migrate';
import { openAdminPool, openAppPool } from '../db/pool';
import { createTestDatabase, type TestDatabase } from '../db/testing/database';
import { runOn } from '../db/testing/server';
import {
  anna,
  arrangeClinic,
  harbour,
  newId,
  nowak,
  serveTestClinic,
  single,
  type TestClinic,
  type TestDesk,
} from '../testing/test-clinic';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A database that servers come and go over, and that can be put back. */
class Place {
  #open: TestDatabase | null = null;
  #served: TestClinic | null = null;
  readonly url: string;

  constructor(url: string) {
    this.url = url;
    cleanUps.push(() => this.stop());
  }

  async serve(): Promise<TestClinic> {
    const adminPool = await openAdminPool(this.url);
    const appPool = await openAppPool(this.url);
    this.#open = { adminPool, appPool, url: this.url, drop: async () => undefined };
    this.#served = await serveTestClinic(this.#open);
    return this.#served;
  }

  async stop(): Promise<void> {
    await this.#served?.listening.close();
    this.#served = null;
    await Promise.all([this.#open?.adminPool.end(), this.#open?.appPool.end()]);
    this.#open = null;
  }
}

async function aPlace(): Promise<Place> {
  const database = await createTestDatabase();
  await arrangeClinic(database.adminPool, { slug: 'harbour', number: 1 });
  await Promise.all([database.adminPool.end(), database.appPool.end()]);
  const { name, maintenance } = partsOf(database.url);
  cleanUps.push(() =>
    runOn(
      maintenance,
      ...[name, `${name}_kept`, `${name}_before_restore`].map(
        (each) => `DROP DATABASE IF EXISTS ${each} WITH (FORCE)`,
      ),
    ),
  );
  return new Place(database.url);
}

function partsOf(url: string): { name: string; maintenance: string } {
  const server = new URL(url);
  const name = server.pathname.slice(1);
  server.pathname = '/postgres';
  return { name, maintenance: server.toString() };
}

let minutes = 0;
/** Books the next quarter of an hour that is free. */
async function book(desk: TestDesk): Promise<Intent> {
  minutes += 30;
  const startsAt = at('2026-12-01 08:00') + Math.floor(minutes / 420) * 86_400_000 + (minutes % 420) * 60_000;
  const [intent] = await desk.push(
    desk.intent('appointment.book', {
      appointmentId: newId(),
      patientId: anna,
      doctorId: nowak,
      locationId: harbour,
      appointmentTypeId: single,
      startsAt,
      notes: '',
    }),
  );
  expect(intent?.status).toBe('done');
  return intent as Intent;
}

const pull = (desk: TestDesk, checkpoint: Checkpoint | null): Promise<PullAnswer> =>
  desk.client.sync.pull.query({ wireVersion, collection: 'appointments', checkpoint, limit: 1000 });

async function checkpointOf(desk: TestDesk): Promise<Checkpoint> {
  const answer = await pull(desk, null);
  if (answer.kind !== 'documents') throw new Error('reset');
  return answer.checkpoint;
}

/** What a desk of before meets: a new epoch, the same for every desk, and a fresh pull that holds. */
async function expectNewEpoch(desk: TestDesk, other: TestDesk, before: Checkpoint): Promise<void> {
  // A push that knows only the old epoch decides nothing.
  const unsent = desk.intent('patient.create', {});
  const pushed = await desk.client.sync.push.mutate({
    wireVersion,
    intents: [unsent],
    epoch: before.epoch,
    history: before.history ?? null,
  });
  expect(pushed).toMatchObject({ intents: [], reset: 'epoch' });
  expect(pushed.epoch).not.toBe(before.epoch);
  const [answer, another] = await Promise.all([pull(desk, before), pull(other, before)]);
  expect(answer).toMatchObject({ kind: 'reset', why: 'epoch', epoch: pushed.epoch });
  expect(another).toMatchObject({ kind: 'reset', why: 'epoch', epoch: pushed.epoch });
  const fresh = await checkpointOf(desk);
  expect(fresh.epoch).toBe(pushed.epoch);
  expect(await pull(desk, fresh)).toMatchObject({ kind: 'documents', documents: [] });
}

/** Puts a copy of the database away and back under its own name: as a copy of its files, it has every mark of the first. */
async function keepCopy(url: string): Promise<() => Promise<void>> {
  const { name, maintenance } = partsOf(url);
  await runOn(maintenance, `CREATE DATABASE ${name}_kept TEMPLATE ${name} STRATEGY FILE_COPY`);
  return () =>
    runOn(maintenance, `DROP DATABASE ${name} WITH (FORCE)`, `ALTER DATABASE ${name}_kept RENAME TO ${name}`);
}

it('a copy of its files put back is noticed by what a desk has seen since', async () => {
  const place = await aPlace();
  const first = await place.serve();
  await book(await first.signIn());
  await place.stop();
  const putBack = await keepCopy(place.url);

  const second = await place.serve();
  const [there] = [await second.signIn()];
  await book(there);
  const before = await checkpointOf(there);
  await place.stop();
  await putBack();

  const third = await place.serve();
  const [desk, other] = [await third.signIn(), await third.signIn()];
  await expectNewEpoch(desk, other, before);
});

it('a copy put back is noticed also when more was written since than the desk had seen', async () => {
  const place = await aPlace();
  const first = await place.serve();
  await book(await first.signIn());
  await place.stop();
  const putBack = await keepCopy(place.url);
  const second = await place.serve();
  const there = await second.signIn();
  await book(there);
  const before = await checkpointOf(there);
  await place.stop();
  await putBack();

  const third = await place.serve();
  const [desk, other] = [await third.signIn(), await third.signIn()];
  for (let n = 0; n < 5; n++) await book(desk);
  const [clock] = (await third.database.adminPool.query<{ seq: number }>('SELECT seq FROM clinic_clocks'))
    .rows;
  expect(clock?.seq).toBeGreaterThan(before.seq);
  await expectNewEpoch(desk, other, before);
});

it('of a copy put back a desk that had seen nothing since goes on as it was', async () => {
  const place = await aPlace();
  const first = await place.serve();
  const there = await first.signIn();
  await book(there);
  const before = await checkpointOf(there);
  await place.stop();
  const putBack = await keepCopy(place.url);
  const second = await place.serve();
  await book(await second.signIn());
  await place.stop();
  await putBack();
  const third = await place.serve();
  expect(await pull(await third.signIn(), before)).toMatchObject({ kind: 'documents', documents: [] });
});

it('a backup put back is noticed by whoever knew the server before', async () => {
  const place = await aPlace();
  const folder = await mkdtemp(join(tmpdir(), 'medic-restore-'));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'one.backup');
  const first = await place.serve();
  const there = await first.signIn();
  const kept = await book(there);
  expect(await pull(there, null)).toMatchObject({ backedUpSeq: null });
  await makeBackup(place.url, first.database.adminPool, path);
  expect(await pull(there, null)).toMatchObject({ backedUpSeq: kept.outcomeSeq });
  const lost = await book(there);
  const before = await checkpointOf(there);
  await place.stop();
  await restoreBackup(place.url, path, { log: () => undefined });

  const second = await place.serve();
  const [desk, other] = [await second.signIn(), await second.signIn(undefined, there.deviceId)];
  await expectNewEpoch(desk, other, before);
  // What was lost is sent again under its own id, what is known gets its old answer.
  const again = await other.client.sync.push.mutate({
    wireVersion,
    intents: [kept, lost],
    epoch: (await checkpointOf(other)).epoch,
  });
  expect(again.intents.map(({ id, status }) => [id, status])).toEqual([
    [kept.id, 'done'],
    [lost.id, 'done'],
  ]);
  expect(again.intents[0]?.outcomeSeq).toBe(kept.outcomeSeq);
  expect(await second.count('appointments')).toBe(2);
}, 60_000);

it('a dump that somebody else restored is noticed when the server starts', async () => {
  const place = await aPlace();
  const first = await place.serve();
  const there = await first.signIn();
  await book(there);
  const before = await checkpointOf(there);
  await place.stop();
  // What pg_restore --clean does: the table is another one with the same rows.
  await runOn(
    place.url,
    'CREATE TABLE kept AS SELECT * FROM clinic_clocks',
    'ALTER TABLE clinic_clocks RENAME TO gone',
    'CREATE TABLE clinic_clocks (LIKE gone INCLUDING ALL)',
    'INSERT INTO clinic_clocks SELECT * FROM kept',
    `ALTER TABLE clinic_clocks ALTER database_mark SET DEFAULT database_mark()`,
    'DROP TABLE kept, gone',
    `CALL keep_to_clinic('clinic_clocks')`,
    'GRANT SELECT, UPDATE (seq) ON clinic_clocks TO medic_app',
  );
  const second = await place.serve();
  await expectNewEpoch(await second.signIn(), await second.signIn(), before);
});

it('a server of its own, recovered to a point in time or put back as files, is noticed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'medic-place-'));
  await chmod(folder, 0o755);
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  const [dataDir, copy] = [join(folder, 'data'), join(folder, 'copy')];
  await mkdir(dataDir, { mode: 0o755 });
  const start = async () => {
    const server = await startEmbeddedServer({ dataDir, log: () => undefined });
    return { server, place: new Place(server.adminUrl) };
  };

  // Files put back after a cold copy.
  let { server, place } = await start();
  const admin = await openAdminPool(server.adminUrl);
  await migrate(admin);
  await arrangeClinic(admin, { slug: 'harbour', number: 1 });
  await admin.end();
  await book(await (await place.serve()).signIn());
  await place.stop();
  await server.stop();
  await copyFiles(dataDir, copy);

  ({ server, place } = await start());
  let there = await (await place.serve()).signIn();
  await book(there);
  let before = await checkpointOf(there);
  await place.stop();
  await server.stop();
  await copyFiles(copy, dataDir);

  ({ server, place } = await start());
  let served = await place.serve();
  await expectNewEpoch(await served.signIn(), await served.signIn(), before);

  // On another timeline, as recovery to a point in time and a promoted standby leave it.
  there = await served.signIn();
  before = await checkpointOf(there);
  await place.stop();
  const cluster = join(dataDir, 'postgres', 'data');
  await runOn(server.adminUrl, 'CHECKPOINT');
  await server.stop();
  await writeFile(join(cluster, 'standby.signal'), '');
  server = await startEmbeddedServer({ dataDir, log: () => undefined, settings: { hot_standby: 'on' } });
  await runOn(server.adminUrl, 'SELECT pg_promote()');
  place = new Place(server.adminUrl);
  served = await place.serve();
  await expectNewEpoch(await served.signIn(), await served.signIn(), before);
  await place.stop();
  await server.stop();
}, 120_000);

/** With the owners of the files: started as root, Postgres runs as a plain user and takes only what is that user's. */
async function copyFiles(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await cp(from, to, { recursive: true, preserveTimestamps: true });
  if (process.getuid?.() !== 0) return;
  for (const path of ['', ...(await readdir(from, { recursive: true }))]) {
    const { uid, gid } = await lstat(join(from, path));
    await lchown(join(to, path), uid, gid);
  }
}

import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { allRecords } from '@medic/shared/model/records';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renewEpochs } from '../clinics';
import { openAdminPool, openAppPool, type Pool } from '../pool';
import { seedDemo } from '../seed';
import { createTestDatabase, type TestDatabase } from '../testing/database';
import { runOn } from '../testing/server';
import { makeBackup } from './backup';
import { verifyBackup } from './backup-file';
import { restoreBackup } from './restore';

let database: Pick<TestDatabase, 'adminPool' | 'appPool' | 'url'>;
let folder: string;
let path: string;

beforeEach(async () => {
  const { adminPool, appPool, url } = await createTestDatabase();
  database = { adminPool, appPool, url };
  folder = await mkdtemp(join(tmpdir(), 'medic-backup-'));
  path = join(folder, 'one.backup');
});

afterEach(async () => {
  await endPools();
  const server = new URL(database.url);
  const name = server.pathname.slice(1);
  server.pathname = '/postgres';
  const databases = [name, `${name}_before_restore`, `${name}_restoring`];
  await runOn(server.toString(), ...databases.map((each) => `DROP DATABASE IF EXISTS ${each} WITH (FORCE)`));
  await rm(folder, { recursive: true, force: true });
});

const endPools = () => Promise.all([database.adminPool.end(), database.appPool.end()]);

async function openPools(): Promise<void> {
  database.adminPool = await openAdminPool(database.url);
  database.appPool = await openAppPool(database.url);
}

const seed = () =>
  seedDemo(database.adminPool, {
    scale: 'small',
    now: Date.parse('2026-11-23T07:00:00Z'),
    onProgress: () => undefined,
  });

const tables = allRecords.map((record) => record.table);

/** Every row of every table, as text; the clocks apart, which a restore changes. */
async function contents(pool: Pool): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const table of tables.filter((name) => name !== 'clinic_clocks')) {
    const { rows } = await pool.query<{ told: string }>(
      `SELECT coalesce(string_agg(t::text, E'\n' ORDER BY t::text), '') AS told FROM ${table} t`,
    );
    found.set(table, rows[0]?.told ?? '');
  }
  return found;
}

const clocks = async (pool: Pool) =>
  (await pool.query('SELECT clinic_id, seq, epoch, backed_up_seq FROM clinic_clocks')).rows as {
    clinic_id: string;
    seq: number;
    epoch: string;
    backed_up_seq: number | null;
  }[];

/** Restores over the database, whose own connections end for it, and opens it again. */
async function restored(): Promise<Pool> {
  await endPools();
  try {
    await restoreBackup(database.url, path, { log: () => undefined });
  } finally {
    await openPools();
  }
  return database.adminPool;
}

describe('a backup', () => {
  it('brings every row of every table back, with another epoch', async () => {
    await seed();
    const before = await contents(database.adminPool);
    const [clock] = await clocks(database.adminPool);
    const made = await makeBackup(database.url, database.adminPool, path);
    expect(made.clinics).toBe(1);
    expect((await stat(path)).mode & 0o777).toBe(0o600);

    await database.adminPool.query(
      `UPDATE patients SET notes = 'changed' WHERE false; DELETE FROM notifications`,
    );
    const after = await contents(await restored());
    for (const table of before.keys()) expect(after.get(table), table).toBe(before.get(table));
    const [fresh] = await clocks(database.adminPool);
    expect(fresh).toMatchObject({ clinic_id: clock?.clinic_id, seq: clock?.seq, backed_up_seq: clock?.seq });
    expect(fresh?.epoch).not.toBe(clock?.epoch);
    // Nothing is left to notice: the epoch is this database's own.
    expect(await renewEpochs(database.appPool)).toEqual([]);
  }, 60_000);

  it('leaves the walls and the triggers as they were', async () => {
    await seed();
    await makeBackup(database.url, database.adminPool, path);
    const pool = await restored();
    const { rows } = await pool.query(
      `SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        AND relname <> 'medic_migrations' AND NOT (relrowsecurity AND relforcerowsecurity)`,
    );
    expect(rows).toEqual([]);
    const off = await pool.query(`SELECT tgname FROM pg_trigger WHERE tgenabled = 'D'`);
    expect(off.rows).toEqual([]);
    await expect(pool.query(`UPDATE patients SET notes = 'x'`)).rejects.toThrow(/clock/);
    expect((await database.appPool.query('SELECT FROM patients')).rowCount).toBe(0);
  }, 60_000);

  it('sees one moment, whatever is written meanwhile, and tells the desks up to where', async () => {
    await seed();
    const [clock] = await clocks(database.adminPool);
    const writing = (async () => {
      for (let n = 0; n < 30; n++)
        await database.adminPool.query(
          `BEGIN; UPDATE clinic_clocks SET seq = seq + 1; SELECT set_config('medic.seq', (SELECT seq::text FROM clinic_clocks), true);
           UPDATE doctors SET bio = bio || 'x'; COMMIT`,
        );
    })();
    await makeBackup(database.url, database.adminPool, path);
    await writing;
    const header = await verifyBackup(path);
    const [now] = await clocks(database.adminPool);
    expect(now?.backed_up_seq).toBe(header.clinics[0]?.seq);
    expect(now?.seq).toBe((clock?.seq ?? 0) + 30);
    const pool = await restored();
    const newest = await pool.query<{ seq: number }>('SELECT max(seq) AS seq FROM doctors');
    expect(newest.rows[0]?.seq).toBeLessThanOrEqual(header.clinics[0]?.seq ?? 0);
    const lengths = await pool.query<{ n: number }>(
      'SELECT DISTINCT length(bio) - length(rtrim(bio, $1)) AS n FROM doctors',
      ['x'],
    );
    expect(lengths.rows).toHaveLength(1);
  }, 60_000);

  it('that was cut off or changed is not restored, and nothing is lost for it', async () => {
    await seed();
    await makeBackup(database.url, database.adminPool, path);
    const whole = await readFile(path);
    const text = gunzipSync(whole);
    const changed = Buffer.from(text.toString('latin1').replace('Harbour', 'Harbuor'), 'latin1');
    expect(changed.equals(text)).toBe(false);
    const before = await contents(database.adminPool);
    for (const bad of [
      whole.subarray(0, whole.length / 2),
      gzipSync(text.subarray(0, text.length - 200)),
      gzipSync(changed),
      Buffer.from('not a backup at all'),
      gzipSync(Buffer.from('{"format":"other"}\n')),
    ]) {
      await writeFile(path, bad);
      await expect(restoreBackup(database.url, path, { log: () => undefined })).rejects.toThrow(
        /cannot be restored/,
      );
    }
    expect(await contents(database.adminPool)).toEqual(before);
  }, 60_000);

  it('is not restored under a Medic that is running', async () => {
    await seed();
    await makeBackup(database.url, database.adminPool, path);
    await expect(restoreBackup(database.url, path, { log: () => undefined })).rejects.toThrow(/Stop Medic/);
  }, 60_000);

  it('of a role that row-level security binds holds all rows, and such a role restores it', async () => {
    await seed();
    await makeBackup(database.url, database.adminPool, path);
    const whole = gunzipSync(await readFile(path));
    const owner = `medic_owner_${database.url.slice(-8)}`;
    const url = new URL(database.url);
    const name = url.pathname.slice(1);
    await database.adminPool.query(`CREATE ROLE ${owner} LOGIN CREATEDB CREATEROLE PASSWORD 'x'; GRANT medic_app TO ${owner};
      ALTER DATABASE ${name} OWNER TO ${owner}; ALTER SCHEMA public OWNER TO ${owner}`);
    try {
      for (const table of [...tables, 'medic_migrations'])
        await database.adminPool.query(`ALTER TABLE ${table} OWNER TO ${owner}`);
      await database.adminPool.query(`DROP POLICY owner_sees_all ON clinics;
        CREATE POLICY owner_sees_all ON clinics FOR SELECT TO ${owner} USING (true)`);
      url.username = owner;
      url.password = 'x';
      const second = join(folder, 'two.backup');
      const own = await openAdminPool(url.toString());
      await makeBackup(url.toString(), own, second);
      await own.end();
      const lines = (bytes: Buffer) => bytes.toString('utf8').split('\n').slice(1, -2).sort();
      // The clocks differ by what the first backup noted.
      const other = (line: string) => !line.includes('clinic_clocks');
      const [first, again] = [
        lines(whole).filter(other),
        lines(gunzipSync(await readFile(second))).filter(other),
      ];
      expect(again.length).toBe(first.length);
      await endPools();
      await restoreBackup(url.toString(), second, { log: () => undefined });
    } finally {
      await openPools();
    }
    expect((await database.adminPool.query('SELECT FROM patients')).rowCount).toBeGreaterThan(10);
  }, 60_000);
});

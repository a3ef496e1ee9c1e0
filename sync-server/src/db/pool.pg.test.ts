import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from './migrate';
import type { Pool } from './pool';
import { openAdminPool, openAppPool } from './pool';
import type { EmptyDatabase } from './testing/database';
import { createEmptyDatabase } from './testing/database';
import { inClinic } from './transaction';

let database: EmptyDatabase;
let admin: Pool;
let app: Pool;

const clinicA = '01900000-0000-7000-8000-00000000000a';
const clinicB = '01900000-0000-7000-8000-00000000000b';

beforeAll(async () => {
  database = await createEmptyDatabase();
  admin = await openAdminPool(database.url);
  const noMigrations = await mkdtemp(join(tmpdir(), 'medic-migrations-'));
  await migrate(admin, { dir: noMigrations });
  await rm(noMigrations, { recursive: true });
  await admin.query(`
    CREATE TABLE notes (clinic_id uuid NOT NULL, body text NOT NULL);
    ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    CREATE POLICY by_clinic ON notes USING (clinic_id = nullif(current_setting('medic.clinic_id', true), '')::uuid);
    GRANT SELECT, INSERT, UPDATE, DELETE ON notes TO medic_app;
    INSERT INTO notes VALUES ('${clinicA}', 'of A'), ('${clinicB}', 'of B')`);
  app = await openAppPool(database.url);
});

afterAll(async () => {
  await app?.end();
  await admin?.end();
  await database?.drop();
});

describe('the role the server works as', () => {
  it('is medic_app, which is no superuser, bypasses nothing and owns nothing', async () => {
    const { rows } = await app.query(`
      SELECT current_user AS role, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin,
             (SELECT count(*) FROM pg_class WHERE relowner = r.oid) AS owned
        FROM pg_roles r WHERE rolname = current_user`);
    expect(rows).toEqual([
      {
        role: 'medic_app',
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolcanlogin: false,
        owned: 0,
      },
    ]);
  });

  it('sees no row of any clinic unless one is set, and then only its own', async () => {
    expect((await admin.query('SELECT * FROM notes')).rowCount).toBe(2);
    expect((await app.query('SELECT * FROM notes')).rowCount).toBe(0);
    const { rows } = await inClinic(app, clinicA, (tx) => tx.query('SELECT body FROM notes'));
    expect(rows).toEqual([{ body: 'of A' }]);
    // The setting ends with its transaction, also for whoever gets the same connection next.
    expect((await app.query('SELECT * FROM notes')).rowCount).toBe(0);
  });

  it('cannot write into another clinic', async () => {
    const write = inClinic(app, clinicA, (tx) =>
      tx.query('INSERT INTO notes VALUES ($1, $2)', [clinicB, 'smuggled']),
    );
    await expect(write).rejects.toMatchObject({ code: '42501' });
    const steal = await inClinic(app, clinicA, (tx) =>
      tx.query("UPDATE notes SET body = 'x' WHERE clinic_id = $1", [clinicB]),
    );
    expect(steal.rowCount).toBe(0);
  });

  it('can neither turn row-level security off nor change tables', async () => {
    for (const attempt of [
      'ALTER TABLE notes DISABLE ROW LEVEL SECURITY',
      'ALTER TABLE notes NO FORCE ROW LEVEL SECURITY',
      'DROP POLICY by_clinic ON notes',
      'CREATE TABLE mine (id int)',
      'ALTER ROLE medic_app BYPASSRLS',
      'TRUNCATE notes',
    ]) {
      await expect(app.query(attempt), attempt).rejects.toMatchObject({ code: '42501' });
    }
    // With the check off, Postgres refuses the query rather than show the rows.
    const client = await app.connect();
    await client.query('SET row_security = off');
    await expect(client.query('SELECT * FROM notes')).rejects.toMatchObject({ code: '42501' });
    client.release(true);
  });

  it('RESET ROLE leads back to it', async () => {
    const client = await app.connect();
    await client.query('RESET ROLE');
    expect((await client.query('SELECT current_user AS role')).rows).toEqual([{ role: 'medic_app' }]);
    client.release(true);
  });

  it('is not overruled by options in the address', async () => {
    const url = new URL(database.url);
    url.searchParams.set('options', '-c role=none -c statement_timeout=0 -c work_mem=5MB');
    const pool = await openAppPool(url.toString());
    const { rows } = await pool.query(
      "SELECT current_user AS role, current_setting('statement_timeout') AS timeout, current_setting('work_mem') AS memory",
    );
    expect(rows).toEqual([{ role: 'medic_app', timeout: '30s', memory: '5MB' }]);
    await pool.end();
  });

  it('is refused once it owns a table, for then row-level security would not hold', async () => {
    await admin.query('CREATE TABLE owned (id int); ALTER TABLE owned OWNER TO medic_app');
    await expect(openAppPool(database.url)).rejects.toMatchObject({
      code: 'database.invalid',
      message: expect.stringContaining('owns tables'),
    });
    await admin.query('DROP TABLE owned');
  });
});

describe('values', () => {
  it('arrive as the model has them, whatever the database is set to', async () => {
    await admin.query(
      `ALTER DATABASE ${database.name} SET timezone = 'Asia/Kolkata'; ALTER DATABASE ${database.name} SET datestyle = 'German'`,
    );
    const pool = await openAppPool(database.url);
    const { rows } = await pool.query(`
      SELECT '2026-11-23 09:00:00.25+01'::timestamptz AS instant, '2026-11-23'::date AS date, '08:30'::time AS time,
             '24:00'::time AS midnight, 9007199254740991::bigint AS big, 12.50::numeric AS money, '{"a": [1]}'::jsonb AS json,
             ARRAY['2026-11-23 09:00+01'::timestamptz] AS instants, ARRAY[1::bigint, NULL] AS bigs, NULL::timestamptz AS nothing`);
    expect(rows).toEqual([
      {
        instant: Date.UTC(2026, 10, 23, 8, 0, 0, 250),
        date: '2026-11-23',
        time: '08:30',
        midnight: '24:00',
        big: Number.MAX_SAFE_INTEGER,
        money: '12.50',
        json: { a: [1] },
        instants: [Date.UTC(2026, 10, 23, 8)],
        bigs: [1, null],
        nothing: null,
      },
    ]);
    await pool.end();
  });
});

describe('time-outs', () => {
  it('a lock is waited for two seconds', async () => {
    const holder = await admin.connect();
    await holder.query('BEGIN; LOCK TABLE notes');
    const from = performance.now();
    await expect(app.query('SELECT * FROM notes')).rejects.toMatchObject({ code: '55P03' });
    expect(performance.now() - from).toBeGreaterThan(1900);
    await holder.query('ROLLBACK');
    holder.release();
  });

  it('are those of the server, and none for the owner', async () => {
    const settings =
      "SELECT current_setting('statement_timeout') AS s, current_setting('lock_timeout') AS l, current_setting('idle_in_transaction_session_timeout') AS i";
    expect((await app.query(settings)).rows).toEqual([{ s: '30s', l: '2s', i: '30s' }]);
    expect((await admin.query(settings)).rows).toEqual([{ s: '0', l: '0', i: '0' }]);
  });
});

describe('a database that is not to be had', () => {
  it('is waited for a bounded time, and then named without its password', async () => {
    const url = 'postgres://someone:secret@127.0.0.1:1/medic';
    const from = performance.now();
    const error = await openAppPool(url, { waitMs: 400 }).catch((thrown: unknown) => thrown);
    expect(performance.now() - from).toBeLessThan(4000);
    expect(error).toMatchObject({
      code: 'database.unreachable',
      message: expect.stringContaining('127.0.0.1:1/medic'),
    });
    expect(String(error)).not.toContain('secret');
  });

  it('is not waited for longer where something accepts but never answers', async () => {
    const mute = createServer().listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const { port } = mute.address() as AddressInfo;
    const sockets: Socket[] = [];
    mute.on('connection', (socket) => sockets.push(socket));
    await expect(
      openAdminPool(`postgres://a:b@127.0.0.1:${port}/medic`, { waitMs: 100 }),
    ).rejects.toMatchObject({ code: 'database.unreachable' });
    for (const socket of sockets) socket.destroy();
    mute.close();
  });

  it('is found as soon as it answers', async () => {
    const target = Number(new URL(database.url).port);
    const reserved = createServer().listen(0, '127.0.0.1');
    await once(reserved, 'listening');
    const { port } = reserved.address() as AddressInfo;
    reserved.close();
    await once(reserved, 'close');
    const front = new URL(database.url);
    front.port = String(port);

    const opening = openAdminPool(front.toString(), { waitMs: 10_000 });
    await sleep(300);
    const late = createServer((socket) => {
      const upstream = connect(target, '127.0.0.1');
      socket.on('error', () => upstream.destroy());
      upstream.on('error', () => socket.destroy());
      socket.pipe(upstream).pipe(socket);
    }).listen(port, '127.0.0.1');
    const pool = await opening;
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await pool.end();
    late.close();
  });

  it('is told at once: wrong password, no such database, nonsense', async () => {
    const wrongPassword = new URL(database.url);
    wrongPassword.password = 'wrong';
    await expect(openAdminPool(wrongPassword.toString())).rejects.toMatchObject({
      code: 'database.unreachable',
      message: expect.stringContaining('password'),
    });
    const nowhere = new URL(database.url);
    nowhere.pathname = '/nowhere';
    await expect(openAdminPool(nowhere.toString())).rejects.toMatchObject({
      code: 'database.unreachable',
      message: expect.stringContaining('no such database'),
    });
    await expect(openAdminPool('medic')).rejects.toMatchObject({
      code: 'database.unreachable',
      message: expect.stringContaining('DATABASE_URL'),
    });
  });
});

describe('a connection that breaks', () => {
  it('while idle is told and replaced', async () => {
    const errors: Error[] = [];
    const pool = await openAppPool(database.url, {
      size: 1,
      onIdleError: (error) => errors.push(error),
      applicationName: 'idle test',
    });
    await admin.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'idle test'",
    );
    while (errors.length === 0) await sleep(5);
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });
});

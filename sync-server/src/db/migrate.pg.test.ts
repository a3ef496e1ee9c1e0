import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { databaseVersion, migrate } from './migrate';
import type { Pool } from './pool';
import { openAdminPool, openAppPool } from './pool';
import type { EmptyDatabase } from './testing/database';
import { createEmptyDatabase } from './testing/database';
import type { TestServer } from './testing/server';
import { runOn, startTestServer, urlFor } from './testing/server';

let dir: string;
const databases: EmptyDatabase[] = [];
const pools: Pool[] = [];
let database: EmptyDatabase;
let pool: Pool;

async function newDatabase(): Promise<EmptyDatabase> {
  const made = await createEmptyDatabase();
  databases.push(made);
  return made;
}

async function connect(url: string): Promise<Pool> {
  const opened = await openAdminPool(url);
  pools.push(opened);
  return opened;
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'medic-migrations-'));
  database = await newDatabase();
  pool = await connect(database.url);
});

afterEach(async () => {
  await Promise.all(pools.splice(0).map((each) => each.end()));
  for (const each of databases.splice(0)) await each.drop();
  await rm(dir, { recursive: true, force: true });
});

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, sql] of Object.entries(files)) await writeFile(join(dir, name), sql);
}

const visits = { '0001-visits.sql': 'CREATE TABLE visits (id int); INSERT INTO visits VALUES (1);' };
const rooms = { '0002-rooms.sql': 'CREATE TABLE rooms (id int);' };

describe('migrating', () => {
  it('applies what is missing, in order, and once', async () => {
    await write(visits);
    expect(await migrate(pool, { dir })).toEqual({ applied: ['0001-visits'], version: 1 });
    await write(rooms);
    expect(await migrate(pool, { dir })).toEqual({ applied: ['0002-rooms'], version: 2 });
    expect(await migrate(pool, { dir })).toEqual({ applied: [], version: 2 });
    expect((await pool.query('SELECT id FROM visits')).rows).toEqual([{ id: 1 }]);
    expect(await databaseVersion(pool, dir)).toEqual({ applied: 2, known: 2 });
  });

  it('by five servers at once happens once, and all of them go on', async () => {
    await write({ '0001-visits.sql': `${visits['0001-visits.sql']} SELECT pg_sleep(0.3);`, ...rooms });
    const results = await Promise.all(
      [1, 2, 3, 4, 5].map(async () => migrate(await connect(database.url), { dir })),
    );
    expect(results.map((result) => result.applied.length).sort()).toEqual([0, 0, 0, 0, 2]);
    expect(results.every((result) => result.version === 2)).toBe(true);
    expect((await pool.query('SELECT id FROM visits')).rows).toEqual([{ id: 1 }]);
  });

  it('gives up on another server after a bounded time', async () => {
    await write(visits);
    await migrate(pool, { dir });
    await write({ ...rooms, '0003-slow.sql': 'SELECT pg_sleep(2);' });
    const slow = migrate(await connect(database.url), { dir });
    await new Promise((done) => setTimeout(done, 300));
    await expect(migrate(pool, { dir, waitMs: 200 })).rejects.toMatchObject({ code: 'database.unreachable' });
    expect((await slow).version).toBe(3);
  });

  it('applies a migration whole or not at all, and says where it failed', async () => {
    await write({
      ...visits,
      '0002-broken.sql': 'CREATE TABLE rooms (id int);\n\nCREATE TABLE rooms_of (id nonsense);',
    });
    await expect(migrate(pool, { dir })).rejects.toMatchObject({
      code: 'database.invalid',
      message: expect.stringMatching(/0002-broken failed in line 3: type "nonsense" does not exist/),
    });
    expect(await databaseVersion(pool, dir)).toEqual({ applied: 1, known: 2 });
    expect((await pool.query("SELECT to_regclass('rooms') AS rooms")).rows).toEqual([{ rooms: null }]);

    await write({ '0002-broken.sql': 'CREATE TABLE rooms (id int);' });
    expect((await migrate(pool, { dir })).applied).toEqual(['0002-broken']);
  });

  it('prepares the role and the extensions, and the server can work as that role', async () => {
    await write({
      '0001-visits.sql':
        'CREATE TABLE visits (id int); GRANT SELECT ON visits TO medic_app; CREATE INDEX ON visits USING gist (id);',
    });
    await migrate(pool, { dir });
    const app = await openAppPool(database.url);
    pools.push(app);
    expect((await app.query('SELECT count(*) AS n FROM visits')).rows).toEqual([{ n: 0 }]);
    expect((await app.query('SELECT version FROM medic_migrations')).rows).toEqual([{ version: 1 }]);
    await expect(app.query('DELETE FROM medic_migrations')).rejects.toMatchObject({ code: '42501' });
  });
});

describe('a database that does not fit the code', () => {
  it('written by a newer Medic is left alone', async () => {
    await write({ ...visits, ...rooms });
    await migrate(pool, { dir });
    await rm(join(dir, '0002-rooms.sql'));
    await expect(migrate(pool, { dir })).rejects.toMatchObject({
      code: 'database.newer',
      message: expect.stringContaining('0002-rooms'),
    });
  });

  it('with a migration that was edited afterwards is refused', async () => {
    await write({ ...visits, ...rooms });
    await migrate(pool, { dir });
    await write({ '0001-visits.sql': `${visits['0001-visits.sql']} -- harmless` });
    await expect(migrate(pool, { dir })).rejects.toMatchObject({
      code: 'database.invalid',
      message: expect.stringContaining('0001-visits was changed'),
    });
  });

  it("is the same with Windows' line ends", async () => {
    await write({ '0001-visits.sql': 'CREATE TABLE visits (id int);\nSELECT 1;\n' });
    await migrate(pool, { dir });
    await write({ '0001-visits.sql': 'CREATE TABLE visits (id int);\r\nSELECT 1;\r\n' });
    expect((await migrate(pool, { dir })).applied).toEqual([]);
  });

  it('lacking one that comes before those it has is refused', async () => {
    await write({ '0002-rooms.sql': rooms['0002-rooms.sql'] });
    await migrate(pool, { dir });
    await write(visits);
    await expect(migrate(pool, { dir })).rejects.toMatchObject({
      code: 'database.invalid',
      message: expect.stringContaining('higher number'),
    });
  });

  it('files that are not named like migrations, or twice the same, are refused', async () => {
    await write({ '1-visits.sql': '' });
    await expect(migrate(pool, { dir })).rejects.toMatchObject({
      code: 'database.invalid',
      message: expect.stringContaining('not named'),
    });
    await rm(join(dir, '1-visits.sql'));
    await write({ ...visits, '0001-also.sql': '' });
    await expect(migrate(pool, { dir })).rejects.toMatchObject({
      code: 'database.invalid',
      message: expect.stringContaining('Two migrations'),
    });
  });

  it('in another encoding than UTF8 is refused', async () => {
    const name = `${database.name}_latin`;
    await runOn(
      inject('medicPg').adminUrl,
      `CREATE DATABASE ${name} ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc TEMPLATE template0`,
    );
    const url = new URL(database.url);
    url.pathname = `/${name}`;
    const latin = await openAdminPool(url.toString());
    await expect(migrate(latin, { dir })).rejects.toMatchObject({
      code: 'database.invalid',
      message: expect.stringContaining('LATIN1'),
    });
    await latin.end();
    await runOn(inject('medicPg').adminUrl, `DROP DATABASE ${name}`);
  });
});

/** The role belongs to the whole cluster, so these have one of their own, where nobody has made it yet. */
describe.skipIf(process.env.MEDIC_TEST_DATABASE_URL)('on a new cluster', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer({ migrated: false });
  });

  afterAll(async () => {
    await server?.stop();
  });

  afterEach(async () => {
    const admin = await connect(server.adminUrl);
    const { rows } = await admin.query<{ name: string }>(
      "SELECT datname AS name FROM pg_database WHERE datname LIKE 'own_%'",
    );
    for (const { name } of rows) await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.query('DROP ROLE IF EXISTS medic_app; DROP ROLE IF EXISTS somebody');
  });

  async function makeDatabase(name: string, owner?: string): Promise<string> {
    await runOn(server.adminUrl, `CREATE DATABASE ${name}${owner ? ` OWNER ${owner}` : ''}`);
    const url = new URL(urlFor(server.adminUrl, name));
    if (owner) {
      url.username = owner;
      url.password = 'p';
    }
    return url.toString();
  }

  it('several databases migrated at once make the role once', async () => {
    await write(visits);
    const urls = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => makeDatabase(`own_${n}`)));
    const results = await Promise.all(urls.map(async (url) => migrate(await connect(url), { dir })));
    expect(results.map((result) => result.version)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('the server says that the migrations are missing', async () => {
    const url = await makeDatabase('own_early');
    await expect(openAppPool(url)).rejects.toMatchObject({
      code: 'database.invalid',
      message: expect.stringContaining('Run the migrations first'),
    });
  });

  it('an owner who is no superuser makes the role himself, and the server works as it', async () => {
    await write({ '0001-visits.sql': 'CREATE TABLE visits (id int); GRANT SELECT ON visits TO medic_app' });
    await runOn(server.adminUrl, "CREATE ROLE somebody LOGIN PASSWORD 'p' CREATEROLE");
    const url = await makeDatabase('own_owned', 'somebody');
    expect((await migrate(await connect(url), { dir })).version).toBe(1);
    const app = await openAppPool(url);
    expect((await app.query('SELECT current_user AS role, count(*) AS n FROM visits')).rows).toEqual([
      { role: 'medic_app', n: 0 },
    ]);
    await app.end();
  });

  it('an owner who may not make roles is told what to ask for', async () => {
    await write(visits);
    await runOn(server.adminUrl, "CREATE ROLE somebody LOGIN PASSWORD 'p'");
    const url = await makeDatabase('own_owned', 'somebody');
    const own = await connect(url);
    await expect(migrate(own, { dir })).rejects.toMatchObject({
      code: 'database.invalid',
      message: expect.stringContaining('CREATE ROLE medic_app NOLOGIN; GRANT medic_app TO somebody;'),
    });

    await runOn(server.adminUrl, 'CREATE ROLE medic_app NOLOGIN; GRANT medic_app TO somebody');
    expect((await migrate(own, { dir })).version).toBe(1);
  });
});

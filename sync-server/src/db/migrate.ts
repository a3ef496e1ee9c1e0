/**
 * Forward-only migrations: `migrations/NNNN-name.sql`, each in one transaction, in order, once. A migration that has
 * been applied is never edited (its checksum is compared) and never undone; what it got wrong, a later one mends.
 * Servers of the version before run on while they are applied, so a migration must not wait long for a lock.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { MedicError } from '@medic/shared/errors';
import type pg from 'pg';
import type { Pool } from './pool';
import { appRole } from './pool';
import { constraintOf, isLockTimeout, sqlStateOf } from './sql-state';

export interface MigrateOptions {
  /** Where the migrations lie; those of Medic unless a test brings its own. */
  dir?: string;
  log?: (message: string) => void;
  /** The last version to apply: for a backup, whose rows fit the tables of its time. */
  until?: number;
  /** How long to wait for another server that is migrating. */
  waitMs?: number;
}

export interface MigrateResult {
  /** Names of those applied now, in order. */
  applied: string[];
  /** The database's version afterwards. */
  version: number;
}

export interface Migration {
  version: number;
  name: string;
  sql: string;
  checksum: string;
}

const ownMigrations = fileURLToPath(new URL('./migrations', import.meta.url));
const oldestPostgres = 150_000;
/** What the migrations build on. Both are trusted: the database's owner may create them without being superuser. */
const extensions = ['btree_gist', 'pg_trgm'];
/** Of no meaning, only not likely to be anybody else's. Locks are per database, so two databases never wait for each other. */
const lockKey = 6_334_320_914;

/** Brings the database to the version of this code. Of several that start at once one migrates; the others wait. */
export async function migrate(pool: Pool, options: MigrateOptions = {}): Promise<MigrateResult> {
  const { dir, until = Number.POSITIVE_INFINITY } = options;
  const migrations = (await readMigrations(dir)).filter(({ version }) => version <= until);
  const log = options.log ?? (() => undefined);
  const client = await pool.connect();
  let broken: Error | undefined;
  function onError(error: Error): void {
    broken = error;
  }
  client.on('error', onError);
  try {
    await assertUsablePostgres(client);
    // Before anything else: a newer database is left alone, even by who could not lock it.
    assertFits(await readApplied(client), migrations);
    await lock(client, options.waitMs ?? 600_000, log);
    return await migrateLocked(client, migrations, log);
  } catch (error) {
    broken ??= error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.off('error', onError);
    if (!broken) await client.query('SELECT pg_advisory_unlock($1)', [lockKey]);
    // Closing the connection gives the lock back as well.
    client.release(broken);
  }
}

/** The version the database has and the one this code brings. */
export async function databaseVersion(
  pool: Pool,
  dir: string = ownMigrations,
): Promise<{ applied: number; known: number }> {
  const migrations = await readMigrations(dir);
  const { rows } = await pool.query<{ version: number }>(
    'SELECT coalesce(max(version), 0) AS version FROM medic_migrations',
  );
  return { applied: rows[0]?.version ?? 0, known: migrations.at(-1)?.version ?? 0 };
}

async function migrateLocked(
  client: pg.PoolClient,
  migrations: Migration[],
  log: (message: string) => void,
): Promise<MigrateResult> {
  const before = await readApplied(client);
  assertFits(before, migrations);
  if (before === undefined) await prepare(client);
  const highest = Math.max(0, ...(before ?? []).map((row) => row.version));
  const applied: string[] = [];
  for (const migration of migrations) {
    if (migration.version <= highest) continue;
    log(`migration ${migration.name}`);
    await apply(client, migration, log);
    applied.push(migration.name);
  }
  return { applied, version: migrations.at(-1)?.version ?? highest };
}

/** In order. */
export async function readMigrations(dir: string = ownMigrations): Promise<Migration[]> {
  const migrations: Migration[] = [];
  for (const file of (await readdir(dir)).filter((name) => name.endsWith('.sql')).sort()) {
    const match = /^(\d{4})-([a-z0-9-]+)\.sql$/.exec(file);
    if (!match)
      throw new MedicError(
        'database.invalid',
        `${join(dir, file)} is not named like a migration: 0001-what-it-does.sql`,
      );
    const version = Number(match[1]);
    if (migrations.at(-1)?.version === version)
      throw new MedicError(
        'database.invalid',
        `Two migrations are called ${match[1]}: ${migrations.at(-1)?.name} and ${file}`,
      );
    // Git may have given the file Windows' line ends; it is the same migration.
    const sql = (await readFile(join(dir, file), 'utf8')).replaceAll('\r\n', '\n');
    migrations.push({
      version,
      name: file.slice(0, -4),
      sql,
      checksum: createHash('sha256').update(sql).digest('hex'),
    });
  }
  return migrations;
}

async function assertUsablePostgres(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ number: number; full: string; encoding: string }>(
    `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS full,
            current_setting('server_encoding') AS encoding`,
  );
  const found = rows[0];
  if (!found) return;
  if (found.number < oldestPostgres)
    throw new MedicError('database.invalid', `Medic needs Postgres 15 or newer, and this is ${found.full}`);
  if (found.encoding !== 'UTF8') {
    throw new MedicError(
      'database.invalid',
      `Medic needs a database in UTF8, and this one is in ${found.encoding}: CREATE DATABASE medic ENCODING 'UTF8' TEMPLATE template0`,
    );
  }
}

interface AppliedRow {
  version: number;
  name: string;
  checksum: string;
}

/** Undefined for a database that has never seen a migration. */
async function readApplied(client: pg.PoolClient): Promise<AppliedRow[] | undefined> {
  const { rows: found } = await client.query<{ there: boolean }>(
    "SELECT to_regclass('public.medic_migrations') IS NOT NULL AS there",
  );
  if (!found[0]?.there) return undefined;
  const { rows } = await client.query<AppliedRow>(
    'SELECT version, name, checksum FROM public.medic_migrations ORDER BY version',
  );
  return rows;
}

function assertFits(applied: AppliedRow[] | undefined, migrations: Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.version, migration]));
  const newest = migrations.at(-1)?.version ?? 0;
  const highest = applied?.at(-1);
  if (highest && highest.version > newest) {
    throw new MedicError(
      'database.newer',
      `The database has migration ${highest.name}, and this Medic knows none after ${newest}. Start the newer Medic that was used last`,
    );
  }
  for (const row of applied ?? []) {
    const migration = known.get(row.version);
    if (!migration)
      throw new MedicError(
        'database.invalid',
        `The database has migration ${row.name}, which is missing here`,
      );
    if (migration.checksum !== row.checksum) {
      throw new MedicError(
        'database.invalid',
        `Migration ${migration.name} was changed after it had been applied. Restore it, and put the change into a new migration`,
      );
    }
  }
  const done = new Set(applied?.map((row) => row.version));
  const skipped = migrations.find(
    (migration) => highest && migration.version < highest.version && !done.has(migration.version),
  );
  if (skipped)
    throw new MedicError(
      'database.invalid',
      `Migration ${skipped.name} comes before ${highest?.name}, which has been applied. Give it a higher number`,
    );
}

async function lock(client: pg.PoolClient, waitMs: number, log: (message: string) => void): Promise<void> {
  const deadline = Date.now() + waitMs;
  for (let waited = false; ; waited = true) {
    // Asked again and again, not waited for: a waiting statement holds a snapshot, and an index that is built
    // concurrently would wait for that in turn.
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
      lockKey,
    ]);
    if (rows[0]?.taken) return;
    if (Date.now() > deadline)
      throw new MedicError(
        'database.unreachable',
        `Another server has been migrating the database for more than ${waitMs / 1000} s`,
      );
    if (!waited) log('another server is migrating the database; waiting');
    await sleep(100);
  }
}

async function prepare(client: pg.PoolClient): Promise<void> {
  await makeAppRole(client);
  for (const extension of extensions) {
    try {
      await client.query(`CREATE EXTENSION IF NOT EXISTS ${extension} SCHEMA public`);
    } catch (error) {
      throw new MedicError(
        'database.invalid',
        `Medic needs the extension ${extension}, which this user cannot create: CREATE EXTENSION ${extension}`,
        { cause: error },
      );
    }
  }
  await client.query(`
    BEGIN;
    CREATE TABLE public.medic_migrations (
      version integer PRIMARY KEY,
      name text NOT NULL,
      checksum text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    );
    GRANT SELECT ON public.medic_migrations TO ${appRole};
    COMMIT`);
}

/**
 * Roles belong to the whole cluster while our lock is the database's, so another database may be at the same thing:
 * then Postgres answers with any of several errors, and the second look finds the role there.
 */
async function makeAppRole(client: pg.PoolClient): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await grantAppRole(client);
      return;
    } catch (error) {
      const state = sqlStateOf(error);
      const raced =
        state === '42710' ||
        (state === '23505' && constraintOf(error)?.startsWith('pg_')) ||
        state === 'XX000';
      if (raced && attempt < 20) {
        await sleep(10 * attempt);
        continue;
      }
      if (state !== '42501') throw error;
      const { rows } = await client.query<{ name: string }>('SELECT quote_ident(current_user) AS name');
      throw new MedicError(
        'database.invalid',
        `Medic works as the role ${appRole}, which this user cannot create. As a superuser: CREATE ROLE ${appRole} NOLOGIN; GRANT ${appRole} TO ${rows[0]?.name};`,
        { cause: error },
      );
    }
  }
}

async function grantAppRole(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ there: boolean; major: number }>(
    "SELECT to_regrole($1) IS NOT NULL AS there, current_setting('server_version_num')::int / 10000 AS major",
    [appRole],
  );
  const major = rows[0]?.major ?? 0;
  if (!rows[0]?.there)
    await client.query(`CREATE ROLE ${appRole} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE`);
  // From 16 on, being a member and being allowed to become the role are two things.
  const right = major >= 16 ? 'SET' : 'MEMBER';
  const { rows: member } = await client.query<{ may: boolean; superuser: boolean }>(
    'SELECT pg_has_role(current_user, $1, $2) AS may, rolsuper AS superuser FROM pg_roles WHERE rolname = current_user',
    [appRole, right],
  );
  if (member[0]?.may && !member[0].superuser) return;
  await client.query(`GRANT ${appRole} TO CURRENT_USER${major >= 16 ? ' WITH SET TRUE, INHERIT FALSE' : ''}`);
}

/** Many short tries, not one long wait: who waits for a table's lock makes everybody behind it wait too. */
async function apply(
  client: pg.PoolClient,
  migration: Migration,
  log: (message: string) => void,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query("BEGIN; SET LOCAL lock_timeout = '5s'; SET LOCAL search_path = public");
      await client.query(migration.sql);
      await client.query(
        'INSERT INTO public.medic_migrations (version, name, checksum) VALUES ($1, $2, $3)',
        [migration.version, migration.name, migration.checksum],
      );
      const { command } = await client.query('COMMIT');
      if (command === 'COMMIT') return;
      throw new MedicError('database.invalid', `Migration ${migration.name} ended its own transaction`);
    } catch (error) {
      await client.query('ROLLBACK');
      if (isLockTimeout(error) && attempt < 20) {
        log(`migration ${migration.name} waits for a lock; trying again`);
        await sleep(1000);
        continue;
      }
      if (error instanceof MedicError) throw error;
      throw new MedicError(
        'database.invalid',
        `Migration ${migration.name} failed${placeOf(error, migration.sql)}: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    }
  }
}

/** Postgres counts characters; people look for lines. */
function placeOf(error: unknown, sql: string): string {
  if (sqlStateOf(error) === undefined) return '';
  const position = Number((error as { position?: unknown }).position);
  return position > 0 ? ` in line ${sql.slice(0, position).split('\n').length}` : '';
}

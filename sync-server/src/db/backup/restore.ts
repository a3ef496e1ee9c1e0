/**
 * Puts a backup back. Into a database of its own beside the present one, which takes its place only when everything is
 * in: a restore that breaks off changes nothing, and what was there before is kept.
 */
import { MedicError } from '@medic/shared/errors';
import pg from 'pg';
import { migrate, readMigrations } from '../migrate';
import { describeUrl, openAdminPool, openCopyClient } from '../pool';
import { sqlStateOf } from '../sql-state';
import { inClinic } from '../transaction';
import { type BackupHeader, readParts, verifyBackup } from './backup-file';
import { copyIn } from './copy';

export interface RestoreOptions {
  log: (message: string) => void;
}

export interface Restored {
  header: BackupHeader;
  rows: number;
  /** The database as it was before. */
  keptAs: string;
}

/** Nothing but this may be connected to the database of `url`. */
export async function restoreBackup(url: string, path: string, { log }: RestoreOptions): Promise<Restored> {
  const header = await verifyBackup(path);
  await assertKnown(header);
  log(`${path} of ${header.madeAt} is whole: ${header.clinics.length} clinics, version ${versionOf(header)}`);

  const { database: name } = new pg.Client({ connectionString: url });
  if (!name) throw new MedicError('input.invalid', 'DATABASE_URL names no database');
  const [fresh, before] = [`${name}_restoring`, `${name}_before_restore`];
  const maintenance = await openAdminPool(withDatabase(url, 'postgres'));
  try {
    await assertAlone(maintenance, name, url);
    await maintenance
      .query(`DROP DATABASE IF EXISTS ${quoted(fresh)} WITH (FORCE)`)
      .then(() => maintenance.query(`CREATE DATABASE ${quoted(fresh)} ENCODING 'UTF8' TEMPLATE template0`))
      .catch((error: unknown) => {
        if (sqlStateOf(error) !== '42501') throw error;
        throw new MedicError(
          'database.invalid',
          `A restore makes a database beside ${name}, which this user may not: ALTER ROLE … CREATEDB`,
          { cause: error },
        );
      });
    const rows = await fill(withDatabase(url, fresh), path, header, log);
    await assertAlone(maintenance, name, url);
    await maintenance.query(`DROP DATABASE IF EXISTS ${quoted(before)}`);
    await maintenance.query(`ALTER DATABASE ${quoted(name)} RENAME TO ${quoted(before)}`);
    await maintenance.query(`ALTER DATABASE ${quoted(fresh)} RENAME TO ${quoted(name)}`);
    return { header, rows, keptAs: before };
  } finally {
    await maintenance.end();
  }
}

/** Rows fit the tables of their time: those are made first, and brought up to date when the rows are in. */
async function fill(
  url: string,
  path: string,
  header: BackupHeader,
  log: (message: string) => void,
): Promise<number> {
  const pool = await openAdminPool(url);
  try {
    await migrate(pool, { until: versionOf(header) });
    const rows = await load(url, path);
    log(`${rows} rows are in`);
    await migrate(pool, { log });
    // Desks pull afresh and send again what is not in here. All that is in here is in a backup: this one.
    for (const { id } of header.clinics) {
      await inClinic(pool, id, (tx) =>
        tx.query(
          `UPDATE clinic_clocks SET epoch = gen_random_uuid(), database_mark = database_mark(), backed_up_seq = seq
            WHERE clinic_id = $1`,
          [id],
        ),
      );
    }
    await pool.query('ANALYZE');
    return rows;
  } finally {
    await pool.end();
  }
}

/** All rows in one transaction, as they were: no trigger stamps them, and the wall between clinics is away meanwhile. */
async function load(url: string, path: string): Promise<number> {
  const client = await openCopyClient(url);
  try {
    await client.query('BEGIN');
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class
        WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND relname <> 'medic_migrations'`,
    );
    for (const { name } of tables)
      await client.query(`ALTER TABLE ${quoted(name)} DISABLE TRIGGER USER, NO FORCE ROW LEVEL SECURITY`);
    let rows = 0;
    for await (const { table, columns, rows: pieces } of readParts(path))
      rows += await copyIn(
        client,
        `COPY ${quoted(table)} (${columns.map(quoted).join(', ')}) FROM STDIN`,
        pieces,
      );
    await client.query('SET CONSTRAINTS ALL IMMEDIATE');
    for (const { name } of tables)
      await client.query(`ALTER TABLE ${quoted(name)} ENABLE TRIGGER USER, FORCE ROW LEVEL SECURITY`);
    await client.query('COMMIT');
    return rows;
  } finally {
    await client.end();
  }
}

async function assertKnown(header: BackupHeader): Promise<void> {
  const known = new Map((await readMigrations()).map((migration) => [migration.version, migration]));
  for (const { version, name, checksum } of header.migrations) {
    const ours = known.get(version);
    if (!ours) {
      throw new MedicError(
        'database.newer',
        `The backup has migration ${name}, which this Medic does not know. Use the Medic that made it, or a newer one`,
      );
    }
    if (ours.checksum !== checksum)
      throw new MedicError('database.invalid', `The backup's migration ${name} is another than ours`);
  }
}

async function assertAlone(maintenance: pg.Pool, name: string, url: string): Promise<void> {
  const { rows } = await maintenance.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = $1',
    [name],
  );
  if (rows[0]?.n)
    throw new MedicError('input.invalid', `Something is connected to ${describeUrl(url)}. Stop Medic first`);
}

function versionOf(header: BackupHeader): number {
  return Math.max(...header.migrations.map(({ version }) => version));
}

function withDatabase(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.toString();
}

function quoted(name: string): string {
  return pg.escapeIdentifier(name);
}

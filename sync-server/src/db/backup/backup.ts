/**
 * Writes everything that is in Postgres into one file, while Medic runs. Done by ourselves, since the embedded server
 * has no pg_dump: one transaction sees one moment, and COPY writes its rows, clinic by clinic, because row-level
 * security binds the owner too and would otherwise leave the file empty without a word.
 */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { MedicError } from '@medic/shared/errors';
import { allRecords } from '@medic/shared/model/records';
import type pg from 'pg';
import { openCopyClient, type Pool } from '../pool';
import { inClinic } from '../transaction';
import { type BackupHeader, type BackupPart, endOfRows, formatVersion } from './backup-file';
import { copyOut } from './copy';

export interface MadeBackup {
  path: string;
  rows: number;
  bytes: number;
  clinics: number;
}

/** `path` stands complete or not at all. Afterwards the desks may forget what they kept for a restore. */
export async function makeBackup(url: string, adminPool: Pool, path: string): Promise<MadeBackup> {
  const unfinished = `${path}.unfinished`;
  const client = await openCopyClient(url);
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const header = await readHeader(client);
    const columns = await readColumns(client);
    const text = new PassThrough();
    const writing = pipeline(
      text,
      createGzip({ level: 6 }),
      // Patients' data: for whoever made it, and nobody else on the machine.
      createWriteStream(unfinished, { mode: 0o600, flush: true }),
    );
    // Heard below; until then it must not count as unhandled.
    writing.catch(() => undefined);
    const rows = await writeAll(client, header, columns, text, writing);
    text.end();
    await writing;
    await client.query('COMMIT');
    await rename(unfinished, path);
    await settleOnDisk(dirname(path));
    await record(adminPool, header);
    const file = await open(path);
    const { size: bytes } = await file.stat();
    await file.close();
    return { path, rows, bytes, clinics: header.clinics.length };
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  } finally {
    await client.end();
  }
}

async function readHeader(client: pg.Client): Promise<BackupHeader> {
  const migrations = await client.query<BackupHeader['migrations'][number]>(
    'SELECT version, name, checksum FROM medic_migrations ORDER BY version',
  );
  const clinics: BackupHeader['clinics'] = [];
  const { rows } = await client.query<{ id: string; slug: string }>(
    'SELECT id, slug FROM clinics ORDER BY id',
  );
  for (const { id, slug } of rows) {
    await enterClinic(client, id);
    const clock = await client.query<{ seq: number; epoch: string }>(
      'SELECT seq, epoch FROM clinic_clocks WHERE clinic_id = $1',
      [id],
    );
    const found = clock.rows[0];
    if (!found) throw new MedicError('database.invalid', `clinic ${slug} has no clock`);
    clinics.push({ id, slug, seq: Number(found.seq), epoch: found.epoch });
  }
  return {
    format: 'medic backup',
    formatVersion,
    madeAt: new Date().toISOString(),
    migrations: migrations.rows,
    clinics,
  };
}

/** Per table what a row is made of, without what Postgres works out by itself. */
async function readColumns(client: pg.Client): Promise<Map<string, string[]>> {
  const { rows } = await client.query<{ table: string; columns: string[] }>(`
    SELECT c.relname AS table, array_agg(a.attname::text ORDER BY a.attnum) AS columns
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'medic_migrations'
       AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     GROUP BY c.relname`);
  const found = new Map(rows.map(({ table, columns }) => [table, columns]));
  const unknown = [...found.keys()].filter((table) => !allRecords.some((record) => record.table === table));
  // Nothing may be left out without a word.
  if (unknown.length > 0)
    throw new MedicError('database.invalid', `Medic does not know what to do with ${unknown.join(', ')}`);
  return found;
}

async function writeAll(
  client: pg.Client,
  header: BackupHeader,
  columns: Map<string, string[]>,
  text: PassThrough,
  writing: Promise<void>,
): Promise<number> {
  const sum = createHash('sha256');
  let rows = 0;
  async function write(piece: Buffer): Promise<void> {
    sum.update(piece);
    if (!text.write(piece))
      await Promise.race([new Promise((resolve) => text.once('drain', resolve)), writing]);
  }
  const line = (value: object) => Buffer.from(`${JSON.stringify(value)}\n`);

  await write(line(header));
  for (const { id: clinicId } of header.clinics) {
    await enterClinic(client, clinicId);
    // In an order in which foreign keys are met.
    for (const { table } of allRecords) {
      const names = columns.get(table);
      if (!names) throw new MedicError('database.invalid', `The database has no table ${table}`);
      await write(line({ table, clinicId, columns: names } satisfies BackupPart));
      const own = `SELECT ${names.join(', ')} FROM ${table} WHERE clinic_id = '${clinicId}'`;
      for await (const piece of copyOut(client, `COPY (${own}) TO STDOUT`)) {
        for (let at = piece.indexOf(0x0a); at >= 0; at = piece.indexOf(0x0a, at + 1)) rows += 1;
        await write(piece);
      }
      await write(endOfRows);
    }
  }
  text.write(line({ end: true, rows, sha256: sum.digest('hex') }));
  return rows;
}

/** The clinic's id comes from the database, and is a UUID there. */
async function enterClinic(client: pg.Client, clinicId: string): Promise<void> {
  await client.query("SELECT set_config('medic.clinic_id', $1, true)", [clinicId]);
}

/** A name that was not written to the disk is no file after a power cut. Windows cannot open a folder, and needs not. */
async function settleOnDisk(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder);
  await handle.sync();
  await handle.close();
}

/** From now on desks hear that everything up to here is safe. A clinic that was restored meanwhile has another past. */
async function record(adminPool: Pool, header: BackupHeader): Promise<void> {
  for (const { id, seq, epoch } of header.clinics) {
    await inClinic(adminPool, id, (tx) =>
      tx.query(
        `UPDATE clinic_clocks SET backed_up_seq = $2
          WHERE clinic_id = $1 AND epoch = $3 AND (backed_up_seq IS NULL OR backed_up_seq < $2)`,
        [id, seq, epoch],
      ),
    );
  }
}

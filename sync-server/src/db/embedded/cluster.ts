/** Makes a cluster, and checks that the one that is there can be used. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MedicError } from '@medic/shared/errors';
import pg from 'pg';
import type { Binaries } from './binaries';
import type { Home, Places } from './places';
import { exists, homeIn } from './places';
import { errorCodeOf, isAlive } from './processes';
import type { RunUser } from './run-user';
import { runOptions } from './run-user';

const run = promisify(execFile);

/** The superuser, and the database it is for. */
const ownerName = 'medic';
const databaseName = 'medic';
const initdbTimeoutMs = 120_000;

/** Has a cluster in its place afterwards: the one that was there, or a new one. */
export async function ensureCluster(
  places: Places,
  binaries: Binaries,
  user: RunUser | undefined,
  options: { durable: boolean; log: (message: string) => void },
): Promise<void> {
  await removeUnfinished(places);
  if (!(await exists(join(places.cluster, 'PG_VERSION')))) await initialise(places, binaries, user, options);
  await assertSameMajorVersion(places, binaries);
}

export async function makeDataDir(dataDir: string): Promise<void> {
  try {
    // Made by root it must let the plain user through; the cluster inside is closed to all but its owner.
    await mkdir(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o755 : 0o700 });
  } catch (error) {
    throw new MedicError(
      'database.unreachable',
      `The data folder ${dataDir} cannot be made (${errorCodeOf(error)}). Set MEDIC_DATA_DIR to a folder that can be written`,
      { cause: error },
    );
  }
}

/** What a start that was killed during `initdb` left behind. */
async function removeUnfinished(places: Places): Promise<void> {
  for (const name of await readdir(places.dataDir)) {
    const pid = /^postgres\.unfinished-(\d+)-/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) await rm(join(places.dataDir, name), { recursive: true, force: true });
  }
}

async function initialise(
  places: Places,
  binaries: Binaries,
  user: RunUser | undefined,
  options: { durable: boolean; log: (message: string) => void },
): Promise<void> {
  options.log(`making the database in ${places.home}`);
  const unfinished = homeIn(
    join(places.dataDir, `postgres.unfinished-${process.pid}-${randomBytes(4).toString('hex')}`),
  );
  try {
    await mkdir(unfinished.home, { mode: 0o700 });
    await mkdir(unfinished.holders, { mode: 0o700 });
    await writeFile(unfinished.passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
    await writeFile(unfinished.logFile, '', { mode: 0o600 });
    // All of it, so that the plain user could also start it without root.
    if (user)
      for (const path of [unfinished.home, unfinished.holders, unfinished.passwordFile, unfinished.logFile])
        await chown(path, user.uid, user.gid);
    await initdb(unfinished, binaries, user, options.durable);
    await rename(unfinished.home, places.home);
  } catch (error) {
    await rm(unfinished.home, { recursive: true, force: true });
    // Another starter was faster, and its cluster is as good as ours.
    if (
      ['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(errorCodeOf(error) ?? '') &&
      (await exists(join(places.cluster, 'PG_VERSION')))
    )
      return;
    if (error instanceof MedicError) throw error;
    throw new MedicError(
      'database.unreachable',
      `The database cannot be made in ${places.home}: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/**
 * Text is compared and sorted by code point, through Postgres' own locale: an update of the system's C library can
 * then never corrupt an index. The character class (what is a letter, for pg_trgm) does come from the system:
 * under plain `C` names such as "Łukasz" would lose their trigrams.
 */
async function initdb(
  unfinished: Home,
  binaries: Binaries,
  user: RunUser | undefined,
  durable: boolean,
): Promise<void> {
  for (const characterClass of ['C.UTF-8', 'en_US.UTF-8', 'C']) {
    const args = [
      `--pgdata=${unfinished.cluster}`,
      `--username=${ownerName}`,
      `--pwfile=${unfinished.passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      `--lc-ctype=${characterClass}`,
      '--data-checksums',
      ...(durable ? [] : ['--no-sync']),
    ];
    try {
      await run(binaries.initdb, args, { ...runOptions(user, unfinished.home), timeout: initdbTimeoutMs });
      return;
    } catch (error) {
      const said =
        typeof error === 'object' && error !== null && 'stderr' in error
          ? String(error.stderr).trim()
          : messageOf(error);
      if (!/invalid locale name/.test(said))
        throw new MedicError('database.unreachable', `initdb failed in ${unfinished.home}: ${said}`, {
          cause: error,
        });
      await rm(unfinished.cluster, { recursive: true, force: true });
    }
  }
  throw new MedicError('database.unreachable', 'initdb knows no locale of this system, not even C');
}

async function assertSameMajorVersion(places: Places, binaries: Binaries): Promise<void> {
  const written = (await readFile(join(places.cluster, 'PG_VERSION'), 'utf8')).trim();
  if (Number(written) === binaries.majorVersion) return;
  throw new MedicError(
    'database.invalid',
    `The data in ${places.cluster} were written by Postgres ${written}, and this Medic brings Postgres ${binaries.majorVersion}. ` +
      'Move them over with a backup made by the Medic that wrote them',
  );
}

export async function readPassword(places: Places): Promise<string> {
  try {
    return (await readFile(places.passwordFile, 'utf8')).trim();
  } catch (error) {
    throw new MedicError(
      'database.invalid',
      `The password of the database cannot be read from ${places.passwordFile} (${errorCodeOf(error)})`,
      { cause: error },
    );
  }
}

export function isWrongPassword(error: unknown): boolean {
  return errorCodeOf(error) === '28P01' || errorCodeOf(error) === '28000';
}

export function wrongPassword(places: Places, cause: unknown): MedicError {
  return new MedicError(
    'database.invalid',
    `The password in ${places.passwordFile} is not that of the database in ${places.cluster}`,
    { cause },
  );
}

/** Where the database is there already, this only proves that the server answers to our password. */
export async function makeDatabase(port: number, password: string): Promise<void> {
  const client = new pg.Client({
    connectionString: urlOf(port, password, 'postgres'),
    connectionTimeoutMillis: 10_000,
  });
  // Without a listener a connection that breaks while idle would end the process.
  let broken: Error | undefined;
  client.on('error', (error) => {
    broken = error;
  });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseName]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${databaseName}`);
  } catch (error) {
    // Two that start at once both find none; which of the two codes comes depends on how close they are.
    if (errorCodeOf(error) !== '42P04' && errorCodeOf(error) !== '23505') throw broken ?? error;
  } finally {
    await client.end();
  }
}

export function urlOf(port: number, password: string, database = databaseName): string {
  return `postgres://${ownerName}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

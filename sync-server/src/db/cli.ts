/**
 * The database from the command line: `migrate`, `reset` (drop it and make it anew), `seed` (the demo clinic), `backup`
 * and `restore`. On the database of `DATABASE_URL`, else on the embedded one in `MEDIC_DATA_DIR`.
 */
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { MedicError } from '@medic/shared/errors';
import pg from 'pg';
import { makeBackup } from './backup/backup';
import { restoreBackup } from './backup/restore';
import { defaultDataDir } from './embedded/data-dir';
import { startEmbeddedServer } from './embedded-server';
import { migrate } from './migrate';
import { describeUrl, openAdminPool } from './pool';

const usage =
  'usage: cli.ts migrate | reset [--yes] | seed --scale small|large | backup [file] | restore <file> [--yes]';
const commands = ['migrate', 'reset', 'seed', 'backup', 'restore'] as const;

const scales = ['small', 'large'] as const;
type Scale = (typeof scales)[number];

interface Command {
  name: (typeof commands)[number];
  /** Of a backup; null for one whose name nobody chose. */
  file: string | null;
  scale: Scale;
  confirmed: boolean;
}

async function main(args: string[]): Promise<void> {
  const command = readCommand(args);
  const externalUrl = process.env.DATABASE_URL;
  if (externalUrl) return await execute(command, externalUrl);

  const server = await startEmbeddedServer({ dataDir: dataDir(), log: say });
  // The server is not of our process group: Ctrl-C reaches only us, and we stop it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void server.stop().finally(() => process.exit(130)));
  try {
    await execute(command, server.adminUrl);
  } finally {
    await server.stop();
  }
}

function readCommand(args: string[]): Command {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    throw new MedicError(
      'input.invalid',
      `${error instanceof Error ? error.message : String(error)}\n${usage}`,
      { cause: error },
    );
  }
  const [first, file = null, ...rest] = parsed.positionals;
  const name = commands.find((each) => each === first);
  const scale = scales.find((each) => each === parsed.values.scale);
  const takesFile = name === 'backup' || name === 'restore';
  if (
    !name ||
    !scale ||
    rest.length > 0 ||
    (file !== null && !takesFile) ||
    (file === null && name === 'restore')
  )
    throw new MedicError('input.invalid', usage);
  return { name, file: file === null ? null : resolve(file), scale, confirmed: parsed.values.yes };
}

function dataDir(): string {
  return process.env.MEDIC_DATA_DIR || defaultDataDir();
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: { scale: { type: 'string', default: 'small' }, yes: { type: 'boolean', default: false } },
  });
}

async function execute(command: Command, url: string): Promise<void> {
  if (command.name === 'restore') return await restore(url, command);
  if (command.name === 'backup') return await backup(url, command.file);
  if (command.name === 'reset') await reset(url, command.confirmed);
  const pool = await openAdminPool(url);
  try {
    const { applied, version } = await migrate(pool, { log: say });
    say(
      `${describeUrl(url)} is at version ${version}${applied.length > 0 ? ` (${applied.length} new)` : ''}`,
    );
    if (command.name === 'seed') {
      // Loaded only when wanted: a migration must not depend on the demo data.
      const { seedDemo } = await import('./seed');
      const demo = await seedDemo(pool, { scale: command.scale, now: Date.now(), onProgress: say });
      say(
        demo.created
          ? `the demo clinic "${demo.slug}" (${command.scale}) is there`
          : `there is a demo clinic "${demo.slug}" already, and it was left as it is; for another one reset the database first`,
      );
      for (const { role, email, password } of demo.signIns) say(`${role.padEnd(10)} ${email}  ${password}`);
    }
  } finally {
    await pool.end();
  }
}

/** While Medic runs, or not. */
async function backup(url: string, file: string | null): Promise<void> {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '');
  const path = file ?? join(dataDir(), 'backups', `medic-${stamp}.backup`);
  await mkdir(dirname(path), { recursive: true });
  const pool = await openAdminPool(url);
  try {
    const made = await makeBackup(url, pool, path);
    say(`${made.path}: ${made.clinics} clinics, ${made.rows} rows, ${(made.bytes / 1e6).toFixed(1)} MB`);
    say('It holds patients’ data in clear. Keep it where only those can read it who may');
  } finally {
    await pool.end();
  }
}

async function restore(url: string, { file, confirmed }: Command): Promise<void> {
  if (!confirmed) await askFor(`Everything in ${describeUrl(url)} since the backup`);
  const { rows, header, keptAs } = await restoreBackup(url, file ?? '', { log: say });
  say(`${describeUrl(url)} is as it was at ${header.madeAt}: ${rows} rows`);
  say(`What was there before is kept as the database ${keptAs}, until the next restore`);
  say('Desks pull afresh by themselves, and send again what they did since');
}

/** Drops the database and makes an empty one of the same name. */
async function reset(url: string, confirmed: boolean): Promise<void> {
  const { database } = new pg.Client({ connectionString: url });
  if (!database || ['postgres', 'template0', 'template1'].includes(database)) {
    throw new MedicError(
      'input.invalid',
      `The database ${database ?? ''} is Postgres' own and is not reset. Give Medic one of its own in DATABASE_URL`,
    );
  }
  if (!confirmed) await askFor(`Everything in ${describeUrl(url)}`);
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  const pool = await openAdminPool(maintenance.toString());
  try {
    const name = pg.escapeIdentifier(database);
    await pool.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await pool.query(`CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`);
  } catch (error) {
    throw new MedicError(
      'database.unreachable',
      `${describeUrl(url)} cannot be dropped and made again: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  } finally {
    await pool.end();
  }
  say(`${describeUrl(url)} is empty now`);
}

async function askFor(what: string): Promise<void> {
  if (!process.stdin.isTTY) throw new MedicError('input.invalid', `${what} would be lost. Say so with --yes`);
  const questions = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await questions.question(`${what} will be lost. Go on? (yes/no) `);
  questions.close();
  if (answer.trim().toLowerCase() !== 'yes') throw new MedicError('input.invalid', 'Left as it was');
}

function say(message: string): void {
  process.stdout.write(`${message}\n`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(
    `${error instanceof MedicError ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = 1;
}

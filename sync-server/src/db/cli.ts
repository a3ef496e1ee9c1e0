/**
 * The database from the command line: `migrate`, `reset` (drop it and make it anew) and `seed` (the demo clinic).
 * On the database of `DATABASE_URL`, else on the embedded one in `MEDIC_DATA_DIR`.
 */
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { MedicError } from '@medic/shared/errors';
import pg from 'pg';
import { defaultDataDir } from './embedded/data-dir';
import { startEmbeddedServer } from './embedded-server';
import { migrate } from './migrate';
import { describeUrl, openAdminPool } from './pool';

const usage = 'usage: cli.ts migrate | reset [--yes] | seed --scale small|large';

const scales = ['small', 'large'] as const;
type Scale = (typeof scales)[number];

interface Command {
  name: 'migrate' | 'reset' | 'seed';
  scale: Scale;
  confirmed: boolean;
}

async function main(args: string[]): Promise<void> {
  const command = readCommand(args);
  const externalUrl = process.env.DATABASE_URL;
  if (externalUrl) return await execute(command, externalUrl);

  const server = await startEmbeddedServer({
    dataDir: process.env.MEDIC_DATA_DIR || defaultDataDir(),
    log: say,
  });
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
  const [name, ...rest] = parsed.positionals;
  const scale = scales.find((each) => each === parsed.values.scale);
  if ((name !== 'migrate' && name !== 'reset' && name !== 'seed') || rest.length > 0 || !scale)
    throw new MedicError('input.invalid', usage);
  return { name, scale, confirmed: parsed.values.yes };
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: { scale: { type: 'string', default: 'small' }, yes: { type: 'boolean', default: false } },
  });
}

async function execute(command: Command, url: string): Promise<void> {
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

/** Drops the database and makes an empty one of the same name. */
async function reset(url: string, confirmed: boolean): Promise<void> {
  const { database } = new pg.Client({ connectionString: url });
  if (!database || ['postgres', 'template0', 'template1'].includes(database)) {
    throw new MedicError(
      'input.invalid',
      `The database ${database ?? ''} is Postgres' own and is not reset. Give Medic one of its own in DATABASE_URL`,
    );
  }
  if (!confirmed) await askFor(describeUrl(url));
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

async function askFor(where: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw new MedicError('input.invalid', `Everything in ${where} would be lost. Say so with --yes`);
  const questions = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await questions.question(`Everything in ${where} will be lost. Go on? (yes/no) `);
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

/** A Postgres for tests: in a temporary folder, without durability, shared by everything a test run starts. */
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { isHeld } from '../embedded/holders';
import { startEmbeddedServer, stopOrphan } from '../embedded-server';
import { migrate } from '../migrate';
import { openAdminPool } from '../pool';

export interface TestServer {
  adminUrl: string;
  /** Drops what this run made, stops the server and removes its folder. */
  stop(): Promise<void>;
}

export interface TestServerOptions {
  /** False: without the template, for tests of the database foundation itself. */
  migrated?: boolean;
  /** Migrations other than Medic's own. */
  migrationsDir?: string;
  log?: (message: string) => void;
  /** As a clinic's server, which loses nothing when the power fails: for benchmarks. */
  durable?: boolean;
}

const withoutDurability = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

export const templateName = 'medic_template';
const folderPrefix = 'medic-test-';

/**
 * `MEDIC_TEST_DATABASE_URL` takes a Postgres that is running (as a superuser), to try another version; what is made
 * there are only databases named `medic_...`.
 */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const external = process.env.MEDIC_TEST_DATABASE_URL;
  if (external) {
    await makeTemplate(external, options);
    return { adminUrl: external, stop: () => dropTestDatabases(external) };
  }
  await removeAbandoned();
  const folder = await mkdtemp(join(tmpdir(), folderPrefix));
  // As root, Postgres runs as a plain user, who has to get through.
  await chmod(folder, 0o755);
  try {
    const server = await startEmbeddedServer({
      dataDir: folder,
      log: options.log ?? (() => undefined),
      settings: {
        ...(options.durable ? {} : withoutDurability),
        max_connections: '300',
        autovacuum_naptime: '10min',
      },
    });
    try {
      await makeTemplate(server.adminUrl, options);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return {
      adminUrl: server.adminUrl,
      async stop() {
        await server.stop();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function makeTemplate(adminUrl: string, options: TestServerOptions): Promise<void> {
  if (options.migrated === false) return;
  await runOn(
    adminUrl,
    `DROP DATABASE IF EXISTS ${templateName} WITH (FORCE)`,
    `CREATE DATABASE ${templateName} ENCODING 'UTF8' TEMPLATE template0`,
  );
  const pool = await openAdminPool(urlFor(adminUrl, templateName));
  try {
    await migrate(pool, { dir: options.migrationsDir });
  } finally {
    // A template that someone is connected to cannot be copied.
    await pool.end();
  }
}

async function dropTestDatabases(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      "SELECT datname AS name FROM pg_database WHERE datname ~ '^medic_(t_|template$)'",
    );
    for (const { name } of rows)
      await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`);
  } finally {
    await client.end();
  }
}

/** A run that was killed could not clean up after itself. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(folderPrefix)) continue;
    const folder = join(tmpdir(), name);
    const made = await stat(folder).catch(() => undefined);
    // Someone else's, gone in the meantime, or so young that its run has not got to holding it.
    if (
      !made ||
      (process.getuid && process.getuid() !== 0 && made.uid !== process.getuid()) ||
      Date.now() - made.mtimeMs < 60_000
    )
      continue;
    if (isHeld(join(folder, 'postgres', 'holders'))) continue;
    await stopOrphan(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

export async function runOn(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

export function urlFor(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.toString();
}

import { randomBytes } from 'node:crypto';
import type { Pool } from '../pool';
import { openAdminPool, openAppPool } from '../pool';
import { runOn, templateName, urlFor } from './server';

export type { TestServer } from './server';
export { startTestServer } from './server';

export interface TestDatabase {
  /** As the owner, past row-level security: to arrange and to look. */
  adminPool: Pool;
  /** As the server works. */
  appPool: Pool;
  url: string;
  drop(): Promise<void>;
}

export interface EmptyDatabase {
  name: string;
  url: string;
  drop(): Promise<void>;
}

/** For tests of the foundation itself: no migration has touched it. */
export async function createEmptyDatabase(server?: { adminUrl: string }): Promise<EmptyDatabase> {
  return await createDatabase(server, "ENCODING 'UTF8' TEMPLATE template0");
}

/**
 * A migrated database of one's own, a copy of the template. In vitest the server is the one of the global set-up;
 * elsewhere (browser tests, benchmarks) hand in the one that `startTestServer` gave.
 */
export async function createTestDatabase(server?: { adminUrl: string }): Promise<TestDatabase> {
  // Copying files takes 80 ms for 45 tables; the default, which writes the copy to the log, takes 260.
  const database = await createDatabase(server, `TEMPLATE ${templateName} STRATEGY FILE_COPY`);
  const adminPool = await openAdminPool(database.url);
  const appPool = await openAppPool(database.url);
  return {
    adminPool,
    appPool,
    url: database.url,
    async drop() {
      await Promise.all([adminPool.end(), appPool.end()]);
      await database.drop();
    },
  };
}

async function createDatabase(server: { adminUrl: string } | undefined, how: string): Promise<EmptyDatabase> {
  const adminUrl = server?.adminUrl ?? (await adminUrlOfVitest());
  const name = `medic_t_${randomBytes(8).toString('hex')}`;
  await runOn(adminUrl, `CREATE DATABASE ${name} ${how}`);
  return {
    name,
    url: urlFor(adminUrl, name),
    drop: () => runOn(adminUrl, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function adminUrlOfVitest(): Promise<string> {
  if (!process.env.VITEST)
    throw new Error(
      'Outside vitest, start a server with startTestServer() and hand it to createTestDatabase()',
    );
  const { inject } = await import('vitest');
  return inject('medicPg').adminUrl;
}

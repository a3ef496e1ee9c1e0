/**
 * A program that gives browser tests their databases: it seeds the demo clinic once and copies it on demand. It
 * answers each line `copy` on its input with a line of JSON, and stops Postgres when its input ends. `large` as its
 * argument makes the large clinic, for benchmarks.
 */
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { openAdminPool } from '../db/pool';
import { seedDemo } from '../db/seed';
import { runOn, startTestServer, templateName, urlFor } from '../db/testing/server';

const server = await startTestServer();
const demo = `medic_t_demo_${randomBytes(4).toString('hex')}`;
await runOn(server.adminUrl, `CREATE DATABASE ${demo} TEMPLATE ${templateName} STRATEGY FILE_COPY`);
const pool = await openAdminPool(urlFor(server.adminUrl, demo));
const scale = process.argv[2] === 'large' ? 'large' : 'small';
const { slug, signIns } = await seedDemo(pool, { scale, now: Date.now() });
await pool.end();

const lines = createInterface({ input: process.stdin });
process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
for await (const line of lines) {
  if (line !== 'copy') continue;
  const name = `medic_t_${randomBytes(8).toString('hex')}`;
  await runOn(server.adminUrl, `CREATE DATABASE ${name} TEMPLATE ${demo} STRATEGY FILE_COPY`);
  process.stdout.write(`${JSON.stringify({ url: urlFor(server.adminUrl, name), slug, signIns })}\n`);
}
await server.stop();

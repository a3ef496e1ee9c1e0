/**
 * The server of the booking benchmark, in a process of its own: clinics behind the real HTTP server, and bare routes on
 * the same database that do the least one could do. Says where it listens, and how much processor time it has taken
 * whenever it is asked.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { instant } from '@medic/shared/time/instant';
import express from 'express';
import type { Pool } from '../../db/pool';
import { startTestServer } from '../../db/testing/database';
import { arrangeClinic, monday, openTestClinic } from '../../testing/test-clinic';

export interface BenchServer {
  url: string;
  bareUrl: string;
  slugs: string[];
}

/** Milliseconds of processor time so far; null where the system does not tell. */
export interface ProcessorTime {
  node: number;
  postgres: number | null;
}

/** Linux counts the time of other processes in these. */
const tickMs = 10;
/** No limit of ours is to be measured. */
const limitFactor = 1e6;

const clinicCount = Number(process.argv[2]);
const durable = process.argv[3] === 'durable';

const server = await startTestServer({ durable });
const clinic = await openTestClinic({ adminUrl: server.adminUrl, limitFactor });
const { adminPool, appPool } = clinic.database;
// Time goes on, so that nothing is answered from what was true for one moment only.
const started = performance.now();
setInterval(() => {
  clinic.clock.now = instant(monday + Math.round(performance.now() - started));
}, 10).unref();
const slugs = [clinic.slug];
for (let number = 2; number <= clinicCount; number++) {
  const slug = `harbour-${number}`;
  await arrangeClinic(adminPool, { slug, number });
  slugs.push(slug);
}
await adminPool.query(
  'CREATE TABLE bare (id bigserial PRIMARY KEY, note text); GRANT ALL ON bare, bare_id_seq TO medic_app',
);
const bare = createServer(bareRoutes(appPool));
await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));

process.on('message', (message) => {
  if (message === 'time') void processorTime().then((time) => process.send?.(time));
  else if (message === 'settle') void settle().then(() => process.send?.('settled'));
  else void stop();
});
process.send?.({
  url: clinic.url,
  bareUrl: `http://127.0.0.1:${(bare.address() as AddressInfo).port}`,
  slugs,
} satisfies BenchServer);

function bareRoutes(pool: Pool) {
  const app = express();
  app.use(express.json());
  app.get('/one', async (_req, res) => {
    res.json((await pool.query('SELECT 1')).rows);
  });
  app.post('/insert', async (_req, res) => {
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query('INSERT INTO bare (note) VALUES ($1)', ['x']);
    await client.query('COMMIT');
    client.release();
    res.json({});
  });
  return app;
}

async function processorTime(): Promise<ProcessorTime> {
  const { user, system } = process.cpuUsage();
  return { node: (user + system) / 1000, postgres: await postgresTime() };
}

async function postgresTime(): Promise<number | null> {
  if (process.platform !== 'linux') return null;
  const { rows } = await adminPool.query<{ pid: number }>('SELECT pid FROM pg_stat_activity');
  let ticks = 0;
  for (const { pid } of rows) {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks * tickMs;
}

/**
 * What autovacuum does within a minute: here it is off, so that it comes at no odd moment. Until then a connection keeps
 * the plans that it made over empty tables, and those read a clinic's whole index for one row.
 */
async function settle(): Promise<void> {
  await adminPool.query('VACUUM ANALYZE');
}

async function stop(): Promise<void> {
  bare.close();
  bare.closeAllConnections();
  await clinic.close();
  await server.stop();
  process.disconnect();
}

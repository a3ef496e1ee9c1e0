/** The server as a process: how it starts, refuses to start, stops, and what a kill -9 leaves behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { slotsOf } from '@medic/shared/availability/slot-table';
import { dayMs, type Instant, type PlainDate } from '@medic/shared/time/instant';
import { createTRPCClient, httpLink } from '@trpc/client';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { AppRouter } from './api/router';
import { createTestDatabase, type TestDatabase } from './db/testing/database';
import { arrangeClinic, newId, single } from './testing/test-clinic';

const root = resolve(import.meta.dirname, '../..');
let database: TestDatabase;
const children: ChildProcess[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await arrangeClinic(database.adminPool, { slug: 'harbour', number: 1 });
});
afterAll(() => database.drop());
afterEach(() => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
});

interface Running {
  child: ChildProcess;
  url: string;
  output(): string;
  ended: Promise<number | null>;
}

function run(env: Record<string, string>): Omit<Running, 'url'> & { ready: Promise<string> } {
  const child = spawn(process.execPath, ['--import', 'tsx', 'sync-server/src/main.ts'], {
    cwd: root,
    env: {
      ...process.env,
      PORT: '0',
      DATABASE_URL: database.url,
      MEDIC_DEMO: '0',
      MEDIC_SECRET: 'a secret of at least 32 characters',
      MEDIC_LIMIT_FACTOR: '1000',
      MEDIC_PROOF_BITS: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  children.push(child);
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    output += chunk;
  });
  return {
    child,
    output: () => output,
    ready: new Promise((done) => child.on('message', (message: { url: string }) => done(message.url))),
    ended: new Promise((done) => child.on('exit', (code) => done(code))),
  };
}

async function start(): Promise<Running> {
  const running = run({});
  const url = await Promise.race([
    running.ready,
    running.ended.then(() => Promise.reject(new Error(`it ended: ${running.output()}`))),
  ]);
  return { ...running, url };
}

function visitorOf(url: string) {
  return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/api/trpc` })] });
}

function localDay(offset: number): PlainDate {
  return new Date(Date.now() + offset * dayMs).toISOString().slice(0, 10) as PlainDate;
}

it('answers /healthz and /readyz, and stops cleanly on SIGTERM', async () => {
  const server = await start();
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
}, 30_000);

it('says that the port is taken, and by exit code that it failed', async () => {
  const squatter = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => squatter.once('listening', done));
  const { port } = squatter.address() as { port: number };
  const server = run({ PORT: String(port) });
  expect(await server.ended).toBe(1);
  expect(server.output()).toContain(`Port ${port} is used by another program`);
  squatter.close();
}, 30_000);

it('says that the database cannot be reached, without its password', async () => {
  const server = run({ DATABASE_URL: 'postgres://medic:secret-word@127.0.0.1:1/medic' });
  expect(await server.ended).toBe(1);
  expect(server.output()).toContain('Medic cannot start');
  expect(server.output()).toContain('127.0.0.1:1/medic');
  expect(server.output()).not.toContain('secret-word');
}, 60_000);

it('refuses a database that a newer Medic has written', async () => {
  const newer = await createTestDatabase();
  await newer.adminPool.query(
    `INSERT INTO medic_migrations (version, name, checksum) VALUES (9999, 'from the future', 'x')`,
  );
  const server = run({ DATABASE_URL: newer.url });
  expect(await server.ended).toBe(1);
  expect(server.output()).toMatch(/newer/);
  await newer.drop();
}, 30_000);

it('names the variable that is wrong', async () => {
  const server = run({ PORT: 'harbour' });
  expect(await server.ended).toBe(1);
  expect(server.output()).toContain('PORT');
}, 30_000);

it('leaves no half-written visit when it is killed in the middle of a rush, and starts again', async () => {
  const server = await start();
  const visitor = visitorOf(server.url);
  const { slots } = await visitor.public.slots.query({
    clinic: 'harbour',
    appointmentTypeId: single,
    doctorId: null,
    locationId: null,
    from: localDay(3),
    until: localDay(17),
  });
  const apart = slotsOf(slots).filter((slot) => (slot.startsAt / 1_800_000) % 1 === 0);
  expect(apart.length).toBeGreaterThan(100);
  const confirmed: { requestId: string; id: string; startsAt: Instant }[] = [];
  const requests = apart.slice(0, 150).map(({ doctorId, locationId, startsAt }) => ({
    clinic: 'harbour',
    requestId: newId(),
    appointmentTypeId: single,
    doctorId,
    locationId,
    startsAt,
    patient: {
      givenName: 'Jan',
      familyName: 'Nowy',
      birthDate: null,
      phone: null,
      email: `${newId()}@example.org`,
      language: 'pl',
      consentSms: false,
      consentEmail: true,
    },
    note: '',
  }));
  const rush = requests.map((request) =>
    visitor.public.book.mutate(request).then(
      (answer) => {
        if (answer.kind === 'booked')
          confirmed.push({
            requestId: request.requestId,
            id: answer.visit.id,
            startsAt: answer.visit.startsAt,
          });
        if (confirmed.length === 40) server.child.kill('SIGKILL');
      },
      () => undefined,
    ),
  );
  await server.ended;
  await Promise.all(rush);
  expect(confirmed.length).toBeGreaterThanOrEqual(40);

  const again = await start();
  // Postgres notices dead clients at their next statement; what they had open is rolled back.
  await sleep(500);
  const { rows } = await database.adminPool.query<{
    visits: number;
    events: number;
    messages: number;
    patients: number;
    intents: number;
  }>(`
    SELECT (SELECT count(*)::int FROM appointments) AS visits,
           (SELECT count(DISTINCT appointment_id)::int FROM appointment_events) AS events,
           (SELECT count(DISTINCT appointment_id)::int FROM notifications) AS messages,
           (SELECT count(*)::int FROM patients WHERE source = 'public') AS patients,
           (SELECT count(*)::int FROM intents WHERE status = 'done') AS intents`);
  const counts = rows[0];
  expect(counts?.visits).toBeGreaterThanOrEqual(confirmed.length);
  expect(
    new Set([counts?.visits, counts?.events, counts?.messages, counts?.patients, counts?.intents]).size,
  ).toBe(1);

  // What was confirmed stands, and what was not can simply be sent again.
  const visitorAgain = visitorOf(again.url);
  const answers = await Promise.all(requests.map((request) => visitorAgain.public.book.mutate(request)));
  expect(answers.every((answer) => answer.kind === 'booked')).toBe(true);
  for (const { requestId, id } of confirmed) {
    const answer = answers[requests.findIndex((request) => request.requestId === requestId)];
    expect(answer?.kind === 'booked' && answer.visit.id).toBe(id);
  }
  again.child.kill('SIGTERM');
  expect(await again.ended).toBe(0);
}, 90_000);

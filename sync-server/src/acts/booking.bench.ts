/**
 * Slots and bookings over HTTP. Each is compared with a bare Express route in the same server process that does the
 * least one could do: `SELECT 1`, or one row inserted in a transaction. Both take turns, so that what else the machine
 * does slows both alike.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Slot } from '@medic/shared/availability/query';
import { type SlotTable, slotsOf } from '@medic/shared/availability/slot-table';
import { date } from '@medic/shared/testing/builders';
import { addDays } from '@medic/shared/time/plain-date';
import type { Bench } from '../../../scripts/bench-api';
import { newId, single } from '../testing/test-clinic';
import type { BenchServer, ProcessorTime } from './testing/bench-server';
import { type Asked, Caller, type Next, type Rush, rush } from './testing/callers';

export const suite = 'booking';

const clinics = 20;
const callers = 16;
const rounds = 6;
const slotsTurnMs = 700;
const bookingsPerTurn = 300;
/** Somebody at a quiet clinic books so often. */
const quietEveryMs = 50;
const quietBookings = 40;
const weeksAhead = 40;
const firstMonday = date('2026-11-30');

export async function run(bench: Bench): Promise<void> {
  await withServer('not durable', async (server) => {
    await slots(bench, server);
    await bookings(bench, server);
    await besideARush(bench, server);
  });
  await withServer('durable', (server) => bookings(bench, server, ', on disk'));
}

async function slots(bench: Bench, server: RunningServer): Promise<void> {
  const range = { from: firstMonday, until: addDays(firstMonday, 7) };
  const sides = {
    'bare route, SELECT 1': {
      url: server.bareUrl,
      next: () => ({ method: 'GET' as const, path: '/one' }),
    },
    'public.slots, a week of two doctors': {
      url: server.url,
      next: () => ({ method: 'GET' as const, path: slotsPath(server.slugs[0] ?? '', range) }),
    },
  };
  await inTurns(bench, server, sides, { callers, forMs: slotsTurnMs });
}

async function bookings(bench: Bench, server: RunningServer, how = ''): Promise<void> {
  const alone = await bookingsOf(server, server.slugs[0] ?? '');
  const spread = await Promise.all(server.slugs.slice(1).map((slug) => bookingsOf(server, slug)));
  let turn = 0;
  const sides = {
    [`bare one-row insert${how}`]: {
      url: server.bareUrl,
      next: () => ({ method: 'POST' as const, path: '/insert', body: '{}' }),
    },
    [`booking over ${spread.length} clinics${how}`]: {
      url: server.url,
      next: () => spread[turn++ % spread.length]?.() ?? null,
    },
    [`booking at one clinic${how}`]: { url: server.url, next: alone },
  };
  await inTurns(bench, server, sides, { callers, count: bookingsPerTurn });
}

/** What the p95 of a quiet clinic is worth beside a clinic at which everybody books. */
async function besideARush(bench: Bench, server: RunningServer): Promise<void> {
  const [rushed = '', quiet = ''] = server.slugs.slice(-2);
  const quietNext = await bookingsOf(server, quiet);
  const rushNext = await bookingsOf(server, rushed);
  const calm: number[] = [];
  const beside: number[] = [];
  for (let round = 0; round < rounds / 2; round++) {
    calm.push(...(await nowAndThen(server.url, quietNext)));
    let isOver = false;
    const rushing = rush(server.url, { callers, next: () => (isOver ? null : rushNext()) });
    beside.push(...(await nowAndThen(server.url, quietNext)));
    isOver = true;
    await rushing;
  }
  bench.recordSamples('booking at a quiet clinic', calm);
  bench.recordSamples('booking at a quiet clinic beside a rushed one', beside, {
    against: 'booking at a quiet clinic',
  });
}

async function nowAndThen(url: string, next: Next): Promise<number[]> {
  const samples: number[] = [];
  for (let i = 0; i < quietBookings; i++) {
    const { samples: one } = await rush(url, { callers: 1, next: once1(next) });
    samples.push(...one);
    await new Promise((resolve) => setTimeout(resolve, quietEveryMs));
  }
  return samples;
}

function once1(next: Next): Next {
  let isAsked = false;
  return () => {
    if (isAsked) return null;
    isAsked = true;
    return next();
  };
}

interface Side {
  url: string;
  next: Next;
}

/** Each side in turn, again and again. The first one is what the others are compared with. */
async function inTurns(
  bench: Bench,
  server: RunningServer,
  sides: Record<string, Side>,
  { callers, forMs, count }: { callers: number; forMs?: number; count?: number },
): Promise<void> {
  const results = Object.entries(sides).map(([name, side]) => ({
    name,
    side,
    samples: [] as number[],
    rates: [] as number[],
    nodeMs: 0,
    postgresMs: 0 as number | null,
  }));
  // The first turn warms up and does not count.
  for (let round = -1; round < rounds; round++) {
    if (round === 0) await server.settle();
    for (const result of results) {
      const before = await server.time();
      const done: Rush = await rush(result.side.url, {
        callers,
        ...(forMs === undefined ? {} : { forMs }),
        next: count === undefined ? result.side.next : atMost(count, result.side.next),
      });
      const after = await server.time();
      if (round < 0) continue;
      result.samples.push(...done.samples);
      result.rates.push(done.perSecond);
      result.nodeMs += after.node - before.node;
      result.postgresMs =
        result.postgresMs === null || after.postgres === null || before.postgres === null
          ? null
          : result.postgresMs + after.postgres - before.postgres;
    }
  }
  const first = results[0]?.name ?? '';
  for (const { name, samples, rates, nodeMs, postgresMs } of results) {
    const against = (what: string) => (name === first ? undefined : `${first}, ${what}`);
    const sorted = [...samples].sort((a, b) => a - b);
    bench.record(`${name}, rate`, median(rates), '1/s', against('rate'));
    for (const [what, share] of [
      ['p50', 0.5],
      ['p95', 0.95],
      ['p99', 0.99],
    ] as const)
      bench.record(`${name}, ${what}`, quantile(sorted, share), 'ms', against(what));
    bench.record(
      `${name}, processor time of Node`,
      nodeMs / samples.length,
      'ms',
      against('processor time of Node'),
    );
    if (postgresMs !== null)
      bench.record(
        `${name}, processor time of Postgres`,
        postgresMs / samples.length,
        'ms',
        against('processor time of Postgres'),
      );
  }
}

function atMost(count: number, next: Next): Next {
  let left = count;
  return () => (left-- > 0 ? next() : null);
}

function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}

/** Nearest rank. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

function slotsPath(clinic: string, { from, until }: { from: string; until: string }): string {
  const input = { clinic, appointmentTypeId: single, doctorId: null, locationId: null, from, until };
  return `/api/trpc/public.slots?input=${encodeURIComponent(JSON.stringify(input))}`;
}

/** Bookings of a clinic's free times, each by somebody new. */
async function bookingsOf(server: BenchServer, clinic: string): Promise<Next> {
  const free: Slot[] = [];
  const caller = new Caller(server.url);
  for (let week = 0; week < weeksAhead; week += 5) {
    const range = { from: addDays(firstMonday, week * 7), until: addDays(firstMonday, (week + 5) * 7) };
    const { body } = await caller.ask({ method: 'GET', path: slotsPath(clinic, range) });
    const { result } = JSON.parse(body) as { result: { data: { slots: SlotTable } } };
    // Half an hour each: the other ones overlap them.
    free.push(...slotsOf(result.data.slots).filter((slot) => slot.startsAt % 1_800_000 === 0));
  }
  caller.close();
  return (): Asked | null => {
    const slot = free.shift();
    if (!slot) return null;
    return { method: 'POST', path: '/api/trpc/public.book', body: bookingOf(clinic, slot) };
  };
}

function bookingOf(clinic: string, { doctorId, locationId, startsAt }: Slot): string {
  return JSON.stringify({
    clinic,
    requestId: newId(),
    appointmentTypeId: single,
    doctorId,
    locationId,
    startsAt,
    patient: {
      givenName: 'Jan',
      familyName: 'Nowy',
      birthDate: addDays(date('1940-01-01'), (startsAt / 1_800_000) % 20_000),
      phone: null,
      email: `${newId()}@example.org`,
      language: 'pl',
      consentSms: false,
      consentEmail: true,
    },
    note: '',
  });
}

interface RunningServer extends BenchServer {
  time(): Promise<ProcessorTime>;
  /** Makes the database as it is some time after it was filled. */
  settle(): Promise<void>;
}

async function withServer(durability: string, work: (server: RunningServer) => Promise<void>): Promise<void> {
  const file = fileURLToPath(new URL('./testing/bench-server.ts', import.meta.url));
  const child: ChildProcess = fork(file, [String(clinics + 1), durability]);
  const gone = once(child, 'exit');
  try {
    const [ready] = (await Promise.race([once(child, 'message'), gone])) as [BenchServer | number];
    if (typeof ready !== 'object') throw new Error('the server of the benchmark did not start');
    await work({
      ...ready,
      time: async () => {
        child.send('time');
        const [time] = (await once(child, 'message')) as [ProcessorTime];
        return time;
      },
      settle: async () => {
        child.send('settle');
        await once(child, 'message');
      },
    });
  } finally {
    if (child.connected) child.send('stop');
    await gone;
  }
}

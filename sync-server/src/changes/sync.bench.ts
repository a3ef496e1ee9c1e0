/** The server's part of sync: from a change at one desk to another, a queue of days, and many desks at once. */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { uuidv7 } from '@medic/shared/model/id';
import {
  type Checkpoint,
  type PullAnswer,
  type PushAnswer,
  type Wake,
  wireVersion,
} from '@medic/shared/sync/wire';
import { at } from '@medic/shared/testing/builders';
import { dayMs, instant, minuteMs } from '@medic/shared/time/instant';
import type { Bench } from '../../../scripts/bench-api';
import { listen } from '../db/listen';
import { openAdminPool } from '../db/pool';
import { anna, harbour, monday, nowak, okafor, single } from '../testing/test-clinic';
import type { SyncBenchServer, Taken } from './testing/sync-bench-server';

export const suite = 'sync';

const manyDesks = 200;
const changesPerSecond = 20;
const rushMs = 10_000;
const patients = 20_000;

export async function run(bench: Bench): Promise<void> {
  const child = fork(
    fileURLToPath(new URL('./testing/sync-bench-server.ts', import.meta.url)),
    [String(manyDesks), String(patients)],
    { execArgv: ['--expose-gc', '--import', 'tsx'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  );
  try {
    const [server] = (await once(child, 'message')) as [SyncBenchServer];
    bench.note(`server with ${patients} patients and ${manyDesks} desks`);
    await pulling(bench, server);
    bench.note('propagation');
    await propagation(bench, server);
    bench.note('a queue of days');
    await queueOfDays(bench, server);
    bench.note('many desks at once');
    await manyAtOnce(bench, server, child);
  } finally {
    child.send('stop');
    await once(child, 'exit');
  }
}

/** A desk as it stands on the wire. */
class Desk {
  readonly #server: SyncBenchServer;
  readonly #index: number;
  #n = 0;
  readonly checkpoints = new Map<string, Checkpoint | null>();

  constructor(server: SyncBenchServer, index: number) {
    this.#server = server;
    this.#index = index;
  }

  get #headers(): Record<string, string> {
    return {
      authorization: `Bearer ${this.#server.tokens[this.#index]}`,
      'content-type': 'application/json',
    };
  }

  async pull(collection: string, limit = 1000): Promise<PullAnswer & { kind: 'documents' }> {
    const input = { wireVersion, collection, checkpoint: this.checkpoints.get(collection) ?? null, limit };
    const answer = await this.#ask<PullAnswer>(
      fetch(`${this.#server.url}/api/trpc/sync.pull?input=${encodeURIComponent(JSON.stringify(input))}`, {
        headers: this.#headers,
      }),
    );
    if (answer.kind !== 'documents') throw new Error(`reset: ${answer.why}`);
    this.checkpoints.set(collection, answer.checkpoint);
    return answer;
  }

  /** Pulls to the end; gives how many rows came. */
  async pullAll(collection: string, limit = 1000): Promise<number> {
    for (let rows = 0; ; ) {
      const { documents } = await this.pull(collection, limit);
      rows += documents.length;
      if (documents.length < limit) return rows;
    }
  }

  async push(intents: object[]): Promise<PushAnswer> {
    return await this.#ask<PushAnswer>(
      fetch(`${this.#server.url}/api/trpc/sync.push`, {
        method: 'POST',
        headers: this.#headers,
        body: JSON.stringify({ wireVersion, intents }),
      }),
    );
  }

  /** Calls `woken` for each wake until the signal; resolves when the stream stands. */
  async listen(woken: (wake: Wake) => void, signal: AbortSignal): Promise<void> {
    const response = await fetch(`${this.#server.url}/api/trpc/sync.wake`, {
      headers: { ...this.#headers, accept: 'text/event-stream' },
      signal,
    });
    if (!response.ok || !response.body) throw new Error(`the stream answered ${response.status}`);
    void this.#read(response.body, woken).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  async #read(body: ReadableStream<Uint8Array>, woken: (wake: Wake) => void): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    for await (const piece of body) {
      text += decoder.decode(piece as Uint8Array, { stream: true });
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const data = /^data: (\{.*"collections".*\})$/m.exec(event)?.[1];
        if (data) woken(JSON.parse(data) as Wake);
      }
    }
  }

  intent(act: string, args: Record<string, unknown>): Record<string, unknown> {
    this.#n += 1;
    return {
      id: newId(),
      clinicId: this.#server.clinicId,
      seq: 0,
      deleted: false,
      deviceId: this.#server.deviceIds[this.#index],
      n: this.#n,
      userId: this.#server.userId,
      act,
      actVersion: 1,
      args,
      baseSeq: 1,
      madeAt: monday,
      status: 'pending',
      outcomeSeq: null,
      decidedAt: null,
      outcome: {},
    };
  }

  async #ask<T>(asked: Promise<Response>): Promise<T> {
    const response = await asked;
    const body = (await response.json()) as { result?: { data: T }; error?: unknown };
    if (!body.result) throw new Error(JSON.stringify(body.error));
    return body.result.data;
  }
}

const newId = () => uuidv7(instant(Date.now()), randomBytes(10));

let booked = 0;
/** Each a free half hour of one of the two doctors, the first four years of weekdays long. */
function nextBooking(): Record<string, unknown> {
  const [day, rest] = [Math.floor(booked / 32), booked % 32];
  booked += 1;
  return {
    appointmentId: newId(),
    patientId: anna,
    doctorId: rest < 16 ? nowak : okafor,
    locationId: harbour,
    appointmentTypeId: single,
    startsAt:
      at('2026-12-07 08:00') + (Math.floor(day / 5) * 7 + (day % 5)) * dayMs + (rest % 16) * 30 * minuteMs,
    notes: '',
    // One patient books everything: that is not what is measured.
    overrides: ['same-patient'],
  };
}

async function pulling(bench: Bench, server: SyncBenchServer): Promise<void> {
  const pool = await openAdminPool(server.databaseUrl);
  const bare: number[] = [];
  const pulled: number[] = [];
  for (let round = 0; round < 5; round++) {
    let begun = performance.now();
    const { rows } = await pool.query('SELECT * FROM patients ORDER BY seq, id');
    JSON.stringify(rows);
    bare.push(performance.now() - begun);
    begun = performance.now();
    await new Desk(server, 0).pullAll('patients', 2000);
    pulled.push(performance.now() - begun);
  }
  await pool.end();
  const against = `${patients} rows read in one SELECT`;
  bench.recordSamples(against, bare);
  const { median } = bench.recordSamples(`${patients} rows pulled over HTTP, 2000 at a time`, pulled, {
    against,
  });
  bench.record('rows pulled per second', Math.round((patients / median) * 1000), '/s');
}

/** From a person's click at one desk to the row at another: push, decision, commit, wake, pull. */
async function propagation(bench: Bench, server: SyncBenchServer): Promise<void> {
  const pool = await openAdminPool(server.databaseUrl);
  await pool.query('CREATE TABLE bare (id bigserial PRIMARY KEY, note text)');
  let heard: () => void = () => undefined;
  const listener = await listen(
    pool,
    'bench_bare',
    () => heard(),
    () => undefined,
  );
  const [from, to] = [new Desk(server, 0), new Desk(server, 1)];
  await to.pullAll('appointments');
  const stopped = new AbortController();
  let wakes = 0;
  let woken: () => void = () => undefined;
  await to.listen(() => {
    wakes += 1;
    woken();
  }, stopped.signal);
  const bare: number[] = [];
  const whole: number[] = [];
  for (let round = 0; round < 120; round++) {
    let begun = performance.now();
    const told = new Promise<void>((resolve) => {
      heard = resolve;
    });
    await pool.query('INSERT INTO bare (note) VALUES ($1)', ['x']);
    await pool.query('SELECT pg_notify($1, $2)', ['bench_bare', 'x']);
    await told;
    if (round >= 20) bare.push(performance.now() - begun);

    const args = nextBooking();
    begun = performance.now();
    const arrived = (async () => {
      for (let seen = wakes; ; ) {
        // One that came while the last was looked at is looked at as well.
        if (wakes === seen)
          await new Promise<void>((resolve) => {
            woken = resolve;
          });
        seen = wakes;
        const { documents } = await to.pull('appointments');
        if (documents.some(({ id }) => id === args.appointmentId)) return performance.now();
      }
    })();
    const [{ intents }, end] = await Promise.all([
      from.push([from.intent('appointment.book', args)]),
      arrived,
    ]);
    if (intents[0]?.status !== 'done') throw new Error(JSON.stringify(intents[0]?.outcome));
    if (round >= 20) whole.push(end - begun);
  }
  stopped.abort();
  await listener.close();
  await pool.end();
  const against = 'one commit and a NOTIFY to another connection';
  bench.recordSamples(against, bare);
  const { p95 } = bench.recordSamples('booked at one desk until another has the row', whole, { against });
  bench.record('propagation against its aim, p95', p95, 'ms', { name: 'aim 50 ms', value: 50 });
}

/** What a desk has queued in days without a network. */
async function queueOfDays(bench: Bench, server: SyncBenchServer): Promise<void> {
  const pool = await openAdminPool(server.databaseUrl);
  const count = 1000;
  let begun = performance.now();
  for (let n = 0; n < count; n++) await pool.query('INSERT INTO bare (note) VALUES ($1)', ['x']);
  const bareMs = performance.now() - begun;
  await pool.end();
  const desk = new Desk(server, 2);
  const queue = Array.from({ length: count }, () => desk.intent('appointment.book', nextBooking()));
  begun = performance.now();
  let settled = 0;
  while (queue.length > 0) {
    const { intents } = await desk.push(queue.slice(0, 50));
    settled += intents.filter(({ status }) => status === 'done').length;
    queue.splice(0, intents.length);
  }
  const took = performance.now() - begun;
  if (settled !== count) throw new Error(`${settled} of ${count} were done`);
  const against = `${count} bare inserts, each a commit`;
  bench.record(against, bareMs / 1000, 's');
  bench.record(`${count} queued intents to settled`, took / 1000, 's', against);
}

/** Every desk pulls what a wake names, one wake at a time, as the real one does. */
async function manyAtOnce(bench: Bench, server: SyncBenchServer, child: ChildProcess): Promise<void> {
  const stopped = new AbortController();
  const madeAt = new Map<string, number>();
  const delays: number[] = [];
  const looking = new Set<Promise<void>>();
  let pulls = 0;
  await Promise.all(
    Array.from({ length: manyDesks }, async (_, index) => {
      const desk = new Desk(server, index);
      await desk.pullAll('appointments');
      desk.checkpoints.set('patients', null);
      const next = new Set<string>();
      let busy = false;
      async function look(): Promise<void> {
        busy = true;
        while (next.size > 0 && !stopped.signal.aborted) {
          const names = [...next];
          next.clear();
          for (const name of names) {
            pulls += 1;
            const { documents } = await desk.pull(name);
            for (const { id } of documents) {
              const made = madeAt.get(id);
              if (made !== undefined) delays.push(performance.now() - made);
            }
          }
        }
        busy = false;
      }
      await desk.listen((wake) => {
        // The patients of before are not what is measured: a desk has them.
        for (const name of wake.collections ?? []) if (name === 'appointments') next.add(name);
        if (busy) return;
        looking.add(
          look().catch((error: unknown) => {
            // What is under way at the end is of no interest.
            if (!stopped.signal.aborted) throw error;
          }),
        );
      }, stopped.signal);
    }),
  );
  const before = await taken(child);
  const begun = performance.now();
  const writer = new Desk(server, 3);
  const writing: Promise<unknown>[] = [];
  for (let n = 0; performance.now() - begun < rushMs; n++) {
    const args = nextBooking();
    madeAt.set(args.appointmentId as string, performance.now());
    writing.push(writer.push([writer.intent('appointment.book', args)]));
    const due = begun + ((n + 1) * 1000) / changesPerSecond;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
  }
  await Promise.all(writing);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const seconds = (performance.now() - begun) / 1000;
  const after = await taken(child);
  stopped.abort();
  await Promise.all(looking);
  const name = `${manyDesks} desks, ${changesPerSecond} changes a second`;
  const { p95 } = bench.recordSamples(`${name}: until a desk has the row`, delays);
  bench.record(`${name}: against the aim, p95`, p95, 'ms', { name: 'aim 50 ms', value: 50 });
  bench.record(`${name}: server's processor`, (after.cpuMs - before.cpuMs) / seconds / 1000, 'cores');
  // On a busy machine the clock says little; this holds.
  bench.record(`${name}: server's processor per change`, (after.cpuMs - before.cpuMs) / madeAt.size, 'ms');
  bench.record(`${name}: pulls`, pulls / seconds, '/s');
  bench.record(`${name}: heap gained`, (after.heapBytes - before.heapBytes) / 1e6, 'MB');
  bench.record(`${name}: heap`, after.heapBytes / 1e6, 'MB');
}

async function taken(child: ChildProcess): Promise<Taken> {
  const answer = once(child, 'message') as Promise<[Taken]>;
  child.send('taken');
  return (await answer)[0];
}

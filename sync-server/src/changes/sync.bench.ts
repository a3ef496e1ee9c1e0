/** The server's part of sync: from a change at one desk to another, a queue of days, and many desks at once. */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once, setMaxListeners } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
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
    const input = encodeURIComponent(JSON.stringify({ brings: true }));
    // Bare, since two hundred of them share the machine with what is measured.
    const asked = request(`${this.#server.url}/api/trpc/sync.wake?input=${input}`, {
      headers: { ...this.#headers, accept: 'text/event-stream' },
      agent: false,
      signal,
    });
    asked.on('error', (error) => {
      if (!signal.aborted) throw error;
    });
    asked.end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    if (response.statusCode !== 200) throw new Error(`the stream answered ${response.statusCode}`);
    response.on('error', (error) => {
      if (!signal.aborted) throw error;
    });
    let text = '';
    response.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const data = /^data: (\{.*"collections".*\})$/m.exec(text.slice(0, end))?.[1];
        text = text.slice(end + 2);
        if (data) woken(JSON.parse(data) as Wake);
      }
    });
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
  const arrivals = new Map<string, number>();
  let woken: () => void = () => undefined;
  await to.listen(({ changes }) => {
    for (const { documents } of changes?.rows ?? [])
      for (const { id } of documents) arrivals.set(id, performance.now());
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
      for (;;) {
        const end = arrivals.get(args.appointmentId as string);
        if (end !== undefined) return end;
        await new Promise<void>((resolve) => {
          woken = resolve;
        });
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

/** What a wake may name for a receptionist's booking, and a desk then has to have. */
const followed = ['appointments', 'patients', 'attentionItems', 'intents'];

/** Every desk takes what a wake brings and pulls what it only names, one wake at a time, as the real one does. */
async function manyAtOnce(bench: Bench, server: SyncBenchServer, child: ChildProcess): Promise<void> {
  const stopped = new AbortController();
  setMaxListeners(0, stopped.signal);
  const madeAt = new Map<string, number>();
  const delays: number[] = [];
  const looking = new Set<Promise<void>>();
  let pulls = 0;
  const first = new Desk(server, 0);
  for (const name of followed) await first.pullAll(name, 2000);
  await Promise.all(
    Array.from({ length: manyDesks }, async (_, index) => {
      const desk = new Desk(server, index);
      // The rows of before are not what is measured.
      for (const name of followed) desk.checkpoints.set(name, first.checkpoints.get(name) ?? null);
      const upTo = new Map<string, number>();
      const there = new Set<string>();
      function came(documents: readonly { id: string }[]): void {
        for (const { id } of documents) {
          const made = madeAt.get(id);
          if (made !== undefined && !there.has(id)) delays.push(performance.now() - made);
          there.add(id);
        }
      }
      const next = new Set<string>();
      let busy = false;
      async function look(): Promise<void> {
        busy = true;
        while (next.size > 0 && !stopped.signal.aborted) {
          const names = [...next];
          next.clear();
          for (const name of names) {
            pulls += 1;
            const { documents, clinicSeq } = await desk.pull(name);
            upTo.set(name, clinicSeq);
            came(documents);
          }
        }
        busy = false;
        caughtUp();
      }
      let caughtUp: () => void = () => undefined;
      const ready = new Promise<void>((resolve) => {
        caughtUp = resolve;
      });
      await desk.listen(({ seq, collections, changes }) => {
        for (const name of followed) {
          const standsAt = busy ? -1 : (upTo.get(name) ?? -1);
          if (changes && changes.after <= standsAt) {
            const rows = changes.rows.find(({ collection }) => collection === name);
            if (rows && seq > standsAt) came(rows.documents);
            if (rows || !collections?.includes(name)) upTo.set(name, Math.max(seq, standsAt));
            else next.add(name);
          } else if (collections === null || collections.includes(name)) next.add(name);
        }
        if (busy || next.size === 0) return;
        looking.add(
          look().catch((error: unknown) => {
            // What is under way at the end is of no interest.
            if (!stopped.signal.aborted) throw error;
          }),
        );
      }, stopped.signal);
      await ready;
    }),
  );
  pulls = 0;
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
  const everybodys = madeAt.size * manyDesks;
  bench.record(`${name}: rows that came in time, of all`, (delays.length / everybodys) * 100, '%');
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

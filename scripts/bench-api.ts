// What a bench file works with. A bench file (`x.bench.ts`, beside the code) exports
//
//   export const suite = 'engine';
//   export async function run(bench: Bench): Promise<void> { ... }
//
// and runs in a process of its own, so that one suite's garbage and compiled code do not colour the next.
import { readFileSync } from 'node:fs';
import { GCProfiler } from 'node:v8';

/** One line of the table, and one object of `--json`. */
export interface Figure {
  suite: string;
  name: string;
  value: number;
  unit: string;
  /** `value` divided by the value of `against`: 0.5 is half of it. For times, lower is better. */
  ratio: number | null;
  /** What the ratio compares with: another figure's name, or a budget in words. */
  against: string | null;
}

/** The name of an earlier figure of this suite, or a number with a name ("budget 50 ms"). */
export type Baseline = string | { name: string; value: number };

export interface MeasureOptions {
  unit?: 'µs' | 'ms' | 's';
  /** How many samples to take (default 100); fewer where they would take longer than `limitMs`. */
  samples?: number;
  /** Roughly how long to go on, warm-up apart (default 3,000 ms); at least 5 samples are taken. */
  limitMs?: number;
  /** Unmeasured calls before (default: a tenth of the samples, at least 3). */
  warmUp?: number;
  against?: Baseline;
}

export interface Contender {
  name: string;
  body: () => unknown;
  /** Runs before every call, unmeasured; `body` is then never called twice in a row. */
  prepare?: () => unknown;
  against?: Baseline;
}

export interface CompareOptions extends Pick<MeasureOptions, 'unit' | 'limitMs'> {
  /** How often each has its turn (default 40); fewer where they would take longer than `limitMs`, but at least 5. */
  rounds?: number;
  /** How long a turn lasts (default 10 ms), but for at least five samples where they are no longer than it. */
  turnMs?: number;
  /** How long each is called unmeasured before, at least 3 times (default 300 ms). */
  warmUpMs?: number;
}

export interface Compared {
  median: number;
  p95: number;
  /**
   * The processor time that one call takes of its thread, over all turns; NaN for a contender with `prepare`. For
   * ratios of long calls to short ones: other processes interrupt every long call and hardly a short one, so that on a
   * busy machine the ratio of the medians by the clock says too much.
   */
  cpu: number;
}

/** A summary for people, printed below the figures; `--json` leaves it out, so its numbers must be figures as well. */
export interface Table {
  head: readonly string[];
  /** The first column stands to the left, the others to the right. */
  rows: readonly (readonly string[])[];
}

export interface Bench {
  /**
   * Calls `body` again and again and records the median as `name` and the 95th percentile as `name, p95`.
   * Each sample is one call where a call takes 20 µs or more; a shorter one is called in batches that
   * do, and the sample is the mean of its batch, since the clock is no finer. Answers with both in `unit`.
   */
  measure(
    name: string,
    body: () => unknown,
    options?: MeasureOptions,
  ): Promise<{ median: number; p95: number }>;
  /**
   * Measures several against each other, in turns: A B C, A B C. What slows the machine down for a while then slows
   * all of them, and their ratios hold. Of a turn with several samples the first is dropped, since it pays for the
   * caches that the one before has emptied. Records each like `measure` does; answers by name.
   */
  compare(contenders: readonly Contender[], options?: CompareOptions): Promise<Map<string, Compared>>;
  /** Records the bytes that one call allocates, as KiB, and answers with them. The call must be synchronous. */
  allocation(name: string, body: () => unknown): number;
  /** Records figures like `measure`, of samples (ms) that the bench took itself. */
  recordSamples(
    name: string,
    samplesMs: readonly number[],
    options?: Pick<MeasureOptions, 'unit' | 'against'>,
  ): { median: number; p95: number };
  /** Records a figure that is no time of a call: a throughput, a size, a count. */
  record(name: string, value: number, unit: string, against?: Baseline): void;
  /** Bytes of the heap in use once all garbage is collected. */
  heapInUse(): number;
  table(head: Table['head'], rows: Table['rows']): void;
  /** Says how far a long preparation has come; not part of the result. */
  note(text: string): void;
}

const perMs = { µs: 1000, ms: 1, s: 0.001 };
const shortestSampleMs = 0.02;
/** Between contenders even the loop around the calls must not count. */
const shortestTurnSampleMs = 0.2;

/** `emit` gets each figure as soon as it is known, and `emitTable` each table. */
export function createBench(
  suite: string,
  emit: (figure: Figure) => void,
  emitTable: (table: Table) => void = () => undefined,
): Bench {
  const known = new Map<string, Figure>();

  function add(name: string, value: number, unit: string, against?: Baseline): void {
    const figure: Figure = { suite, name, value, unit, ratio: null, against: null };
    if (against !== undefined) {
      const baseline = typeof against === 'string' ? known.get(against) : against;
      if (!baseline)
        throw new Error(`bench ${suite}: "${name}" is against "${String(against)}", not measured yet`);
      if (typeof against === 'string' && known.get(against)?.unit !== unit) {
        throw new Error(`bench ${suite}: "${name}" and "${against}" have different units`);
      }
      figure.ratio = value / baseline.value;
      figure.against = baseline.name;
    }
    known.set(name, figure);
    emit(figure);
  }

  function recordSamples(
    name: string,
    samplesMs: readonly number[],
    { unit = 'ms', against }: Pick<MeasureOptions, 'unit' | 'against'> = {},
  ): { median: number; p95: number } {
    const sorted = [...samplesMs].sort((a, b) => a - b);
    if (sorted.length === 0) throw new Error(`bench ${suite}: "${name}" has no samples`);
    const median = quantile(sorted, 0.5) * perMs[unit];
    const p95 = quantile(sorted, 0.95) * perMs[unit];
    add(name, median, unit, against);
    // A budget holds for the slow calls as well; another figure is compared with its own slow calls.
    add(`${name}, p95`, p95, unit, typeof against === 'string' ? `${against}, p95` : against);
    return { median, p95 };
  }

  async function measure(
    name: string,
    body: () => unknown,
    {
      samples = 100,
      limitMs = 3_000,
      warmUp = Math.max(3, Math.ceil(samples / 10)),
      unit,
      against,
    }: MeasureOptions = {},
  ): Promise<{ median: number; p95: number }> {
    let shortest = Number.POSITIVE_INFINITY;
    // By time as well: ten calls of a function that takes a microsecond do not get it compiled.
    const warmUntil = performance.now() + Math.min(50, limitMs / 2);
    for (let i = 0; i < warmUp || performance.now() < warmUntil; i++) {
      const started = performance.now();
      await settle(body());
      shortest = Math.min(shortest, performance.now() - started);
    }
    const batch = batchOf(shortest, shortestSampleMs);
    const taken: number[] = [];
    const deadline = performance.now() + limitMs;
    while (taken.length < samples && (taken.length < 5 || performance.now() < deadline)) {
      taken.push(await sampleOf(body, batch));
    }
    return recordSamples(name, taken, { unit, against });
  }

  async function compare(
    contenders: readonly Contender[],
    { rounds = 40, limitMs = 6_000, turnMs = 10, warmUpMs = 300, unit = 'ms' }: CompareOptions = {},
  ): Promise<Map<string, Compared>> {
    const runners: { contender: Contender; batch: number; taken: number[]; cpuMs: number; calls: number }[] =
      [];
    for (const contender of contenders) {
      let shortest = Number.POSITIVE_INFINITY;
      const warmUntil = performance.now() + warmUpMs;
      for (let i = 0; i < 3 || performance.now() < warmUntil; i++) {
        if (contender.prepare) await settle(contender.prepare());
        shortest = Math.min(shortest, await sampleOf(contender.body, 1));
      }
      runners.push({
        contender,
        batch: contender.prepare ? 1 : batchOf(shortest, shortestTurnSampleMs),
        taken: [],
        cpuMs: 0,
        calls: 0,
      });
    }
    const deadline = performance.now() + limitMs;
    for (let round = 0; round < rounds && (round < 5 || performance.now() < deadline); round++) {
      for (const runner of runners) {
        const { contender, batch, taken } = runner;
        const turn: number[] = [];
        const turnEnds = performance.now() + turnMs;
        const cpuBefore = threadMs();
        let isShort = false;
        do {
          if (contender.prepare) await settle(contender.prepare());
          const sample = await sampleOf(contender.body, batch);
          turn.push(sample);
          isShort = !contender.prepare && sample <= turnMs;
        } while (performance.now() < turnEnds || (isShort && turn.length < 5));
        runner.cpuMs += threadMs() - cpuBefore;
        runner.calls += turn.length * batch;
        for (let i = turn.length > 1 ? 1 : 0; i < turn.length; i++) taken.push(turn[i] as number);
      }
    }
    const recorded = new Map<string, Compared>();
    for (const { contender, taken, cpuMs, calls } of runners) {
      const { median, p95 } = recordSamples(contender.name, taken, { unit, against: contender.against });
      const cpu = contender.prepare ? Number.NaN : (cpuMs / calls) * perMs[unit];
      recorded.set(contender.name, { median, p95, cpu });
    }
    return recorded;
  }

  function allocation(name: string, body: () => unknown): number {
    const bytes = allocatedBytes(body);
    add(name, bytes / 1024, 'KiB');
    return bytes;
  }

  return {
    measure,
    compare,
    allocation,
    heapInUse,
    table: (head, rows) => emitTable({ head, rows }),
    recordSamples,
    record: add,
    note: (text) => console.error(`  ${suite}: ${text}`),
  };
}

function heapInUse(): number {
  const collect = (globalThis as { gc?: () => void }).gc;
  if (!collect) throw new Error('run with --expose-gc');
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

/** How many calls make a sample that is long enough for the clock. */
function batchOf(callMs: number, sampleMs: number): number {
  return callMs >= sampleMs ? 1 : Math.ceil(sampleMs / Math.max(callMs, 0.000_1));
}

/**
 * Processor time of the main thread so far. The process's own count (`process.cpuUsage`) would charge a contender for
 * the collector's threads at work on what another left behind. Where the system does not tell, it is the clock.
 */
function threadMs(): number {
  if (process.platform !== 'linux') return performance.now();
  const nanoseconds = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0];
  return Number(nanoseconds) / 1e6;
}

/** Where results go, so that no call can be compiled away. */
const sink: { last: unknown } = { last: null };

/** Milliseconds of one call: the mean of `batch` calls. */
async function sampleOf(body: () => unknown, batch: number): Promise<number> {
  const started = performance.now();
  for (let i = 0; i < batch; i++) {
    const result = body();
    // Awaiting what is no promise would cost more than a short call itself.
    if (result instanceof Promise) await result;
    sink.last = result;
  }
  return (performance.now() - started) / batch;
}

/**
 * The bytes that one call allocates on the heap: the mean of many calls. What is collected between them is counted, by
 * the heap's size before and after each collection; the size at the end alone would hide nearly everything.
 */
export function allocatedBytes(body: () => unknown): number {
  for (let i = 0; i < 3; i++) sink.last = body();
  const profiler = new GCProfiler();
  profiler.start();
  const before = process.memoryUsage().heapUsed;
  const deadline = performance.now() + 500;
  let calls = 0;
  // The clock is looked at rarely, since that allocates too.
  while (calls < 20_000 && (calls < 8 || performance.now() < deadline)) {
    const more = Math.max(1, Math.min(calls, 500));
    for (let i = 0; i < more; i++) sink.last = body();
    calls += more;
  }
  let bytes = process.memoryUsage().heapUsed - before;
  for (const { beforeGC, afterGC } of profiler.stop()?.statistics ?? [])
    bytes += beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize;
  return bytes / calls;
}

async function settle(result: unknown): Promise<void> {
  if (result instanceof Promise) await result;
}

/** Nearest rank, of sorted values. */
function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? Number.NaN;
}

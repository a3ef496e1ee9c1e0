// What a bench file works with. A bench file (`x.bench.ts`, beside the code) exports
//
//   export const suite = 'engine';
//   export async function run(bench: Bench): Promise<void> { ... }
//
// and runs in a process of its own, so that one suite's garbage and compiled code do not colour the next.

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
  /** Records figures like `measure`, of samples (ms) that the bench took itself. */
  recordSamples(
    name: string,
    samplesMs: readonly number[],
    options?: Pick<MeasureOptions, 'unit' | 'against'>,
  ): { median: number; p95: number };
  /** Records a figure that is no time of a call: a throughput, a size, a count. */
  record(name: string, value: number, unit: string, against?: Baseline): void;
  /** Says how far a long preparation has come; not part of the result. */
  note(text: string): void;
}

const perMs = { µs: 1000, ms: 1, s: 0.001 };
const shortestSampleMs = 0.02;

/** `emit` gets each figure as soon as it is known. */
export function createBench(suite: string, emit: (figure: Figure) => void): Bench {
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
    const batch =
      shortest >= shortestSampleMs ? 1 : Math.ceil(shortestSampleMs / Math.max(shortest, 0.000_1));
    const taken: number[] = [];
    const deadline = performance.now() + limitMs;
    while (taken.length < samples && (taken.length < 5 || performance.now() < deadline)) {
      const started = performance.now();
      for (let i = 0; i < batch; i++) {
        const result = body();
        // Awaiting what is no promise would cost more than a short call itself.
        if (result instanceof Promise) await result;
      }
      taken.push((performance.now() - started) / batch);
    }
    return recordSamples(name, taken, { unit, against });
  }

  return {
    measure,
    recordSamples,
    record: add,
    note: (text) => console.error(`  ${suite}: ${text}`),
  };
}

async function settle(result: unknown): Promise<void> {
  if (result instanceof Promise) await result;
}

/** Nearest rank, of sorted values. */
function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? Number.NaN;
}

/** A run that failed, made smaller: steps are left out as long as it still fails. */
import type { Step } from './plan';

export interface Shrunk {
  steps: readonly Step[];
  runs: number;
}

/** Halves, then quarters, and so on down to single steps; `fails` plays a run. Ends when the time is over. */
export async function shrink(
  steps: readonly Step[],
  fails: (steps: readonly Step[]) => Promise<boolean>,
  { untilMs, mostRuns }: { untilMs: number; mostRuns: number },
): Promise<Shrunk> {
  let left = steps;
  let runs = 0;
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < left.length; ) {
      if (performance.now() > untilMs || runs >= mostRuns) return { steps: left, runs };
      const without = [...left.slice(0, from), ...left.slice(from + size)];
      runs += 1;
      if (without.length < left.length && (await fails(without))) left = without;
      else from += size;
    }
  }
  return { steps: left, runs };
}

/** Runs of fixed seeds. Longer ones, with new seeds: `npm run simulate -- --minutes 60`. */
import { describe, expect, inject, it, vi } from 'vitest';
import type {} from '../sync-server/src/db/testing/global-setup';
import { keptRuns } from './kept-runs';
import { planOf, type Step } from './plan';
import { play } from './run';

// What the server says of failures that are made on purpose would fill the screen.
vi.hoisted(() => {
  process.env.MEDIC_LOG_LEVEL = 'silent';
});

const runTimeoutMs = 300_000;

async function problemsOf(seed: string, steps: readonly Step[], desks: number) {
  const result = await play({ seed, steps, desks, postgres: inject('medicPg') });
  // Both, so that a failure shows what led to it.
  return result.problems.length === 0 ? [] : [...result.problems, ...result.story];
}

describe('desks, a server and a Postgres through misfortunes end with every replica equal to what it may see', () => {
  it.each(['anna', 'ewa'])('seed %s', { timeout: runTimeoutMs }, async (seed) => {
    // Again: npm run simulate -- --seed ... --steps 40 --desks 3
    expect(await problemsOf(seed, planOf(seed, 40, 3), 3)).toEqual([]);
  });

  it.each(keptRuns)('once failed: $symptom', { timeout: runTimeoutMs }, async ({ seed, steps, desks }) => {
    expect(await problemsOf(seed, steps, desks)).toEqual([]);
  });
});

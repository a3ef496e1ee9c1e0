/** Runs that once failed, made smaller, named after the symptom. Their steps stand here, whatever plans are drawn from now on. */
import type { Step } from './plan';

export interface KeptRun {
  symptom: string;
  /** Of all chance but the plan: who works where, which clocks are wrong, whether there is a second window. */
  seed: string;
  desks: number;
  steps: readonly Step[];
}

export const keptRuns: readonly KeptRun[] = [
  {
    symptom: 'a clock set back while offline kept a desk from its server for as long',
    seed: 'd-4',
    desks: 4,
    steps: [
      { index: 31, kind: 'partition', desk: 0, waitMs: 2384, seed: 'd-4/31' },
      { index: 44, kind: 'skew', desk: 0, waitMs: 1892, seed: 'd-4/44' },
    ],
  },
  {
    symptom: 'in a second window a visit booked for another place was shown for ever',
    seed: 'w-3',
    desks: 4,
    steps: [
      { index: 41, kind: 'reconnect', desk: 2, waitMs: 18163, seed: 'w-3/41' },
      { index: 42, kind: 'act', desk: 1, waitMs: 0, seed: 'w-3/42' },
    ],
  },
  {
    symptom: 'what a revoked desk had kept came back empty out of its second window',
    seed: 'long-24',
    desks: 4,
    steps: [{ index: 47, kind: 'revoke', desk: 1, waitMs: 72300, seed: 'long-24/47' }],
  },
  {
    symptom: 'two windows told each other of a restore for ever',
    seed: 'h1-6',
    desks: 4,
    steps: [
      { index: 1, kind: 'restore', desk: 3, waitMs: 49, seed: 'h1-6/1' },
      { index: 3, kind: 'act', desk: 2, waitMs: 2989, seed: 'h1-6/3' },
      { index: 17, kind: 'restore', desk: 1, waitMs: 19, seed: 'h1-6/17' },
      { index: 19, kind: 'back-up', desk: 0, waitMs: 1644, seed: 'h1-6/19' },
      { index: 22, kind: 'act', desk: 0, waitMs: 52, seed: 'h1-6/22' },
    ],
  },
  {
    symptom: 'what a server had lost was not sent again by a desk that had lost its storage meanwhile',
    seed: 'planted-3',
    desks: 4,
    steps: [
      { index: 31, kind: 'back-up', desk: 3, waitMs: 118, seed: 'planted-3/31' },
      { index: 43, kind: 'act', desk: 2, waitMs: 5_000, seed: 'planted-3/43' },
      { index: 44, kind: 'wait', desk: 2, waitMs: 60_000, seed: 'planted-3/44' },
      { index: 45, kind: 'lose-store', desk: 2, waitMs: 49, seed: 'planted-3/45' },
      { index: 46, kind: 'restore', desk: 2, waitMs: 857, seed: 'planted-3/46' },
    ],
  },
];

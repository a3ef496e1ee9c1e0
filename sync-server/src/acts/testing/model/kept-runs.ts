/**
 * Runs that once went wrong, made as small as they get. A failing run prints its steps in this form; give it a name by
 * its symptom. Their numbers mean what `steps/` makes of them: where it changes, so that one of these no
 * longer does what its name says, write the case down anew.
 */
import type { Step } from './steps/step';

interface KeptRun {
  name: string;
  steps: readonly Step[];
  /** The last request, and what came of it. */
  ends: string;
}

const step: Step = { act: 'appointment.book', who: 0, wait: 0, a: 0, b: 0, c: 0, d: 0, e: 0, other: false };
/** A seat in the class of 08:30 with the second doctor. */
const aSeat: Step = { ...step, b: 3, c: 1, d: 2 };

export const keptRuns: readonly KeptRun[] = [
  {
    name: 'an undone cancellation in a class that has begun takes a free seat, not the one that somebody else has',
    steps: [
      { ...aSeat, a: 1 },
      { ...step, act: 'appointment.cancel' },
      { ...aSeat, a: 2 },
      { ...step, act: 'appointment.undo', a: 1, wait: 95 },
    ],
    ends: 'appointment.undo done',
  },
  {
    name: 'who comes after a no-show, once somebody else has the slot, is refused by the rules and not by the database',
    steps: [
      { ...step, a: 1, b: 9, c: 1, d: 2 },
      { ...step, act: 'appointment.noshow' },
      { ...step, a: 2, b: 9, c: 1, d: 2 },
      { ...step, act: 'appointment.arrive', a: 1 },
    ],
    ends: 'appointment.arrive time',
  },
];

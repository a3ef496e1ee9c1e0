/** Runs that once failed, as far as they could be made smaller, named after the symptom. */
export interface KeptRun {
  symptom: string;
  seed: string;
  steps: number;
  desks: number;
  /** The steps of the plan that are left. */
  only: readonly number[];
}

export const keptRuns: readonly KeptRun[] = [
  {
    symptom: 'a clock set back while offline kept a desk from its server for as long',
    seed: 'd-4',
    steps: 50,
    desks: 4,
    only: [31, 44],
  },
  {
    symptom: 'in a second window a visit booked for another place was shown for ever',
    seed: 'w-3',
    steps: 50,
    desks: 4,
    only: [41, 42],
  },
];

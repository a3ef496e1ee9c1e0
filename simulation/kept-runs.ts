/** Runs that once failed, as far as they could be made smaller, named after the symptom. */
export interface KeptRun {
  symptom: string;
  seed: string;
  steps: number;
  desks: number;
  /** The steps of the plan that are left. */
  only: readonly number[];
}

export const keptRuns: readonly KeptRun[] = [];

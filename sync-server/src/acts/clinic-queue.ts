import { MedicError } from '@medic/shared/errors';

/**
 * One line per clinic: acts of a clinic wait for each other here, not as database connections blocked on the
 * clinic's clock, so that one clinic's rush leaves connections for the others.
 */
export class ClinicQueue {
  readonly #limit: number;
  readonly #lines = new Map<string, { tail: Promise<unknown>; waiting: number }>();

  /** `limit`: how many may wait for one clinic before more are turned away. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  async run<T>(clinicId: string, work: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(clinicId) ?? { tail: Promise.resolve(), waiting: 0 };
    if (line.waiting >= this.#limit)
      throw new MedicError('clinic.busy', `${line.waiting} acts wait for clinic ${clinicId}`);
    this.#lines.set(clinicId, line);
    line.waiting += 1;
    const turn = line.tail.then(work);
    // The line goes on whatever came of this one; its caller hears of it through `turn`.
    line.tail = turn.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await turn;
    } finally {
      line.waiting -= 1;
      if (line.waiting === 0) this.#lines.delete(clinicId);
    }
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#lines.size > 0) await Promise.all([...this.#lines.values()].map((line) => line.tail));
  }
}

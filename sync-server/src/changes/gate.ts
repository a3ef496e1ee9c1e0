import { MedicError } from '@medic/shared/errors';

/** Those who are turned away come back within this time, each at a moment of its own. */
const spreadSeconds = 5;

/** So many at a time, so many waiting, and the rest is asked to come again: the connections are for acts as well. */
export class Gate {
  readonly #atOnce: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor({ atOnce, mostWaiting }: { atOnce: number; mostWaiting: number }) {
    this.#atOnce = atOnce;
    this.#mostWaiting = mostWaiting;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#atOnce) {
      if (this.#waiting.length >= this.#mostWaiting)
        throw new MedicError('server.busy', `${this.#waiting.length} pulls wait`, {
          details: { retryAfterSeconds: 1 + Math.floor(Math.random() * spreadSeconds) },
        });
      // Whoever is let in takes the place of the one who lets in.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}

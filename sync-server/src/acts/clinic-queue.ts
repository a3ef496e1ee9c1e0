import { MedicError } from '@medic/shared/errors';

/** Of those that are turned away not all come back at the same moment. */
const spreadSeconds = 5;

/**
 * Where acts wait for each other: one line per clinic, and the clinics in turn. A clinic has one act at work at a time,
 * all clinics together a few, and a clinic whose act is done goes behind the others that wait. So whoever comes to a quiet
 * clinic waits for at most one act of a rushed one, however many wait there.
 *
 * They wait here and not as connections blocked on the clinic's clock, and a few at a time, so that connections are left
 * for whoever reads.
 */
export class ClinicQueue {
  readonly #longest: number;
  readonly #atOnce: number;
  readonly #lines = new Map<string, Line>();
  /** Clinics with acts that wait and none at work, in the order of their turns. */
  readonly #turns: string[] = [];
  #working = 0;
  #whenIdle: (() => void)[] = [];

  /**
   * `longest`: how many acts of one clinic may be here before more are turned away. `atOnce`: how many are at work
   * at a time, of all clinics together.
   */
  constructor({ longest, atOnce }: { longest: number; atOnce: number }) {
    this.#longest = longest;
    this.#atOnce = atOnce;
  }

  async run<T>(clinicId: string, work: () => Promise<T>): Promise<T> {
    let line = this.#lines.get(clinicId);
    if (!line) {
      line = { waiting: [], isWorking: false };
      this.#lines.set(clinicId, line);
    }
    const here = line.waiting.length + (line.isWorking ? 1 : 0);
    if (here >= this.#longest)
      throw new MedicError('clinic.busy', `${here} acts wait for clinic ${clinicId}`, {
        details: { retryAfterSeconds: 1 + Math.floor(Math.random() * spreadSeconds) },
      });
    const { waiting } = line;
    const turn = new Promise<void>((begin) => waiting.push(begin));
    if (here === 0) this.#turns.push(clinicId);
    this.#beginNext();
    await turn;
    try {
      return await work();
    } finally {
      this.#working -= 1;
      line.isWorking = false;
      if (line.waiting.length > 0) this.#turns.push(clinicId);
      else this.#lines.delete(clinicId);
      this.#beginNext();
      if (this.#lines.size === 0) for (const tell of this.#whenIdle.splice(0)) tell();
    }
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    if (this.#lines.size > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  #beginNext(): void {
    while (this.#working < this.#atOnce) {
      const clinicId = this.#turns.shift();
      if (clinicId === undefined) return;
      const line = this.#lines.get(clinicId);
      const begin = line?.waiting.shift();
      if (!line || !begin) continue;
      line.isWorking = true;
      this.#working += 1;
      begin();
    }
  }
}

interface Line {
  /** In the order in which they came; each begins the work of one. */
  waiting: (() => void)[];
  isWorking: boolean;
}

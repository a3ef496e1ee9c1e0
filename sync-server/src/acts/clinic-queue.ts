import { assert, MedicError } from '@medic/shared/errors';

/** Of those that are turned away not all come back at the same moment. */
const spreadSeconds = 5;

/**
 * Where work of many clinics waits: one line per clinic, and the clinics in turn. Each clinic has little at work at a time,
 * all together a little more, and a clinic that has begun something goes behind the others that wait. So whoever comes to
 * a quiet clinic waits for what is at work and no more, however many wait at a rushed one.
 *
 * They wait here and not as connections blocked on a clinic's clock, nor for a connection behind hundreds of another
 * clinic's.
 */
export class ClinicQueue {
  readonly #limits: QueueLimits;
  readonly #lines = new Map<string, Line>();
  /** Clinics that may begin something, in the order of their turns. */
  readonly #turns: string[] = [];
  #working = 0;
  #whenIdle: (() => void)[] = [];

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  async run<T>(clinicId: string, work: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(clinicId) ?? { waiting: [], working: 0, hasTurn: false };
    const here = line.waiting.length + line.working;
    if (here >= this.#limits.longest)
      throw new MedicError('clinic.busy', `${here} wait for clinic ${clinicId}`, {
        details: { retryAfterSeconds: 1 + Math.floor(Math.random() * spreadSeconds) },
      });
    this.#lines.set(clinicId, line);
    const turn = new Promise<void>((begin) => line.waiting.push(begin));
    this.#takeTurn(clinicId, line);
    this.#beginNext();
    await turn;
    try {
      return await work();
    } finally {
      this.#working -= 1;
      line.working -= 1;
      this.#takeTurn(clinicId, line);
      if (line.waiting.length === 0 && line.working === 0) this.#lines.delete(clinicId);
      this.#beginNext();
      if (this.#lines.size === 0) for (const tell of this.#whenIdle.splice(0)) tell();
    }
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    if (this.#lines.size > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  #takeTurn(clinicId: string, line: Line): void {
    if (line.hasTurn || line.waiting.length === 0 || line.working >= this.#limits.perClinic) return;
    line.hasTurn = true;
    this.#turns.push(clinicId);
  }

  #beginNext(): void {
    while (this.#working < this.#limits.atOnce) {
      const clinicId = this.#turns.shift();
      if (clinicId === undefined) return;
      const line = this.#lines.get(clinicId);
      const begin = line?.waiting.shift();
      assert(line && begin, 'a clinic whose turn it is has something that waits');
      line.hasTurn = false;
      line.working += 1;
      this.#working += 1;
      begin();
      this.#takeTurn(clinicId, line);
    }
  }
}

export interface QueueLimits {
  /** How many of one clinic may be here, at work or waiting, before more are turned away. */
  longest: number;
  /** How many are at work at a time, of all clinics together. */
  atOnce: number;
  /** How many of one clinic are. */
  perClinic: number;
}

interface Line {
  /** In the order in which they came; each begins the work of one. */
  waiting: (() => void)[];
  working: number;
  hasTurn: boolean;
}

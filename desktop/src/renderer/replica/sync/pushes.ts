/**
 * Sends pending intents in the order of their numbers and keeps the answers. A loop of our own, not RxDB's push:
 * that one sends in the order of writing times (two tabs' clocks), sends a document again in a new batch while the
 * first is on its way, and knows an answer only as a conflict.
 */
import { MedicError } from '@medic/shared/errors';
import type { Intent } from '@medic/shared/model/intent';
import type { PushAnswer } from '@medic/shared/sync/wire';

export const pushBatchSize = 50;
const mostResets = 3;

export interface PushHost {
  /** Not answered yet, in any order. */
  unsent(): Intent[];
  /** One request; rejects with `ServerUnreachable` or a `MedicError`. */
  send(intents: Intent[]): Promise<PushAnswer>;
  /** Keeps outcomes. */
  keep(answered: Intent[]): Promise<void>;
  answered(intents: Intent[]): void;
  /** How long to wait before the next try after this failure; rejects nothing. */
  untilRetry(error: unknown, failures: number): Promise<void>;
}

export class Pushes {
  readonly #host: PushHost;
  #running: Promise<void> | null = null;
  #again = false;
  #stopped = false;

  constructor(host: PushHost) {
    this.#host = host;
  }

  /** Sends what is unsent. Called while it runs, it looks once more at the end. Resolves when it has come to rest. */
  push(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  stop(): void {
    this.#stopped = true;
  }

  async #run(): Promise<void> {
    let failures = 0;
    let resets = 0;
    let batchSize = pushBatchSize;
    while (this.#again && !this.#stopped) {
      this.#again = false;
      const batch = this.#host
        .unsent()
        .sort((a, b) => (a.n ?? 0) - (b.n ?? 0))
        .slice(0, batchSize);
      if (batch.length === 0) break;
      try {
        const outcomes = await this.#sendBatch(batch);
        // Null: the server was restored, and the queue is another by now.
        if (outcomes !== null) {
          await this.#host.keep(outcomes);
          this.#host.answered(outcomes);
          if (outcomes.length === 0)
            throw new MedicError('internal', 'a push was answered without one outcome');
        } else if (++resets > mostResets)
          throw new MedicError('internal', 'the server is restored over and over');
        failures = 0;
        batchSize = pushBatchSize;
      } catch (error) {
        failures += 1;
        // One among many may be what the server cannot read: alone, it gets its own outcome.
        if (isUnreadable(error) && batch.length > 1) batchSize = 1;
        else await this.#host.untilRetry(error, failures);
      }
      this.#again = true;
    }
  }

  async #sendBatch(batch: Intent[]): Promise<Intent[] | null> {
    try {
      const answer = await this.#host.send(batch);
      if (answer.reset !== null) return null;
      const asked = new Map(batch.map((intent) => [intent.id, intent]));
      return answer.intents.flatMap(({ id, seq, status, outcomeSeq, decidedAt, outcome }) => {
        const intent = asked.get(id);
        // What was asked stays as it was made here, also where the server could not even read it.
        return intent && status !== 'pending'
          ? [{ ...intent, seq, status, outcomeSeq, decidedAt, outcome }]
          : [];
      });
    } catch (error) {
      const only = batch[0];
      if (batch.length > 1 || !only || !isUnreadable(error)) throw error;
      // Nobody will ever accept it, and those behind it must not wait for ever. It stays, as failed.
      const outcome = { code: error.code, message: error.personMessage };
      return [{ ...only, status: 'failed', outcome }];
    }
  }
}

function isUnreadable(error: unknown): error is MedicError {
  return error instanceof MedicError && (error.code === 'input.invalid' || error.code === 'input.too-large');
}

/**
 * What to do when the server's database was put back to an earlier time: everything acknowledged that it may have lost
 * is sent again under the same ids and numbers, so that what it does know is done once. A person is told how it went.
 */
import type { Intent } from '@medic/shared/model/intent';
import type { Instant } from '@medic/shared/time/instant';
import type { Notes } from '../store/notes';
import type { IntentQueue } from './intent-queue';

/** Being sent again: how each was answered before, null until it is answered anew. */
interface Resending {
  epoch: string;
  /** Nobody knows whether the server was restored: then that it had everything is nothing to tell. */
  onSuspicion?: boolean;
  at: Instant;
  intents: Record<
    string,
    { decidedAt: Instant | null; answer: 'known' | 'done' | 'refused' | 'failed' | null }
  >;
}

/** How a restore of the server went for this desk. */
export interface RestoreReport {
  id: string;
  at: Instant;
  /** The server did not know them any more, and has them again. */
  again: number;
  /** Of those that were sent again, not possible any more. */
  refused: number;
  /** Known to the server all the same. */
  known: number;
}

const resendingKey = 'resending';
const reportsKey = 'restoreReports';

export class Restores {
  readonly #notes: Notes;
  readonly #queue: IntentQueue;
  readonly #now: () => Instant;
  readonly #changed: () => void;
  #resending: Resending | null = null;
  #reports: RestoreReport[] = [];

  constructor(notes: Notes, queue: IntentQueue, now: () => Instant, changed: () => void) {
    this.#notes = notes;
    this.#queue = queue;
    this.#now = now;
    this.#changed = changed;
  }

  /** What an earlier start began and did not end, it goes on with. */
  async load(): Promise<void> {
    this.#resending = await this.#notes.value<Resending>(resendingKey);
    this.#reports = (await this.#notes.value<RestoreReport[]>(reportsKey)) ?? [];
    if (this.#resending) await this.#sendAgain();
  }

  /** Not seen by anybody yet. */
  get reports(): readonly RestoreReport[] {
    return this.#reports;
  }

  /** Whether this intent waits only because the server was restored. */
  isAgain(id: string): boolean {
    return this.#resending?.intents[id]?.answer === null;
  }

  /**
   * To be called before anything of the new epoch is kept: afterwards nobody could tell what was lost. `onSuspicion`:
   * this desk has lost its store, and with it under which epoch its journal was written.
   */
  async begin(epoch: string, { onSuspicion = false } = {}): Promise<void> {
    const again = this.#queue.unsafe();
    const before = this.#resending?.intents ?? {};
    this.#resending = {
      epoch,
      onSuspicion,
      at: this.#now(),
      // A second restore in the middle of the first: what was answered meanwhile may be lost as well.
      intents: Object.fromEntries([
        ...Object.entries(before).filter(([, { answer }]) => answer === null),
        ...again.map(({ id, decidedAt }): [string, Resending['intents'][string]] => [
          id,
          { decidedAt, answer: null },
        ]),
      ]),
    };
    // First the note, so that a crash in the middle forgets none of them.
    await this.#notes.setValue(resendingKey, this.#resending);
    await this.#sendAgain();
    await this.#reportWhenAnswered();
  }

  /** Answers, of whatever intents. */
  async answered(intents: readonly Intent[]): Promise<void> {
    const resending = this.#resending;
    if (!resending) return;
    let changed = false;
    for (const { id, status, decidedAt } of intents) {
      const before = resending.intents[id];
      if (!before || before.answer !== null || status === 'pending') continue;
      before.answer = decidedAt !== null && decidedAt === before.decidedAt ? 'known' : status;
      changed = true;
    }
    if (!changed) return;
    await this.#notes.setValue(resendingKey, resending);
    await this.#reportWhenAnswered();
  }

  /** Somebody has read it. */
  async seen(reportId: string): Promise<void> {
    this.#reports = this.#reports.filter(({ id }) => id !== reportId);
    await this.#notes.setValue(reportsKey, this.#reports);
    this.#changed();
  }

  /** Another tab wrote them. Nobody is told: two tabs would tell each other for ever. */
  async reload(): Promise<void> {
    this.#reports = (await this.#notes.value<RestoreReport[]>(reportsKey)) ?? [];
  }

  async #sendAgain(): Promise<void> {
    const waiting = this.#queue
      .unsafe()
      .filter(({ id }) => this.isAgain(id))
      .map(
        (intent): Intent => ({
          ...intent,
          status: 'pending',
          outcomeSeq: null,
          decidedAt: null,
          outcome: {},
          seq: 0,
        }),
      );
    await this.#queue.settle(waiting);
  }

  async #reportWhenAnswered(): Promise<void> {
    const resending = this.#resending;
    if (!resending) return;
    const answers = Object.values(resending.intents).map(({ answer }) => answer);
    if (answers.includes(null)) return;
    const count = (...wanted: string[]) => answers.filter((answer) => wanted.includes(answer ?? '')).length;
    const report: RestoreReport = {
      id: `restore-${resending.epoch}`,
      at: resending.at,
      again: count('done', 'refused', 'failed'),
      refused: count('refused', 'failed'),
      known: count('known'),
    };
    if (report.again > 0 || !resending.onSuspicion) {
      this.#reports = [...this.#reports.filter(({ id }) => id !== report.id), report];
      await this.#notes.setValue(reportsKey, this.#reports);
    }
    this.#resending = null;
    await this.#notes.setValue(resendingKey, null);
    this.#changed();
  }
}

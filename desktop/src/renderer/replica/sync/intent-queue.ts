/**
 * The desk's queue: each intent in the journal, where there is one, and in the store, before anybody is told that it is
 * saved. One of the two is enough to find it again.
 */
import type { Intent } from '@medic/shared/model/intent';
import { dayMs, type Instant } from '@medic/shared/time/instant';
import type { Rebuilt } from '../desk';
import type { ReplicaDatabase } from '../store/database';
import type { StoredDocument } from '../store/schema';
import type { ReplicaFacts } from '../view/replica-facts';
import type { IntentJournal } from './intent-journal';

export interface QueueHost {
  database: ReplicaDatabase;
  replica: ReplicaFacts;
  journal: IntentJournal | null;
  deviceId: string;
  now(): Instant;
  /** The store or the journal did not take something that is safe in the other. It is tried again by itself. */
  storageFailed(error: unknown): void;
  /** By now both have taken everything. */
  storageWorks(): void;
}

/** A server's backup may be older than the last one it told of, but hardly than this. */
const longestKeptMs = 35 * dayMs;
const againAfterMs = 5_000;

export class IntentQueue {
  readonly #host: QueueHost;
  /** What the store did not take yet, as it has to stand there. */
  readonly #unwritten = new Map<string, Intent>();
  /** Outcomes that the journal did not take yet. */
  readonly #unjournalled = new Map<string, Intent>();
  #retry: ReturnType<typeof setTimeout> | null = null;
  #closed = false;
  #backedUpSeq: number | null = null;
  #highestInJournal = 0;

  constructor(host: QueueHost) {
    this.#host = host;
  }

  /** Everything up to here is in a backup of the server; acknowledged intents up to it may go. */
  set backedUpSeq(seq: number | null) {
    this.#backedUpSeq = seq;
  }
  get backedUpSeq(): number | null {
    return this.#backedUpSeq;
  }

  /**
   * Puts journal and store in step, once at the start: what one of them lacks it gets from the other. Rejects with a
   * `JournalError` when the journal cannot be read at all.
   */
  async rebuild(): Promise<Omit<Rebuilt, 'lost'>> {
    const { journal, replica } = this.#host;
    if (!journal) return { fromJournal: 0, damaged: 0, unreadable: 0 };
    const { intents, damaged, unreadable } = await journal.read();
    const inJournal = new Map(intents.map((intent) => [intent.id, intent]));
    const toStore: Intent[] = [];
    const toJournal: Intent[] = [];
    const toSettle: Intent[] = [];
    let fromJournal = 0;
    for (const intent of intents) {
      if (intent.n !== null && intent.deviceId === this.#host.deviceId)
        this.#highestInJournal = Math.max(this.#highestInJournal, intent.n);
      const stored = replica.intents.get(intent.id);
      if (!stored) {
        if (!this.isNeeded(intent)) continue;
        toStore.push(intent);
        fromJournal += 1;
      } else if (stored.status === 'pending' && intent.status !== 'pending') toStore.push(intent);
      else if (stored.status !== 'pending' && intent.status === 'pending') toSettle.push(stored);
    }
    for (const intent of replica.intents.values())
      if (intent.status === 'pending' && !inJournal.has(intent.id)) toJournal.push(intent);
    await journal.made(toJournal);
    await journal.settled(toSettle);
    await this.#store(toStore);
    await journal.compact((intent) => this.isNeeded(intent));
    return { fromJournal, damaged, unreadable };
  }

  /**
   * Takes over what this person made here as another device and never sent: a computer is another device to the server
   * once its id was lost, or the person's e-mail address changed. In the old order, behind what this one has.
   */
  async adopt(lastN: number): Promise<void> {
    const { replica, deviceId } = this.#host;
    const left = [...replica.intents.values()]
      .filter((intent) => intent.status === 'pending' && intent.deviceId !== deviceId)
      .sort((a, b) => (a.n ?? 0) - (b.n ?? 0));
    for (const intent of left) await this.keep({ ...intent, deviceId, n: await this.nextNumber(lastN) });
  }

  /** The next number of this device. To be called, and its intent kept, under one lock. */
  async nextNumber(lastN: number): Promise<number> {
    const { database, replica, deviceId } = this.#host;
    const floor = Math.max(replica.highestNumber(deviceId), lastN, this.#highestInJournal);
    try {
      return await database.notes.nextNumber(floor);
    } catch (error) {
      // Without a journal there is no other place that would know.
      if (!this.#host.journal) throw error;
      this.#host.storageFailed(error);
      return floor + 1;
    }
  }

  /** Resolves when it is on the disk; rejects when it is not, and then nothing is kept of it. */
  async keep(intent: Intent): Promise<void> {
    const { journal } = this.#host;
    await journal?.made([intent]);
    if (intent.n !== null) this.#highestInJournal = Math.max(this.#highestInJournal, intent.n);
    if (journal) await this.#store([intent]);
    else {
      await this.#write([intent]);
      this.#show([intent]);
    }
  }

  /** What came of intents. It is kept as well as it can be: the server knows it too, and would say it again. */
  async settle(intents: readonly Intent[]): Promise<void> {
    if (intents.length === 0) return;
    for (const intent of intents) this.#unjournalled.set(intent.id, intent);
    await this.#journalOutcomes();
    await this.#store(intents);
  }

  /** Tries nothing again from here on. */
  close(): void {
    this.#closed = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
  }

  /** Not answered, made here, in any order. */
  unsent(): Intent[] {
    return [...this.#host.replica.intents.values()].filter(
      (intent) => intent.status === 'pending' && intent.deviceId === this.#host.deviceId,
    );
  }

  /** Answered, but not in a backup of the server: it could still lose them. */
  unsafe(): Intent[] {
    return [...this.#host.replica.intents.values()].filter(
      (intent) =>
        intent.deviceId === this.#host.deviceId &&
        intent.status !== 'pending' &&
        intent.seq > 0 &&
        this.isNeeded(intent),
    );
  }

  /** Whether something could still be lost with it. */
  isNeeded(intent: Intent): boolean {
    if (intent.status === 'pending' || isUnkept(intent)) return true;
    if (intent.decidedAt === null || intent.decidedAt < this.#host.now() - longestKeptMs) return false;
    return this.#backedUpSeq === null || (intent.outcomeSeq ?? 0) > this.#backedUpSeq;
  }

  async #journalOutcomes(): Promise<void> {
    const waiting = [...this.#unjournalled.values()];
    try {
      await this.#host.journal?.settled(waiting);
      for (const intent of waiting)
        if (this.#unjournalled.get(intent.id) === intent) this.#unjournalled.delete(intent.id);
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    this.#host.storageFailed(error);
    if (this.#closed) return;
    this.#retry ??= setTimeout(() => {
      this.#retry = null;
      void this.#tryAgain();
    }, againAfterMs);
  }

  async #tryAgain(): Promise<void> {
    if (this.#unjournalled.size > 0) await this.#journalOutcomes();
    await this.#store([]);
    if (this.#unjournalled.size === 0 && this.#unwritten.size === 0) this.#host.storageWorks();
  }

  /** One after the other: of two states of an intent the later one has to be written last. */
  #store(intents: readonly Intent[]): Promise<void> {
    for (const intent of intents) this.#unwritten.set(intent.id, intent);
    // Shown first: the store may be away for long, and the work goes on.
    this.#show(intents);
    this.#storing = this.#storing.then(async () => {
      const waiting = [...this.#unwritten.values()];
      try {
        await this.#write(waiting);
        for (const intent of waiting)
          if (this.#unwritten.get(intent.id) === intent) this.#unwritten.delete(intent.id);
      } catch (error) {
        this.#failed(error);
      }
    });
    return this.#storing;
  }
  #storing: Promise<void> = Promise.resolve();

  async #write(intents: readonly Intent[]): Promise<void> {
    if (intents.length === 0) return;
    const { error } = await this.#host.database.collections.intents.bulkUpsert(intents.map(documentOf));
    // 409: the pull brought the same outcome in this moment.
    const failed = error.find((one) => one.status !== 409);
    if (failed) throw new Error(`could not keep intent ${failed.documentId}`, { cause: failed });
  }

  #show(intents: readonly Intent[]): void {
    this.#host.replica.apply(
      'intents',
      intents.map((intent) => ({ document: documentOf(intent), deleted: false })),
    );
  }
}

/** Failed, and not even kept by the server: only this desk knows of it, until somebody has seen it. */
export function isUnkept(intent: Intent): boolean {
  return intent.status === 'failed' && intent.seq === 0 && intent.outcome.seenAt === undefined;
}

function documentOf({ deleted: _, ...intent }: Intent): StoredDocument {
  return { ...intent, recordKind: 'intent' };
}

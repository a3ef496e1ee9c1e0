/**
 * The intents of somebody who worked here and is not at the desk: read and answered past RxDB, which holds one replica
 * per process. Whoever uses this holds the lock under which that replica syncs.
 */
import type { Intent } from '@medic/shared/model/intent';
import { type Seal, SealFailure } from '@medic/shared/sync/seal';
import type { History } from '@medic/shared/sync/wire';
import { Dexie, type Table } from 'dexie';
import { intentsName } from './database';
import { Notes } from './notes';
import { OpenStores } from './open-stores';
import { openRow, type SealedRow, sealRow } from './sealed-storage';

export class LeftIntents {
  readonly #stores: OpenStores;
  readonly #notes: Notes;
  readonly #rows: Table<SealedRow, string>;
  readonly #seal: Seal;
  readonly #unsent = new Map<string, Intent>();

  private constructor(name: string, seal: Seal) {
    this.#stores = new OpenStores();
    this.#seal = seal;
    this.#notes = new Notes(name, this.#stores);
    const intents = this.#stores.add(new Dexie(intentsName(name), { chromeTransactionDurability: 'strict' }));
    intents.version(1).stores({ intents: 'id' });
    this.#rows = intents.table('intents');
  }

  /** Null where no such replica lies here, or another key has sealed it. */
  static async open(name: string, seal: Seal): Promise<LeftIntents | null> {
    if (!(await Dexie.exists(intentsName(name)))) return null;
    const left = new LeftIntents(name, seal);
    try {
      if ((await left.#notes.keyId()) === seal.keyId) {
        await left.#read();
        return left;
      }
    } catch (error) {
      left.close();
      throw error;
    }
    left.close();
    return null;
  }

  /** In any order. */
  unsent(deviceId: string): Intent[] {
    return [...this.#unsent.values()].filter((intent) => intent.deviceId === deviceId);
  }

  get count(): number {
    return this.#unsent.size;
  }

  /** What the server's history was when the replica was open last. */
  async rests(): Promise<{ epoch: string | null; history: History | null }> {
    const standing = await this.#notes.value<{ history: History | null }>('standing');
    return { epoch: await this.#notes.epoch(), history: standing?.history ?? null };
  }

  /** Keeps what came of them, as the replica will read it when it is opened again. */
  async settle(answered: readonly Intent[]): Promise<void> {
    for (const intent of answered) {
      const row = await this.#rows.get(intent.id);
      if (!row || row.deleted) continue;
      const stored = await openRow(this.#seal, 'intents', row);
      const { seq, status, outcomeSeq, decidedAt, outcome } = intent;
      const document = {
        ...stored,
        seq,
        status,
        outcomeSeq,
        decidedAt,
        outcome,
        _rev: nextRevision(row.rev),
      };
      await this.#rows.put(
        await sealRow(this.#seal, 'intents', { ...document, _meta: { ...stored._meta, lwt: Date.now() } }),
      );
      this.#unsent.delete(intent.id);
    }
  }

  close(): void {
    this.#stores.close();
  }

  async #read(): Promise<void> {
    for (const row of await this.#rows.toArray()) {
      if (row.deleted) continue;
      try {
        const intent = (await openRow(this.#seal, 'intents', row)) as unknown as Intent;
        if (intent.status === 'pending') this.#unsent.set(row.id, intent);
      } catch (error) {
        // Told to whose it is when they are here.
        if (!(error instanceof SealFailure)) throw error;
      }
    }
  }
}

/** RxDB counts in front of the dash. */
function nextRevision(revision: string): string {
  const [count = '0', token = ''] = revision.split('-');
  return `${Number(count) + 1}-${token}`;
}

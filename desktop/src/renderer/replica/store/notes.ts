/**
 * A small table beside RxDB's for what must outlive a reload and be exact across tabs: the number of the last
 * intent, and how far each collection's pull has come.
 */
import { Dexie, type Table } from 'dexie';
import type { OpenStores } from './open-stores';

export interface PullNote {
  /** Everything was pulled at least once. */
  complete: boolean;
  /** The server asked to start afresh, and rows that it no longer has still lie in the store. */
  sweep: boolean;
}

export class Notes {
  readonly #database: Dexie;
  readonly #entries: Table<{ key: string; value: unknown }, string>;

  constructor(databaseName: string, stores: OpenStores) {
    // Strict: what was acknowledged to a person must be on the disk, not in a cache.
    this.#database = stores.add(
      new Dexie(notesName(databaseName), { chromeTransactionDurability: 'strict' }),
    );
    this.#database.version(1).stores({ entries: 'key' });
    this.#entries = this.#database.table('entries');
  }

  /** The next number for an intent: above all that was ever given here, and above `floor`. */
  nextNumber(floor: number): Promise<number> {
    // One transaction, so that two tabs never get the same number, even without a lock.
    return this.#database.transaction('rw', this.#entries, async () => {
      const last = (await this.#entries.get('lastNumber'))?.value;
      const next = Math.max(typeof last === 'number' ? last : 0, floor) + 1;
      await this.#entries.put({ key: 'lastNumber', value: next });
      return next;
    });
  }

  /** The epoch of the server whose rows lie here; null before the first. */
  async epoch(): Promise<string | null> {
    const epoch = (await this.#entries.get('epoch'))?.value;
    return typeof epoch === 'string' ? epoch : null;
  }

  async setEpoch(epoch: string): Promise<void> {
    await this.#entries.put({ key: 'epoch', value: epoch });
  }

  /** The id of the key under which everything here is sealed; null before the first opening. */
  async keyId(): Promise<string | null> {
    const id = (await this.#entries.get('keyId'))?.value;
    return typeof id === 'string' ? id : null;
  }

  async setKeyId(id: string): Promise<void> {
    await this.#entries.put({ key: 'keyId', value: id });
  }

  async pullNote(collection: string): Promise<PullNote> {
    const note = (await this.#entries.get(`pull:${collection}`))?.value as PullNote | undefined;
    return note ?? { complete: false, sweep: false };
  }

  async setPullNote(collection: string, note: PullNote): Promise<void> {
    await this.#entries.put({ key: `pull:${collection}`, value: note });
  }

  /** Anything small that may lie open: numbers and times, nothing about patients. Null before it was set. */
  async value<T>(key: string): Promise<T | null> {
    return ((await this.#entries.get(`value:${key}`))?.value as T | undefined) ?? null;
  }

  async setValue(key: string, value: unknown): Promise<void> {
    await this.#entries.put({ key: `value:${key}`, value });
  }
}

export function notesName(databaseName: string): string {
  return `${databaseName}-notes`;
}

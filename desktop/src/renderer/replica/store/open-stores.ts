/**
 * The IndexedDB databases of one replica, which stand and fall together. When another window deletes one of them, all
 * are shut at once and for good: Dexie by itself opens again at the next use, and would leave an empty database behind
 * on a computer that was to keep nothing.
 */
import type { Dexie } from 'dexie';

/** While this window had it open, or was opening it, another one took it away. */
export class ReplicaGone extends Error {
  constructor(name: string) {
    super(`${name} was deleted by another window`);
    this.name = 'ReplicaGone';
  }
}

export class OpenStores {
  readonly #open = new Set<Dexie>();
  readonly #gone = new AbortController();
  #shut = false;

  /** Aborted when another window has deleted what lay here; from then on every read and every write fails. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  add(store: Dexie): Dexie {
    if (this.#shut) throw new Error(`${store.name} is opened after its replica was closed`);
    this.#open.add(store);
    store.on('versionchange', () => {
      this.close();
      this.#gone.abort();
      // In place of Dexie's own answer.
      return false;
    });
    return store;
  }

  close(): void {
    this.#shut = true;
    for (const store of this.#open) store.close({ disableAutoOpen: true });
    this.#open.clear();
  }
}

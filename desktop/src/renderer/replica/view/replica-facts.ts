/**
 * The replica in memory: every record of the store as facts, kept current by the store's change streams (those of
 * other tabs too), and how far each collection has come.
 */
import { Facts } from '@medic/shared/acts/facts';
import type { Intent } from '@medic/shared/model/intent';
import {
  type CollectionName,
  collectionNames,
  collections,
  type RecordKind,
} from '@medic/shared/model/records';
import type { StoredDocument } from '../store/schema';

/** A change of the store: the document as it is now. */
export interface StoredChange {
  document: StoredDocument;
  deleted: boolean;
}

interface Held {
  kind: RecordKind;
  seq: number;
}

export class ReplicaFacts {
  readonly facts = new Facts();
  /** Every intent of the store by id. */
  readonly intents = new Map<string, Intent>();
  readonly #held = new Map<CollectionName, Map<string, Held>>();
  /** Shown before the pulls have come to them, and not in the store yet. */
  readonly #ahead = new Map<CollectionName, Map<string, RecordKind>>();
  readonly #reached = new Map<CollectionName, number>();
  readonly #listeners = new Set<(collection: CollectionName, changes: readonly StoredChange[]) => void>();

  constructor() {
    for (const name of collectionNames) {
      this.#held.set(name, new Map());
      this.#ahead.set(name, new Map());
    }
  }

  /**
   * Shows documents that the pulls have not brought yet: a first look at the days to be worked on. They count for
   * nothing that is pulled, so `reached`, `holds` and `idsOf` know nothing of them; what the store has is left alone.
   */
  showAhead(collection: CollectionName, documents: readonly StoredDocument[]): void {
    const held = this.#heldOf(collection);
    const unheld = documents.filter(({ id }) => !held.has(id));
    for (const document of unheld) {
      this.facts.put(document.recordKind, recordOf(document) as never);
      this.#aheadOf(collection).set(document.id, document.recordKind);
    }
    this.#tell(
      collection,
      unheld.map((document) => ({ document, deleted: false })),
    );
  }

  /** The pull has come to its end: what was shown ahead and did not come is gone, or was never to stay. */
  endAhead(collection: CollectionName): void {
    const ahead = this.#aheadOf(collection);
    const gone = [...ahead].map(([id, recordKind]) => {
      this.facts.forget(recordKind, id);
      return { document: { id, recordKind, seq: 0 }, deleted: true };
    });
    ahead.clear();
    this.#tell(collection, gone);
  }

  apply(collection: CollectionName, changes: readonly StoredChange[]): void {
    if (changes.length === 0) return;
    const held = this.#heldOf(collection);
    const ahead = this.#aheadOf(collection);
    let reached = this.#reached.get(collection) ?? 0;
    for (const { document, deleted } of changes) {
      const before = held.get(document.id)?.kind ?? ahead.get(document.id);
      ahead.delete(document.id);
      if (deleted) {
        if (before) this.facts.forget(before, document.id);
        held.delete(document.id);
        if (collection === 'intents') this.intents.delete(document.id);
        continue;
      }
      // Not of a deleted one: what is swept after a restore bears the number of a clock that is gone.
      if (document.seq > reached) reached = document.seq;
      const kind = document.recordKind ?? collections[collection][0];
      const record = recordOf(document);
      this.facts.put(kind, record as never);
      held.set(document.id, { kind, seq: document.seq });
      if (collection === 'intents') this.intents.set(document.id, record as unknown as Intent);
    }
    this.#reached.set(collection, reached);
    this.#tell(collection, changes);
  }

  /**
   * The clinic's clock up to which a collection is known to be complete. A pull answers in the order of the clock,
   * so the highest number that lies here is one; a pull that came to its end may know more.
   */
  reached(collection: CollectionName): number {
    return this.#reached.get(collection) ?? 0;
  }

  setReached(collection: CollectionName, seq: number): void {
    if (seq > this.reached(collection)) this.#reached.set(collection, seq);
  }

  /** The server's clock may have gone back: a restored database, or another scope. */
  forgetReached(collection: CollectionName): void {
    this.#reached.set(collection, 0);
  }

  /** Whether this state of a document lies here; a deleted one does when it is gone. */
  holds(collection: CollectionName, document: { id: string; seq: number; deleted: boolean }): boolean {
    const held = this.#heldOf(collection).get(document.id);
    return document.deleted ? held === undefined : held !== undefined && held.seq >= document.seq;
  }

  idsOf(collection: CollectionName): Iterable<string> {
    return this.#heldOf(collection).keys();
  }

  /** The highest number of an intent of this device. */
  highestNumber(deviceId: string): number {
    let highest = 0;
    for (const intent of this.intents.values()) {
      if (intent.deviceId === deviceId && intent.n !== null && intent.n > highest) highest = intent.n;
    }
    return highest;
  }

  /** The clinic's clock as far as this replica knows it. */
  get clinicSeq(): number {
    return Math.max(...collectionNames.map((name) => this.reached(name)));
  }

  subscribe(listener: (collection: CollectionName, changes: readonly StoredChange[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(collection: CollectionName, changes: readonly StoredChange[]): void {
    if (changes.length === 0) return;
    for (const listener of this.#listeners) listener(collection, changes);
  }

  #aheadOf(collection: CollectionName): Map<string, RecordKind> {
    const ahead = this.#ahead.get(collection);
    if (!ahead) throw new Error(`Broken invariant: no collection ${collection}`);
    return ahead;
  }

  #heldOf(collection: CollectionName): Map<string, Held> {
    const held = this.#held.get(collection);
    if (!held) throw new Error(`Broken invariant: no collection ${collection}`);
    return held;
  }
}

/** Without what only the store needs, and with the flag that the store keeps under another name. */
function recordOf(document: StoredDocument): Record<string, unknown> {
  const { recordKind, _deleted, _rev, _meta, _attachments, ...record } = document;
  record.deleted = false;
  return record;
}

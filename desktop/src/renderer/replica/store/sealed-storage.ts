/**
 * RxDB's door to IndexedDB, with every document sealed on the disk and open above. A storage of our own and no
 * wrapper around RxDB's Dexie storage: that one turns bytes into objects of numbers, keeps three indexes that nobody
 * asks (they were half of the time of a pull), and would open again what was just written, to tell of it.
 */
import { type Seal, SealFailure } from '@medic/shared/sync/seal';
import type { Checkpoint } from '@medic/shared/sync/wire';
import type { Dexie, Table } from 'dexie';
import {
  type BulkWriteRow,
  categorizeBulkWriteRows,
  type EventBulk,
  getQueryMatcher,
  getSortComparator,
  type PreparedQuery,
  type RxDocumentData,
  type RxJsonSchema,
  type RxStorageBulkWriteResponse,
  type RxStorageChangeEvent,
  type RxStorageCountResult,
  type RxStorageInstance,
  type RxStorageInstanceCreationParams,
  type RxStorageQueryResult,
} from 'rxdb';
import { concatMap, merge, type Observable, Subject, type Subscription } from 'rxjs';
import type { StoredDocument } from './schema';

type Stored = RxDocumentData<StoredDocument>;
export type Changes = EventBulk<RxStorageChangeEvent<Stored>, null>;

/** Between the tabs of one replica. */
export interface ChangeLink {
  tell(collection: string, changes: Changes): void;
  /** Changes of this collection that another tab wrote. */
  heard(collection: string): Observable<Changes>;
  /** Many at once, by their ids: whoever wants them reads them. */
  tellPulled(collection: string, ids: string[]): void;
  heardPulled(collection: string): Observable<string[]>;
}

/** A row as the server sent it; of one that is gone, no more than this. */
export interface PulledDocument extends StoredDocument {
  deleted: boolean;
}

/** How far a collection was pulled. It lies beside its rows, so that one transaction writes both. */
export interface PulledTo {
  collection: string;
  checkpoint: Checkpoint;
}

export const checkpointsTable = 'checkpoints';

/** What lies on the disk. Everything that says more than when somebody is seen is in the box. */
export interface SealedRow {
  id: string;
  /** RxDB's revision: a count, and a token of the tab that wrote it. */
  rev: string;
  deleted: boolean;
  writtenAt: number;
  /** Of a visit, so that those to be shown first are read first; 0 for what else lies among the visits. */
  startsAt?: number;
  /** Null for a tombstone: what is deleted leaves nothing behind. */
  box: Uint8Array | null;
}

/** So many pulled rows are sealed and written at a time: some 10 ms of the page's thread. */
const sliceSize = 250;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Where a document lies: its box opens nowhere else. */
export function placeOf(collection: string, id: string): string {
  return `${collection}/${id}`;
}

export async function sealRow(seal: Seal, collection: string, document: Stored): Promise<SealedRow> {
  const { id, _rev: rev, _deleted: deleted, _attachments: _, ...rest } = document;
  const row: SealedRow = { id, rev, deleted, writtenAt: document._meta.lwt, box: null };
  return deleted ? row : await boxed(seal, collection, row, rest);
}

async function boxed(seal: Seal, collection: string, row: SealedRow, inner: object): Promise<SealedRow> {
  if (collection === 'appointments') {
    const { startsAt } = inner as { startsAt?: unknown };
    row.startsAt = typeof startsAt === 'number' ? startsAt : 0;
  }
  row.box = await seal.seal(encoder.encode(JSON.stringify(inner)), placeOf(collection, row.id));
  return row;
}

/** Rejects with a `SealFailure`. */
export async function openRow(seal: Seal, collection: string, row: SealedRow): Promise<Stored> {
  const { id, rev, deleted, box } = row;
  const inner =
    box === null
      ? {}
      : (JSON.parse(decoder.decode(await seal.open(box, placeOf(collection, id)))) as Partial<Stored>);
  const _meta = { lwt: row.writtenAt };
  return Object.assign(inner, { id, _rev: rev, _deleted: deleted, _attachments: {}, _meta }) as Stored;
}

export class SealedInstance
  implements RxStorageInstance<StoredDocument, Record<string, never>, Record<string, never>, null>
{
  readonly databaseName: string;
  readonly collectionName: string;
  readonly schema: Readonly<RxJsonSchema<Stored>>;
  readonly internals = {};
  readonly options = {};
  readonly #seal: Seal;
  readonly #database: Dexie;
  readonly #rows: Table<SealedRow, string>;
  readonly #checkpoints: Table<PulledTo, string>;
  readonly #readingBack: Subscription;
  readonly #link: ChangeLink;
  readonly #changes = new Subject<Changes>();
  #closed: Promise<void> | null = null;

  constructor(
    params: RxStorageInstanceCreationParams<StoredDocument, Record<string, never>>,
    database: Dexie,
    seal: Seal,
    link: ChangeLink,
  ) {
    this.databaseName = params.databaseName;
    this.collectionName = params.collectionName;
    this.schema = params.schema;
    this.#seal = seal;
    this.#link = link;
    this.#database = database;
    this.#rows = database.table(params.collectionName);
    this.#checkpoints = database.table(checkpointsTable);
    this.#readingBack = link
      .heardPulled(this.collectionName)
      .pipe(concatMap((ids) => this.#readBack(ids)))
      .subscribe((changes) => this.#changes.next(changes));
  }

  /**
   * Rows as they were pulled, and how far they reach: never a checkpoint without its rows. Nothing is asked of what lies
   * here, unlike in a write of RxDB's: a row is the server's whatever lies here, and its revision counts the clinic's
   * clock. In slices, each sealed while the one before is written, so that the page's thread is free in between.
   */
  async putPulled(documents: readonly PulledDocument[], checkpoint: Checkpoint | null): Promise<void> {
    this.#requireOpen();
    let sealing = this.#sealSlice(documents, 0);
    for (let at = 0; at < documents.length; at += sliceSize) {
      const { pulled, rows } = await sealing;
      const isLast = at + sliceSize >= documents.length;
      if (!isLast) sealing = this.#sealSlice(documents, at + sliceSize);
      await this.#database.transaction('rw', this.#rows, this.#checkpoints, async () => {
        const gone = pulled.filter(({ _deleted }) => _deleted).map(({ id }) => id);
        if (gone.length > 0) await this.#rows.bulkDelete(gone);
        if (rows.length > 0) await this.#rows.bulkPut(rows);
        if (checkpoint && isLast)
          await this.#checkpoints.put({ collection: this.collectionName, checkpoint });
      });
      this.#changes.next(changesOf(pulled));
      this.#link.tellPulled(
        this.collectionName,
        pulled.map(({ id }) => id),
      );
    }
  }

  async #sealSlice(
    documents: readonly PulledDocument[],
    at: number,
  ): Promise<{ pulled: Stored[]; rows: SealedRow[] }> {
    const writtenAt = Date.now();
    const sealing: Promise<SealedRow>[] = [];
    const pulled = documents.slice(at, at + sliceSize).map((document): Stored => {
      const { id, seq, deleted } = document;
      const rev = `${seq}-pulled`;
      const row = { id, rev, deleted, writtenAt, box: null };
      // As it came: taking fields out costs as much as sealing what is left.
      if (!deleted) sealing.push(boxed(this.#seal, this.collectionName, row, document));
      return { ...document, _rev: rev, _deleted: deleted, _attachments: {}, _meta: { lwt: writtenAt } };
    });
    return { pulled, rows: await Promise.all(sealing) };
  }

  async pulledTo(): Promise<Checkpoint | null> {
    return (await this.#checkpoints.get(this.collectionName))?.checkpoint ?? null;
  }

  /** The next pull begins from nothing. What lies here stays. */
  async forgetPulledTo(): Promise<void> {
    await this.#checkpoints.delete(this.collectionName);
  }

  /** What another tab has pulled, as it lies on the disk by now. */
  async #readBack(ids: string[]): Promise<Changes> {
    const rows = this.#closed ? [] : await this.#rows.bulkGet(ids);
    const read = await Promise.all(
      rows.map(async (row, i) => {
        if (!row || row.deleted) return { id: ids[i], _deleted: true } as unknown as Stored;
        return await openRow(this.#seal, this.collectionName, row).catch((error: unknown) => {
          // Damaged: the tab that syncs meets it at its next start, and pulls it again.
          if (!(error instanceof SealFailure)) throw error;
          return null;
        });
      }),
    );
    return changesOf(read.filter((document) => document !== null));
  }

  async bulkWrite(
    writes: BulkWriteRow<StoredDocument>[],
    context: string,
  ): Promise<RxStorageBulkWriteResponse<StoredDocument>> {
    this.#requireOpen();
    // Before the transaction: IndexedDB closes one that waits for anything but itself.
    const sealed = new Map<string, SealedRow>();
    const made = await Promise.all(
      writes.map(({ document }) => sealRow(this.#seal, this.collectionName, document as Stored)),
    );
    for (const row of made) sealed.set(row.id, row);
    const inStore = new Map<string, SealedRow>();
    const sorted = await this.#database.transaction('rw', this.#rows, async () => {
      const known = new Map<string, Stored>();
      for (const row of await this.#rows.bulkGet([...sealed.keys()])) {
        if (!row) continue;
        inStore.set(row.id, row);
        known.set(row.id, { id: row.id, _rev: row.rev, _deleted: row.deleted } as Stored);
      }
      const sorted = categorizeBulkWriteRows(this, 'id' as never, known as never, writes, context);
      const good = [...sorted.bulkInsertDocs, ...sorted.bulkUpdateDocs].flatMap(
        ({ document }) => sealed.get(document.id) ?? [],
      );
      if (good.length > 0) await this.#rows.bulkPut(good);
      return sorted;
    });
    for (const error of sorted.errors) {
      const row = inStore.get(error.documentId);
      if (row) Object.assign(error, { documentInDb: await openRow(this.#seal, this.collectionName, row) });
    }
    if (sorted.eventBulk.events.length > 0) {
      const changes = { ...sorted.eventBulk, checkpoint: null } as unknown as Changes;
      this.#changes.next(changes);
      // Open, from memory to memory: the other tab need not open again what this one had in hand.
      this.#link.tell(this.collectionName, changes);
    }
    return { error: sorted.errors };
  }

  async findDocumentsById(ids: string[], withDeleted: boolean): Promise<Stored[]> {
    this.#requireOpen();
    const rows = (await this.#rows.bulkGet(ids)).filter(
      (row): row is SealedRow => row !== undefined && (withDeleted || !row.deleted),
    );
    return await Promise.all(rows.map((row) => openRow(this.#seal, this.collectionName, row)));
  }

  /** Opens everything: questions are put to the facts in memory, and hardly one to the store. */
  async query({ query }: PreparedQuery<StoredDocument>): Promise<RxStorageQueryResult<StoredDocument>> {
    this.#requireOpen();
    const rows = await this.#rows.toArray();
    const documents = await Promise.all(rows.map((row) => openRow(this.#seal, this.collectionName, row)));
    const found = documents
      .filter(getQueryMatcher<StoredDocument>(this.schema, query))
      .sort(getSortComparator<StoredDocument>(this.schema, query));
    const end = query.limit === undefined ? undefined : query.skip + query.limit;
    return { documents: found.slice(query.skip, end) };
  }

  async count(query: PreparedQuery<StoredDocument>): Promise<RxStorageCountResult> {
    return { count: (await this.query(query)).documents.length, mode: 'slow' };
  }

  getAttachmentData(): Promise<Blob> {
    throw new Error('Broken invariant: no document has an attachment');
  }

  changeStream(): Observable<Changes> {
    return merge(this.#changes, this.#link.heard(this.collectionName));
  }

  async cleanup(minimumDeletedTime: number): Promise<boolean> {
    this.#requireOpen();
    const before = Date.now() - minimumDeletedTime;
    await this.#rows.filter((row) => row.deleted && row.writtenAt <= before).delete();
    return true;
  }

  async remove(): Promise<void> {
    await this.#rows.clear();
    await this.close();
  }

  close(): Promise<void> {
    this.#readingBack.unsubscribe();
    this.#closed ??= Promise.resolve(this.#changes.complete());
    return this.#closed;
  }

  #requireOpen(): void {
    if (this.#closed) throw new Error(`the store of ${this.collectionName} is closed`);
  }
}

function changesOf(documents: readonly Stored[]): Changes {
  return {
    id: crypto.randomUUID(),
    events: documents.map((documentData) => ({
      documentId: documentData.id,
      documentData,
      operation: documentData._deleted ? 'DELETE' : 'UPDATE',
      previousDocumentData: documentData,
    })),
    checkpoint: null,
    context: 'pulled',
  } as unknown as Changes;
}

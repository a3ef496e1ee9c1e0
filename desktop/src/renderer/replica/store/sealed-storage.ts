/**
 * RxDB's door to IndexedDB, with every document sealed on the disk and open above. A storage of our own and no
 * wrapper around RxDB's Dexie storage: that one turns bytes into objects of numbers, keeps three indexes that nobody
 * asks (they were half of the time of a pull), and would open again what was just written, to tell of it.
 */
import type { Seal } from '@medic/shared/sync/seal';
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
import { merge, type Observable, Subject } from 'rxjs';
import type { StoredDocument } from './schema';

type Stored = RxDocumentData<StoredDocument>;
export type Changes = EventBulk<RxStorageChangeEvent<Stored>, null>;

/** Between the tabs of one replica. */
export interface ChangeLink {
  tell(collection: string, changes: Changes): void;
  /** Changes of this collection that another tab wrote. */
  heard(collection: string): Observable<Changes>;
}

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

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Where a document lies: its box opens nowhere else. */
export function placeOf(collection: string, id: string): string {
  return `${collection}/${id}`;
}

async function sealRow(seal: Seal, collection: string, document: Stored): Promise<SealedRow> {
  const { id, _rev: rev, _deleted: deleted, _attachments: _, ...rest } = document;
  const row: SealedRow = { id, rev, deleted, writtenAt: document._meta.lwt, box: null };
  if (deleted) return row;
  if (collection === 'appointments')
    row.startsAt = typeof document.startsAt === 'number' ? document.startsAt : 0;
  row.box = await seal.seal(encoder.encode(JSON.stringify(rest)), placeOf(collection, id));
  return row;
}

/** Rejects with a `SealFailure`. */
export async function openRow(seal: Seal, collection: string, row: SealedRow): Promise<Stored> {
  const { id, rev, deleted, box } = row;
  const inner =
    box === null
      ? { _meta: { lwt: row.writtenAt } }
      : (JSON.parse(decoder.decode(await seal.open(box, placeOf(collection, id)))) as Partial<Stored>);
  return { ...inner, id, _rev: rev, _deleted: deleted, _attachments: {} } as Stored;
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
    this.#closed ??= Promise.resolve(this.#changes.complete());
    return this.#closed;
  }

  #requireOpen(): void {
    if (this.#closed) throw new Error(`the store of ${this.collectionName} is closed`);
  }
}

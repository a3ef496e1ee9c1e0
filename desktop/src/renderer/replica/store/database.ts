/** Opens, carries over and wipes the replica's database. The only file that knows how it is laid out on disk. */
import { type CollectionName, collectionNames } from '@medic/shared/model/records';
import { type Seal, SealFailure, type SealFailureKind } from '@medic/shared/sync/seal';
import type { Checkpoint } from '@medic/shared/sync/wire';
import { Dexie, type Table } from 'dexie';
import {
  createRxDatabase,
  type RxCollection,
  type RxDatabase,
  type RxStorage,
  type RxStorageInstanceCreationParams,
} from 'rxdb';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { filter, map, type Observable, Subject } from 'rxjs';
import { Notes, notesName } from './notes';
import { OpenStores, ReplicaGone } from './open-stores';
import { collectionSchema, type StoredDocument, storeFingerprint } from './schema';
import {
  type ChangeLink,
  type Changes,
  checkpointsTable,
  openRow,
  type PulledDocument,
  SealedInstance,
  type SealedRow,
} from './sealed-storage';

export type ReplicaCollection = RxCollection<StoredDocument>;
export type ReplicaCollections = Record<CollectionName, ReplicaCollection>;

/** A document that lies here and does not open. */
export interface Unreadable {
  collection: CollectionName;
  id: string;
  kind: SealFailureKind;
}

/** Visits that are read before all others: at least those that touch `[from, to)`. */
export interface FirstVisits {
  from: number;
  to: number;
}

export interface ReplicaDatabase {
  readonly name: string;
  readonly collections: ReplicaCollections;
  readonly notes: Notes;
  /**
   * Documents that did not open so far. What the server has is dropped and pulled again; an intent stays as it lies
   * here, and in an older store too.
   */
  readonly unreadable: readonly Unreadable[];
  /** All documents of a collection, without tombstones. */
  readAll(collection: CollectionName): Promise<StoredDocument[]>;
  /** Everything, in parts: first all that is needed to show these visits, then the rest. */
  readInParts(first: FirstVisits): AsyncIterable<StoredPart>;
  /** How far a collection was pulled; null where it has to be pulled from nothing. */
  pulledTo(collection: CollectionName): Promise<Checkpoint | null>;
  /** Keeps rows of the server's, and with them, at once or not at all, how far they reach. */
  putPulled(
    collection: CollectionName,
    documents: readonly PulledDocument[],
    checkpoint: Checkpoint | null,
  ): Promise<void>;
  forgetPulledTo(collection: CollectionName): Promise<void>;
  /** Aborted when another window has deleted it: nothing is here any more, and nothing can be kept. */
  readonly gone: AbortSignal;
  close(): Promise<void>;
}

export interface StoredPart {
  /**
   * What comes after the first parts is history, and patients who are not seen these days. The first of those is
   * empty, so that nobody waits for it to know that the first are over.
   */
  first: boolean;
  collection: CollectionName;
  documents: StoredDocument[];
}

const prefix = 'medic-';
/** A visit that began earlier is over. */
const longestVisitMs = 24 * 3_600_000;
/** So many rows are opened at a time, that the thread is free in between. */
const partSize = 500;

/**
 * Names clinic, user and the shape of what is stored. The server's epoch is not in it: it travels in each
 * collection's checkpoint, and the server answers one of another epoch with `reset`.
 */
export function databaseName(clinicId: string, userId: string): string {
  return `${prefix}${clinicId}-${userId}-${storeFingerprint()}`;
}

/** Whether anything of it lies in this browser. */
export async function replicaExists(name: string): Promise<boolean> {
  return await Dexie.exists(notesName(name));
}

/**
 * Rejects with a `SealFailure` of kind `wrong-key` when what lies here was sealed under another key, and with
 * `ReplicaGone` when another window deletes it meanwhile.
 */
export async function openDatabase(name: string, seal: Seal): Promise<ReplicaDatabase> {
  const stores = new OpenStores();
  const notes = new Notes(name, stores);
  const sealed = new SealedTables(name, stores);
  let database: RxDatabase<Record<CollectionName, ReplicaCollection>> | null = null;
  try {
    await requireKey(name, notes, seal);
    database = await createRxDatabase<Record<CollectionName, ReplicaCollection>>({
      name,
      storage: replicaStorage(sealed, seal, stores),
      multiInstance: true,
      // Ours is the only code that reads events, and it reads them all.
      eventReduce: false,
    });
    await database.addCollections(
      Object.fromEntries(
        collectionNames.map((collection) => [collection, { schema: collectionSchema(collection) }]),
      ) as Parameters<typeof database.addCollections>[0],
    );
    const rows = new Reader(sealed, seal, notes);
    await carryOver(name, seal, database, rows);
    return replicaDatabase(name, database, notes, sealed, rows, stores);
  } catch (error) {
    await database?.close();
    sealed.link.close();
    stores.close();
    throw stores.gone.aborted ? new ReplicaGone(name) : error;
  }
}

function replicaDatabase(
  name: string,
  database: RxDatabase<Record<CollectionName, ReplicaCollection>>,
  notes: Notes,
  sealed: SealedTables,
  rows: Reader,
  stores: OpenStores,
): ReplicaDatabase {
  return {
    name,
    collections: database.collections as ReplicaCollections,
    notes,
    get unreadable() {
      return rows.unreadable;
    },
    readAll: (collection) => rows.readAll(collection),
    readInParts: (first) => rows.readInParts(first),
    pulledTo: (collection) => sealed.instance(collection).pulledTo(),
    putPulled: (collection, documents, checkpoint) =>
      sealed.instance(collection).putPulled(documents, checkpoint),
    forgetPulledTo: (collection) => sealed.instance(collection).forgetPulledTo(),
    gone: stores.gone,
    close: async () => {
      await database.close();
      sealed.link.close();
      stores.close();
    },
  };
}

/** The key's id is noted at the first opening: a wrong key is found before a row is touched. */
async function requireKey(name: string, notes: Notes, seal: Seal): Promise<void> {
  const keyId = await notes.keyId();
  if (keyId === null) await notes.setKeyId(seal.keyId);
  else if (keyId !== seal.keyId) throw new SealFailure('wrong-key', name);
}

/**
 * The tables that hold clinic data. Intents are written to the disk before they count as kept; everything else can
 * be pulled again, and pulls several times as fast without waiting for the disk.
 */
class SealedTables {
  readonly #rows: Dexie;
  readonly #intents: Dexie;
  readonly #instances = new Map<string, SealedInstance>();
  readonly link: TabChanges;

  constructor(name: string, stores: OpenStores) {
    this.link = new TabChanges(name);
    this.#rows = stores.add(new Dexie(`${name}-rows`, { chromeTransactionDurability: 'relaxed' }));
    this.#rows.version(1).stores({
      ...Object.fromEntries(
        collectionNames
          .filter((each) => each !== 'intents')
          .map((each) => [each, each === 'appointments' ? 'id, startsAt' : 'id']),
      ),
      [checkpointsTable]: 'collection',
    });
    this.#intents = stores.add(new Dexie(intentsName(name), { chromeTransactionDurability: 'strict' }));
    this.#intents.version(1).stores({ intents: 'id', [checkpointsTable]: 'collection' });
  }

  /** RxDB asks for it when it opens the collection. */
  open(
    params: RxStorageInstanceCreationParams<StoredDocument, Record<string, never>>,
    seal: Seal,
  ): SealedInstance {
    const collection = params.collectionName as CollectionName;
    const opened = new SealedInstance(params, this.of(collection), seal, this.link);
    this.#instances.set(collection, opened);
    return opened;
  }

  instance(collection: CollectionName): SealedInstance {
    const instance = this.#instances.get(collection);
    if (!instance) throw new Error(`Broken invariant: ${collection} is not open`);
    return instance;
  }

  of(collection: CollectionName): Dexie {
    return collection === 'intents' ? this.#intents : this.#rows;
  }
}

interface ToldChanges {
  collection: string;
  changes: Changes;
}
interface ToldPulled {
  collection: string;
  pulled: string[];
}
type Told = ToldChanges | ToldPulled;

/**
 * The browser's own channel and not RxDB's: where that one finds none, it writes what it tells into IndexedDB, open
 * as it is.
 */
class TabChanges implements ChangeLink {
  readonly #channel: BroadcastChannel;
  readonly #heard = new Subject<Told>();

  constructor(name: string) {
    this.#channel = new BroadcastChannel(`${name}-changes`);
    this.#channel.onmessage = ({ data }: MessageEvent<Told>) => this.#heard.next(data);
  }

  tell(collection: string, changes: Changes): void {
    this.#channel.postMessage({ collection, changes });
  }

  heard(collection: string): Observable<Changes> {
    return this.#heard.pipe(
      filter((told) => told.collection === collection && 'changes' in told),
      map((told) => (told as ToldChanges).changes),
    );
  }

  tellPulled(collection: string, pulled: string[]): void {
    this.#channel.postMessage({ collection, pulled });
  }

  heardPulled(collection: string): Observable<string[]> {
    return this.#heard.pipe(
      filter((told) => told.collection === collection && 'pulled' in told),
      map((told) => (told as ToldPulled).pulled),
    );
  }

  close(): void {
    this.#channel.onmessage = null;
    this.#channel.close();
  }
}

export function intentsName(name: string): string {
  return `${name}-intents`;
}

/** Clinic data sealed; what RxDB notes for itself (shapes, checkpoints) in its own storage. */
function replicaStorage(sealed: SealedTables, seal: Seal, stores: OpenStores): RxStorage<unknown, unknown> {
  const dexie = getRxStorageDexie({
    chromeTransactionDurability: 'relaxed',
    onCreate: (store) => void stores.add(store),
  });
  return {
    name: dexie.name,
    rxdbVersion: dexie.rxdbVersion,
    createStorageInstance: (params: RxStorageInstanceCreationParams<unknown, unknown>) =>
      isCollection(params.collectionName)
        ? Promise.resolve(sealed.open(params as never, seal))
        : dexie.createStorageInstance(params as never),
  } as unknown as RxStorage<unknown, unknown>;
}

function isCollection(name: string): name is CollectionName {
  return (collectionNames as string[]).includes(name);
}

/** Reads tables in one go, past RxDB, whose own query builds a document with its methods per row. */
class Reader {
  readonly unreadable: Unreadable[] = [];
  readonly #sealed: SealedTables;
  readonly #seal: Seal;
  readonly #notes: Notes;

  constructor(sealed: SealedTables, seal: Seal, notes: Notes) {
    this.#sealed = sealed;
    this.#seal = seal;
    this.#notes = notes;
  }

  async readAll(collection: CollectionName): Promise<StoredDocument[]> {
    return await this.#open(collection, await this.#rows(collection));
  }

  async *readInParts({ from, to }: FirstVisits): AsyncIterable<StoredPart> {
    const shown = await this.#open('appointments', await this.#visitsBetween(from, to));
    const who = new Set(shown.map((visit) => String(visit.patientId)));
    yield* await Promise.all(
      collectionNames.map(async (collection): Promise<StoredPart> => {
        if (collection === 'appointments') return { first: true, collection, documents: shown };
        if (collection === 'patients') {
          const rows = await this.#table(collection).bulkGet([...who]);
          return { first: true, collection, documents: await this.#open(collection, rows.filter(isThere)) };
        }
        // The small ones as a whole: all rules are in them.
        return { first: true, collection, documents: await this.readAll(collection) };
      }),
    );
    yield { first: false, collection: 'patients', documents: [] };
    yield* this.#rest('patients', who);
    yield* this.#rest('appointments', new Set(shown.map(({ id }) => id)));
  }

  async *#rest(collection: CollectionName, read: ReadonlySet<string>): AsyncIterable<StoredPart> {
    let last = '';
    for (;;) {
      const rows = await this.#table(collection).where('id').above(last).limit(partSize).toArray();
      last = rows.at(-1)?.id ?? last;
      const unread = rows.filter((row) => isThere(row) && !read.has(row.id));
      if (unread.length > 0)
        yield { first: false, collection, documents: await this.#open(collection, unread) };
      if (rows.length < partSize) return;
    }
  }

  async #visitsBetween(from: number, to: number): Promise<SealedRow[]> {
    const table = this.#table('appointments');
    const [others, visits] = await Promise.all([
      table.where('startsAt').equals(0).toArray(),
      table
        .where('startsAt')
        .between(from - longestVisitMs, to)
        .toArray(),
    ]);
    return [...others, ...visits].filter(isThere);
  }

  #table(collection: CollectionName): Table<SealedRow, string> {
    return this.#sealed.of(collection).table(collection);
  }

  async #rows(collection: CollectionName): Promise<SealedRow[]> {
    return (await this.#table(collection).toArray()).filter(isThere);
  }

  async #open(collection: CollectionName, rows: readonly SealedRow[]): Promise<StoredDocument[]> {
    const bad: Unreadable[] = [];
    const opened = await Promise.all(
      rows.map((row) =>
        openRow(this.#seal, collection, row).catch((error: unknown) => {
          if (!(error instanceof SealFailure)) throw error;
          bad.push({ collection, id: row.id, kind: error.kind });
          return null;
        }),
      ),
    );
    if (bad.length > 0) await this.#report(collection, bad);
    return opened.filter((document): document is NonNullable<typeof document> => document !== null);
  }

  /** A row of the server's goes, and its collection is pulled anew; nobody but us has an intent. */
  async #report(collection: CollectionName, bad: readonly Unreadable[]): Promise<void> {
    console.error(`${bad.length} documents of ${collection} did not open`);
    this.unreadable.push(...bad);
    if (collection === 'intents') return;
    const { complete } = await this.#notes.pullNote(collection);
    await this.#notes.setPullNote(collection, { complete, sweep: true });
    await this.#table(collection).bulkDelete(bad.map(({ id }) => id));
  }
}

function isThere(row: SealedRow | undefined): row is SealedRow {
  return row !== undefined && !row.deleted;
}

/** The database that a table of the time before sealing lay in: one for each collection, written by RxDB. */
function openTableName(name: string, collection: CollectionName): string {
  return `rxdb-dexie-${name}--0--${collection}`;
}

/** Replicas of this browser other than `current`, by name. */
async function otherReplicas(current: string): Promise<string[]> {
  const names = new Set<string>();
  for (const database of await Dexie.getDatabaseNames()) {
    const name =
      /^rxdb-dexie-(medic-.+?)--\d+--/.exec(database)?.[1] ??
      /^(medic-.+)-(?:notes|rows|intents)$/.exec(database)?.[1];
    if (name && name !== current) names.add(name);
  }
  return [...names];
}

/**
 * Takes the intents over from replicas of the same clinic and user that another build wrote, sealed or not, and
 * wipes those. What does not open stays where it is.
 */
async function carryOver(
  name: string,
  seal: Seal,
  database: RxDatabase<Record<CollectionName, ReplicaCollection>>,
  rows: Reader,
): Promise<void> {
  const owner = name.slice(0, name.lastIndexOf('-'));
  for (const old of await otherReplicas(name)) {
    if (old.slice(0, old.lastIndexOf('-')) !== owner) continue;
    const { intents, unreadable } = await readIntents(old, seal);
    const { error } = await database.collections.intents.bulkInsert(intents);
    // 409: an earlier try was cut after this one had been carried.
    const failed = error.find((one) => one.status !== 409);
    if (failed) throw new Error(`could not carry over intent ${failed.documentId}`, { cause: failed });
    rows.unreadable.push(...unreadable);
    await wipeDatabase(old, unreadable.length > 0 ? intentsName(old) : null);
  }
}

async function readIntents(
  name: string,
  seal: Seal,
): Promise<{ intents: StoredDocument[]; unreadable: Unreadable[] }> {
  const found: (StoredDocument & { _deleted?: unknown })[] = [];
  const unreadable: Unreadable[] = [];
  // RxDB kept booleans in an index as '0' and '1'.
  for (const row of await readTable<StoredDocument>(openTableName(name, 'intents'), 'docs'))
    if (row._deleted !== '1') found.push(row);
  for (const row of await readTable<SealedRow>(intentsName(name), 'intents')) {
    try {
      if (!row.deleted) found.push(await openRow(seal, 'intents', row));
    } catch (error) {
      if (!(error instanceof SealFailure)) throw error;
      unreadable.push({ collection: 'intents', id: row.id, kind: error.kind });
    }
  }
  const intents = found.map(({ _deleted, _meta, _rev, _attachments, ...intent }) => intent as StoredDocument);
  return { intents, unreadable };
}

/** A table as another build left it; nothing where there is none. */
async function readTable<T>(database: string, table: string): Promise<T[]> {
  if (!(await Dexie.exists(database))) return [];
  const opened = new Dexie(database);
  try {
    await opened.open();
    return opened.tables.some(({ name }) => name === table) ? await opened.table<T>(table).toArray() : [];
  } finally {
    opened.close();
  }
}

/** Deletes all that a replica left on this computer, but for one database. */
export async function wipeDatabase(name: string, butFor: string | null = null): Promise<void> {
  const own = new Set([`${name}-notes`, `${name}-rows`, intentsName(name)]);
  for (const database of await Dexie.getDatabaseNames()) {
    if (database === butFor) continue;
    if (database.startsWith(`rxdb-dexie-${name}--`) || own.has(database)) await Dexie.delete(database);
  }
}

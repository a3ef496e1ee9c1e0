/** Opens, carries over and wipes the replica's database. The only file that knows how RxDB lays it out on disk. */
import { type CollectionName, collectionNames } from '@medic/shared/model/records';
import { Dexie } from 'dexie';
import { createRxDatabase, type RxCollection, type RxDatabase, type RxStorage } from 'rxdb';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { Notes } from './notes';
import { collectionSchema, type StoredDocument, storeFingerprint } from './schema';

export type ReplicaCollection = RxCollection<StoredDocument>;
export type ReplicaCollections = Record<CollectionName, ReplicaCollection>;

export interface ReplicaDatabase {
  readonly name: string;
  readonly collections: ReplicaCollections;
  readonly notes: Notes;
  /** All documents of a collection as they lie in the store, without tombstones. */
  readAll(collection: CollectionName): Promise<StoredDocument[]>;
  close(): Promise<void>;
}

const prefix = 'medic-';

/**
 * Names clinic, user and the shape of what is stored. The server's epoch is not in it: it travels in each
 * collection's checkpoint, and the server answers one of another epoch with `reset`.
 */
export function databaseName(clinicId: string, userId: string): string {
  return `${prefix}${clinicId}-${userId}-${storeFingerprint()}`;
}

export async function openDatabase(name: string): Promise<ReplicaDatabase> {
  const database = await createRxDatabase<Record<CollectionName, ReplicaCollection>>({
    name,
    storage: replicaStorage(),
    multiInstance: true,
    // Ours is the only code that reads events, and it reads them all.
    eventReduce: false,
  });
  const notes = new Notes(name);
  try {
    await database.addCollections(
      Object.fromEntries(
        collectionNames.map((collection) => [collection, { schema: collectionSchema(collection) }]),
      ) as Parameters<typeof database.addCollections>[0],
    );
    await carryOver(name, database);
  } catch (error) {
    notes.close();
    await database.close();
    throw error;
  }
  return {
    name,
    collections: database.collections as ReplicaCollections,
    notes,
    readAll: (collection) => readAll(name, collection),
    close: async () => {
      notes.close();
      await database.close();
    },
  };
}

/**
 * Intents are written to the disk before they count as kept; everything else can be pulled again, and pulls five
 * times as fast without waiting for the disk.
 */
function replicaStorage(): RxStorage<unknown, unknown> {
  const relaxed = getRxStorageDexie();
  const strict = getRxStorageDexie({ chromeTransactionDurability: 'strict' });
  return {
    name: relaxed.name,
    rxdbVersion: relaxed.rxdbVersion,
    createStorageInstance: (params) =>
      (params.collectionName === 'intents' ? strict : relaxed).createStorageInstance(params as never),
  } as RxStorage<unknown, unknown>;
}

function tableName(name: string, collection: CollectionName): string {
  return `rxdb-dexie-${name}--0--${collection}`;
}

/**
 * Reads the table in one go. RxDB's own query walks a cursor and builds a document per row, which takes several
 * times as long for 40,000 rows; its shapes on disk are plain, but for booleans that IndexedDB cannot index.
 */
async function readAll(name: string, collection: CollectionName): Promise<StoredDocument[]> {
  const table = new Dexie(tableName(name, collection));
  try {
    await table.open();
    const rows: (StoredDocument & { _deleted: string | boolean })[] = await table.table('docs').toArray();
    return rows.filter((row) => row._deleted !== '1' && row._deleted !== true);
  } finally {
    table.close();
  }
}

/** Replicas of this browser other than `current`, by name. */
async function otherReplicas(current: string | null): Promise<string[]> {
  const names = new Set<string>();
  for (const database of await Dexie.getDatabaseNames()) {
    const name =
      /^rxdb-dexie-(medic-.+?)--\d+--/.exec(database)?.[1] ?? /^(medic-.+)-notes$/.exec(database)?.[1];
    if (name && name !== current) names.add(name);
  }
  return [...names];
}

/** Takes unsent intents over from replicas of the same clinic and user that another build wrote, and drops those. */
async function carryOver(
  name: string,
  database: RxDatabase<Record<CollectionName, ReplicaCollection>>,
): Promise<void> {
  const owner = name.slice(0, name.lastIndexOf('-'));
  for (const old of await otherReplicas(name)) {
    if (old.slice(0, old.lastIndexOf('-')) !== owner) continue;
    const unsent = (await readUnsent(old)).map(
      ({ _deleted, _meta, _rev, _attachments, ...intent }) => intent as StoredDocument,
    );
    const { error } = await database.collections.intents.bulkInsert(unsent);
    // 409: an earlier try was cut after this one had been carried.
    const failed = error.find((one) => one.status !== 409);
    if (failed) throw new Error(`could not carry over intent ${failed.documentId}`, { cause: failed });
    await wipeDatabase(old);
  }
}

async function readUnsent(name: string): Promise<StoredDocument[]> {
  if (!(await Dexie.exists(tableName(name, 'intents')))) return [];
  return (await readAll(name, 'intents')).filter((intent) => intent.status === 'pending');
}

/** Deletes all that a replica left on this computer. */
export async function wipeDatabase(name: string): Promise<void> {
  for (const database of await Dexie.getDatabaseNames()) {
    if (database.startsWith(`rxdb-dexie-${name}--`) || database === `${name}-notes`)
      await Dexie.delete(database);
  }
}

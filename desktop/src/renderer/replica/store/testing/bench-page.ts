/** What `sync.bench.ts` runs in Chromium: the clinic's documents into a store, and out of it again. */
import { type CollectionName, collectionNames } from '@medic/shared/model/records';
import type { Seal } from '@medic/shared/sync/seal';
import { createRxDatabase } from 'rxdb';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { deskKey, newKeyBytes, sealUnder } from '../../../platform/seal';
import { openDatabase } from '../database';
import { collectionSchema, type StoredDocument } from '../schema';

export interface Filled {
  rows: number;
  ms: number;
  /** How long the thread was taken at most, and in sum beyond 50 ms at a time. */
  longestTaskMs: number;
}

export interface Opened {
  rows: number;
  firstRows: number;
  firstMs: number;
  ms: number;
  longestTaskMs: number;
}

export interface BenchPage {
  load(batchSize: number): Promise<number>;
  /** Into RxDB's own Dexie storage, as it is. */
  fillBare(): Promise<Filled>;
  /** Into the replica's store, by RxDB's bulkInsert. */
  fill(sealed: boolean): Promise<Filled>;
  /** The same as a pull writes it: past RxDB, sealed. */
  pull(): Promise<Filled>;
  /** Out of the store that was filled last. */
  open(sealed: boolean, from: number, to: number): Promise<Opened>;
}

type Insertable = { bulkInsert(documents: StoredDocument[]): Promise<{ error: unknown[] }> };

let batches: { collection: CollectionName; documents: StoredDocument[] }[] = [];
let lastName = '';
let count = 0;
let key: Seal | null = null;

/** As if sealing cost nothing: the same way, without the cipher. */
const unsealed: Seal = { keyId: '00000000', seal: async (plain) => plain, open: async (sealed) => sealed };

async function sealOf(sealed: boolean): Promise<Seal> {
  key ??= sealUnder(await deskKey(newKeyBytes()));
  return sealed ? key : unsealed;
}

async function insertAll(into: Record<CollectionName, Insertable>): Promise<Filled> {
  return await writeAll(async (collection, documents) => {
    const { error } = await into[collection].bulkInsert(documents);
    if (error.length > 0) throw new Error(`${collection} took not all`);
  });
}

async function writeAll(
  write: (collection: CollectionName, documents: StoredDocument[]) => Promise<void>,
): Promise<Filled> {
  const watch = watchTasks();
  const began = performance.now();
  let rows = 0;
  for (const { collection, documents } of batches) {
    await write(collection, documents);
    rows += documents.length;
  }
  return { rows, ms: performance.now() - began, longestTaskMs: await watch() };
}

/** The longest time that the page could not answer, by a clock that ticks between the tasks. */
function watchTasks(): () => Promise<number> {
  let longest = 0;
  let last = performance.now();
  const { port1, port2 } = new MessageChannel();
  let going = true;
  port1.onmessage = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (going) setTimeout(() => port2.postMessage(null), 4);
  };
  port2.postMessage(null);
  return async () => {
    going = false;
    await new Promise((resolve) => setTimeout(resolve, 20));
    port1.close();
    return longest;
  };
}

const page: BenchPage = {
  async load(batchSize) {
    batches = [];
    let rows = 0;
    for (const collection of collectionNames) {
      const all = (await (await fetch(`/documents/${collection}`)).json()) as StoredDocument[];
      rows += all.length;
      for (let start = 0; start < all.length; start += batchSize)
        batches.push({ collection, documents: all.slice(start, start + batchSize) });
    }
    return rows;
  },

  async fillBare() {
    const database = await createRxDatabase({
      name: `bare-${count++}`,
      storage: getRxStorageDexie({ chromeTransactionDurability: 'relaxed' }),
      multiInstance: true,
      eventReduce: false,
    });
    const collections = await database.addCollections(
      Object.fromEntries(collectionNames.map((name) => [name, { schema: collectionSchema(name) as never }])),
    );
    const filled = await insertAll(collections as unknown as Record<CollectionName, Insertable>);
    await database.remove();
    return filled;
  },

  async fill(sealed) {
    lastName = `medic-bench-${count++}-0`;
    const database = await openDatabase(lastName, await sealOf(sealed));
    const filled = await insertAll(database.collections as unknown as Record<CollectionName, Insertable>);
    await database.close();
    return filled;
  },

  async pull() {
    lastName = `medic-bench-${count++}-0`;
    const database = await openDatabase(lastName, await sealOf(true));
    const filled = await writeAll((collection, documents) =>
      database.putPulled(
        collection,
        documents.map((document) => ({ ...document, deleted: false })),
        { epoch: '', scope: '', base: 0, seq: documents.at(-1)?.seq ?? 0, id: documents.at(-1)?.id ?? '' },
      ),
    );
    await database.close();
    return filled;
  },

  async open(sealed, from, to) {
    const watch = watchTasks();
    const began = performance.now();
    const database = await openDatabase(lastName, await sealOf(sealed));
    let rows = 0;
    let firstRows = 0;
    let firstMs = 0;
    for await (const { first, documents } of database.readInParts({ from, to })) {
      rows += documents.length;
      if (!first) continue;
      firstRows = rows;
      firstMs = performance.now() - began;
    }
    const ms = performance.now() - began;
    await database.close();
    return { rows, firstRows, firstMs, ms, longestTaskMs: await watch() };
  },
};
Object.assign(globalThis, { bench: page });

/** The replica's collections as RxDB wants them, made from the records' own schemas. */
import {
  type CollectionName,
  collectionNames,
  collections,
  type RecordKind,
  syncedRecords,
} from '@medic/shared/model/records';
import { replicaSchema } from '@medic/shared/model/replica-schema';
import type { RxJsonSchema } from 'rxdb';

/**
 * A document as RxDB hands it out and in: the record with its kind. That it is deleted says RxDB's own `_deleted`; the
 * record's flag, which comes over the wire, is not heeded.
 */
export interface StoredDocument {
  id: string;
  recordKind: RecordKind;
  seq: number;
  [field: string]: unknown;
}

/** Raised by hand when the meaning of what is stored changes without its shape. 2: every document is sealed. 3: checkpoints lie beside their rows. */
const storeVersion = 3;

/**
 * A collection of several kinds has the fields of all. Nothing is indexed but RxDB's own two: every question is
 * put to the facts in memory, the store is only read whole. Nothing but the key is required, since a row that left
 * this device's scope comes as no more than its id and that it is deleted.
 */
export function collectionSchema(name: CollectionName): RxJsonSchema<StoredDocument> {
  const properties: Record<string, object> = {};
  for (const kind of collections[name]) {
    const shape = replicaSchema(syncedRecords[kind]).properties as Record<string, object>;
    for (const [field, schema] of Object.entries(shape)) {
      if (field !== 'deleted') properties[field] = schema;
    }
  }
  return {
    version: 0,
    primaryKey: 'id',
    type: 'object',
    properties: {
      ...properties,
      id: { type: 'string', maxLength: 36 },
      recordKind: { type: 'string', maxLength: 40 },
      seq: { type: 'integer' },
    },
    required: ['id'],
  } as unknown as RxJsonSchema<StoredDocument>;
}

/**
 * Changes with every change of a stored shape. It stands in the database's name, so that a new build never reads
 * what an old one wrote: the replica is a cache, and only unsent intents are carried over.
 */
export function storeFingerprint(): string {
  const text = JSON.stringify([storeVersion, collectionNames.map((name) => [name, collectionSchema(name)])]);
  // FNV-1a, twice with different seeds: told apart is all they must be.
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
  }
  return (a >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0');
}

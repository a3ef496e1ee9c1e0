/**
 * The wire between a replica and the server. Any change of a shape here, or of a replicated record, is a new
 * `wireVersion`: `wire.test.ts` keeps a fingerprint and fails otherwise.
 */
import { z } from 'zod';
import { intent } from '../model/intent';
import { collectionNames, type RecordKind, type WireDocument } from '../model/records';

/**
 * Raised at every change of the wire. A server answers clients of this version and of the one before.
 *
 * 2: series and merges are replicated, offers travel in their entry, and acts have new arguments. A client of version 1
 * is sent the same rows: it keeps fields and kinds that it does not know, and reads none of them.
 */
export const wireVersion = 2;

/**
 * How far a replica has read one collection: everything up to `(seq, id)` in that order. Another `epoch` means that
 * the server's database was restored, another `scope` that this device may see something else: both pull afresh.
 */
export const checkpoint = z.object({
  epoch: z.uuid(),
  scope: z.string().max(100),
  /**
   * The clinic's clock when this replica began to read the collection. What was outside the scope by then was never
   * sent, so that only later leavers need a tombstone.
   */
  base: z.int().min(0),
  seq: z.int().min(0),
  /** The id of the last row read; empty before the first. */
  id: z.string().max(36),
});
export type Checkpoint = z.infer<typeof checkpoint>;

export const collectionName = z.enum(collectionNames as [string, ...string[]]) as unknown as z.ZodType<
  (typeof collectionNames)[number]
>;

export const maxPullLimit = 1000;
export const maxPushIntents = 100;

export const pullRequest = z.object({
  wireVersion: z.int(),
  collection: collectionName,
  checkpoint: checkpoint.nullable(),
  limit: z.int().min(1).max(maxPullLimit),
});
export type PullRequest = z.infer<typeof pullRequest>;

/** A row that is deleted, or no longer for this device. The replica drops it. */
export interface Tombstone {
  id: string;
  recordKind: RecordKind;
  seq: number;
  deleted: true;
}

/** `reset`: forget the collection and pull again from nothing. Fewer documents than the limit means the end. */
export type PullAnswer =
  | { kind: 'documents'; documents: (WireDocument | Tombstone)[]; checkpoint: Checkpoint; clinicSeq: number }
  | { kind: 'reset'; why: 'epoch' | 'scope' | 'pruned' };

/** Kept loose on purpose: one malformed intent must get its outcome without failing those beside it. */
export const pushRequest = z.object({
  wireVersion: z.int(),
  intents: z.array(z.record(z.string(), z.unknown())).max(maxPushIntents),
});
export type PushRequest = z.infer<typeof pushRequest>;

export const pushedIntent = intent.schema;

/** One per pushed intent, in the order pushed: its master state, with the outcome. */
export interface PushAnswer {
  intents: (z.infer<typeof intent.schema> & { recordKind: 'intent' })[];
}

/** Sent when a clinic's clock has moved; `collections` names what may have changed, null means any. */
export interface Wake {
  epoch: string;
  seq: number;
  collections: string[] | null;
}

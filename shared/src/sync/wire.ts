/**
 * The wire between a replica and the server. Any change of a shape here, or of a replicated record, is a new
 * `wireVersion`: `wire.test.ts` keeps a fingerprint and fails otherwise.
 */
import { z } from 'zod';
import { intent } from '../model/intent';
import { collectionNames, type RecordKind, recordKinds, type WireDocument } from '../model/records';
import type { Instant } from '../time/instant';

/**
 * Raised at every change of the wire. A server answers clients of this version and of the one before.
 *
 * 2: series and merges are replicated, offers travel in their entry, and acts have new arguments. A client of version 1
 * is sent the same rows: it keeps fields and kinds that it does not know, and reads none of them.
 *
 * 3: checkpoints and pushes prove the history that they rest on, and every answer says where the clinic stands. A client
 * of version 2 proves nothing, so that for it only a new epoch tells of a restore.
 *
 * 4: a wake may bring what has changed. A client of version 3 asks for none of it, and pulls.
 */
export const wireVersion = 4;
export const oldestWireVersion = wireVersion - 1;

/**
 * The end of the clinic's audit chain as a replica last saw it. A server whose chain has another entry at that position,
 * or none, was put back to a time before, whatever it has written since.
 */
export const history = z.object({ position: z.int().min(1), hash: z.string().max(64) });
export type History = z.infer<typeof history>;

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
  /** Null in a clinic where nobody has done anything yet; a replica that an earlier version pulled may have none. */
  history: history.nullish(),
});
export type Checkpoint = z.infer<typeof checkpoint>;

export const collectionName = z.enum(collectionNames as [string, ...string[]]) as unknown as z.ZodType<
  (typeof collectionNames)[number]
>;

export const maxPullLimit = 2000;
export const maxPushIntents = 100;
/** An intent whose arguments are longer as JSON is not decided: it has failed. */
export const maxIntentArgsLength = 64 * 1024;

export const pullRequest = z.object({
  wireVersion: z.int(),
  collection: collectionName,
  checkpoint: checkpoint.nullable(),
  limit: z.int().min(1).max(maxPullLimit),
});
export type PullRequest = z.infer<typeof pullRequest>;

/** Where the clinic stands, in every answer. */
export const standing = z.object({
  epoch: z.uuid(),
  clinicSeq: z.int().min(0),
  /** Everything up to here is in a backup; null when none was ever reported. What a desk did later it keeps. */
  backedUpSeq: z.int().min(0).nullable(),
  /** The server's clock in milliseconds, when the answer was made. */
  serverTime: z.int() as unknown as z.ZodType<Instant>,
});
export type Standing = z.infer<typeof standing>;

/** A row that is deleted, or no longer for this device. The replica drops it. */
export const tombstone = z.object({
  id: z.uuid(),
  recordKind: z.enum(recordKinds as [RecordKind, ...RecordKind[]]),
  seq: z.int(),
  deleted: z.literal(true),
});
export type Tombstone = z.infer<typeof tombstone>;

export const pullAnswers = {
  documents: standing.extend({
    kind: z.literal('documents'),
    documents: z.array(z.union([tombstone, z.custom<WireDocument>()])),
    checkpoint,
  }),
  reset: standing.extend({ kind: z.literal('reset'), why: z.enum(['epoch', 'scope', 'pruned']) }),
};
/**
 * `reset`: forget the collection and pull again from nothing. Fewer documents than the limit means the end. After a
 * restore `why` is `epoch`, and the answer has the new one.
 */
export type PullAnswer = z.infer<typeof pullAnswers.documents> | z.infer<typeof pullAnswers.reset>;

/** Kept loose on purpose: one malformed intent must get its outcome without failing those beside it. */
export const pushRequest = z.object({
  wireVersion: z.int(),
  intents: z.array(z.record(z.string(), z.unknown())).max(maxPushIntents),
  /** As the desk knows it. A server of another decides nothing: what it lost has to come first. */
  epoch: z.uuid().nullish(),
  /** Of the desk's latest pull. */
  history: history.nullish(),
});
export type PushRequest = z.infer<typeof pushRequest>;

export const pushedIntent = intent.schema;

/**
 * The pushed intents' master states with their outcomes, in the order pushed. Those that are missing were not decided
 * (the server broke off to answer in time): they are pushed again. With `reset` none was: the server was restored, and
 * `epoch` is the new one.
 */
export const pushAnswer = standing.extend({
  intents: z.array(intent.schema.extend({ recordKind: z.literal('intent') })),
  reset: z.literal('epoch').nullable(),
});
export type PushAnswer = z.infer<typeof pushAnswer>;

/** `brings`: this client can make use of what a wake brings. */
export const wakeRequest = z.object({
  lastEventId: z.string().max(80).nullish(),
  brings: z.boolean().optional(),
});

/** All that changed in one collection, in the order of `(seq, id)`, as a pull would have answered. */
export const brought = z.object({
  collection: collectionName,
  documents: z.array(z.union([tombstone, z.custom<WireDocument>()])),
});
export type Brought = z.infer<typeof brought>;

/**
 * Sent when a clinic's clock has moved; `collections` names what may have changed, null means any. With `changes` it
 * names what *has* changed after the clock stood at `after`, as this device is shown it; where it is little, the rows
 * come along, and a replica that stands at `after` or beyond need not pull them.
 */
export const wake = z.object({
  epoch: z.uuid(),
  seq: z.int(),
  collections: z.array(z.string()).nullable(),
  changes: z
    .object({
      after: z.int(),
      standing,
      /** As in a checkpoint. */
      history: history.nullable(),
      rows: z.array(brought),
    })
    .optional(),
});
export type Wake = z.infer<typeof wake>;

/** What the first screen needs, asked for before the collections are pulled: visits that touch `[from, until)`. */
export const firstLookRequest = z.object({
  wireVersion: z.int(),
  from: z.int() as unknown as z.ZodType<Instant>,
  until: z.int() as unknown as z.ZodType<Instant>,
});
export type FirstLookRequest = z.infer<typeof firstLookRequest>;

/** Within the device's scope, and for showing only: it comes without a checkpoint and is replaced by the pulls. */
export const firstLook = standing.extend({ documents: z.array(z.custom<WireDocument>()) });
export type FirstLook = z.infer<typeof firstLook>;

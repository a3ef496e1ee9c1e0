/**
 * How sync stands at a desk, for whoever is asked to help: counts, numbers and codes. Its form leaves no room for a word
 * about anybody, and the server takes nothing else, so that it may lie in a log.
 */
import { z } from 'zod';
import { collectionNames } from '../model/records';
import type { Instant } from '../time/instant';

const instant = z.int() as unknown as z.ZodType<Instant>;
const count = z.int().min(0);
const collection = z.enum(collectionNames as [string, ...string[]]) as unknown as z.ZodType<
  (typeof collectionNames)[number]
>;
/** A code of ours, the name of an act, of an error's class: never a sentence. */
const code = z.string().regex(/^[A-Za-z][\w.-]{0,59}$/);
/** What was being done: `pull patients`. */
const doing = z.string().regex(/^[a-z][A-Za-z ]{0,39}$/);
const zone = z.string().regex(/^[A-Z][\w+/-]{0,59}$/);
const counts = z.record(code, count).refine((value) => Object.keys(value).length <= 100);

export const syncReport = z.object({
  at: instant,
  app: z.object({
    version: z.string().regex(/^[\w.+-]{0,40}$/),
    kind: z.enum(['desktop', 'web']),
    operatingSystem: z.enum(['windows', 'mac', 'linux', 'other']),
  }),
  wireVersion: count,
  deviceId: z.uuid(),
  epoch: z.uuid().nullable(),
  backedUpSeq: count.nullable(),
  /** Whether this tab syncs, and by what it is told of changes. */
  transport: z.enum(['stream', 'polling', 'another tab']),
  status: z.object({
    phase: z.enum(['starting', 'filling', 'ready']),
    missing: z.array(collection).max(30),
    firstPull: z.object({ rows: count, collectionsDone: count, collections: count }).nullable(),
    online: z.boolean(),
    offlineSince: instant.nullable(),
    unsent: count,
    needsAttention: count,
    lastContactAt: instant.nullable(),
    storagePersisted: z.boolean().nullable(),
    clockOffsetMs: z.number(),
    zonesDiffer: z.array(zone).max(100),
    journal: z.enum(['kept', 'none', 'failed']),
    problem: z.enum(['signed-out', 'version', 'storage', 'server']).nullable(),
  }),
  collections: z
    .array(z.object({ name: collection, rows: count, checkpoint: count, complete: z.boolean() }))
    .max(30),
  /** Waiting ones by act, and how many of those this desk would refuse. */
  pending: counts,
  pendingRefused: count,
  /** Answered ones by outcome, with the codes of refusals. */
  answered: counts,
  refusals: counts,
  /** The latest failures, oldest first, each with how often it came in a row. */
  errors: z.array(z.object({ at: instant, during: doing, code, times: count })).max(30),
  storage: z.object({ usedBytes: count.nullable(), quotaBytes: count.nullable() }),
});
export type SyncReport = z.infer<typeof syncReport>;

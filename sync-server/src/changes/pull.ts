/** What has changed in a collection since a checkpoint, within a scope, in the order `(seq, id)`. */

import type { RecordDefinition } from '@medic/shared/model/record';
import { collections, type RecordKind, syncedRecords, type WireDocument } from '@medic/shared/model/records';
import type {
  Checkpoint,
  History,
  PullAnswer,
  PullRequest,
  Standing,
  Tombstone,
} from '@medic/shared/sync/wire';
import type { Instant } from '@medic/shared/time/instant';
import { hasAudit, lastAudit } from '../db/audit';
import { type ClinicStanding, readClock, renewEpoch } from '../db/clinics';
import type { Pool } from '../db/pool';
import { type ChangedRow, readChanged } from '../db/records';
import { inClinic, type Transaction } from '../db/transaction';
import { log } from '../telemetry/log';
import { pulledRows } from '../telemetry/metrics';
import { type Scope, scopeCondition, scopeOf, shownFields, type Viewer } from './scope';

export async function pull(
  pool: Pool,
  viewer: Viewer,
  request: Omit<PullRequest, 'wireVersion'>,
  now: Instant,
): Promise<PullAnswer> {
  const answer = await read(pool, viewer, request, now);
  if (answer.kind !== 'forked') return answer;
  return { kind: 'reset', why: 'epoch', ...(await afterFork(pool, viewer.clinicId, answer.epoch, now)) };
}

/** What a replica rests on is not in this database's past. */
interface Forked {
  kind: 'forked';
  epoch: string;
}

async function read(
  pool: Pool,
  viewer: Viewer,
  request: Omit<PullRequest, 'wireVersion'>,
  now: Instant,
): Promise<PullAnswer | Forked> {
  // One snapshot for all kinds of the collection, and for the clock that is told with them.
  return await inClinic(
    pool,
    viewer.clinicId,
    async (tx) => {
      const { checkpoint } = request;
      const scope = scopeOf(viewer, now);
      // All questions go out at once. What is read for a replica that has to start afresh is thrown away; that is rare.
      const [clock, end, known, ...byKind] = await Promise.all([
        readClock(tx, viewer.clinicId),
        lastAudit(tx),
        isKnown(tx, checkpoint?.history),
        ...collections[request.collection].map((kind) =>
          readKind(tx, kind, checkpoint ?? fromNothing, scope, request.limit),
        ),
      ]);
      const standing = standingOf(clock, now);
      if (checkpoint && checkpoint.epoch !== clock.epoch) return { kind: 'reset', why: 'epoch', ...standing };
      if (!known) return { kind: 'forked', epoch: clock.epoch };
      if (checkpoint && checkpoint.scope !== scope.fingerprint)
        return { kind: 'reset', why: 'scope', ...standing };

      const page = inOrder(byKind.flat()).slice(0, request.limit);
      pulledRows.inc({ collection: request.collection }, page.length);
      const last = page.at(-1)?.record;
      const from = checkpoint ?? {
        epoch: clock.epoch,
        scope: scope.fingerprint,
        base: clock.seq,
        seq: 0,
        id: '',
      };
      return {
        kind: 'documents',
        documents: page.map((row) => onTheWire(row, scope)),
        checkpoint: {
          ...from,
          ...(last ? { seq: last.seq, id: last.id } : {}),
          history: end.position > 0 ? { position: end.position, hash: end.hash } : null,
        },
        ...standing,
      };
    },
    { readOnly: true, isolation: 'repeatable read' },
  );
}

export function standingOf(clock: ClinicStanding, now: Instant): Standing {
  return {
    epoch: clock.epoch,
    clinicSeq: clock.seq,
    backedUpSeq: clock.backedUpSeq,
    serverTime: now,
  };
}

/** Whether a replica's history is this database's own. */
export async function isKnown(tx: Transaction, history: History | null | undefined): Promise<boolean> {
  return history ? await hasAudit(tx, history) : true;
}

/**
 * The database was put back to a time before, and nothing in it shows that: a copy of its files, say. Everybody has to
 * start afresh, so the clinic gets a new epoch; of several that find out at once only the first gives one.
 */
export async function afterFork(
  pool: Pool,
  clinicId: string,
  epoch: string,
  now: Instant,
): Promise<Standing> {
  return await inClinic(pool, clinicId, async (tx) => {
    if (await renewEpoch(tx, epoch))
      log.warn(
        { clinicId },
        'a desk knows a later past than this database: it was restored, and has a new epoch',
      );
    return standingOf(await readClock(tx, clinicId), now);
  });
}

export interface KindRow extends ChangedRow {
  kind: RecordKind;
}

type ReadFrom = Pick<Checkpoint, 'seq' | 'id' | 'base'>;
const fromNothing: ReadFrom = { seq: 0, id: '', base: Number.MAX_SAFE_INTEGER };

export async function readKind(
  tx: Transaction,
  kind: RecordKind,
  from: ReadFrom,
  scope: Scope,
  limit: number,
): Promise<KindRow[]> {
  const rows = await readChanged(tx, syncedRecords[kind] as RecordDefinition, {
    afterSeq: from.seq,
    afterId: from.id,
    // What was gone or out of scope before this replica began was never sent, and needs no tombstone.
    base: from.base,
    limit,
    inScope: (first) => scopeCondition(kind, scope, first),
  });
  return rows.map((row) => ({ ...row, kind }));
}

export function inOrder(rows: KindRow[]): KindRow[] {
  return rows.sort((a, b) => a.record.seq - b.record.seq || (a.record.id < b.record.id ? -1 : 1));
}

export function onTheWire({ kind, record, inScope }: KindRow, scope: Scope): WireDocument | Tombstone {
  if (record.deleted || !inScope) return { id: record.id, recordKind: kind, seq: record.seq, deleted: true };
  return { ...shownFields(kind, record, scope), recordKind: kind } as unknown as WireDocument;
}

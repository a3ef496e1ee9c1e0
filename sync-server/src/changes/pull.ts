/** What has changed in a collection since a checkpoint, within a scope, in the order `(seq, id)`. */

import type { RecordDefinition } from '@medic/shared/model/record';
import { collections, type RecordKind, syncedRecords, type WireDocument } from '@medic/shared/model/records';
import type { Checkpoint, PullAnswer, PullRequest, Tombstone } from '@medic/shared/sync/wire';
import type { Instant } from '@medic/shared/time/instant';
import { readClock } from '../db/clinics';
import type { Pool } from '../db/pool';
import { type ChangedRow, readChanged } from '../db/records';
import { inClinic, type Transaction } from '../db/transaction';
import { pulledRows } from '../telemetry/metrics';
import { type Scope, scopeCondition, scopeOf, type Viewer } from './scope';

export async function pull(
  pool: Pool,
  viewer: Viewer,
  request: Omit<PullRequest, 'wireVersion'>,
  now: Instant,
): Promise<PullAnswer> {
  const scope = scopeOf(viewer, now);
  // One snapshot for all kinds of the collection, and for the clock that is told with them.
  return await inClinic(
    pool,
    viewer.clinicId,
    async (tx) => {
      const clock = await readClock(tx, viewer.clinicId);
      const { checkpoint } = request;
      if (checkpoint && checkpoint.epoch !== clock.epoch) return { kind: 'reset', why: 'epoch' };
      if (checkpoint && checkpoint.scope !== scope.fingerprint) return { kind: 'reset', why: 'scope' };
      const from = checkpoint ?? {
        epoch: clock.epoch,
        scope: scope.fingerprint,
        base: clock.seq,
        seq: 0,
        id: '',
      };

      const rows: KindRow[] = [];
      for (const kind of collections[request.collection])
        rows.push(...(await readKind(tx, kind, from, scope, request.limit)));
      rows.sort((a, b) => a.record.seq - b.record.seq || (a.record.id < b.record.id ? -1 : 1));
      const page = rows.slice(0, request.limit);
      pulledRows.inc({ collection: request.collection }, page.length);
      const last = page.at(-1)?.record;
      return {
        kind: 'documents',
        documents: page.map(onTheWire),
        checkpoint: last ? { ...from, seq: last.seq, id: last.id } : from,
        clinicSeq: clock.seq,
      };
    },
    { readOnly: true, isolation: 'repeatable read' },
  );
}

interface KindRow extends ChangedRow {
  kind: RecordKind;
}

async function readKind(
  tx: Transaction,
  kind: RecordKind,
  from: Checkpoint,
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

function onTheWire({ kind, record, inScope }: KindRow): WireDocument | Tombstone {
  if (record.deleted || !inScope) return { id: record.id, recordKind: kind, seq: record.seq, deleted: true };
  return { ...record, recordKind: kind } as unknown as WireDocument;
}

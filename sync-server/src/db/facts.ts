/** What the facts of a clinic in memory are made of, and brought forward with. */
import type { Appointment } from '@medic/shared/model/appointment';
import type { RecordDefinition } from '@medic/shared/model/record';
import { syncedRecords } from '@medic/shared/model/records';
import type { Instant } from '@medic/shared/time/instant';
import { attachChildren, clinicHere, type RecordChange, selectList } from './records';
import type { Transaction } from './transaction';

export const factKinds = [
  'clinic',
  'user',
  'doctor',
  'location',
  'appointmentType',
  'scheduleTemplate',
  'availabilityException',
  'timeOffRequest',
  'appointment',
  'slotHold',
  'externalBusyTime',
] as const;
export type FactKind = (typeof factKinds)[number];

type Row = Record<string, unknown>;

/** One look at each table's index (clinic_id, seq, id): all that a call costs when nothing has changed. */
const probeSql = `SELECT ${factKinds
  .map(
    (kind) =>
      `EXISTS (SELECT FROM ${syncedRecords[kind].table} WHERE clinic_id = ${clinicHere} AND seq > $1::bigint) AS "${kind}"`,
  )
  .join(', ')}`;

/** Kinds of which only what reaches beyond an instant ($1) matters; of the others everything. */
const current: Partial<Record<FactKind, string>> = {
  // A local date ends at most 12 hours after the UTC one, and hours that begin on it may reach into the next.
  availabilityException: "date >= ($1::timestamptz AT TIME ZONE 'UTC')::date - 2",
  timeOffRequest: 'ends_at > $1::timestamptz',
  appointment: 'holds_slot AND reserved_until > $1::timestamptz',
  slotHold: 'expires_at > $1::timestamptz',
  externalBusyTime: 'ends_at > $1::timestamptz',
};

/**
 * What changed after `seq`, deleted records too; with `seq` 0 all that matters from an instant on: the directory, the
 * plans, and what takes or gives time after it. In no particular order. Visits come without their timeline.
 */
export async function readFactsSince(
  tx: Transaction,
  { seq, from }: { seq: number; from: Instant },
): Promise<RecordChange<FactKind>[]> {
  const changes: RecordChange<FactKind>[] = [];
  if (seq === 0) {
    for (const kind of factKinds) {
      const condition = current[kind];
      const values = condition ? [new Date(from).toISOString()] : [];
      changes.push(
        ...(await readFacts(tx, kind, condition ? `NOT deleted AND ${condition}` : 'NOT deleted', values)),
      );
    }
    return changes;
  }
  const { rows } = await tx.prepared<Record<FactKind, boolean>>('probe facts', probeSql, [seq]);
  for (const kind of factKinds) {
    if (rows[0]?.[kind]) changes.push(...(await readFacts(tx, kind, 'seq > $1::bigint', [seq])));
  }
  return changes;
}

async function readFacts(
  tx: Transaction,
  kind: FactKind,
  condition: string,
  values: unknown[],
): Promise<RecordChange<FactKind>[]> {
  const record: RecordDefinition = syncedRecords[kind];
  const { rows } = await tx.prepared<Row>(
    `facts ${record.table}`,
    `SELECT ${selectList(record)} FROM ${record.table} WHERE clinic_id = ${clinicHere} AND ${condition}`,
    values,
  );
  if (kind === 'appointment') for (const row of rows as unknown as Appointment[]) row.events = [];
  else await attachChildren(tx, record, rows);
  return rows.map((row) => ({ kind, record: row }) as unknown as RecordChange<FactKind>);
}

/** What the facts of a clinic in memory are made of, and brought forward with. */
import { assert } from '@medic/shared/errors';
import type { Appointment } from '@medic/shared/model/appointment';
import type { RecordDefinition } from '@medic/shared/model/record';
import { type RecordKind, syncedRecords } from '@medic/shared/model/records';
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
  'appointmentSeries',
  'appointment',
  'slotHold',
  'externalBusyTime',
  'waitlistEntry',
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
  // Those of the visits above.
  appointmentSeries: `EXISTS (SELECT FROM appointments a
    WHERE a.clinic_id = appointment_series.clinic_id AND a.series_id = appointment_series.id
      AND a.holds_slot AND a.reserved_until > $1::timestamptz)`,
  slotHold: 'expires_at > $1::timestamptz',
  externalBusyTime: 'ends_at > $1::timestamptz',
};

/** Kinds of which only what is still open matters, whenever it is. */
const open: Partial<Record<FactKind, string>> = {
  waitlistEntry: "status IN ('waiting', 'offered')",
};

/**
 * What changed after `seq`, deleted records too; with `seq` 0 all that matters from an instant on: the directory, the
 * plans, and what takes or gives time after it, and who waits for it. In no particular order. Visits come without their
 * timeline.
 */
export async function readFactsSince(
  tx: Transaction,
  { seq, from }: { seq: number; from: Instant },
): Promise<RecordChange<FactKind>[]> {
  const changes: RecordChange<FactKind>[] = [];
  if (seq === 0) {
    for (const kind of factKinds) {
      const values = current[kind] ? [new Date(from).toISOString()] : [];
      const condition = ['NOT deleted', current[kind] ?? open[kind]].filter(Boolean).join(' AND ');
      changes.push(...(await readFacts(tx, kind, condition, values)));
    }
    return changes;
  }
  const { rows } = await tx.prepared<Record<FactKind, boolean>>('probe facts', probeSql, [seq]);
  for (const kind of factKinds) {
    if (rows[0]?.[kind]) changes.push(...(await readFacts(tx, kind, 'seq > $1::bigint', [seq])));
  }
  return changes;
}

/** What belongs to a patient or a series. */
const ownedBy = {
  patient: {
    appointment: 'patient_id',
    appointmentSeries: 'patient_id',
    waitlistEntry: 'patient_id',
    attentionItem: 'patient_id',
  },
  series: { appointment: 'series_id' },
  /** Of a patient's things only what waits for a person. */
  items: { attentionItem: 'patient_id' },
} as const;

/** No person has as much at one clinic. What is decided over a part would leave the rest behind. */
const maxOwned = 5000;

/**
 * All that belongs to these patients or series, of whatever status and time; of attention items those that are open.
 * Visits come without their timeline.
 */
export async function readOwned(
  tx: Transaction,
  owner: keyof typeof ownedBy,
  ids: readonly string[],
): Promise<RecordChange[]> {
  const changes: RecordChange[] = [];
  if (ids.length === 0) return changes;
  for (const [kind, column] of Object.entries(ownedBy[owner]) as [RecordKind, string][]) {
    const record: RecordDefinition = syncedRecords[kind];
    const stillOpen = kind === 'attentionItem' ? "AND status = 'open'" : '';
    const { rows } = await tx.prepared<Row>(
      `${record.table} of ${owner}`,
      `SELECT ${selectList(record)} FROM ${record.table}
        WHERE clinic_id = ${clinicHere} AND ${column} = ANY($1::uuid[]) AND NOT deleted ${stillOpen} LIMIT ${maxOwned + 1}`,
      [ids],
    );
    assert(
      rows.length <= maxOwned,
      `more than ${maxOwned} rows of ${record.table} belong to ${ids.length} of ${owner}`,
    );
    changes.push(...(await asFacts(tx, kind, rows)));
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
  return await asFacts(tx, kind, rows);
}

async function asFacts<K extends RecordKind>(
  tx: Transaction,
  kind: K,
  rows: Row[],
): Promise<RecordChange<K>[]> {
  if (kind === 'appointment') for (const row of rows as unknown as Appointment[]) row.events = [];
  else await attachChildren(tx, syncedRecords[kind] as RecordDefinition, rows);
  return rows.map((row) => ({ kind, record: row }) as unknown as RecordChange<K>);
}

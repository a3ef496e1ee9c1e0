/** Which replicated records have changed since the clinic's clock stood somewhere: one look into an index for each kind. */
import { type RecordKind, recordKinds, syncedRecords } from '@medic/shared/model/records';
import { clinicHere } from './records';
import type { Transaction } from './transaction';

export interface ChangedKinds {
  /** But for intents, which are one device's own. */
  kinds: RecordKind[];
  /** Devices with an intent that has changed. */
  devices: string[];
}

const anyOf = recordKinds
  .filter((kind) => kind !== 'intent')
  .map(
    (kind) =>
      `SELECT '${kind}' AS kind, NULL::uuid AS device WHERE EXISTS
         (SELECT FROM ${syncedRecords[kind].table} WHERE clinic_id = ${clinicHere} AND seq > $1::bigint)`,
  )
  .join(' UNION ALL ');
const text = `${anyOf} UNION ALL SELECT DISTINCT 'intent', device_id FROM intents
   WHERE clinic_id = ${clinicHere} AND seq > $1::bigint AND device_id IS NOT NULL`;

export async function changedKinds(tx: Transaction, after: number): Promise<ChangedKinds> {
  const { rows } = await tx.prepared<{ kind: RecordKind; device: string | null }>('changed kinds', text, [
    after,
  ]);
  return {
    kinds: rows.flatMap(({ kind, device }) => (device === null ? [kind] : [])),
    devices: rows.flatMap(({ device }) => device ?? []),
  };
}

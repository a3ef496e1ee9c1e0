import { type Intent, intent } from '@medic/shared/model/intent';
import { clinicHere, readById, selectList } from './records';
import type { Transaction } from './transaction';

export async function intentById(tx: Transaction, id: string): Promise<Intent | null> {
  return (await readById(tx, intent, id)) ?? null;
}

export async function intentByDeviceNumber(
  tx: Transaction,
  deviceId: string,
  n: number,
): Promise<Intent | null> {
  const { rows } = await tx.prepared<Intent>(
    'intent by device and number',
    `SELECT ${selectList(intent)} FROM intents WHERE clinic_id = ${clinicHere} AND device_id = $1 AND n = $2::bigint`,
    [deviceId, n],
  );
  return rows[0] ?? null;
}

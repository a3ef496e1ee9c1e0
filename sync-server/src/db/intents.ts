import { type Intent, intent } from '@medic/shared/model/intent';
import { clinicHere, readById } from './records';
import type { Transaction } from './transaction';

export async function intentById(tx: Transaction, id: string): Promise<Intent | null> {
  return (await readById(tx, intent, id)) ?? null;
}

/** A device's intents before `n` that were refused or have failed, and name one of these ids in their arguments. */
export async function notDoneNaming(
  tx: Transaction,
  deviceId: string,
  n: number,
  ids: readonly string[],
): Promise<{ id: string; n: number }[]> {
  const { rows } = await tx.prepared<{ id: string; n: number }>(
    'intents not done',
    `SELECT id, n FROM intents
      WHERE clinic_id = ${clinicHere} AND device_id = $1 AND n < $2::bigint AND status IN ('refused', 'failed')
        AND EXISTS (SELECT FROM jsonb_each_text(args) AS named WHERE named.value = ANY($3::text[]))
      ORDER BY n LIMIT 20`,
    [deviceId, n, ids],
  );
  return rows;
}

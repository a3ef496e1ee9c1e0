import { clinicHere } from './records';
import type { Transaction } from './transaction';

/** Stamps the rows with the clock, as if they had been written. */
export function touchSeries(tx: Transaction, ids: readonly string[]): void {
  if (ids.length === 0) return;
  tx.send(
    'touch series',
    `UPDATE appointment_series SET seq = seq WHERE clinic_id = ${clinicHere} AND id = ANY($1::uuid[])`,
    [ids],
  );
}

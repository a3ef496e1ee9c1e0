import { clinicHere } from './records';
import type { Transaction } from './transaction';

/** Stamps what waits for a person about these visits with the clock, as if it had been written. */
export function touchItemsOfVisits(tx: Transaction, visitIds: readonly string[]): void {
  if (visitIds.length === 0) return;
  tx.send(
    'touch attention items',
    `UPDATE attention_items SET seq = seq WHERE clinic_id = ${clinicHere} AND appointment_id = ANY($1::uuid[])`,
    [visitIds],
  );
}

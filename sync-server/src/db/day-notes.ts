import { dayMs, type Instant } from '@medic/shared/time/instant';
import { clinicHere } from './records';
import type { Transaction } from './transaction';

/** Stamps the notes of places from yesterday on with the clock, as if they had been written. */
export function touchDayNotes(tx: Transaction, now: Instant): void {
  tx.send(
    'touch day notes',
    `UPDATE day_notes SET seq = seq WHERE clinic_id = ${clinicHere} AND location_id IS NOT NULL AND date >= $1::date`,
    [new Date(now - dayMs).toISOString().slice(0, 10)],
  );
}

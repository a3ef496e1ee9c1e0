import { type PatientIdentity, swappedDate } from '@medic/shared/acts/patient/duplicates';
import { type Patient, patient } from '@medic/shared/model/patient';
import { clinicHere, selectList } from './records';
import type { Transaction } from './transaction';

/** Stamps patients, and the merges that others had a part in, with the clock, as if they had been written. */
export function touchPatients(
  tx: Transaction,
  ids: readonly string[],
  mergesOf: readonly string[] = ids,
): void {
  if (ids.length === 0 && mergesOf.length === 0) return;
  tx.send(
    'touch patients',
    `WITH merges AS (
       UPDATE patient_merges SET seq = seq
        WHERE clinic_id = ${clinicHere} AND (kept_id = ANY($2::uuid[]) OR merged_id = ANY($2::uuid[])))
     UPDATE patients SET seq = seq WHERE clinic_id = ${clinicHere} AND id = ANY($1::uuid[])`,
    [ids, mergesOf],
  );
}

/**
 * Records that share a phone, an e-mail, or a birth date (its day and month may be swapped) with somebody: those among
 * which a duplicate can be. Names are compared afterwards, in memory, where accents and order don't matter; none is
 * likely by its name alone. Those that share the most come first, then the oldest; 50 at most.
 */
export async function possibleDuplicates(tx: Transaction, who: PatientIdentity): Promise<Patient[]> {
  const found = (condition: string) =>
    `SELECT id FROM patients WHERE clinic_id = ${clinicHere} AND ${condition}`;
  const swapped = who.birthDate === null ? null : swappedDate(who.birthDate);
  const { rows } = await tx.prepared<Patient>(
    'possible duplicates',
    // A union, so that each branch can use its index.
    `SELECT ${selectList(patient, 'p')} FROM patients p
      WHERE p.clinic_id = ${clinicHere} AND NOT p.deleted AND p.merged_into_id IS NULL
        AND p.id IN (${found('phone = $1')} UNION ${found('email_key = lower($2)')} UNION ${found('birth_date = $3::date')} UNION ${found('birth_date = $4::date')})
      ORDER BY coalesce((p.phone = $1)::integer, 0) + coalesce((p.email_key = lower($2))::integer, 0)
             + coalesce((p.birth_date = $3::date)::integer, 0) DESC, p.id
      LIMIT 50`,
    [who.phone, who.email, who.birthDate, swapped],
  );
  return rows;
}

import { type Patient, patient } from '@medic/shared/model/patient';
import { clinicHere, selectList } from './records';
import type { Transaction } from './transaction';

export type PatientIdentity = Pick<Patient, 'givenName' | 'familyName' | 'birthDate' | 'email' | 'phone'>;

/** Stamps the rows with the clock, as if they had been written. */
export async function touchPatients(tx: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.prepared(
    'touch patients',
    `UPDATE patients SET seq = seq WHERE clinic_id = ${clinicHere} AND id = ANY($1::uuid[])`,
    [ids],
  );
}

/**
 * The patient that somebody surely is: the same names but for case, the same birth date, and the same e-mail or phone.
 * Of several the oldest record.
 */
export async function findSamePatient(tx: Transaction, who: PatientIdentity): Promise<string | null> {
  if (who.birthDate === null || (who.email === null && who.phone === null)) return null;
  const { rows } = await tx.prepared<{ id: string }>(
    'same patient',
    `SELECT id FROM patients
      WHERE clinic_id = ${clinicHere} AND birth_date = $1::date AND (email_key = lower($2) OR phone = $3)
        AND lower(given_name) = lower($4) AND lower(family_name) = lower($5)
        AND NOT deleted AND merged_into_id IS NULL
      ORDER BY id LIMIT 1`,
    [who.birthDate, who.email, who.phone, who.givenName.trim(), who.familyName.trim()],
  );
  return rows[0]?.id ?? null;
}

/**
 * Records that may be of one person, for a human to judge: the same phone or e-mail (families share them), or the same
 * birth date and family name. Oldest first, 20 at most.
 */
export async function possibleDuplicates(tx: Transaction, who: PatientIdentity): Promise<Patient[]> {
  const found = (condition: string) =>
    `SELECT id FROM patients WHERE clinic_id = ${clinicHere} AND ${condition}`;
  const { rows } = await tx.prepared<Patient>(
    'possible duplicates',
    // A union, so that each branch can use its index.
    `SELECT ${selectList(patient, 'p')} FROM patients p
      WHERE p.clinic_id = ${clinicHere} AND NOT p.deleted AND p.merged_into_id IS NULL
        AND p.id IN (${found('phone = $1')} UNION ${found('email_key = lower($2)')} UNION ${found('birth_date = $3::date AND lower(family_name) = lower($4)')})
      ORDER BY p.id LIMIT 20`,
    [who.phone, who.email, who.birthDate, who.familyName.trim()],
  );
  return rows;
}

import { maxBirthDateTries, type PortalSession, portalSession } from '@medic/shared/model/portal';
import type { Instant } from '@medic/shared/time/instant';
import { clinicHere, insertRows, selectList } from './records';
import type { Transaction } from './transaction';

export async function insertPortalSession(tx: Transaction, created: PortalSession): Promise<void> {
  await insertRows(tx, portalSession, [created]);
}

export async function portalSessionByToken(
  tx: Transaction,
  tokenHash: string,
): Promise<PortalSession | null> {
  const { rows } = await tx.prepared<PortalSession>(
    'portal session by token',
    `SELECT ${selectList(portalSession)} FROM portal_sessions WHERE clinic_id = ${clinicHere} AND token_hash = $1`,
    [tokenHash],
  );
  return rows[0] ?? null;
}

export async function touchPortalSession(tx: Transaction, id: string, at: Instant): Promise<void> {
  await tx.prepared(
    'touch portal session',
    `UPDATE portal_sessions SET last_seen_at = to_timestamp($2::float8 / 1000)
      WHERE clinic_id = ${clinicHere} AND id = $1 AND last_seen_at < to_timestamp($2::float8 / 1000)`,
    [id, at],
  );
}

export async function revokePortalSession(tx: Transaction, tokenHash: string, at: Instant): Promise<void> {
  await tx.prepared(
    'revoke portal session',
    `UPDATE portal_sessions SET revoked_at = to_timestamp($2::float8 / 1000)
      WHERE clinic_id = ${clinicHere} AND token_hash = $1 AND revoked_at IS NULL`,
    [tokenHash, at],
  );
}

/** Counts a try at a birth date before it is looked at, so that many at once are no more tries. Null when none is left. */
export async function countBirthDateTry(tx: Transaction, id: string): Promise<number | null> {
  const { rows } = await tx.prepared<{ tries: number }>(
    'count birth date try',
    `UPDATE portal_sessions SET birth_date_tries = birth_date_tries + 1
      WHERE clinic_id = ${clinicHere} AND id = $1 AND birth_date_tries < ${maxBirthDateTries}
      RETURNING birth_date_tries AS tries`,
    [id],
  );
  return rows[0]?.tries ?? null;
}

/** The right date was no wrong try. */
export async function addProvenPatient(tx: Transaction, id: string, patientId: string): Promise<void> {
  await tx.prepared(
    'add proven patient',
    `UPDATE portal_sessions
        SET birth_date_tries = birth_date_tries - 1,
            proven_patient_ids = CASE WHEN $2::uuid = ANY(proven_patient_ids) THEN proven_patient_ids
                                      ELSE proven_patient_ids || $2::uuid END
      WHERE clinic_id = ${clinicHere} AND id = $1`,
    [id, patientId],
  );
}

export async function deleteOldPortalSessions(tx: Transaction, before: Instant): Promise<void> {
  await tx.prepared(
    'delete old portal sessions',
    `DELETE FROM portal_sessions WHERE clinic_id = ${clinicHere} AND id IN (
       SELECT id FROM portal_sessions WHERE clinic_id = ${clinicHere} AND expires_at <= to_timestamp($1::float8 / 1000)
        LIMIT 100 FOR UPDATE SKIP LOCKED)`,
    [before],
  );
}

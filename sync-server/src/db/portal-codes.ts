import { maxCodeTries, type PortalCode, portalCode } from '@medic/shared/model/portal';
import type { Instant } from '@medic/shared/time/instant';
import { clinicHere, insertRows, selectList } from './records';
import type { Transaction } from './transaction';

export async function insertPortalCode(tx: Transaction, code: PortalCode): Promise<void> {
  await insertRows(tx, portalCode, [code]);
}

/** What is over goes, a bounded number at a time: whoever asks for a code tidies up for the last ones. */
export async function deleteExpiredPortalCodes(tx: Transaction, now: Instant): Promise<void> {
  await tx.prepared(
    'delete expired portal codes',
    `DELETE FROM portal_codes WHERE clinic_id = ${clinicHere} AND id IN (
       SELECT id FROM portal_codes WHERE clinic_id = ${clinicHere} AND expires_at <= to_timestamp($1::float8 / 1000)
        LIMIT 100 FOR UPDATE SKIP LOCKED)`,
    [now],
  );
}

/** The codes of an address that may still be used, locked: two tries at once are counted one after the other. */
export async function livePortalCodes(
  tx: Transaction,
  emailHash: string,
  now: Instant,
): Promise<PortalCode[]> {
  const { rows } = await tx.prepared<PortalCode>(
    'live portal codes',
    `SELECT ${selectList(portalCode)} FROM portal_codes
      WHERE clinic_id = ${clinicHere} AND email_hash = $1 AND expires_at > to_timestamp($2::float8 / 1000)
        AND used_at IS NULL AND tries < ${maxCodeTries}
      ORDER BY id FOR UPDATE`,
    [emailHash, now],
  );
  return rows;
}

export async function countPortalCodeTry(tx: Transaction, ids: readonly string[]): Promise<void> {
  await tx.prepared(
    'count portal code try',
    `UPDATE portal_codes SET tries = tries + 1 WHERE clinic_id = ${clinicHere} AND id = ANY($1::uuid[])`,
    [ids],
  );
}

export async function spendPortalCodes(tx: Transaction, ids: readonly string[], at: Instant): Promise<void> {
  await tx.prepared(
    'spend portal codes',
    `UPDATE portal_codes SET used_at = to_timestamp($2::float8 / 1000) WHERE clinic_id = ${clinicHere} AND id = ANY($1::uuid[])`,
    [ids, at],
  );
}

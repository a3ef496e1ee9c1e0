import { type Session, session } from '@medic/shared/model/device';
import type { Instant } from '@medic/shared/time/instant';
import { clinicHere, insertRows, putRecord, readById, selectList } from './records';
import type { Transaction } from './transaction';

export async function insertSession(tx: Transaction, created: Session): Promise<void> {
  await insertRows(tx, session, [created]);
}

export async function sessionById(tx: Transaction, id: string): Promise<Session | null> {
  return (await readById(tx, session, id)) ?? null;
}

export async function sessionByAccessHash(tx: Transaction, hash: string): Promise<Session | null> {
  const { rows } = await tx.prepared<Session>(
    'session by access hash',
    `SELECT ${selectList(session)} FROM sessions WHERE clinic_id = ${clinicHere} AND access_hash = $1`,
    [hash],
  );
  return rows[0] ?? null;
}

/**
 * The session of a refresh token; `previous` where the token is the one before the present. The row stays locked, so
 * that of two refreshes at once the second sees what the first has done.
 */
export async function sessionByRefreshHash(
  tx: Transaction,
  hash: string,
): Promise<{ session: Session; previous: boolean } | null> {
  const { rows } = await tx.prepared<Session>(
    'session by refresh hash',
    `SELECT ${selectList(session)} FROM sessions
      WHERE clinic_id = ${clinicHere} AND (refresh_hash = $1 OR previous_refresh_hash = $1)
      ORDER BY refresh_hash = $1 DESC LIMIT 1 FOR UPDATE`,
    [hash],
  );
  const found = rows[0];
  return found ? { session: found, previous: found.refreshHash !== hash } : null;
}

/** Writes the session with its new tokens. */
export async function rotateSession(tx: Transaction, rotated: Session): Promise<void> {
  await putRecord(tx, session, rotated);
}

export async function revokeSession(tx: Transaction, id: string, at: Instant): Promise<void> {
  await tx.prepared(
    'revoke session',
    `UPDATE sessions SET revoked_at = to_timestamp($2::float8 / 1000) WHERE clinic_id = ${clinicHere} AND id = $1 AND revoked_at IS NULL`,
    [id, at],
  );
}

export async function revokeUserSessions(tx: Transaction, userId: string, at: Instant): Promise<void> {
  await tx.prepared(
    'revoke sessions of user',
    `UPDATE sessions SET revoked_at = to_timestamp($2::float8 / 1000) WHERE clinic_id = ${clinicHere} AND user_id = $1 AND revoked_at IS NULL`,
    [userId, at],
  );
}

export async function revokeDeviceSessions(tx: Transaction, deviceId: string, at: Instant): Promise<void> {
  await tx.prepared(
    'revoke sessions of device',
    `UPDATE sessions SET revoked_at = to_timestamp($2::float8 / 1000) WHERE clinic_id = ${clinicHere} AND device_id = $1 AND revoked_at IS NULL`,
    [deviceId, at],
  );
}

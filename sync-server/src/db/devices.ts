import { assert } from '@medic/shared/errors';
import { type Device, device } from '@medic/shared/model/device';
import type { Instant } from '@medic/shared/time/instant';
import { clinicHere, readById, selectList } from './records';
import type { Transaction } from './transaction';

export async function readDevice(tx: Transaction, id: string): Promise<Device | null> {
  return (await readById(tx, device, id)) ?? null;
}

/** Of the clinic, the one seen last first; a thousand at most. */
export async function readDevices(tx: Transaction): Promise<Device[]> {
  const { rows } = await tx.prepared<Device>(
    'devices',
    `SELECT ${selectList(device)} FROM devices WHERE clinic_id = ${clinicHere} ORDER BY last_seen_at DESC, id LIMIT 1000`,
  );
  return rows;
}

export async function revokeDevice(tx: Transaction, id: string, at: Instant): Promise<void> {
  await tx.prepared(
    'revoke device',
    `UPDATE devices SET revoked_at = to_timestamp($2::float8 / 1000) WHERE clinic_id = ${clinicHere} AND id = $1 AND revoked_at IS NULL`,
    [id, at],
  );
}

/** Gives the row as it is stored: for a device of another user, or a revoked one, that is not what was asked for. */
export async function registerDevice(tx: Transaction, wanted: Device): Promise<Device> {
  await tx.prepared(
    'register device',
    `INSERT INTO devices AS d (id, clinic_id, user_id, name, kind, last_n, registered_at, last_seen_at, revoked_at)
     VALUES ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8 / 1000), to_timestamp($8::float8 / 1000), NULL)
         ON CONFLICT (clinic_id, id) DO UPDATE SET name = EXCLUDED.name, kind = EXCLUDED.kind, last_seen_at = EXCLUDED.last_seen_at
      WHERE d.user_id = EXCLUDED.user_id AND d.revoked_at IS NULL`,
    [
      wanted.id,
      wanted.clinicId,
      wanted.userId,
      wanted.name,
      wanted.kind,
      wanted.lastN,
      wanted.registeredAt,
      wanted.lastSeenAt,
    ],
  );
  const stored = await readDevice(tx, wanted.id);
  assert(stored, 'a device that was registered is there');
  return stored;
}

/** Remembers that the device's intents up to `n` were decided. */
export function advanceDevice(tx: Transaction, id: string, n: number): void {
  tx.send(
    'advance device',
    `UPDATE devices SET last_n = greatest(last_n, $2::bigint), last_seen_at = now() WHERE clinic_id = ${clinicHere} AND id = $1`,
    [id, n],
  );
}

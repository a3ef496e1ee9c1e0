import { MedicError } from '@medic/shared/errors';
import { type Clinic, clinic } from '@medic/shared/model/clinic';
import type { Queryable } from './pool';
import { readById } from './records';
import type { Transaction } from './transaction';

export interface ClockReading {
  seq: number;
  epoch: string;
}

export interface ClinicStanding extends ClockReading {
  /** Everything up to here is in a backup; null when none was ever made. */
  backedUpSeq: number | null;
}

/** Needs no clinic to be set. */
export async function clinicIdBySlug(db: Queryable, slug: string): Promise<string | null> {
  const { rows } = await db.query<{ id: string | null }>('SELECT clinic_id_by_slug($1) AS id', [slug]);
  return rows[0]?.id ?? null;
}

/** The next ids after `after` in order, for jobs that go from clinic to clinic; null begins. Needs no clinic to be set. */
export async function clinicIdsPage(db: Queryable, after: string | null, limit: number): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('SELECT id FROM clinic_ids_page($1, $2) AS id', [
    after,
    limit,
  ]);
  return rows.map((row) => row.id);
}

export async function clinicById(tx: Transaction, clinicId: string): Promise<Clinic> {
  const found = await readById(tx, clinic, clinicId);
  if (!found) throw unknownClinic(clinicId);
  return found;
}

/** Every zone that the clinic's times are shown in. */
export async function clinicZones(tx: Transaction, clinicId: string): Promise<string[]> {
  const { rows } = await tx.prepared<{ zone: string }>(
    'zones of clinic',
    `SELECT time_zone AS zone FROM clinics WHERE id = $1
      UNION SELECT time_zone FROM locations WHERE clinic_id = $1 AND NOT deleted
      ORDER BY zone`,
    [clinicId],
  );
  return rows.map((row) => row.zone);
}

export async function readClock(tx: Transaction, clinicId: string): Promise<ClinicStanding> {
  const { rows } = await tx.prepared<ClinicStanding>(
    'read clock',
    'SELECT seq, epoch, backed_up_seq AS "backedUpSeq" FROM clinic_clocks WHERE clinic_id = $1',
    [clinicId],
  );
  if (!rows[0]) throw unknownClinic(clinicId);
  return rows[0];
}

/**
 * Moves the clinic's clock on and keeps it until the transaction ends: every other writer of the clinic waits, in
 * the server's pool for 2 s at most. From here on, what the transaction writes is stamped with this `seq`.
 */
export async function takeClock(tx: Transaction, clinicId: string): Promise<ClockReading> {
  const { rows } = await tx.prepared<ClockReading>(
    'take clock',
    `WITH c AS (UPDATE clinic_clocks SET seq = seq + 1 WHERE clinic_id = $1 RETURNING seq, epoch)
     SELECT seq, epoch, set_config('medic.seq', seq::text, true) FROM c`,
    [clinicId],
  );
  const clock = rows[0];
  if (!clock) throw unknownClinic(clinicId);
  return { seq: clock.seq, epoch: clock.epoch };
}

/**
 * A new epoch for every clinic whose epoch another database gave: this one was restored from a dump, or recovered to a
 * point in time. Answers with those clinics. Needs no clinic to be set.
 */
export async function renewEpochs(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('SELECT id FROM renew_epochs() AS id');
  return rows.map((row) => row.id);
}

/** A new epoch for the transaction's clinic, unless it has another than `seen` by now. */
export async function renewEpoch(tx: Transaction, seen: string): Promise<boolean> {
  const { rows } = await tx.query<{ renewed: boolean }>('SELECT renew_epoch($1) AS renewed', [seen]);
  return rows[0]?.renewed === true;
}

function unknownClinic(clinicId: string): MedicError {
  return new MedicError('clinic.unknown', `no clinic has the id ${clinicId}`);
}

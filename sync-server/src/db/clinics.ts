import type { PatientIdentity } from '@medic/shared/acts/patient/duplicates';
import { MedicError } from '@medic/shared/errors';
import { type Clinic, clinic } from '@medic/shared/model/clinic';
import type { AuditEnd } from './audit';
import type { Pool, Queryable } from './pool';
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

export interface ActBegun extends ClockReading {
  /** A request with this id, or with this number of this device, is there. */
  answered: boolean;
  lastEntry: AuditEnd;
}

/** Takes the clock as `takeClock` does, and asks under it what every act has to know first. */
export async function beginAct(
  tx: Transaction,
  clinicId: string,
  request: { requestId: string; device: { id: string; n: number } | null },
): Promise<ActBegun> {
  const { rows } = await tx.prepared<{
    seq: number | null;
    epoch: string;
    answered: boolean;
    position: number | null;
    hash: string | null;
  }>(
    'begin act',
    'SELECT seq, epoch, answered, audit_position AS position, audit_hash AS hash FROM begin_act($1, $2, $3)',
    [request.requestId, request.device?.id ?? null, request.device?.n ?? null],
  );
  const begun = rows[0];
  if (!begun || begun.seq === null) throw unknownClinic(clinicId);
  return {
    seq: begun.seq,
    epoch: begun.epoch,
    answered: begun.answered,
    lastEntry: { position: begun.position ?? 0, hash: begun.hash ?? '' },
  };
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

/**
 * Where the clock stands, without a transaction around it: one question and one answer, for what is asked with every
 * page.
 */
export async function clockOf(pool: Pool, clinicId: string): Promise<ClockReading> {
  const { rows } = await pool.query<ClockReading>({
    name: 'clock_of',
    text: 'SELECT seq, epoch FROM clock_of($1)',
    values: [clinicId],
  });
  if (!rows[0]) throw unknownClinic(clinicId);
  return rows[0];
}

/**
 * As `clockOf`, with the patient that somebody surely is: the same names but for case, the same birth date, and the same
 * e-mail or phone. Of several the oldest record. Looked for whoever it is and whatever was typed.
 */
export async function clockAndPatient(
  pool: Pool,
  clinicId: string,
  who: PatientIdentity,
): Promise<ClockReading & { patientId: string | null }> {
  const { rows } = await pool.query<ClockReading & { patientId: string | null }>({
    name: 'clock_and_patient',
    text: 'SELECT seq, epoch, patient_id AS "patientId" FROM clock_and_patient($1, $2, $3, $4, $5, $6)',
    values: [clinicId, who.birthDate, who.email, who.phone, who.givenName.trim(), who.familyName.trim()],
  });
  if (!rows[0]) throw unknownClinic(clinicId);
  return rows[0];
}

function unknownClinic(clinicId: string): MedicError {
  return new MedicError('clinic.unknown', `no clinic has the id ${clinicId}`);
}

/** Medic's own migrations over a database that is in use: each must take what the version before has written. */
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { appointment } from '@medic/shared/model/appointment';
import { appointmentSeries } from '@medic/shared/model/appointment-series';
import { attentionItem } from '@medic/shared/model/attention-item';
import { patientMerge } from '@medic/shared/model/patient';
import type { RecordDefinition } from '@medic/shared/model/record';
import { waitlistEntry } from '@medic/shared/model/waitlist';
import { aClinic, anAttentionItem, clinicId, idOf } from '@medic/shared/testing/builders';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { migrate } from './migrate';
import { openAdminPool, openAppPool, type Pool } from './pool';
import { putRecord, readById, readChanged } from './records';
import { arrangeBareClinic, arrangeBaseClinic, underClock } from './testing/base-clinic';
import { createEmptyDatabase, type EmptyDatabase } from './testing/database';
import { inClinic } from './transaction';

const own = fileURLToPath(new URL('./migrations', import.meta.url));
let database: EmptyDatabase;
let dir: string;
const pools: Pool[] = [];

beforeEach(async () => {
  database = await createEmptyDatabase();
  dir = await mkdtemp(join(tmpdir(), 'medic-until-'));
});

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.end()));
  await database.drop();
  await rm(dir, { recursive: true, force: true });
});

/** The schema as it was up to a version. */
async function migratedTo(version: number): Promise<Pool> {
  for (const file of await readdir(own))
    if (Number(file.slice(0, 4)) <= version) await copyFile(join(own, file), join(dir, file));
  const pool = await openAdminPool(database.url);
  pools.push(pool);
  expect((await migrate(pool, { dir })).version).toBe(version);
  return pool;
}

const people = `'${clinicId}', '${idOf('doctor', 1)}', '${idOf('location', 1)}', '${idOf('appointmentType', 1)}'`;

/** Rows as a server of version 9 wrote them: it names no column that came later. */
function rowsOfNine(n: number): string[] {
  const hour = String(8 + n).padStart(2, '0');
  const patient = `'${idOf('patient', 1)}'`;
  return [
    `INSERT INTO appointment_series (id, clinic_id, doctor_id, location_id, appointment_type_id, patient_id, rrule, time_zone, starts_at, notes, created_at)
     VALUES ('${idOf('series', n)}', ${people}, ${patient}, 'FREQ=DAILY', 'UTC', '2026-11-23Z', '', '2026-11-01Z')`,
    `INSERT INTO appointments (id, clinic_id, doctor_id, location_id, appointment_type_id, seq, deleted, patient_id, series_id, starts_at, ends_at,
       reserved_from, reserved_until, status, status_changed_at, seat, capacity, overbooked, room_overbooked, overbook_reason, sequence, source, notes,
       cancel_reason, created_at)
     VALUES ('${idOf('appointment', n)}', ${people}, 0, false, ${patient}, '${idOf('series', n)}', '2026-11-23 ${hour}:00Z', '2026-11-23 ${hour}:30Z',
       '2026-11-23 ${hour}:00Z', '2026-11-23 ${hour}:30Z', 'booked', '2026-11-01Z', 1, 1, false, false, '', 0, 'desk', '', '', '2026-11-01Z')`,
    `INSERT INTO patient_merges (id, clinic_id, kept_id, merged_id, merged_at, merged_by, snapshot, undone_at)
     VALUES ('${idOf('merge', n)}', '${clinicId}', ${patient}, '${idOf('patient', 2)}', '2026-11-01Z', '${idOf('user', 1)}', '{}', '2026-11-02Z')`,
    `INSERT INTO waitlist_entries (id, clinic_id, seq, deleted, patient_id, appointment_type_id, doctor_ids, location_ids, weekdays, parts_of_day,
       urgency, note, status, created_at)
     VALUES ('${idOf('waitlistEntry', n)}', '${clinicId}', 0, false, ${patient}, '${idOf('appointmentType', 1)}', '{}', '{}', '{}', '{}', 'soon', '', 'offered', '2026-11-01Z')`,
    `INSERT INTO waitlist_offers (id, clinic_id, doctor_id, location_id, appointment_type_id, entry_id, starts_at, ends_at, status, offered_at, expires_at)
     VALUES ('${idOf('waitlistOffer', n)}', ${people}, '${idOf('waitlistEntry', n)}', '2026-11-23 08:00Z', '2026-11-23 08:30Z', 'open', '2026-11-01Z', '2026-11-02Z')`,
    `INSERT INTO attention_items (id, clinic_id, seq, deleted, kind, status, patient_id, data, created_at, resolution)
     VALUES ('${idOf('attentionItem', n)}', '${clinicId}', 0, false, 'message-failed', 'open', ${patient}, '{}', '2026-11-01Z', '')`,
  ];
}

it('0010 takes what version 9 has written, and a server of version 9 goes on writing', async () => {
  const pool = await migratedTo(9);
  // What writes the clinic knows today's records.
  await pool.query("ALTER TABLE patients ADD COLUMN apart_from uuid[] NOT NULL DEFAULT '{}'");
  await arrangeBaseClinic(pool);
  await pool.query('ALTER TABLE patients DROP COLUMN apart_from');
  await underClock(pool, clinicId, async (tx) => {
    for (const text of rowsOfNine(1)) await tx.query(text);
  });

  expect((await migrate(pool)).applied[0]).toBe('0010-patients-side');
  const app = await openAppPool(database.url);
  pools.push(app);
  await inClinic(app, clinicId, async (tx) => {
    expect(await readById(tx, appointment, idOf('appointment', 1))).toMatchObject({
      status: 'booked',
      confirmedAt: null,
      linkVersion: 0,
    });
    expect(await readById(tx, appointmentSeries, idOf('series', 1))).toMatchObject({
      rrule: 'FREQ=DAILY',
      deleted: false,
    });
    expect(await readById(tx, patientMerge, idOf('merge', 1))).toMatchObject({ deleted: false });
    expect(await readById(tx, waitlistEntry, idOf('waitlistEntry', 1))).toMatchObject({
      closeReason: '',
      offers: [{ id: idOf('waitlistOffer', 1), status: 'open' }],
    });
    expect(await readById(tx, attentionItem, idOf('attentionItem', 1))).toMatchObject({
      kind: 'message-failed',
    });
    // What was there before it was replicated reaches a replica that begins from nothing.
    for (const record of [appointmentSeries, patientMerge] as RecordDefinition[]) {
      const changed = await readChanged(tx, record, {
        afterSeq: 0,
        afterId: '',
        base: 1000,
        limit: 10,
        inScope: () => null,
      });
      expect(changed.map((row) => row.inScope)).toEqual([true]);
    }
  });

  await underClock(app, clinicId, async (tx, seq) => {
    for (const text of rowsOfNine(2)) await tx.query(text);
    expect((await readById(tx, appointmentSeries, idOf('series', 2)))?.seq).toBe(seq);
    expect((await readById(tx, patientMerge, idOf('merge', 2)))?.seq).toBe(seq);
    await putRecord(tx, attentionItem, anAttentionItem());
  });
});

it('every migration applies to a database that has a clinic already', async () => {
  const pool = await migratedTo(2);
  await arrangeBareClinic(pool, aClinic());
  const { version, applied } = await migrate(pool);
  expect(applied[0]?.slice(0, 4)).toBe('0003');
  expect(version).toBeGreaterThanOrEqual(10);
});

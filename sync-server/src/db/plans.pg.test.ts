/**
 * Under row-level security the planner asks an index only through leakproof operators on plain columns; a condition
 * that is not so is checked row by row, and nobody notices until the clinic is large. So each query that runs all day is
 * planned here as the server would, and its plan has to reach the column that it looks by.
 */
import { clinicId, idOf } from '@medic/shared/testing/builders';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clinicHere } from './records';
import { arrangeBaseClinic, tried } from './testing/base-clinic';
import { createTestDatabase, type TestDatabase } from './testing/database';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await arrangeBaseClinic(database.adminPool);
});

afterAll(() => database?.drop());

const id = `'${idOf('doctor', 1)}'::uuid`;
const queries: [index: string, table: string, condition: string, columns: string[]][] = [
  ['patients_seq', 'patients', '(seq, id) > (5, $id)', ['seq', 'id']],
  ['patients_pkey', 'patients', 'id = ANY (ARRAY[$id])', ['id']],
  ['patients_email', 'patients', "email_key = lower('Anna@home.example')", ['email_key']],
  ['patients_phone', 'patients', "phone = '+48601220418'", ['phone']],
  ['patients_birth_date', 'patients', "birth_date = '1980-05-17'", ['birth_date']],
  ['users_email', 'users', "NOT deleted AND email_key = lower('Ewa@clinic.example')", ['email_key']],
  ['sessions_clinic_id_access_hash_key', 'sessions', "access_hash = 'x'", ['access_hash']],
  ['sessions_clinic_id_refresh_hash_key', 'sessions', "refresh_hash = 'x'", ['refresh_hash']],
  ['sessions_previous_refresh_hash', 'sessions', "previous_refresh_hash = 'x'", ['previous_refresh_hash']],
  ['intents_once', 'intents', 'device_id = $id AND n = 4', ['device_id', 'n']],
  ['intents_device_seq', 'intents', 'device_id = $id AND (seq, id) > (5, $id)', ['device_id', 'seq']],
  [
    'appointments_doctor',
    'appointments',
    "doctor_id = $id AND starts_at >= '2026-11-23Z' AND starts_at < '2026-11-24Z'",
    ['doctor_id', 'starts_at'],
  ],
  [
    'appointments_patient',
    'appointments',
    "patient_id = $id AND starts_at >= '2026-11-23Z'",
    ['patient_id', 'starts_at'],
  ],
  [
    'appointments_location',
    'appointments',
    "location_id = $id AND starts_at >= '2026-11-23Z'",
    ['location_id', 'starts_at'],
  ],
  [
    'appointments_holding',
    'appointments',
    "holds_slot AND reserved_until > '2026-11-23Z'",
    ['reserved_until'],
  ],
  ['appointments_overbooked', 'appointments', 'holds_slot AND overbooked AND doctor_id = $id', ['doctor_id']],
  [
    'appointments_room_overbooked',
    'appointments',
    'holds_slot AND room_overbooked AND room_id = $id',
    ['room_id'],
  ],
  ['appointments_seat_free', 'appointments', 'holds_slot AND group_key = $id', ['group_key']],
  ['appointment_events_appointment', 'appointment_events', 'appointment_id = $id', ['appointment_id']],
  ['appointments_series', 'appointments', 'series_id = ANY (ARRAY[$id])', ['series_id']],
  ['waitlist_entries_patient', 'waitlist_entries', 'patient_id = ANY (ARRAY[$id])', ['patient_id']],
  ['waitlist_offers_entry', 'waitlist_offers', 'entry_id = ANY (ARRAY[$id])', ['entry_id']],
  ['patient_merges_kept', 'patient_merges', 'kept_id = ANY (ARRAY[$id])', ['kept_id']],
  ['portal_sessions_token', 'portal_sessions', "token_hash = 'x'", ['token_hash']],
  ['portal_sessions_expires_at', 'portal_sessions', "expires_at < '2026-11-23Z'", ['expires_at']],
  [
    'portal_codes_email',
    'portal_codes',
    "email_hash = 'x' AND expires_at > '2026-11-23Z'",
    ['email_hash', 'expires_at'],
  ],
  [
    'notifications_unsent',
    'notifications',
    "channel = 'email' AND state IN ('due', 'sending') AND due_at <= '2026-11-23Z'",
    ['channel', 'due_at'],
  ],
  ['slot_holds_expires_at', 'slot_holds', "NOT deleted AND expires_at > '2026-11-23Z'", ['expires_at']],
  ['slot_holds_holder', 'slot_holds', "NOT deleted AND holder = 'x'", ['holder']],
  ['availability_exceptions_date', 'availability_exceptions', "date >= '2026-11-23'", ['date']],
  [
    'external_busy_times_ends_at',
    'external_busy_times',
    "NOT deleted AND ends_at > '2026-11-23Z'",
    ['ends_at'],
  ],
  ['time_off_requests_ends_at', 'time_off_requests', "ends_at > '2026-11-23Z'", ['ends_at']],
  ['notifications_open', 'notifications', "state = 'due' AND due_at <= '2026-11-23Z'", ['due_at']],
  ['notifications_once', 'notifications', 'appointment_id = $id', ['appointment_id']],
  ['audit_log_clinic_id_position_key', 'audit_log', 'position > 7', ['position']],
];

it.each(queries)('%s serves %s by %s', async (index, table, condition, columns) => {
  const plan = await tried(database.adminPool, clinicId, async (tx) => {
    // The tables are all but empty, where every plan is as good as the next: so there is only one index to choose.
    await tx.query(
      'UPDATE pg_index SET indisvalid = false WHERE indrelid = $1::regclass AND indexrelid <> $2::regclass',
      [table, index],
    );
    await tx.query(
      'SET LOCAL ROLE medic_app; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off',
    );
    const { rows } = await tx.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT id FROM ${table} WHERE clinic_id = ${clinicHere} AND ${condition.replaceAll('$id', id)}`,
    );
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  });
  const reached = /Index Cond: (.*)/.exec(plan)?.[1] ?? '';
  for (const column of ['clinic_id', ...columns])
    expect(reached, plan).toMatch(new RegExp(`\\b${column}\\b`));
});

it('an index on an expression that is not leakproof would not serve: so these tests can fail', async () => {
  const plan = await tried(database.adminPool, clinicId, async (tx) => {
    await tx.query('CREATE INDEX patients_lower_email ON patients (clinic_id, lower(email))');
    await tx.query(
      "UPDATE pg_index SET indisvalid = false WHERE indrelid = 'patients'::regclass AND indexrelid <> 'patients_lower_email'::regclass",
    );
    await tx.query(
      'SET LOCAL ROLE medic_app; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off',
    );
    const { rows } = await tx.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT id FROM patients WHERE clinic_id = ${clinicHere} AND lower(email) = 'x'`,
    );
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  });
  expect(plan).toMatch(/Filter: \(lower\(email\)/);
});

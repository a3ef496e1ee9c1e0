import { randomUUID } from 'node:crypto';
import { appointment, appointmentStatuses } from '@medic/shared/model/appointment';
import { syncedRecords } from '@medic/shared/model/records';
import { demoClinic } from '@medic/shared/testing/demo-clinic';
import { demoPassword, demoTimeZone } from '@medic/shared/testing/demo-clinic-directory';
import { localDate, parseInstant } from '@medic/shared/time/zone';
import { verify } from '@node-rs/argon2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clinicIdBySlug } from './clinics';
import { readByIds } from './records';
import { type SeedResult, seedDemo } from './seed';
import { createTestDatabase, type TestDatabase } from './testing/database';
import { inClinic } from './transaction';

const now = parseInstant('2026-11-24T09:42:00Z');

describe('the small demo clinic in the database', () => {
  let database: TestDatabase;
  let result: SeedResult;
  const told: string[] = [];
  const expected = demoClinic({ scale: 'small', today: localDate(now, demoTimeZone), now });

  beforeAll(async () => {
    database = await createTestDatabase();
    result = await seedDemo(database.adminPool, {
      scale: 'small',
      now,
      onProgress: (message) => told.push(message),
    });
  });
  afterAll(() => database.drop());

  async function one<T>(text: string, values: unknown[] = []): Promise<T> {
    const { rows } = await inClinic(database.appPool, result.clinicId, (tx) => tx.query(text, values));
    return rows[0] as T;
  }

  test('every record of the demo is there, as the server sees it', async () => {
    expect(result).toMatchObject({ slug: 'harbour', created: true });
    for (const kind of [
      'location',
      'doctor',
      'user',
      'appointmentType',
      'scheduleTemplate',
      'availabilityException',
      'timeOffRequest',
      'externalBusyTime',
      'dayNote',
      'patient',
      'attentionItem',
      'appointmentSeries',
      'appointment',
      'waitlistEntry',
    ] as const) {
      const { count } = await one<{ count: number }>(
        `SELECT count(*)::integer AS count FROM ${syncedRecords[kind].table}`,
      );
      expect([kind, count]).toEqual([kind, expected[kind].length]);
    }
    const { count: events } = await one<{ count: number }>(
      'SELECT count(*)::integer AS count FROM appointment_events',
    );
    expect(events).toBe(expected.appointment.reduce((sum, visit) => sum + visit.events.length, 0));
    expect(told.at(-1)).toBe(`${expected.patient.length} patients, ${expected.appointment.length} visits`);
  });

  test('a visit reads back as it was made, with its timeline', async () => {
    const overbooked = expected.appointment.find((visit) => visit.roomOverbooked);
    const long = expected.appointment.find((visit) => visit.events.length >= 5);
    const wanted = [overbooked, long].flatMap((visit) => (visit ? [visit] : []));
    expect(wanted).toHaveLength(2);
    const found = await inClinic(database.appPool, result.clinicId, (tx) =>
      readByIds(
        tx,
        appointment,
        wanted.map((visit) => visit.id),
      ),
    );
    for (const visit of wanted)
      expect(found.find((each) => each.id === visit.id)).toEqual({ ...visit, seq: expect.any(Number) });
  });

  test('all ten statuses occur, and the clock stands at the last row written', async () => {
    const { statuses } = await one<{ statuses: string[] }>(
      'SELECT array_agg(DISTINCT status) AS statuses FROM appointments',
    );
    expect([...statuses].sort()).toEqual([...appointmentStatuses].sort());
    const { clock, highest } = await one<{ clock: number; highest: number }>(
      'SELECT (SELECT seq FROM clinic_clocks) AS clock, (SELECT max(seq) FROM waitlist_entries) AS highest',
    );
    expect(clock).toBe(highest);
  });

  test('everybody on the staff has the password of the demo', async () => {
    const { hashes } = await one<{ hashes: string[] }>(
      'SELECT array_agg(DISTINCT password_hash) AS hashes FROM users',
    );
    expect(hashes).toHaveLength(1);
    expect(await verify(hashes[0] ?? '', demoPassword)).toBe(true);
    for (const { email } of result.signIns) {
      expect(await one('SELECT active FROM users WHERE email_key = $1', [email])).toEqual({ active: true });
    }
  });

  test('a second seed changes nothing', async () => {
    const before = await one('SELECT seq FROM clinic_clocks');
    const again = await seedDemo(database.adminPool, { scale: 'small', now: now + 86_400_000 });
    expect(again).toEqual({ ...result, created: false });
    expect(await one('SELECT seq FROM clinic_clocks')).toEqual(before);
  });
});

test('of two seeds at once one writes, and both know the clinic', async () => {
  const database = await createTestDatabase();
  try {
    const results = await Promise.all(
      [0, 1].map(() => seedDemo(database.adminPool, { scale: 'small', now })),
    );
    expect(results.map((result) => result.created).sort()).toEqual([false, true]);
    expect(results[0]?.clinicId).toBe(results[1]?.clinicId);
  } finally {
    await database.drop();
  }
});

test('a seed that fails in the middle leaves nothing behind', async () => {
  const database = await createTestDatabase();
  try {
    const failing = seedDemo(database.adminPool, {
      scale: 'small',
      now,
      onProgress: () => {
        throw new Error('the plug was pulled');
      },
    });
    await expect(failing).rejects.toThrow('the plug was pulled');
    expect(await clinicIdBySlug(database.adminPool, 'harbour')).toBeNull();
    const { rows } = await inClinic(database.adminPool, randomUUID(), (tx) =>
      tx.query('SELECT count(*)::integer AS count FROM patients'),
    );
    expect(rows).toEqual([{ count: 0 }]);
  } finally {
    await database.drop();
  }
});

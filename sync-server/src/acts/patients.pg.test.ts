import { appointment } from '@medic/shared/model/appointment';
import { anAppointment, at } from '@medic/shared/testing/builders';
import type { Instant } from '@medic/shared/time/instant';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { takeClock } from '../db/clinics';
import { putRecord } from '../db/records';
import { inClinic } from '../db/transaction';
import {
  harbour,
  newId,
  nowak,
  openTestClinic,
  single,
  type TestClinic,
  type TestDesk,
} from '../testing/test-clinic';

let clinic: TestClinic;
let desk: TestDesk;

beforeAll(async () => {
  clinic = await openTestClinic();
  desk = await clinic.signIn();
});
afterAll(() => clinic.close());

const details = {
  givenName: 'Łucja',
  familyName: 'Żurek-Lis',
  birthDate: '1971-06-02',
  phone: '+48605111222',
  email: 'lucja@home.example',
  language: 'pl',
  consentSms: true,
  consentEmail: true,
  notes: '',
};

async function outcome(act: string, args: Record<string, unknown>) {
  const [intent] = await desk.push(desk.intent(act, args));
  if (!intent) throw new Error('no answer');
  return intent;
}

async function make(overrides: Record<string, unknown> = {}): Promise<string> {
  const patientId = newId();
  const made = await outcome('patient.create', {
    ...details,
    overrides: ['duplicate'],
    ...overrides,
    patientId,
  });
  expect(made.status).toBe('done');
  return patientId;
}

async function book(patientId: string, startsAt: Instant): Promise<string> {
  const appointmentId = newId();
  const booked = await outcome('appointment.book', {
    appointmentId,
    patientId,
    doctorId: nowak,
    locationId: harbour,
    appointmentTypeId: single,
    startsAt,
    notes: '',
    overrides: ['same-patient'],
  });
  expect(booked.status).toBe('done');
  return appointmentId;
}

async function ownerOf(visitId: string): Promise<string | undefined> {
  const { rows } = await clinic.database.adminPool.query<{ patient_id: string }>(
    'SELECT patient_id FROM appointments WHERE id = $1',
    [visitId],
  );
  return rows[0]?.patient_id;
}

/** A visit of years ago: it is not among the facts in memory. */
async function putLongPast(id: string, patientId: string): Promise<void> {
  await inClinic(clinic.database.adminPool, clinic.clinicId, async (tx) => {
    await takeClock(tx, clinic.clinicId);
    await putRecord(
      tx,
      appointment,
      anAppointment({
        id,
        clinicId: clinic.clinicId,
        patientId,
        doctorId: nowak,
        locationId: harbour,
        appointmentTypeId: single,
        startsAt: at('2023-03-01 10:00'),
        status: 'fulfilled',
      }),
    );
  });
}

it('a second record of one person is refused by the server, which desks may not know of, and made when told', async () => {
  const first = await make();
  const again = { ...details, givenName: 'LUCJA', familyName: 'Zurek Lis', phone: null, email: null };
  const refused = await outcome('patient.create', { ...again, patientId: newId() });
  expect(refused).toMatchObject({
    status: 'refused',
    outcome: { reasons: [{ code: 'duplicate', patientIds: [first] }] },
  });
  expect(
    (await outcome('patient.create', { ...again, patientId: newId(), birthDate: '1990-01-01' })).status,
  ).toBe('done');
  expect(
    (await outcome('patient.create', { ...again, patientId: newId(), overrides: ['duplicate'] })).status,
  ).toBe('done');
});

it('a merge moves visits of every status, past ones too, with their timelines, and its undo moves them back', async () => {
  const kept = await make({ notes: 'Prefers mornings' });
  const merged = await make({ givenName: 'Lucia', notes: 'Allergic to latex' });
  const ahead = await book(merged, at('2026-12-01 10:00'));
  const dropped = await book(merged, at('2026-12-01 11:00'));
  const own = await book(kept, at('2026-12-01 12:00'));
  expect((await outcome('appointment.cancel', { appointmentId: dropped, reason: 'Ill' })).status).toBe(
    'done',
  );
  const past = newId();
  await putLongPast(past, merged);

  const mergeId = newId();
  const done = await outcome('patient.merge', {
    mergeId,
    keptId: kept,
    mergedId: merged,
    fields: { givenName: 'merged', notes: 'both' },
  });
  expect(done.status).toBe('done');
  expect(await Promise.all([ahead, dropped, past, own].map(ownerOf))).toEqual([kept, kept, kept, kept]);
  const { rows: after } = await clinic.database.adminPool.query(
    'SELECT given_name, notes, merged_into_id FROM patients WHERE id = ANY($1) ORDER BY merged_into_id NULLS FIRST',
    [[kept, merged]],
  );
  expect(after).toEqual([
    { given_name: 'Lucia', notes: 'Prefers mornings\nAllergic to latex', merged_into_id: null },
    { given_name: 'Lucia', notes: 'Allergic to latex', merged_into_id: kept },
  ]);
  for (const id of [ahead, dropped, past])
    expect(
      await clinic.count('appointment_events', `appointment_id = '${id}' AND act = 'patient.merge'`),
    ).toBe(1);
  expect(await clinic.count('appointments', `id = '${dropped}' AND status = 'cancelled'`)).toBe(1);

  // What a desk asks for the old record meanwhile is done for the one that stayed.
  expect(
    (
      await outcome('patient.edit', {
        patientId: merged,
        changes: { language: 'de' },
        base: { language: 'pl' },
      })
    ).status,
  ).toBe('done');
  expect(await clinic.count('patients', `id = '${kept}' AND language = 'de'`)).toBe(1);

  const later = await book(kept, at('2026-12-02 10:00'));
  const undone = await outcome('patient.unmerge', { mergeId, keptId: kept, mergedId: merged });
  expect(undone.status).toBe('done');
  expect(await Promise.all([ahead, dropped, past, own, later].map(ownerOf))).toEqual([
    merged,
    merged,
    merged,
    kept,
    kept,
  ]);
  expect(await clinic.count('patients', `id = '${kept}' AND given_name = 'Łucja' AND language = 'de'`)).toBe(
    1,
  );
  expect(await clinic.count('patient_merges', `id = '${mergeId}' AND undone_at IS NOT NULL`)).toBe(1);
});

it('of two merges of one record at once, into two others, one is done', async () => {
  const [a, b, c] = [await make(), await make(), await make()];
  const visit = await book(a, at('2026-12-03 10:00'));
  const other = await clinic.signIn();
  const merge = (from: TestDesk, keptId: string) =>
    from.push(from.intent('patient.merge', { mergeId: newId(), keptId, mergedId: a, fields: {} }));
  const [[first], [second]] = await Promise.all([merge(desk, b), merge(other, c)]);
  expect([first?.status, second?.status].sort()).toEqual(['done', 'refused']);
  expect(await ownerOf(visit)).toBe(first?.status === 'done' ? b : c);
});

import type { Decision } from '@medic/shared/acts/act';
import { syncedRecords } from '@medic/shared/model/records';
import { aDoctor, at, idOf } from '@medic/shared/testing/builders';
import type { Instant } from '@medic/shared/time/instant';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { putRecord } from '../db/records';
import { inClinic } from '../db/transaction';
import {
  anna,
  arrangeClinic,
  asked,
  deskOnly,
  group,
  harbour,
  monday,
  newId,
  nowak,
  okafor,
  openTestClinic,
  single,
  type TestClinic,
  type TestDesk,
} from '../testing/test-clinic';

let clinic: TestClinic;
let desk: TestDesk;
const foreignDoctor = idOf('doctor', 99);

beforeAll(async () => {
  clinic = await openTestClinic();
  const other = await arrangeClinic(clinic.database.adminPool, { slug: 'other', number: 2 });
  await inClinic(clinic.database.adminPool, other, async (tx) => {
    await tx.query(`SELECT set_config('medic.seq', '2', true)`);
    await putRecord(
      tx,
      syncedRecords.doctor,
      aDoctor({ clinicId: other, id: foreignDoctor, slug: 'foreign', places: [] }),
    );
  });
  desk = await clinic.signIn();
});
afterAll(() => clinic.close());
beforeEach(() => {
  clinic.clock.now = monday;
});

const visitor = {
  givenName: 'Jan',
  familyName: 'Kowalski',
  birthDate: '1980-02-29' as never,
  phone: '+48601220418',
  email: 'jan@example.org',
  language: 'pl',
  consentSms: false,
  consentEmail: true,
};

function online(startsAt: Instant, overrides: Record<string, unknown> = {}) {
  return {
    clinic: 'harbour',
    requestId: newId(),
    appointmentTypeId: single,
    doctorId: nowak,
    locationId: harbour,
    startsAt,
    patient: { ...visitor, email: `${newId()}@example.org` },
    note: '',
    ...overrides,
  };
}

function visitArgs(startsAt: Instant, overrides: Record<string, unknown> = {}) {
  return {
    appointmentId: newId(),
    patientId: anna,
    doctorId: nowak,
    locationId: harbour,
    appointmentTypeId: single,
    startsAt,
    notes: '',
    ...overrides,
  };
}

describe('races on one slot', () => {
  it('gives one slot to exactly one of 100 visitors, and the other 99 the reason and other times', async () => {
    const startsAt = at('2026-11-24 10:00');
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => clinic.visitor.public.book.mutate(online(startsAt))),
    );
    expect(answers.filter((answer) => answer.kind === 'booked')).toHaveLength(1);
    const refused = answers.filter((answer) => answer.kind === 'refused');
    expect(refused).toHaveLength(99);
    for (const answer of refused) {
      expect(answer.reasons.map((reason) => reason.code)).toContain('visit');
      expect(answer.alternatives.length).toBeGreaterThan(0);
      expect(answer.alternatives.every((slot) => slot.startsAt !== startsAt || slot.doctorId !== nowak)).toBe(
        true,
      );
    }
    expect(await clinic.count('appointments', `starts_at = '2026-11-24T09:00:00Z' AND holds_slot`)).toBe(1);
  });

  it('gives a class of eight to exactly eight of 100 visitors, each a seat of its own', async () => {
    const startsAt = at('2026-11-24 12:00');
    const answers = await Promise.all(
      Array.from({ length: 100 }, () =>
        clinic.visitor.public.book.mutate(online(startsAt, { appointmentTypeId: group })),
      ),
    );
    expect(answers.filter((answer) => answer.kind === 'booked')).toHaveLength(8);
    const full = answers.find((answer) => answer.kind === 'refused');
    expect(full?.kind === 'refused' && full.reasons.map((reason) => reason.code)).toContain('full');
    const { rows } = await clinic.database.adminPool.query<{ seat: number }>(
      `SELECT seat FROM appointments WHERE capacity = 8 ORDER BY seat`,
    );
    expect(rows.map((row) => row.seat)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('keeps desk and visitors from one slot when both ask at once', async () => {
    const startsAt = at('2026-11-24 14:00');
    const [fromDesk, ...others] = await Promise.all([
      desk
        .push(desk.intent('appointment.book', visitArgs(startsAt)))
        .then(([intent]) => intent?.status === 'done'),
      ...Array.from({ length: 20 }, () =>
        clinic.visitor.public.book.mutate(online(startsAt)).then((answer) => answer.kind === 'booked'),
      ),
    ]);
    expect([fromDesk, ...others].filter(Boolean)).toHaveLength(1);
  });
});

describe('once and for ever', () => {
  it('answers a request that is sent again with the first answer', async () => {
    const request = online(at('2026-11-25 08:00'));
    const [first, second] = await Promise.all([
      clinic.visitor.public.book.mutate(request),
      clinic.visitor.public.book.mutate(request),
    ]);
    const third = await clinic.visitor.public.book.mutate(request);
    expect(first.kind).toBe('booked');
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    expect(await clinic.count('appointments', `starts_at = '2026-11-25T07:00:00Z'`)).toBe(1);
  });

  it('does an intent once that is pushed twice, and twice at the same time', async () => {
    const intent = desk.intent('appointment.book', visitArgs(at('2026-11-25 09:00')));
    const [a, b] = await Promise.all([desk.push(intent), desk.push(intent)]);
    const c = await desk.push(intent);
    expect(a[0]?.status).toBe('done');
    expect(b).toEqual(a);
    expect(c).toEqual(a);
    expect(await clinic.count('appointments', `starts_at = '2026-11-25T08:00:00Z'`)).toBe(1);
  });

  it('finishes a push that was cut in the middle when the whole of it is sent again', async () => {
    const intents = ['10:00', '10:30', '11:00'].map((time) =>
      desk.intent('appointment.book', visitArgs(at(`2026-11-25 ${time}`))),
    );
    await desk.push(...intents.slice(0, 2));
    const answers = await desk.push(...intents);
    expect(answers.map((answer) => answer.status)).toEqual(['done', 'done', 'done']);
    expect(await clinic.count('intents', `id IN (${intents.map((intent) => `'${intent.id}'`)})`)).toBe(3);
    expect(
      await clinic.count(
        'appointments',
        `starts_at BETWEEN '2026-11-25T09:00:00Z' AND '2026-11-25T10:00:00Z'`,
      ),
    ).toBe(3);
  });

  it('decides the intents of a push in the order of their numbers, however they were listed', async () => {
    const patientId = newId();
    const create = desk.intent('patient.create', {
      patientId,
      givenName: 'Ola',
      familyName: 'Nowa',
      birthDate: null,
      phone: null,
      email: null,
      language: 'pl',
      consentSms: false,
      consentEmail: false,
      notes: '',
    });
    const book = desk.intent('appointment.book', visitArgs(at('2026-11-25 13:00'), { patientId }));
    const [booked, created] = await desk.push(book, create);
    expect(created?.status).toBe('done');
    expect(booked?.status).toBe('done');
  });

  it('refuses a number that was used for another intent, and decides those beside it', async () => {
    const first = desk.intent('appointment.book', visitArgs(at('2026-11-26 08:00')));
    await desk.push(first);
    const forged = { ...desk.intent('appointment.book', visitArgs(at('2026-11-26 09:00'))), n: first.n };
    const next = desk.intent('appointment.book', visitArgs(at('2026-11-26 10:00')));
    const [bad, good] = await desk.push(forged, next);
    expect(bad?.status).toBe('failed');
    expect(bad?.outcome).toMatchObject({ code: 'input.invalid' });
    expect(good?.status).toBe('done');
    expect(await clinic.count('appointments', `starts_at = '2026-11-26T08:00:00Z'`)).toBe(0);
  });
});

describe('acts', () => {
  it('frees the old slot and takes the new one in one commit', async () => {
    const args = visitArgs(at('2026-11-27 08:00'));
    await desk.push(desk.intent('appointment.book', args));
    const [moved] = await desk.push(
      desk.intent('appointment.reschedule', {
        appointmentId: args.appointmentId,
        doctorId: okafor,
        locationId: harbour,
        startsAt: at('2026-11-27 09:00'),
        durationMinutes: null,
      }),
    );
    expect(moved?.status).toBe('done');
    const { rows } = await clinic.database.adminPool.query(
      'SELECT doctor_id, sequence FROM appointments WHERE id = $1',
      [args.appointmentId],
    );
    expect(rows).toEqual([{ doctor_id: okafor, sequence: 1 }]);
    expect((await clinic.visitor.public.book.mutate(online(at('2026-11-27 08:00')))).kind).toBe('booked');
  });

  it('writes the timeline, the messages and the audit log with the visit', async () => {
    const answer = await clinic.visitor.public.book.mutate(online(at('2026-11-27 11:00')));
    if (answer.kind !== 'booked') throw new Error('not booked');
    expect(
      await clinic.count(
        'appointment_events',
        `appointment_id = '${answer.visit.id}' AND to_status = 'booked'`,
      ),
    ).toBe(1);
    expect(
      await clinic.count(
        'notifications',
        `appointment_id = '${answer.visit.id}' AND kind = 'confirmed' AND channel = 'email'`,
      ),
    ).toBe(1);
    expect(await clinic.count('audit_log', `action = 'appointment.book-online done'`)).toBeGreaterThan(0);
  });

  it('keeps a request that needs accepting as pending, and its slot with it', async () => {
    const answer = await clinic.visitor.public.book.mutate(
      online(at('2026-11-27 12:00'), { appointmentTypeId: asked }),
    );
    expect(answer).toMatchObject({ kind: 'booked', status: 'pending' });
    expect(
      (await clinic.visitor.public.book.mutate(online(at('2026-11-27 12:00'), { appointmentTypeId: asked })))
        .kind,
    ).toBe('refused');
  });

  it('takes a cancellation back only while the slot is free', async () => {
    const args = visitArgs(at('2026-11-27 14:00'));
    await desk.push(
      desk.intent('appointment.book', args),
      desk.intent('appointment.cancel', { appointmentId: args.appointmentId, reason: 'patient rang' }),
    );
    const [undone] = await desk.push(desk.intent('appointment.undo', { appointmentId: args.appointmentId }));
    expect(undone?.status).toBe('done');
    await desk.push(
      desk.intent('appointment.cancel', { appointmentId: args.appointmentId, reason: 'again' }),
    );
    await clinic.visitor.public.book.mutate(online(at('2026-11-27 14:00')));
    const [late] = await desk.push(desk.intent('appointment.undo', { appointmentId: args.appointmentId }));
    expect(late?.status).toBe('refused');
  });

  it('keeps a block from visitors until it is taken away', async () => {
    const exceptionId = newId();
    await desk.push(
      desk.intent('time.block', {
        exceptionId,
        doctorId: nowak,
        locationId: harbour,
        date: '2026-11-30',
        startsAt: '09:00',
        endsAt: '10:00',
        reason: 'Meeting',
      }),
    );
    const refused = await clinic.visitor.public.book.mutate(online(at('2026-11-30 09:00')));
    expect(refused.kind === 'refused' && refused.reasons.map((reason) => reason.code)).toEqual(['block']);
    expect(JSON.stringify(refused)).not.toContain('Meeting');
    await desk.push(desk.intent('time.unblock', { exceptionId }));
    expect((await clinic.visitor.public.book.mutate(online(at('2026-11-30 09:00')))).kind).toBe('booked');
  });

  it('judges what was done offline by the time it was done', async () => {
    const args = visitArgs(at('2026-11-23 10:00'));
    const intent = desk.intent('appointment.book', args, { madeAt: at('2026-11-23 09:55') });
    clinic.clock.now = at('2026-11-23 14:00');
    const again = await clinic.signIn(undefined, desk.deviceId);
    const [late] = await again.push(intent);
    expect(late?.status).toBe('done');
    const [tooLate] = await again.push({
      ...intent,
      id: newId(),
      n: (intent.n ?? 0) + 1000,
      args: visitArgs(at('2026-11-23 11:00')),
      madeAt: at('2026-11-23 13:00'),
    });
    expect(tooLate?.status).toBe('refused');
  });

  it('puts what it refuses a desk into needs attention, with the reason and the nearest times', async () => {
    const startsAt = at('2026-12-01 08:00');
    await clinic.visitor.public.book.mutate(online(startsAt));
    const intent = desk.intent('appointment.book', visitArgs(startsAt));
    const [refused] = await desk.push(intent);
    const decision = refused?.outcome as unknown as Extract<Decision, { kind: 'refused' }>;
    expect(refused?.status).toBe('refused');
    expect(decision.alternatives).toHaveLength(3);
    const { rows } = await clinic.database.adminPool.query<{
      kind: string;
      patient_id: string;
      data: { act: string };
    }>('SELECT kind, patient_id, data FROM attention_items WHERE intent_id = $1', [intent.id]);
    expect(rows[0]).toMatchObject({ kind: 'refused', patient_id: anna, data: { act: 'appointment.book' } });
  });

  it('keeps two versions of one field for a person, and merges the others', async () => {
    const base = { phone: null, notes: '' };
    const [first, second] = await desk.push(
      desk.intent('patient.edit', { patientId: anna, changes: { phone: '+48601220418' }, base }),
      desk.intent('patient.edit', {
        patientId: anna,
        changes: { phone: '+48601220419', notes: 'prefers mornings' },
        base,
      }),
    );
    expect([first?.status, second?.status]).toEqual(['done', 'done']);
    const { rows } = await clinic.database.adminPool.query(
      'SELECT phone, notes FROM patients WHERE id = $1',
      [anna],
    );
    expect(rows[0]).toEqual({ phone: '+48601220418', notes: 'prefers mornings' });
    expect(await clinic.count('attention_items', `kind = 'conflict' AND patient_id = '${anna}'`)).toBe(1);
  });

  it('lets a doctor change the own agenda only', async () => {
    const doctor = await clinic.signIn('okafor@harbour.example');
    const [own, other] = await doctor.push(
      doctor.intent('appointment.book', visitArgs(at('2026-12-01 10:00'), { doctorId: okafor })),
      doctor.intent('appointment.book', visitArgs(at('2026-12-01 10:00'), { doctorId: nowak })),
    );
    expect(own?.status).toBe('done');
    expect(other?.outcome).toMatchObject({ reasons: [{ code: 'not-allowed' }] });
  });
});

describe('bad input', () => {
  const tuesday = () => at('2026-12-08 10:00');

  async function written(): Promise<number[]> {
    return await Promise.all(
      ['appointments', 'patients', 'intents', 'attention_items', 'audit_log', 'notifications'].map((table) =>
        clinic.count(table),
      ),
    );
  }

  const cases: [string, () => Promise<unknown>, unknown][] = [
    [
      'an unknown clinic',
      () => clinic.visitor.public.book.mutate(online(tuesday(), { clinic: 'nowhere' })),
      { code: 'clinic.unknown' },
    ],
    [
      'a doctor of another clinic',
      () => clinic.visitor.public.book.mutate(online(tuesday(), { doctorId: foreignDoctor })),
      { code: 'record.unknown' },
    ],
    [
      'a malformed phone',
      () => clinic.visitor.public.book.mutate(online(tuesday(), { patient: { ...visitor, phone: '12' } })),
      { code: 'input.invalid', fields: [{ field: 'patient.phone' }] },
    ],
    [
      'a date that does not exist',
      () =>
        clinic.visitor.public.book.mutate(
          online(tuesday(), { patient: { ...visitor, birthDate: '2025-02-30' } }),
        ),
      { code: 'input.invalid', fields: [{ field: 'patient.birthDate' }] },
    ],
    [
      'a range of slots without end',
      () =>
        clinic.visitor.public.slots.query({
          clinic: 'harbour',
          appointmentTypeId: single,
          doctorId: null,
          locationId: null,
          from: '2026-01-01' as never,
          until: '2027-01-01' as never,
        }),
      { code: 'input.invalid' },
    ],
    [
      'staff procedures without a token',
      () => clinic.visitor.sync.push.mutate({ wireVersion: 1, intents: [] }),
      { code: 'auth.required' },
    ],
    [
      'a wrong password',
      () =>
        clinic.visitor.auth.signIn.mutate({
          clinic: 'harbour',
          email: 'reception@harbour.example',
          password: 'wrong',
          device: { id: newId(), name: 'x', kind: 'web' },
        }),
      { code: 'auth.wrong' },
    ],
    [
      'another version of the wire',
      () => desk.client.sync.push.mutate({ wireVersion: 99, intents: [] }),
      { code: 'wire.version' },
    ],
  ];
  it.each(cases)('answers %s with a typed error and writes nothing', async (_name, send, expected) => {
    const before = await written();
    const error = await send().then(
      () => null,
      (caught: { data?: { medic?: unknown } }) => caught,
    );
    expect(error?.data?.medic).toMatchObject(expected as object);
    expect((error?.data?.medic as { message?: string } | undefined)?.message).toMatch(/^[A-Z]/);
    expect(await written()).toEqual(before);
  });

  const refusals: [string, () => Instant, Record<string, unknown>, string][] = [
    ['a time that has passed', () => at('2026-11-20 10:00'), {}, 'notice'],
    ['a time off the grid', () => at('2026-12-08 10:07'), {}, 'off-grid'],
    ['a time outside hours', () => at('2026-12-08 20:00'), {}, 'outside-hours'],
    [
      'a kind of visit for the telephone',
      () => at('2026-12-08 10:00'),
      { appointmentTypeId: deskOnly },
      'desk-only',
    ],
  ];
  it.each(refusals)('refuses %s by name and writes nothing', async (_name, startsAt, overrides, code) => {
    const before = await written();
    const answer = await clinic.visitor.public.book.mutate(online(startsAt(), overrides));
    expect(answer.kind === 'refused' && answer.reasons.map((reason) => reason.code)).toContain(code);
    expect(await written()).toEqual(before);
  });

  it('answers an oversized body with 413 and writes nothing', async () => {
    const before = await written();
    const response = await fetch(`${clinic.url}/api/trpc/public.book`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(online(tuesday(), { note: 'x'.repeat(2_000_000) })),
    });
    expect(response.status).toBe(413);
    expect(await written()).toEqual(before);
  });

  it('answers what is not JSON with 400', async () => {
    const response = await fetch(`${clinic.url}/api/trpc/public.book`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"a":',
    });
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain('node_modules');
  });

  const forgeries: [string, Record<string, unknown>, string][] = [
    ['for another clinic', { clinicId: newId() }, 'auth.forbidden'],
    ['with a forged actor', { userId: newId() }, 'auth.forbidden'],
    ['of another device', { deviceId: newId() }, 'auth.forbidden'],
    ['without a number', { n: null }, 'input.invalid'],
    ['with a malformed id', { id: 'x' }, 'input.invalid'],
  ];
  it.each(forgeries)(
    'answers an intent %s with its failure and writes nothing',
    async (_name, overrides, code) => {
      const before = await written();
      const [answer] = await desk.push({
        ...desk.intent('appointment.book', visitArgs(tuesday())),
        ...overrides,
      });
      expect(answer?.status).toBe('failed');
      expect(answer?.outcome).toMatchObject({ code });
      expect(await written()).toEqual(before);
    },
  );

  it('keeps an intent that nobody understands as failed, and goes on with the next', async () => {
    const [unknown, malformed, next] = await desk.push(
      desk.intent('appointment.teleport', {}),
      desk.intent('appointment.book', { startsAt: 'tomorrow' }),
      desk.intent('appointment.book', visitArgs(at('2026-12-09 10:00'))),
    );
    expect(unknown?.status).toBe('failed');
    expect(malformed?.outcome).toMatchObject({
      reasons: expect.arrayContaining([expect.objectContaining({ code: 'invalid', field: 'startsAt' })]),
    });
    expect(next?.status).toBe('done');
  });
});

it('gives the clinic to the next in line when one act meets a locked clock', async () => {
  const blocker = await clinic.database.adminPool.connect();
  try {
    await blocker.query('BEGIN');
    await blocker.query('UPDATE clinic_clocks SET seq = seq WHERE clinic_id = $1', [clinic.clinicId]);
    const error = await clinic.visitor.public.book.mutate(online(at('2026-12-10 10:00'))).then(
      () => null,
      (caught: { data?: { medic?: { code: string } } }) => caught.data?.medic?.code,
    );
    expect(error).toBe('clinic.busy');
  } finally {
    await blocker.query('ROLLBACK');
    blocker.release();
  }
  expect((await clinic.visitor.public.book.mutate(online(at('2026-12-10 10:00')))).kind).toBe('booked');
}, 20_000);

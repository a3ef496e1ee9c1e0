/** The acts of a visit's life against real Postgres: what the rules decide is what the constraints let stand. */
import type { Actor } from '@medic/shared/acts/act';
import { type ActArgs, type ActName, acts } from '@medic/shared/acts/registry';
import type { Intent } from '@medic/shared/model/intent';
import { at } from '@medic/shared/testing/builders';
import { type Instant, plusMinutes } from '@medic/shared/time/instant';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  anna,
  asked,
  harbour,
  monday,
  newId,
  nowak,
  openTestClinic,
  reception,
  single,
  type TestClinic,
} from '../testing/test-clinic';

let clinic: TestClinic;
beforeAll(async () => {
  clinic = await openTestClinic();
});
afterAll(() => clinic.close());
beforeEach(() => {
  clinic.clock.now = monday;
});

const staff: Actor = {
  kind: 'staff',
  id: reception,
  name: 'Ewa Front',
  roles: ['reception'],
  rights: ['overbook'],
  doctorId: null,
};
function visitor(holder: string): Actor {
  return { kind: 'patient', id: null, name: '', roles: [], rights: [], doctorId: null, holder };
}

async function ask<N extends ActName>(
  act: N,
  args: ActArgs<N>,
  actor = staff,
  requestId = newId(),
): Promise<Intent> {
  return await clinic.core.services.executor.execute({
    clinicId: clinic.clinicId,
    actor,
    act,
    actVersion: acts[act].version,
    args,
    requestId,
    device: null,
    baseSeq: 0,
    madeAt: null,
  });
}

async function must<N extends ActName>(act: N, args: ActArgs<N>, actor = staff): Promise<void> {
  const { status, outcome } = await ask(act, args, actor);
  expect(status, `${act} ${JSON.stringify(outcome)}`).toBe('done');
}

const codesOf = (intent: Intent): string[] =>
  ((intent.outcome.reasons ?? []) as { code: string; reason?: { code: string } }[]).map(
    ({ code, reason }) => reason?.code ?? code,
  );

const slot = (startsAt: Instant) => ({
  doctorId: nowak,
  locationId: harbour,
  appointmentTypeId: single,
  startsAt,
});
const visit = (startsAt: Instant, appointmentId = newId()) => ({
  ...slot(startsAt),
  appointmentId,
  patientId: anna,
  notes: '',
});
const online = (startsAt: Instant) => ({
  ...visit(startsAt),
  patientId: newId(),
  patient: {
    givenName: 'Ola',
    familyName: 'Nowa',
    birthDate: null,
    phone: null,
    email: 'ola@example.org',
    language: 'en',
    consentSms: false,
    consentEmail: true,
  },
});

async function startOf(id: string): Promise<Instant> {
  const { rows } = await clinic.database.adminPool.query<{ ms: string }>(
    'SELECT extract(epoch FROM starts_at) * 1000 AS ms FROM appointments WHERE id = $1',
    [id],
  );
  return Number(rows[0]?.ms) as Instant;
}

async function timelineOf(id: string): Promise<string[]> {
  const { rows } = await clinic.database.adminPool.query<{ act: string }>(
    'SELECT act FROM appointment_events WHERE appointment_id = $1 ORDER BY occurred_at, id',
    [id],
  );
  return rows.map((row) => row.act);
}

describe('several visits in one commit', () => {
  it('two neighbours exchange places, and back', async () => {
    const [a, b] = [visit(at('2026-11-24 09:00')), visit(at('2026-11-24 09:30'))];
    await must('appointment.book', a);
    await must('appointment.book', b);
    const pair = { firstId: a.appointmentId, secondId: b.appointmentId };
    await must('appointment.swap', pair);
    expect([await startOf(a.appointmentId), await startOf(b.appointmentId)]).toEqual([
      b.startsAt,
      a.startsAt,
    ]);
    await must('appointment.swap', pair);
    expect([await startOf(a.appointmentId), await startOf(b.appointmentId)]).toEqual([
      a.startsAt,
      b.startsAt,
    ]);
  });

  it('a row of visits moves, each into the place of the next, or not at all', async () => {
    const row = [0, 30, 60, 90].map((minutes) => visit(plusMinutes(at('2026-11-24 11:00'), minutes)));
    for (const each of row) await must('appointment.book', each);
    const appointmentIds = row.map((each) => each.appointmentId);
    await must('appointment.shift', { appointmentIds, minutes: 30 });
    const starts = await Promise.all(appointmentIds.map(startOf));
    expect(starts).toEqual(row.map((each) => plusMinutes(each.startsAt, 30)));
    await must('appointment.book', visit(plusMinutes(starts[3] as Instant, 30)));
    const refused = await ask('appointment.shift', { appointmentIds, minutes: 15 });
    expect([refused.status, codesOf(refused)]).toEqual(['refused', ['series']]);
    expect(await Promise.all(appointmentIds.map(startOf))).toEqual(starts);
  });
});

it('a move is taken back to where it was, with every step in the timeline', async () => {
  const moved = visit(at('2026-11-25 09:00'));
  const id = { appointmentId: moved.appointmentId };
  await must('appointment.book', moved);
  await must('appointment.confirm', id);
  await must('appointment.reschedule', { ...id, ...slot(at('2026-11-25 10:00')), durationMinutes: null });
  clinic.clock.now = plusMinutes(monday, 1);
  await must('appointment.undo', id);
  expect(await startOf(id.appointmentId)).toBe(moved.startsAt);
  expect(await clinic.count('appointments', `id = '${id.appointmentId}' AND confirmed_at IS NOT NULL`)).toBe(
    1,
  );
  expect(await timelineOf(id.appointmentId)).toEqual([
    'appointment.book',
    'appointment.confirm',
    'appointment.reschedule',
    'appointment.undo',
  ]);
});

it('a visit is overbooked over another, and keeps normal ones out', async () => {
  const startsAt = at('2026-11-25 12:00');
  await must('appointment.book', visit(startsAt));
  const over = { ...visit(startsAt), reason: 'In pain', overrides: ['same-patient' as const] };
  await must('appointment.overbook', over);
  expect(await clinic.count('appointments', `overbooked AND overbook_reason = 'In pain'`)).toBe(1);
  expect(codesOf(await ask('appointment.book', visit(startsAt)))).toContain('visit');
  await must('appointment.reschedule', {
    appointmentId: over.appointmentId,
    ...slot(at('2026-11-25 14:00')),
    durationMinutes: null,
  });
  expect(await clinic.count('appointments', 'overbooked')).toBe(0);
});

describe('holds', () => {
  it('keep a slot for their visitor, and go with the booking in one commit', async () => {
    const startsAt = at('2026-11-26 09:00');
    await must('slot.hold', { holdId: newId(), ...slot(startsAt) }, visitor('a'));
    expect(codesOf(await ask('appointment.book-online', online(startsAt), visitor('b')))).toEqual(['hold']);
    await must('appointment.book-online', online(startsAt), visitor('a'));
    expect(await clinic.count('slot_holds', 'NOT deleted')).toBe(0);
  });

  it('give one slot to one of 100 who hold and book at once', async () => {
    const startsAt = at('2026-11-26 11:00');
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, i) => {
        const who = visitor(`v${i}`);
        const held = await ask('slot.hold', { holdId: newId(), ...slot(startsAt) }, who);
        return [held.status, (await ask('appointment.book-online', online(startsAt), who)).status];
      }),
    );
    expect(answers.filter(([, booked]) => booked === 'done')).toHaveLength(1);
    expect(answers.flat().filter((status) => status === 'failed')).toEqual([]);
    expect(await clinic.count('appointments', `starts_at = '2026-11-26T10:00:00Z' AND holds_slot`)).toBe(1);
  });

  it('asked for twice with one id are one', async () => {
    const request = newId();
    const args = { holdId: newId(), ...slot(at('2026-11-26 13:00')) };
    const [first, again] = [
      await ask('slot.hold', args, visitor('twice'), request),
      await ask('slot.hold', args, visitor('twice'), request),
    ];
    expect([first.status, again.status]).toEqual(['done', 'done']);
    expect(await clinic.count('slot_holds', `holder = 'twice'`)).toBe(1);
  });
});

it('of two times suggested to two patients and accepted at once, one is booked', async () => {
  const startsAt = at('2026-11-27 09:00');
  const proposals = [visit(startsAt), visit(startsAt)];
  for (const each of proposals) await must('appointment.propose', each);
  const answers = await Promise.all(
    proposals.map(({ appointmentId }) => ask('appointment.accept', { appointmentId })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual(['done', 'refused']);
  expect(answers.flatMap(codesOf)).toEqual(['visit']);
});

it('a request holds its slot until it is declined', async () => {
  const request = { ...online(at('2026-11-27 12:00')), appointmentTypeId: asked };
  await must('appointment.book-online', request, visitor('r'));
  const second = { ...visit(request.startsAt), appointmentTypeId: asked };
  expect(codesOf(await ask('appointment.book', second))).toEqual(['visit']);
  await must('appointment.decline', { appointmentId: request.appointmentId, reason: 'Away' });
  await must('appointment.book', second);
});

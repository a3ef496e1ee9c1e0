/** Series and the waitlist against real Postgres: all or nothing, and the first to accept, also when all come at once. */
import type { Actor } from '@medic/shared/acts/act';
import { type ActArgs, type ActName, acts } from '@medic/shared/acts/registry';
import type { Intent } from '@medic/shared/model/intent';
import { at } from '@medic/shared/testing/builders';
import { type Instant, plusMinutes } from '@medic/shared/time/instant';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  anna,
  group,
  harbour,
  monday,
  newId,
  nowak,
  okafor,
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
  rights: [],
  doctorId: null,
};
function signedIn(patientId: string): Actor {
  return { kind: 'patient', id: patientId, name: '', roles: [], rights: [], doctorId: null };
}

async function ask<N extends ActName>(act: N, args: ActArgs<N>, actor = staff): Promise<Intent> {
  return await clinic.core.services.executor.execute({
    clinicId: clinic.clinicId,
    actor,
    act,
    actVersion: acts[act].version,
    args,
    requestId: newId(),
    device: null,
    baseSeq: 0,
    madeAt: null,
  });
}

async function must<N extends ActName>(act: N, args: ActArgs<N>, actor = staff): Promise<void> {
  const { status, outcome } = await ask(act, args, actor);
  expect(status, `${act} ${JSON.stringify(outcome)}`).toBe('done');
}

async function rows<T extends object>(sql: string, ...values: unknown[]): Promise<T[]> {
  const found = await clinic.database.adminPool.query<T>(sql, values);
  return found.rows;
}

/** Nowak's series of 30 minutes. */
function series(startsAt: Instant, rrule: string, visits: number): ActArgs<'series.book'> {
  return {
    seriesId: newId(),
    appointmentIds: Array.from({ length: visits }, () => newId()),
    patientId: anna,
    doctorId: nowak,
    locationId: harbour,
    appointmentTypeId: single,
    startsAt,
    notes: '',
    rrule,
  };
}

async function startsOf(seriesId: string): Promise<string[]> {
  const found = await rows<{ shown: string }>(
    `SELECT to_char(starts_at AT TIME ZONE 'Europe/Warsaw', 'MM-DD HH24:MI') AS shown
     FROM appointments WHERE series_id = $1 AND holds_slot ORDER BY starts_at`,
    seriesId,
  );
  return found.map(({ shown }) => shown);
}

describe('a series', () => {
  it('of 104 visits is one commit, with a timeline of each and one message', async () => {
    const args = series(at('2027-01-04 08:00'), 'FREQ=WEEKLY;BYDAY=MO;COUNT=104', 104);
    const began = performance.now();
    await must('series.book', args);
    const took = performance.now() - began;
    expect(await clinic.count('appointments', `series_id = '${args.seriesId}'`)).toBe(104);
    expect(
      await clinic.count(
        'appointment_events',
        `act = 'series.book' AND appointment_id IN
        (SELECT id FROM appointments WHERE series_id = '${args.seriesId}')`,
      ),
    ).toBe(104);
    const kinds = await rows<{ kind: string }>(
      'SELECT kind FROM notifications WHERE appointment_id = ANY($1)',
      args.appointmentIds,
    );
    expect(new Set(kinds.map(({ kind }) => kind))).toEqual(new Set(['series-summary']));
    expect(took).toBeLessThan(5_000);
  });

  it('moves through its own times, is cut in two, and is cancelled, as the constraints allow', async () => {
    const args = series(at('2026-11-24 09:00'), 'FREQ=WEEKLY;BYDAY=TU,WE,TH;COUNT=6', 6);
    const [first, , , fourth] = args.appointmentIds;
    await must('series.book', args);
    const to = { seriesId: args.seriesId, doctorId: nowak, locationId: harbour };
    await must('series.reschedule', {
      ...to,
      appointmentId: first as string,
      scope: 'all',
      startsAt: at('2026-11-25 09:00'),
    });
    expect(await startsOf(args.seriesId)).toEqual([
      '11-25 09:00',
      '11-26 09:00',
      '11-27 09:00',
      '12-02 09:00',
      '12-03 09:00',
      '12-04 09:00',
    ]);
    const restId = newId();
    await must('series.reschedule', {
      ...to,
      appointmentId: fourth as string,
      scope: 'following',
      startsAt: at('2026-12-02 10:00'),
      restId,
    });
    expect(await startsOf(args.seriesId)).toEqual(['11-25 09:00', '11-26 09:00', '11-27 09:00']);
    expect(await startsOf(restId)).toEqual(['12-02 10:00', '12-03 10:00', '12-04 10:00']);
    await must('series.cancel', {
      seriesId: restId,
      appointmentId: fourth as string,
      scope: 'all',
      reason: 'no longer needed',
    });
    expect(await startsOf(restId)).toEqual([]);
  });

  it('leaves nothing behind where one time is taken', async () => {
    const { patientId, doctorId, locationId, appointmentTypeId, notes } = series(monday, '', 0);
    await must('appointment.book', {
      appointmentId: newId(),
      patientId,
      doctorId,
      locationId,
      appointmentTypeId,
      notes,
      startsAt: at('2026-12-10 14:00'),
    });
    const args = series(at('2026-12-09 14:00'), 'FREQ=DAILY;COUNT=2', 2);
    const refused = await ask('series.book', args);
    expect(refused.outcome.reasons).toMatchObject([{ code: 'series', startsAt: at('2026-12-10 14:00') }]);
    expect(await clinic.count('appointment_series', `id = '${args.seriesId}'`)).toBe(0);
    expect(await clinic.count('appointments', `series_id = '${args.seriesId}'`)).toBe(0);
  });

  it('of 20 that cross each other at once, one is booked, whole', async () => {
    const asked = Array.from({ length: 20 }, (_, i) =>
      // Every one meets every other on the first Friday, and has times of its own besides.
      series(at('2027-03-05 12:00'), `FREQ=WEEKLY;INTERVAL=${i + 1};BYDAY=FR;COUNT=3`, 3),
    );
    const answers = await Promise.all(asked.map((args) => ask('series.book', args)));
    expect(answers.filter(({ status }) => status === 'done')).toHaveLength(1);
    const ids = asked.map(({ seriesId }) => `'${seriesId}'`).join(', ');
    expect(await clinic.count('appointments', `series_id IN (${ids})`)).toBe(3);
    expect(await clinic.count('appointment_series', `id IN (${ids})`)).toBe(1);
  });
});

/** Patients of the waitlist, each with an open offer of one time. */
async function offered(count: number, startsAt: Instant, appointmentTypeId = single) {
  const waiting = Array.from({ length: count }, (_, i) => ({
    patientId: newId(),
    entryId: newId(),
    offerId: newId(),
    givenName: `Waiting ${i}`,
  }));
  await Promise.all(
    waiting.map(({ patientId, givenName }) =>
      must('patient.create', {
        patientId,
        givenName,
        familyName: newId(),
        birthDate: null,
        phone: null,
        email: `${patientId}@example.org`,
        language: 'en',
        consentSms: false,
        consentEmail: true,
        notes: '',
      }),
    ),
  );
  await Promise.all(
    waiting.map(({ patientId, entryId }) =>
      must('waitlist.add', {
        entryId,
        patientId,
        appointmentTypeId,
        doctorIds: [],
        locationIds: [],
        weekdays: [],
        partsOfDay: [],
        earliestOn: null,
        latestOn: null,
        urgency: 'routine',
        note: '',
      }),
    ),
  );
  for (let i = 0; i < count; i += 10) {
    await must('waitlist.offer', {
      offers: waiting.slice(i, i + 10).map(({ entryId, offerId }) => ({ entryId, offerId })),
      slot: { doctorId: okafor, locationId: harbour, startsAt },
      expiresAt: plusMinutes(monday, 120),
    });
  }
  return waiting;
}

async function offerStatuses(startsAt: Instant): Promise<Record<string, number>> {
  const found = await rows<{ status: string; n: number }>(
    `SELECT status, count(*)::int AS n FROM waitlist_offers
     WHERE starts_at = to_timestamp($1::float8 / 1000) GROUP BY status`,
    startsAt,
  );
  return Object.fromEntries(found.map(({ status, n }) => [status, n]));
}

function accept({ patientId, entryId, offerId }: { patientId: string; entryId: string; offerId: string }) {
  return ask('waitlist.accept', { entryId, offerId, appointmentId: newId() }, signedIn(patientId));
}

describe('offers', () => {
  it('of one time accepted by 100 at once: one gets it, the others hear that it is over', async () => {
    const startsAt = at('2026-11-24 10:00');
    const waiting = await offered(100, startsAt);
    clinic.clock.now = plusMinutes(monday, 10);
    const answers = await Promise.all(waiting.map(accept));
    expect(answers.filter(({ status }) => status === 'done')).toHaveLength(1);
    expect(
      new Set(
        answers.flatMap(({ status, outcome }) =>
          status === 'done' ? [] : (outcome.reasons as { code: string }[]).map(({ code }) => code),
        ),
      ),
    ).toEqual(new Set(['offer-ended']));
    expect(await offerStatuses(startsAt)).toEqual({ accepted: 1, withdrawn: 99 });
    expect(await clinic.count('appointments', `starts_at = '2026-11-24T09:00:00Z' AND holds_slot`)).toBe(1);
    expect(
      await clinic.count('notifications', `kind = 'waitlist-offer' AND payload->>'withdrawn' = 'true'`),
    ).toBe(99);
    expect(await clinic.count('waitlist_entries', `status = 'waiting'`)).toBe(99);
  });

  it('of a class with eight seats go to eight of twenty', async () => {
    const startsAt = at('2026-11-25 10:00');
    const waiting = await offered(20, startsAt, group);
    const answers = await Promise.all(waiting.map(accept));
    expect(answers.filter(({ status }) => status === 'done')).toHaveLength(8);
    expect(await offerStatuses(startsAt)).toEqual({ accepted: 8, withdrawn: 12 });
  });

  it('are withdrawn by whoever books the time on another road', async () => {
    const startsAt = at('2026-11-26 10:00');
    const [one] = await offered(1, startsAt);
    if (!one) throw new Error('nobody waits');
    clinic.clock.now = plusMinutes(monday, 10);
    await must('appointment.book', {
      appointmentId: newId(),
      patientId: anna,
      doctorId: okafor,
      locationId: harbour,
      appointmentTypeId: single,
      startsAt,
      notes: '',
    });
    expect(await offerStatuses(startsAt)).toEqual({ withdrawn: 1 });
    expect((await accept(one)).outcome.reasons).toEqual([{ code: 'offer-ended', why: 'withdrawn' }]);
    expect(
      await clinic.count(
        'notifications',
        `patient_id = '${one.patientId}' AND payload->>'withdrawn' = 'true'`,
      ),
    ).toBe(1);
  });

  it('that have expired make room for a new one of the same time', async () => {
    const startsAt = at('2026-11-27 10:00');
    const [one] = await offered(1, startsAt);
    if (!one) throw new Error('nobody waits');
    clinic.clock.now = plusMinutes(monday, 121);
    expect((await accept(one)).outcome.reasons).toEqual([{ code: 'offer-ended', why: 'expired' }]);
    const again = { ...one, offerId: newId() };
    await must('waitlist.offer', {
      offers: [{ entryId: one.entryId, offerId: again.offerId }],
      slot: { doctorId: okafor, locationId: harbour, startsAt },
      expiresAt: plusMinutes(monday, 300),
    });
    expect(await offerStatuses(startsAt)).toEqual({ expired: 1, open: 1 });
    expect((await accept(again)).status).toBe('done');
  });
});

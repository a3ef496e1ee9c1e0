/**
 * A hundred at once on real Postgres, half of them in another server process: who loses is told so, with other times;
 * nobody is told of locks, nothing hangs, and never are two in one place.
 */

import type { ActArgs, ActName } from '@medic/shared/acts/registry';
import type { Slot } from '@medic/shared/availability/query';
import { MedicError } from '@medic/shared/errors';
import type { Appointment } from '@medic/shared/model/appointment';
import type { Intent } from '@medic/shared/model/intent';
import { syncedRecords } from '@medic/shared/model/records';
import { anAppointment, aPatient, at, idOf } from '@medic/shared/testing/builders';
import { type Instant, plusMinutes } from '@medic/shared/time/instant';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { putRecords } from '../db/records';
import { sqlStateOf } from '../db/sql-state';
import { underClock } from '../db/testing/base-clinic';
import { openBrowser } from '../testing/browser';
import {
  asked,
  group,
  harbour,
  monday,
  newId,
  nowak,
  okafor,
  openTestClinic,
  single,
  type TestClinic,
} from '../testing/test-clinic';
import { type AnotherProcess, openAnotherProcess } from './testing/another-process';
import { type Asking, alternativesOf, ask as askOf, codesOf, signedIn, visitor } from './testing/asking';
import { doubleBookings, timelineGaps } from './testing/what-stands';

const crowd = 100;
/** On two slow cores a hundred acts take about one second; whatever hangs takes for ever. */
const longestMs = 20_000;

let clinic: TestClinic;
let other: AnotherProcess;

beforeAll(async () => {
  clinic = await openTestClinic();
  other = await openAnotherProcess(clinic.database.url, { now: () => clinic.clock.now });
  await underClock(clinic.database.adminPool, clinic.clinicId, (tx) =>
    putRecords(
      tx,
      syncedRecords.patient,
      Array.from({ length: crowd }, (_, i) =>
        aPatient({
          id: patientOf(i),
          givenName: `Given ${i}`,
          familyName: `Family ${i}`,
          email: `p${i}@example.org`,
        }),
      ),
    ),
  );
});
afterAll(async () => {
  await other.close();
  await clinic.close();
});
beforeEach(() => {
  clinic.clock.now = monday;
});
afterEach(async () => {
  expect(await doubleBookings(clinic.database.adminPool)).toEqual([]);
  expect(await timelineGaps(clinic.database.adminPool)).toEqual([]);
});

function patientOf(i: number): string {
  return idOf('patient', 100 + i);
}

/** Every second one asks the other process. */
async function ask<N extends ActName>(i: number, act: N, args: ActArgs<N>, asking?: Asking): Promise<Intent> {
  const executor = i % 2 === 0 ? clinic.core.services.executor : other.executor;
  return await askOf(executor, clinic.clinicId, act, args, asking);
}

async function must<N extends ActName>(act: N, args: ActArgs<N>, asking?: Asking): Promise<void> {
  const { status, outcome } = await ask(0, act, args, asking);
  expect(status, `${act} ${JSON.stringify(outcome)}`).toBe('done');
}

/** All at once, within the time that they may take. Whatever is thrown fails the test: nobody is told of locks. */
async function atOnce<T>(count: number, work: (i: number) => Promise<T>): Promise<T[]> {
  const began = performance.now();
  const answers = await Promise.all(Array.from({ length: count }, (_, i) => work(i)));
  expect(performance.now() - began).toBeLessThan(longestMs);
  return answers;
}

/** Exactly so many won; each loser has one of these reasons, and free times that are not the one in question. */
function expectWinners(
  answers: readonly Intent[],
  winners: number,
  lost: readonly string[],
  slot: { doctorId: string; startsAt: Instant },
): Intent[] {
  const won = answers.filter(({ status }) => status === 'done');
  expect(won).toHaveLength(winners);
  for (const intent of answers) {
    if (intent.status === 'done') continue;
    expect(intent.status).toBe('refused');
    expect(lost).toContain(codesOf(intent)[0]);
    const others = alternativesOf(intent);
    expect(others.length).toBeGreaterThan(0);
    expect(
      others.some((free: Slot) => free.doctorId === slot.doctorId && free.startsAt === slot.startsAt),
    ).toBe(false);
  }
  return won;
}

async function heldAt(startsAt: Instant, doctorId = nowak): Promise<{ status: string; seat: number }[]> {
  const { rows } = await clinic.database.adminPool.query<{ status: string; seat: number }>(
    `SELECT status, seat FROM appointments WHERE holds_slot AND doctor_id = $1 AND starts_at = $2 ORDER BY seat`,
    [doctorId, new Date(startsAt).toISOString()],
  );
  return rows;
}

const slotOf = (startsAt: Instant, appointmentTypeId = single, doctorId = nowak) => ({
  doctorId,
  locationId: harbour,
  appointmentTypeId,
  startsAt,
});
const visitOf = (i: number, startsAt: Instant, appointmentTypeId = single) => ({
  ...slotOf(startsAt, appointmentTypeId),
  appointmentId: newId(),
  patientId: patientOf(i),
  notes: '',
});
const form = (i: number) => ({
  givenName: 'Ola',
  familyName: `Nowa ${i}`,
  birthDate: null,
  phone: null,
  email: `ola${i}@example.org`,
  language: 'en',
  consentSms: false,
  consentEmail: true,
});
const onlineOf = (i: number, startsAt: Instant, appointmentTypeId = single) => ({
  ...visitOf(i, startsAt, appointmentTypeId),
  patientId: newId(),
  patient: form(i),
});

describe('one slot', () => {
  it('goes to one of 100 at the desk', async () => {
    const startsAt = at('2026-11-24 10:00');
    const answers = await atOnce(crowd, (i) => ask(i, 'appointment.book', visitOf(i, startsAt)));
    expectWinners(answers, 1, ['visit'], slotOf(startsAt));
    expect(await heldAt(startsAt)).toHaveLength(1);
  });

  it('goes to one of 100 whose visits overlap it from both sides', async () => {
    const startsAt = at('2026-11-24 12:00');
    const answers = await atOnce(crowd, (i) =>
      ask(i, 'appointment.book', visitOf(i, plusMinutes(startsAt, ((i % 3) - 1) * 15))),
    );
    const won = answers.filter(({ status }) => status === 'done').length;
    // The two outer ones touch each other; the middle one alone keeps both out.
    expect([1, 2]).toContain(won);
    for (const intent of answers) if (intent.status !== 'done') expect(codesOf(intent)[0]).toBe('visit');
  });

  it('is requested by one or booked by one, never both', async () => {
    const startsAt = at('2026-11-25 10:00');
    const answers = await atOnce(crowd, (i) =>
      i % 4 < 2
        ? ask(i, 'appointment.book-online', onlineOf(i, startsAt, asked), { actor: visitor(`ask ${i}`) })
        : ask(i, 'appointment.book', visitOf(i, startsAt)),
    );
    const [won] = expectWinners(answers, 1, ['visit'], slotOf(startsAt));
    expect(await heldAt(startsAt)).toEqual([
      { status: won?.act === 'appointment.book' ? 'booked' : 'pending', seat: 1 },
    ]);
  });

  it('that was suggested to 100 goes to one of those who accept it', async () => {
    const startsAt = at('2026-11-26 10:00');
    const suggested = await atOnce(crowd, async (i) => {
      const visit = visitOf(i, startsAt);
      await must('appointment.propose', visit);
      return visit;
    });
    const answers = await atOnce(crowd, (i) => {
      const { appointmentId, patientId } = suggested[i] as (typeof suggested)[number];
      return ask(
        i,
        'appointment.accept',
        { appointmentId },
        i % 3 === 0 ? {} : { actor: signedIn(patientId) },
      );
    });
    expectWinners(answers, 1, ['visit'], slotOf(startsAt));
    expect(await clinic.count('appointments', `status = 'proposed'`)).toBe(crowd - 1);
  });

  it('is moved into by one or booked by one; who can’t move stays where they are', async () => {
    const startsAt = at('2026-11-27 15:00');
    const movers = await atOnce(50, async (i) => {
      const from = plusMinutes(at(`2026-12-0${1 + Math.floor(i / 13)} 08:00`), (i % 13) * 30);
      const visit = visitOf(i, from);
      await must('appointment.book', visit);
      return visit;
    });
    const answers = await atOnce(crowd, (i) => {
      const mover = movers[i];
      return mover
        ? ask(i, 'appointment.reschedule', {
            appointmentId: mover.appointmentId,
            doctorId: nowak,
            locationId: harbour,
            startsAt,
            durationMinutes: null,
          })
        : ask(i, 'appointment.book', visitOf(i, startsAt));
    });
    const [won] = expectWinners(answers, 1, ['visit'], slotOf(startsAt));
    expect(await heldAt(startsAt)).toHaveLength(1);
    let stayed = 0;
    for (const mover of movers) stayed += (await heldAt(mover.startsAt)).length;
    expect(stayed).toBe(won?.act === 'appointment.reschedule' ? 49 : 50);
  });

  it('is held and booked by one, and staff who ask first keep visitors out as they are kept out', async () => {
    const startsAt = at('2026-11-30 10:00');
    const answers = await atOnce(crowd, async (i) => {
      if (i % 2 === 1) return [await ask(i >> 1, 'appointment.book', visitOf(i, startsAt))];
      const actor = visitor(`hold ${i}`);
      const held = await ask(i >> 1, 'slot.hold', { holdId: newId(), ...slotOf(startsAt) }, { actor });
      return [held, await ask(i >> 1, 'appointment.book-online', onlineOf(i, startsAt), { actor })];
    });
    const booked = answers.map((each) => each.at(-1) as Intent);
    const [won] = expectWinners(booked, 1, ['visit', 'hold'], slotOf(startsAt));
    expect(await heldAt(startsAt)).toHaveLength(1);
    if (won?.act === 'appointment.book-online')
      expect(await clinic.count('slot_holds', 'NOT deleted')).toBe(0);
  });

  it('is held by one of 100 browsers over HTTP, who books it while the others try to', async () => {
    const startsAt = at('2026-12-07 10:00');
    const proof = { challenge: '', nonces: [] };
    const where = { clinic: clinic.slug, ...slotOf(startsAt) };
    const answers = await atOnce(crowd, async (i) => {
      const { client } = openBrowser(clinic.url);
      const held = await client.public.hold.mutate({ ...where, requestId: newId(), proof });
      const booked = await client.public.book.mutate({
        ...where,
        requestId: newId(),
        patient: form(i),
        note: '',
        proof,
      });
      return { held, booked };
    });
    expect(answers.filter(({ held }) => held.kind === 'held').length).toBeGreaterThanOrEqual(1);
    expect(answers.filter(({ booked }) => booked.kind === 'booked')).toHaveLength(1);
    for (const { booked } of answers) {
      if (booked.kind !== 'refused') continue;
      expect(booked.alternatives.length).toBeGreaterThan(0);
      expect(['hold', 'visit']).toContain(booked.reasons[0]?.code);
    }
    expect(await heldAt(startsAt)).toHaveLength(1);
  });
});

describe('seats', () => {
  it('of a class of eight go to exactly eight of 100, by the desk and the page, booked, held and moved into', async () => {
    const startsAt = at('2026-12-08 11:00');
    const movers = await atOnce(6, async (i) => {
      const visit = visitOf(i, at('2026-12-08 13:00'), group);
      await must('appointment.book', visit);
      return visit;
    });
    const answers = await atOnce(crowd, async (i) => {
      const mover = movers[i];
      if (mover)
        return await ask(i, 'appointment.reschedule', {
          appointmentId: mover.appointmentId,
          doctorId: nowak,
          locationId: harbour,
          startsAt,
          durationMinutes: null,
        });
      if (i % 3 === 0) return await ask(i, 'appointment.book', visitOf(i, startsAt, group));
      const actor = visitor(`seat ${i}`);
      if (i % 3 === 1) await ask(i, 'slot.hold', { holdId: newId(), ...slotOf(startsAt, group) }, { actor });
      return await ask(i, 'appointment.book-online', onlineOf(i, startsAt, group), { actor });
    });
    expectWinners(answers, 8, ['full', 'hold'], slotOf(startsAt));
    expect((await heldAt(startsAt)).map(({ seat }) => seat)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('and other visits never share a time', async () => {
    const startsAt = at('2026-12-09 11:00');
    const answers = await atOnce(crowd, (i) =>
      ask(i, 'appointment.book', visitOf(i, startsAt, i % 2 === 0 ? single : group)),
    );
    const won = answers.filter(({ status }) => status === 'done');
    const isClass = won[0]?.args.appointmentTypeId === group;
    expectWinners(answers, isClass ? 8 : 1, ['visit', 'full'], slotOf(startsAt));
    expect(new Set(won.map(({ args }) => args.appointmentTypeId)).size).toBe(1);
  });
});

it('an offered time goes to one of 100 who accept; the others hear that it is taken, and wait on', async () => {
  const startsAt = at('2026-12-10 10:00');
  const entries = await atOnce(crowd, async (i) => {
    const entry = { entryId: newId(), offerId: newId(), patientId: patientOf(i) };
    await must('waitlist.add', {
      entryId: entry.entryId,
      patientId: entry.patientId,
      appointmentTypeId: single,
      doctorIds: [],
      locationIds: [],
      weekdays: [],
      partsOfDay: [],
      earliestOn: null,
      latestOn: null,
      urgency: 'soon',
      note: '',
    });
    return entry;
  });
  for (let i = 0; i < crowd; i += 10) {
    await must('waitlist.offer', {
      offers: entries.slice(i, i + 10).map(({ entryId, offerId }) => ({ entryId, offerId })),
      slot: { doctorId: nowak, locationId: harbour, startsAt },
      expiresAt: plusMinutes(monday, 120),
    });
  }
  const answers = await atOnce(crowd, (i) => {
    const { entryId, offerId, patientId } = entries[i] as (typeof entries)[number];
    return ask(
      i,
      'waitlist.accept',
      { entryId, offerId, appointmentId: newId() },
      i % 5 === 0 ? {} : { actor: signedIn(patientId) },
    );
  });
  expect(answers.filter(({ status }) => status === 'done')).toHaveLength(1);
  expect(new Set(answers.flatMap(codesOf))).toEqual(new Set(['offer-ended']));
  expect(await heldAt(startsAt)).toHaveLength(1);
  expect(await clinic.count('waitlist_entries', `status = 'booked'`)).toBe(1);
  expect(await clinic.count('waitlist_entries', `status = 'waiting'`)).toBe(crowd - 1);
  expect(await clinic.count('waitlist_offers', `status = 'withdrawn'`)).toBe(crowd - 1);
});

describe('over an overbooked visit', () => {
  it('no normal visit comes to lie, whichever of 100 is first', async () => {
    const startsAt = at('2026-12-11 10:00');
    const answers = await atOnce(crowd, (i) =>
      i % 2 === 0
        ? ask(i >> 1, 'appointment.book', visitOf(i, startsAt))
        : ask(i >> 1, 'appointment.overbook', { ...visitOf(i, startsAt), reason: 'In pain' }),
    );
    const booked = answers.filter(({ act }) => act === 'appointment.book');
    expect(booked.filter(({ status }) => status === 'done').length).toBeLessThanOrEqual(1);
    expect(answers.filter(({ act, status }) => act !== 'appointment.book' && status === 'done')).toHaveLength(
      50,
    );
    // The first to come stands as any other does, all the later ones over it.
    expect(await clinic.count('appointments', `overbooked AND starts_at = '2026-12-11T09:00:00Z'`)).toBe(
      49 + booked.filter(({ status }) => status === 'done').length,
    );
  });

  it('the database refuses one too that goes past the rules, in the midst of those that keep them', async () => {
    const startsAt = at('2026-12-11 12:00');
    await must('appointment.book', visitOf(98, startsAt));
    await must('appointment.overbook', { ...visitOf(99, startsAt), reason: 'In pain' });
    const raw = async (i: number, underTheClock: boolean): Promise<string | undefined> => {
      const record: Appointment = anAppointment({
        ...visitOf(i, startsAt),
        // Beside the first visit, so that only the overbooked one is in the way of some.
        endsAt: plusMinutes(startsAt, 30),
        reservedFrom: startsAt,
        reservedUntil: plusMinutes(startsAt, 30),
      });
      return await underClock(clinic.database.appPool, clinic.clinicId, async (tx) => {
        if (!underTheClock) await tx.query('SELECT pg_sleep(0.001)');
        await putRecords(tx, syncedRecords.appointment, [record]);
      }).then(
        () => undefined,
        (error: unknown) => sqlStateOf(error) ?? String(error),
      );
    };
    const [answers, states] = await Promise.all([
      atOnce(50, (i) => ask(i, 'appointment.book', visitOf(i, startsAt))),
      atOnce(50, (i) => raw(i, i % 2 === 0)),
    ]);
    expectWinners(answers, 0, ['visit'], slotOf(startsAt));
    expect(new Set(states)).toEqual(new Set(['23P01']));
  });
});

it('a record is merged while visits are booked for it: all of them are the other record’s in the end', async () => {
  const [keptId, mergedId] = [patientOf(0), patientOf(1)];
  const startsAt = (i: number) => plusMinutes(at(`2027-01-${11 + Math.floor(i / 12)} 08:00`), (i % 12) * 30);
  const answers = await atOnce(crowd, async (i) => {
    if (i === 40) return await ask(i, 'patient.merge', { mergeId: newId(), keptId, mergedId, fields: {} });
    const visit = { ...visitOf(i, startsAt(i % 50)), patientId: mergedId };
    return i % 2 === 0
      ? await ask(i, 'appointment.book', {
          ...visit,
          doctorId: i < 50 ? nowak : okafor,
          overrides: ['same-patient'],
        })
      : await ask(
          i,
          'appointment.book-online',
          { ...visit, doctorId: i < 50 ? nowak : okafor, patient: form(i) },
          { actor: visitor(`merge ${i}`) },
        );
  });
  expect(answers.filter(({ status }) => status !== 'done').map(codesOf)).toEqual([]);
  expect(await clinic.count('appointments', `patient_id = '${mergedId}'`)).toBe(0);
  expect(await clinic.count('appointments', `patient_id = '${keptId}' AND starts_at > '2027-01-11'`)).toBe(
    crowd - 1,
  );
});

describe('a row of visits', () => {
  it('is shifted, swapped, moved and cancelled by 100 at once, and no two meet', async () => {
    const row = Array.from({ length: 8 }, (_, i) => visitOf(i, plusMinutes(at('2027-01-25 08:00'), i * 45)));
    for (const visit of row) await must('appointment.book', visit);
    const ids = row.map(({ appointmentId }) => appointmentId);
    const idAt = (i: number) => ids[i % ids.length] as string;
    const answers = await atOnce(crowd, async (i) => {
      const way = i % 5;
      if (way === 0)
        return await ask(i, 'appointment.shift', {
          appointmentIds: ids.slice(i % 4),
          minutes: i % 2 ? 15 : -15,
        });
      if (way === 1) return await ask(i, 'appointment.swap', { firstId: idAt(i), secondId: idAt(i + 1) });
      if (way === 2) return await ask(i, 'appointment.undo', { appointmentId: idAt(i) });
      if (way === 3)
        return await ask(
          i,
          'appointment.book',
          visitOf(i, plusMinutes(at('2027-01-25 08:00'), (i % 30) * 15)),
        );
      return await ask(i, 'appointment.reschedule', {
        appointmentId: idAt(i),
        doctorId: i % 4 === 0 ? okafor : nowak,
        locationId: harbour,
        startsAt: plusMinutes(at('2027-01-25 08:00'), (i % 28) * 15),
        durationMinutes: null,
      });
    });
    expect(answers.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(answers.filter(({ status }) => status === 'done').length).toBeGreaterThan(0);
  });

  it('of a series is booked whole or not at all, while 100 book its times', async () => {
    const startsAt = at('2027-02-01 09:00');
    const appointmentIds = Array.from({ length: 5 }, () => newId());
    const series = {
      ...slotOf(startsAt),
      seriesId: newId(),
      patientId: patientOf(2),
      notes: '',
      rrule: 'FREQ=DAILY;COUNT=5',
    };
    const answers = await atOnce(crowd, async (i) =>
      i % 10 === 5
        ? await ask(i, 'series.book', {
            ...series,
            seriesId: newId(),
            appointmentIds: i === 5 ? appointmentIds : appointmentIds.map(() => newId()),
          })
        : await ask(i, 'appointment.book', visitOf(i, plusMinutes(startsAt, (i % 5) * 1440))),
    );
    for (const day of [0, 1, 2, 3, 4])
      expect(await heldAt(plusMinutes(startsAt, day * 1440))).toHaveLength(1);
    const { rows } = await clinic.database.adminPool.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM appointments WHERE series_id IS NOT NULL GROUP BY series_id',
    );
    for (const { n } of rows) expect(n).toBe(5);
    for (const intent of answers)
      if (intent.status !== 'done') expect(['visit', 'series']).toContain(codesOf(intent)[0]);
  });
});

describe('one request', () => {
  it('sent 100 times by two ways has one effect and one answer', async () => {
    const requestId = newId();
    const visit = visitOf(3, at('2027-03-01 10:00'));
    const answers = await atOnce(crowd, (i) => ask(i, 'appointment.book', visit, { requestId }));
    expect(answers[0]?.status).toBe('done');
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await clinic.count('appointments', `id = '${visit.appointmentId}'`)).toBe(1);
    expect(await clinic.count('appointment_events', `appointment_id = '${visit.appointmentId}'`)).toBe(1);
    expect(
      await clinic.count('notifications', `appointment_id = '${visit.appointmentId}' AND channel = 'email'`),
    ).toBe(1);
  });

  it('and the same wish under 100 ids has one effect too, where the wish names what it makes', async () => {
    const visit = visitOf(4, at('2027-03-01 12:00'));
    const answers = await atOnce(crowd, (i) => ask(i, 'appointment.book', visit));
    expect(answers.filter(({ status }) => status === 'done')).toHaveLength(1);
    expect(new Set(answers.flatMap(codesOf))).toEqual(new Set(['exists']));
  });
});

describe('too many at once', () => {
  it('are told that the clinic is busy, and get the one answer when they ask again', async () => {
    const narrow = await openAnotherProcess(clinic.database.url, {
      now: () => clinic.clock.now,
      longestQueue: 10,
    });
    try {
      const startsAt = at('2027-03-02 08:00');
      const requests = Array.from({ length: crowd }, (_, i) => ({
        requestId: newId(),
        visit: visitOf(i, plusMinutes(startsAt, (i % 16) * 30)),
      }));
      const send = (i: number): Promise<Intent | MedicError> => {
        const { requestId, visit } = requests[i] as (typeof requests)[number];
        return askOf(narrow.executor, clinic.clinicId, 'appointment.book', visit, { requestId }).catch(
          (error: unknown) => {
            if (error instanceof MedicError) return error;
            throw error;
          },
        );
      };
      const first = await atOnce(crowd, send);
      const busy = first.filter((answer): answer is MedicError => answer instanceof MedicError);
      expect(busy).toHaveLength(crowd - 10);
      expect(new Set(busy.map(({ code }) => code))).toEqual(new Set(['clinic.busy']));
      const won = new Set<string>();
      for (let i = 0; i < crowd; i++) {
        const answer = await send(i);
        if (answer instanceof MedicError) throw answer;
        if (answer.status === 'done') won.add(answer.id);
      }
      expect(won.size).toBe(16);
      expect(await clinic.count('appointments', `starts_at::date = '2027-03-02' AND holds_slot`)).toBe(16);
    } finally {
      await narrow.close();
    }
  });

  it('behind a clock that stays locked hear of it within seconds, and nothing of theirs is left half done', async () => {
    const visit = visitOf(5, at('2027-03-03 10:00'));
    const holder = await clinic.database.adminPool.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM clinic_clocks WHERE clinic_id = $1 FOR UPDATE', [clinic.clinicId]);
    const answers = await Promise.all(
      [0, 1].map((i) =>
        ask(i, 'appointment.book', { ...visit, appointmentId: newId() }).then(
          () => 'answered',
          (error: unknown) => (error instanceof MedicError ? error.code : String(error)),
        ),
      ),
    );
    await holder.query('ROLLBACK');
    holder.release();
    expect(answers).toEqual(['clinic.busy', 'clinic.busy']);
    expect(await heldAt(visit.startsAt)).toEqual([]);
    await must('appointment.book', visit);
  });
});

it('a timeline keeps its order where the clock of the other process is behind', async () => {
  const visit = visitOf(6, at('2027-03-04 10:00'));
  const id = { appointmentId: visit.appointmentId };
  const behind = await openAnotherProcess(clinic.database.url, { now: () => plusMinutes(monday, -1) });
  try {
    await must('appointment.book', visit);
    const at2 = await askOf(behind.executor, clinic.clinicId, 'appointment.reschedule', {
      ...id,
      doctorId: nowak,
      locationId: harbour,
      startsAt: plusMinutes(visit.startsAt, 60),
      durationMinutes: null,
    });
    expect(at2.status).toBe('done');
    await must('appointment.arrive', id);
    const undone = await askOf(behind.executor, clinic.clinicId, 'appointment.undo', id);
    expect(undone.status).toBe('done');
    const { rows } = await clinic.database.adminPool.query<{ act: string }>(
      'SELECT act FROM appointment_events WHERE appointment_id = $1 ORDER BY occurred_at, id',
      [visit.appointmentId],
    );
    expect(rows.map(({ act }) => act)).toEqual([
      'appointment.book',
      'appointment.reschedule',
      'appointment.arrive',
      'appointment.undo',
    ]);
    expect(await clinic.count('appointments', `id = '${visit.appointmentId}' AND status = 'booked'`)).toBe(1);
  } finally {
    await behind.close();
  }
});

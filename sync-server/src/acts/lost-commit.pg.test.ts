/** The connection breaks while a transaction commits: nobody is told a lie, and nothing is done twice. */
import type { Intent } from '@medic/shared/model/intent';
import { wireVersion } from '@medic/shared/sync/wire';
import { date } from '@medic/shared/testing/builders';
import { type Instant, instant, minuteMs } from '@medic/shared/time/instant';
import { createTRPCClient, httpLink } from '@trpc/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AppRouter } from '../api/router';
import { openAppPool, type Pool } from '../db/pool';
import { type Cut, CuttingProxy } from '../db/testing/cutting-proxy';
import { type Listening, listenOn, openCore } from '../server';
import { codeOf, openBrowser } from '../testing/browser';
import {
  anna,
  type Client,
  harbour,
  newId,
  nowak,
  openTestClinic,
  single,
  type TestClinic,
  type TestDesk,
} from '../testing/test-clinic';
import { type AnotherProcess, openAnotherProcess } from './testing/another-process';
import { requestOfAct } from './testing/asking';
import { doubleBookings, timelineGaps } from './testing/what-stands';

let clinic: TestClinic;
let proxy: CuttingProxy;
let process: AnotherProcess;
let pool: Pool;
let listening: Listening;
let desk: TestDesk;
let deskClient: Client;

beforeAll(async () => {
  clinic = await openTestClinic();
  proxy = await CuttingProxy.open(clinic.database.url);
  process = await openAnotherProcess(proxy.url, { now: () => clinic.clock.now });
  pool = await openAppPool(proxy.url);
  const core = await openCore(pool, {
    limitFactor: 1000,
    proofBits: 0,
    secret: Buffer.alloc(32, 7),
    now: () => clinic.clock.now,
  });
  listening = await listenOn({ port: 0, host: '127.0.0.1', trustedProxies: 0 });
  listening.open(core, pool);
  desk = await clinic.signIn();
  deskClient = createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: `${listening.url}/api/trpc`,
        headers: { authorization: `Bearer ${desk.accessToken}` },
      }),
    ],
  });
});
afterAll(async () => {
  expect(await doubleBookings(clinic.database.adminPool)).toEqual([]);
  expect(await timelineGaps(clinic.database.adminPool)).toEqual([]);
  await listening.close();
  await process.close();
  await pool.end().catch(() => undefined);
  await proxy.close();
  await clinic.close();
});

/** Every test has times of its own. */
let quarters = 0;
let startsAt: Instant;
beforeEach(() => {
  startsAt = instant(Date.UTC(2026, 10, 24, 7) + 30 * minuteMs * quarters++);
});

const cuts: readonly Cut[] = ['before', 'after'];

function visitArgs(appointmentId = newId()) {
  return {
    appointmentId,
    patientId: anna,
    doctorId: nowak,
    locationId: harbour,
    appointmentTypeId: single,
    startsAt,
    notes: '',
  };
}

async function seqNow(): Promise<number> {
  const { rows } = await clinic.database.adminPool.query<{ seq: number }>(
    'SELECT seq::int AS seq FROM clinic_clocks WHERE clinic_id = $1',
    [clinic.clinicId],
  );
  return rows[0]?.seq ?? 0;
}

function visitsOf(id: string): Promise<number> {
  return clinic.count('appointments', `id = '${id}'`);
}

function eventsOf(id: string): Promise<number> {
  return clinic.count('appointment_events', `appointment_id = '${id}'`);
}

function messagesOf(id: string): Promise<number> {
  return clinic.count('notifications', `appointment_id = '${id}'`);
}

describe.each(cuts)('a COMMIT that is cut off %s it takes effect', (cut) => {
  it('is told as not known, and the same request sent again is done once', async () => {
    const args = visitArgs();
    const request = requestOfAct(clinic.clinicId, 'appointment.book', args);
    const before = await seqNow();
    const cutsBefore = proxy.cuts;
    proxy.cutNext(cut);
    await expect(process.executor.execute(request)).rejects.toMatchObject({ code: 'database.unreachable' });
    expect(proxy.cuts).toBe(cutsBefore + 1);
    expect(await visitsOf(args.appointmentId)).toBe(cut === 'after' ? 1 : 0);

    const again = await process.executor.execute(request);
    expect(again).toMatchObject({ id: request.requestId, status: 'done', outcomeSeq: before + 1 });
    const oncemore = await process.executor.execute(request);
    expect(oncemore).toEqual(again);
    expect(await seqNow()).toBe(before + 1);
    expect(await visitsOf(args.appointmentId)).toBe(1);
    expect(await eventsOf(args.appointmentId)).toBe(1);
    expect(await messagesOf(args.appointmentId)).toBe(1);
  });

  it('leaves no memory that is ahead of the database or behind it', async () => {
    const args = visitArgs();
    proxy.cutNext(cut);
    await expect(
      process.executor.execute(requestOfAct(clinic.clinicId, 'appointment.book', args)),
    ).rejects.toThrow();
    const { facts } = await process.cache.read(clinic.clinicId);
    expect(facts.has('appointment', args.appointmentId)).toBe(cut === 'after');
    // Somebody else asks for the same time: it is free exactly where nobody got it.
    const other = await process.executor.execute(
      requestOfAct(clinic.clinicId, 'appointment.book', visitArgs()),
    );
    expect(other.status).toBe(cut === 'after' ? 'refused' : 'done');
  });

  it('lets a desk send its intent again, which is decided once under its number', async () => {
    const args = visitArgs();
    const intent = desk.intent('appointment.book', args, { actVersion: 2 });
    const push = async (): Promise<Intent | undefined> =>
      (await deskClient.sync.push.mutate({ wireVersion, intents: [intent] })).intents[0];
    proxy.cutNext(cut);
    const first = await push().then(
      (answer) => answer?.status ?? 'not decided',
      () => 'not decided',
    );
    // Whether it happened is not known: neither done nor refused is said.
    expect(['not decided', 'pending']).toContain(first);
    const again = await push();
    expect(again).toMatchObject({ id: intent.id, n: intent.n, status: 'done' });
    expect(await push()).toEqual(again);
    expect(await visitsOf(args.appointmentId)).toBe(1);
    expect(await eventsOf(args.appointmentId)).toBe(1);
    expect(await clinic.count('intents', `device_id = '${desk.deviceId}' AND n = ${intent.n}`)).toBe(1);
    // A refusal too is told once: nothing waits for a person.
    expect(await clinic.count('attention_items', `intent_id = '${intent.id}'`)).toBe(0);
  });

  it('lets a visitor press the button again: one visit, one message, the same link', async () => {
    const browser = openBrowser(listening.url);
    const request = {
      clinic: 'harbour',
      requestId: newId(),
      appointmentTypeId: single,
      doctorId: nowak,
      locationId: harbour,
      startsAt,
      note: '',
      patient: {
        givenName: 'Jan',
        familyName: `Once ${cut}`,
        birthDate: date('1990-01-01'),
        phone: null,
        email: `once-${cut}@example.org`,
        language: 'pl',
        consentSms: false,
        consentEmail: true,
      },
    };
    const book = () => browser.client.public.book.mutate(request);
    proxy.cutNext(cut);
    expect(await codeOf(book())).toBe('database.unreachable');
    const answers = [await book(), await book()];
    expect(answers[0]).toMatchObject({ kind: 'booked' });
    expect(answers[1]).toEqual(answers[0]);
    const where = `patient_id IN (SELECT id FROM patients WHERE family_name = 'Once ${cut}')`;
    expect(await clinic.count('patients', `family_name = 'Once ${cut}'`)).toBe(1);
    expect(await clinic.count('appointments', where)).toBe(1);
    expect(await clinic.count('notifications', where)).toBe(1);
  });

  it('lets the queue behind it go on, each request decided once', async () => {
    const requests = Array.from({ length: 8 }, (_, i) =>
      requestOfAct(clinic.clinicId, 'appointment.book', {
        ...visitArgs(),
        startsAt: instant(startsAt + (24 * 60 + i * 30) * minuteMs * (cut === 'after' ? 1 : 2)),
      }),
    );
    proxy.cutNext(cut);
    const first = await Promise.allSettled(requests.map((request) => process.executor.execute(request)));
    expect(first.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    const again = await Promise.all(requests.map((request) => process.executor.execute(request)));
    for (const [i, answer] of again.entries()) {
      expect(answer.id).toBe(requests[i]?.requestId);
      const before = first[i];
      if (before?.status === 'fulfilled') {
        expect(answer.status).toBe(before.value.status);
        if (answer.status === 'done') expect(answer).toEqual(before.value);
      }
    }
    for (const request of requests) {
      const { appointmentId } = request.args as { appointmentId: string };
      const answer = again.find(({ id }) => id === request.requestId);
      expect(await visitsOf(appointmentId)).toBe(answer?.status === 'done' ? 1 : 0);
    }
  });
});

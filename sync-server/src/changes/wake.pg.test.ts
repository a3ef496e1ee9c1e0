import type { Wake } from '@medic/shared/sync/wire';
import { at } from '@medic/shared/testing/builders';
import { createTRPCClient, httpSubscriptionLink } from '@trpc/client';
import { EventSource } from 'eventsource';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AppRouter } from '../api/router';
import { openAppPool } from '../db/pool';
import { openCore } from '../server';
import {
  anna,
  harbour,
  monday,
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

interface Listening {
  wakes: Wake[];
  next(): Promise<Wake>;
  stop(): void;
}

/** Subscribes as a desk does: the token travels in a header. */
async function listenAs(accessToken: string): Promise<Listening> {
  const wakes: Wake[] = [];
  let seen = 0;
  let told: (() => void) | undefined;
  const client = createTRPCClient<AppRouter>({
    links: [
      httpSubscriptionLink({
        url: `${clinic.url}/api/trpc`,
        EventSource,
        eventSourceOptions: () => ({
          fetch: (url: string | URL, init: RequestInit) =>
            fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${accessToken}` } }),
        }),
      }),
    ],
  });
  const subscription = client.sync.wake.subscribe(undefined, {
    onData: ({ data }) => {
      wakes.push(data);
      told?.();
    },
  });
  const listening: Listening = {
    wakes,
    async next() {
      while (wakes.length <= seen) {
        await new Promise<void>((resolve) => {
          told = resolve;
        });
      }
      seen += 1;
      return wakes[seen - 1] as Wake;
    },
    stop: () => subscription.unsubscribe(),
  };
  await listening.next();
  return listening;
}

const book = (time: string) =>
  desk.intent('appointment.book', {
    appointmentId: newId(),
    patientId: anna,
    doctorId: nowak,
    locationId: harbour,
    appointmentTypeId: single,
    startsAt: at(`2026-11-25 ${time}`),
    notes: '',
  });

it('tells a desk of a change, and which collections it is in', async () => {
  const other = await clinic.signIn();
  const listening = await listenAs(other.accessToken);
  const [intent] = await desk.push(book('08:00'));
  const wake = await listening.next();
  expect(wake.seq).toBe(intent?.outcomeSeq);
  expect(wake.collections).toEqual(expect.arrayContaining(['appointments', 'patients', 'intents']));
  listening.stop();
});

it('tells the desks of another server process too', async () => {
  const pool = await openAppPool(clinic.database.url);
  const second = await openCore(pool, { limitFactor: 1000, now: () => monday });
  const listening = await listenAs(desk.accessToken);
  const outcome = await second.services.executor.execute({
    clinicId: clinic.clinicId,
    actor: { kind: 'system', id: null, name: 'test', roles: [], rights: [], doctorId: null },
    act: 'time.block',
    actVersion: 1,
    args: {
      exceptionId: newId(),
      doctorId: nowak,
      locationId: harbour,
      date: '2026-11-26',
      startsAt: '09:00',
      endsAt: '10:00',
      reason: '',
    },
    requestId: newId(),
    device: null,
    baseSeq: 0,
    madeAt: null,
  });
  expect(outcome.status).toBe('done');
  expect(await listening.next()).toMatchObject({
    seq: outcome.outcomeSeq,
    collections: ['availabilityExceptions'],
  });
  listening.stop();

  // And this process' facts follow: the block that the other one wrote stands in the way here.
  const [refused] = await desk.push(
    desk.intent('appointment.book', { ...book('09:00').args, startsAt: at('2026-11-26 09:00') }),
  );
  expect(refused?.outcome).toMatchObject({ reasons: [{ code: 'slot', reason: { code: 'block' } }] });
  await second.hub.close();
  await pool.end();
});

it('ends subscriptions when the server stops', async () => {
  const another = await openTestClinic();
  const there = await another.signIn();
  const response = await fetch(`${another.url}/api/trpc/sync.wake`, {
    headers: { authorization: `Bearer ${there.accessToken}`, accept: 'text/event-stream' },
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const read = response.text().catch(() => 'cut');
  await another.close();
  await read;
});

/** Slots and bookings over HTTP, each against a bare route on the same database that does the least one could do. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { date, warsaw } from '@medic/shared/testing/builders';
import { addDays } from '@medic/shared/time/plain-date';
import { localDate } from '@medic/shared/time/zone';
import express from 'express';
import type { Bench } from '../../../scripts/bench-api';
import { startTestServer } from '../db/testing/database';
import { monday, newId, openTestClinic, single } from '../testing/test-clinic';

export const suite = 'booking';

const callers = 16;
const bookings = 400;

export async function run(bench: Bench): Promise<void> {
  const server = await startTestServer();
  const clinic = await openTestClinic(server);
  await clinic.database.adminPool.query(
    'CREATE TABLE bare (id bigserial PRIMARY KEY, note text); GRANT ALL ON bare, bare_id_seq TO medic_app',
  );
  const bare = await bareRoutes(clinic.database.appPool);
  try {
    const from = localDate(monday, warsaw);
    const week = {
      clinic: 'harbour',
      appointmentTypeId: single,
      doctorId: null,
      locationId: null,
      from: addDays(from, 7),
      until: addDays(from, 14),
    };
    const slotsUrl = `${clinic.url}/api/trpc/public.slots?input=${encodeURIComponent(JSON.stringify(week))}`;
    await bench.measure('bare route, SELECT 1', () => get(`${bare.url}/one`), { samples: 300 });
    await bench.measure('public.slots, a week of two doctors', () => get(slotsUrl), {
      samples: 300,
      against: 'bare route, SELECT 1',
    });

    const slots = [];
    for (let week = 1; slots.length < bookings && week < 40; week++) {
      const range = {
        ...({ clinic: 'harbour', appointmentTypeId: single, doctorId: null, locationId: null } as const),
        from: addDays(date('2026-11-23'), week * 7),
        until: addDays(date('2026-11-23'), week * 7 + 7),
      };
      const found = await clinic.visitor.public.slots.query(range);
      slots.push(...found.slots.filter((slot) => (slot.startsAt / 1_800_000) % 1 === 0));
    }
    const inserts = await spread(
      Array.from({ length: bookings }, (_, i) => () => post(`${bare.url}/insert`, { i })),
    );
    const booked = await spread(
      slots.slice(0, bookings).map(({ doctorId, locationId, startsAt }) => async () => {
        const answer = await clinic.visitor.public.book.mutate({
          clinic: 'harbour',
          requestId: newId(),
          appointmentTypeId: single,
          doctorId,
          locationId,
          startsAt,
          patient: {
            givenName: 'Jan',
            familyName: 'Nowy',
            birthDate: null,
            phone: null,
            email: `${newId()}@example.org`,
            language: 'pl',
            consentSms: false,
            consentEmail: true,
          },
          note: '',
        });
        if (answer.kind !== 'booked') throw new Error(JSON.stringify(answer));
      }),
    );
    bench.record('bare one-row insert, per second', inserts.perSecond, '1/s');
    bench.record(
      'bookings of one clinic, per second',
      booked.perSecond,
      '1/s',
      'bare one-row insert, per second',
    );
    bench.recordSamples('bare one-row insert', inserts.samples);
    bench.recordSamples(`booking with ${callers} callers`, booked.samples, {
      against: 'bare one-row insert',
    });
  } finally {
    bare.server.close();
    bare.server.closeAllConnections();
    await clinic.close();
    await server.stop();
  }
}

async function bareRoutes(pool: Parameters<typeof openRoutes>[0]): Promise<{ server: Server; url: string }> {
  const server = createServer(await openRoutes(pool));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function openRoutes(pool: import('pg').Pool) {
  const app = express();
  app.use(express.json());
  app.get('/one', async (_req, res) => {
    res.json((await pool.query('SELECT 1')).rows);
  });
  app.post('/insert', async (_req, res) => {
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query(`INSERT INTO bare (note) VALUES ('x')`);
    await client.query('COMMIT');
    client.release();
    res.json({});
  });
  return app;
}

async function get(url: string): Promise<void> {
  const response = await fetch(url);
  await response.text();
  if (!response.ok) throw new Error(`${response.status} from ${url}`);
}

async function post(url: string, body: unknown): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await response.text();
  if (!response.ok) throw new Error(`${response.status} from ${url}`);
}

/** All of the work by a few callers at once; the time of each call in milliseconds. */
async function spread(work: (() => Promise<unknown>)[]): Promise<{ samples: number[]; perSecond: number }> {
  const samples: number[] = [];
  const queue = [...work];
  const started = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const begun = performance.now();
        await next();
        samples.push(performance.now() - begun);
      }
    }),
  );
  return { samples, perSecond: work.length / ((performance.now() - started) / 1000) };
}

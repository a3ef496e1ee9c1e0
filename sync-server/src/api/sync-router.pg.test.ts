import type { SyncReport } from '@medic/shared/sync/report';
import { maxIntentArgsLength, oldestWireVersion, wireVersion } from '@medic/shared/sync/wire';
import { at } from '@medic/shared/testing/builders';
import { dayMs, minuteMs } from '@medic/shared/time/instant';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  anna,
  harbour,
  monday,
  newId,
  nowak,
  okafor,
  openTestClinic,
  serveTestClinic,
  single,
  type TestClinic,
  type TestDesk,
} from '../testing/test-clinic';

let clinic: TestClinic;
let desk: TestDesk;

beforeAll(async () => {
  clinic = await openTestClinic();
});
beforeEach(async () => {
  desk = await clinic.signIn();
});
afterAll(() => clinic.close());

let visits = 0;
/** The next half hour of a working day that nobody has. */
function nextFree(): number {
  const [day, half] = [Math.floor(visits / 14), visits % 14];
  visits += 1;
  return at('2026-12-07 08:00') + (Math.floor(day / 5) * 7 + (day % 5)) * dayMs + half * 30 * minuteMs;
}
const visit = (overrides: Record<string, unknown> = {}) => {
  return {
    appointmentId: newId(),
    patientId: anna,
    doctorId: nowak,
    locationId: harbour,
    appointmentTypeId: single,
    startsAt: nextFree(),
    notes: '',
    ...overrides,
  };
};

const book = (overrides: Record<string, unknown> = {}) => desk.intent('appointment.book', visit(overrides));

interface Failure {
  error: { data: { httpStatus: number; medic: { code: string; message: string; wire?: unknown } } };
}

/** A request as it stands on the wire, whatever the client's types would say. */
async function ask(procedure: string, input: unknown, by = desk): Promise<{ status: number; body: unknown }> {
  const headers = { authorization: `Bearer ${by.accessToken}`, 'content-type': 'application/json' };
  const url = `${clinic.url}/api/trpc/${procedure}`;
  const response =
    procedure === 'sync.push'
      ? await fetch(url, { method: 'POST', headers, body: JSON.stringify(input) })
      : await fetch(`${url}?input=${encodeURIComponent(JSON.stringify(input))}`, { headers });
  return { status: response.status, body: await response.json() };
}

describe('a client of another version', () => {
  it('of the version before is served: its requests as they were recorded', async () => {
    const pulled = await ask('sync.pull', {
      wireVersion: 3,
      collection: 'directory',
      checkpoint: null,
      limit: 3,
    });
    expect(pulled.status).toBe(200);
    const { data } = (pulled.body as { result: { data: Record<string, unknown> } }).result;
    expect(data).toMatchObject({ kind: 'documents', clinicSeq: expect.any(Number) });
    expect(data.documents).toHaveLength(3);
    for (const document of data.documents as object[])
      expect(document).toMatchObject({
        id: expect.any(String),
        recordKind: expect.any(String),
        seq: expect.any(Number),
      });
    // A client of that version keeps exactly these.
    const { epoch, scope, base, seq, id, history } = data.checkpoint as Record<string, unknown>;
    const next = await ask('sync.pull', {
      wireVersion: 3,
      collection: 'directory',
      checkpoint: { epoch, scope, base, seq, id, history },
      limit: 500,
    });
    expect(next.body).toMatchObject({ result: { data: { kind: 'documents' } } });
    const reset = await ask('sync.pull', {
      wireVersion: 3,
      collection: 'directory',
      checkpoint: { epoch: newId(), scope, base, seq, id, history },
      limit: 500,
    });
    expect(reset.body).toMatchObject({ result: { data: { kind: 'reset', why: 'epoch' } } });

    const args = visit();
    const pushed = await ask('sync.push', {
      wireVersion: 3,
      epoch,
      history,
      intents: [
        {
          id: newId(),
          clinicId: clinic.clinicId,
          seq: 0,
          deleted: false,
          deviceId: desk.deviceId,
          n: 1,
          userId: desk.userId,
          act: 'appointment.book',
          actVersion: 1,
          args,
          baseSeq: 1,
          madeAt: monday,
          status: 'pending',
          outcomeSeq: null,
          decidedAt: null,
          outcome: {},
          recordKind: 'intent',
        },
      ],
    });
    expect(pushed.body).toMatchObject({
      result: {
        data: {
          intents: [
            { status: 'done', outcomeSeq: expect.any(Number), decidedAt: expect.any(Number), outcome: {} },
          ],
        },
      },
    });
  });

  it('that is too old or too new is told so, whatever else its request says', async () => {
    for (const version of [oldestWireVersion - 1, wireVersion + 1]) {
      for (const [procedure, rest] of [
        ['sync.pull', { everything: 'is called otherwise' }],
        ['sync.push', { intents: 'no list' }],
        ['sync.firstLook', {}],
      ] as const) {
        const { status, body } = await ask(procedure, { wireVersion: version, ...rest });
        expect(status).toBe(412);
        const { medic } = (body as Failure).error.data;
        expect(medic).toMatchObject({
          code: 'wire.version',
          wire: { oldest: oldestWireVersion, newest: wireVersion },
        });
        expect(medic.message).toMatch(version > wireVersion ? /server has to be updated/ : /Update the desk/);
      }
    }
    expect(await clinic.count('intents', `device_id = '${desk.deviceId}'`)).toBe(0);
  });
});

describe('a push', () => {
  it('gives every poisonous intent an outcome, keeps it, and goes on with those behind it', async () => {
    const long = 'x'.repeat(maxIntentArgsLength);
    const poison = [
      book({ startsAt: 'tomorrow' }),
      { ...book(), act: 'appointment.explode' },
      { ...book(), actVersion: 99 },
      { ...book(), act: '' },
      { ...book(), args: 'no object' },
      { ...book(), madeAt: 'yesterday' },
      { ...book(), baseSeq: -1 },
      book({ notes: long }),
      { ...book(), args: { '\u0000': '\ud800' } },
    ];
    const last = book();
    const answered = await desk.push(...poison, last);
    expect(answered.map(({ status }) => status)).toEqual(
      ['refused', 'failed', 'failed', 'failed', 'failed', 'failed', 'failed', 'failed', 'failed', 'done'].map(
        (status, index) => (index === 8 ? expect.stringMatching(/refused|failed/) : status),
      ),
    );
    for (const { seq, outcomeSeq } of answered) {
      expect(seq).toBeGreaterThan(0);
      expect(outcomeSeq).toBe(seq);
    }
    expect(answered[1]?.outcome).toMatchObject({ code: 'input.invalid' });
    expect(answered[2]?.outcome).toMatchObject({ code: 'wire.version' });
    expect(answered[7]?.outcome).toMatchObject({ code: 'input.too-large' });
    // Each waits for a person, and is answered the same for ever.
    const items = await clinic.count('attention_items', `device_id = '${desk.deviceId}'`);
    expect(items).toBe(9);
    const again = await desk.push(...poison, last);
    expect(again.map(({ outcomeSeq }) => outcomeSeq)).toEqual(answered.map(({ outcomeSeq }) => outcomeSeq));
    expect(await clinic.count('attention_items', `device_id = '${desk.deviceId}'`)).toBe(9);
  });

  it('is not stopped by arguments nested deeper than anybody can write down', async () => {
    const poison = book();
    const nested = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    const text = JSON.stringify({ wireVersion, intents: [{ ...poison, args: 'NESTED' }, book()] }).replace(
      '"NESTED"',
      nested,
    );
    const response = await fetch(`${clinic.url}/api/trpc/sync.push`, {
      method: 'POST',
      headers: { authorization: `Bearer ${desk.accessToken}`, 'content-type': 'application/json' },
      body: text,
    });
    const { result } = (await response.json()) as { result: { data: { intents: { status: string }[] } } };
    expect(result.data.intents.map(({ status }) => status)).toEqual(['failed', 'done']);
  });

  it('answers what has no id or number, or is somebody else’s, without keeping it', async () => {
    const other = await clinic.signIn('okafor@harbour.example');
    const before = await clinic.count('intents');
    const answered = await desk.push(
      { ...book(), n: null },
      { ...book(), n: 0 },
      { ...book(), n: 1.5 },
      { ...book(), id: 'no id' },
      { ...book(), userId: other.userId },
      { ...book(), deviceId: other.deviceId },
      { ...book(), clinicId: newId() },
      {},
      book(),
    );
    expect(answered.map(({ status, seq }) => [status, seq > 0])).toEqual([
      ...Array.from({ length: 8 }, () => ['failed', false]),
      ['done', true],
    ]);
    expect(await clinic.count('intents')).toBe(before + 1);
  });

  it('decides in the order of numbers, answers in the order asked, and takes gaps', async () => {
    const patientId = newId();
    const create = desk.intent('patient.create', {
      patientId,
      givenName: 'Nora',
      familyName: 'Later',
      birthDate: null,
      phone: null,
      email: null,
      language: 'en',
      consentSms: false,
      consentEmail: false,
      notes: '',
    });
    const first = book({ patientId });
    const later = { ...book({ patientId }), n: 900 };
    const [third, second, one] = await desk.push(later, first, create);
    expect([one?.status, second?.status, third?.status]).toEqual(['done', 'done', 'done']);
    expect(one?.outcomeSeq).toBeLessThan(second?.outcomeSeq ?? 0);
    expect(second?.outcomeSeq).toBeLessThan(third?.outcomeSeq ?? 0);
    // A number below the highest is new all the same.
    expect((await desk.push({ ...book(), n: 500 }))[0]?.status).toBe('done');
  });

  it('of the same device twice at once decides each intent once, and in order', async () => {
    const intents = Array.from({ length: 12 }, () => book());
    const [a, b] = await Promise.all([desk.push(...intents), desk.push(...intents)]);
    expect(a.map(({ outcomeSeq }) => outcomeSeq)).toEqual(b.map(({ outcomeSeq }) => outcomeSeq));
    const seqs = a.map(({ outcomeSeq }) => outcomeSeq ?? 0);
    expect([...seqs].sort((x, y) => x - y)).toEqual(seqs);
    expect(await clinic.count('intents', `device_id = '${desk.deviceId}'`)).toBe(12);
  });

  it('through two server processes at once decides each intent once', async () => {
    const second = await serveTestClinic(clinic.database);
    const intents = Array.from({ length: 12 }, () => book());
    const there = await fetch(`${second.url}/api/trpc/sync.push`, {
      method: 'POST',
      headers: { authorization: `Bearer ${desk.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ wireVersion, intents }),
    }).then(
      (response) => response.json() as Promise<{ result: { data: { intents: { outcomeSeq: number }[] } } }>,
    );
    const here = await desk.push(...intents);
    expect(here.map(({ outcomeSeq }) => outcomeSeq)).toEqual(
      there.result.data.intents.map(({ outcomeSeq }) => outcomeSeq),
    );
    const [x, y] = await Promise.all([
      desk.push(...intents),
      fetch(`${second.url}/api/trpc/sync.push`, {
        method: 'POST',
        headers: { authorization: `Bearer ${desk.accessToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ wireVersion, intents: [...intents, book()] }),
      }).then(
        (response) => response.json() as Promise<{ result: { data: { intents: { status: string }[] } } }>,
      ),
    ]);
    expect(x).toHaveLength(12);
    expect(y.result.data.intents.every(({ status }) => status === 'done')).toBe(true);
    expect(await clinic.count('intents', `device_id = '${desk.deviceId}'`)).toBe(13);
    await second.listening.close();
  });

  it('refuses what rests on something that was refused, says on what, and does the rest', async () => {
    const taken = visit();
    await desk.push(desk.intent('appointment.book', taken));
    const lost = visit({ startsAt: taken.startsAt });
    const answered = await desk.push(
      desk.intent('appointment.book', lost),
      desk.intent('appointment.reschedule', {
        appointmentId: lost.appointmentId,
        doctorId: okafor,
        locationId: harbour,
        startsAt: lost.startsAt,
        durationMinutes: null,
      }),
      book(),
    );
    expect(answered.map(({ status }) => status)).toEqual(['refused', 'refused', 'done']);
    expect(answered[1]?.outcome).toMatchObject({
      reasons: [{ code: 'unknown', id: lost.appointmentId }],
      restsOn: [{ id: answered[0]?.id, n: answered[0]?.n }],
    });
    // Asked again, it says the same.
    expect((await desk.push(answered[1] as never))[0]?.outcome).toEqual(answered[1]?.outcome);
  });

  it('breaks off when the desk has hung up, with what was decided by then, and goes on where it stopped', async () => {
    const { pushes, sessions } = clinic.core.services;
    const signedIn = await sessions.authenticate(desk.accessToken);
    const intents = Array.from({ length: 6 }, () => book());
    const answered = await pushes.push(signedIn, intents, AbortSignal.abort());
    expect(answered).toHaveLength(1);
    expect(await clinic.count('intents', `device_id = '${desk.deviceId}'`)).toBe(1);
    const again = await desk.push(...intents);
    expect(again).toHaveLength(6);
    expect(again[0]?.outcomeSeq).toBe(answered[0]?.outcomeSeq);
  });

  it('of more than a hundred intents is turned away whole, and may be sent in parts', async () => {
    const many = Array.from({ length: 101 }, () => book());
    const { status, body } = await ask('sync.push', { wireVersion, intents: many });
    expect(status).toBe(400);
    expect((body as Failure).error.data.medic.code).toBe('input.invalid');
    expect(await clinic.count('intents', `device_id = '${desk.deviceId}'`)).toBe(0);
  });
});

describe('a report of a desk', () => {
  const report = (): SyncReport => ({
    at: monday,
    app: { version: '1.0.0', kind: 'web', operatingSystem: 'linux' },
    wireVersion,
    deviceId: desk.deviceId,
    epoch: null,
    backedUpSeq: null,
    transport: 'stream',
    status: {
      phase: 'ready',
      missing: [],
      firstPull: null,
      online: true,
      offlineSince: null,
      unsent: 0,
      needsAttention: 0,
      lastContactAt: monday,
      storagePersisted: true,
      clockOffsetMs: 0,
      zonesDiffer: [],
      journal: 'none',
      problem: null,
    },
    collections: [],
    pending: {},
    pendingRefused: 0,
    answered: {},
    refusals: {},
    errors: [],
    storage: { usedBytes: null, quotaBytes: null },
  });

  it('is taken from staff alone, a few times in ten minutes, and with nothing in it that could be a word', async () => {
    const strict = await serveTestClinic(clinic.database, { limitFactor: 1 });
    const url = `${strict.url}/api/trpc/sync.report`;
    const send = async (body: unknown, token = desk.accessToken) =>
      (
        await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: JSON.stringify(body),
        })
      ).status;
    expect(await send(report(), 'nobody')).toBe(401);
    expect(await send({ ...report(), pending: { 'Anna Nowak came late': 1 } })).toBe(400);
    for (let n = 0; n < 6; n++) expect(await send(report())).toBe(200);
    expect(await send(report())).toBe(429);
    await strict.listening.close();
  });
});

describe('zones', () => {
  it('come with the sign-in and each refresh, as this server’s data have them', async () => {
    const { zones, zonesFrom } = await clinic.visitor.auth.refresh.mutate({
      refreshToken: desk.refreshToken,
    });
    expect(zonesFrom).toBe(monday);
    expect(zones['Europe/Warsaw']).toMatch(/^\+01:00 2027-03-28T01:00:00Z\+02:00 /);
  });
});

describe('the first look', () => {
  it('brings the days asked for with their patients, and the directory, within the scope', async () => {
    const doctor = await clinic.signIn('okafor@harbour.example');
    const mine = book({ doctorId: okafor, startsAt: at('2027-02-03 09:00') });
    const theirs = book({ doctorId: nowak, startsAt: at('2027-02-03 11:00') });
    const later = book({ doctorId: okafor, startsAt: at('2027-03-03 09:00') });
    expect((await desk.push(mine, theirs, later)).map(({ status }) => status)).toEqual([
      'done',
      'done',
      'done',
    ]);
    const window = { wireVersion, from: at('2027-02-01 00:00'), until: at('2027-02-08 00:00') };
    const ids = async (who: TestDesk) => {
      const look = await who.client.sync.firstLook.query(window);
      return new Map(look.documents.map((document) => [document.id, document.recordKind]));
    };
    const [reception, own] = [await ids(desk), await ids(doctor)];
    expect(reception.get(mine.args.appointmentId as string)).toBe('appointment');
    expect(reception.get(theirs.args.appointmentId as string)).toBe('appointment');
    expect(reception.has(later.args.appointmentId as string)).toBe(false);
    expect(reception.get(anna)).toBe('patient');
    expect([...reception.values()]).toEqual(expect.arrayContaining(['clinic', 'doctor', 'scheduleTemplate']));
    expect(own.has(mine.args.appointmentId as string)).toBe(true);
    expect(own.has(theirs.args.appointmentId as string)).toBe(false);
  });
});

import 'fake-indexeddb/auto';
import { aPatient, idOf, patientId } from '@medic/shared/testing/builders';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClosableServices } from '../session/desk-session';
import { aServer, deskOf, type Profile, signedIn, startApp, until } from '../testing/desk-harness';
import type { StandInServer } from '../testing/stand-in-server';
import { pullBatchSize } from './pulls';

let server: StandInServer;
let services: ClosableServices;
let profile: Profile;

beforeEach(async () => {
  server = aServer();
  ({ services, profile } = await signedIn(server));
  await settled();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await services.session.signOut();
  await services.close();
});

/** Until nothing is asked any more: from here on every pull has a cause. */
async function settled(): Promise<void> {
  for (let asked = -1; asked !== server.pulled.length; ) {
    asked = server.pulled.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const has = (n: number) => deskOf(services).facts.has('patient', idOf('patient', n));
const patient = (n: number, familyName = `Named ${n}`) => aPatient({ id: idOf('patient', n), familyName });
const asked = () => server.pulled.map(({ collection }) => collection);

async function startAgain(): Promise<void> {
  await services.close();
  services = await startApp(profile, server);
}

describe('a wake that brings what has changed', () => {
  it('is enough: nothing is asked, and it lies on the disk', async () => {
    const before = server.pulled.length;
    server.put('patient', patient(2), patient(3));
    server.put('patient', patient(4));
    await until(() => has(2) && has(3) && has(4));
    server.delete('patient', idOf('patient', 3));
    await until(() => !has(3));
    expect(server.pulled.length).toBe(before);
    server.goDown();
    await startAgain();
    expect([has(2), has(3), has(4)]).toEqual([true, false, true]);
    // And it goes on from there.
    server.comeBack();
    await until(() => deskOf(services).status.online);
    await settled();
    const latest = server.pulled.filter(({ collection }) => collection === 'patients').at(-1);
    expect(latest?.checkpoint?.seq).toBeGreaterThanOrEqual(server.seq - 1);
  });

  it('is not taken where something before it is missing', async () => {
    server.put('patient', patient(5));
    await until(() => has(5));
    const told = server.wakes.at(-1);
    if (!told?.changes) throw new Error('nothing was brought');
    // One change of which nobody is told, and one that begins behind it.
    server.seq += 1;
    server.facts.put('patient', { ...patient(12), seq: server.seq });
    const before = server.pulled.length;
    server.put('patient', patient(6));
    await until(() => has(12) && has(6));
    expect(asked().slice(before)).toContain('patients');
  });

  it('that comes late does not put an older state over a newer one', async () => {
    server.put('patient', patient(7, 'Older'));
    const late = server.wakes.at(-1);
    server.put('patient', patient(7, 'Newer'));
    await until(() => deskOf(services).facts.get('patient', idOf('patient', 7))?.familyName === 'Newer');
    if (!late) throw new Error('nothing was told');
    server.wakeAgain(late);
    server.put('patient', patient(8));
    await until(() => has(8));
    expect(deskOf(services).facts.get('patient', idOf('patient', 7))?.familyName).toBe('Newer');
  });

  it('and only names a collection has it pulled', async () => {
    server.put('patient', patient(9));
    const wake = server.wakes.at(-1);
    if (!wake?.changes) throw new Error('nothing was brought');
    await until(() => has(9));
    const before = server.pulled.length;
    server.wakeAgain({ ...wake, seq: wake.seq + 1, changes: { ...wake.changes, after: wake.seq, rows: [] } });
    await until(() => server.pulled.length > before);
    expect(asked().slice(before)).toEqual(['patients']);
  });
});

describe('a disk that takes nothing', () => {
  it('is told, and once there is room what was missed is there', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const refused = new DOMException('no room', 'QuotaExceededError');
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw refused;
    });
    server.put('patient', patient(10));
    await until(() => deskOf(services).status.problem?.kind === 'storage');
    expect(has(10)).toBe(false);
    full.mockRestore();
    await until(() => has(10) && deskOf(services).status.problem === null, 12_000);
    expect(deskOf(services).facts.has('patient', patientId)).toBe(true);
  }, 20_000);

  it('does not keep the desk from closing', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('no room', 'QuotaExceededError');
    });
    server.put('patient', patient(11));
    await until(() => deskOf(services).status.problem?.kind === 'storage');
    await services.close();
    vi.restoreAllMocks();
    services = await startApp(profile, server);
    await until(() => has(11));
  });
});

it('a crash between two pages loses neither rows nor the place to go on from', async () => {
  server.goDown();
  await until(() => !deskOf(services).status.online);
  // The pages end in the middle of a moment.
  const many = Array.from({ length: 2 * pullBatchSize + 10 }, (_, i) => patient(100 + i));
  for (let at = 0; at < many.length; at += 700) server.put('patient', ...many.slice(at, at + 700));
  // The third page is not answered any more.
  const answered: unknown[] = [];
  const { pull } = server;
  server.pull = async (token, request) => {
    if (request.collection === 'patients' && answered.push(request) > 2)
      return await new Promise(() => undefined);
    return await pull.call(server, token, request);
  };
  server.comeBack();
  await until(() => [...deskOf(services).facts.all('patient')].length >= 2 * pullBatchSize, 20_000);
  await services.close();
  server.pull = pull;
  const before = server.pulled.length;
  services = await startApp(profile, server);
  await until(() => [...deskOf(services).facts.all('patient')].length > many.length, 20_000);
  const again = server.pulled.slice(before).filter(({ collection }) => collection === 'patients');
  expect(again).toHaveLength(1);
  for (const { id } of many) expect(deskOf(services).facts.has('patient', id)).toBe(true);
}, 60_000);

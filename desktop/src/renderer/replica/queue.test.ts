/** What a desk must not lose: its queue, through every failure of its own computer, and through those of the server. */
import { MedicError } from '@medic/shared/errors';
import { syncReport } from '@medic/shared/sync/report';
import { JournalInMemory } from '@medic/shared/sync/testing/journal-in-memory';
import {
  anAppointment,
  aPatient,
  appointmentTypeId,
  aUser,
  date,
  doctorId,
  idOf,
  locationId,
  patientId,
} from '@medic/shared/testing/builders';
import { dayMs, hourMs, type Instant, instant } from '@medic/shared/time/instant';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { JournalFiles } from '../platform/platform';
import type { Desk } from './desk';
import type { ClosableServices } from './session/desk-session';
import { aServer, credentials, deskOf, Profile, signedIn, startApp, until } from './testing/desk-harness';
import type { StandInServer } from './testing/stand-in-server';

const noonTomorrow = instant(Math.floor(Date.now() / dayMs) * dayMs + dayMs + 11 * hourMs);

/** Files that outlive a start of the app, as those on a disk do. */
class JournalsInMemory implements JournalFiles {
  readonly files = new Map<string, JournalInMemory>();
  open(name: string): JournalInMemory {
    const file = this.files.get(name) ?? new JournalInMemory();
    this.files.set(name, file);
    return file;
  }
  async remove(name: string): Promise<void> {
    this.files.delete(name);
  }
  get only(): JournalInMemory {
    const [file] = this.files.values();
    if (!file || this.files.size !== 1) throw new Error(`${this.files.size} journals`);
    return file;
  }
}

function withJournal(): { profile: Profile; journals: JournalsInMemory } {
  const profile = new Profile();
  const journals = new JournalsInMemory();
  profile.journals = journals;
  return { profile, journals };
}

function book(desk: Desk, n: number, startsAt: Instant = noonTomorrow, who = patientId) {
  return desk.perform('appointment.book', {
    appointmentId: idOf('appointment', n),
    patientId: who,
    doctorId,
    locationId,
    appointmentTypeId,
    startsAt,
    notes: '',
  });
}

function create(desk: Desk, n: number, familyName: string) {
  return desk.perform('patient.create', {
    patientId: idOf('patient', n),
    givenName: 'Jan',
    familyName,
    birthDate: date(`19${10 + n}-05-17`),
    phone: `+4860122${1000 + n}`,
    email: `jan${n}@mail.example`,
    language: 'en',
    consentSms: false,
    consentEmail: false,
    notes: '',
  });
}

const open: ClosableServices[] = [];

async function signIn(server: StandInServer, profile = new Profile()) {
  const opened = await signedIn(server, profile);
  open.push(opened.services);
  return opened;
}

/** The app ends, without signing out, and starts again; between the two something may happen to its computer. */
async function restart(
  services: ClosableServices,
  profile: Profile,
  server: StandInServer,
  between: () => Promise<void> | void = () => undefined,
): Promise<ClosableServices> {
  await services.close();
  open.splice(open.indexOf(services), 1);
  await between();
  const again = await startApp(profile, server);
  open.push(again);
  return again;
}

async function deleteBrowserData(): Promise<void> {
  for (const { name } of await indexedDB.databases()) {
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.deleteDatabase(name ?? '');
      request.onsuccess = () => resolve();
      request.onerror = () => reject(request.error);
    });
  }
}

const waiting = (desk: Desk) => desk.pending.map(({ intent }) => [intent.n, intent.act]);

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  for (const services of open.splice(0)) {
    await services.session.signOut();
    await services.close();
  }
  await deleteBrowserData();
});

describe('the queue on this computer', () => {
  it('comes back from the journal when the browser has deleted its storage', async () => {
    const server = aServer();
    const { profile } = withJournal();
    const { services, desk } = await signIn(server, profile);
    await create(desk, 40, 'Sent');
    await until(() => desk.status.unsent === 0);
    server.goDown();
    await create(desk, 41, 'Kept');
    await book(desk, 41, noonTomorrow, idOf('patient', 41));
    expect(desk.status.journal).toBe('kept');

    const again = deskOf(await restart(services, profile, server, deleteBrowserData));
    expect(waiting(again)).toEqual([
      [2, 'patient.create'],
      [3, 'appointment.book'],
    ]);
    expect(again.notices).toMatchObject([{ kind: 'rebuilt', damaged: 0, unreadable: 0 }]);
    server.comeBack();
    await until(() => again.status.phase === 'ready' && again.status.unsent === 0);
    expect(server.facts.has('appointment', idOf('appointment', 41))).toBe(true);
    // And the numbers go on where they were.
    await create(again, 42, 'Next');
    await until(() => again.status.unsent === 0);
    expect([...server.facts.all('intent')].map(({ n }) => n)).toEqual([1, 2, 3, 4]);
  });

  it('tells what is gone where the browser has deleted its storage and there is no journal, until it was read', async () => {
    const server = aServer();
    const { services, desk, profile } = await signIn(server);
    server.goDown();
    await until(() => !desk.status.online);
    await create(desk, 41, 'Gone');
    await create(desk, 42, 'Gone as well');
    await until(() => services.session.people[0]?.unsent === 2);
    server.comeBack();
    const again = await restart(services, profile, server, deleteBrowserData);
    expect(deskOf(again).notices).toMatchObject([{ kind: 'rebuilt', lost: 2, fromJournal: 0 }]);
    expect(deskOf(again).status.needsAttention).toBe(1);
    // A start later it is still to be read, and then no more.
    const third = await restart(again, profile, server);
    expect(deskOf(third).notices).toMatchObject([{ kind: 'rebuilt', lost: 2 }]);
    await deskOf(third).dismiss(deskOf(third).notices[0]?.id ?? '');
    const fourth = await restart(third, profile, server);
    expect(deskOf(fourth).notices).toEqual([]);
  });

  it('comes back when the storage can no longer be opened', async () => {
    const server = aServer();
    const { profile } = withJournal();
    const { services, desk } = await signIn(server, profile);
    server.goDown();
    await create(desk, 43, 'Kept');
    const again = await restart(services, profile, server, () => {
      const deleted = vi.spyOn(indexedDB, 'deleteDatabase');
      // Opens fail until the damaged ones were deleted, as a damaged LevelDB does it.
      const real = indexedDB.open.bind(indexedDB);
      vi.spyOn(indexedDB, 'open').mockImplementation((name, version) => {
        if (deleted.mock.calls.length === 0 && name.includes('intents'))
          throw new DOMException('Internal error opening backing store', 'UnknownError');
        return real(name, version);
      });
    });
    expect(again.session.state).toBe('open');
    expect(waiting(deskOf(again))).toEqual([[1, 'patient.create']]);
  });

  it('says at once that the disk is full, keeps nothing then, and goes on when there is room', async () => {
    const server = aServer();
    const { profile, journals } = withJournal();
    const { desk } = await signIn(server, profile);
    server.goDown();
    journals.only.fails = { code: 'full', afterBytes: 11 };
    const failed = await create(desk, 44, 'Lost').catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(MedicError);
    expect((failed as MedicError).personMessage).toMatch(/disk is full.*not saved and not done/);
    await until(() => desk.status.journal === 'failed');
    expect(desk.pending).toEqual([]);
    expect(desk.facts.has('patient', idOf('patient', 44))).toBe(false);
    await create(desk, 45, 'Kept');
    expect(desk.pending).toHaveLength(1);
    await until(() => desk.status.journal === 'kept');
  });

  it('works on, and says so, when the storage fails in the middle and the journal holds', async () => {
    const server = aServer();
    const { profile } = withJournal();
    const { services, desk } = await signIn(server, profile);
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const write = IDBObjectStore.prototype.put;
    const full = () => {
      throw new DOMException('planned', 'QuotaExceededError');
    };
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(full);
    const add = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(full);
    expect(await create(desk, 46, 'Journalled')).toMatchObject({ kind: 'done' });
    await until(() => desk.status.problem?.kind === 'storage');
    expect(desk.facts.has('patient', idOf('patient', 46))).toBe(true);
    await until(() => desk.status.unsent === 0);
    expect(server.facts.has('patient', idOf('patient', 46))).toBe(true);
    vi.mocked(IDBObjectStore.prototype.put).mockImplementation(write);
    add.mockRestore();
    const again = deskOf(await restart(services, profile, server));
    expect(again.pending).toEqual([]);
  });

  it('writes by itself what a full disk did not take, once there is room, and says that all is well again', async () => {
    const server = aServer();
    const { profile, journals } = withJournal();
    const { services, desk } = await signIn(server, profile);
    server.goDown();
    await until(() => !desk.status.online);
    await create(desk, 83, 'Kept');
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const full = () => {
      throw new DOMException('planned', 'QuotaExceededError');
    };
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(full);
    journals.only.fails = { code: 'full', afterBytes: 0 };
    server.comeBack();
    desk.syncNow();
    await until(() => server.facts.has('patient', idOf('patient', 83)));
    await until(() => desk.status.problem?.kind === 'storage' && desk.status.journal === 'failed');
    put.mockRestore();
    // Nobody does anything at this desk from here on.
    await until(() => desk.status.problem === null && desk.status.journal === 'kept', 14_000);
    server.goDown();
    const pushes = server.pushed.length;
    const again = deskOf(await restart(services, profile, server));
    expect(again.pending).toEqual([]);
    expect(again.notices).toEqual([]);
    expect(server.pushed).toHaveLength(pushes);
  }, 30_000);

  it('without a journal refuses what the storage does not take', async () => {
    const server = aServer();
    const { desk } = await signIn(server);
    server.goDown();
    await until(() => !desk.status.online);
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('planned', 'QuotaExceededError');
    });
    await expect(create(desk, 47, 'Refused')).rejects.toMatchObject({ name: 'MedicError' });
    vi.restoreAllMocks();
    expect(desk.pending).toEqual([]);
    expect(desk.status.journal).toBe('none');
  });

  it.each([
    [true, false],
    [false, true],
    [false, false],
  ])(
    'asks the browser to keep its storage unless it does (%s), and says what it answered (%s)',
    async (does, promises) => {
      const asked = vi.fn(async () => promises);
      vi.stubGlobal('navigator', { storage: { persisted: async () => does, persist: asked } });
      const { desk } = await signIn(aServer());
      await until(() => desk.status.storagePersisted === (does || promises));
      expect(asked).toHaveBeenCalledTimes(does ? 0 : 1);
    },
  );

  it('reads past a damaged stretch of the journal and says so', async () => {
    const server = aServer();
    const { profile, journals } = withJournal();
    const { services, desk } = await signIn(server, profile);
    server.goDown();
    await create(desk, 48, 'First');
    await create(desk, 49, 'Second');
    const again = deskOf(
      await restart(services, profile, server, () => {
        const { bytes } = journals.only;
        bytes[60] = (bytes[60] ?? 0) ^ 0xff;
      }),
    );
    expect(waiting(again)).toHaveLength(2);
    expect(again.notices).toMatchObject([{ kind: 'rebuilt', fromJournal: 0, damaged: 1 }]);
    // Mended from the storage: deleted now, the storage is not missed.
    const services2 = open[0] as ClosableServices;
    const third = deskOf(await restart(services2, profile, server, deleteBrowserData));
    expect(waiting(third)).toHaveLength(2);
  });

  it('keeps the last contact, and what is known of the clock, over a start without a network', async () => {
    const server = aServer();
    server.clockOffset = 5 * hourMs;
    const { services, desk, profile } = await signIn(server);
    await until(() => desk.status.clockOffsetMs === 5 * hourMs);
    const contact = desk.status.lastContactAt;
    server.goDown();
    server.clockOffset = 0;
    const again = deskOf(await restart(services, profile, server));
    expect(again.status.lastContactAt).toBeGreaterThanOrEqual(contact ?? 0);
    expect(Math.abs(again.now() - Date.now() - 5 * hourMs)).toBeLessThan(60_000);
    await create(again, 50, 'Offline');
    expect(Math.abs((again.pending[0]?.intent.madeAt ?? 0) - Date.now() - 5 * hourMs)).toBeLessThan(60_000);
  });
});

describe('what the server does', () => {
  it('an intent that it cannot keep is shown to a person, stops nothing, and is gone once it was read', async () => {
    const server = aServer();
    const { services, desk, profile } = await signIn(server);
    server.goDown();
    const poison = await create(desk, 51, 'Poison');
    await create(desk, 52, 'Behind');
    if (poison.kind !== 'done') throw new Error('refused');
    server.cannotKeep.add(poison.intentId);
    server.comeBack();
    await until(() => desk.status.unsent === 0 && desk.notices.length === 1);
    expect(server.facts.has('patient', idOf('patient', 52))).toBe(true);
    expect(desk.notices[0]).toMatchObject({
      kind: 'failed',
      intent: { act: 'patient.create', outcome: { message: 'This request is malformed' } },
    });
    expect(desk.status.needsAttention).toBe(1);
    const again = deskOf(await restart(services, profile, server));
    expect(again.notices).toHaveLength(1);
    await again.dismiss(again.notices[0]?.id ?? '');
    await until(() => again.notices.length === 0);
    expect(again.status.needsAttention).toBe(0);
  });

  it('a pending booking whose time goes is shown as not possible before the server says so', async () => {
    const server = aServer();
    const { desk } = await signIn(server);
    let answer: () => void = () => undefined;
    server.pushesHeld = new Promise((resolve) => {
      answer = resolve;
    });
    await book(desk, 53);
    expect(desk.pending[0]?.decision.kind).toBe('done');
    server.put(
      'appointment',
      anAppointment({
        id: idOf('appointment', 54),
        startsAt: noonTomorrow,
        endsAt: instant(noonTomorrow + 1_800_000),
      }),
    );
    await until(() => desk.pending[0]?.decision.kind === 'refused');
    expect(desk.pending[0]?.decision).toMatchObject({ reasons: [{ code: 'slot' }] });
    expect(desk.status).toMatchObject({ unsent: 1, needsAttention: 1 });
    // And possible again once the other visit has gone.
    server.delete('appointment', idOf('appointment', 54));
    await until(() => desk.pending[0]?.decision.kind === 'done');
    answer();
    await until(() => desk.status.unsent === 0);
    expect(server.facts.has('appointment', idOf('appointment', 53))).toBe(true);
  });

  it('after a restore sends again what is in no backup, and tells a person how that went', async () => {
    const server = aServer();
    const { desk } = await signIn(server);
    await create(desk, 55, 'Safe');
    await until(() => desk.status.unsent === 0);
    server.backedUpSeq = server.seq;
    server.put('patient', aPatient({ id: idOf('patient', 60), familyName: 'Tells the desk of the backup' }));
    await until(() => desk.facts.has('patient', idOf('patient', 60)));
    await create(desk, 56, 'Lost');
    await book(desk, 56, noonTomorrow, idOf('patient', 56));
    await create(desk, 57, 'Known');
    await until(() => desk.status.unsent === 0);
    const before = server.pushed.length;
    server.restore((facts) => {
      for (const intent of [...facts.all('intent')])
        if (intent.n === 2 || intent.n === 3) facts.forget('intent', intent.id);
      facts.forget('patient', idOf('patient', 56));
      facts.forget('appointment', idOf('appointment', 56));
      // Meanwhile, that is before the desk came back, somebody took the time.
      facts.put(
        'appointment',
        anAppointment({
          id: idOf('appointment', 58),
          startsAt: noonTomorrow,
          endsAt: instant(noonTomorrow + 1_800_000),
          seq: server.seq + 1,
        }),
      );
      server.seq += 1;
    });
    await until(() => desk.notices.length === 1);
    expect(desk.notices[0]).toMatchObject({ kind: 'restored', again: 2, refused: 1, known: 1 });
    // What was in the backup was not sent again, and the rest in the order in which it was made.
    expect(server.pushed.slice(before).flatMap(({ intents }) => intents.map(({ n }) => n))).toEqual([
      2, 3, 4,
    ]);
    expect(server.facts.has('patient', idOf('patient', 56))).toBe(true);
    await until(() => desk.facts.get('appointment', idOf('appointment', 56)) === undefined);
    await desk.dismiss(desk.notices[0]?.id ?? '');
    await until(() => desk.notices.length === 0);
  });

  it('sends again what the server has lost also when this computer lost its own storage meanwhile', async () => {
    const server = aServer();
    const { profile } = withJournal();
    const { services, desk } = await signIn(server, profile);
    await create(desk, 62, 'Lost');
    await create(desk, 63, 'Known');
    await until(() => desk.status.unsent === 0);
    const again = deskOf(
      await restart(services, profile, server, async () => {
        await deleteBrowserData();
        server.restore((facts) => {
          for (const intent of [...facts.all('intent')])
            if (intent.n === 1) facts.forget('intent', intent.id);
          facts.forget('patient', idOf('patient', 62));
        });
      }),
    );
    await until(() => again.notices.some(({ kind }) => kind === 'restored'));
    expect(again.notices).toMatchObject([{ kind: 'rebuilt' }, { kind: 'restored', again: 1, known: 1 }]);
    expect(server.facts.has('patient', idOf('patient', 62))).toBe(true);
  });

  it('finds out about a restore by a push as well, before anything new is decided', async () => {
    const server = aServer();
    const { desk } = await signIn(server);
    await create(desk, 61, 'Lost');
    await until(() => desk.status.unsent === 0);
    server.goDown();
    await until(() => !desk.status.online);
    await book(desk, 61, noonTomorrow, idOf('patient', 61));
    server.restore((facts) => {
      for (const intent of [...facts.all('intent')]) facts.forget('intent', intent.id);
      facts.forget('patient', idOf('patient', 61));
    });
    const before = server.pushed.length;
    server.comeBack();
    await until(() => desk.status.unsent === 0 && desk.notices.length === 1);
    expect(server.pushed.slice(before).flatMap(({ intents }) => intents.map(({ n }) => n))).toEqual([1, 2]);
    expect(server.facts.has('appointment', idOf('appointment', 61))).toBe(true);
  });

  it('takes a revoked device off, and says that what was not sent did not happen', async () => {
    const server = aServer();
    const { profile, journals } = withJournal();
    const { services, desk } = await signIn(server, profile);
    server.goDown();
    await create(desk, 62, 'Unsent');
    await until(() => !desk.status.online);
    server.refreshFails = new MedicError('auth.revoked');
    server.expireTokens();
    server.comeBack();
    desk.syncNow();
    await until(() => services.session.state === 'signed-out');
    expect(services.session.notice).toMatch(/administrator\. One change .* did not happen/);
    expect(server.facts.has('patient', idOf('patient', 62))).toBe(false);
    await until(() => journals.files.size === 0);
    await until(() => services.session.people.length === 0);
  });
});

describe('several people at one desk', () => {
  const otto = aUser({
    id: idOf('user', 9),
    email: 'other@harbour.example',
    name: 'Otto Other',
    roles: ['reception'],
  });
  const asOtto = { ...credentials, email: otto.email, password: 'another password' };

  /** Two changes of Anna wait, her desk is locked, and the server is away. */
  async function annaLeftTwo(profile: Profile) {
    const server = aServer();
    server.join(otto);
    const { services, desk } = await signIn(server, profile);
    server.goDown();
    await until(() => !desk.status.online);
    await create(desk, 70, 'First');
    await create(desk, 75, 'Second');
    await services.session.lock();
    expect(services.session).toMatchObject({ state: 'locked', lockedPerson: desk.user.id });
    expect(services.desk).toBeNull();
    expect(services.session.people).toMatchObject([{ userId: desk.user.id, unsent: 2 }]);
    return { server, services, anna: desk.user.id };
  }

  const madeAs = (server: StandInServer) =>
    [...server.facts.all('intent')].map(({ userId, n }) => [userId, n]);
  const unsentOf = (services: ClosableServices, userId: string) =>
    services.session.people.find((each) => each.userId === userId)?.unsent;

  it('what one left is sent as theirs while another is at the desk, and is settled when they come back', async () => {
    const { profile } = withJournal();
    const { server, services, anna } = await annaLeftTwo(profile);
    server.comeBack();
    expect(await services.session.signIn(asOtto)).toEqual({ kind: 'signed-in' });
    const ottos = deskOf(services);
    await until(() => unsentOf(services, anna) === 0);
    expect(madeAs(server)).toEqual([
      [anna, 1],
      [anna, 2],
    ]);
    expect(services.session.othersWaitFor.size).toBe(0);
    await create(ottos, 71, 'Ottos');
    await until(() => ottos.status.unsent === 0);

    await services.session.lock();
    const pushes = server.pushed.length;
    expect(await services.session.unlock(anna, 'wrong')).toMatchObject({ kind: 'failed', field: 'password' });
    expect(await services.session.unlock(anna, credentials.password)).toEqual({ kind: 'signed-in' });
    const annas = deskOf(services);
    await until(() => annas.status.phase === 'ready' && annas.facts.has('patient', idOf('patient', 75)));
    // Nothing is sent a second time, and nobody is told that the journal had to mend something.
    expect(annas.status.unsent).toBe(0);
    expect(server.pushed).toHaveLength(pushes);
    expect(annas.notices).toEqual([]);
    await create(annas, 76, 'Third');
    await until(() => annas.status.unsent === 0);
    expect(madeAs(server)).toEqual([
      [anna, 1],
      [anna, 2],
      [otto.id, 1],
      [anna, 3],
    ]);
  });

  it('what one left is sent as soon as the network is back, though another works offline meanwhile', async () => {
    const server = aServer();
    server.join(otto);
    const { services, desk } = await signIn(server);
    await services.session.lock();
    await services.session.signIn(asOtto);
    await until(() => deskOf(services).status.phase === 'ready');
    await services.session.lock();
    await services.session.unlock(desk.user.id, credentials.password);
    server.goDown();
    await until(() => !deskOf(services).status.online);
    await create(deskOf(services), 70, 'Annas');
    await services.session.lock();
    await services.session.unlock(otto.id, asOtto.password);
    expect(await create(deskOf(services), 71, 'Ottos')).toMatchObject({ kind: 'done' });
    expect(unsentOf(services, desk.user.id)).toBe(1);
    expect(services.session.othersWaitFor.size).toBe(0);
    server.comeBack();
    deskOf(services).syncNow();
    await until(() => unsentOf(services, desk.user.id) === 0 && deskOf(services).status.unsent === 0);
    expect(server.facts.has('patient', idOf('patient', 70))).toBe(true);
    expect(server.facts.has('patient', idOf('patient', 71))).toBe(true);
  });

  it('what one left waits for them where another key opens it, and is sent when they unlock', async () => {
    const { profile } = withJournal();
    // As in a browser: Otto signs in while nobody's key is at hand, and gets one of his own.
    profile.machineKey = null;
    const { server, services, anna } = await annaLeftTwo(profile);
    server.comeBack();
    expect(await services.session.signIn(asOtto)).toEqual({ kind: 'signed-in' });
    await until(() => services.session.othersWaitFor.get(anna) === 'unlock');
    expect(unsentOf(services, anna)).toBe(2);
    expect(madeAs(server)).toEqual([]);
    await services.session.lock();
    expect(await services.session.unlock(anna, credentials.password)).toEqual({ kind: 'signed-in' });
    const annas = deskOf(services);
    await until(() => annas.status.unsent === 0);
    expect(madeAs(server)).toEqual([
      [anna, 1],
      [anna, 2],
    ]);
    expect(annas.notices).toEqual([]);
  });

  it('what one left waits for a sign-in of theirs where their session is over', async () => {
    const { profile } = withJournal();
    const { server, services, anna } = await annaLeftTwo(profile);
    server.comeBack();
    server.endSessionsOf(anna);
    expect(await services.session.signIn(asOtto)).toEqual({ kind: 'signed-in' });
    await until(() => services.session.othersWaitFor.get(anna) === 'sign-in');
    expect(unsentOf(services, anna)).toBe(2);
    expect(madeAs(server)).toEqual([]);
    await services.session.lock();
    expect(await services.session.signIn(credentials)).toEqual({ kind: 'signed-in' });
    await until(() => deskOf(services).status.unsent === 0);
    expect(madeAs(server)).toEqual([
      [anna, 1],
      [anna, 2],
    ]);
  });

  it('what one left goes from this computer when an administrator has ended their device', async () => {
    const { profile, journals } = withJournal();
    const { server, services, anna } = await annaLeftTwo(profile);
    server.comeBack();
    server.endSessionsOf(anna, 'auth.revoked');
    expect(await services.session.signIn(asOtto)).toEqual({ kind: 'signed-in' });
    await until(() => services.session.people.every(({ userId }) => userId !== anna));
    expect(services.session.notice).toMatch(/by an administrator\. 2 changes of theirs .* did not happen/);
    await until(() => [...journals.files.keys()].every((name) => !name.endsWith(anna)));
    const left = (await indexedDB.databases()).map(({ name }) => name ?? '');
    // Outside a browser RxDB's channel keeps a database of its own, with nothing in it.
    expect(left.filter((name) => name.includes(anna) && !name.startsWith('pubkey.'))).toEqual([]);
    expect(madeAs(server)).toEqual([]);
    expect(services.session.state).toBe('open');
  });

  it('a start while locked asks for the password, and keeps what waits', async () => {
    const server = aServer();
    const { services, desk, profile } = await signIn(server);
    server.goDown();
    await create(desk, 72, 'Waits');
    await services.session.lock('after 5 minutes');
    expect(services.session.lockedHow).toMatch(/^Locked at \d\d:\d\d after 5 minutes$/);
    const again = await restart(services, profile, server);
    expect(again.session).toMatchObject({ state: 'locked', lockedPerson: desk.user.id });
    expect(await again.session.unlock(desk.user.id, credentials.password)).toEqual({ kind: 'signed-in' });
    expect(waiting(deskOf(again))).toEqual([[1, 'patient.create']]);
  });

  it('what was made here as another device is sent by the one that this computer is now', async () => {
    const server = aServer();
    const { services, desk, profile } = await signIn(server);
    await create(desk, 73, 'Sent');
    await until(() => desk.status.unsent === 0);
    server.goDown();
    await create(desk, 74, 'Left');
    const former = desk.deviceId;
    const again = await restart(services, profile, server, () => {
      for (const key of [...profile.kept.keys()])
        if (/^(device|session):/.test(key)) profile.kept.delete(key);
    });
    server.comeBack();
    expect(await again.session.signIn(credentials)).toEqual({ kind: 'signed-in' });
    const now = deskOf(again);
    expect(now.deviceId).not.toBe(former);
    await until(() => now.status.unsent === 0 && server.facts.has('patient', idOf('patient', 74)));
    expect(now.notices).toEqual([]);
  });

  it('signing out takes only the one who does', async () => {
    const server = aServer();
    const other = aUser({
      id: idOf('user', 9),
      email: 'other@harbour.example',
      name: 'Otto Other',
      roles: ['reception'],
    });
    server.join(other);
    const { services, desk } = await signIn(server);
    await services.session.lock();
    await services.session.signIn({ ...credentials, email: other.email });
    await services.session.signOut();
    expect(services.session.people.map(({ userId }) => userId)).toEqual([desk.user.id]);
    expect(await services.session.unlock(desk.user.id, credentials.password)).toEqual({ kind: 'signed-in' });
  });
});

describe('the diagnostics', () => {
  it('say how sync stands and nothing about any patient', async () => {
    const server = aServer();
    const { desk } = await signIn(server);
    await create(desk, 80, 'Brzęczyszczykiewicz');
    server.put(
      'appointment',
      anAppointment({
        id: idOf('appointment', 81),
        startsAt: noonTomorrow,
        endsAt: instant(noonTomorrow + 1_800_000),
        notes: 'migraine',
      }),
    );
    await until(() => desk.status.unsent === 0 && desk.facts.has('appointment', idOf('appointment', 81)));
    server.goDown();
    await until(() => !desk.status.online);
    await create(desk, 82, 'Szczebrzeszyński');
    const told = await desk.diagnose();
    expect(told).toMatchObject({
      pending: { 'patient.create': 1 },
      answered: { done: 1 },
      transport: 'polling',
    });
    expect(told.collections.find(({ name }) => name === 'patients')).toMatchObject({
      rows: 2,
      complete: true,
    });
    const text = JSON.stringify(told);
    const secrets: string[] = ['migraine', desk.user.email, desk.user.name];
    for (const patient of desk.facts.all('patient'))
      secrets.push(
        patient.id,
        patient.familyName,
        patient.givenName,
        patient.phone ?? '',
        patient.email ?? '',
        patient.birthDate ?? '',
      );
    expect(secrets.length).toBeGreaterThan(15);
    for (const secret of secrets.filter(Boolean)) expect(text).not.toContain(secret);
    // And the form in which the server takes them has room for all of it.
    expect(syncReport.parse(told)).toEqual(told);
    expect(await desk.sendReport()).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/Save the report/),
    });
    server.comeBack();
    desk.syncNow();
    await until(() => desk.status.unsent === 0);
    expect(await desk.sendReport()).toEqual({ kind: 'sent' });
    expect(server.reports).toMatchObject([{ deviceId: desk.deviceId, pending: {}, answered: { done: 2 } }]);
  });
});

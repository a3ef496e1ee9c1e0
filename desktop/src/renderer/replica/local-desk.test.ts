import {
  aPatient,
  appointmentTypeId,
  date,
  doctorId,
  idOf,
  locationId,
  patientId,
} from '@medic/shared/testing/builders';
import { dayMs, type Instant, instant } from '@medic/shared/time/instant';
import { afterEach, describe, expect, it } from 'vitest';
import type { Desk } from './desk';
import type { ClosableServices } from './session/desk-session';
import { aServer, credentials, deskOf, Profile, signedIn, startApp, until } from './testing/desk-harness';
import type { StandInServer } from './testing/stand-in-server';

/** Tomorrow at noon in Warsaw, give or take an hour with the season: within every day's hours. */
const noonTomorrow = instant(Math.floor(Date.now() / dayMs) * dayMs + dayMs + 11 * 3_600_000);

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
  const {
    id: _,
    clinicId: _clinic,
    seq: _seq,
    deleted: _deleted,
    source: _source,
    createdAt: _createdAt,
    mergedIntoId: _merged,
    ...details
  } = aPatient({ familyName, birthDate: date(`19${10 + n}-05-17`), phone: `+4860122${1000 + n}` });
  return desk.perform('patient.create', { ...details, patientId: idOf('patient', n) });
}

const open: ClosableServices[] = [];

async function signIn(server: StandInServer, profile = new Profile()) {
  const opened = await signedIn(server, profile);
  open.push(opened.services);
  return opened;
}

async function reload(services: ClosableServices, profile: Profile, server: StandInServer) {
  await services.close();
  // Signing it out at the end would wipe the store under the one that follows.
  open.splice(open.indexOf(services), 1);
  const again = await startApp(profile, server);
  open.push(again);
  return again;
}

afterEach(async () => {
  // Signed out, so that the next test finds no replica.
  for (const services of open.splice(0)) {
    await services.session.signOut();
    await services.close();
  }
});

describe('a desk', () => {
  it('shows what it pulled and keeps up with the server', async () => {
    const server = aServer();
    const { desk } = await signIn(server);
    expect(desk.facts.clinic.slug).toBe('riverside');
    server.put('patient', aPatient({ id: idOf('patient', 7), familyName: 'Woken' }));
    await until(() => desk.facts.has('patient', idOf('patient', 7)));
    server.delete('patient', idOf('patient', 7));
    await until(() => !desk.facts.has('patient', idOf('patient', 7)));
  });

  it('shows an act at once, keeps it without a server and through a reload, and sends all in order', async () => {
    const server = aServer();
    const { services, desk, profile } = await signIn(server);
    server.goDown();
    await until(() => !desk.status.online);
    expect(await create(desk, 8, 'Offline')).toMatchObject({ kind: 'done' });
    expect(await book(desk, 1, noonTomorrow, idOf('patient', 8))).toMatchObject({ kind: 'done' });
    expect(
      await desk.perform('appointment.reschedule', {
        appointmentId: idOf('appointment', 1),
        doctorId,
        locationId,
        startsAt: instant(noonTomorrow + 3_600_000),
        durationMinutes: null,
      }),
    ).toMatchObject({ kind: 'done' });
    expect(desk.facts.get('appointment', idOf('appointment', 1))?.startsAt).toBe(noonTomorrow + 3_600_000);
    expect(desk.tentative).toEqual(new Set([idOf('patient', 8), idOf('appointment', 1)]));
    expect(desk.status.unsent).toBe(3);

    const again = await reload(services, profile, server);
    const desk2 = deskOf(again);
    expect(desk2.facts.get('appointment', idOf('appointment', 1))?.startsAt).toBe(noonTomorrow + 3_600_000);
    expect(desk2.status).toMatchObject({ unsent: 3, phase: 'ready', online: false });
    expect(desk2.searchPatients('offl', 5).map((hit) => hit.patient.id)).toEqual([idOf('patient', 8)]);

    server.comeBack();
    await until(() => desk2.status.unsent === 0);
    expect(server.pushed.flatMap((push) => push.intents.map((intent) => intent.n))).toEqual([1, 2, 3]);
    expect(server.facts.get('appointment', idOf('appointment', 1))?.startsAt).toBe(noonTomorrow + 3_600_000);
    await until(
      () =>
        desk2.facts.get('appointment', idOf('appointment', 1))?.seq ===
        server.facts.get('appointment', idOf('appointment', 1))?.seq,
    );
    expect(desk2.tentative.size).toBe(0);
  });

  it('never shows a visit away between the answer and the pull that brings it', async () => {
    const server = aServer();
    const { desk } = await signIn(server);
    let gone = 0;
    await book(desk, 2);
    const unsubscribe = desk.subscribe(() => {
      if (!desk.facts.has('appointment', idOf('appointment', 2))) gone += 1;
    });
    await until(() => desk.status.unsent === 0);
    await until(() => (desk.facts.get('appointment', idOf('appointment', 2))?.seq ?? 0) === server.seq);
    unsubscribe();
    expect(gone).toBe(0);
  });

  it('finds a new patient also between the answer and the pull that brings the record', async () => {
    const server = aServer();
    const { desk } = await signIn(server);
    let drawn = 0;
    let missed = 0;
    const unsubscribe = desk.subscribe(() => {
      if (!desk.facts.has('patient', idOf('patient', 9))) return;
      drawn += 1;
      if (desk.searchPatients('betw', 5).length !== 1) missed += 1;
    });
    await create(desk, 9, 'Between');
    await until(() => desk.status.unsent === 0);
    await until(() => (desk.facts.get('patient', idOf('patient', 9))?.seq ?? 0) === server.seq);
    unsubscribe();
    expect(drawn).toBeGreaterThan(0);
    expect(missed).toBe(0);
  });

  it('refuses over what is shown, and keeps nothing of it', async () => {
    const server = aServer();
    const { desk } = await signIn(server);
    server.goDown();
    const [first, second] = await Promise.all([book(desk, 3), book(desk, 4)]);
    expect(first).toMatchObject({ kind: 'done' });
    expect(second).toMatchObject({ kind: 'refused', reasons: [{ code: 'slot', reason: { code: 'visit' } }] });
    expect(desk.pending).toHaveLength(1);
  });

  it('runs nothing twice when the answer to a push is lost, nor when a push is cut in the middle', async () => {
    const server = aServer();
    const { desk } = await signIn(server);
    server.goDown();
    await create(desk, 11, 'One');
    await create(desk, 12, 'Two');
    await create(desk, 13, 'Three');
    server.losesPushAnswers = 1;
    server.breaksAfter = 2;
    server.comeBack();
    await until(() => desk.status.unsent === 0);
    expect(server.pushed.length).toBeGreaterThanOrEqual(2);
    const done = [...server.facts.all('intent')];
    expect(done.map((intent) => [intent.n, intent.status])).toEqual([
      [1, 'done'],
      [2, 'done'],
      [3, 'done'],
    ]);
  });

  it('keeps a refused intent as refused, and goes on with those behind it', async () => {
    const server = aServer();
    const { desk } = await signIn(server);
    server.goDown();
    await book(desk, 5);
    await create(desk, 14, 'Behind');
    // Meanwhile somebody else took the slot.
    const other = desk.facts.get('appointment', idOf('appointment', 5));
    if (!other) throw new Error('not booked');
    server.put('appointment', { ...other, id: idOf('appointment', 6), patientId: patientId });
    server.comeBack();
    await until(() => desk.status.unsent === 0 && desk.facts.has('appointment', idOf('appointment', 6)));
    expect(desk.facts.has('appointment', idOf('appointment', 5))).toBe(false);
    expect(server.facts.has('patient', idOf('patient', 14))).toBe(true);
    expect([...desk.facts.all('intent')].find((intent) => intent.n === 1)).toMatchObject({
      status: 'refused',
      act: 'appointment.book',
    });
  });

  it('pulls afresh after a restore, drops what is no longer there and sends again what was lost', async () => {
    const server = aServer();
    const { desk } = await signIn(server);
    server.put('patient', aPatient({ id: idOf('patient', 20), familyName: 'Unsaved' }));
    await create(desk, 21, 'Again');
    await until(() => desk.status.unsent === 0 && desk.facts.has('patient', idOf('patient', 20)));
    server.restore((facts) => {
      facts.forget('patient', idOf('patient', 20));
      facts.forget('patient', idOf('patient', 21));
      for (const intent of [...facts.all('intent')]) facts.forget('intent', intent.id);
      server.lastN = 0;
      server.seq -= 2;
    });
    await until(() => !desk.facts.has('patient', idOf('patient', 20)));
    await until(() => server.facts.has('patient', idOf('patient', 21)) && desk.status.unsent === 0);
    expect(desk.facts.has('patient', idOf('patient', 21))).toBe(true);
    expect(desk.facts.has('patient', patientId)).toBe(true);
  });

  it('renews an access token that is over, and asks for a new sign-in when the session is', async () => {
    const server = aServer();
    const { services, desk } = await signIn(server);
    server.expireTokens();
    await create(desk, 30, 'Renewed');
    await until(() => desk.status.unsent === 0);
    const { MedicError } = await import('@medic/shared/errors');
    server.refreshFails = new MedicError('auth.expired');
    server.expireTokens();
    await create(desk, 31, 'Waiting');
    await until(() => desk.status.problem?.kind === 'signed-out');
    expect(desk.status.unsent).toBe(1);
    server.refreshFails = null;
    expect(await services.session.signIn(credentials)).toEqual({ kind: 'signed-in' });
    await until(() => desk.status.unsent === 0);
    expect(services.desk).toBe(desk);
    expect(desk.status.problem).toBeNull();
  });

  it('wipes everything when the device is revoked', async () => {
    const server = aServer();
    const { services, desk, profile } = await signIn(server);
    const { MedicError } = await import('@medic/shared/errors');
    server.refreshFails = new MedicError('auth.revoked');
    server.expireTokens();
    desk.syncNow();
    await until(() => services.session.state === 'signed-out');
    expect(services.session.notice).toMatch(/administrator/);
    expect([...profile.kept.keys()].filter((key) => key.startsWith('session'))).toEqual([]);
    const left = async () =>
      (await indexedDB.databases())
        .map(({ name }) => name)
        .filter((name) => name?.startsWith('rxdb-dexie-medic-') || name?.endsWith('-notes'));
    for (let i = 0; i < 200 && (await left()).length > 0; i++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await left()).toEqual([]);
  });

  it('merges a stale edit by field, and keeps what it could not merge with both versions until a person settles it', async () => {
    const server = aServer();
    const { desk } = await signIn(server);
    const before = desk.facts.get('patient', patientId);
    if (!before) throw new Error('no patient');
    server.goDown();
    await until(() => !desk.status.online);
    const edit = await desk.perform('patient.edit', {
      patientId,
      changes: { phone: '+48601220999', notes: 'Rings twice' },
      base: { phone: before.phone, notes: before.notes },
    });
    expect(edit).toMatchObject({ kind: 'done' });
    server.put('patient', { ...before, notes: 'Comes by taxi', givenName: 'Meanwhile' });
    server.comeBack();
    await until(
      () => desk.status.unsent === 0 && desk.facts.get('patient', patientId)?.givenName === 'Meanwhile',
    );
    // The other field of theirs stands, and so does ours that nobody else touched; of the same one, the server's.
    await until(() => desk.facts.get('patient', patientId)?.phone === '+48601220999');
    expect(desk.facts.get('patient', patientId)?.notes).toBe('Comes by taxi');
    const [item] = [...server.facts.all('attentionItem')];
    await until(() => desk.facts.has('attentionItem', item?.id ?? '') && desk.status.needsAttention === 1);
    expect(item?.data).toMatchObject({
      conflicts: [{ field: 'notes', yours: 'Rings twice', theirs: 'Comes by taxi' }],
    });
    await desk.perform('attention.settle', { itemId: item?.id ?? '', resolution: 'Kept theirs' });
    await until(() => desk.status.unsent === 0 && desk.status.needsAttention === 0);
  });

  it('shows what has come when the first pull was cut short, says what is missing, and goes on by itself', async () => {
    const server = aServer();
    server.cannotPull.add('patients').add('appointments');
    const profile = new Profile();
    const services = await startApp(profile, server);
    open.push(services);
    await services.session.signIn(credentials);
    const first = deskOf(services);
    await until(() => first.status.missing.length === 2);
    server.goDown();
    const again = await reload(services, profile, server);
    const desk = deskOf(again);
    expect(desk.status).toMatchObject({
      phase: 'filling',
      missing: ['patients', 'appointments'],
      online: false,
    });
    expect(desk.facts.doctor(doctorId)).toBeDefined();
    expect(desk.facts.has('patient', patientId)).toBe(false);
    // Work goes on with what is here.
    expect(await create(desk, 30, 'Meanwhile')).toMatchObject({ kind: 'done' });
    server.cannotPull.clear();
    server.comeBack();
    desk.syncNow();
    await until(() => desk.status.phase === 'ready' && desk.status.unsent === 0);
    expect(desk.status.missing).toEqual([]);
    expect(desk.facts.has('patient', patientId)).toBe(true);
  });

  it('waits with a plain word where too little has come to show a day', async () => {
    const server = aServer();
    server.cannotPull.add('directory');
    const profile = new Profile();
    const services = await startApp(profile, server);
    open.push(services);
    await services.session.signIn(credentials);
    server.goDown();
    const again = await reload(services, profile, server);
    const desk = deskOf(again);
    await until(() => desk.status.offlineSince !== null);
    expect(desk.status.phase).toBe('starting');
    server.cannotPull.clear();
    server.comeBack();
    desk.syncNow();
    await until(() => desk.status.phase === 'ready');
  });

  it('opens without a network and with tokens long over', async () => {
    const server = aServer();
    server.tokensLastMs = -1;
    const { services, profile } = await signIn(server);
    server.goDown();
    const again = await reload(services, profile, server);
    expect(again.session.state).toBe('open');
    expect(deskOf(again).facts.has('patient', patientId)).toBe(true);
  });
});

/** What RxDB's replication got wrong at one time or another, each asked of ours. The numbers are its issues. */
import 'fake-indexeddb/auto';
import type { Patient } from '@medic/shared/model/patient';
import { aPatient, clinicId, date, idOf, patientId } from '@medic/shared/testing/builders';
import { afterEach, describe, expect, it } from 'vitest';
import { deskKey, sealUnder } from '../../platform/seal';
import type { Desk } from '../desk';
import type { ClosableServices } from '../session/desk-session';
import { databaseName, openDatabase, wipeDatabase } from '../store/database';
import { aServer, deskOf, Profile, signedIn, startApp, until } from '../testing/desk-harness';
import type { StandInServer } from '../testing/stand-in-server';
import { pullBatchSize } from './pulls';

const open: ClosableServices[] = [];

async function signIn(server: StandInServer, profile = new Profile()) {
  const opened = await signedIn(server, profile);
  open.push(opened.services);
  return opened;
}

async function startAgain(profile: Profile, server: StandInServer): Promise<Desk> {
  const services = await startApp(profile, server);
  open.push(services);
  return deskOf(services);
}

async function end(services: ClosableServices): Promise<void> {
  open.splice(open.indexOf(services), 1);
  await services.close();
}

afterEach(async () => {
  // Signed out, so that the next test finds no replica.
  for (const services of open.splice(0)) {
    await services.session.signOut();
    await services.close();
  }
});

function named(n: number, familyName: string): Patient {
  return aPatient({ id: idOf('patient', n), familyName });
}

function create(desk: Desk, n: number, familyName: string) {
  const { id: _, clinicId: _clinic, seq: _seq, deleted: _deleted, ...rest } = named(n, familyName);
  const { source: _source, createdAt: _at, mergedIntoId: _into, apartFrom: _apart, ...details } = rest;
  return desk.perform('patient.create', {
    ...details,
    birthDate: date(`19${10 + n}-05-17`),
    phone: `+4860122${1000 + n}`,
    patientId: idOf('patient', n),
  });
}

function holdPushes(server: StandInServer): () => void {
  let release: () => void = () => undefined;
  server.pushesHeld = new Promise((resolve) => {
    release = resolve;
  });
  return release;
}

describe('a bug that RxDB had', () => {
  it('#8285: a pause while a push is tried again marks nothing as sent', async () => {
    const server = aServer();
    const { services, desk, profile } = await signIn(server);
    server.losesPushAnswers = 0;
    server.breaksAfter = 0;
    const release = holdPushes(server);
    await create(desk, 11, 'Retried');
    await until(() => server.pushed.length === 1);
    server.goDown();
    release();
    await until(() => !desk.status.online);
    expect(desk.status.unsent).toBe(1);
    // Closed in the middle of its retries.
    await end(services);
    const again = await startAgain(profile, server);
    expect(again.status.unsent).toBe(1);
    server.comeBack();
    await until(() => server.facts.has('patient', idOf('patient', 11)) && again.status.unsent === 0);
  });

  it('#5571: rows that come while a push is under way are not passed over', async () => {
    const server = aServer();
    const { desk } = await signIn(server);
    const release = holdPushes(server);
    await create(desk, 12, 'Pushed');
    await until(() => server.pushed.length === 1);
    server.put('patient', named(13, 'Meanwhile'));
    await until(() => desk.facts.has('patient', idOf('patient', 13)));
    server.put('patient', named(14, 'Just before'));
    release();
    await until(() => desk.status.unsent === 0);
    await until(() => desk.facts.has('patient', idOf('patient', 14)));
    expect(desk.facts.has('patient', idOf('patient', 12))).toBe(true);
  });

  it('#5843: an edit made offline and one made at the server leave the checkpoint behind neither', async () => {
    const server = aServer();
    const { services, desk, profile } = await signIn(server);
    server.goDown();
    await until(() => !desk.status.online);
    const before = desk.facts.get('patient', patientId);
    await desk.perform('patient.edit', {
      patientId,
      changes: { notes: 'From the desk' },
      base: { notes: before?.notes ?? '' },
    });
    server.put('patient', aPatient({ familyName: 'Changed' }));
    server.put('patient', named(15, 'Behind it'));
    server.comeBack();
    await until(() => desk.status.unsent === 0 && desk.facts.has('patient', idOf('patient', 15)));
    await until(
      () => desk.facts.get('patient', patientId)?.seq === server.facts.get('patient', patientId)?.seq,
    );
    const both = { familyName: 'Changed', notes: 'From the desk' };
    expect(desk.facts.get('patient', patientId)).toMatchObject(both);
    // And so it lies on the disk.
    await end(services);
    server.goDown();
    const again = await startAgain(profile, server);
    await until(() => again.facts.has('patient', patientId));
    expect(again.facts.get('patient', patientId)).toMatchObject(both);
    expect(again.facts.has('patient', idOf('patient', 15))).toBe(true);
    server.comeBack();
  });

  it('#3103: a pull after a push that failed skips nothing', async () => {
    const server = aServer();
    const { desk } = await signIn(server);
    server.put('patient', named(16, 'Before'));
    server.breaksAfter = 0;
    server.losesPushAnswers = 1;
    await create(desk, 17, 'Failing');
    for (let n = 20; n < 25; n++) server.put('patient', named(n, `Row ${n}`));
    await until(() => desk.status.unsent === 0);
    await until(() =>
      [16, 17, 20, 21, 22, 23, 24].every((n) => desk.facts.has('patient', idOf('patient', n))),
    );
  });

  it('#7260, #7266: after the replica moved to a new shape updates go on coming, and what was unsent goes', async () => {
    const server = aServer();
    const { services, desk, profile } = await signIn(server);
    const { id: userId } = desk.user;
    server.goDown();
    await until(() => !desk.status.online);
    await create(desk, 18, 'Carried');
    await end(services);
    // As an earlier build would have left it: the same under another name.
    const key = profile.machineKey;
    if (!key) throw new Error('the profile has no key of its machine');
    const seal = sealUnder(await deskKey(key.slice()));
    const present = databaseName(clinicId, userId);
    const now = await openDatabase(present, seal);
    const intents = await now.readAll('intents');
    expect(intents).toHaveLength(1);
    await now.close();
    await wipeDatabase(present);
    const former = await openDatabase(present.replace(/[^-]+$/, '0123456789abcdef'), seal);
    await former.collections.intents.bulkInsert(intents);
    await former.close();

    const again = await startAgain(profile, server);
    expect(again.status.unsent).toBe(1);
    server.comeBack();
    await until(() => again.status.unsent === 0 && server.facts.has('patient', idOf('patient', 18)));
    server.put('patient', named(19, 'After'));
    await until(() => again.facts.has('patient', idOf('patient', 19)));
    server.put('patient', named(19, 'After that'));
    await until(() => again.facts.get('patient', idOf('patient', 19))?.familyName === 'After that');
  });

  it('a page of nothing but tombstones moves the checkpoint past no row that is there', async () => {
    const server = aServer();
    const { desk } = await signIn(server);
    server.goDown();
    await until(() => !desk.status.online);
    // More than a page of rows that were gone before this desk heard of them, and rows of the same moment behind.
    for (let n = 100; n < 100 + pullBatchSize + 20; n++) server.delete('patient', idOf('patient', n));
    server.put('patient', named(30, 'Last'), named(31, 'With it'));
    server.delete('patient', patientId);
    server.comeBack();
    await until(() => !desk.facts.has('patient', patientId));
    expect(desk.facts.has('patient', idOf('patient', 30))).toBe(true);
    expect(desk.facts.has('patient', idOf('patient', 31))).toBe(true);
    server.put('patient', named(32, 'Later'));
    await until(() => desk.facts.has('patient', idOf('patient', 32)));
  });
});

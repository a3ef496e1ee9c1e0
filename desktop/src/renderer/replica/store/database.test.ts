import 'fake-indexeddb/auto';
import { SealFailure } from '@medic/shared/sync/seal';
import { aPatient, idOf } from '@medic/shared/testing/builders';
import { Dexie } from 'dexie';
import { afterEach, expect, it } from 'vitest';
import { deskKey, newKeyBytes, sealUnder } from '../../platform/seal';
import { openDatabase, type ReplicaDatabase, wipeDatabase } from './database';
import type { StoredDocument } from './schema';
import type { SealedRow } from './sealed-storage';

const name = 'medic-clinic-user-0123456789abcdef';
const seal = sealUnder(await deskKey(newKeyBytes()));
const open = new Set<ReplicaDatabase>();

async function opened(under = seal, called = name): Promise<ReplicaDatabase> {
  const database = await openDatabase(called, under);
  open.add(database);
  return database;
}

async function close(database: ReplicaDatabase): Promise<void> {
  open.delete(database);
  await database.close();
}

afterEach(async () => {
  for (const database of open) await close(database);
  for (const database of await Dexie.getDatabaseNames()) await Dexie.delete(database);
});

function patientDocument(n: number, familyName: string): StoredDocument {
  const { deleted: _, ...patient } = aPatient({ id: idOf('patient', n), familyName });
  return { ...patient, recordKind: 'patient' };
}

async function rowsOf(collection: string, database = `${name}-rows`): Promise<SealedRow[]> {
  const dexie = await new Dexie(database).open();
  try {
    return await dexie.table<SealedRow>(collection).toArray();
  } finally {
    dexie.close();
  }
}

async function putRow(collection: string, row: SealedRow): Promise<void> {
  const dexie = await new Dexie(`${name}-rows`).open();
  await dexie.table(collection).put(row);
  dexie.close();
}

it('gives back what was written, also after it was closed, and tells of every change in the open', async () => {
  const database = await opened();
  const heard: [string, unknown][] = [];
  const subscription = database.collections.patients.eventBulks$.subscribe(({ events }) => {
    for (const { operation, documentData } of events)
      heard.push([operation, (documentData as unknown as StoredDocument).familyName]);
  });
  const [anna, piotr] = [patientDocument(1, 'Polańska'), patientDocument(2, 'Anczyk')];
  await database.collections.patients.bulkInsert([anna, piotr]);
  await database.collections.patients.bulkUpsert([{ ...anna, familyName: 'Nowak' }]);
  await database.collections.patients.bulkRemove([piotr.id]);
  subscription.unsubscribe();
  expect(heard).toEqual([
    ['INSERT', 'Polańska'],
    ['INSERT', 'Anczyk'],
    ['UPDATE', 'Nowak'],
    ['DELETE', 'Anczyk'],
  ]);
  await close(database);
  const again = await opened();
  expect(await again.readAll('patients')).toMatchObject([{ ...anna, familyName: 'Nowak' }]);
  expect((await again.collections.patients.find().exec()).map((each) => each.familyName)).toEqual(['Nowak']);
});

it('refuses a write over a state that is not the latest, and shows that one', async () => {
  const database = await opened();
  const anna = patientDocument(1, 'Polańska');
  await database.collections.patients.insert(anna);
  const { error } = await database.collections.patients.bulkInsert([{ ...anna, familyName: 'Other' }]);
  expect(error).toMatchObject([{ status: 409, documentInDb: { familyName: 'Polańska' } }]);
});

it('leaves nothing readable on the disk, and nothing at all of what was deleted', async () => {
  const database = await opened();
  const anna = patientDocument(1, 'Polańska');
  await database.collections.patients.insert(anna);
  const [row] = await rowsOf('patients');
  expect(Object.keys(row ?? {}).sort()).toEqual(['box', 'deleted', 'id', 'rev', 'writtenAt']);
  const visit = {
    id: idOf('appointment', 1),
    recordKind: 'appointment' as const,
    seq: 1,
    startsAt: 5,
    notes: 'n',
  };
  await database.collections.appointments.insert(visit);
  expect(Object.keys((await rowsOf('appointments'))[0] ?? {})).toContain('startsAt');
  expect(Object.keys((await rowsOf('appointments'))[0] ?? {})).not.toContain('notes');
  expect(Buffer.from(row?.box ?? []).toString('latin1')).not.toMatch(/Pola|familyName|patient/);
  await database.collections.patients.bulkRemove([anna.id]);
  expect(await rowsOf('patients')).toMatchObject([{ id: anna.id, deleted: true, box: null }]);
  await database.collections.patients.storageInstance.cleanup(0);
  expect(await rowsOf('patients')).toEqual([]);
});

it('does not open under another key, and changes nothing in the attempt', async () => {
  const database = await opened();
  await database.collections.patients.insert(patientDocument(1, 'Polańska'));
  await close(database);
  const before = await rowsOf('patients');
  const other = sealUnder(await deskKey(newKeyBytes()));
  const refusal = await opened(other).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(SealFailure);
  expect(refusal).toMatchObject({ kind: 'wrong-key' });
  expect(await rowsOf('patients')).toEqual(before);
  expect(await (await opened()).readAll('patients')).toHaveLength(1);
});

it('drops a damaged document and notes that its collection is to be pulled again; an intent stays', async () => {
  const database = await opened();
  await database.collections.patients.bulkInsert([
    patientDocument(1, 'Polańska'),
    patientDocument(2, 'Anczyk'),
  ]);
  const intent = { id: idOf('intent', 1), recordKind: 'intent', seq: 0, act: 'patient.create' } as const;
  await database.collections.intents.insert(intent);
  await database.notes.setPullNote('patients', { complete: true, sweep: false });
  await close(database);
  const [one, two] = await rowsOf('patients');
  if (!one?.box || !two?.box) throw new Error('not written');
  // Swapped, each whole in itself: it is the place that is wrong.
  await putRow('patients', { ...one, box: two.box });
  const intents = await new Dexie(`${name}-intents`).open();
  await intents.table('intents').update(intent.id, { box: new Uint8Array(50) });
  intents.close();

  const again = await opened();
  expect(await again.readAll('patients')).toMatchObject([{ id: two.id }]);
  expect(await again.readAll('intents')).toEqual([]);
  expect(again.unreadable).toEqual([
    { collection: 'patients', id: one.id, kind: 'damaged' },
    { collection: 'intents', id: intent.id, kind: 'damaged' },
  ]);
  expect((await rowsOf('patients')).map(({ id }) => id)).toEqual([two.id]);
  expect(await rowsOf('intents', `${name}-intents`)).toHaveLength(1);
  expect(await again.notes.pullNote('patients')).toEqual({ complete: true, sweep: true });
});

it('reads first what is seen in these days and who comes, then the rest, and each once', async () => {
  const database = await opened();
  const day = 24 * 3_600_000;
  const visit = (n: number, startsAt: number) => ({
    id: idOf('appointment', n),
    recordKind: 'appointment' as const,
    seq: n,
    patientId: idOf('patient', n),
    startsAt,
    endsAt: startsAt + 900_000,
  });
  const series = { id: idOf('appointment', 5), recordKind: 'appointmentSeries' as const, seq: 5 };
  await database.collections.appointments.bulkInsert([
    visit(1, 5 * day),
    visit(2, 10 * day - 600_000),
    visit(3, 11 * day - 1),
    visit(4, 11 * day),
    series,
  ]);
  await database.collections.patients.bulkInsert([1, 2, 3, 4].map((n) => patientDocument(n, `P${n}`)));
  const read: Record<string, string[]> = {};
  for await (const part of database.readInParts({ from: 10 * day, to: 11 * day })) {
    const key = `${part.collection} ${part.first ? 'first' : 'then'}`;
    read[key] = [...(read[key] ?? []), ...part.documents.map(({ id }) => id.slice(-1))].sort();
  }
  expect(read).toMatchObject({
    'appointments first': ['2', '3', '5'],
    'patients first': ['2', '3'],
    'appointments then': ['1', '4'],
    'patients then': ['1', '4'],
  });
});

it('takes the intents of an unsealed store of an earlier build along, and wipes that store', async () => {
  const old = 'medic-clinic-user-fedcba9876543210';
  // As RxDB 17 laid them out.
  const layout = '&id, [_deleted+id], [_meta.lwt+id], _meta.lwt';
  const meta = { _meta: { lwt: 1 }, _rev: '1-abc', _attachments: {}, _deleted: '0' };
  for (const collection of ['intents', 'patients']) {
    const dexie = new Dexie(`rxdb-dexie-${old}--0--${collection}`);
    dexie.version(1).stores({ docs: layout, changes: '++sequence, id', attachments: 'id' });
    await dexie.table('docs').bulkPut([
      { id: idOf('intent', 1), recordKind: 'intent', seq: 0, status: 'pending', act: 'a', ...meta },
      { id: idOf('intent', 2), recordKind: 'intent', seq: 3, status: 'done', act: 'b', ...meta },
      {
        id: idOf('intent', 3),
        recordKind: 'intent',
        seq: 3,
        status: 'done',
        act: 'c',
        ...meta,
        _deleted: '1',
      },
    ]);
    dexie.close();
  }
  const database = await opened();
  expect(await database.readAll('intents')).toMatchObject([
    { id: idOf('intent', 1), status: 'pending', act: 'a' },
    { id: idOf('intent', 2), status: 'done', act: 'b' },
  ]);
  expect(
    (await Dexie.getDatabaseNames()).filter((each) => /^(rxdb-dexie-)?medic-clinic-user-fe/.test(each)),
  ).toEqual([]);
});

it('takes the intents of a sealed store of an earlier build along, but leaves those that do not open', async () => {
  const old = 'medic-clinic-user-fedcba9876543210';
  const before = await opened(seal, old);
  await before.collections.patients.insert(patientDocument(1, 'Polańska'));
  await before.collections.intents.bulkInsert(
    [1, 2].map((n) => ({ id: idOf('intent', n), recordKind: 'intent' as const, seq: 0, status: 'pending' })),
  );
  await close(before);
  const table = await new Dexie(`${old}-intents`).open();
  await table.table('intents').update(idOf('intent', 2), { box: new Uint8Array(50) });
  table.close();

  const database = await opened();
  expect((await database.readAll('intents')).map(({ id }) => id)).toEqual([idOf('intent', 1)]);
  expect(database.unreadable).toEqual([{ collection: 'intents', id: idOf('intent', 2), kind: 'damaged' }]);
  expect((await Dexie.getDatabaseNames()).filter((each) => each.startsWith(old))).toEqual([`${old}-intents`]);
  await close(database);
  // The next start finds it again, and takes nothing twice.
  expect((await opened()).unreadable).toHaveLength(1);
});

it('wipes everything that a replica left, and nothing of another', async () => {
  const other = 'medic-clinic-other-0123456789abcdef';
  for (const called of [other, name]) {
    const database = await opened(seal, called);
    await database.collections.patients.insert(patientDocument(1, 'Polańska'));
    await database.collections.intents.insert({ id: idOf('intent', 1), recordKind: 'intent', seq: 0 });
    await close(database);
  }
  await wipeDatabase(name);
  const left = await Dexie.getDatabaseNames();
  expect(left.filter((each) => /^(rxdb-dexie-)?medic-clinic-user/.test(each))).toEqual([]);
  expect(left).toEqual(expect.arrayContaining([`${other}-rows`, `${other}-intents`, `${other}-notes`]));
});

it('does not come back empty when another window has deleted it', async () => {
  const database = await opened();
  await database.notes.setEpoch('an epoch');
  // As another window does it: its own connections are none of these.
  await wipeDatabase(name);
  expect(database.gone.aborted).toBe(true);
  await expect(database.notes.setEpoch('another')).rejects.toThrow();
  await expect(database.collections.patients.insert(patientDocument(1, 'Lis'))).rejects.toThrow();
  await expect(database.readAll('patients')).rejects.toThrow();
  await close(database);
  expect(await ofReplica()).toEqual([]);
});

/** Besides those of RxDB's own channel, in which there is nothing here. */
async function ofReplica(): Promise<string[]> {
  return (await Dexie.getDatabaseNames()).filter((each) => !each.startsWith('pubkey.'));
}

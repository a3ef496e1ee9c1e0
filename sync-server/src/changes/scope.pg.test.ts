/** The four rules of the scope, row by row and field by field, on what hangs on a visit as well. */
import { randomBytes } from 'node:crypto';
import type { ActContext } from '@medic/shared/acts/act';
import { done } from '@medic/shared/acts/act';
import type { Change } from '@medic/shared/acts/facts';
import { uuidv7 } from '@medic/shared/model/id';
import type { CollectionName } from '@medic/shared/model/records';
import { syncedRecords } from '@medic/shared/model/records';
import {
  aBusyTime,
  aHold,
  aMerge,
  anAttentionItem,
  aPatient,
  aTimeOff,
  at,
  aUser,
  aWaitlistEntry,
  date,
  idOf,
} from '@medic/shared/testing/builders';
import { dayMs, instant } from '@medic/shared/time/instant';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { save } from '../acts/act-rows';
import { takeClock } from '../db/clinics';
import { putRecord, readById } from '../db/records';
import { inClinic, type Transaction } from '../db/transaction';
import {
  anna,
  harbour,
  monday,
  newId,
  nowak,
  okafor,
  openTestClinic,
  reception,
  single,
  type TestClinic,
  type TestDesk,
} from '../testing/test-clinic';
import { TestReplica } from '../testing/test-replica';

let clinic: TestClinic;
let desk: TestDesk;
/** Of the two doctors, and of the admin. */
let ofOkafor: TestDesk;
let ofNowak: TestDesk;
let ofAdmin: TestDesk;

const bay = idOf('location', 2);

beforeAll(async () => {
  clinic = await openTestClinic();
  desk = await clinic.signIn();
  const users = [
    aUser({ id: idOf('user', 77), email: 'nowak@harbour.example', roles: ['doctor'], doctorId: nowak }),
    aUser({ id: idOf('user', 78), email: 'admin@harbour.example', roles: ['admin'] }),
    aUser({ id: idOf('user', 79), email: 'bay@harbour.example', roles: ['reception'], locationIds: [bay] }),
  ];
  await under(async (tx) => {
    await tx.query(
      `INSERT INTO locations (id, clinic_id, seq, deleted, name, slug, street, city, postal_code, directions, phone, time_zone, active)
       SELECT $1, clinic_id, seq, deleted, 'Bay', 'bay', street, city, postal_code, directions, phone, time_zone, active FROM locations WHERE id = $2`,
      [bay, harbour],
    );
    for (const user of users) {
      await putRecord(tx, syncedRecords.user, { ...user, clinicId: clinic.clinicId });
      await tx.query(
        'UPDATE users SET password_hash = (SELECT password_hash FROM users WHERE id = $2) WHERE id = $1',
        [user.id, reception],
      );
    }
  });
  ofNowak = await clinic.signIn('nowak@harbour.example');
  ofAdmin = await clinic.signIn('admin@harbour.example');
  ofOkafor = await clinic.signIn('okafor@harbour.example');
});
beforeEach(() => {
  clinic.clock.now = monday;
});
afterAll(() => clinic.close());

async function under<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
  return await inClinic(clinic.database.adminPool, clinic.clinicId, async (tx) => {
    await takeClock(tx, clinic.clinicId);
    return await work(tx);
  });
}

/** As an act saves it. */
async function write(...changes: Change[]): Promise<void> {
  const context = { newId, now: clinic.clock.now, clinicId: clinic.clinicId } as ActContext;
  await under((tx) => save(tx, done(changes), [], context));
}

const own = () => ({ id: uuidv7(monday, randomBytes(10)), clinicId: clinic.clinicId });

let halfHours = 0;
async function book(doctorId: string, patientId: string, overrides: Record<string, unknown> = {}) {
  const appointmentId = newId();
  const startsAt =
    at('2026-12-07 08:00') + Math.floor(halfHours / 14) * dayMs + (halfHours++ % 14) * 1_800_000;
  const args = {
    appointmentId,
    patientId,
    doctorId,
    locationId: harbour,
    appointmentTypeId: single,
    startsAt,
    notes: '',
  };
  const [intent] = await desk.push(desk.intent('appointment.book', { ...args, ...overrides }));
  expect(intent?.status, JSON.stringify(intent?.outcome)).toBe('done');
  return { appointmentId, startsAt };
}

async function moveTo(
  doctorId: string,
  { appointmentId, startsAt }: { appointmentId: string; startsAt: number },
) {
  const args = { appointmentId, doctorId, locationId: harbour, startsAt, durationMinutes: null };
  const [intent] = await desk.push(desk.intent('appointment.reschedule', args));
  expect(intent?.status, JSON.stringify(intent?.outcome)).toBe('done');
}

async function anOldPatient(): Promise<string> {
  const patient = aPatient(own());
  await under((tx) => putRecord(tx, syncedRecords.patient, patient));
  return patient.id;
}

/** Of two desks what each holds of a row, after both have pulled. */
function watching(collection: CollectionName, ...desks: TestDesk[]) {
  const replicas = desks.map((each) => new TestReplica(each, collection));
  return {
    replicas,
    pull: () => Promise.all(replicas.map((replica) => replica.pull())),
    hold: async (id: string) => {
      await Promise.all(replicas.map((replica) => replica.pull()));
      return replicas.map((replica) => replica.rows.has(id));
    },
  };
}

describe('what enters a scope', () => {
  it('arrives, though it was changed last long before the replica’s checkpoint', async () => {
    const old = await anOldPatient();
    const people = watching('patients', ofOkafor, ofNowak);
    await people.pull();
    for (let n = 0; n < 5; n++) await book(nowak, anna);
    await people.pull();
    const visit = await book(okafor, old);
    expect(await people.hold(old)).toEqual([true, false]);
    expect(await watching('appointments', ofOkafor, ofNowak).hold(visit.appointmentId)).toEqual([
      true,
      false,
    ]);
  });

  it('is also a patient that this doctor has just made, before there is a visit', async () => {
    const people = watching('patients', ofOkafor, ofNowak);
    await people.pull();
    const patientId = newId();
    const [made] = await ofOkafor.push(
      ofOkafor.intent('patient.create', {
        patientId,
        givenName: 'Wanda',
        familyName: 'New',
        birthDate: null,
        phone: null,
        email: null,
        language: 'en',
        consentSms: false,
        consentEmail: false,
        notes: '',
      }),
    );
    expect(made?.status).toBe('done');
    expect(await people.hold(patientId)).toEqual([true, false]);
  });
});

it('brings a doctor the notes of a place with the first day there, and takes them away with the last', async () => {
  const note = {
    ...own(),
    seq: 0,
    deleted: false,
    date: date('2026-12-07'),
    locationId: bay,
    text: 'The lift is out of order',
    authorId: reception,
    createdAt: monday,
  };
  await write({ kind: 'dayNote', record: note });
  const notes = watching('dayNotes', ofNowak);
  expect(await notes.hold(note.id)).toEqual([false]);
  const doctor = await under((tx) => readById(tx, syncedRecords.doctor, nowak));
  if (!doctor) throw new Error('no doctor');
  const place = { id: newId(), clinicId: clinic.clinicId, doctorId: nowak, locationId: bay };
  await write({ kind: 'doctor', record: { ...doctor, places: [...doctor.places, place] } });
  expect(await notes.hold(note.id)).toEqual([true]);
  await write({ kind: 'doctor', record: doctor });
  expect(await notes.hold(note.id)).toEqual([false]);
});

describe('what leaves a scope', () => {
  it('goes out as a tombstone: the visit, and with it patient, series and what waits for a person about it', async () => {
    const old = await anOldPatient();
    const visit = await book(okafor, old);
    const item = anAttentionItem({
      ...own(),
      kind: 'google-moved',
      doctorId: okafor,
      patientId: old,
      appointmentId: visit.appointmentId,
      intentId: null,
      deviceId: null,
      userId: null,
    });
    await write({ kind: 'attentionItem', record: item });
    const all = (['appointments', 'patients', 'attentionItems'] as const).map((name) =>
      watching(name, ofOkafor, ofNowak),
    );
    const ids = [visit.appointmentId, old, item.id];
    for (const [index, each] of all.entries())
      expect(await each.hold(ids[index] ?? '')).toEqual([true, false]);

    await moveTo(nowak, visit);
    for (const [index, each] of all.entries()) {
      expect(await each.hold(ids[index] ?? ''), ids[index]).toEqual([false, true]);
      expect(each.replicas[0]?.gone).toContain(ids[index]);
    }
  });

  it('stays where something else keeps it: another visit, or a wish', async () => {
    const [two, wish] = [await anOldPatient(), await anOldPatient()];
    const [first] = [await book(okafor, two), await book(okafor, two)];
    const wished = await book(okafor, wish);
    const entry = aWaitlistEntry({ ...own(), patientId: wish, doctorIds: [okafor] });
    await write({ kind: 'waitlistEntry', record: entry });
    const people = watching('patients', ofOkafor);
    await people.pull();
    await moveTo(nowak, first);
    await moveTo(nowak, wished);
    expect([...(await people.hold(two)), ...(await people.hold(wish))]).toEqual([true, true]);
    // The wish is closed, and nothing keeps the patient any more.
    await write({ kind: 'waitlistEntry', record: { ...entry, status: 'closed' } });
    expect(await people.hold(wish)).toEqual([false]);
  });

  it('is a wish that names another doctor from now on', async () => {
    const patientId = await anOldPatient();
    const entry = aWaitlistEntry({ ...own(), patientId, doctorIds: [okafor] });
    await write({ kind: 'waitlistEntry', record: entry });
    const wishes = watching('waitlistEntries', ofOkafor, ofNowak);
    const people = watching('patients', ofOkafor, ofNowak);
    expect([await wishes.hold(entry.id), await people.hold(patientId)]).toEqual([
      [true, false],
      [true, false],
    ]);
    await write({ kind: 'waitlistEntry', record: { ...entry, doctorIds: [nowak] } });
    expect([await wishes.hold(entry.id), await people.hold(patientId)]).toEqual([
      [false, true],
      [false, true],
    ]);
  });
});

describe('what a doctor’s desk never holds', () => {
  it('are other doctors’ hours, absences, holds and busy times', async () => {
    const [mine, theirs] = [okafor, nowak].map((doctorId) => ({
      timeOff: aTimeOff({ ...own(), doctorId }),
      hold: aHold({ ...own(), doctorId, locationId: harbour, appointmentTypeId: single, roomId: null }),
    }));
    if (!mine || !theirs) throw new Error('no records');
    for (const each of [mine, theirs])
      await write({ kind: 'timeOffRequest', record: each.timeOff }, { kind: 'slotHold', record: each.hold });
    for (const [name, field] of [
      ['timeOffRequests', 'timeOff'],
      ['busyTimes', 'hold'],
    ] as const) {
      expect(await watching(name, ofOkafor, ofNowak, desk).hold(mine[field].id)).toEqual([true, false, true]);
      expect(await watching(name, ofOkafor, ofNowak, desk).hold(theirs[field].id)).toEqual([
        false,
        true,
        true,
      ]);
    }
    const hours = new TestReplica(ofOkafor, 'scheduleTemplates');
    await hours.pull();
    expect(hours.rows.size).toBe(5);
  });

  it('are what others asked for, on the same desk too', async () => {
    const [intent] = await desk.push(desk.intent('appointment.book', { appointmentId: newId() }));
    expect(intent?.status).toBe('refused');
    const [intents, items] = [
      new TestReplica(ofNowak, 'intents'),
      new TestReplica(ofNowak, 'attentionItems'),
    ];
    await Promise.all([intents.pull(), items.pull()]);
    expect(intents.rows.has(intent?.id ?? '')).toBe(false);
    expect([...items.rows.values()].filter((row) => JSON.stringify(row).includes(intent?.id ?? ''))).toEqual(
      [],
    );
  });
});

describe('reception of some places', () => {
  it('holds what is there, and every patient', async () => {
    const ofBay = await clinic.signIn('bay@harbour.example');
    const visit = await book(nowak, anna);
    const notes = [harbour, bay, null].map((locationId) => ({
      ...own(),
      seq: 0,
      deleted: false,
      date: date('2026-12-07'),
      locationId,
      text: 'A note',
      authorId: reception,
      createdAt: monday,
    }));
    await write(...notes.map((record) => ({ kind: 'dayNote', record }) as const));
    const wishes = [[harbour], [bay], []].map((locationIds) =>
      aWaitlistEntry({ ...own(), patientId: anna, doctorIds: [], locationIds }),
    );
    await write(...wishes.map((record) => ({ kind: 'waitlistEntry', record }) as const));
    const item = anAttentionItem({
      ...own(),
      kind: 'google-moved',
      doctorId: null,
      patientId: null,
      appointmentId: visit.appointmentId,
      intentId: null,
      deviceId: null,
      userId: null,
    });
    await write({ kind: 'attentionItem', record: item });
    const held = async (name: CollectionName, ids: readonly string[]) => {
      const replica = new TestReplica(ofBay, name);
      await replica.pull();
      return ids.map((id) => replica.rows.has(id));
    };
    expect(await held('appointments', [visit.appointmentId])).toEqual([false]);
    expect(await held('patients', [anna])).toEqual([true]);
    expect(
      await held(
        'dayNotes',
        notes.map(({ id }) => id),
      ),
    ).toEqual([false, true, true]);
    expect(
      await held(
        'waitlistEntries',
        wishes.map(({ id }) => id),
      ),
    ).toEqual([false, true, true]);
    expect(await held('attentionItems', [item.id])).toEqual([false]);
  });
});

describe('fields', () => {
  it('that are nobody’s but a doctor’s and the admin’s come empty to everybody else', async () => {
    const away = aTimeOff({
      ...own(),
      doctorId: okafor,
      reason: 'an operation',
      decisionNote: 'get well',
    });
    await write({ kind: 'timeOffRequest', record: away });
    const shownTo = async (who: TestDesk) => {
      const replica = new TestReplica(who, 'timeOffRequests');
      await replica.pull();
      return replica.rows.get(away.id);
    };
    expect(await shownTo(desk)).toMatchObject({ reason: '', decisionNote: '' });
    for (const who of [ofOkafor, ofAdmin])
      expect(await shownTo(who)).toMatchObject({ reason: 'an operation', decisionNote: 'get well' });

    const connectionId = newId();
    await clinic.database.adminPool.query(
      `INSERT INTO calendar_connections (id, clinic_id, doctor_id, provider, account_email, grant_encrypted, read_calendar_ids, write_calendar_id, cursors, status, last_error, connected_at, synced_at)
       VALUES ($1, $2, $3, 'google', 'private@mail.example', 'x', '{}', NULL, '{}', 'active', '', now(), NULL)`,
      [connectionId, clinic.clinicId, okafor],
    );
    const busy = aBusyTime({
      ...own(),
      connectionId,
      doctorId: okafor,
      calendarId: 'private@mail.example',
      externalId: 'e1',
    });
    await write({ kind: 'externalBusyTime', record: busy });
    const busyShownTo = async (who: TestDesk) => {
      const replica = new TestReplica(who, 'busyTimes');
      await replica.pull();
      return JSON.stringify([...replica.rows.values()]);
    };
    expect(await busyShownTo(desk)).toContain(busy.id);
    expect(await busyShownTo(desk)).not.toContain('private@mail.example');
    expect(await busyShownTo(ofOkafor)).toContain('private@mail.example');
  });

  it('of visitors’ secrets go to no desk, and the records of a merge not to a doctor', async () => {
    const hold = aHold({
      ...own(),
      doctorId: okafor,
      locationId: harbour,
      appointmentTypeId: single,
      roomId: null,
      holder: 'secret-hash',
    });
    await write({ kind: 'slotHold', record: hold });
    for (const who of [desk, ofOkafor, ofAdmin]) {
      const replica = new TestReplica(who, 'busyTimes');
      await replica.pull();
      expect(replica.rows.has(hold.id)).toBe(true);
      expect(JSON.stringify([...replica.rows.values()])).not.toContain('secret-hash');
    }
    const [kept, merged] = [await anOldPatient(), await anOldPatient()];
    await book(okafor, kept);
    const merge = aMerge({
      ...own(),
      keptId: kept,
      mergedId: merged,
      mergedBy: reception,
      snapshot: { kept: 'whole record' },
    });
    await under((tx) => putRecord(tx, syncedRecords.patientMerge, merge));
    const snapshots = [];
    for (const who of [desk, ofOkafor]) {
      const replica = new TestReplica(who, 'patients');
      await replica.pull();
      snapshots.push((replica.rows.get(merge.id) as unknown as { snapshot: object }).snapshot);
    }
    expect(snapshots).toEqual([{ kept: 'whole record' }, {}]);
  });
});

describe('age', () => {
  it('keeps visits that ended more than 90 days ago out of a fresh replica, and tells of one that is changed then', async () => {
    const old = await anOldPatient();
    const visit = await book(okafor, old);
    const visits = watching('appointments', ofOkafor);
    const people = watching('patients', ofOkafor);
    expect([...(await visits.hold(visit.appointmentId)), ...(await people.hold(old))]).toEqual([true, true]);
    clinic.clock.now = instant(visit.startsAt + 91 * dayMs);
    const later = await clinic.signIn('okafor@harbour.example');
    expect(await watching('appointments', later).hold(visit.appointmentId)).toEqual([false]);
    expect(await watching('patients', later).hold(old)).toEqual([false]);
    // A replica that holds it still is told when it changes; of what does not change it takes care by itself.
    const changed = await clinic.signIn();
    await changed.push(changed.intent('appointment.no-show', { appointmentId: visit.appointmentId }));
    await under((tx) =>
      tx.query('UPDATE appointments SET notes = notes WHERE id = $1', [visit.appointmentId]),
    );
    const aged = new TestReplica(later, 'appointments');
    aged.checkpoint = visits.replicas[0]?.checkpoint ?? null;
    aged.rows.set(visit.appointmentId, { seq: 1, recordKind: 'appointment' });
    await aged.pull();
    expect(aged.resets).toEqual([]);
    expect(aged.rows.has(visit.appointmentId)).toBe(false);
  });
});

import { randomBytes } from 'node:crypto';
import { type ActContext, done } from '@medic/shared/acts/act';
import { uuidv7 } from '@medic/shared/model/id';
import type { Patient } from '@medic/shared/model/patient';
import { syncedRecords } from '@medic/shared/model/records';
import type { WaitlistEntry } from '@medic/shared/model/waitlist';
import { wireVersion } from '@medic/shared/sync/wire';
import {
  aMerge,
  anOffer,
  aPatient,
  aSeries,
  at,
  aUser,
  aWaitlistEntry,
  idOf,
} from '@medic/shared/testing/builders';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { save } from '../acts/act-rows';
import { takeClock } from '../db/clinics';
import { putRecord, putRecords } from '../db/records';
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
  serveTestClinic,
  single,
  type TestClinic,
  type TestDesk,
} from '../testing/test-clinic';
import { TestReplica } from '../testing/test-replica';

let clinic: TestClinic;
let desk: TestDesk;

beforeAll(async () => {
  clinic = await openTestClinic();
  desk = await clinic.signIn();
});
afterAll(() => clinic.close());

function patients(count: number): Patient[] {
  return Array.from({ length: count }, () =>
    aPatient({ clinicId: clinic.clinicId, id: uuidv7(monday, randomBytes(10)) }),
  );
}

/** A promise that is settled from outside. */
function gate(): { open: () => void; opened: Promise<void> } {
  let open: (() => void) | undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open?.(), opened };
}

/** A writer that holds its transaction open until told to commit. */
function writer(rows: Patient[]) {
  const written = gate();
  const mayCommit = gate();
  const finished = inClinic(clinic.database.adminPool, clinic.clinicId, async (tx: Transaction) => {
    await takeClock(tx, clinic.clinicId);
    await putRecords(tx, syncedRecords.patient, rows);
    written.open();
    await mayCommit.opened;
  });
  return { written: written.opened, finished, commit: mayCommit.open };
}

describe('the checkpoint', () => {
  // T1 writes and holds, T2 wants to commit, pull, T1 commits, pull: the row below a cursor that every log of changes
  // by time or by sequence loses.
  it('loses no row of a transaction that commits late', async () => {
    const replica = new TestReplica(desk, 'patients');
    const [a, b] = [patients(1), patients(1)];
    const slow = writer(a);
    await slow.written;
    const quick = writer(b);
    quick.commit();
    // B waits for the clock that A holds; a replica reads meanwhile and sees neither.
    await replica.pull();
    expect([...replica.rows.keys()]).not.toContain(a[0]?.id);
    slow.commit();
    await slow.finished;
    await quick.finished;
    await replica.pull();
    expect([...replica.rows.keys()]).toEqual(expect.arrayContaining([a[0]?.id, b[0]?.id]));
  });

  it('loses no row of two server processes that write the same clinic while others read', async () => {
    const other = await serveTestClinic(clinic.database);
    const [here, there] = [await clinic.signIn(), await signInAt(other, await clinic.signIn())];
    const made: string[] = [];
    const replicas = [3, 10, 500].map((limit) => new TestReplica(desk, 'patients', limit));
    let writing = true;
    async function write(by: TestDesk): Promise<void> {
      for (let n = 0; n < 25; n++) {
        const patientId = newId();
        made.push(patientId);
        const [intent] = await by.push(
          by.intent('patient.create', {
            patientId,
            givenName: `Given ${n}`,
            familyName: `Family ${patientId}`,
            birthDate: null,
            phone: null,
            email: null,
            language: 'en',
            consentSms: false,
            consentEmail: false,
            notes: '',
          }),
        );
        expect(intent?.status).toBe('done');
      }
    }
    const reading = replicas.map(async (replica) => {
      while (writing) await replica.pull();
    });
    await Promise.all([write(here), write(there)]);
    writing = false;
    await Promise.all(reading);
    for (const replica of replicas) {
      await replica.pull();
      expect(made.filter((id) => !replica.rows.has(id))).toEqual([]);
    }
    await other.listening.close();
  });

  it('brings what a transaction wrote that was rolled back to nobody, and skips nothing for it', async () => {
    const replica = new TestReplica(desk, 'patients');
    await replica.pull();
    const [gone, kept] = [patients(1), patients(1)];
    await inClinic(clinic.database.adminPool, clinic.clinicId, async (tx) => {
      await takeClock(tx, clinic.clinicId);
      await putRecords(tx, syncedRecords.patient, gone);
      throw new Error('rolled back on purpose');
    }).catch(() => undefined);
    const after = writer(kept);
    after.commit();
    await after.finished;
    await replica.pull();
    expect([replica.rows.has(gone[0]?.id ?? ''), replica.rows.has(kept[0]?.id ?? '')]).toEqual([false, true]);
  });

  it('brings an act whole that touches more rows than a pull takes', async () => {
    const replica = new TestReplica(desk, 'patients', 7);
    await replica.pull();
    const rows = patients(120);
    const many = writer(rows);
    many.commit();
    await many.finished;
    await replica.pull();
    expect(rows.filter((row) => !replica.rows.has(row.id))).toEqual([]);
    // The pages end within the act, so its rows share a seq, and the order within it is that of ids.
    expect(replica.pages.filter((page) => page === 7).length).toBeGreaterThan(10);
    expect(new Set(rows.map((row) => replica.rows.get(row.id)?.seq)).size).toBe(1);
  });

  it('brings nothing again that has not changed', async () => {
    const replica = new TestReplica(desk, 'patients');
    await replica.pull();
    const answer = await desk.client.sync.pull.query({
      wireVersion,
      collection: 'patients',
      checkpoint: replica.checkpoint,
      limit: 500,
    });
    expect(answer.kind === 'documents' && answer.documents).toEqual([]);
  });

  it('starts afresh after a restore', async () => {
    const replica = new TestReplica(desk, 'directory');
    await replica.pull();
    await clinic.database.adminPool.query('UPDATE clinic_clocks SET epoch = $2 WHERE clinic_id = $1', [
      clinic.clinicId,
      newId(),
    ]);
    await replica.pull();
    expect(replica.resets).toEqual(['epoch']);
    expect(replica.rows.size).toBeGreaterThan(0);
  });

  it('serves every collection, and each document passes its own schema', async () => {
    const kinds = syncedRecords as Record<string, { schema: { parse(value: unknown): unknown } }>;
    for (const collection of [
      'directory',
      'scheduleTemplates',
      'patients',
      'appointments',
      'busyTimes',
      'intents',
    ] as const) {
      const answer = await desk.client.sync.pull.query({
        wireVersion,
        collection,
        checkpoint: null,
        limit: 1000,
      });
      if (answer.kind !== 'documents') throw new Error('reset');
      for (const { recordKind, ...document } of answer.documents)
        if (!document.deleted) kinds[recordKind]?.schema.parse(document);
    }
  });
});

/** The same desk, asking the server at another address. */
async function signInAt(server: TestClinic, at: TestDesk): Promise<TestDesk> {
  return {
    ...at,
    client: server.clientOf(at.accessToken),
    push: async (...intents) =>
      (await server.clientOf(at.accessToken).sync.push.mutate({ wireVersion, intents })).intents,
  };
}

/** At a desk of the other doctor. */
async function signInNowak(): Promise<TestDesk> {
  const email = 'nowak@harbour.example';
  await inClinic(clinic.database.adminPool, clinic.clinicId, async (tx) => {
    await takeClock(tx, clinic.clinicId);
    await putRecord(
      tx,
      syncedRecords.user,
      aUser({ id: idOf('user', 77), clinicId: clinic.clinicId, email, roles: ['doctor'], doctorId: nowak }),
    );
    await tx.query(
      'UPDATE users SET password_hash = (SELECT password_hash FROM users WHERE id = $2) WHERE id = $1',
      [idOf('user', 77), reception],
    );
  });
  return await clinic.signIn(email);
}

describe('the scope', () => {
  const visit = (overrides: Record<string, unknown>) => ({
    appointmentId: newId(),
    patientId: anna,
    doctorId: nowak,
    locationId: harbour,
    appointmentTypeId: single,
    startsAt: at('2026-12-02 08:00'),
    notes: '',
    ...overrides,
  });

  it('brings an old patient to a doctor with the first visit, and takes visit and patient away when it is moved to another', async () => {
    const doctor = await clinic.signIn('okafor@harbour.example');
    const visits = new TestReplica(doctor, 'appointments');
    const people = new TestReplica(doctor, 'patients');
    await Promise.all([visits.pull(), people.pull()]);
    expect(people.rows.has(anna)).toBe(false);

    const args = visit({ doctorId: okafor });
    await desk.push(desk.intent('appointment.book', args));
    await Promise.all([visits.pull(), people.pull()]);
    expect(visits.rows.has(args.appointmentId)).toBe(true);
    expect(people.rows.has(anna)).toBe(true);

    await desk.push(
      desk.intent('appointment.reschedule', {
        appointmentId: args.appointmentId,
        doctorId: nowak,
        locationId: harbour,
        startsAt: at('2026-12-02 09:00'),
        durationMinutes: null,
      }),
    );
    await Promise.all([visits.pull(), people.pull()]);
    expect(visits.rows.has(args.appointmentId)).toBe(false);
    expect(people.rows.has(anna)).toBe(false);
  });

  it('brings a series to the doctor of one of its visits only, and takes it away with the last of them', async () => {
    const [mine, others] = [await clinic.signIn('okafor@harbour.example'), await signInNowak()];
    const [there, elsewhere, everywhere] = [mine, others, desk].map(
      (each) => new TestReplica(each, 'appointments'),
    );
    if (!there || !elsewhere || !everywhere) throw new Error('no replicas');
    const pullAll = () => Promise.all([there.pull(), elsewhere.pull(), everywhere.pull()]);
    await pullAll();
    const series = aSeries({ id: newId(), clinicId: clinic.clinicId, doctorId: okafor });
    const args = visit({ doctorId: okafor, startsAt: at('2026-12-09 08:00'), seriesId: series.id });
    await inClinic(clinic.database.adminPool, clinic.clinicId, async (tx) => {
      await takeClock(tx, clinic.clinicId);
      await putRecord(tx, syncedRecords.appointmentSeries, series);
    });
    const [booked] = await desk.push(desk.intent('appointment.book', args));
    expect(booked?.status).toBe('done');
    await pullAll();
    expect(there.rows.get(series.id)).toMatchObject({ recordKind: 'appointmentSeries', rrule: series.rrule });
    expect(everywhere.rows.has(series.id)).toBe(true);
    expect(elsewhere.rows.has(series.id)).toBe(false);

    // One visit goes to the other doctor, and the series with it.
    await desk.push(
      desk.intent('appointment.reschedule', {
        appointmentId: args.appointmentId,
        doctorId: nowak,
        locationId: harbour,
        startsAt: at('2026-12-09 10:00'),
        durationMinutes: null,
      }),
    );
    await pullAll();
    expect(there.rows.has(series.id)).toBe(false);
    expect(elsewhere.rows.has(series.id)).toBe(true);
    expect(everywhere.rows.has(series.id)).toBe(true);
  });

  it('brings a waitlist entry with its offers and its patient to the doctor who is wanted, or was offered', async () => {
    const doctor = await clinic.signIn('okafor@harbour.example');
    const [entries, people] = [
      new TestReplica(doctor, 'waitlistEntries'),
      new TestReplica(doctor, 'patients'),
    ];
    const pullBoth = () => Promise.all([entries.pull(), people.pull()]);
    await pullBoth();
    const who = aPatient({ id: newId(), clinicId: clinic.clinicId });
    const entry = aWaitlistEntry({
      id: newId(),
      clinicId: clinic.clinicId,
      patientId: who.id,
      doctorIds: [nowak],
    });
    const offer = anOffer({ id: newId(), clinicId: clinic.clinicId, entryId: entry.id, doctorId: okafor });
    const write = (changed: WaitlistEntry) =>
      inClinic(clinic.database.adminPool, clinic.clinicId, async (tx) => {
        await takeClock(tx, clinic.clinicId);
        const context = { newId, now: monday, clinicId: clinic.clinicId } as ActContext;
        await save(tx, done([{ kind: 'waitlistEntry', record: changed }]), [], context);
      });
    await inClinic(clinic.database.adminPool, clinic.clinicId, async (tx) => {
      await takeClock(tx, clinic.clinicId);
      await putRecord(tx, syncedRecords.patient, who);
    });
    await write(entry);
    await pullBoth();
    expect([entries.rows.has(entry.id), people.rows.has(who.id)]).toEqual([false, false]);

    await write({ ...entry, status: 'offered', offers: [offer] });
    await pullBoth();
    expect(entries.rows.get(entry.id)).toMatchObject({ status: 'offered', offers: [{ id: offer.id }] });
    expect(people.rows.has(who.id)).toBe(true);

    await write({ ...entry, status: 'closed', offers: [{ ...offer, status: 'withdrawn' }] });
    await pullBoth();
    expect(entries.rows.get(entry.id)).toMatchObject({ status: 'closed', offers: [{ status: 'withdrawn' }] });
    expect(people.rows.has(who.id)).toBe(false);
  });

  it('brings a merge to the doctor of the patient, and no other', async () => {
    const [mine, others] = [await clinic.signIn('okafor@harbour.example'), await signInNowak()];
    const [there, elsewhere] = [new TestReplica(mine, 'patients'), new TestReplica(others, 'patients')];
    const [kept, merged] = [newId(), newId()];
    const merge = aMerge({
      id: newId(),
      clinicId: clinic.clinicId,
      keptId: kept,
      mergedId: merged,
      mergedBy: reception,
    });
    await inClinic(clinic.database.adminPool, clinic.clinicId, async (tx) => {
      await takeClock(tx, clinic.clinicId);
      await putRecords(tx, syncedRecords.patient, [
        aPatient({ clinicId: clinic.clinicId, id: kept }),
        aPatient({ clinicId: clinic.clinicId, id: merged, mergedIntoId: kept }),
      ]);
      await putRecord(tx, syncedRecords.patientMerge, merge);
    });
    await Promise.all([there.pull(), elsewhere.pull()]);
    expect(there.rows.has(merge.id)).toBe(false);
    // The first visit brings the patient, and what was merged into them.
    const args = visit({ doctorId: okafor, patientId: kept, startsAt: at('2026-12-10 08:00') });
    expect((await desk.push(desk.intent('appointment.book', args)))[0]?.status).toBe('done');
    await Promise.all([there.pull(), elsewhere.pull()]);
    expect([there.rows.has(kept), there.rows.has(merge.id)]).toEqual([true, true]);
    expect([elsewhere.rows.has(kept), elsewhere.rows.has(merge.id)]).toEqual([false, false]);
  });

  it('shows a desk its own intents only', async () => {
    const [first, second] = [await clinic.signIn(), await clinic.signIn()];
    await first.push(first.intent('appointment.book', visit({ startsAt: at('2026-12-03 08:00') })));
    const mine = new TestReplica(first, 'intents');
    const others = new TestReplica(second, 'intents');
    await Promise.all([mine.pull(), others.pull()]);
    expect(mine.rows.size).toBe(1);
    expect(others.rows.size).toBe(0);
  });

  it('pulls afresh when a role changes, at once and with the same session', async () => {
    const doctor = await clinic.signIn('okafor@harbour.example');
    const visits = new TestReplica(doctor, 'appointments');
    await visits.pull();
    const before = visits.rows.size;
    await inClinic(clinic.database.adminPool, clinic.clinicId, async (tx) => {
      await takeClock(tx, clinic.clinicId);
      await tx.query(`UPDATE users SET roles = '{reception}' WHERE email = 'okafor@harbour.example'`);
    });
    await visits.pull();
    expect(visits.resets).toEqual(['scope']);
    expect(visits.rows.size).toBeGreaterThan(before);
  });
});

it('turns a revoked device away', async () => {
  const lost = await clinic.signIn();
  await clinic.database.adminPool.query('UPDATE devices SET revoked_at = now() WHERE id = $1', [
    lost.deviceId,
  ]);
  const code = await new TestReplica(lost, 'patients').pull().then(
    () => null,
    (error: { data?: { medic?: { code: string } } }) => error.data?.medic?.code,
  );
  expect(code).toBe('auth.revoked');
});

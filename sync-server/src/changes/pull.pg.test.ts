import { randomBytes } from 'node:crypto';
import { uuidv7 } from '@medic/shared/model/id';
import type { Patient } from '@medic/shared/model/patient';
import { type CollectionName, syncedRecords } from '@medic/shared/model/records';
import { type Checkpoint, wireVersion } from '@medic/shared/sync/wire';
import { aPatient, at } from '@medic/shared/testing/builders';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeClock } from '../db/clinics';
import { putRecords } from '../db/records';
import { inClinic, type Transaction } from '../db/transaction';
import {
  anna,
  harbour,
  monday,
  newId,
  nowak,
  okafor,
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

/** A replica of one collection: what it holds and how far it has read. */
class Replica {
  readonly rows = new Map<string, { seq: number }>();
  checkpoint: Checkpoint | null = null;
  readonly resets: string[] = [];
  readonly #desk: TestDesk;
  readonly #collection: CollectionName;
  readonly #limit: number;

  constructor(owner: TestDesk, collection: CollectionName, limit = 500) {
    this.#desk = owner;
    this.#collection = collection;
    this.#limit = limit;
  }

  async pull(): Promise<void> {
    for (;;) {
      const answer = await this.#desk.client.sync.pull.query({
        wireVersion,
        collection: this.#collection,
        checkpoint: this.checkpoint,
        limit: this.#limit,
      });
      if (answer.kind === 'reset') {
        this.resets.push(answer.why);
        this.rows.clear();
        this.checkpoint = null;
        continue;
      }
      for (const document of answer.documents) {
        if (document.deleted) this.rows.delete(document.id);
        else this.rows.set(document.id, document);
      }
      this.checkpoint = answer.checkpoint;
      if (answer.documents.length < this.#limit) return;
    }
  }
}

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
  it('loses no row of a transaction that commits late', async () => {
    const replica = new Replica(desk, 'patients');
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

  it('brings an act whole that touches more rows than a pull takes', async () => {
    const replica = new Replica(desk, 'patients', 7);
    await replica.pull();
    const rows = patients(120);
    const many = writer(rows);
    many.commit();
    await many.finished;
    await replica.pull();
    expect(rows.filter((row) => !replica.rows.has(row.id))).toEqual([]);
  });

  it('brings nothing again that has not changed', async () => {
    const replica = new Replica(desk, 'patients');
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
    const replica = new Replica(desk, 'directory');
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
    const visits = new Replica(doctor, 'appointments');
    const people = new Replica(doctor, 'patients');
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

  it('shows a desk its own intents only', async () => {
    const [first, second] = [await clinic.signIn(), await clinic.signIn()];
    await first.push(first.intent('appointment.book', visit({ startsAt: at('2026-12-03 08:00') })));
    const mine = new Replica(first, 'intents');
    const others = new Replica(second, 'intents');
    await Promise.all([mine.pull(), others.pull()]);
    expect(mine.rows.size).toBe(1);
    expect(others.rows.size).toBe(0);
  });

  it('pulls afresh when a role changes, at once and with the same session', async () => {
    const doctor = await clinic.signIn('okafor@harbour.example');
    const visits = new Replica(doctor, 'appointments');
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
  const code = await new Replica(lost, 'patients').pull().then(
    () => null,
    (error: { data?: { medic?: { code: string } } }) => error.data?.medic?.code,
  );
  expect(code).toBe('auth.revoked');
});

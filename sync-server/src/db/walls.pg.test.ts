/** What the database refuses the server, whatever the server does. */
import { appointment, appointmentEvent } from '@medic/shared/model/appointment';
import { auditEntry } from '@medic/shared/model/audit-entry';
import { location } from '@medic/shared/model/location';
import { patient, patientMerge } from '@medic/shared/model/patient';
import { allRecords } from '@medic/shared/model/records';
import { waitlistEntry } from '@medic/shared/model/waitlist';
import {
  aClinic,
  aLocation,
  aMerge,
  anAppointment,
  anOffer,
  aPatient,
  at,
  aWaitlistEntry,
  clinicId,
  idOf,
} from '@medic/shared/testing/builders';
import { type Instant, instant } from '@medic/shared/time/instant';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendAudit } from './audit';
import { clinicIdBySlug, clinicIdsPage, readClock, takeClock } from './clinics';
import { appendEvents, putRecord, putRecords, readById } from './records';
import { sqlStateOf } from './sql-state';
import { arrangeBareClinic, arrangeBaseClinic, tried, underClock } from './testing/base-clinic';
import { createTestDatabase, type TestDatabase } from './testing/database';
import { inClinic, inTransaction } from './transaction';

let database: TestDatabase;
const otherClinicId = idOf('clinic', 2);

const anEvent = {
  id: '00000000-0000-7000-8000-00000000e001',
  clinicId,
  appointmentId: idOf('appointment', 1),
  occurredAt: instant(1_790_000_000_000),
  act: 'book',
  actorKind: 'staff',
  actorId: null,
  actorName: 'Ewa',
  fromStatus: null,
  toStatus: 'booked',
  changed: {},
  reason: '',
} as const;

beforeAll(async () => {
  database = await createTestDatabase();
  await arrangeBaseClinic(database.adminPool);
  await arrangeBareClinic(
    database.adminPool,
    aClinic({ id: otherClinicId, clinicId: otherClinicId, slug: 'hillside' }),
  );
  await underClock(database.appPool, clinicId, async (tx) => {
    await putRecord(tx, appointment, anAppointment({ id: idOf('appointment', 1) }));
    await appendEvents(tx, [{ ...anEvent, changed: {} }]);
    await appendAudit(tx, {
      clinicId,
      occurredAt: instant(1_790_000_000_000),
      actorKind: 'system',
      actorId: null,
      deviceId: null,
      action: 'x',
      subjectKind: '',
      subjectId: null,
      details: {},
    });
  });
});

afterAll(() => database?.drop());

async function stateOf(work: Promise<unknown>): Promise<string | undefined> {
  return await work.then(
    () => 'done',
    (error: unknown) => sqlStateOf(error) ?? String(error),
  );
}

describe('without a clinic', () => {
  it.each(allRecords.map((record) => record.table))('%s shows the server no row', async (table) => {
    const { rows } = await inTransaction(database.appPool, (tx) =>
      tx.query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`),
    );
    expect(rows[0]?.n).toBe(0);
  });

  it('the rows are there all the same', async () => {
    const { rows } = await inClinic(database.appPool, clinicId, (tx) =>
      tx.query<{ n: number }>('SELECT count(*) AS n FROM patients'),
    );
    expect(rows[0]?.n).toBe(2);
  });

  it('a clinic is found by its address, and all clinics page by page', async () => {
    expect(await clinicIdBySlug(database.appPool, 'riverside')).toBe(clinicId);
    expect(await clinicIdBySlug(database.appPool, 'nowhere')).toBeNull();
    expect(await clinicIdsPage(database.appPool, null, 1)).toEqual([clinicId]);
    expect(await clinicIdsPage(database.appPool, clinicId, 5)).toEqual([otherClinicId]);
  });

  it('no clock can be taken', async () => {
    await expect(inTransaction(database.appPool, (tx) => takeClock(tx, clinicId))).rejects.toMatchObject({
      code: 'clinic.unknown',
    });
  });
});

describe('in one clinic', () => {
  it('rows of another are not seen', async () => {
    const seen = await inClinic(database.appPool, otherClinicId, (tx) =>
      readById(tx, patient, idOf('patient', 1)),
    );
    expect(seen).toBeUndefined();
    await expect(
      inClinic(database.appPool, otherClinicId, (tx) => readClock(tx, clinicId)),
    ).rejects.toMatchObject({ code: 'clinic.unknown' });
  });

  it('rows of another are not written: 42501', async () => {
    expect(
      await stateOf(
        underClock(database.appPool, otherClinicId, (tx) =>
          putRecord(tx, patient, aPatient({ id: idOf('patient', 7) })),
        ),
      ),
    ).toBe('42501');
    // Nor is a row taken over into the own clinic.
    await underClock(database.appPool, otherClinicId, async (tx) => {
      const { rowCount } = await tx.query('UPDATE patients SET clinic_id = $1', [otherClinicId]);
      expect(rowCount).toBe(0);
    });
    expect(
      await stateOf(
        underClock(database.appPool, clinicId, (tx) =>
          tx.query('UPDATE patients SET clinic_id = $1', [otherClinicId]),
        ),
      ),
    ).toBe('42501');
  });

  it('rows do not refer to those of another: 23503', async () => {
    const foreign = aLocation({ id: idOf('location', 9), clinicId: otherClinicId });
    await underClock(database.appPool, otherClinicId, (tx) => putRecord(tx, location, foreign));
    expect(
      await stateOf(
        underClock(database.appPool, clinicId, (tx) =>
          putRecord(
            tx,
            appointment,
            anAppointment({ startsAt: at('2027-02-01 09:00'), locationId: foreign.id }),
          ),
        ),
      ),
    ).toBe('23503');
  });
});

describe('the clock', () => {
  it('is asked for by every write: 55000', async () => {
    expect(
      await stateOf(inClinic(database.appPool, clinicId, (tx) => putRecord(tx, patient, aPatient()))),
    ).toBe('55000');
    expect(
      await stateOf(
        inClinic(database.appPool, clinicId, (tx) => tx.query('UPDATE patients SET notes = $1', ['x'])),
      ),
    ).toBe('55000');
  });

  it('of a transaction is not left to the next one on the connection', async () => {
    const client = await database.appPool.connect();
    try {
      await client.query('BEGIN');
      await client.query("SELECT set_config('medic.clinic_id', $1, true)", [clinicId]);
      await client.query("SELECT set_config('medic.seq', '5', true)");
      await client.query('COMMIT');
      await client.query('BEGIN');
      await client.query("SELECT set_config('medic.clinic_id', $1, true)", [clinicId]);
      expect(await stateOf(client.query('UPDATE patients SET notes = $1', ['x']))).toBe('55000');
      await client.query('ROLLBACK');
    } finally {
      client.release();
    }
  });

  it('goes up by one for each who takes it, and back with a rollback', async () => {
    const before = await inClinic(database.appPool, clinicId, (tx) => readClock(tx, clinicId));
    await tried(database.appPool, clinicId, async (_tx, seq) => expect(seq).toBe(before.seq + 1));
    await tried(database.appPool, clinicId, async (_tx, seq) => expect(seq).toBe(before.seq + 1));
  });

  it('stamps the parent of a child that is written alone', async () => {
    await tried(database.appPool, clinicId, async (tx, seq) => {
      await tx.query("UPDATE location_rooms SET name = 'Blue' WHERE id = $1", [idOf('room', 1)]);
      expect((await readById(tx, location, idOf('location', 1)))?.seq).toBe(seq);
      await tx.query("SELECT set_config('medic.seq', $1, true)", [String(seq + 1)]);
      await tx.query('DELETE FROM location_rooms WHERE id = $1', [idOf('room', 2)]);
      expect(await readById(tx, location, idOf('location', 1))).toMatchObject({
        seq: seq + 1,
        rooms: [{ name: 'Blue' }],
      });
      await putRecord(tx, location, aLocation({ id: idOf('location', 3) }));
      await tx.query("SELECT set_config('medic.seq', $1, true)", [String(seq + 2)]);
      await tx.query('UPDATE location_rooms SET location_id = $1', [idOf('location', 3)]);
      expect(await readById(tx, location, idOf('location', 1))).toMatchObject({ seq: seq + 2, rooms: [] });
      expect(await readById(tx, location, idOf('location', 3))).toMatchObject({
        seq: seq + 2,
        rooms: [{ name: 'Blue' }],
      });
      await appendEvents(tx, [{ ...anEvent, id: '00000000-0000-7000-8000-00000000e002', changed: {} }]);
      expect((await readById(tx, appointment, idOf('appointment', 1)))?.seq).toBe(seq + 2);
    });
  });
});

describe('an offer of a waitlist entry', () => {
  const entryId = idOf('waitlistEntry', 1);
  const offer = anOffer({ id: idOf('waitlistOffer', 1) });

  it('is written and read in its entry, and stamps it when it changes alone', async () => {
    await tried(database.appPool, clinicId, async (tx, seq) => {
      const second = anOffer({ id: idOf('waitlistOffer', 2), startsAt: at('2026-11-23 10:00') });
      await putRecord(tx, waitlistEntry, aWaitlistEntry({ id: entryId, offers: [offer, second] }));
      expect((await readById(tx, waitlistEntry, entryId))?.offers.map((each) => each.id)).toEqual([
        offer.id,
        second.id,
      ]);
      await tx.query("SELECT set_config('medic.seq', $1, true)", [String(seq + 1)]);
      await tx.query("UPDATE waitlist_offers SET status = 'withdrawn' WHERE id = $1", [offer.id]);
      expect(await readById(tx, waitlistEntry, entryId)).toMatchObject({
        seq: seq + 1,
        offers: [{ status: 'withdrawn' }, { status: 'open' }],
      });
      await tx.query("SELECT set_config('medic.seq', $1, true)", [String(seq + 2)]);
      await putRecord(tx, waitlistEntry, aWaitlistEntry({ id: entryId, offers: [second] }));
      expect(await readById(tx, waitlistEntry, entryId)).toMatchObject({
        seq: seq + 2,
        offers: [{ id: second.id }],
      });
    });
  });

  it('is accepted once per entry, and open once per slot: 23505', async () => {
    for (const status of ['accepted', 'open'] as const) {
      const twice = [offer, anOffer({ id: idOf('waitlistOffer', 2) })].map((each) => ({ ...each, status }));
      expect(
        await stateOf(
          tried(database.appPool, clinicId, (tx) =>
            putRecord(tx, waitlistEntry, aWaitlistEntry({ id: entryId, offers: twice })),
          ),
        ),
      ).toBe('23505');
    }
  });
});

describe('a patient', () => {
  it('is merged into one other at a time: 23505, and again once that is undone', async () => {
    const into = (n: number, keptId: string, undoneAt: Instant | null) =>
      aMerge({ id: idOf('merge', n), keptId, mergedId: idOf('patient', 2), undoneAt });
    const both = (undoneAt: Instant | null) =>
      stateOf(
        tried(database.appPool, clinicId, async (tx) => {
          await putRecord(tx, patient, aPatient({ id: idOf('patient', 3) }));
          await putRecords(tx, patientMerge, [
            into(1, idOf('patient', 1), undoneAt),
            into(2, idOf('patient', 3), null),
          ]);
        }),
      );
    expect(await both(null)).toBe('23505');
    expect(await both(instant(1_790_000_000_000))).toBe('done');
  });
});

describe('what is only ever added to', () => {
  it.each([appointmentEvent.table, auditEntry.table])(
    '%s: the server may not change or delete, the owner neither',
    async (table) => {
      for (const text of [
        `UPDATE ${table} SET clinic_id = clinic_id`,
        `DELETE FROM ${table}`,
        `TRUNCATE ${table}`,
      ]) {
        expect(await stateOf(underClock(database.appPool, clinicId, (tx) => tx.query(text)))).toBe('42501');
        expect(await stateOf(underClock(database.adminPool, clinicId, (tx) => tx.query(text)))).toBe('55000');
      }
    },
  );

  it('replicated rows are not deleted by the server: 42501', async () => {
    expect(
      await stateOf(underClock(database.appPool, clinicId, (tx) => tx.query('DELETE FROM patients'))),
    ).toBe('42501');
  });
});

describe('an owner who is no superuser', () => {
  it('is held by the clinic too, and answers which clinic has an address', async () => {
    await database.adminPool.query(`
      DO $$ BEGIN CREATE ROLE medic_plain_owner NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
      GRANT ALL ON clinics, patients TO medic_plain_owner;
      ALTER TABLE patients OWNER TO medic_plain_owner;
      ALTER TABLE clinics OWNER TO medic_plain_owner;
      ALTER POLICY owner_sees_all ON clinics TO medic_plain_owner;
      GRANT CREATE ON SCHEMA public TO medic_plain_owner;
      ALTER FUNCTION clinic_id_by_slug(text) OWNER TO medic_plain_owner`);
    try {
      const { rows } = await inTransaction(database.adminPool, async (tx) => {
        await tx.query('SET LOCAL ROLE medic_plain_owner');
        return await tx.query<{ patients: number; clinics: number }>(
          'SELECT (SELECT count(*) FROM patients) AS patients, (SELECT count(*) FROM clinics) AS clinics',
        );
      });
      expect(rows[0]).toEqual({ patients: 0, clinics: 2 });
      expect(await clinicIdBySlug(database.appPool, 'riverside')).toBe(clinicId);
    } finally {
      await database.adminPool.query(
        'REASSIGN OWNED BY medic_plain_owner TO CURRENT_USER; DROP OWNED BY medic_plain_owner',
      );
    }
  });
});

describe('a time zone', () => {
  it.each([
    'Europe/Warsaw',
    'America/Argentina/Ushuaia',
    'America/Port-au-Prince',
    'Etc/GMT+5',
    'UTC',
    'CET',
    'EST5EDT',
  ])('%s is taken', async (zone) => {
    expect(
      await stateOf(
        tried(database.appPool, clinicId, (tx) => tx.query('UPDATE locations SET time_zone = $1', [zone])),
      ),
    ).toBe('done');
  });

  it.each([
    'Europe/Nowhere',
    'Nowhere',
    'Nowhere/Place3',
    'Foo5',
    '+02:00',
    '',
    'Europe/Warsaw; DROP TABLE clinics',
    'CEST',
  ])('"%s" is refused: 23514', async (zone) => {
    expect(
      await stateOf(
        tried(database.appPool, clinicId, (tx) => tx.query('UPDATE locations SET time_zone = $1', [zone])),
      ),
    ).toBe('23514');
  });
});

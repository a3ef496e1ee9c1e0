import { appointment } from '@medic/shared/model/appointment';
import { location } from '@medic/shared/model/location';
import { patient } from '@medic/shared/model/patient';
import type { RecordDefinition } from '@medic/shared/model/record';
import {
  aClinic,
  aLocation,
  anAppointment,
  aPatient,
  aRoom,
  at,
  clinicId,
  idOf,
} from '@medic/shared/testing/builders';
import { plusMinutes } from '@medic/shared/time/instant';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChangedOptions, putRecord, putRecords, readChanged } from './records';
import { arrangeBareClinic, arrangeBaseClinic, underClock } from './testing/base-clinic';
import { createTestDatabase, type TestDatabase } from './testing/database';
import { inClinic } from './transaction';

let database: TestDatabase;
const otherClinicId = idOf('clinic', 2);

beforeAll(async () => {
  database = await createTestDatabase();
  await arrangeBaseClinic(database.adminPool);
  await arrangeBareClinic(
    database.adminPool,
    aClinic({ id: otherClinicId, clinicId: otherClinicId, slug: 'hillside' }),
  );
  await underClock(database.appPool, otherClinicId, (tx) =>
    putRecord(tx, patient, aPatient({ clinicId: otherClinicId })),
  );
});

afterAll(() => database?.drop());

function changed(record: RecordDefinition, options: Partial<ChangedOptions>) {
  return inClinic(database.appPool, clinicId, (tx) =>
    readChanged(tx, record, {
      afterSeq: 0,
      afterId: '',
      base: 0,
      limit: 1000,
      inScope: () => null,
      ...options,
    }),
  );
}

describe('readChanged', () => {
  it('reads all of an act that wrote more rows than the limit, in pieces, each row once', async () => {
    const { seq: before } = await underClock(database.appPool, clinicId, async (_tx, seq) => ({ seq }));
    const written = Array.from({ length: 250 }, (_, n) =>
      aPatient({ id: idOf('patient', 5000 + ((n * 37) % 250)) }),
    );
    await underClock(database.appPool, clinicId, (tx) => putRecords(tx, patient, written));
    const seen: string[] = [];
    let after = { afterSeq: before, afterId: '' };
    for (;;) {
      const rows = await changed(patient, { ...after, limit: 60 });
      if (rows.length === 0) break;
      seen.push(...rows.map((row) => row.record.id));
      const last = rows.at(-1)?.record;
      if (last) after = { afterSeq: last.seq, afterId: last.id };
    }
    expect(seen).toEqual(written.map((row) => row.id).sort());
  });

  it('goes by the clock, then by id, and gives a row that changed again once, at its new place', async () => {
    const [a, b, c] = [1, 2, 3].map((n) => aPatient({ id: idOf('patient', 7000 + n) }));
    if (!a || !b || !c) throw new Error('three patients');
    const from = await underClock(database.appPool, clinicId, async (tx, seq) => {
      await putRecords(tx, patient, [c, a]);
      return seq;
    });
    await underClock(database.appPool, clinicId, (tx) => putRecord(tx, patient, b));
    await underClock(database.appPool, clinicId, (tx) => putRecord(tx, patient, { ...c, deleted: true }));
    const rows = await changed(patient, {
      afterSeq: from - 1,
      afterId: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
    });
    expect(rows.map(({ record }) => [record.id, record.seq - from, record.deleted])).toEqual([
      [a.id, 0, false],
      [b.id, 1, false],
      [c.id, 2, true],
    ]);
  });

  it('brings children with their parents, in their order', async () => {
    const rooms = [
      aRoom({ id: idOf('room', 50), sortOrder: 2 }),
      aRoom({ id: idOf('room', 51), sortOrder: 1 }),
    ];
    const from = await underClock(database.appPool, clinicId, async (tx, seq) => {
      await putRecord(tx, location, aLocation({ id: idOf('location', 5), rooms }));
      return seq;
    });
    const [row] = await changed(location, { afterSeq: from - 1 });
    expect(
      (row?.record as unknown as { rooms: { id: string }[] } | undefined)?.rooms.map((room) => room.id),
    ).toEqual([idOf('room', 51), idOf('room', 50)]);
  });

  it('leaves out what is deleted or out of scope up to the base, and tells of it after', async () => {
    const start = at('2027-03-01 09:00');
    const mine = anAppointment({ startsAt: start });
    const theirs = anAppointment({ startsAt: start, doctorId: idOf('doctor', 2) });
    const gone = anAppointment({ startsAt: plusMinutes(start, 60), deleted: true });
    const seq = await underClock(database.appPool, clinicId, async (tx, now) => {
      await putRecords(tx, appointment, [mine, theirs, gone]);
      return now;
    });
    const inScope: ChangedOptions['inScope'] = (first) => ({
      sql: `t.doctor_id = $${first} AND t.ends_at > $${first + 1}`,
      values: [idOf('doctor', 1), new Date(0)],
    });
    const first = await changed(appointment, { afterSeq: seq - 1, base: seq, inScope });
    expect(first.map((row) => [row.record.id, row.inScope])).toEqual([[mine.id, true]]);
    const later = await changed(appointment, { afterSeq: seq - 1, base: seq - 1, inScope });
    expect(later.map((row) => [row.record.id, row.inScope])).toEqual([
      [mine.id, true],
      [theirs.id, false],
      [gone.id, true],
    ]);
  });
});

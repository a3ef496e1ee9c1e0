import { appointment, appointmentEvent } from '@medic/shared/model/appointment';
import { appointmentSeries } from '@medic/shared/model/appointment-series';
import { auditEntry } from '@medic/shared/model/audit-entry';
import { intent } from '@medic/shared/model/intent';
import { patient } from '@medic/shared/model/patient';
import type { RecordDefinition } from '@medic/shared/model/record';
import { allRecords } from '@medic/shared/model/records';
import { scheduleTemplate } from '@medic/shared/model/schedule-template';
import { waitlistEntry } from '@medic/shared/model/waitlist';
import {
  anAppointment,
  aPatient,
  aSeries,
  aTemplate,
  aWaitlistEntry,
  clinicId,
  idOf,
} from '@medic/shared/testing/builders';
import { instant } from '@medic/shared/time/instant';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertRows, putChanges, putRecord, putRecords, readById, readByIds } from './records';
import { arrangeBaseClinic, tried, underClock } from './testing/base-clinic';
import { createTestDatabase, type TestDatabase } from './testing/database';
import { anyRecord } from './testing/random-records';
import type { Transaction } from './transaction';

type Row = Record<string, unknown>;

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await arrangeBaseClinic(database.adminPool);
  // What else the random records refer to.
  await underClock(database.adminPool, clinicId, async (tx) => {
    const at = instant(0);
    await putRecord(tx, appointmentSeries, aSeries({ id: idOf('series', 1) }));
    await putRecord(tx, appointment, anAppointment({ id: idOf('appointment', 1), status: 'cancelled' }));
    await putRecord(tx, scheduleTemplate, aTemplate({ id: idOf('scheduleTemplate', 1), deleted: true }));
    await putRecord(tx, intent, {
      id: idOf('intent', 1),
      clinicId,
      seq: 0,
      deleted: false,
      deviceId: null,
      n: null,
      userId: null,
      act: 'x',
      actVersion: 1,
      args: {},
      baseSeq: 0,
      madeAt: at,
      status: 'done',
      outcomeSeq: 1,
      decidedAt: at,
      outcome: {},
    });
    await putRecord(tx, waitlistEntry, aWaitlistEntry({ id: idOf('waitlistEntry', 1) }));
  });
});

afterAll(() => database?.drop());

const appendOnly: readonly RecordDefinition[] = [appointmentEvent, auditEntry];

describe('every record comes back as it was written', () => {
  const records = allRecords.filter((record) => record.table !== 'clinic_clocks');
  it.each(records.map((record) => [record.table, record] as const))('%s', async (_table, record) => {
    await fc.assert(
      fc.asyncProperty(anyRecord(record), anyRecord(record), async (first, second) => {
        await tried(database.appPool, clinicId, async (tx, seq) => {
          // The base clinic's rows take the one key that there is.
          if (record.table.endsWith('_locations')) await tx.query(`DELETE FROM ${record.table}`);
          if (appendOnly.includes(record)) {
            await insertRows(tx, record, [first]);
            expect(await readBack(tx, record, first)).toEqual(expected(record, first, seq));
            return;
          }
          await putRecord(tx, record, first);
          await tx.query('SET CONSTRAINTS ALL IMMEDIATE');
          expect(await readBack(tx, record, first)).toEqual(expected(record, first, seq));
          // The same row again, with everything else about it changed; its children replaced, or added to.
          await tx.query('SET CONSTRAINTS ALL DEFERRED');
          const again = adopt(record, second, first);
          await putRecord(tx, record, again);
          await tx.query('SET CONSTRAINTS ALL IMMEDIATE');
          if (record === (appointment as RecordDefinition))
            again.events = [...(first.events as Row[]), ...(again.events as Row[])];
          expect(await readBack(tx, record, first)).toEqual(expected(record, again, seq));
        });
      }),
      { seed: 20_261_123, numRuns: 12 },
    );
  });
});

async function readBack(tx: Transaction, record: RecordDefinition, doc: Row): Promise<Row> {
  return sorted(record, (await readById(tx, record, doc.id as string)) as Row);
}

function expected(record: RecordDefinition, doc: Row, seq: number): Row {
  return sorted(record, record.synced ? { ...doc, seq } : doc);
}

function sorted(record: RecordDefinition, doc: Row): Row {
  const result = { ...doc };
  for (const { field } of record.children)
    result[field] = [...(doc[field] as Row[])].sort((a, b) => ((a.id as string) < (b.id as string) ? -1 : 1));
  return result;
}

/** `doc` as if it were the other one. */
function adopt(record: RecordDefinition, doc: Row, other: Row): Row {
  const result: Row = { ...doc, id: other.id };
  for (const { field, record: child, parentColumn } of record.children) {
    const parentField = child.columns.find((column) => column.name === parentColumn)?.field ?? '';
    result[field] = (doc[field] as Row[]).map((entry) => ({ ...entry, [parentField]: other.id }));
  }
  return result;
}

describe('text that Postgres cannot store', () => {
  it('is stored with U+FFFD in its place, in text and in JSON', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      await putRecord(tx, patient, aPatient({ id: idOf('patient', 9), notes: 'a\0b \ud800 \\u0000 😀' }));
      expect((await readById(tx, patient, idOf('patient', 9)))?.notes).toBe('a\ufffdb \ufffd \\u0000 😀');
      const stored = await readById(tx, intent, idOf('intent', 1));
      if (!stored) throw new Error('no intent');
      await putRecord(tx, intent, { ...stored, args: { 'k\0': ['\udfff', { deep: '\0' }] } });
      expect((await readById(tx, intent, idOf('intent', 1)))?.args).toEqual({
        'k\ufffd': ['\ufffd', { deep: '\ufffd' }],
      });
    });
  });
});

describe('many records', () => {
  it('are written in batches and read back whole', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      const patients = Array.from({ length: 2345 }, (_, n) =>
        aPatient({ id: idOf('patient', 10_000 + n), givenName: `P${n}` }),
      );
      await putRecords(tx, patient, patients);
      const read = await readByIds(
        tx,
        patient,
        patients.map((row) => row.id),
      );
      expect(new Set(read.map((row) => row.givenName)).size).toBe(2345);
    });
  });

  it('of none write nothing', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      await putRecords(tx, patient, []);
      expect(await readByIds(tx, patient, [])).toEqual([]);
    });
  });
});

describe('the changes of an act', () => {
  it('may come in any order, and name one record twice: the last counts', async () => {
    await tried(database.appPool, clinicId, async (tx, seq) => {
      const added = aPatient({ id: idOf('patient', 9) });
      const visit = anAppointment({ id: idOf('appointment', 9), patientId: added.id });
      await putChanges(tx, [
        { kind: 'appointment', record: { ...visit, notes: 'first' } },
        { kind: 'patient', record: added },
        { kind: 'appointment', record: { ...visit, notes: 'second' } },
      ]);
      expect(await readById(tx, appointment, visit.id)).toEqual({ ...visit, notes: 'second', seq });
    });
  });
});

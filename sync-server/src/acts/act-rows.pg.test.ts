import { type Act, type ActContext, defineAct, done, type Needs } from '@medic/shared/acts/act';
import { Facts } from '@medic/shared/acts/facts';
import { appointment } from '@medic/shared/model/appointment';
import { appointmentSeries } from '@medic/shared/model/appointment-series';
import { patient, patientMerge } from '@medic/shared/model/patient';
import { waitlistEntry } from '@medic/shared/model/waitlist';
import {
  aMerge,
  anAppointment,
  anOffer,
  aPatient,
  aSeries,
  at,
  aWaitlistEntry,
  clinicId,
  date,
  idOf,
} from '@medic/shared/testing/builders';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { putRecord, putRecords, readById } from '../db/records';
import { arrangeBaseClinic, tried } from '../db/testing/base-clinic';
import { createTestDatabase, type TestDatabase } from '../db/testing/database';
import type { Transaction } from '../db/transaction';
import { loadPatientsConcerned, readNeeds, save } from './act-rows';

let database: TestDatabase;
const [first, second, third, fourth] = [1, 2, 3, 4].map((n) => idOf('patient', n)) as [
  string,
  string,
  string,
  string,
];
const series = idOf('series', 1);

beforeAll(async () => {
  database = await createTestDatabase();
  await arrangeBaseClinic(database.adminPool);
});
afterAll(() => database?.drop());

/** What an act with these needs finds, besides what is in memory. */
async function loaded(tx: Transaction, needs: Needs, memory = new Facts()): Promise<Facts> {
  const act = defineAct({
    name: 'test',
    version: 1,
    args: z.object({}),
    forbids: () => null,
    needs: () => needs,
    decide: () => done([]),
  });
  const facts = memory.layer();
  const asked = (act as Act).needs({});
  for (const change of await readNeeds(tx, asked)) facts.apply(change);
  await loadPatientsConcerned(tx, facts, asked);
  return facts;
}

const ids = (records: Iterable<{ id: string }>) => [...records].map((record) => record.id).sort();

describe('what an act needs', () => {
  it('of a patient: visits of every status and time, entries, and whom the record was merged into', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      await putRecords(tx, patient, [
        aPatient({ id: third, mergedIntoId: second }),
        aPatient({ id: second, mergedIntoId: first }),
      ]);
      await putRecords(tx, appointment, [
        anAppointment({ id: idOf('appointment', 1), patientId: third, startsAt: at('2019-01-07 09:00') }),
        anAppointment({ id: idOf('appointment', 2), patientId: third, status: 'cancelled' }),
        anAppointment({ id: idOf('appointment', 3), patientId: first }),
      ]);
      await putRecord(
        tx,
        waitlistEntry,
        aWaitlistEntry({ id: idOf('waitlistEntry', 1), patientId: third, offers: [anOffer()] }),
      );
      const facts = await loaded(tx, { ofPatients: [third] });
      expect(ids(facts.visitsOfPatient(third))).toEqual([idOf('appointment', 1), idOf('appointment', 2)]);
      expect(facts.get('waitlistEntry', idOf('waitlistEntry', 1))?.offers).toHaveLength(1);
      expect(ids(facts.all('patient'))).toEqual([first, second, third]);
    });
  });

  it('of a series: the series, all its visits, and their patient', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      await putRecord(tx, appointmentSeries, aSeries({ id: series, patientId: second }));
      await putRecords(
        tx,
        appointment,
        [2, 9, 16].map((day, index) =>
          anAppointment({
            id: idOf('appointment', index + 1),
            startsAt: at(`2026-11-${String(day).padStart(2, '0')} 09:00`),
            patientId: second,
            seriesId: series,
          }),
        ),
      );
      const facts = await loaded(tx, { ofSeries: [series] });
      expect(facts.get('appointmentSeries', series)?.rrule).toContain('WEEKLY');
      expect(facts.visitsOfSeries(series)).toHaveLength(3);
      expect(ids(facts.all('patient'))).toEqual([second]);
    });
  });

  it('of a patient who is like another: those that share a phone, an e-mail or a birth date', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      await putRecords(tx, patient, [
        aPatient({ id: third, phone: null, birthDate: date('1999-09-09'), email: 'a@home.example' }),
        aPatient({ id: fourth, phone: null, birthDate: null, email: null }),
      ]);
      const who = { ...aPatient(), phone: null, birthDate: null, email: 'A@home.example' };
      expect(ids((await loaded(tx, { likePatients: [who] })).all('patient'))).toEqual([third]);
    });
  });

  it('by id comes with its timeline, though the same visit comes with its patient too', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      const visit = anAppointment({ id: idOf('appointment', 1) });
      const event = {
        id: idOf('intent', 5),
        clinicId,
        appointmentId: visit.id,
        occurredAt: at('2026-11-23 08:00'),
        act: 'appointment.book',
        actorKind: 'staff' as const,
        actorId: null,
        actorName: '',
        fromStatus: null,
        toStatus: 'booked' as const,
        changed: {},
        reason: '',
      };
      await putRecord(tx, appointment, { ...visit, events: [event] });
      const facts = await loaded(tx, { ofPatients: [first], appointment: [visit.id] });
      expect(facts.get('appointment', visit.id)?.events).toHaveLength(1);
      expect(facts.has('patient', first)).toBe(true);
    });
  });

  it('is the patient of every open offer, since any act that takes time may withdraw it', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      const memory = new Facts();
      memory.put('waitlistEntry', aWaitlistEntry({ patientId: second, status: 'offered' }));
      memory.put('waitlistEntry', aWaitlistEntry({ patientId: first }));
      expect(ids((await loaded(tx, {}, memory)).all('patient'))).toEqual([second]);
      expect(ids(memory.all('patient'))).toEqual([]);
    });
  });
});

describe('saving', () => {
  it('stamps the series and the merges of a visit that is written', async () => {
    await tried(database.appPool, clinicId, async (tx, seq) => {
      const merge = aMerge({ id: idOf('merge', 1) });
      await putRecord(tx, appointmentSeries, aSeries({ id: series }));
      await putRecord(tx, patientMerge, merge);
      await tx.query("SELECT set_config('medic.seq', $1, true)", [String(seq + 1)]);
      const visit = anAppointment({ id: idOf('appointment', 1), seriesId: series });
      const context = { newId: () => idOf('intent', 9), now: visit.createdAt, clinicId } as ActContext;
      await save(tx, done([{ kind: 'appointment', record: visit }]), [], context);
      expect((await readById(tx, appointmentSeries, series))?.seq).toBe(seq + 1);
      expect((await readById(tx, patientMerge, merge.id))?.seq).toBe(seq + 1);
      expect((await readById(tx, patient, first))?.seq).toBe(seq + 1);
      expect((await readById(tx, patient, second))?.seq).toBeLessThan(seq);
    });
  });

  it('writes a series, its visits, a merge and an entry with its offers in one go', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      const entry = aWaitlistEntry({ id: idOf('waitlistEntry', 1), offers: [anOffer()] });
      const context = { newId: () => idOf('intent', 9), now: at('2026-11-23 08:00'), clinicId } as ActContext;
      await save(
        tx,
        done([
          { kind: 'waitlistEntry', record: entry },
          { kind: 'appointment', record: anAppointment({ seriesId: series }) },
          { kind: 'appointmentSeries', record: aSeries({ id: series }) },
          { kind: 'patientMerge', record: aMerge({ mergedId: third }) },
          { kind: 'patient', record: aPatient({ id: third, seq: 0, mergedIntoId: first }) },
        ]),
        [],
        context,
      );
      expect((await readById(tx, waitlistEntry, entry.id))?.offers).toHaveLength(1);
    });
  });
});

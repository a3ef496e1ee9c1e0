import { appointment } from '@medic/shared/model/appointment';
import { availabilityException } from '@medic/shared/model/availability-exception';
import { externalBusyTime } from '@medic/shared/model/calendar';
import { location } from '@medic/shared/model/location';
import { patient } from '@medic/shared/model/patient';
import { scheduleTemplate } from '@medic/shared/model/schedule-template';
import { slotHold } from '@medic/shared/model/slot-hold';
import {
  aBreak,
  aBusyTime,
  aHold,
  aLocation,
  anAppointment,
  anException,
  aPatient,
  aRoom,
  aTemplate,
  at,
  clinicId,
  date,
  idOf,
} from '@medic/shared/testing/builders';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFactsSince } from './facts';
import { appendEvents, putRecord, putRecords } from './records';
import { arrangeBaseClinic, tried, underClock } from './testing/base-clinic';
import { createTestDatabase, type TestDatabase } from './testing/database';
import type { Transaction } from './transaction';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await arrangeBaseClinic(database.adminPool);
});

afterAll(() => database?.drop());

const from = at('2026-11-23 10:00');

function ids(changes: Awaited<ReturnType<typeof readFactsSince>>, kind: string): string[] {
  return changes
    .filter((change) => change.kind === kind)
    .map((change) => change.record.id)
    .sort();
}

describe('from nothing', () => {
  async function all(tx: Transaction) {
    return await readFactsSince(tx, { seq: 0, from });
  }

  it('come the directory and the plans with their children', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      await putRecord(
        tx,
        scheduleTemplate,
        aTemplate({ id: idOf('scheduleTemplate', 1), breaks: [aBreak('12:00', '12:30')] }),
      );
      const facts = await all(tx);
      expect(ids(facts, 'clinic')).toEqual([clinicId]);
      expect(ids(facts, 'doctor')).toEqual([idOf('doctor', 1), idOf('doctor', 2)]);
      expect(facts.find((change) => change.kind === 'location')?.record).toMatchObject({
        rooms: [{ id: idOf('room', 1) }, { id: idOf('room', 2) }],
      });
      expect(facts.find((change) => change.kind === 'scheduleTemplate')?.record).toMatchObject({
        breaks: [{ startsAt: '12:00' }],
      });
      expect(ids(facts, 'patient')).toEqual([]);
    });
  });

  it('come visits, holds, exceptions and busy times that still matter, and no others', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      const visits = [
        anAppointment({ id: idOf('appointment', 1), startsAt: at('2026-11-23 09:00') }),
        anAppointment({ id: idOf('appointment', 2), startsAt: at('2026-11-23 09:30'), buffers: [0, 5] }),
        anAppointment({ id: idOf('appointment', 3), startsAt: at('2027-11-23 09:30') }),
        anAppointment({ id: idOf('appointment', 4), startsAt: at('2026-11-24 09:30'), status: 'cancelled' }),
        anAppointment({ id: idOf('appointment', 5), startsAt: at('2026-11-24 09:30'), deleted: true }),
      ];
      await putRecords(tx, appointment, visits);
      await putRecords(tx, slotHold, [
        aHold({ id: idOf('slotHold', 1) }),
        aHold({ id: idOf('slotHold', 2), expiresAt: from }),
      ]);
      await putRecords(tx, availabilityException, [
        anException({ id: idOf('availabilityException', 1), date: date('2026-11-21') }),
        anException({ id: idOf('availabilityException', 2), date: date('2026-11-20') }),
      ]);
      await putRecords(tx, externalBusyTime, [
        aBusyTime({ id: idOf('externalBusyTime', 1), startsAt: at('2026-11-23 09:00') }),
        aBusyTime({ id: idOf('externalBusyTime', 2), startsAt: at('2026-11-23 09:01') }),
      ]);
      const facts = await all(tx);
      expect(ids(facts, 'appointment')).toEqual([idOf('appointment', 2), idOf('appointment', 3)]);
      expect(facts.find((change) => change.kind === 'appointment')?.record).toMatchObject({ events: [] });
      expect(ids(facts, 'slotHold')).toEqual([idOf('slotHold', 1)]);
      expect(ids(facts, 'availabilityException')).toEqual([idOf('availabilityException', 1)]);
      expect(ids(facts, 'externalBusyTime')).toEqual([idOf('externalBusyTime', 2)]);
    });
  });
});

describe('since a seq', () => {
  it('comes nothing where nothing has changed, and what is no fact does not count', async () => {
    await tried(database.appPool, clinicId, async (tx, seq) => {
      await putRecord(tx, patient, aPatient());
      expect(await readFactsSince(tx, { seq: seq - 1, from })).toEqual([]);
    });
  });

  it('comes each change: deleted, cancelled and long past ones too, since memory may hold them', async () => {
    await tried(database.appPool, clinicId, async (tx, seq) => {
      await putRecords(tx, appointment, [
        anAppointment({ id: idOf('appointment', 1), status: 'cancelled' }),
        anAppointment({ id: idOf('appointment', 2), startsAt: at('2020-01-01 09:00') }),
      ]);
      await appendEvents(tx, [
        {
          id: idOf('intent', 5),
          clinicId,
          appointmentId: idOf('appointment', 1),
          occurredAt: from,
          act: 'cancel',
          actorKind: 'system',
          actorId: null,
          actorName: '',
          fromStatus: 'booked',
          toStatus: 'cancelled',
          changed: {},
          reason: '',
        },
      ]);
      await putRecord(tx, slotHold, aHold({ id: idOf('slotHold', 1), deleted: true }));
      const facts = await readFactsSince(tx, { seq: seq - 1, from });
      expect(facts.map((change) => change.kind).sort()).toEqual(['appointment', 'appointment', 'slotHold']);
      expect(facts.every((change) => change.record.seq === seq)).toBe(true);
      expect(facts.find((change) => change.record.id === idOf('appointment', 1))?.record).toMatchObject({
        status: 'cancelled',
        events: [],
      });
    });
  });

  it('comes a place whose room was taken away, without it', async () => {
    await underClock(database.appPool, clinicId, (tx) =>
      putRecord(
        tx,
        location,
        aLocation({ id: idOf('location', 4), rooms: [aRoom({ id: idOf('room', 40) })] }),
      ),
    );
    await tried(database.appPool, clinicId, async (tx, seq) => {
      await putRecord(tx, location, aLocation({ id: idOf('location', 4) }));
      expect(await readFactsSince(tx, { seq: seq - 1, from })).toMatchObject([
        { kind: 'location', record: { id: idOf('location', 4), rooms: [] } },
      ]);
    });
  });
});

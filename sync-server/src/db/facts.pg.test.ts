import { appointment } from '@medic/shared/model/appointment';
import { appointmentSeries } from '@medic/shared/model/appointment-series';
import { attentionItem } from '@medic/shared/model/attention-item';
import { availabilityException } from '@medic/shared/model/availability-exception';
import { externalBusyTime } from '@medic/shared/model/calendar';
import { location } from '@medic/shared/model/location';
import { patient } from '@medic/shared/model/patient';
import { scheduleTemplate } from '@medic/shared/model/schedule-template';
import { slotHold } from '@medic/shared/model/slot-hold';
import { waitlistEntry } from '@medic/shared/model/waitlist';
import {
  aBreak,
  aBusyTime,
  aHold,
  aLocation,
  anAppointment,
  anAttentionItem,
  anException,
  anOffer,
  aPatient,
  aRoom,
  aSeries,
  aTemplate,
  at,
  aWaitlistEntry,
  clinicId,
  date,
  idOf,
} from '@medic/shared/testing/builders';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFactsSince, readOwned } from './facts';
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

describe('who waits, and what recurs', () => {
  it('come from nothing: open entries with their offers, and series with visits ahead', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      await putRecords(tx, appointmentSeries, [
        aSeries({ id: idOf('series', 1) }),
        aSeries({ id: idOf('series', 2) }),
        aSeries({ id: idOf('series', 3) }),
      ]);
      await putRecords(tx, appointment, [
        anAppointment({ startsAt: at('2026-11-24 09:00'), seriesId: idOf('series', 1) }),
        anAppointment({ startsAt: at('2026-11-23 08:00'), seriesId: idOf('series', 2) }),
        anAppointment({
          startsAt: at('2026-11-24 10:00'),
          seriesId: idOf('series', 3),
          status: 'cancelled',
        }),
      ]);
      await putRecords(tx, waitlistEntry, [
        aWaitlistEntry({ id: idOf('waitlistEntry', 1) }),
        aWaitlistEntry({
          id: idOf('waitlistEntry', 2),
          status: 'offered',
          offers: [anOffer({ id: idOf('waitlistOffer', 1) })],
        }),
        aWaitlistEntry({ id: idOf('waitlistEntry', 3), status: 'booked' }),
        aWaitlistEntry({ id: idOf('waitlistEntry', 4), deleted: true }),
      ]);
      const facts = await readFactsSince(tx, { seq: 0, from });
      expect(ids(facts, 'appointmentSeries')).toEqual([idOf('series', 1)]);
      expect(ids(facts, 'waitlistEntry')).toEqual([idOf('waitlistEntry', 1), idOf('waitlistEntry', 2)]);
      expect(facts.find((change) => change.record.id === idOf('waitlistEntry', 2))?.record).toMatchObject({
        offers: [{ id: idOf('waitlistOffer', 1), status: 'open' }],
      });
    });
  });

  it('come since a seq when they end, so that memory lets them go', async () => {
    await tried(database.appPool, clinicId, async (tx, seq) => {
      await putRecord(tx, waitlistEntry, aWaitlistEntry({ id: idOf('waitlistEntry', 1), status: 'closed' }));
      await putRecord(tx, appointmentSeries, aSeries({ id: idOf('series', 1), deleted: true }));
      expect((await readFactsSince(tx, { seq: seq - 1, from })).map((change) => change.kind).sort()).toEqual([
        'appointmentSeries',
        'waitlistEntry',
      ]);
    });
  });
});

describe('what belongs to a patient or a series', () => {
  it('is all of it, of whatever status and time, but for what is deleted or settled', async () => {
    await tried(database.appPool, clinicId, async (tx) => {
      const other = idOf('patient', 2);
      await putRecords(tx, appointmentSeries, [
        aSeries({ id: idOf('series', 1) }),
        aSeries({ id: idOf('series', 2), patientId: other }),
      ]);
      await putRecords(tx, appointment, [
        anAppointment({ id: idOf('appointment', 1), startsAt: at('2019-01-07 09:00') }),
        anAppointment({ id: idOf('appointment', 2), status: 'cancelled', seriesId: idOf('series', 1) }),
        anAppointment({ id: idOf('appointment', 3), deleted: true }),
        anAppointment({ id: idOf('appointment', 4), patientId: other, startsAt: at('2026-11-25 09:00') }),
      ]);
      await putRecords(tx, waitlistEntry, [
        aWaitlistEntry({ id: idOf('waitlistEntry', 1), status: 'closed' }),
        aWaitlistEntry({ id: idOf('waitlistEntry', 2), patientId: other }),
      ]);
      await putRecords(tx, attentionItem, [
        anAttentionItem({ id: idOf('attentionItem', 1) }),
        anAttentionItem({ id: idOf('attentionItem', 2), status: 'done' }),
      ]);
      const own = await readOwned(tx, 'patient', [idOf('patient', 1)]);
      expect(own.map((change) => change.record.id).sort()).toEqual([
        idOf('appointment', 1),
        idOf('appointment', 2),
        idOf('series', 1),
        idOf('waitlistEntry', 1),
        idOf('attentionItem', 1),
      ]);
      expect((await readOwned(tx, 'patient', [idOf('patient', 1), other])).length).toBe(own.length + 3);
      expect((await readOwned(tx, 'series', [idOf('series', 1)])).map((change) => change.record.id)).toEqual([
        idOf('appointment', 2),
      ]);
      expect(await readOwned(tx, 'series', [])).toEqual([]);
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

/** The database refuses a double booking, whoever writes and however. */
import { type Appointment, appointment } from '@medic/shared/model/appointment';
import { anAppointment, at, clinicId, idOf } from '@medic/shared/testing/builders';
import { type Instant, plusMinutes } from '@medic/shared/time/instant';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendEvents, putRecord, putRecords, readById } from './records';
import { constraintOf, sqlStateOf } from './sql-state';
import { arrangeBaseClinic, tried, underClock } from './testing/base-clinic';
import { createTestDatabase, type TestDatabase } from './testing/database';

type Overrides = Parameters<typeof anAppointment>[0];

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await arrangeBaseClinic(database.adminPool);
});

afterAll(() => database?.drop());

/** What becomes of visits written one after the other: `done`, or the constraint that refused. */
async function writing(...visits: Overrides[]): Promise<string | undefined> {
  return await outcome(
    tried(database.appPool, clinicId, async (tx) => {
      for (const visit of visits) await putRecord(tx, appointment, anAppointment(visit));
    }),
  );
}

async function outcome(work: Promise<unknown>): Promise<string | undefined> {
  return await work.then(
    () => 'done',
    (error: unknown) => constraintOf(error) ?? sqlStateOf(error) ?? String(error),
  );
}

/** Half an hour from then on, without buffers. */
function spanFrom(startsAt: Instant): Overrides {
  const endsAt = plusMinutes(startsAt, 30);
  return { startsAt, endsAt, reservedFrom: startsAt, reservedUntil: endsAt };
}

const nine = at('2026-11-23 09:00');
const overlapping = { startsAt: plusMinutes(nine, 15) };
const room = { roomId: idOf('room', 1) };
const doctor2 = { doctorId: idOf('doctor', 2) };
const group = { appointmentTypeId: idOf('appointmentType', 2), capacity: 3 };

describe('two visits of one doctor', () => {
  it('overlap: refused', async () => {
    expect(await writing({}, overlapping)).toBe('appointments_doctor_free');
    expect(await writing({}, {})).toBe('appointments_doctor_free');
    expect(await writing({ endsAt: plusMinutes(nine, 120) }, overlapping)).toBe('appointments_doctor_free');
  });

  it('touch: both stand', async () => {
    expect(await writing({}, { startsAt: plusMinutes(nine, 30) }, { startsAt: plusMinutes(nine, -30) })).toBe(
      'done',
    );
  });

  it('are kept apart by their buffers, which may touch', async () => {
    expect(await writing({ buffers: [0, 10] }, { startsAt: plusMinutes(nine, 40), buffers: [0, 0] })).toBe(
      'done',
    );
    expect(await writing({ buffers: [0, 10] }, { startsAt: plusMinutes(nine, 45), buffers: [5, 0] })).toBe(
      'done',
    );
    expect(await writing({ buffers: [0, 10] }, { startsAt: plusMinutes(nine, 39), buffers: [0, 0] })).toBe(
      'appointments_doctor_free',
    );
    expect(await writing({ buffers: [0, 10] }, { startsAt: plusMinutes(nine, 44), buffers: [5, 0] })).toBe(
      'appointments_doctor_free',
    );
  });

  it('overlap at another place or in another room: refused all the same', async () => {
    expect(await writing(room, { ...overlapping, roomId: idOf('room', 2) })).toBe('appointments_doctor_free');
  });

  it.each(['proposed', 'cancelled', 'noshow', 'entered-in-error', 'waitlist'] as const)(
    'of which one is %s may overlap',
    async (status) => {
      expect(await writing({ status }, overlapping)).toBe('done');
      expect(await writing({}, { ...overlapping, status })).toBe('done');
    },
  );

  it.each(['pending', 'booked', 'arrived', 'checked-in', 'fulfilled'] as const)(
    'of which one is %s may not overlap',
    async (status) => {
      expect(await writing({ status }, overlapping)).toBe('appointments_doctor_free');
    },
  );

  it('of which one is deleted may overlap', async () => {
    expect(await writing({ deleted: true }, overlapping)).toBe('done');
  });

  it('that come to overlap by a change: refused', async () => {
    const id = idOf('appointment', 1);
    expect(await writing({ id, status: 'cancelled' }, overlapping, { id })).toBe('appointments_doctor_free');
    expect(
      await writing({ id }, { startsAt: plusMinutes(nine, 30) }, { id, endsAt: plusMinutes(nine, 31) }),
    ).toBe('appointments_doctor_free');
    expect(await writing({ id }, { ...overlapping, ...doctor2 }, { id, ...doctor2 })).toBe(
      'appointments_doctor_free',
    );
  });
});

describe('two visits of two doctors', () => {
  it('may overlap', async () => {
    expect(await writing({}, { ...overlapping, ...doctor2 })).toBe('done');
  });

  it('in one room may not, buffers counted', async () => {
    expect(await writing(room, { ...overlapping, ...doctor2, ...room })).toBe('appointments_room_free');
    expect(
      await writing({ ...room, buffers: [0, 10] }, { ...doctor2, ...room, startsAt: plusMinutes(nine, 35) }),
    ).toBe('appointments_room_free');
    expect(
      await writing({ ...room, buffers: [0, 10] }, { ...doctor2, ...room, startsAt: plusMinutes(nine, 40) }),
    ).toBe('done');
  });

  it('in two rooms may', async () => {
    expect(await writing(room, { ...overlapping, ...doctor2, roomId: idOf('room', 2) })).toBe('done');
  });
});

describe('a visit itself', () => {
  it.each([
    [
      'ends after it starts',
      { endsAt: nine, reservedUntil: plusMinutes(nine, 5) },
      'appointments_ends_after_start',
    ],
    [
      'is contained in what it reserves, at the start',
      { reservedFrom: plusMinutes(nine, 1) },
      'appointments_reserved_contains_visit',
    ],
    [
      'is contained in what it reserves, at the end',
      { reservedUntil: plusMinutes(nine, 29) },
      'appointments_reserved_contains_visit',
    ],
    ['has a seat within its capacity', { seat: 2 }, 'appointments_seat_within_capacity'],
    [
      'reserves 40 days at most',
      { reservedUntil: plusMinutes(nine, 41 * 1440) },
      'appointments_reserved_bounded',
    ],
    ['has a status that there is', { status: 'maybe' as Appointment['status'] }, 'appointments_status_check'],
    [
      'has a room of its place',
      { roomId: idOf('room', 3) },
      'appointments_clinic_id_location_id_room_id_fkey',
    ],
  ])('%s', async (_name, visit, constraint) => {
    expect(await writing(visit)).toBe(constraint);
  });
});

describe('a group visit', () => {
  it('has as many seats as its capacity, each once', async () => {
    const seats = [1, 2, 3].map((seat) => ({ ...group, seat }));
    expect(await writing(...seats)).toBe('done');
    expect(await writing(...seats, { ...group, seat: 3 })).toBe('appointments_seat_free');
    expect(await writing(...seats, { ...group, seat: 4 })).toBe('appointments_seat_within_capacity');
  });

  it('gives a seat that was cancelled to somebody else', async () => {
    const id = idOf('appointment', 1);
    expect(
      await writing(
        { ...group, id, seat: 1 },
        { ...group, id, seat: 1, status: 'cancelled' },
        { ...group, seat: 1 },
      ),
    ).toBe('done');
  });

  it('keeps others away: another start, type or doctor is another group', async () => {
    expect(await writing({ ...group }, { ...group, ...overlapping, seat: 2 })).toBe(
      'appointments_doctor_free',
    );
    expect(
      await writing({ ...group }, { ...group, appointmentTypeId: idOf('appointmentType', 1), seat: 2 }),
    ).toBe('appointments_doctor_free');
    expect(await writing({ ...group }, {})).toBe('appointments_doctor_free');
    expect(await writing({ ...group, ...room }, { ...group, ...room, ...doctor2, seat: 2 })).toBe(
      'appointments_room_free',
    );
    expect(await writing({ ...group, ...room }, { ...group, ...room, seat: 2 })).toBe('done');
  });

  it('has one capacity', async () => {
    expect(await writing({ ...group, seat: 1 }, { ...group, seat: 2, capacity: 4 })).toBe(
      'appointments_one_capacity',
    );
    expect(
      await writing({ ...group, seat: 1, status: 'cancelled' }, { ...group, seat: 2, capacity: 4 }),
    ).toBe('done');
  });

  it('changes its capacity in one statement', async () => {
    const visits = [1, 2].map((seat) => anAppointment({ ...group, seat }));
    const work = tried(database.appPool, clinicId, async (tx) => {
      await putRecords(tx, appointment, visits);
      await putRecords(
        tx,
        appointment,
        visits.map((visit) => ({ ...visit, capacity: 4 })),
      );
    });
    expect(await outcome(work)).toBe('done');
  });
});

describe('an overbooked visit', () => {
  const over = { ...overlapping, overbooked: true, overbookReason: 'asked for' };

  it('lies over a normal one, and over another overbooked one', async () => {
    expect(await writing({}, over)).toBe('done');
    expect(await writing({}, over, over)).toBe('done');
  });

  it('is not lain over by a normal one', async () => {
    expect(await writing(over, {})).toBe('appointments_doctor_free');
    expect(await writing({}, over, { startsAt: plusMinutes(nine, 30) })).toBe('appointments_doctor_free');
    expect(await writing({}, over, { startsAt: plusMinutes(nine, 45) })).toBe('done');
  });

  it('of another doctor, cancelled or deleted is in nobody’s way', async () => {
    expect(await writing({ ...over, ...doctor2 }, {})).toBe('done');
    expect(await writing({ ...over, status: 'cancelled' }, {})).toBe('done');
    expect(await writing({ ...over, deleted: true }, {})).toBe('done');
  });

  it('keeps the visits below it going: they arrive, are cut short, get notes', async () => {
    const id = idOf('appointment', 1);
    expect(await writing({ id }, over, { id, status: 'arrived', notes: 'x' })).toBe('done');
    expect(await writing({ id }, over, { id, endsAt: plusMinutes(nine, 25) })).toBe('done');
  });

  it('does not let the visits below it take more time, or come back', async () => {
    const id = idOf('appointment', 1);
    expect(await writing({ id }, over, { id, endsAt: plusMinutes(nine, 35) })).toBe(
      'appointments_doctor_free',
    );
    expect(await writing({ id }, { id, status: 'cancelled' }, over, { id })).toBe('appointments_doctor_free');
    expect(await writing({ id, ...doctor2 }, over, { id })).toBe('appointments_doctor_free');
  });

  it('that becomes normal must have its time to itself', async () => {
    const id = idOf('appointment', 1);
    expect(await writing({}, { ...over, id }, { ...overlapping, id })).toBe('appointments_doctor_free');
    expect(await writing(over, { ...over, id }, { ...overlapping, id })).toBe('appointments_doctor_free');
    expect(await writing({ ...over, id }, { ...overlapping, id })).toBe('done');
  });

  it('still needs a room for itself, unless that is overbooked too', async () => {
    expect(await writing(room, { ...over, ...room })).toBe('appointments_room_free');
    expect(await writing(room, { ...over, ...room, roomOverbooked: true })).toBe('done');
    expect(await writing(room, { ...overlapping, ...room, ...doctor2, roomOverbooked: true })).toBe('done');
    expect(await writing({ ...overlapping, ...room, ...doctor2, roomOverbooked: true }, room)).toBe(
      'appointments_room_free',
    );
    expect(
      await writing(
        { ...overlapping, ...room, ...doctor2, roomOverbooked: true },
        { ...room, overbooked: true },
      ),
    ).toBe('appointments_room_free');
    expect(await writing({ ...overlapping, ...room, roomOverbooked: true }, {})).toBe(
      'appointments_doctor_free',
    );
  });
});

describe('several visits written at once', () => {
  it('trade places', async () => {
    const a = anAppointment({ id: idOf('appointment', 1) });
    const b = anAppointment({ id: idOf('appointment', 2), startsAt: plusMinutes(nine, 30) });
    const work = tried(database.appPool, clinicId, async (tx) => {
      await putRecords(tx, appointment, [a, b]);
      await putRecords(tx, appointment, [
        anAppointment({ id: a.id, startsAt: b.startsAt }),
        anAppointment({ id: b.id, startsAt: a.startsAt }),
      ]);
      expect((await readById(tx, appointment, a.id))?.startsAt).toBe(b.startsAt);
    });
    expect(await outcome(work)).toBe('done');
  });

  it('move together, groups and those that lie over others too', async () => {
    const visits = [
      anAppointment({ overbooked: true, overbookReason: 'asked for', startsAt: plusMinutes(nine, 15) }),
      anAppointment({}),
      anAppointment({ ...group, startsAt: plusMinutes(nine, 60), seat: 1 }),
      anAppointment({ ...group, startsAt: plusMinutes(nine, 60), seat: 2 }),
      anAppointment({ ...group, startsAt: plusMinutes(nine, 90), seat: 1 }),
    ];
    const moved = visits.map((visit) =>
      anAppointment({
        ...visit,
        startsAt: plusMinutes(visit.startsAt, 30),
        endsAt: plusMinutes(visit.endsAt, 30),
        reservedFrom: plusMinutes(visit.reservedFrom, 30),
        reservedUntil: plusMinutes(visit.reservedUntil, 30),
      }),
    );
    const work = tried(database.appPool, clinicId, async (tx) => {
      await putRecords(tx, appointment, visits);
      await putRecords(tx, appointment, moved);
    });
    expect(await outcome(work)).toBe('done');
  });

  it('keep the time that they had, also below one that was overbooked over them', async () => {
    const a = anAppointment({ id: idOf('appointment', 1) });
    const c = anAppointment({ id: idOf('appointment', 3), startsAt: plusMinutes(nine, 120) });
    const over = anAppointment({ ...overlapping, overbooked: true, overbookReason: 'asked for' });
    const otherPatient = { patientId: idOf('patient', 2) };
    const together = (...rows: Overrides[]) =>
      outcome(
        tried(database.appPool, clinicId, async (tx) => {
          await putRecords(tx, appointment, [a, c]);
          await putRecord(tx, appointment, over);
          await putRecords(
            tx,
            appointment,
            rows.map((row) => anAppointment(row)),
          );
        }),
      );
    expect(await together({ ...a, ...otherPatient }, { ...c, ...otherPatient })).toBe('done');
    expect(await together({ ...a, ...otherPatient }, { ...over, ...otherPatient })).toBe('done');
    // It comes back below the overbooked one, or goes below it: new time, and refused.
    expect(await together({ ...a, ...doctor2 }, c)).toBe('done');
    expect(await together(a, { ...c, ...spanFrom(plusMinutes(nine, 30)) })).toBe('appointments_doctor_free');
  });

  it('take the time of those that end with them', async () => {
    const a = anAppointment({ id: idOf('appointment', 1) });
    const b = anAppointment({ id: idOf('appointment', 2), startsAt: plusMinutes(nine, 60) });
    for (const ended of [{ status: 'cancelled' as const }, { deleted: true }]) {
      const work = tried(database.appPool, clinicId, async (tx) => {
        await putRecords(tx, appointment, [a, b]);
        await putRecords(tx, appointment, [
          anAppointment({ ...b, ...spanFrom(nine) }),
          anAppointment({ ...a, ...ended }),
        ]);
      });
      expect(await outcome(work)).toBe('done');
    }
  });

  it('that overlap each other: refused', async () => {
    expect(
      await outcome(
        tried(database.appPool, clinicId, (tx) =>
          putRecords(tx, appointment, [anAppointment(), anAppointment(overlapping)]),
        ),
      ),
    ).toBe('appointments_doctor_free');
  });
});

describe('two writers at once', () => {
  /** Past the clock, as nobody should: without its lock, and with a seq of one's own making. */
  function unclocked(visit: Overrides, started: () => void, go: Promise<void>) {
    return database.appPool.connect().then(async (client) => {
      try {
        await client.query('BEGIN');
        await client.query(
          "SELECT set_config('medic.clinic_id', $1, true), set_config('medic.seq', '9', true)",
          [clinicId],
        );
        const v = anAppointment(visit);
        await client.query(
          `INSERT INTO appointments (id, clinic_id, seq, deleted, doctor_id, location_id, appointment_type_id, patient_id, starts_at, ends_at, reserved_from, reserved_until,
             status, status_changed_at, seat, capacity, overbooked, room_overbooked, overbook_reason, sequence, source, notes, cancel_reason, created_at)
           VALUES ($1, $2, 0, false, $3, $4, $5, $6, to_timestamp($7), to_timestamp($8), to_timestamp($7), to_timestamp($8), 'booked', now(), 1, 1, $9, false, '', 0, 'desk', '', '', now())`,
          [
            v.id,
            clinicId,
            v.doctorId,
            v.locationId,
            v.appointmentTypeId,
            v.patientId,
            v.startsAt / 1000,
            v.endsAt / 1000,
            v.overbooked,
          ],
        );
        started();
        await go;
        await client.query('ROLLBACK');
      } finally {
        client.release();
      }
    });
  }

  it('one normal, one overbooked, both past the clock: the second waits for the first', async () => {
    let go: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      go = resolve;
    });
    let secondStarted = false;
    const first = new Promise<void>((resolve, reject) => {
      unclocked({ overbooked: true }, resolve, released).catch(reject);
    });
    await first;
    const second = unclocked(
      {},
      () => {
        secondStarted = true;
      },
      Promise.resolve(),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(secondStarted).toBe(false);
    go();
    await second;
    expect(secondStarted).toBe(true);
  });
});

describe('the timeline', () => {
  it('comes with the visit: its last 20 entries, oldest first', async () => {
    await underClock(database.appPool, clinicId, async (tx) => {
      const visit = anAppointment({ startsAt: at('2027-01-11 09:00') });
      await putRecord(tx, appointment, visit);
      await appendEvents(
        tx,
        Array.from({ length: 25 }, (_, n) => ({
          id: idOf('intent', 100 + ((n * 7) % 25)),
          clinicId,
          appointmentId: visit.id,
          occurredAt: plusMinutes(nine, n),
          act: `act ${n}`,
          actorKind: 'system' as const,
          actorId: null,
          actorName: '',
          fromStatus: null,
          toStatus: 'booked' as const,
          changed: { startsAt: [1, { deep: null }] as [unknown, unknown] },
          reason: '',
        })),
      );
      const read = await readById(tx, appointment, visit.id);
      expect(read?.events.map((event) => event.act)).toEqual(
        Array.from({ length: 20 }, (_, n) => `act ${n + 5}`),
      );
      // Written again with what was read, nothing doubles.
      if (read) await putRecord(tx, appointment, read);
      const { rows } = await tx.query<{ n: number }>(
        'SELECT count(*) AS n FROM appointment_events WHERE appointment_id = $1',
        [visit.id],
      );
      expect(rows[0]?.n).toBe(25);
    });
  });
});

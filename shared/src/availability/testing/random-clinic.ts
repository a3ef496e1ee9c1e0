/**
 * Random clinics around a date of a zone, for comparing the engine with the oracle. What is drawn knows neither date
 * nor zone (`draw`); `clinicAt` makes records of it, so that every clock change is visited with every kind of plan.
 */
import fc from 'fast-check';
import type { AppointmentStatus } from '../../model/appointment';
import type { Location } from '../../model/location';
import type { ScheduleTemplate } from '../../model/schedule-template';
import {
  aBreak,
  aBusyTime,
  aDoctor,
  aHold,
  aLocation,
  anAppointment,
  anAppointmentType,
  anException,
  aRoom,
  aTemplate,
  aTimeOff,
  idOf,
} from '../../testing/builders';
import { type Instant, instant, type PlainDate, wallTime } from '../../time/instant';
import { addDays, dayNumber } from '../../time/plain-date';
import type { SlotQuery } from '../query';
import { type Centre, clockChanges, oddDates, zones } from './clock-changes';
import { type OracleFacts, oracleSlots } from './oracle';

export interface RandomCase {
  centre: Centre;
  facts: OracleFacts;
  query: SlotQuery;
}

const doctorIds = [idOf('doctor', 1), idOf('doctor', 2)] as const;
const placeIds = [idOf('location', 1), idOf('location', 2)] as const;
const typeIds = [idOf('appointmentType', 1), idOf('appointmentType', 2)] as const;
const roomIds = [idOf('room', 1), idOf('room', 2), idOf('room', 3)] as const;
const statuses: AppointmentStatus[] = [
  'booked',
  'pending',
  'arrived',
  'checked-in',
  'fulfilled',
  'booked',
  'booked',
  'cancelled',
  'proposed',
  'noshow',
];

/** True once in `n`. */
const oneIn = (n: number): fc.Arbitrary<boolean> => fc.integer({ min: 1, max: n }).map((k) => k === n);

/** Mostly round times of day, so that hours meet each other often; many in the hours in which clocks are changed. */
const wall = fc.oneof(
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 16 }).map((n) => n * 15) },
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 47 }).map((n) => n * 30) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 1439 }) },
);

/** Milliseconds from the first UTC midnight asked about; few distinct ones, so that things touch and nest. */
const moment = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -36 * 2, max: 96 * 2 }).map((halves) => halves * 1_800_000) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.integer({ min: -36 * 12, max: 96 * 12 }), fc.constantFrom(0, 0, 17_000, -1))
      .map(([fives, extra]) => fives * 300_000 + extra),
  },
);

/** Milliseconds; now and then none, now and then some seconds. */
const length = fc
  .tuple(fc.constantFrom(0, 5, 15, 30, 30, 45, 60, 180), fc.constantFrom(0, 0, 0, 0, 1000, 59_999))
  .map(([minutes, extra]) => minutes * 60_000 + (minutes === 0 ? 0 : extra));

const doctor = fc.constantFrom(doctorIds[0], doctorIds[0], doctorIds[1]);
const place = fc.constantFrom(placeIds[0], placeIds[0], placeIds[1]);
const typeId = fc.constantFrom(typeIds[0], typeIds[0], typeIds[1]);
const anyRoom = fc.constantFrom(null, ...roomIds);
const buffer = fc.constantFrom(0, 0, 5, 10, 30);

/** Hours, in minutes after midnight; those that end with the day or begin with it meet each other at midnight. */
const hours = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(wall, fc.constantFrom(60, 180, 240, 480, 480, 720, 1440))
      .map(([opens, long]): [number, number] => [opens, (opens + long) % 1440]),
  },
  { weight: 2, arbitrary: wall.map((opens): [number, number] => [opens, 1440]) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 24 }).map((n): [number, number] => [0, n * 60]) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: 36, max: 47 }), fc.integer({ min: 0, max: 16 }))
      .map(([opens, closes]): [number, number] => [opens * 30, closes * 30]),
  },
);

const template = fc.record({
  doctorId: doctor,
  locationId: place,
  roomId: anyRoom,
  weekday: fc.integer({ min: 1, max: 7 }),
  hours,
  validFrom: fc.constantFrom(-20, -20, -15, -9, 0, 1),
  validUntil: fc.constantFrom(null, null, null, 1, 2, 3, 21),
  everyNWeeks: fc.constantFrom(1, 1, 1, 1, 2, 3),
  anchor: fc.integer({ min: -400, max: 30 }),
  breaks: fc.array(
    fc.record({ after: fc.integer({ min: 0, max: 10 }), length: fc.constantFrom(5, 20, 30, 60) }),
    { maxLength: 2 },
  ),
});

const exception = fc.record({
  kind: fc.constantFrom('replace', 'extra', 'extra', 'block', 'block', 'closure') as fc.Arbitrary<
    'replace' | 'extra' | 'block' | 'closure'
  >,
  doctorId: doctor,
  locationId: place,
  everywhere: fc.boolean(),
  roomId: anyRoom,
  day: fc.integer({ min: -2, max: 4 }),
  times: fc.option(fc.oneof(fc.tuple(wall, wall), hours), { freq: 3 }),
});

const taker = {
  which: fc.integer({ min: 0, max: 7 }),
  length,
  before: buffer,
  after: buffer,
  doctorId: doctor,
  locationId: place,
  roomId: anyRoom,
  typeId,
};

const draw = fc.record({
  /** The dates asked for begin up to two days before the centre, and hold it. */
  shift: fc.integer({ min: -2, max: 0 }),
  otherZone: fc.option(fc.constantFrom(...zones), { freq: 5 }),
  neverCloses: oneIn(8),
  /** The first doctor is at both places, in either order; the second at one or both. */
  placesTurned: fc.boolean(),
  secondAtBoth: oneIn(3),
  sameName: oneIn(6),
  inactive: fc.integer({ min: 0, max: 24 }).map((n) => (['doctor', 'location', 'type'] as const)[n] ?? null),
  pool: fc.array(moment, { minLength: 8, maxLength: 8 }),
  templates: fc.array(template, { minLength: 5, maxLength: 16, size: 'max' }),
  exceptions: fc.array(exception, { maxLength: 4, size: 'max' }),
  visits: fc.array(
    fc.record({
      ...taker,
      status: fc.constantFrom(...statuses),
      capacity: fc.constantFrom(1, 3, 3),
      overbooked: fc.boolean(),
    }),
    { maxLength: 14, size: 'max' },
  ),
  holds: fc.array(
    fc.record({
      ...taker,
      capacity: fc.constantFrom(1, 3),
      holder: fc.constantFrom('me', 'you'),
      expires: fc.constantFrom(-60_000, 0, 1, 60_000),
    }),
    { maxLength: 4, size: 'max' },
  ),
  busy: fc.array(fc.tuple(moment, length, doctor), { maxLength: 4, size: 'max' }),
  timeOff: fc.array(
    fc.tuple(
      moment,
      fc.constantFrom(0, 15, 90, 480, 1440, 2880),
      doctor,
      fc.constantFrom('approved', 'approved', 'requested', 'denied') as fc.Arbitrary<
        'approved' | 'requested' | 'denied'
      >,
    ),
    { maxLength: 2 },
  ),
  type: fc.record({
    durationMinutes: fc.constantFrom(5, 15, 15, 20, 20, 30, 30, 30, 45, 45, 60, 60, 90, 600),
    slotStepMinutes: fc.constantFrom(5, 10, 15, 20, 25, 30, 45, 60),
    bufferBeforeMinutes: buffer,
    bufferAfterMinutes: buffer,
    minNoticeMinutes: fc.constantFrom(0, 0, 1, 60, 1440),
    maxFutureDays: fc.constantFrom(1, 2, 3, 365, 365, 365),
    capacity: fc.constantFrom(1, 3),
    needsRoom: fc.constantFrom(true, true, false, false, false),
    roomFeature: fc.constantFrom(null, null, null, 'gym'),
    bookableBy: oneIn(14).map((desk) => (desk ? 'desk' : 'online')),
  }),
  /** At each place: by everybody, by one doctor, by nobody. */
  offers: fc.tuple(
    fc.constantFrom('all', 'all', 'all', 'all', 'all', 'all', 'both', 'both', 'first', 'second'),
    fc.constantFrom('all', 'all', 'all', 'both', 'first', 'second', 'nobody'),
  ),
  rooms: fc.array(
    fc.record({
      place: fc.constantFrom(0, 0, 1),
      gym: fc.constantFrom(true, true, false),
      active: oneIn(6).map((is) => !is),
      equipment: oneIn(5),
      sortOrder: fc.integer({ min: 0, max: 2 }),
    }),
    { minLength: 3, maxLength: 3 },
  ),
  session: fc.record({ count: fc.integer({ min: 0, max: 3 }), roomId: anyRoom, which: fc.nat() }),
  asked: fc.record({
    doctors: fc.constantFrom(
      [],
      [],
      [doctorIds[0]],
      [doctorIds[0]],
      [doctorIds[1], doctorIds[0]],
      [doctorIds[0], doctorIds[0], doctorIds[1]],
    ) as fc.Arbitrary<string[]>,
    place: fc.constantFrom(undefined, undefined, undefined, undefined, ...placeIds),
    daysAfter: fc.integer({ min: 1, max: 3 }),
    channel: fc.constantFrom('online', 'desk') as fc.Arbitrary<'online' | 'desk'>,
    holder: fc.constantFrom('me', 'me', undefined),
    ignored: fc.option(fc.integer({ min: 0, max: 13 })),
    now: fc.record({
      /** Somewhere; or where the notice, or the horizon, or nothing lies between it and a start that would be free. */
      kind: fc.constantFrom(
        'any' as const,
        'any' as const,
        'any' as const,
        'notice' as const,
        'horizon' as const,
        'start' as const,
      ),
      minutes: fc.integer({ min: -72 * 60, max: 12 * 60 }),
      extra: fc.constantFrom(0, 0, 31_000),
      which: fc.nat(),
      beside: fc.constantFrom(0, 0, 0, 1, -1, 60_000),
    }),
  }),
});
type Draw = typeof draw extends fc.Arbitrary<infer T> ? T : never;

export const centres: readonly Centre[] = [...clockChanges(), ...oddDates];

/** Random clinics around one date. Without fast-check's bias to small numbers: it would empty most agendas. */
export function casesAt(centre: Centre): fc.Arbitrary<RandomCase> {
  return fc.noBias(draw.map((drawn) => clinicAt(centre, drawn)));
}

/** Random clinics around any of the dates. */
export const anyCase: fc.Arbitrary<RandomCase> = fc.noBias(
  fc.tuple(fc.constantFrom(...centres), draw).map(([centre, drawn]) => clinicAt(centre, drawn)),
);

function clinicAt(centre: Centre, drawn: Draw): RandomCase {
  const from = addDays(centre.date, drawn.shift);
  const midnight = dayNumber(from) * 86_400_000;
  const { asked, type } = drawn;
  const early: SlotQuery = {
    doctorIds: asked.doctors,
    appointmentTypeId: typeIds[0],
    ...(asked.place ? { locationId: asked.place } : {}),
    from,
    until: addDays(centre.date, asked.daysAfter),
    channel: 'desk',
    now: instant(midnight - 7 * 86_400_000),
    ...(asked.holder ? { holder: asked.holder } : {}),
    ...(asked.ignored === null ? {} : { ignoreAppointmentId: idOf('appointment', asked.ignored) }),
  };
  const withoutHolds: OracleFacts = {
    locations: locationsOf(centre, drawn),
    doctors: [
      aDoctor({
        id: doctorIds[0],
        name: 'Zieba',
        at: drawn.placesTurned ? [placeIds[1], placeIds[0]] : placeIds,
        active: drawn.inactive !== 'doctor',
      }),
      aDoctor({
        id: doctorIds[1],
        name: drawn.sameName ? 'Zieba' : 'Adamska',
        at: drawn.secondAtBoth ? placeIds : [placeIds[0]],
      }),
    ],
    types: [
      anAppointmentType({
        ...type,
        id: typeIds[0],
        active: drawn.inactive !== 'type',
        places: drawn.offers.flatMap((who, i) =>
          offeredBy(who).map((doctorId, j) => ({
            id: idOf('appointmentTypeLocation', 10 * i + j),
            clinicId: idOf('clinic', 1),
            appointmentTypeId: typeIds[0],
            locationId: placeIds[i] as string,
            doctorId,
          })),
        ),
      }),
      anAppointmentType({ id: typeIds[1] }),
    ],
    templates: [
      ...(drawn.neverCloses ? dayAndNight(addDays(from, -20)) : []),
      ...drawn.templates.map((t, i) => templateOf(t, from, i)),
    ],
    exceptions: drawn.exceptions.map((e, i) => {
      const givesHours = e.kind === 'replace' || e.kind === 'extra';
      return anException({
        id: idOf('availabilityException', i),
        kind: e.kind,
        doctorId: e.kind === 'closure' ? null : e.doctorId,
        locationId: e.everywhere && (!givesHours || e.roomId === null) ? null : e.locationId,
        roomId: e.roomId,
        date: addDays(from, e.day),
        startsAt: e.times ? wallTime(e.times[0]) : null,
        endsAt: e.times ? wallTime(e.times[1]) : null,
        reason: `exception ${i}`,
      });
    }),
    timeOff: drawn.timeOff.map(([begins, minutes, doctorId, status], i) =>
      aTimeOff({
        id: idOf('timeOffRequest', i),
        doctorId,
        startsAt: instant(midnight + begins),
        endsAt: instant(midnight + begins + minutes * 60_000),
        status,
      }),
    ),
    appointments: drawn.visits.map(({ status, capacity, overbooked, ...time }, i) =>
      anAppointment({
        ...takenBy(time, midnight, drawn.pool),
        id: idOf('appointment', i),
        patientId: idOf('patient', i),
        status,
        capacity,
        overbooked,
        seat: 1 + (i % capacity),
      }),
    ),
    holds: [],
    busy: drawn.busy.map(([begins, long, doctorId], i) =>
      aBusyTime({
        id: idOf('externalBusyTime', i),
        doctorId,
        startsAt: instant(midnight + begins),
        endsAt: instant(midnight + begins + long),
      }),
    ),
  };
  const now = nowFor(withoutHolds, early, drawn, midnight);
  const query = { ...early, channel: asked.channel, now };
  const facts: OracleFacts = {
    ...withoutHolds,
    holds: drawn.holds.map(({ capacity, holder, expires, ...time }, i) =>
      aHold({
        ...takenBy(time, midnight, drawn.pool),
        id: idOf('slotHold', i),
        capacity,
        holder,
        expiresAt: instant(now + expires),
      }),
    ),
  };
  return { centre, facts: withSession(facts, query, drawn.session), query };
}

function nowFor(facts: OracleFacts, early: SlotQuery, { asked, type }: Draw, midnight: number): Instant {
  const { kind, minutes, extra, which, beside } = asked.now;
  const anywhere = instant(midnight + minutes * 60_000 + extra);
  if (kind === 'any') return anywhere;
  const free = oracleSlots(facts, early);
  const slot = free[which % Math.max(1, free.length)];
  if (!slot) return anywhere;
  const away = { start: 0, notice: type.minNoticeMinutes * 60_000, horizon: type.maxFutureDays * 86_400_000 };
  return instant(slot.startsAt - away[kind] + beside);
}

function locationsOf(centre: Centre, drawn: Draw): Location[] {
  const rooms = drawn.rooms.map((room, i) =>
    aRoom({
      id: roomIds[i] as string,
      name: `Room ${i}`,
      locationId: placeIds[room.place] as string,
      features: room.gym ? ['gym'] : [],
      active: room.active,
      kind: room.equipment ? 'equipment' : 'room',
      sortOrder: room.sortOrder,
    }),
  );
  return placeIds.map((id, i) =>
    aLocation({
      id,
      timeZone: i === 0 ? centre.zone : (drawn.otherZone ?? centre.zone),
      rooms: rooms.filter((room) => room.locationId === id),
      active: !(i === 1 && drawn.inactive === 'location'),
    }),
  );
}

function offeredBy(who: string): (string | null)[] {
  if (who === 'all') return [null];
  if (who === 'nobody') return [];
  if (who === 'both') return [doctorIds[1], null];
  return [who === 'first' ? doctorIds[0] : doctorIds[1]];
}

function templateOf(t: Draw['templates'][number], from: PlainDate, i: number): ScheduleTemplate {
  const [opens, closes] = t.hours;
  return aTemplate({
    id: idOf('scheduleTemplate', i),
    doctorId: t.doctorId,
    locationId: t.locationId,
    roomId: t.roomId,
    weekday: t.weekday,
    opensAt: wallTime(opens),
    closesAt: wallTime(closes),
    validFrom: addDays(from, t.validFrom),
    validUntil: t.validUntil === null ? null : addDays(from, Math.max(t.validFrom + 1, t.validUntil)),
    everyNWeeks: t.everyNWeeks,
    anchorDate: addDays(from, t.anchor),
    breaks: breaksIn(opens, closes > opens ? closes - opens : closes + 1440 - opens, t.breaks, i),
  });
}

/** Those that lie inside the hours and apart from each other; others would be refused. */
function breaksIn(
  opens: number,
  long: number,
  drawn: readonly { after: number; length: number }[],
  i: number,
): ScheduleTemplate['breaks'] {
  let until = 0;
  const breaks: ScheduleTemplate['breaks'] = [];
  for (const pause of [...drawn].sort((a, b) => a.after - b.after)) {
    const from = pause.after * 30;
    if (from < until || from + pause.length > long) continue;
    until = from + pause.length;
    const clock = (minutes: number) => wallTime((opens + minutes) % 1440);
    breaks.push(aBreak(clock(from), clock(until), `break ${i} ${breaks.length}`));
  }
  return breaks;
}

/** Hours without an end, whose grid hangs on a day long before the ones asked for. */
function dayAndNight(validFrom: PlainDate): ScheduleTemplate[] {
  return [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
    aTemplate({
      id: idOf('scheduleTemplate', 100 + weekday),
      weekday,
      opensAt: wallTime(0),
      closesAt: wallTime(1440),
      validFrom,
    }),
  );
}

interface DrawnTime {
  which: number;
  length: number;
  before: number;
  after: number;
  doctorId: string;
  locationId: string;
  roomId: string | null;
  typeId: string;
}

function takenBy(time: DrawnTime, midnight: number, pool: readonly number[]) {
  const startsAt = instant(midnight + (pool[time.which] as number));
  return {
    doctorId: time.doctorId,
    locationId: time.locationId,
    roomId: time.roomId,
    appointmentTypeId: time.typeId,
    startsAt,
    endsAt: instant(startsAt + time.length),
    // What has no length at all takes nothing; buffers around nothing would.
    buffers: time.length === 0 ? ([0, 0] as const) : ([time.before, time.after] as const),
  };
}

/** Puts visits of the group where the oracle sees a seat for it: chance alone would hardly ever hit a start. */
function withSession(
  facts: OracleFacts,
  query: SlotQuery,
  { count, roomId, which }: { count: number; roomId: string | null; which: number },
): OracleFacts {
  if (facts.types[0]?.capacity !== 3 || count === 0) return facts;
  const free = oracleSlots(facts, query);
  const slot = free[which % Math.max(1, free.length)];
  if (!slot) return facts;
  const { doctorId, locationId, startsAt, endsAt } = slot;
  const visits = Array.from({ length: count }, (_, i) =>
    anAppointment({
      id: idOf('appointment', 100 + i),
      doctorId,
      locationId,
      startsAt,
      endsAt,
      appointmentTypeId: typeIds[0],
      roomId: roomId ?? slot.roomId,
      seat: i + 1,
      capacity: 3,
    }),
  );
  return { ...facts, appointments: [...facts.appointments, ...visits] };
}

/** Random clinics around clock changes, for comparing the engine with the oracle. */
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import type { AppointmentStatus } from '../../model/appointment';
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
import { type Instant, instant, type PlainDate, type TimeZone, wallTime } from '../../time/instant';
import { addDays, dayNumber } from '../../time/plain-date';
import type { SlotQuery } from '../query';
import { type OracleFacts, oracleSlots } from './oracle';

/** Whole and half hours, midnight and odd ones, both hemispheres, none at all, and the dates around Ramadan. */
export const zones = [
  'Europe/Warsaw',
  'Europe/London',
  'America/New_York',
  'America/St_Johns',
  'America/Santiago',
  'America/Havana',
  'America/Nuuk',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Pacific/Easter',
] as TimeZone[];

const changes = new Map<TimeZone, PlainDate[]>();

/** The local dates on which a zone changes its clock, 2024 to 2030; where it never does, New Year's days. */
export function changeDates(zone: TimeZone): PlainDate[] {
  let dates = changes.get(zone);
  if (!dates) {
    dates = [];
    let at: Temporal.ZonedDateTime | null = Temporal.ZonedDateTime.from(`2024-01-01T00:00[${zone}]`);
    while (at) {
      at = at.getTimeZoneTransition('next');
      if (!at || at.year > 2030) break;
      dates.push(at.toPlainDate().toString() as PlainDate);
    }
    if (dates.length === 0)
      for (let year = 2024; year <= 2030; year++) dates.push(`${year}-01-01` as PlainDate);
    changes.set(zone, dates);
  }
  return dates;
}

export interface RandomCase {
  facts: OracleFacts;
  query: SlotQuery;
}

const doctorIds = [idOf('doctor', 1), idOf('doctor', 2)];
const placeIds = [idOf('location', 1), idOf('location', 2)];
const typeIds = [idOf('appointmentType', 1), idOf('appointmentType', 2)];
const roomIds = [idOf('room', 1), idOf('room', 2), idOf('room', 3)];
const statuses: AppointmentStatus[] = [
  'booked',
  'pending',
  'arrived',
  'fulfilled',
  'booked',
  'booked',
  'cancelled',
  'proposed',
];

/** Mostly round times of day, now and then an odd minute, so that hours meet each other often. */
const wall = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 47 }).map((n) => n * 30) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 1439 }) },
);

const anyCase: fc.Arbitrary<RandomCase> = fc
  .record({ zone: fc.constantFrom(...zones), otherZone: fc.constantFrom(...zones) })
  .chain(({ zone, otherZone }) =>
    fc.tuple(
      fc.constant(zone),
      fc.constant(otherZone),
      fc.constantFrom(...changeDates(zone)),
      fc.integer({ min: -2, max: 1 }),
    ),
  )
  .chain(([zone, otherZone, change, shift]) => {
    const from = addDays(change, shift);
    const centre = dayNumber(from) * 86_400_000;
    const anyMoment = fc
      .tuple(fc.integer({ min: -36 * 12, max: 96 * 12 }), fc.constantFrom(0, 0, 17_000, -1))
      .map(([fives, extra]) => instant(centre + fives * 300_000 + extra));
    const roundMoment = fc
      .integer({ min: -36 * 2, max: 96 * 2 })
      .map((halves) => instant(centre + halves * 1_800_000));
    const moment = fc.oneof({ weight: 1, arbitrary: anyMoment }, { weight: 4, arbitrary: roundMoment });
    const dateNear = fc.integer({ min: -2, max: 4 }).map((days) => addDays(from, days));
    const doctorId = fc.constantFrom(doctorIds[0], doctorIds[0], doctorIds[1]) as fc.Arbitrary<string>;
    const locationId = fc.constantFrom(placeIds[0], placeIds[0], placeIds[1]) as fc.Arbitrary<string>;
    const typeId = fc.constantFrom(typeIds[0], typeIds[0], typeIds[1]) as fc.Arbitrary<string>;
    const anyRoom = fc.constantFrom(null, ...roomIds);
    const buffer = fc.constantFrom(0, 0, 5, 10, 30);
    const templates = fc.array(
      fc.record({
        doctorId,
        locationId,
        roomId: anyRoom,
        weekday: fc.integer({ min: 1, max: 7 }),
        opens: wall,
        length: fc.constantFrom(60, 180, 240, 480, 480, 720, 1440),
        toMidnight: fc.integer({ min: 0, max: 5 }),
        validFrom: fc.constantFrom(-20, -20, -15, -9, 0, 1).map((days) => addDays(from, days)),
        validFor: fc.constantFrom(null, null, 10, 20),
        everyNWeeks: fc.constantFrom(1, 1, 1, 2, 3),
        anchor: fc.integer({ min: -400, max: 30 }),
        pause: fc.option(
          fc.record({ after: fc.integer({ min: 0, max: 10 }), length: fc.constantFrom(5, 20, 60) }),
        ),
      }),
      { minLength: 3, maxLength: 14, size: 'max' },
    );
    const exceptions = fc.array(
      fc.record({
        kind: fc.constantFrom('replace', 'extra', 'block', 'block', 'closure'),
        doctorId,
        locationId,
        everywhere: fc.boolean(),
        roomId: anyRoom,
        date: dateNear,
        times: fc.option(fc.tuple(wall, wall)),
      }),
      { maxLength: 3 },
    );
    const length = fc.constantFrom(0, 5, 15, 30, 45, 180);
    // Few distinct starts, so that visits meet in groups and in rooms.
    const times = fc.record({
      which: fc.integer({ min: 0, max: 7 }),
      length,
      before: buffer,
      after: buffer,
      doctorId,
      locationId,
      roomId: anyRoom,
      typeId,
    });
    const visits = fc.array(
      fc.tuple(times, fc.constantFrom(...statuses), fc.constantFrom(1, 3, 3), fc.boolean()),
      { maxLength: 14, size: 'max' },
    );
    const holds = fc.array(
      fc.tuple(times, fc.constantFrom(1, 3), fc.constantFrom('me', 'you'), fc.integer({ min: -1, max: 1 })),
      { maxLength: 3 },
    );
    const type = fc.record({
      durationMinutes: fc.constantFrom(5, 15, 20, 30, 30, 45, 60, 90, 600),
      slotStepMinutes: fc.constantFrom(5, 10, 15, 20, 25, 30, 45, 60),
      bufferBeforeMinutes: buffer,
      bufferAfterMinutes: buffer,
      minNoticeMinutes: fc.constantFrom(0, 0, 60, 1440),
      maxFutureDays: fc.constantFrom(1, 3, 365, 365, 365),
      capacity: fc.constantFrom(1, 3),
      needsRoom: fc.boolean(),
      roomFeature: fc.constantFrom(null, null, 'gym'),
      bookableBy: fc.constantFrom(
        'online',
        'online',
        'online',
        'online',
        'online',
        'online',
        'online',
        'desk',
      ) as fc.Arbitrary<'online' | 'desk'>,
      forOne: fc.option(fc.constantFrom(...doctorIds), { freq: 4 }),
    });
    const rooms = fc.array(
      fc.record({
        place: fc.integer({ min: 0, max: 1 }),
        gym: fc.boolean(),
        active: fc.constantFrom(true, true, true, false),
        equipment: fc.constantFrom(false, false, true),
        sortOrder: fc.integer({ min: 0, max: 2 }),
      }),
      { minLength: 3, maxLength: 3 },
    );
    const asked = fc.record({
      all: fc.boolean(),
      place: fc.option(fc.constantFrom(...placeIds)),
      days: fc.integer({ min: 1, max: 4 }),
      channel: fc.constantFrom('online', 'desk') as fc.Arbitrary<'online' | 'desk'>,
      now: fc
        .integer({ min: -72 * 60, max: 12 * 60 })
        .map((minutes) => instant(centre + minutes * 60_000 + (minutes % 3 === 0 ? 0 : 31_000))),
      ignored: fc.option(fc.integer({ min: 0, max: 13 })),
    });
    const parts = fc.record({
      neverCloses: fc.integer({ min: 0, max: 7 }),
      session: fc.record({ count: fc.integer({ min: 0, max: 3 }), roomId: anyRoom, which: fc.nat() }),
      pool: fc.array(moment, { minLength: 8, maxLength: 8 }),
      templates,
      exceptions,
      visits,
      holds,
      type,
      rooms,
      asked,
      timeOff: fc.array(
        fc.tuple(
          moment,
          fc.integer({ min: 0, max: 600 }),
          doctorId,
          fc.constantFrom('approved', 'approved', 'requested') as fc.Arbitrary<'approved' | 'requested'>,
        ),
        { maxLength: 2 },
      ),
      busy: fc.array(fc.tuple(moment, length, doctorId), { maxLength: 3 }),
    });
    return parts.map((random): RandomCase => {
      const plus = (at: Instant, minutes: number): Instant => instant(at + minutes * 60_000);
      const rooms = random.rooms.map((room, i) =>
        aRoom({
          id: roomIds[i] as string,
          locationId: placeIds[room.place] as string,
          features: room.gym ? ['gym'] : [],
          active: room.active,
          kind: room.equipment ? 'equipment' : 'room',
          sortOrder: room.sortOrder,
        }),
      );
      const roomsOf = (place: string) => rooms.filter((room) => room.locationId === place);
      const taken = (t: {
        which: number;
        length: number;
        before: number;
        after: number;
        doctorId: string;
        locationId: string;
        roomId: string | null;
        typeId: string;
      }) => {
        const startsAt = random.pool[t.which] as Instant;
        return {
          doctorId: t.doctorId,
          locationId: t.locationId,
          roomId: t.roomId,
          appointmentTypeId: t.typeId,
          startsAt,
          endsAt: plus(startsAt, t.length),
          buffers: [t.before, t.after] as const,
        };
      };
      const { forOne, ...typeFields } = random.type;
      const visits = random.visits.map(([time, status, capacity, overbooked], i) =>
        anAppointment({ ...taken(time), id: idOf('appointment', i), status, capacity, overbooked }),
      );
      const facts: OracleFacts = {
        locations: [
          aLocation({ id: placeIds[0] as string, timeZone: zone, rooms: roomsOf(placeIds[0] as string) }),
          aLocation({
            id: placeIds[1] as string,
            timeZone: otherZone,
            rooms: roomsOf(placeIds[1] as string),
          }),
        ],
        doctors: [
          aDoctor({ id: doctorIds[0] as string, name: 'Zieba', at: placeIds }),
          aDoctor({ id: doctorIds[1] as string, name: 'Adamska', at: [placeIds[0] as string] }),
        ],
        types: [
          anAppointmentType({
            ...typeFields,
            id: typeIds[0] as string,
            places: placeIds.map((place, i) => ({
              id: idOf('appointmentTypeLocation', i),
              clinicId: idOf('clinic', 1),
              appointmentTypeId: typeIds[0] as string,
              locationId: place,
              doctorId: i === 0 ? forOne : null,
            })),
          }),
          anAppointmentType({ id: typeIds[1] as string }),
        ],
        templates: [
          ...(random.neverCloses === 0 ? dayAndNight(addDays(from, -20)) : []),
          ...random.templates.map((t, i) => {
            const closes = t.toMidnight === 0 ? 1440 : (t.opens + t.length) % 1440;
            const pause = t.pause && { from: (t.opens + t.pause.after * 30) % 1440, length: t.pause.length };
            return aTemplate({
              id: idOf('scheduleTemplate', i),
              doctorId: t.doctorId,
              locationId: t.locationId,
              roomId: t.roomId,
              weekday: t.weekday,
              opensAt: wallTime(t.opens),
              closesAt: wallTime(closes),
              validFrom: t.validFrom,
              validUntil: t.validFor === null ? null : addDays(t.validFrom, t.validFor),
              everyNWeeks: t.everyNWeeks,
              anchorDate: addDays(from, t.anchor),
              breaks: pause
                ? [aBreak(wallTime(pause.from), wallTime((pause.from + pause.length) % 1440))]
                : [],
            });
          }),
        ],
        exceptions: random.exceptions.map((e, i) => {
          const hours = e.kind === 'replace' || e.kind === 'extra';
          return anException({
            id: idOf('availabilityException', i),
            kind: e.kind as 'replace' | 'extra' | 'block' | 'closure',
            doctorId: e.kind === 'closure' ? null : e.doctorId,
            locationId: e.everywhere && !hours ? null : e.locationId,
            roomId: e.roomId,
            date: e.date,
            startsAt: e.times ? wallTime(e.times[0]) : null,
            endsAt: e.times ? wallTime(e.times[1]) : null,
          });
        }),
        timeOff: random.timeOff.map(([startsAt, minutes, doctor, status], i) =>
          aTimeOff({
            id: idOf('timeOffRequest', i),
            doctorId: doctor,
            startsAt,
            endsAt: plus(startsAt, minutes),
            status,
          }),
        ),
        appointments: visits,
        holds: random.holds.map(([time, capacity, holder, expires], i) =>
          aHold({
            ...taken(time),
            id: idOf('slotHold', i),
            capacity,
            holder,
            expiresAt: plus(random.asked.now, expires),
          }),
        ),
        busy: random.busy.map(([startsAt, minutes, doctor], i) =>
          aBusyTime({
            id: idOf('externalBusyTime', i),
            doctorId: doctor,
            startsAt,
            endsAt: plus(startsAt, minutes),
          }),
        ),
      };
      const { all, place, days, channel, now, ignored } = random.asked;
      const query: SlotQuery = {
        doctorIds: all ? [] : [doctorIds[0] as string],
        appointmentTypeId: typeIds[0] as string,
        ...(place ? { locationId: place } : {}),
        from,
        until: addDays(from, days),
        channel,
        now,
        holder: 'me',
        ...(ignored === null ? {} : { ignoreAppointmentId: idOf('appointment', ignored) }),
      };
      return { facts: withSession(facts, query, random.session), query };
    });
  });

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

/** Puts visits of the group where the oracle sees a seat for it: chance alone would hardly ever hit a start. */
function withSession(
  facts: OracleFacts,
  query: SlotQuery,
  { count, roomId, which }: { count: number; roomId: string | null; which: number },
): OracleFacts {
  const free = facts.types[0]?.capacity === 3 && count > 0 ? oracleSlots(facts, query) : [];
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
      appointmentTypeId: typeIds[0] as string,
      roomId: roomId ?? slot.roomId,
      seat: i + 1,
      capacity: 3,
    }),
  );
  return { ...facts, appointments: [...facts.appointments, ...visits] };
}

/** Without fast-check's bias to small numbers: it would empty most agendas. */
export const randomCase = fc.noBias(anyCase);

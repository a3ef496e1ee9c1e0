import { describe, expect, test } from 'vitest';
import type { AppointmentStatus } from '../model/appointment';
import {
  aBreak,
  aBusyTime,
  aDoctor,
  aHold,
  aLocation,
  anAppointment,
  anAppointmentType,
  anException,
  appointmentTypeId,
  aRoom,
  aTemplate,
  aTimeOff,
  at,
  date,
  doctorId,
  idOf,
  instantAt,
  locationId,
  time,
} from '../testing/builders';
import { type FactsParts, factsOf } from '../testing/facts-of';
import { type Instant, minuteMs, plusMinutes, type TimeZone } from '../time/instant';
import { findSlots } from './find-slots';
import type { SlotQuery } from './query';
import { clocks, days } from './testing/clock';

const now = at('2026-11-20 12:00');

/** Asks the desk for Monday, 2026-11-23, of the doctor who works 08:00 to 10:00 unless told. */
function slots(parts: FactsParts = {}, query: Partial<SlotQuery> = {}) {
  const facts = factsOf({ templates: [aTemplate({ closesAt: time('10:00') })], ...parts });
  return findSlots(facts, {
    doctorIds: [],
    appointmentTypeId,
    from: date('2026-11-23'),
    until: date('2026-11-24'),
    channel: 'desk',
    now,
    ...query,
  });
}

describe('the grid', () => {
  test('starts lie a step apart from opening on', () => {
    expect(clocks(slots())).toBe('08:00 08:30 09:00 09:30');
  });
  test('a slot that ends at closing time is offered, and none that ends after it', () => {
    expect(clocks(slots({ types: [anAppointmentType({ durationMinutes: 45, slotStepMinutes: 15 })] }))).toBe(
      '08:00 08:15 08:30 08:45 09:00 09:15',
    );
  });
  test('a step longer than the visit leaves gaps', () => {
    expect(clocks(slots({ types: [anAppointmentType({ durationMinutes: 20, slotStepMinutes: 45 })] }))).toBe(
      '08:00 08:45 09:30',
    );
  });
  test('after a break it begins anew', () => {
    const templates = [aTemplate({ closesAt: time('10:00'), breaks: [aBreak('08:30', '08:50')] })];
    expect(clocks(slots({ templates }))).toBe('08:00 08:50 09:20');
  });
  test('what is busy hides starts and moves none', () => {
    const appointments = [
      anAppointment({ startsAt: at('2026-11-23 08:10'), endsAt: at('2026-11-23 08:40') }),
    ];
    expect(clocks(slots({ appointments }))).toBe('09:00 09:30');
  });
  test('hours that touch carry one grid on', () => {
    const templates = [
      aTemplate({ closesAt: time('08:50') }),
      aTemplate({ opensAt: time('08:50'), closesAt: time('10:00') }),
    ];
    expect(clocks(slots({ templates }))).toBe('08:00 08:30 09:00 09:30');
  });
  test('one grid runs on across midnight', () => {
    const templates = [
      aTemplate({ opensAt: time('23:10'), closesAt: time('24:00') }),
      aTemplate({ weekday: 2, opensAt: time('00:00'), closesAt: time('01:00') }),
    ];
    expect(clocks(slots({ templates }, { until: date('2026-11-25') }))).toBe('23:10 23:40 00:10');
  });
  test('a doctor who never closes keeps the grid of the first hour, however long ago', () => {
    const always = [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
      aTemplate({ weekday, opensAt: time('00:00'), closesAt: time('24:00'), validFrom: date('2026-11-02') }),
    );
    // 21 days of 1440 minutes, in steps of 25: the grid has drifted by 15 minutes.
    const types = [anAppointmentType({ slotStepMinutes: 25, durationMinutes: 25 })];
    expect(clocks(slots({ templates: always, types })).slice(0, 11)).toBe('00:10 00:35');
  });
});

describe('dates', () => {
  test('a slot belongs to the date it begins on, though it ends on the next', () => {
    const templates = [aTemplate({ opensAt: time('23:00'), closesAt: time('02:00') })];
    const types = [anAppointmentType({ durationMinutes: 60, slotStepMinutes: 60 })];
    expect(days(slots({ templates, types }))).toEqual(['23 23:00']);
    expect(
      days(slots({ templates, types }, { from: date('2026-11-24'), until: date('2026-11-25') })),
    ).toEqual(['24 00:00', '24 01:00']);
  });
  test('dates are those of each place, whatever the time in UTC', () => {
    const locations = [aLocation({ timeZone: 'Pacific/Auckland' as TimeZone })];
    const found = slots({ locations });
    expect(found[0]?.startsAt).toBe(instantAt('2026-11-22T19:00Z'));
    expect(found).toHaveLength(4);
  });
  test('an empty range has no slots', () => {
    expect(slots({}, { until: date('2026-11-23') })).toEqual([]);
  });
  test('a day with a repeated hour has its slots in order and each once', () => {
    const templates = [aTemplate({ weekday: 7, opensAt: time('01:00'), closesAt: time('04:00') })];
    const found = slots(
      { templates },
      { from: date('2026-10-25'), until: date('2026-10-26'), now: at('2026-10-01 00:00') },
    );
    expect(clocks(found)).toBe('01:00 01:30 02:00 02:30 02:00 02:30 03:00 03:30');
    expect(new Set(found.map((slot) => slot.startsAt)).size).toBe(8);
  });
});

describe('busy times', () => {
  test.each<[AppointmentStatus, boolean]>([
    ['proposed', true],
    ['pending', false],
    ['booked', false],
    ['arrived', false],
    ['checked-in', false],
    ['fulfilled', false],
    ['cancelled', true],
    ['noshow', true],
    ['entered-in-error', true],
    ['waitlist', true],
  ])('the slot under a visit that is %s is free: %s', (status, free) => {
    expect(clocks(slots({ appointments: [anAppointment({ status })] })).includes('09:00')).toBe(free);
  });
  test('an overbooked visit keeps its time from others', () => {
    expect(clocks(slots({ appointments: [anAppointment({ overbooked: true })] }))).toBe('08:00 08:30 09:30');
  });
  test('the doctor is busy at every place', () => {
    expect(clocks(slots({ appointments: [anAppointment({ locationId: idOf('location', 2) })] }))).toBe(
      '08:00 08:30 09:30',
    );
  });
  test('another doctor’s visit is no matter', () => {
    expect(slots({ appointments: [anAppointment({ doctorId: idOf('doctor', 2) })] })).toHaveLength(4);
  });
  test('slots may touch a visit on both sides', () => {
    const appointments = [anAppointment({ startsAt: at('2026-11-23 08:30') })];
    expect(clocks(slots({ appointments }))).toBe('08:00 09:00 09:30');
  });
  test('nested, overlapping and touching visits make one busy stretch', () => {
    const visit = (from: string, until: string) =>
      anAppointment({ startsAt: at(`2026-11-23 ${from}`), endsAt: at(`2026-11-23 ${until}`) });
    expect(
      clocks(
        slots({ appointments: [visit('08:30', '09:20'), visit('08:40', '08:50'), visit('09:20', '09:31')] }),
      ),
    ).toBe('08:00');
  });
  test('the visit that is being moved does not count', () => {
    const id = idOf('appointment', 1);
    expect(slots({ appointments: [anAppointment({ id })] }, { ignoreAppointmentId: id })).toHaveLength(4);
  });
  test('a busy time that ends with seconds takes the whole minute', () => {
    const busy = [aBusyTime({ startsAt: at('2026-11-23 08:00'), endsAt: instantAt('2026-11-23T08:00:01Z') })];
    expect(clocks(slots({ busy }))).toBe('09:30');
  });
  test('a busy time that starts with seconds takes the whole minute', () => {
    const busy = [aBusyTime({ startsAt: instantAt('2026-11-23T07:59:59Z'), endsAt: at('2026-11-23 09:30') })];
    expect(clocks(slots({ busy }))).toBe('08:00 09:30');
  });
  test('a busy time without length has no effect', () => {
    const startsAt = at('2026-11-23 09:15');
    expect(slots({ busy: [aBusyTime({ startsAt, endsAt: startsAt })] })).toHaveLength(4);
  });
  test('approved time off takes slots', () => {
    expect(clocks(slots({ timeOff: [aTimeOff({ endsAt: at('2026-11-23 09:00') })] }))).toBe('09:00 09:30');
  });
  test('a busy time that ends before it starts is refused by name', () => {
    const busy = aBusyTime({ startsAt: at('2026-11-23 09:00'), endsAt: at('2026-11-23 08:00') });
    expect(() => slots({ busy: [busy] })).toThrow(busy.id);
  });
});

describe('buffers', () => {
  const buffered = anAppointmentType({ bufferBeforeMinutes: 10, bufferAfterMinutes: 5, slotStepMinutes: 5 });
  const long = [aTemplate({ closesAt: time('12:00') })];

  test('a visit’s own buffers keep others away', () => {
    const appointments = [anAppointment({ startsAt: at('2026-11-23 09:00'), buffers: [15, 15] })];
    expect(clocks(slots({ appointments }))).toBe('08:00');
  });
  test('the new visit’s buffers add to them on both sides', () => {
    // Reserved 09:00 to 09:30: a visit ends by 08:55, and starts at 09:40 or later.
    const found = clocks(slots({ types: [buffered], templates: long, appointments: [anAppointment()] }));
    expect(found).toContain('08:25 09:40');
  });
  test('buffers may stick out of the hours', () => {
    expect(
      clocks(slots({ types: [buffered] }))
        .split(' ')
        .filter((clock) => clock === '08:00' || clock === '09:30'),
    ).toEqual(['08:00', '09:30']);
  });
  test('a buffer that sticks out of the hours still meets what is busy there', () => {
    const busy = [aBusyTime({ startsAt: at('2026-11-23 07:00'), endsAt: at('2026-11-23 07:55') })];
    expect(clocks(slots({ types: [buffered], busy })).slice(0, 5)).toBe('08:05');
  });
});

describe('notice and horizon', () => {
  const online = { channel: 'online' as const };
  const notice = [anAppointmentType({ minNoticeMinutes: 60 })];

  test('a start exactly at now plus notice is offered', () => {
    expect(clocks(slots({ types: notice }, { ...online, now: at('2026-11-23 08:00') }))).toBe('09:00 09:30');
  });
  test('a second later it is not', () => {
    const late = (at('2026-11-23 08:00') + 1000) as Instant;
    expect(clocks(slots({ types: notice }, { ...online, now: late }))).toBe('09:30');
  });
  test('notice does not bind the desk', () => {
    expect(clocks(slots({ types: notice }, { now: at('2026-11-23 09:00') }))).toBe('09:00 09:30');
  });
  test('the desk offers nothing in the past', () => {
    expect(clocks(slots({}, { now: at('2026-11-23 09:01') }))).toBe('09:30');
  });
  test('a start exactly at the horizon is offered, and none after it', () => {
    const types = [anAppointmentType({ maxFutureDays: 3 })];
    expect(clocks(slots({ types }, { ...online, now: at('2026-11-20 08:30') }))).toBe('08:00 08:30');
  });
  test('the horizon does not bind the desk', () => {
    expect(slots({ types: [anAppointmentType({ maxFutureDays: 1 })] })).toHaveLength(4);
  });
});

describe('who offers what where', () => {
  const there = idOf('location', 2);
  const other = idOf('doctor', 2);

  test('a type for the desk is not offered online', () => {
    const types = [anAppointmentType({ bookableBy: 'desk' })];
    expect(slots({ types }, { channel: 'online' })).toEqual([]);
    expect(slots({ types })).toHaveLength(4);
  });
  test('a type that is not offered at the place has no slots there', () => {
    expect(slots({ types: [anAppointmentType({ at: [there] })] })).toEqual([]);
  });
  test('a type that one doctor offers has no slots with another', () => {
    const place = {
      id: idOf('appointmentTypeLocation', 1),
      clinicId: idOf('clinic', 1),
      appointmentTypeId,
      locationId,
    };
    expect(slots({ types: [anAppointmentType({ places: [{ ...place, doctorId: other }] })] })).toEqual([]);
    expect(slots({ types: [anAppointmentType({ places: [{ ...place, doctorId }] })] })).toHaveLength(4);
  });
  test('hours at a place where the doctor does not work any more offer nothing', () => {
    expect(slots({ doctors: [aDoctor({ at: [] })] })).toEqual([]);
  });
  test.each(['doctor', 'place', 'type'])('an inactive %s has no slots', (what) => {
    const parts: FactsParts = {
      doctors: [aDoctor({ active: what !== 'doctor' })],
      locations: [aLocation({ active: what !== 'place' })],
      types: [anAppointmentType({ active: what !== 'type' })],
    };
    expect(slots(parts)).toEqual([]);
  });
  test('an unknown doctor, place or type has no slots', () => {
    expect(slots({}, { doctorIds: [idOf('doctor', 9)] })).toEqual([]);
    expect(slots({}, { locationId: idOf('location', 9) })).toEqual([]);
    expect(slots({}, { appointmentTypeId: idOf('appointmentType', 9) })).toEqual([]);
  });
  test('doctors come in the order asked for at the same start, each once', () => {
    const parts: FactsParts = {
      doctors: [aDoctor(), aDoctor({ id: other })],
      templates: [
        aTemplate({ closesAt: time('09:00') }),
        aTemplate({ doctorId: other, closesAt: time('09:00') }),
      ],
    };
    const found = slots(parts, { doctorIds: [other, doctorId, other] });
    expect(found.map((slot) => slot.doctorId)).toEqual([other, doctorId, other, doctorId]);
    expect(clocks(found)).toBe('08:00 08:00 08:30 08:30');
  });
  test('with no doctor named, all come, by name', () => {
    const parts: FactsParts = {
      doctors: [aDoctor({ name: 'Zych' }), aDoctor({ id: other, name: 'Adamska' })],
      templates: [
        aTemplate({ closesAt: time('08:30') }),
        aTemplate({ doctorId: other, closesAt: time('08:30') }),
      ],
    };
    expect(slots(parts).map((slot) => slot.doctorId)).toEqual([other, doctorId]);
  });
  test('places in two zones each have their own clock', () => {
    const parts: FactsParts = {
      locations: [aLocation(), aLocation({ id: there, timeZone: 'Europe/London' as TimeZone })],
      doctors: [aDoctor({ at: [locationId, there] })],
      types: [anAppointmentType({ at: [locationId, there], slotStepMinutes: 60 })],
      templates: [
        aTemplate({ closesAt: time('09:00') }),
        aTemplate({ locationId: there, closesAt: time('09:00') }),
      ],
    };
    const found = slots(parts);
    expect(found.map((slot) => slot.startsAt)).toEqual([at('2026-11-23 08:00'), at('2026-11-23 09:00')]);
    expect(slots(parts, { locationId: there }).map((slot) => slot.locationId)).toEqual([there]);
  });
  test('a step of 0 is refused by name', () => {
    expect(() => slots({ types: [anAppointmentType({ slotStepMinutes: 0 })] })).toThrow(/slot step 0/);
  });
  test('a negative buffer is refused by name', () => {
    expect(() => slots({ types: [anAppointmentType({ bufferAfterMinutes: -5 })] })).toThrow(/buffer -5/);
  });
});

describe('holds', () => {
  test('a live hold of another blocks its time', () => {
    expect(clocks(slots({ holds: [aHold()] }, { holder: 'somebody else' }))).toBe('08:00 08:30 09:30');
  });
  test('one’s own hold blocks nothing', () => {
    expect(slots({ holds: [aHold({ holder: 'me' })] }, { holder: 'me' })).toHaveLength(4);
  });
  test('a hold that expires now blocks nothing', () => {
    expect(slots({ holds: [aHold({ expiresAt: now })] })).toHaveLength(4);
    expect(slots({ holds: [aHold({ expiresAt: plusMinutes(now, 1) })] })).toHaveLength(3);
  });
  test('a hold keeps its buffers too', () => {
    expect(clocks(slots({ holds: [aHold({ buffers: [5, 5] })] }))).toBe('08:00');
  });
});

describe('group visits', () => {
  const group = anAppointmentType({ capacity: 3 });
  const nine = (fields = {}) => anAppointment({ capacity: 3, ...fields });
  const seatsAtNine = (parts: FactsParts) =>
    slots({ types: [group], ...parts }).find((slot) => slot.startsAt === at('2026-11-23 09:00'))?.seatsLeft;

  test('an empty group has all its seats', () => {
    expect(seatsAtNine({})).toBe(3);
  });
  test('each visit takes a seat', () => {
    expect(seatsAtNine({ appointments: [nine(), nine({ seat: 2 })] })).toBe(1);
  });
  test('a full group is not offered', () => {
    expect(seatsAtNine({ appointments: [nine(), nine({ seat: 2 }), nine({ seat: 3 })] })).toBeUndefined();
  });
  test('a live hold of another takes a seat, one’s own takes none', () => {
    expect(seatsAtNine({ appointments: [nine()], holds: [aHold({ capacity: 3 })] })).toBe(1);
    const own = slots({ types: [group], holds: [aHold({ capacity: 3, holder: 'me' })] }, { holder: 'me' });
    expect(own.every((slot) => slot.seatsLeft === 3)).toBe(true);
  });
  test('a group that begins at another time blocks as any visit does', () => {
    expect(seatsAtNine({ appointments: [nine({ startsAt: at('2026-11-23 08:45') })] })).toBeUndefined();
  });
  test('a group of another type, or at another place, shares nothing', () => {
    expect(
      seatsAtNine({ appointments: [nine({ appointmentTypeId: idOf('appointmentType', 2) })] }),
    ).toBeUndefined();
    expect(seatsAtNine({ appointments: [nine({ locationId: idOf('location', 2) })] })).toBeUndefined();
  });
  test('a visit of one, of the same type, from before it was a group, blocks', () => {
    expect(seatsAtNine({ appointments: [anAppointment()] })).toBeUndefined();
  });
  test('the visit that is being moved leaves its seat', () => {
    const id = idOf('appointment', 1);
    const found = slots({ types: [group], appointments: [nine({ id })] }, { ignoreAppointmentId: id });
    expect(found.every((slot) => slot.seatsLeft === 3)).toBe(true);
  });
});

describe('rooms', () => {
  const [one, two, gym] = [1, 2, 3].map((n) =>
    aRoom({ id: idOf('room', n), name: `Room ${n}`, sortOrder: n, features: n === 3 ? ['gym'] : [] }),
  ) as [ReturnType<typeof aRoom>, ReturnType<typeof aRoom>, ReturnType<typeof aRoom>];
  const locations = [aLocation({ rooms: [two, one, gym] })];
  const roomed = [anAppointmentType({ needsRoom: true })];
  const roomsOf = (parts: FactsParts) =>
    slots({ locations, types: roomed, ...parts }).map((slot) => slot.roomId);
  const inRoom = (roomId: string, fields = {}) =>
    anAppointment({ doctorId: idOf('doctor', 2), roomId, ...fields });

  test('the first room in order is taken where the hours name none', () => {
    expect(roomsOf({})).toEqual([one.id, one.id, one.id, one.id]);
  });
  test('the hours’ own room comes first', () => {
    expect(roomsOf({ templates: [aTemplate({ closesAt: time('09:00'), roomId: two.id })] })).toEqual([
      two.id,
      two.id,
    ]);
  });
  test('another’s visit in the room moves this one to the next', () => {
    expect(roomsOf({ appointments: [inRoom(one.id)] })).toEqual([one.id, one.id, two.id, one.id]);
  });
  test('a room must be free for the whole reserved range', () => {
    const types = [anAppointmentType({ needsRoom: true, bufferAfterMinutes: 5 })];
    expect(roomsOf({ types, appointments: [inRoom(one.id)] })).toEqual([one.id, two.id, two.id, one.id]);
  });
  test('a hold keeps its room from others', () => {
    expect(roomsOf({ holds: [aHold({ doctorId: idOf('doctor', 2), roomId: one.id })] })).toEqual([
      one.id,
      one.id,
      two.id,
      one.id,
    ]);
  });
  test('without a free room that fits there is no slot', () => {
    const types = [anAppointmentType({ needsRoom: true, roomFeature: 'gym' })];
    expect(clocks(slots({ locations, types, appointments: [inRoom(gym.id)] }))).toBe('08:00 08:30 09:30');
  });
  test('the hours’ room is passed over where it lacks what the type needs', () => {
    const types = [anAppointmentType({ needsRoom: true, roomFeature: 'gym' })];
    expect(roomsOf({ types, templates: [aTemplate({ closesAt: time('08:30'), roomId: one.id })] })).toEqual([
      gym.id,
    ]);
  });
  test('an inactive room is no room', () => {
    expect(roomsOf({ locations: [aLocation({ rooms: [{ ...one, active: false }] })] })).toEqual([]);
  });
  test('equipment is no room for a type that asks for nothing special', () => {
    expect(roomsOf({ locations: [aLocation({ rooms: [{ ...one, kind: 'equipment' }] })] })).toEqual([]);
  });
  test('a type that needs none takes the hours’ room when it is free, and goes without when not', () => {
    const parts = {
      types: [anAppointmentType()],
      templates: [aTemplate({ closesAt: time('10:00'), roomId: one.id })],
    };
    expect(roomsOf({ ...parts, appointments: [inRoom(one.id)] })).toEqual([one.id, one.id, null, one.id]);
  });
  test('a group stays in its room, which its own visits do not take', () => {
    const types = [anAppointmentType({ needsRoom: true, capacity: 3 })];
    expect(roomsOf({ types, appointments: [anAppointment({ roomId: two.id, capacity: 3 })] })).toEqual([
      one.id,
      one.id,
      two.id,
      one.id,
    ]);
  });
  test('the room changes with the hours that name it', () => {
    const templates = [
      aTemplate({ closesAt: time('09:00'), roomId: one.id }),
      aTemplate({ opensAt: time('09:00'), closesAt: time('10:00'), roomId: two.id }),
    ];
    expect(roomsOf({ templates })).toEqual([one.id, one.id, two.id, two.id]);
  });
});

test('the order of the records decides nothing', () => {
  const parts = {
    templates: [
      aTemplate({ closesAt: time('09:00'), roomId: idOf('room', 2) }),
      aTemplate({ closesAt: time('10:00'), roomId: idOf('room', 1) }),
    ],
    locations: [aLocation({ rooms: [aRoom({ id: idOf('room', 1) }), aRoom({ id: idOf('room', 2) })] })],
    exceptions: [
      anException({ startsAt: time('08:30'), endsAt: time('09:00') }),
      anException({ kind: 'extra', locationId, startsAt: time('11:00'), endsAt: time('12:00') }),
    ],
    appointments: [
      anAppointment({ startsAt: at('2026-11-23 09:30') }),
      anAppointment({ startsAt: at('2026-11-23 08:00') }),
    ],
  };
  const turned = Object.fromEntries(
    Object.entries(parts).map(([kind, records]) => [kind, [...records].reverse()]),
  );
  expect(slots(turned)).toEqual(slots(parts));
  expect(slots(parts).length).toBeGreaterThan(0);
});

test('a slot carries its end, its place and one seat', () => {
  const startsAt = at('2026-11-23 08:00');
  expect(slots()[0]).toEqual({
    doctorId,
    locationId,
    roomId: null,
    startsAt,
    endsAt: startsAt + 30 * minuteMs,
    seatsLeft: 1,
  });
});

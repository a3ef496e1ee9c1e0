import { describe, expect, test } from 'vitest';
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
  doctorId,
  idOf,
  locationId,
  patientId,
  time,
  warsaw,
} from '../testing/builders';
import { type FactsParts, factsOf } from '../testing/facts-of';
import { type Instant, plusMinutes } from '../time/instant';
import { explain, placeVisit } from './explain';
import type { PlacementRequest } from './query';
import { describeReason } from './reason';

const now = at('2026-11-20 12:00');

function request(clock: string, fields: Partial<PlacementRequest> = {}): PlacementRequest {
  return {
    doctorId,
    locationId,
    appointmentTypeId,
    startsAt: at(`2026-11-23 ${clock}`),
    channel: 'desk',
    now,
    ...fields,
  };
}

/** Reasons against a start on Monday, 2026-11-23, of the doctor who works 08:00 to 16:00 unless told. */
function reasons(parts: FactsParts, clock: string, fields: Partial<PlacementRequest> = {}) {
  return explain(factsOf({ templates: [aTemplate()], ...parts }), request(clock, fields));
}

function words(parts: FactsParts, clock: string, fields: Partial<PlacementRequest> = {}): string[] {
  return reasons(parts, clock, fields).map((reason) => describeReason(reason, warsaw));
}

function codes(parts: FactsParts, clock: string, fields: Partial<PlacementRequest> = {}): string[] {
  return reasons(parts, clock, fields).map((reason) => reason.code);
}

test('a free time has nothing against it', () => {
  expect(reasons({}, '09:00')).toEqual([]);
});

describe('the plan', () => {
  test('outside hours, the nearest hours of the date are named', () => {
    const templates = [aTemplate({ closesAt: time('11:00') }), aTemplate({ opensAt: time('14:00') })];
    expect(words({ templates }, '17:00')).toEqual(['Outside hours, Dr Nowak works 14:00–16:00']);
  });
  test('a visit that runs past closing is outside hours', () => {
    expect(codes({}, '15:45')).toEqual(['outside-hours', 'off-grid']);
  });
  test('on a date without hours none are named', () => {
    expect(words({ templates: [] }, '09:00')).toEqual(['No hours, Dr Nowak does not work here then']);
  });
  test('a break is named with its times', () => {
    expect(words({ templates: [aTemplate({ breaks: [aBreak('12:00', '12:30')] })] }, '12:00')).toEqual([
      'Lunch 12:00–12:30',
    ]);
  });
  test('hours go on around a break: it is not outside them', () => {
    expect(
      codes({ templates: [aTemplate({ breaks: [aBreak('12:00', '12:30')] })] }, '11:30', {
        durationMinutes: 90,
      }),
    ).toEqual(['break']);
  });
  test('a block and a closure name their exception', () => {
    const block = anException({ startsAt: time('09:00'), endsAt: time('10:00'), reason: 'Training' });
    const closure = anException({ kind: 'closure', startsAt: time('09:15'), endsAt: time('12:00') });
    expect(reasons({ exceptions: [block, closure] }, '09:00')).toEqual([
      {
        code: 'block',
        label: 'Training',
        startsAt: at('2026-11-23 09:00'),
        endsAt: at('2026-11-23 10:00'),
        exceptionId: block.id,
      },
      {
        code: 'closure',
        label: '',
        startsAt: at('2026-11-23 09:15'),
        endsAt: at('2026-11-23 12:00'),
        exceptionId: closure.id,
      },
    ]);
  });
  test('time off names its request', () => {
    const off = aTimeOff();
    expect(reasons({ timeOff: [off] }, '09:00')).toEqual([
      { code: 'time-off', startsAt: off.startsAt, endsAt: off.endsAt, timeOffRequestId: off.id },
    ]);
  });
  test('time off that is only asked for is no reason', () => {
    expect(reasons({ timeOff: [aTimeOff({ status: 'requested' })] }, '09:00')).toEqual([]);
  });
  test('a start between two of the grid is off it', () => {
    expect(words({}, '09:10')).toEqual(['Starts lie every 30 minutes from the opening time']);
  });
  test('a start with seconds is off the grid', () => {
    const startsAt = (at('2026-11-23 09:00') + 1000) as Instant;
    expect(codes({}, '09:00', { startsAt })).toEqual(['off-grid']);
  });
  test('after a break the grid begins anew', () => {
    const templates = [aTemplate({ breaks: [aBreak('12:00', '12:20')] })];
    expect(codes({ templates }, '12:20')).toEqual([]);
    expect(codes({ templates }, '12:30')).toEqual(['off-grid']);
  });
});

describe('others', () => {
  test('a visit in the way is named', () => {
    const visit = anAppointment({ status: 'pending' });
    const { startsAt, endsAt } = visit;
    expect(reasons({ appointments: [visit] }, '09:00')).toEqual([
      { code: 'visit', appointmentId: visit.id, patientId, startsAt, endsAt, pending: true },
    ]);
  });
  test('where only the other’s buffer is in the way, it says so and until when', () => {
    const visit = anAppointment({ buffers: [0, 15] });
    expect(words({ appointments: [visit] }, '09:30')).toEqual(['Buffer 09:00–09:45 around the 09:00 visit']);
  });
  test('where only this visit’s buffer is in the way, the stretch grows by it on both sides', () => {
    const types = [anAppointmentType({ bufferBeforeMinutes: 10, bufferAfterMinutes: 5 })];
    expect(reasons({ types, appointments: [anAppointment()] }, '09:30')).toEqual([
      expect.objectContaining({
        code: 'buffer',
        freeUntil: at('2026-11-23 08:55'),
        freeFrom: at('2026-11-23 09:40'),
      }),
    ]);
  });
  test('every visit in the way is named, by start', () => {
    const appointments = [
      anAppointment({ startsAt: at('2026-11-23 09:15') }),
      anAppointment({ startsAt: at('2026-11-23 08:45') }),
    ];
    expect(
      reasons({ appointments }, '09:00').map((reason) => 'startsAt' in reason && reason.startsAt),
    ).toEqual([at('2026-11-23 08:45'), at('2026-11-23 09:15')]);
  });
  test('a hold and a busy calendar are named', () => {
    expect(codes({ holds: [aHold()], busy: [aBusyTime()] }, '09:00')).toEqual(['hold', 'external-busy']);
  });
  test('a full group says how many seats it has', () => {
    const types = [anAppointmentType({ capacity: 2 })];
    const appointments = [anAppointment({ capacity: 2 }), anAppointment({ capacity: 2, seat: 2 })];
    expect(reasons({ types, appointments }, '09:00')).toEqual([{ code: 'full', capacity: 2 }]);
  });
});

describe('rules', () => {
  const types = [anAppointmentType({ minNoticeMinutes: 1440, maxFutureDays: 2, bookableBy: 'desk' })];

  test('notice, horizon and desk-only bind visitors, not the desk', () => {
    expect(codes({ types }, '09:00', { channel: 'online' })).toEqual(['desk-only', 'too-far']);
    expect(codes({ types }, '09:00', { channel: 'online', now: at('2026-11-23 08:00') })).toEqual([
      'desk-only',
      'notice',
    ]);
    expect(codes({ types }, '09:00', { now: at('2026-11-23 08:00') })).toEqual([]);
  });
  test('a start exactly at now plus notice, or at the horizon, is allowed', () => {
    const exact = [anAppointmentType({ minNoticeMinutes: 60, maxFutureDays: 1 })];
    expect(codes({ types: exact }, '09:00', { channel: 'online', now: at('2026-11-23 08:00') })).toEqual([]);
    expect(
      codes({ types: exact }, '09:00', { channel: 'online', now: plusMinutes(at('2026-11-23 08:00'), 1) }),
    ).toEqual(['notice']);
    expect(codes({ types: exact }, '09:00', { channel: 'online', now: at('2026-11-22 09:00') })).toEqual([]);
    expect(
      codes({ types: exact }, '09:00', { channel: 'online', now: plusMinutes(at('2026-11-22 09:00'), -1) }),
    ).toEqual(['too-far']);
  });
  test('the past binds everybody', () => {
    expect(codes({}, '09:00', { now: plusMinutes(at('2026-11-23 09:00'), 1) })).toEqual(['past']);
    expect(codes({}, '09:00', { now: at('2026-11-23 09:00') })).toEqual([]);
  });
  test('what is not offered there says by whom and where', () => {
    expect(words({ types: [anAppointmentType({ at: [] })] }, '09:00')).toEqual([
      'Dr Nowak does not offer it at Old Town',
    ]);
  });
  test('what is inactive is named, each for itself', () => {
    const parts = {
      doctors: [aDoctor({ active: false })],
      locations: [aLocation({ active: false })],
      types: [anAppointmentType({ active: false })],
    };
    expect(reasons(parts, '09:00')).toEqual([
      { code: 'inactive', what: 'doctor' },
      { code: 'inactive', what: 'location' },
      { code: 'inactive', what: 'appointment-type' },
    ]);
  });
  test('what is unknown is refused as inactive', () => {
    expect(codes({}, '09:00', { doctorId: idOf('doctor', 9) })).toEqual(['inactive']);
  });
  test('every rule that forbids a time is named', () => {
    const parts = {
      templates: [aTemplate({ breaks: [aBreak('09:00', '09:30')] })],
      exceptions: [anException()],
      timeOff: [aTimeOff()],
      appointments: [anAppointment()],
      holds: [aHold()],
      busy: [aBusyTime()],
      types: [anAppointmentType({ bookableBy: 'desk', needsRoom: true })],
    };
    expect(codes(parts, '09:00', { channel: 'online', now: at('2026-11-24 09:00') }).sort()).toEqual(
      ['past', 'desk-only', 'break', 'block', 'time-off', 'visit', 'hold', 'external-busy', 'no-room'].sort(),
    );
  });
});

describe('rooms', () => {
  const one = aRoom({ id: idOf('room', 1), name: 'Gym', features: ['gym'] });
  const locations = [aLocation({ rooms: [one] })];
  const types = [anAppointmentType({ needsRoom: true, roomFeature: 'gym' })];
  const taken = anAppointment({ doctorId: idOf('doctor', 2), roomId: one.id, buffers: [0, 10] });

  test('a taken room is named, and until when', () => {
    expect(words({ locations, types, appointments: [taken] }, '09:30')).toEqual(['Gym in use until 09:40']);
  });
  test('where no room fits, what is missing is named', () => {
    expect(words({ types }, '09:00')).toEqual(['No room with gym here']);
  });
  test('a room that is asked for is refused, not exchanged', () => {
    const two = aRoom({ id: idOf('room', 2), name: 'Second gym', features: ['gym'], sortOrder: 5 });
    const parts = { locations: [aLocation({ rooms: [one, two] })], types, appointments: [taken] };
    expect(words(parts, '09:00', { roomId: one.id })).toEqual(['Gym in use until 09:40']);
    expect(placeVisit(factsOf({ templates: [aTemplate()], ...parts }), request('09:00')).slot?.roomId).toBe(
      two.id,
    );
  });
  test('a room of another place is refused', () => {
    expect(codes({ locations }, '09:00', { roomId: idOf('room', 9) })).toEqual(['no-room']);
  });
});

describe('placing a visit', () => {
  const place = (parts: FactsParts, clock: string, fields: Partial<PlacementRequest> = {}) =>
    placeVisit(factsOf({ templates: [aTemplate()], ...parts }), request(clock, fields));

  test('the reserved range is the visit with the type’s buffers', () => {
    const types = [anAppointmentType({ bufferBeforeMinutes: 10, bufferAfterMinutes: 5 })];
    expect(place({ types }, '09:00')).toEqual({
      reasons: [],
      slot: {
        doctorId,
        locationId,
        roomId: null,
        startsAt: at('2026-11-23 09:00'),
        endsAt: at('2026-11-23 09:30'),
        reservedFrom: at('2026-11-23 08:50'),
        reservedUntil: at('2026-11-23 09:35'),
        seatsLeft: 1,
        seat: 1,
        capacity: 1,
      },
    });
  });
  test('a length of one’s own counts for hours and for others', () => {
    expect(place({}, '09:00', { durationMinutes: 50 }).slot?.endsAt).toBe(at('2026-11-23 09:50'));
    expect(
      codes({ appointments: [anAppointment({ startsAt: at('2026-11-23 09:45') })] }, '09:00', {
        durationMinutes: 50,
      }),
    ).toEqual(['visit']);
  });
  test('the seat is the lowest that is free', () => {
    const types = [anAppointmentType({ capacity: 4 })];
    const appointments = [1, 3].map((seat) => anAppointment({ capacity: 4, seat }));
    expect(place({ types, appointments }, '09:00').slot).toMatchObject({
      seat: 2,
      seatsLeft: 2,
      capacity: 4,
    });
  });
  test('a cancelled visit leaves its seat', () => {
    const types = [anAppointmentType({ capacity: 4 })];
    expect(
      place({ types, appointments: [anAppointment({ capacity: 4, status: 'cancelled' })] }, '09:00').slot
        ?.seat,
    ).toBe(1);
  });
  test('where something forbids it there is no slot', () => {
    expect(place({ appointments: [anAppointment()] }, '09:00').slot).toBeNull();
  });
  test('the visit that is being moved is not in its own way', () => {
    const visit = anAppointment();
    expect(place({ appointments: [visit] }, '09:00', { ignoreAppointmentId: visit.id }).reasons).toEqual([]);
  });
});

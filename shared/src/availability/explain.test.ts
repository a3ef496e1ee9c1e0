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
  aRoom,
  aTemplate,
  aTimeOff,
  at,
  doctorId,
  idOf,
  instantAt,
  locationId,
  patientId,
  time,
} from '../testing/builders';
import { type FactsParts, factsOf } from '../testing/facts-of';
import { plusMinutes } from '../time/instant';
import { explain } from './explain';
import type { PlacementRequest } from './query';
import type { Reason } from './reason';
import { days } from './testing/clock';
import { mondayRequest } from './testing/monday';

/** What is said about a start on the Monday, of the doctor who works 08:00 to 16:00 unless told. */
function explained(parts: FactsParts, clock: string, fields: Partial<PlacementRequest> = {}) {
  return explain(factsOf({ templates: [aTemplate()], ...parts }), mondayRequest(clock, fields));
}

function reasons(parts: FactsParts, clock: string, fields: Partial<PlacementRequest> = {}): Reason[] {
  return explained(parts, clock, fields).reasons;
}

function codes(parts: FactsParts, clock: string, fields: Partial<PlacementRequest> = {}): string {
  return reasons(parts, clock, fields)
    .map((reason) => reason.code)
    .join(' ');
}

const monday = (clock: string) => at(`2026-11-23 ${clock}`);
const online = { channel: 'online' as const };

describe('a free time', () => {
  test('has nothing against it', () => {
    expect(reasons({}, '09:00')).toEqual([]);
  });
  test('may end exactly at closing', () => {
    expect(reasons({}, '15:30')).toEqual([]);
  });
  test('may end where a break begins, and begin where it ends', () => {
    const templates = [aTemplate({ breaks: [aBreak('12:00', '12:30')] })];
    expect(reasons({ templates }, '11:30')).toEqual([]);
    expect(reasons({ templates }, '12:30')).toEqual([]);
  });
  test('may touch visits on both sides', () => {
    const appointments = [
      anAppointment({ startsAt: monday('08:30') }),
      anAppointment({ startsAt: monday('09:30') }),
    ];
    expect(reasons({ appointments }, '09:00')).toEqual([]);
  });
  test('may lie in a night that began on the day before', () => {
    const night = aTemplate({ weekday: 7, opensAt: time('22:00'), closesAt: time('06:00') });
    expect(reasons({ templates: [night] }, '05:30')).toEqual([]);
    expect(codes({ templates: [night] }, '06:00')).toBe('outside-hours');
  });
  test('may cross midnight where hours touch at it', () => {
    const templates = [
      aTemplate({ opensAt: time('22:00'), closesAt: time('24:00') }),
      aTemplate({ weekday: 2, opensAt: time('00:00'), closesAt: time('02:00') }),
    ];
    expect(reasons({ templates }, '23:30', { durationMinutes: 60 })).toEqual([]);
    expect(codes({ templates: templates.slice(0, 1) }, '23:30', { durationMinutes: 60 })).toBe(
      'outside-hours',
    );
  });
  test('is not taken by a visit without length', () => {
    const moment = instantAt('2026-11-23T09:00:30+01:00');
    expect(reasons({ appointments: [anAppointment({ startsAt: moment, endsAt: moment })] }, '09:00')).toEqual(
      [],
    );
  });
  test('is not taken by what is busy without length', () => {
    expect(
      reasons({ busy: [aBusyTime({ startsAt: monday('09:15'), endsAt: monday('09:15') })] }, '09:00'),
    ).toEqual([]);
  });
});

describe('the plan', () => {
  test('outside-hours names the doctor and the nearest hours of the date', () => {
    const templates = [
      aTemplate({ closesAt: time('11:00') }),
      aTemplate({ opensAt: time('14:00') }),
      aTemplate({ opensAt: time('20:00'), closesAt: time('21:00') }),
    ];
    expect(reasons({ templates }, '16:30')).toEqual([
      { code: 'outside-hours', doctorName: 'Dr Nowak', opensAt: monday('14:00'), closesAt: monday('16:00') },
    ]);
  });
  test('outside-hours names no hours where the date has none', () => {
    expect(reasons({ templates: [] }, '09:00')).toEqual([
      { code: 'outside-hours', doctorName: 'Dr Nowak', opensAt: null, closesAt: null },
    ]);
  });
  test('hours that go on over midnight are named whole', () => {
    const templates = [
      aTemplate({ opensAt: time('14:00'), closesAt: time('24:00') }),
      aTemplate({ weekday: 2, opensAt: time('00:00'), closesAt: time('01:00') }),
    ];
    expect(reasons({ templates }, '09:00')).toEqual([
      {
        code: 'outside-hours',
        doctorName: 'Dr Nowak',
        opensAt: monday('14:00'),
        closesAt: at('2026-11-24 01:00'),
      },
    ]);
  });
  test('a visit that runs past closing is outside hours', () => {
    expect(codes({}, '15:30', { durationMinutes: 31 })).toBe('outside-hours');
  });
  test('a visit that begins before opening is outside hours', () => {
    expect(codes({}, '07:59')).toBe('outside-hours');
  });
  test('a break names itself and its times', () => {
    expect(
      reasons({ templates: [aTemplate({ breaks: [aBreak('12:00', '12:30', 'Tea')] })] }, '12:00'),
    ).toEqual([{ code: 'break', label: 'Tea', startsAt: monday('12:00'), endsAt: monday('12:30') }]);
  });
  test('a break after midnight belongs to the night that began on the day before', () => {
    const night = { weekday: 7, opensAt: time('22:00'), closesAt: time('06:00') };
    const templates = [aTemplate({ ...night, breaks: [aBreak('02:00', '02:30')] })];
    expect(reasons({ templates }, '02:00')).toEqual([
      { code: 'break', label: 'Lunch', startsAt: monday('02:00'), endsAt: monday('02:30') },
    ]);
  });
  test('hours go on around a break: it is not outside them', () => {
    const templates = [aTemplate({ breaks: [aBreak('12:00', '12:30')] })];
    expect(codes({ templates }, '11:30', { durationMinutes: 90 })).toBe('break');
  });
  test('a block names its exception, reason and times', () => {
    const block = anException({ startsAt: time('09:00'), endsAt: time('10:00'), reason: 'Training' });
    expect(reasons({ exceptions: [block] }, '09:30')).toEqual([
      {
        code: 'block',
        label: 'Training',
        startsAt: monday('09:00'),
        endsAt: monday('10:00'),
        exceptionId: block.id,
      },
    ]);
  });
  test('a closure names its exception, reason and times', () => {
    const closure = anException({ kind: 'closure', reason: 'Public holiday' });
    expect(reasons({ exceptions: [closure] }, '09:00')).toEqual([
      {
        code: 'closure',
        label: 'Public holiday',
        startsAt: monday('00:00'),
        endsAt: monday('24:00'),
        exceptionId: closure.id,
      },
    ]);
  });
  test('time off names its request and times', () => {
    const off = aTimeOff();
    expect(reasons({ timeOff: [off] }, '09:00')).toEqual([
      { code: 'time-off', startsAt: off.startsAt, endsAt: off.endsAt, timeOffRequestId: off.id },
    ]);
  });
  test('time off that is only asked for is no reason', () => {
    expect(reasons({ timeOff: [aTimeOff({ status: 'requested' })] }, '09:00')).toEqual([]);
  });
  test('off-grid names the step', () => {
    expect(reasons({}, '09:10')).toEqual([{ code: 'off-grid', stepMinutes: 30 }]);
  });
  test('a start with seconds is off the grid', () => {
    expect(codes({}, '09:00', { startsAt: instantAt('2026-11-23T09:00:01+01:00') })).toBe('off-grid');
  });
  test('after a break the grid begins anew', () => {
    const templates = [aTemplate({ breaks: [aBreak('12:00', '12:20')] })];
    expect(codes({ templates }, '12:20')).toBe('');
    expect(codes({ templates }, '12:30')).toBe('off-grid');
  });
});

describe('visits of others', () => {
  test('visit names the one that is in the way', () => {
    const visit = anAppointment();
    const { startsAt, endsAt } = visit;
    expect(reasons({ appointments: [visit] }, '09:00')).toEqual([
      { code: 'visit', appointmentId: visit.id, patientId, startsAt, endsAt, pending: false },
    ]);
  });
  test('a request that is not accepted yet says so', () => {
    expect(reasons({ appointments: [anAppointment({ status: 'pending' })] }, '09:00')).toEqual([
      expect.objectContaining({ code: 'visit', pending: true }),
    ]);
  });
  test('every one that is in the way is named, by start', () => {
    const appointments = [
      anAppointment({ startsAt: monday('09:15') }),
      anAppointment({ startsAt: monday('08:45') }),
    ];
    expect(
      reasons({ appointments }, '09:00').map((reason) => 'startsAt' in reason && reason.startsAt),
    ).toEqual([monday('08:45'), monday('09:15')]);
  });
  test('buffer names the visit, and the stretch in which it leaves no room', () => {
    const visit = anAppointment({ buffers: [5, 15] });
    const { startsAt, endsAt } = visit;
    expect(reasons({ appointments: [visit] }, '09:30')).toEqual([
      {
        code: 'buffer',
        appointmentId: visit.id,
        patientId,
        startsAt,
        endsAt,
        freeUntil: monday('08:55'),
        freeFrom: monday('09:45'),
      },
    ]);
  });
  test('where only this visit’s buffer is in the way, the stretch grows by it on both sides', () => {
    const types = [anAppointmentType({ bufferBeforeMinutes: 10, bufferAfterMinutes: 5 })];
    expect(reasons({ types, appointments: [anAppointment()] }, '09:30')).toEqual([
      expect.objectContaining({ code: 'buffer', freeUntil: monday('08:55'), freeFrom: monday('09:40') }),
    ]);
  });
  test('the buffer before this visit may touch what is taken, and no more', () => {
    const types = [anAppointmentType({ bufferBeforeMinutes: 10, slotStepMinutes: 5 })];
    const appointments = [anAppointment()];
    expect(codes({ types, appointments }, '09:40')).toBe('');
    expect(codes({ types, appointments }, '09:35')).toBe('buffer');
  });
  test('the buffer after this visit may touch what is taken, and no more', () => {
    const types = [anAppointmentType({ bufferAfterMinutes: 10, slotStepMinutes: 5 })];
    const appointments = [anAppointment()];
    expect(codes({ types, appointments }, '08:20')).toBe('');
    expect(codes({ types, appointments }, '08:25')).toBe('buffer');
  });
  test('the visit that is being moved is not in its own way', () => {
    const visit = anAppointment();
    expect(reasons({ appointments: [visit] }, '09:00', { ignoreAppointmentId: visit.id })).toEqual([]);
  });
});

describe('holds, calendars, groups', () => {
  test('hold names its times and when it ends', () => {
    const hold = aHold({ expiresAt: at('2026-11-20 12:10') });
    const { startsAt, endsAt, expiresAt } = hold;
    expect(reasons({ holds: [hold] }, '09:00')).toEqual([{ code: 'hold', startsAt, endsAt, expiresAt }]);
  });
  test('one’s own hold is no reason, nor an expired one', () => {
    expect(reasons({ holds: [aHold({ holder: 'me' })] }, '09:00', { holder: 'me' })).toEqual([]);
    expect(reasons({ holds: [aHold({ expiresAt: mondayRequest('09:00').now })] }, '09:00')).toEqual([]);
  });
  test('external-busy names its times', () => {
    const busy = aBusyTime();
    const { startsAt, endsAt } = busy;
    expect(reasons({ busy: [busy] }, '09:30')).toEqual([{ code: 'external-busy', startsAt, endsAt }]);
  });
  test('a busy time that ends with seconds forbids the minute', () => {
    const busy = [aBusyTime({ startsAt: monday('08:00'), endsAt: instantAt('2026-11-23T09:00:01+01:00') })];
    expect(codes({ busy }, '09:00')).toBe('external-busy');
  });
  test('a busy time that starts with seconds forbids the minute', () => {
    const types = [anAppointmentType({ slotStepMinutes: 1 })];
    const busy = [aBusyTime({ startsAt: instantAt('2026-11-23T09:59:30+01:00'), endsAt: monday('11:00') })];
    expect(codes({ types, busy }, '09:30')).toBe('external-busy');
    expect(codes({ types, busy }, '09:29')).toBe('');
  });
  test('full says how many seats the group has', () => {
    const types = [anAppointmentType({ capacity: 2 })];
    const appointments = [anAppointment({ capacity: 2 }), anAppointment({ capacity: 2, seat: 2 })];
    expect(reasons({ types, appointments }, '09:00')).toEqual([{ code: 'full', capacity: 2 }]);
  });
  test('a group with seats left has nothing against it', () => {
    const types = [anAppointmentType({ capacity: 2 })];
    expect(reasons({ types, appointments: [anAppointment({ capacity: 2 })] }, '09:00')).toEqual([]);
  });
  test('visits of a group at another start take no seat of this one', () => {
    const types = [anAppointmentType({ capacity: 2 })];
    const later = [1, 2].map((seat) => anAppointment({ capacity: 2, seat, startsAt: monday('09:30') }));
    expect(reasons({ types, appointments: later }, '09:00')).toEqual([]);
  });
});

describe('limits', () => {
  const types = [anAppointmentType({ minNoticeMinutes: 1440, maxFutureDays: 2 })];

  test('past forbids a time that has gone, to everybody, and not this very moment', () => {
    expect(reasons({}, '09:00', { now: plusMinutes(monday('09:00'), 1) })).toEqual([{ code: 'past' }]);
    expect(reasons({}, '09:00', { now: monday('09:00') })).toEqual([]);
  });
  test('notice says how much, and the first time it allows', () => {
    expect(reasons({ types }, '09:00', { ...online, now: at('2026-11-22 10:00') })).toEqual([
      { code: 'notice', minutes: 1440, earliestAt: monday('10:00') },
    ]);
  });
  test('a start exactly at now plus notice is allowed, a minute earlier not', () => {
    expect(codes({ types }, '09:00', { ...online, now: at('2026-11-22 09:00') })).toBe('');
    expect(codes({ types }, '09:00', { ...online, now: at('2026-11-22 09:01') })).toBe('notice');
  });
  test('too-far says how far, and the last time it allows', () => {
    expect(reasons({ types }, '09:00', { ...online, now: at('2026-11-20 12:00') })).toEqual([
      { code: 'too-far', days: 2, latestAt: at('2026-11-22 12:00') },
    ]);
  });
  test('a start exactly at the horizon is allowed, a minute later not', () => {
    expect(codes({ types }, '09:00', { ...online, now: at('2026-11-21 09:00') })).toBe('');
    expect(codes({ types }, '09:00', { ...online, now: at('2026-11-21 08:59') })).toBe('too-far');
  });
  test('past and notice are both named where both forbid', () => {
    expect(codes({ types }, '09:00', { ...online, now: monday('12:00') })).toBe('past notice');
  });
  test('desk-only forbids visitors', () => {
    expect(reasons({ types: [anAppointmentType({ bookableBy: 'desk' })] }, '09:00', online)).toEqual([
      { code: 'desk-only' },
    ]);
  });
  test('none of them binds the desk', () => {
    const strict = [anAppointmentType({ minNoticeMinutes: 1440, maxFutureDays: 0, bookableBy: 'desk' })];
    expect(reasons({ types: strict }, '09:00', { now: monday('08:59') })).toEqual([]);
  });
});

describe('who offers what', () => {
  test('not-offered names doctor and place, where the type is not offered', () => {
    expect(reasons({ types: [anAppointmentType({ at: [] })] }, '09:00')).toEqual([
      { code: 'not-offered', doctorName: 'Dr Nowak', locationName: 'Old Town' },
    ]);
  });
  test('not-offered names them too where the doctor has left the place', () => {
    expect(codes({ doctors: [aDoctor({ at: [] })] }, '09:00')).toBe('not-offered');
  });
  test('inactive names each that is, for itself', () => {
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
    expect(reasons({}, '09:00', { doctorId: idOf('doctor', 9) })).toEqual([
      { code: 'inactive', what: 'doctor' },
    ]);
    expect(reasons({}, '09:00', { locationId: idOf('location', 9) })).toEqual([
      { code: 'inactive', what: 'location' },
    ]);
    expect(reasons({}, '09:00', { appointmentTypeId: idOf('appointmentType', 9) })).toEqual([
      { code: 'inactive', what: 'appointment-type' },
    ]);
  });
});

describe('rooms', () => {
  const gym = aRoom({ id: idOf('room', 1), name: 'Gym', features: ['gym'] });
  const second = aRoom({ id: idOf('room', 2), name: 'Second gym', features: ['gym'], sortOrder: 5 });
  const types = [anAppointmentType({ needsRoom: true, roomFeature: 'gym' })];
  const inGym = anAppointment({ doctorId: idOf('doctor', 2), roomId: gym.id, buffers: [0, 10] });

  test('room-taken names the room and until when', () => {
    const locations = [aLocation({ rooms: [gym] })];
    expect(reasons({ locations, types, appointments: [inGym] }, '09:00')).toEqual([
      { code: 'room-taken', roomName: 'Gym', until: monday('09:40') },
    ]);
  });
  test('the buffer of the visit in it keeps a room taken', () => {
    const locations = [aLocation({ rooms: [gym] })];
    expect(codes({ locations, types, appointments: [inGym] }, '09:30')).toBe('room-taken');
  });
  test('the buffers of this visit need the room as well', () => {
    const locations = [aLocation({ rooms: [gym] })];
    const appointments = [anAppointment({ doctorId: idOf('doctor', 2), roomId: gym.id })];
    const before = [anAppointmentType({ needsRoom: true, bufferBeforeMinutes: 5 })];
    const after = [anAppointmentType({ needsRoom: true, bufferAfterMinutes: 5 })];
    expect(codes({ locations, types: before, appointments }, '09:30')).toBe('room-taken');
    expect(codes({ locations, types: after, appointments }, '08:30')).toBe('room-taken');
    expect(codes({ locations, types, appointments }, '08:30')).toBe('');
  });
  test('another that fits and is free is as good', () => {
    const locations = [aLocation({ rooms: [gym, second] })];
    expect(reasons({ locations, types, appointments: [inGym] }, '09:00')).toEqual([]);
  });
  test('a room that is asked for is refused, not exchanged', () => {
    const locations = [aLocation({ rooms: [gym, second] })];
    expect(codes({ locations, types, appointments: [inGym] }, '09:00', { roomId: gym.id })).toBe(
      'room-taken',
    );
  });
  test('a group is not divided: where its room is given away, that room is named', () => {
    const group = [anAppointmentType({ needsRoom: true, capacity: 3 })];
    const locations = [aLocation({ rooms: [gym, second] })];
    const appointments = [anAppointment({ roomId: gym.id, capacity: 3 }), inGym];
    expect(reasons({ types: group, locations, appointments }, '09:00')).toEqual([
      { code: 'room-taken', roomName: 'Gym', until: monday('09:40') },
    ]);
  });
  test('no-room names what no room has', () => {
    expect(reasons({ types }, '09:00')).toEqual([{ code: 'no-room', feature: 'gym' }]);
  });
  test('no-room of a type that asks for nothing special names nothing', () => {
    expect(reasons({ types: [anAppointmentType({ needsRoom: true })] }, '09:00')).toEqual([
      { code: 'no-room', feature: null },
    ]);
  });
  test('a room of another place is no room', () => {
    const locations = [aLocation({ rooms: [gym] })];
    expect(codes({ locations }, '09:00', { roomId: idOf('room', 9) })).toBe('no-room');
  });
});

test('every rule that forbids a time is named', () => {
  const parts = {
    templates: [aTemplate({ breaks: [aBreak('09:00', '09:30')] })],
    exceptions: [anException(), anException({ kind: 'closure' })],
    timeOff: [aTimeOff()],
    appointments: [anAppointment(), anAppointment({ startsAt: monday('09:30'), buffers: [10, 0] })],
    holds: [aHold()],
    busy: [aBusyTime()],
    types: [anAppointmentType({ bookableBy: 'desk', needsRoom: true, minNoticeMinutes: 60, at: [] })],
  };
  const found = codes(parts, '09:00', { ...online, now: at('2026-11-24 09:00') });
  expect(found.split(' ').sort()).toEqual(
    [
      'past',
      'notice',
      'desk-only',
      'not-offered',
      'break',
      'block',
      'closure',
      'time-off',
      'visit',
      'buffer',
      'hold',
      'external-busy',
      'no-room',
    ].sort(),
  );
});

describe('the nearest bookable starts', () => {
  /** `23 08:30 | 23 09:30`, before and after. */
  function nearest(parts: FactsParts, clock: string, fields: Partial<PlacementRequest> = {}): string {
    const { before, after } = explained(parts, clock, fields);
    return [before, after].map((slot) => (slot ? days([slot])[0] : '-')).join(' | ');
  }

  test('lie before and after a time that is taken', () => {
    expect(nearest({ appointments: [anAppointment()] }, '09:00')).toBe('23 08:30 | 23 09:30');
  });
  test('lie on either side of a time that is free too, which is none of them', () => {
    expect(nearest({}, '09:00')).toBe('23 08:30 | 23 09:30');
  });
  test('lie on either side of a time off the grid', () => {
    expect(nearest({}, '09:10')).toBe('23 09:00 | 23 09:30');
  });
  test('pass over what is taken', () => {
    const busy = [aBusyTime({ startsAt: monday('08:20'), endsAt: monday('11:10') })];
    expect(nearest({ busy }, '09:00')).toBe('- | 23 11:30');
  });
  test('may lie on other days', () => {
    const sooner = { now: at('2026-11-10 12:00') };
    expect(nearest({ exceptions: [anException()] }, '09:00', sooner)).toBe('16 15:30 | 30 08:00');
  });
  test('are never in the past', () => {
    expect(nearest({ appointments: [anAppointment()] }, '09:00', { now: monday('08:31') })).toBe(
      '- | 23 09:30',
    );
  });
  test('keep to notice and horizon online', () => {
    const types = [anAppointmentType({ minNoticeMinutes: 60, maxFutureDays: 1 })];
    const asked = { ...online, now: monday('08:30') };
    expect(
      nearest({ types, appointments: [anAppointment({ startsAt: monday('10:00') })] }, '10:00', asked),
    ).toBe('23 09:30 | 23 10:30');
    expect(nearest({ types }, '15:30', asked)).toBe('23 15:00 | -');
  });
  test('are of the same doctor and place', () => {
    const other = idOf('doctor', 2);
    const there = idOf('location', 2);
    const parts = {
      doctors: [aDoctor({ at: [locationId, there] }), aDoctor({ id: other })],
      locations: [aLocation(), aLocation({ id: there })],
      types: [anAppointmentType({ at: [locationId, there] })],
      templates: [
        aTemplate({ closesAt: time('09:00') }),
        aTemplate({ locationId: there, opensAt: time('10:00') }),
        aTemplate({ doctorId: other, opensAt: time('09:00') }),
      ],
    };
    const { before, after } = explained(parts, '09:30');
    expect(before).toMatchObject({ doctorId, locationId, startsAt: monday('08:30') });
    expect(after).toMatchObject({ doctorId, locationId, startsAt: at('2026-11-30 08:00') });
  });
  test('are none where nothing is free within 60 days, or nobody offers it', () => {
    expect(nearest({ templates: [] }, '09:00')).toBe('- | -');
    expect(nearest({ types: [anAppointmentType({ at: [] })] }, '09:00')).toBe('- | -');
  });
  test('are found at 60 days and not farther', () => {
    // 2027-01-18 is 56 days later, 2027-01-25 63.
    const until = (day: string) => [aBusyTime({ startsAt: monday('00:00'), endsAt: at(`${day} 00:00`) })];
    expect(nearest({ busy: until('2027-01-18') }, '09:00')).toBe('- | 18 08:00');
    expect(nearest({ busy: until('2027-01-19') }, '09:00')).toBe('- | -');
  });
  test('leave time for a visit of a length of its own', () => {
    const asked = { durationMinutes: 60 };
    expect(nearest({ appointments: [anAppointment()] }, '09:00', asked)).toBe('23 08:00 | 23 09:30');
  });
});

import { describe, expect, test } from 'vitest';
import type { AppointmentStatus } from '../model/appointment';
import { aBusyTime, aHold, anAppointment, at, idOf, instantAt } from '../testing/builders';
import { plusMinutes } from '../time/instant';
import { clocks } from './testing/clock';
import { now, mondaySlots as slots } from './testing/monday';

/** A visit on the Monday, `visit('08:30', '09:20')`. */
function visit(from: string, until: string) {
  return anAppointment({ startsAt: at(`2026-11-23 ${from}`), endsAt: at(`2026-11-23 ${until}`) });
}

/** Busy elsewhere on the Monday. */
function busy(from: string, until: string) {
  return aBusyTime({ startsAt: at(`2026-11-23 ${from}`), endsAt: at(`2026-11-23 ${until}`) });
}

const otherDoctor = idOf('doctor', 2);
const otherPlace = idOf('location', 2);

describe('visits', () => {
  test.each<[AppointmentStatus, string]>([
    ['proposed', 'free'],
    ['pending', 'taken'],
    ['booked', 'taken'],
    ['arrived', 'taken'],
    ['checked-in', 'taken'],
    ['fulfilled', 'taken'],
    ['cancelled', 'free'],
    ['noshow', 'free'],
    ['entered-in-error', 'free'],
    ['waitlist', 'free'],
  ])('the time of one that is %s is %s', (status, expected) => {
    const isFree = clocks(slots({ appointments: [anAppointment({ status })] })).includes('09:00');
    expect(isFree ? 'free' : 'taken').toBe(expected);
  });
  test('an overbooked one keeps its time from others', () => {
    expect(clocks(slots({ appointments: [anAppointment({ overbooked: true })] }))).toBe('08:00 08:30 09:30');
  });
  test('the doctor is taken at every place', () => {
    expect(clocks(slots({ appointments: [anAppointment({ locationId: otherPlace })] }))).toBe(
      '08:00 08:30 09:30',
    );
  });
  test('another doctor’s is no matter', () => {
    expect(slots({ appointments: [anAppointment({ doctorId: otherDoctor })] })).toHaveLength(4);
  });
  test('the one that is being moved does not count', () => {
    const id = idOf('appointment', 1);
    expect(slots({ appointments: [anAppointment({ id })] }, { ignoreAppointmentId: id })).toHaveLength(4);
  });
  test('seconds of its reserved range take the whole minute', () => {
    const reserved = {
      reservedFrom: instantAt('2026-11-23T08:59:59+01:00'),
      reservedUntil: instantAt('2026-11-23T09:30:01+01:00'),
    };
    expect(clocks(slots({ appointments: [anAppointment(reserved)] }))).toBe('08:00');
    const asked = { ignoreAppointmentId: idOf('appointment', 9) };
    expect(clocks(slots({ appointments: [anAppointment(reserved)] }, asked))).toBe('08:00');
  });
  test('one without length takes no minute, not even the one it lies in', () => {
    const moment = instantAt('2026-11-23T09:00:30+01:00');
    expect(slots({ appointments: [anAppointment({ startsAt: moment, endsAt: moment })] })).toHaveLength(4);
  });
  test('one that began on the day before still takes its time', () => {
    const appointments = [
      anAppointment({ startsAt: at('2026-11-22 20:00'), endsAt: at('2026-11-23 08:01') }),
    ];
    expect(clocks(slots({ appointments }))).toBe('08:30 09:00 09:30');
  });
});

describe('edges', () => {
  test('slots may touch what is taken on both sides', () => {
    expect(clocks(slots({ appointments: [visit('08:30', '09:00')] }))).toBe('08:00 09:00 09:30');
  });
  test('a minute of overlap on either side is enough to hide a slot', () => {
    expect(clocks(slots({ appointments: [visit('08:29', '09:01')] }))).toBe('09:30');
  });
  test('what lies inside one slot hides that slot only', () => {
    expect(clocks(slots({ appointments: [visit('09:10', '09:15')] }))).toBe('08:00 08:30 09:30');
  });
  test('what takes all the hours leaves none', () => {
    expect(slots({ busy: [busy('08:00', '10:00')] })).toEqual([]);
  });
});

describe('several at once', () => {
  test('touching ones make one stretch, in whatever order they come', () => {
    const both = [visit('08:30', '09:00'), visit('09:00', '09:30')];
    expect(clocks(slots({ appointments: both }))).toBe('08:00 09:30');
    expect(clocks(slots({ appointments: both.toReversed() }))).toBe('08:00 09:30');
  });
  test('overlapping ones make one stretch', () => {
    expect(clocks(slots({ appointments: [visit('08:30', '09:10'), visit('08:50', '09:30')] }))).toBe(
      '08:00 09:30',
    );
  });
  test('a long one is not ended by a short one inside it', () => {
    expect(clocks(slots({ appointments: [visit('08:30', '09:30'), visit('08:40', '08:50')] }))).toBe(
      '08:00 09:30',
    );
  });
  test('the same time taken twice is taken once', () => {
    expect(clocks(slots({ appointments: [visit('09:00', '09:30'), visit('09:00', '09:30')] }))).toBe(
      '08:00 08:30 09:30',
    );
  });
  test('visits, holds and busy times elsewhere add up', () => {
    const parts = {
      appointments: [visit('08:00', '08:30')],
      holds: [aHold({ startsAt: at('2026-11-23 08:30') })],
      busy: [busy('09:30', '10:00')],
    };
    expect(clocks(slots(parts))).toBe('09:00');
  });
});

describe('busy elsewhere', () => {
  test('an imported event takes its time at every place', () => {
    expect(clocks(slots({ busy: [busy('09:00', '09:30')] }))).toBe('08:00 08:30 09:30');
  });
  test('another doctor’s calendar is no matter', () => {
    expect(slots({ busy: [aBusyTime({ doctorId: otherDoctor })] })).toHaveLength(4);
  });
  test('an event of all day takes the day', () => {
    const holiday = aBusyTime({
      allDay: true,
      startsAt: at('2026-11-23 00:00'),
      endsAt: at('2026-11-24 00:00'),
    });
    expect(slots({ busy: [holiday] })).toEqual([]);
  });
  test('an end with seconds takes the whole minute', () => {
    const ends = aBusyTime({
      startsAt: at('2026-11-23 08:00'),
      endsAt: instantAt('2026-11-23T08:00:01+01:00'),
    });
    expect(clocks(slots({ busy: [ends] }))).toBe('08:30 09:00 09:30');
    const half = aBusyTime({
      startsAt: at('2026-11-23 08:00'),
      endsAt: instantAt('2026-11-23T08:30:30+01:00'),
    });
    expect(clocks(slots({ busy: [half] }))).toBe('09:00 09:30');
  });
  test('a start with seconds takes the whole minute', () => {
    const starts = aBusyTime({
      startsAt: instantAt('2026-11-23T08:59:59+01:00'),
      endsAt: at('2026-11-23 09:30'),
    });
    expect(clocks(slots({ busy: [starts] }))).toBe('08:00 09:30');
  });
  test('what has no length hides nothing and divides no hours', () => {
    const none = [busy('09:15', '09:15'), busy('08:30', '08:30')];
    expect(clocks(slots({ busy: none }))).toBe('08:00 08:30 09:00 09:30');
  });
  test('a moment inside a minute has no length either', () => {
    const moment = instantAt('2026-11-23T09:15:30+01:00');
    expect(slots({ busy: [aBusyTime({ startsAt: moment, endsAt: moment })] })).toHaveLength(4);
  });
});

describe('holds', () => {
  test('a live hold of another takes its time', () => {
    expect(clocks(slots({ holds: [aHold()] }, { holder: 'somebody else' }))).toBe('08:00 08:30 09:30');
  });
  test('one’s own takes nothing', () => {
    expect(slots({ holds: [aHold({ holder: 'me' })] }, { holder: 'me' })).toHaveLength(4);
  });
  test('one’s own leaves the holds of others in force', () => {
    const holds = [
      aHold({ holder: 'me' }),
      aHold({ holder: 'somebody else', startsAt: at('2026-11-23 09:30') }),
    ];
    expect(clocks(slots({ holds }, { holder: 'me' }))).toBe('08:00 08:30 09:00');
  });
  test('whoever holds nothing meets every hold', () => {
    expect(clocks(slots({ holds: [aHold()] }))).toBe('08:00 08:30 09:30');
  });
  test('one that expires now takes nothing, and a millisecond later it still does', () => {
    expect(slots({ holds: [aHold({ expiresAt: now })] })).toHaveLength(4);
    expect(slots({ holds: [aHold({ expiresAt: plusMinutes(now, 1 / 60_000) })] })).toHaveLength(3);
  });
  test('a hold keeps its buffers too', () => {
    expect(clocks(slots({ holds: [aHold({ buffers: [5, 5] })] }))).toBe('08:00');
  });
  test('a hold of another doctor is no matter', () => {
    expect(slots({ holds: [aHold({ doctorId: otherDoctor })] })).toHaveLength(4);
  });
});

import { describe, expect, test } from 'vitest';
import { Facts } from '../acts/facts';
import type { Appointment } from '../model/appointment';
import {
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
  at,
  date,
  doctorId,
  idOf,
  instantAt,
  locationId,
  time,
} from '../testing/builders';
import { type FactsParts, factsOf } from '../testing/facts-of';
import { dayMs, type Instant, type TimeZone } from '../time/instant';
import { findNextAvailable, partOfDay } from './find-next-available';
import { findSlots } from './find-slots';
import type { NextAvailableQuery } from './query';
import { clocks, days } from './testing/clock';
import { now } from './testing/monday';

const otherDoctor = idOf('doctor', 2);
const there = idOf('location', 2);

const question: NextAvailableQuery = {
  doctorIds: [],
  appointmentTypeId,
  channel: 'desk',
  now,
  after: now,
  withinDays: 60,
  limit: 2,
};

/** The next two times, asked on Friday at noon, of the doctor who works on Mondays from 08:00 to 16:00. */
function next(parts: FactsParts = {}, query: Partial<NextAvailableQuery> = {}) {
  return findNextAvailable(factsOf({ templates: [aTemplate()], ...parts }), { ...question, ...query });
}

describe('the earliest', () => {
  test('come first, as many as asked for', () => {
    expect(days(next())).toEqual(['23 08:00', '23 08:30']);
    expect(days(next({}, { limit: 1 }))).toEqual(['23 08:00']);
  });
  test('may lie on several days', () => {
    const templates = [aTemplate({ closesAt: time('08:30') })];
    expect(days(next({ templates }, { limit: 3 }))).toEqual(['23 08:00', '30 08:00', '07 08:00']);
  });
  test('are fewer where there are no more', () => {
    expect(days(next({}, { withinDays: 4, limit: 100 }))).toHaveLength(16);
  });
  test('are none when none is asked for', () => {
    expect(next({}, { limit: 0 })).toEqual([]);
    expect(next({}, { limit: -1 })).toEqual([]);
  });
  test('lie beyond weeks that are full', () => {
    const busy = [aBusyTime({ startsAt: at('2026-11-23 00:00'), endsAt: at('2026-12-14 09:00') })];
    expect(days(next({ busy }))).toEqual(['14 09:00', '14 09:30']);
  });
  test('all together are what a search of the dates finds, in its order and each once', () => {
    const parts = {
      doctors: [aDoctor(), aDoctor({ id: otherDoctor })],
      templates: [
        ...[1, 2, 4].map((weekday) => aTemplate({ weekday, closesAt: time('12:00') })),
        ...[2, 3].map((weekday) =>
          aTemplate({ doctorId: otherDoctor, weekday, opensAt: time('22:00'), closesAt: time('02:00') }),
        ),
      ],
      appointments: [anAppointment({ startsAt: at('2026-12-01 09:00') })],
    };
    const all = next(parts, { after: at('2026-11-21 00:00'), withinDays: 21, limit: 1000 });
    const searched = findSlots(factsOf(parts), {
      ...question,
      from: date('2026-11-21'),
      until: date('2026-12-12'),
    });
    expect(all.length).toBeGreaterThan(80);
    expect(all).toEqual(searched);
  });
});

describe('from when and until when', () => {
  test('a start exactly at the earliest time asked for counts, and none before it', () => {
    expect(days(next({}, { after: at('2026-11-23 15:30') }))).toEqual(['23 15:30', '30 08:00']);
    expect(days(next({}, { after: instantAt('2026-11-23T15:30:01+01:00') }))).toEqual([
      '30 08:00',
      '30 08:30',
    ]);
  });
  test('now counts though an earlier time is asked for', () => {
    expect(days(next({}, { after: at('2026-11-01 00:00'), now: at('2026-11-23 15:10') }))).toEqual([
      '23 15:30',
      '30 08:00',
    ]);
  });
  test('nothing beyond the days asked for is looked at', () => {
    expect(next({}, { withinDays: 2 })).toEqual([]);
  });
  test('a start exactly at the end of them does not count, one just before it does', () => {
    const asked = { withinDays: 1, limit: 9 };
    expect(days(next({}, { ...asked, after: at('2026-11-22 08:30') }))).toEqual(['23 08:00']);
    expect(days(next({}, { ...asked, after: at('2026-11-22 08:31') }))).toEqual(['23 08:00', '23 08:30']);
  });
  test('they are looked at to the end, whatever their number', () => {
    // The only start lies 17 days after the first moment asked for.
    const templates = [aTemplate({ validFrom: date('2026-12-07'), closesAt: time('08:30') })];
    const from = { now: at('2026-11-20 08:00'), after: at('2026-11-20 08:00') };
    expect(next({ templates }, { ...from, withinDays: 17 })).toEqual([]);
    for (let withinDays = 18; withinDays < 30; withinDays++)
      expect(days(next({ templates }, { ...from, withinDays, limit: 1 })), `${withinDays}`).toEqual([
        '07 08:00',
      ]);
  });
  test('no days, or less, hold nothing', () => {
    expect(next({}, { withinDays: 0 })).toEqual([]);
    expect(next({}, { withinDays: -7 })).toEqual([]);
  });
  test('online, notice and horizon hold', () => {
    const types = [anAppointmentType({ minNoticeMinutes: 3 * 1440, maxFutureDays: 10 })];
    const found = next({ types }, { channel: 'online', limit: 1000 });
    expect(days(found.slice(0, 1))).toEqual(['23 12:00']);
    expect(days(found.slice(-1))).toEqual(['30 12:00']);
  });
  test('a desk-only type has nothing online', () => {
    expect(next({ types: [anAppointmentType({ bookableBy: 'desk' })] }, { channel: 'online' })).toEqual([]);
  });
});

describe('across doctors, places and rooms', () => {
  const two = { doctors: [aDoctor(), aDoctor({ id: otherDoctor })] };

  test('the doctor who is free first comes first', () => {
    const parts = {
      ...two,
      templates: [aTemplate(), aTemplate({ doctorId: otherDoctor })],
      appointments: [anAppointment({ startsAt: at('2026-11-23 08:00') })],
    };
    expect(next(parts).map((slot) => slot.doctorId)).toEqual([otherDoctor, doctorId]);
  });
  test('of places in two zones the earlier instant comes first', () => {
    const parts = {
      locations: [aLocation(), aLocation({ id: there, timeZone: 'Asia/Kolkata' as TimeZone })],
      doctors: [aDoctor({ at: [locationId, there] })],
      types: [anAppointmentType({ at: [locationId, there] })],
      templates: [
        aTemplate(),
        aTemplate({ locationId: there, opensAt: time('12:00'), closesAt: time('13:00') }),
      ],
    };
    const found = next(parts, { limit: 4 });
    expect(found.map((slot) => slot.locationId)).toEqual([there, locationId, there, locationId]);
    expect(clocks(found)).toBe('07:30 08:00 08:00 08:30');
  });
  test('the first time with a free room is found, whichever room it is', () => {
    const [one, second] = [aRoom({ id: idOf('room', 1) }), aRoom({ id: idOf('room', 2), sortOrder: 1 })];
    const taken = (room: string, clock: string) =>
      anAppointment({ doctorId: otherDoctor, roomId: room, startsAt: at(`2026-11-23 ${clock}`) });
    const parts = {
      locations: [aLocation({ rooms: [one, second] })],
      types: [anAppointmentType({ needsRoom: true })],
      appointments: [taken(one.id, '08:00'), taken(second.id, '08:00'), taken(one.id, '08:30')],
    };
    expect(next(parts).map((slot) => slot.roomId)).toEqual([second.id, one.id]);
    expect(clocks(next(parts))).toBe('08:30 09:00');
  });
  test('a group counts once, with its seats left', () => {
    const types = [anAppointmentType({ capacity: 3 })];
    const appointments = [anAppointment({ capacity: 3, startsAt: at('2026-11-23 08:00') })];
    expect(next({ types, appointments }).map((slot) => slot.seatsLeft)).toEqual([2, 3]);
  });
  test('holds of others are passed over, one’s own is not', () => {
    const holds = [aHold({ startsAt: at('2026-11-23 08:00'), holder: 'me' })];
    expect(clocks(next({ holds }))).toBe('08:30 09:00');
    expect(clocks(next({ holds }, { holder: 'me' }))).toBe('08:00 08:30');
  });
  test('the visit that is being moved is not in its own way', () => {
    const visit = anAppointment({ startsAt: at('2026-11-23 08:00') });
    expect(clocks(next({ appointments: [visit] }, { ignoreAppointmentId: visit.id }))).toBe('08:00 08:30');
  });
});

describe('wishes', () => {
  const templates = [1, 3].map((weekday) => aTemplate({ weekday, closesAt: time('19:00') }));

  test('a doctor', () => {
    const parts = {
      doctors: [aDoctor(), aDoctor({ id: otherDoctor })],
      templates: [aTemplate(), aTemplate({ doctorId: otherDoctor, opensAt: time('10:00') })],
    };
    expect(clocks(next(parts, { doctorIds: [otherDoctor] }))).toBe('10:00 10:30');
  });
  test('a place', () => {
    const parts = {
      locations: [aLocation(), aLocation({ id: there })],
      doctors: [aDoctor({ at: [locationId, there] })],
      types: [anAppointmentType({ at: [locationId, there] })],
      templates: [aTemplate(), aTemplate({ locationId: there, opensAt: time('10:00') })],
    };
    expect(clocks(next(parts, { locationId: there }))).toBe('10:00 10:30');
  });
  test('a weekday', () => {
    expect(days(next({ templates }, { weekdays: [3] }))).toEqual(['25 08:00', '25 08:30']);
    expect(days(next({ templates }, { weekdays: [1, 3], after: at('2026-11-23 18:30') }))).toEqual([
      '23 18:30',
      '25 08:00',
    ]);
    expect(next({ templates }, { weekdays: [2] })).toEqual([]);
  });
  test('a weekday is that of the place, not of UTC', () => {
    // Monday 08:00 in Auckland is Sunday 19:00 in UTC.
    const locations = [aLocation({ timeZone: 'Pacific/Auckland' as TimeZone })];
    expect(next({ locations }, { weekdays: [1] })[0]?.startsAt).toBe(instantAt('2026-11-22T19:00Z'));
    expect(next({ locations }, { weekdays: [7] })).toEqual([]);
  });
  test('a part of the day', () => {
    expect(days(next({ templates }, { partsOfDay: ['evening'] }))).toEqual(['23 17:00', '23 17:30']);
    expect(days(next({ templates }, { partsOfDay: ['afternoon'], limit: 1 }))).toEqual(['23 12:00']);
    expect(days(next({ templates }, { partsOfDay: ['morning'], after: at('2026-11-23 11:30') }))).toEqual([
      '23 11:30',
      '25 08:00',
    ]);
  });
  test('a part of the day is that of the place, not of UTC', () => {
    const locations = [aLocation({ timeZone: 'Pacific/Auckland' as TimeZone })];
    expect(next({ locations }, { partsOfDay: ['morning'] })[0]?.startsAt).toBe(
      instantAt('2026-11-22T19:00Z'),
    );
  });
  test('a weekday and a part of it', () => {
    expect(days(next({ templates }, { weekdays: [3], partsOfDay: ['evening'] }))).toEqual([
      '25 17:00',
      '25 17:30',
    ]);
  });
  test('no weekday and no part named means any', () => {
    expect(days(next({ templates }, { weekdays: [], partsOfDay: [], limit: 1 }))).toEqual(['23 08:00']);
  });
  test('the afternoon begins at noon and the evening at five', () => {
    expect([719, 720, 1019, 1020].map(partOfDay)).toEqual(['morning', 'afternoon', 'afternoon', 'evening']);
  });
});

test('no more of the horizon is read than is needed', () => {
  let latest = now;
  const upTo = (until: Instant) => {
    if (until > latest) latest = until;
  };
  class WatchedFacts extends Facts {
    override appointmentsOfDoctor(doctor: string, from: Instant, until: Instant): readonly Appointment[] {
      upTo(until);
      return super.appointmentsOfDoctor(doctor, from, until);
    }
    override takenByVisits(owner: string, from: Instant, until: Instant): readonly number[] {
      upTo(until);
      return super.takenByVisits(owner, from, until);
    }
  }
  const facts = new WatchedFacts(factsOf({ templates: [aTemplate()], exceptions: [anException()] }));
  expect(days(findNextAvailable(facts, { ...question, withinDays: 365 }))).toEqual(['30 08:00', '30 08:30']);
  expect(latest).toBeGreaterThan(at('2026-11-30 08:30'));
  expect(latest).toBeLessThan(now + 20 * dayMs);
});

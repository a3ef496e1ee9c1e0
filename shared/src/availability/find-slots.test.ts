import { describe, expect, test } from 'vitest';
import type { ScheduleTemplate } from '../model/schedule-template';
import {
  aBreak,
  aBusyTime,
  aDoctor,
  aLocation,
  anAppointment,
  anAppointmentType,
  anException,
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
import { minuteMs, type TimeZone } from '../time/instant';
import { clocks, days } from './testing/clock';
import { mondaySlots as slots } from './testing/monday';

const evening = { opensAt: time('22:00'), closesAt: time('24:00') };
const earlyTuesday = { weekday: 2, opensAt: time('00:00'), closesAt: time('02:00') };

describe('a slot', () => {
  test('carries its doctor, place, room, start, end and seats', () => {
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
  test('lasts as long as the type, whatever the step', () => {
    const types = [anAppointmentType({ durationMinutes: 50, slotStepMinutes: 10 })];
    expect(slots({ types }).map((slot) => (slot.endsAt - slot.startsAt) / minuteMs)).toEqual(
      Array(8).fill(50),
    );
  });
});

describe('the grid', () => {
  test('starts lie a step apart from opening on', () => {
    expect(clocks(slots())).toBe('08:00 08:30 09:00 09:30');
  });
  test('hours from 09:30 with a step of an hour start at half past', () => {
    const templates = [aTemplate({ opensAt: time('09:30'), closesAt: time('13:00') })];
    const types = [anAppointmentType({ durationMinutes: 60, slotStepMinutes: 60 })];
    expect(clocks(slots({ templates, types }))).toBe('09:30 10:30 11:30');
  });
  test('a slot that ends at closing time is offered, and none that ends a minute after it', () => {
    const ending = (closesAt: string) =>
      clocks(slots({ templates: [aTemplate({ closesAt: time(closesAt) })] }));
    expect(ending('09:30')).toBe('08:00 08:30 09:00');
    expect(ending('09:29')).toBe('08:00 08:30');
  });
  test('hours as long as the visit hold one slot, and a minute shorter none', () => {
    expect(clocks(slots({ templates: [aTemplate({ closesAt: time('08:30') })] }))).toBe('08:00');
    expect(slots({ templates: [aTemplate({ closesAt: time('08:29') })] })).toEqual([]);
  });
  test('a step shorter than the visit makes slots that overlap', () => {
    const types = [anAppointmentType({ durationMinutes: 45, slotStepMinutes: 15 })];
    expect(clocks(slots({ types }))).toBe('08:00 08:15 08:30 08:45 09:00 09:15');
  });
  test('a step longer than the visit leaves gaps', () => {
    const types = [anAppointmentType({ durationMinutes: 20, slotStepMinutes: 45 })];
    expect(clocks(slots({ types }))).toBe('08:00 08:45 09:30');
  });
  test('each of several hours of a day has a grid of its own', () => {
    const templates = [
      aTemplate({ closesAt: time('09:00') }),
      aTemplate({ opensAt: time('09:10'), closesAt: time('10:15') }),
    ];
    expect(clocks(slots({ templates }))).toBe('08:00 08:30 09:10 09:40');
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
  test('busy from before opening moves none either', () => {
    const busy = [aBusyTime({ startsAt: at('2026-11-23 06:00'), endsAt: at('2026-11-23 08:10') })];
    expect(clocks(slots({ busy }))).toBe('08:30 09:00 09:30');
  });
  test('hours that touch carry one grid on', () => {
    const templates = [
      aTemplate({ closesAt: time('08:50') }),
      aTemplate({ opensAt: time('08:50'), closesAt: time('10:00') }),
    ];
    expect(clocks(slots({ templates }))).toBe('08:00 08:30 09:00 09:30');
  });
  test('asking in the middle of the day’s hours keeps the grid of their opening', () => {
    const types = [anAppointmentType({ slotStepMinutes: 25 })];
    expect(clocks(slots({ types }, { now: at('2026-11-23 08:31') }))).toBe('08:50 09:15');
  });
  test('a doctor who never closes keeps the grid of the first hour, however long ago', () => {
    const always = [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
      aTemplate({ weekday, opensAt: time('00:00'), closesAt: time('24:00'), validFrom: date('2026-11-02') }),
    );
    // 21 days of 1440 minutes, in steps of 25: the grid has drifted by 15 minutes.
    const types = [anAppointmentType({ slotStepMinutes: 25, durationMinutes: 25 })];
    expect(clocks(slots({ templates: always, types })).slice(0, 11)).toBe('00:10 00:35');
  });
  test('in zones of quarter hours it begins at opening too', () => {
    const kathmandu = 'Asia/Kathmandu' as TimeZone;
    expect(clocks(slots({ locations: [aLocation({ timeZone: kathmandu })] }), kathmandu)).toBe(
      '08:00 08:30 09:00 09:30',
    );
  });
  test('a viewer in Kolkata is offered the clinic’s starts, not whole hours of their own', () => {
    const types = [anAppointmentType({ durationMinutes: 60, slotStepMinutes: 60 })];
    const found = slots({ types });
    expect(clocks(found)).toBe('08:00 09:00');
    expect(clocks(found, 'Asia/Kolkata' as TimeZone)).toBe('12:30 13:30');
  });
});

describe('midnight', () => {
  const over = { until: date('2026-11-25') };
  const hourly = [anAppointmentType({ durationMinutes: 60, slotStepMinutes: 60 })];
  const touching = [aTemplate(evening), aTemplate(earlyTuesday)];

  test('hours until 24:00 offer the slot that ends there', () => {
    expect(days(slots({ templates: [aTemplate(evening)], types: hourly }, over))).toEqual([
      '23 22:00',
      '23 23:00',
    ]);
  });
  test('a visit may cross midnight where the hours of two dates touch', () => {
    const types = [anAppointmentType({ durationMinutes: 60, slotStepMinutes: 30 })];
    expect(days(slots({ templates: touching, types }, over))).toContain('23 23:30');
    expect(days(slots({ templates: [aTemplate(evening)], types }, over))).not.toContain('23 23:30');
  });
  test('one grid runs on across it', () => {
    const templates = [
      aTemplate({ opensAt: time('23:10'), closesAt: time('24:00') }),
      aTemplate({ weekday: 2, opensAt: time('00:00'), closesAt: time('01:00') }),
    ];
    expect(clocks(slots({ templates }, over))).toBe('23:10 23:40 00:10');
  });
  test('hours that touch at it may belong to different plans, and to an exception', () => {
    const plans: [string, ScheduleTemplate[]][] = [
      ['in one plan', touching],
      [
        'in two plans',
        [
          aTemplate({ ...evening, validUntil: date('2026-11-24') }),
          aTemplate({
            ...earlyTuesday,
            validFrom: date('2026-11-24'),
            everyNWeeks: 2,
            anchorDate: date('2026-11-24'),
          }),
        ],
      ],
    ];
    const all = ['23 22:00', '23 23:00', '24 00:00', '24 01:00'];
    for (const [name, templates] of plans)
      expect(days(slots({ templates, types: hourly }, over)), name).toEqual(all);
    const extra = anException({
      kind: 'extra',
      date: date('2026-11-24'),
      startsAt: time('00:00'),
      endsAt: time('02:00'),
    });
    expect(
      days(slots({ templates: [aTemplate(evening)], types: hourly, exceptions: [extra] }, over)),
    ).toEqual(all);
  });
  test('where the rooms of the two dates differ, a visit across it has the room that it begins in', () => {
    const [one, two] = [aRoom({ id: idOf('room', 1) }), aRoom({ id: idOf('room', 2) })];
    const types = [anAppointmentType({ needsRoom: true, durationMinutes: 60, slotStepMinutes: 30 })];
    const found = slots(
      {
        types,
        locations: [aLocation({ rooms: [one, two] })],
        templates: [
          aTemplate({ ...evening, roomId: two.id }),
          aTemplate({ ...earlyTuesday, closesAt: time('01:00'), roomId: one.id }),
        ],
      },
      over,
    );
    expect(found.map((slot) => slot.roomId)).toEqual([two.id, two.id, two.id, two.id, one.id]);
  });
});

describe('dates', () => {
  const night = [aTemplate({ opensAt: time('23:00'), closesAt: time('02:00') })];
  const hourly = [anAppointmentType({ durationMinutes: 60, slotStepMinutes: 60 })];
  const tuesday = { from: date('2026-11-24'), until: date('2026-11-25') };

  test('the first date asked for is in, the last is not', () => {
    const templates = [1, 2, 3, 4].map((weekday) => aTemplate({ weekday, closesAt: time('08:30') }));
    const asked = { from: date('2026-11-24'), until: date('2026-11-26') };
    expect(days(slots({ templates }, asked))).toEqual(['24 08:00', '25 08:00']);
  });
  test('a slot belongs to the date it begins on, though it ends on the next', () => {
    expect(days(slots({ templates: night, types: hourly }))).toEqual(['23 23:00']);
  });
  test('a slot that begins at midnight belongs to the new date', () => {
    expect(days(slots({ templates: night, types: hourly }, tuesday))).toEqual(['24 00:00', '24 01:00']);
  });
  test('a slot that begins on the last date is offered though it ends past its midnight', () => {
    const types = [anAppointmentType({ durationMinutes: 120, slotStepMinutes: 120 })];
    expect(days(slots({ templates: night, types }))).toEqual(['23 23:00']);
  });
  test('what is busy after the last midnight hides a slot that reaches it', () => {
    const busy = [aBusyTime({ startsAt: at('2026-11-24 00:10') })];
    const types = [anAppointmentType({ durationMinutes: 90, slotStepMinutes: 60 })];
    expect(slots({ templates: night, types, busy })).toEqual([]);
  });
  test('they are those of each place, whatever the time in UTC', () => {
    const locations = [aLocation({ timeZone: 'Pacific/Auckland' as TimeZone })];
    const found = slots({ locations });
    expect(found[0]?.startsAt).toBe(instantAt('2026-11-22T19:00Z'));
    expect(found).toHaveLength(4);
  });
  test('an empty range has no slots', () => {
    expect(slots({}, { until: date('2026-11-23') })).toEqual([]);
  });
  test('a range that ends before it begins holds no date, and so no slot', () => {
    expect(slots({}, { from: date('2026-11-30'), until: date('2026-11-23') })).toEqual([]);
  });
  test('a date without hours has no slots', () => {
    expect(slots({}, tuesday)).toEqual([]);
  });
  test('a range over the end of a year holds both years', () => {
    const templates = [4, 5].map((weekday) => aTemplate({ weekday, closesAt: time('08:30') }));
    const asked = { from: date('2026-12-31'), until: date('2027-01-02') };
    expect(days(slots({ templates }, asked))).toEqual(['31 08:00', '01 08:00']);
  });
  test('a leap day is a date as any other', () => {
    const templates = [aTemplate({ weekday: 2, closesAt: time('08:30') })];
    const asked = { from: date('2028-02-28'), until: date('2028-03-01') };
    expect(days(slots({ templates }, asked))).toEqual(['29 08:00']);
  });
});

describe('order', () => {
  const other = idOf('doctor', 2);
  const there = idOf('location', 2);

  test('doctors come in the order asked for at the same start, each once', () => {
    const parts = {
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
    const parts = {
      doctors: [aDoctor({ name: 'Zych' }), aDoctor({ id: other, name: 'Adamska' })],
      templates: [
        aTemplate({ closesAt: time('08:30') }),
        aTemplate({ doctorId: other, closesAt: time('08:30') }),
      ],
    };
    expect(slots(parts).map((slot) => slot.doctorId)).toEqual([other, doctorId]);
  });
  test('a doctor’s places come in the order of the doctor’s record', () => {
    const parts = {
      locations: [aLocation(), aLocation({ id: there })],
      doctors: [aDoctor({ at: [there, locationId] })],
      types: [anAppointmentType({ at: [locationId, there] })],
      templates: [
        aTemplate({ closesAt: time('08:30') }),
        aTemplate({ locationId: there, closesAt: time('08:30') }),
      ],
    };
    expect(slots(parts).map((slot) => slot.locationId)).toEqual([there, locationId]);
  });
  test('of places in two zones the earlier instant comes first, each place by its own clock', () => {
    const parts = {
      locations: [aLocation({ timeZone: 'Europe/London' as TimeZone }), aLocation({ id: there })],
      doctors: [aDoctor({ at: [locationId, there] })],
      types: [anAppointmentType({ at: [locationId, there], slotStepMinutes: 60 })],
      templates: [
        aTemplate({ closesAt: time('09:00') }),
        aTemplate({ locationId: there, closesAt: time('09:00') }),
      ],
    };
    expect(slots(parts).map((slot) => [slot.locationId, slot.startsAt])).toEqual([
      [there, at('2026-11-23 08:00')],
      [locationId, at('2026-11-23 09:00')],
    ]);
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
        anException({ kind: 'extra', startsAt: time('11:00'), endsAt: time('12:00') }),
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
});

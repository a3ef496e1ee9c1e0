/** What a single date changes in the weekly plan: exceptions and time off. */
import { describe, expect, test } from 'vitest';
import type { AvailabilityException } from '../model/availability-exception';
import type { TimeOffRequest } from '../model/time-off-request';
import {
  aBreak,
  aDoctor,
  aLocation,
  anAppointmentType,
  anException,
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
import type { TimeZone } from '../time/instant';
import { clocks, spans } from './testing/clock';
import { mondaySlots } from './testing/monday';
import { workingWindows } from './working-windows';

const there = idOf('location', 2);
const templates = [aTemplate({ breaks: [aBreak('12:00', '12:30')] })];
const asPlanned = ['23 08:00 – 23 12:00', '23 12:30 – 23 16:00'];

/** The Monday's windows, or those until a later date, of the doctor who works 08:00 to 16:00 with a break at noon. */
function windows(parts: FactsParts, until = '2026-11-24', place = locationId): string[] {
  const facts = factsOf({ templates, ...parts });
  return spans(workingWindows(facts, doctorId, place, date('2026-11-23'), date(until)));
}

/** An exception of the Monday, for part of it: `partly('block', '13:00', '14:30')`. */
function partly(
  kind: AvailabilityException['kind'],
  startsAt: string | null,
  endsAt: string | null,
  fields: Partial<AvailabilityException> = {},
): AvailabilityException {
  return anException({
    kind,
    startsAt: startsAt === null ? null : time(startsAt),
    endsAt: endsAt === null ? null : time(endsAt),
    ...fields,
  });
}

const tuesday = { date: date('2026-11-24') };
const twoPlaces = {
  locations: [aLocation(), aLocation({ id: there })],
  doctors: [aDoctor({ at: [locationId, there] })],
  templates: [...templates, aTemplate({ locationId: there, closesAt: time('10:00') })],
};

describe('replaced hours', () => {
  test('stand instead of the templates’ hours and breaks', () => {
    expect(windows({ exceptions: [partly('replace', '10:00', '14:00')] })).toEqual(['23 10:00 – 23 14:00']);
  });
  test('are those of one date only', () => {
    const exceptions = [partly('replace', '10:00', '14:00')];
    expect(windows({ exceptions }, '2026-12-01').slice(1)).toEqual([
      '30 08:00 – 30 12:00',
      '30 12:30 – 30 16:00',
    ]);
  });
  test('without times mean no hours', () => {
    expect(windows({ exceptions: [anException({ kind: 'replace' })] })).toEqual([]);
  });
  test('several of one date add up', () => {
    const exceptions = [partly('replace', '14:00', '15:00'), partly('replace', '09:00', '10:00')];
    expect(windows({ exceptions })).toEqual(['23 09:00 – 23 10:00', '23 14:00 – 23 15:00']);
  });
  test('may cross midnight', () => {
    expect(windows({ exceptions: [partly('replace', '22:00', '02:00')] }, '2026-11-25')).toEqual([
      '23 22:00 – 24 02:00',
    ]);
  });
  test('of two dates that touch at midnight are one window, the second date’s not lost', () => {
    const exceptions = [partly('replace', '20:00', '24:00'), partly('replace', '00:00', '04:00', tuesday)];
    expect(windows({ exceptions }, '2026-11-25')).toEqual(['23 20:00 – 24 04:00']);
  });
  test('leave the night that began on the date before', () => {
    const night = aTemplate({ weekday: 7, opensAt: time('22:00'), closesAt: time('06:00') });
    const exceptions = [partly('replace', '10:00', '14:00')];
    expect(windows({ templates: [night, ...templates], exceptions })).toEqual([
      '23 00:00 – 23 06:00',
      '23 10:00 – 23 14:00',
    ]);
  });
  test('at one place leave those of another', () => {
    const exceptions = [partly('replace', '09:00', '09:30', { locationId: there })];
    expect(windows({ ...twoPlaces, exceptions })).toEqual(asPlanned);
    expect(windows({ ...twoPlaces, exceptions }, '2026-11-24', there)).toEqual(['23 09:00 – 23 09:30']);
  });
  test('without a place hold at every place of the doctor, each by its own clock', () => {
    const locations = [aLocation(), aLocation({ id: there, timeZone: 'Europe/London' as TimeZone })];
    const parts = {
      ...twoPlaces,
      locations,
      exceptions: [partly('replace', '10:00', '11:00', { locationId: null })],
    };
    expect(windows(parts)).toEqual(['23 10:00 – 23 11:00']);
    expect(windows(parts, '2026-11-24', there)).toEqual(['23 11:00 – 23 12:00']);
  });
  test('may name a room of their own', () => {
    const [one, two] = [aRoom({ id: idOf('room', 1) }), aRoom({ id: idOf('room', 2) })];
    const found = mondaySlots({
      locations: [aLocation({ rooms: [one, two] })],
      types: [anAppointmentType({ needsRoom: true })],
      exceptions: [partly('replace', '08:00', '08:30', { roomId: two.id })],
    });
    expect(found.map((slot) => slot.roomId)).toEqual([two.id]);
  });
});

describe('extra hours', () => {
  test('come on top, and touching hours join', () => {
    expect(windows({ exceptions: [partly('extra', '16:00', '18:00')] })).toEqual([
      '23 08:00 – 23 12:00',
      '23 12:30 – 23 18:00',
    ]);
  });
  test('do not fill a break', () => {
    expect(windows({ exceptions: [partly('extra', '11:00', '13:00')] })).toEqual(asPlanned);
  });
  test('of a day without a template stand alone', () => {
    expect(windows({ templates: [], exceptions: [partly('extra', '09:00', '11:00')] })).toEqual([
      '23 09:00 – 23 11:00',
    ]);
  });
  test('come on top of replaced ones', () => {
    const exceptions = [partly('replace', '09:00', '10:00'), partly('extra', '10:00', '11:00')];
    expect(windows({ exceptions })).toEqual(['23 09:00 – 23 11:00']);
  });
  test('may cross midnight, and join the next day’s', () => {
    const parts = {
      templates: [aTemplate({ weekday: 2, opensAt: time('02:00'), closesAt: time('04:00') })],
      exceptions: [partly('extra', '22:00', '02:00')],
    };
    expect(windows(parts, '2026-11-25')).toEqual(['23 22:00 – 24 04:00']);
  });
  test('of another doctor are none of this one’s', () => {
    const exceptions = [partly('extra', '18:00', '20:00', { doctorId: idOf('doctor', 2) })];
    expect(windows({ exceptions })).toEqual(asPlanned);
  });
});

describe('a block', () => {
  test('takes a part of the day', () => {
    expect(windows({ exceptions: [partly('block', '13:00', '14:30')] })).toEqual([
      '23 08:00 – 23 12:00',
      '23 12:30 – 23 13:00',
      '23 14:30 – 23 16:00',
    ]);
  });
  test('without times takes the whole local day', () => {
    expect(windows({ exceptions: [anException()] })).toEqual([]);
  });
  test('without a start takes the day until its end, without an end all from its start', () => {
    expect(windows({ exceptions: [partly('block', null, '13:00')] })).toEqual(['23 13:00 – 23 16:00']);
    expect(windows({ exceptions: [partly('block', '11:00', null)] })).toEqual(['23 08:00 – 23 11:00']);
  });
  test('may cross midnight', () => {
    const parts = {
      templates: [aTemplate({ opensAt: time('20:00'), closesAt: time('08:00') })],
      exceptions: [partly('block', '23:00', '01:00')],
    };
    expect(windows(parts, '2026-11-25')).toEqual(['23 20:00 – 23 23:00', '24 01:00 – 24 08:00']);
  });
  test('of the whole day leaves the night’s second half on the next', () => {
    const night = [aTemplate({ opensAt: time('22:00'), closesAt: time('06:00') })];
    expect(windows({ templates: night, exceptions: [anException()] }, '2026-11-25')).toEqual([
      '24 00:00 – 24 06:00',
    ]);
  });
  test('takes from extra and replaced hours too', () => {
    const exceptions = [
      partly('replace', '08:00', '10:00'),
      partly('extra', '10:00', '12:00'),
      partly('block', '09:00', '11:00'),
    ];
    expect(windows({ exceptions })).toEqual(['23 08:00 – 23 09:00', '23 11:00 – 23 12:00']);
  });
  test('at one place leaves the other', () => {
    const exceptions = [anException({ locationId: there })];
    expect(windows({ ...twoPlaces, exceptions })).toEqual(asPlanned);
    expect(windows({ ...twoPlaces, exceptions }, '2026-11-24', there)).toEqual([]);
  });
  test('of another doctor is none of this one’s', () => {
    expect(windows({ exceptions: [anException({ doctorId: idOf('doctor', 2) })] })).toEqual(asPlanned);
  });
  test('outside the hours takes nothing', () => {
    expect(windows({ exceptions: [partly('block', '16:00', '18:00')] })).toEqual(asPlanned);
  });
});

describe('a closure', () => {
  test('of the clinic shuts every doctor out, everywhere', () => {
    const exceptions = [anException({ kind: 'closure' })];
    expect(windows({ ...twoPlaces, exceptions })).toEqual([]);
    expect(windows({ ...twoPlaces, exceptions }, '2026-11-24', there)).toEqual([]);
  });
  test('of one place leaves the others open', () => {
    const exceptions = [anException({ kind: 'closure', locationId: there })];
    expect(windows({ ...twoPlaces, exceptions })).toEqual(asPlanned);
    expect(windows({ ...twoPlaces, exceptions }, '2026-11-24', there)).toEqual([]);
  });
  test('may be of part of a day', () => {
    expect(windows({ exceptions: [partly('closure', '10:00', null)] })).toEqual(['23 08:00 – 23 10:00']);
  });
  test('shuts extra hours too', () => {
    const exceptions = [anException({ kind: 'closure' }), partly('extra', '18:00', '20:00')];
    expect(windows({ exceptions })).toEqual([]);
  });
  test('of another day is no matter', () => {
    expect(windows({ exceptions: [anException({ kind: 'closure', ...tuesday })] })).toEqual(asPlanned);
  });
});

describe('time off', () => {
  const forenoon = { startsAt: at('2026-11-23 08:00'), endsAt: at('2026-11-23 12:30') };

  test.each<[TimeOffRequest['status'], string[]]>([
    ['approved', ['23 12:30 – 23 16:00']],
    ['requested', asPlanned],
    ['denied', asPlanned],
    ['withdrawn', asPlanned],
  ])('that is %s leaves %j', (status, left) => {
    expect(windows({ timeOff: [aTimeOff({ ...forenoon, status })] })).toEqual(left);
  });
  test('may last for days', () => {
    const weeks = aTimeOff({ startsAt: at('2026-11-20 12:00'), endsAt: at('2026-11-30 10:00') });
    expect(windows({ timeOff: [weeks] }, '2026-12-01')).toEqual([
      '30 10:00 – 30 12:00',
      '30 12:30 – 30 16:00',
    ]);
  });
  test('holds at every place', () => {
    expect(windows({ ...twoPlaces, timeOff: [aTimeOff()] }, '2026-11-24', there)).toEqual([]);
  });
  test('of another doctor is none of this one’s', () => {
    expect(windows({ timeOff: [aTimeOff({ doctorId: idOf('doctor', 2) })] })).toEqual(asPlanned);
  });
  test('with seconds takes the whole minute', () => {
    const timeOff = [
      aTimeOff({
        startsAt: instantAt('2026-11-23T10:00:30+01:00'),
        endsAt: instantAt('2026-11-23T11:00:30+01:00'),
      }),
    ];
    expect(windows({ timeOff }).slice(0, 2)).toEqual(['23 08:00 – 23 10:00', '23 11:01 – 23 12:00']);
  });
  test('without length divides no hours', () => {
    const moment = at('2026-11-23 09:15');
    expect(windows({ timeOff: [aTimeOff({ startsAt: moment, endsAt: moment })] })).toEqual(asPlanned);
  });
  test('is part of the plan: the grid begins where it ends', () => {
    const timeOff = [aTimeOff({ endsAt: at('2026-11-23 08:40') })];
    expect(clocks(mondaySlots({ timeOff }))).toBe('08:40 09:10');
  });
  test('outweighs extra hours', () => {
    expect(windows({ timeOff: [aTimeOff()], exceptions: [partly('extra', '18:00', '20:00')] })).toEqual([]);
  });
});

test.each(['extra', 'replace'] as const)('%s hours without a doctor are nobody’s', (kind) => {
  const nobodys = anException({ kind, doctorId: null, startsAt: time('15:00'), endsAt: time('16:00') });
  expect(clocks(mondaySlots({ exceptions: [nobodys] }))).toBe('08:00 08:30 09:00 09:30');
});

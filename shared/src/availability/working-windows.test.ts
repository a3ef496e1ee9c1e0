import { describe, expect, test } from 'vitest';
import type { ScheduleTemplate } from '../model/schedule-template';
import {
  aBreak,
  aDoctor,
  aLocation,
  aTemplate,
  at,
  date,
  doctorId,
  idOf,
  locationId,
  time,
} from '../testing/builders';
import { type FactsParts, factsOf } from '../testing/facts-of';
import { hourMs, type TimeZone } from '../time/instant';
import { spans } from './testing/clock';
import { workingWindows } from './working-windows';

/** Windows of the doctor at the place on the local dates `[from, until)`: of Monday, 2026-11-23, unless told. */
function windowsOf(parts: FactsParts, from = '2026-11-23', until = '2026-11-24') {
  return workingWindows(factsOf(parts), doctorId, locationId, date(from), date(until));
}

/** As `windowsOf`, of some templates, written down by the clock. */
function windows(templates: ScheduleTemplate[], from?: string, until?: string): string[] {
  return spans(windowsOf({ templates }, from, until));
}

/** The dates on which there are hours, `11-23`. */
function dates(template: ScheduleTemplate, from: string, until: string): string {
  return windowsOf({ templates: [template] }, from, until)
    .map((window) => new Date(window.startsAt).toISOString().slice(5, 10))
    .join(' ');
}

describe('templates', () => {
  test('a template gives its hours on its weekday only', () => {
    expect(windows([aTemplate()], '2026-11-22', '2026-12-01')).toEqual([
      '23 08:00 – 23 16:00',
      '30 08:00 – 30 16:00',
    ]);
  });
  test('every weekday from Monday to Sunday has its own', () => {
    const week = [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
      aTemplate({ weekday, closesAt: time(`${String(8 + weekday).padStart(2, '0')}:00`) }),
    );
    expect(windows(week, '2026-11-23', '2026-11-30').map((span) => span.slice(-8))).toEqual([
      '23 09:00',
      '24 10:00',
      '25 11:00',
      '26 12:00',
      '27 13:00',
      '28 14:00',
      '29 15:00',
    ]);
  });
  test('hours that touch are one window', () => {
    expect(windows([aTemplate({ closesAt: time('12:00') }), aTemplate({ opensAt: time('12:00') })])).toEqual([
      '23 08:00 – 23 16:00',
    ]);
  });
  test('hours that overlap, or lie in others, are one window', () => {
    expect(windows([aTemplate(), aTemplate({ opensAt: time('09:00'), closesAt: time('17:00') })])).toEqual([
      '23 08:00 – 23 17:00',
    ]);
    expect(windows([aTemplate(), aTemplate({ opensAt: time('09:00'), closesAt: time('10:00') })])).toEqual([
      '23 08:00 – 23 16:00',
    ]);
  });
  test('several hours of a day are several windows', () => {
    expect(windows([aTemplate({ opensAt: time('14:00') }), aTemplate({ closesAt: time('11:00') })])).toEqual([
      '23 08:00 – 23 11:00',
      '23 14:00 – 23 16:00',
    ]);
  });
  test('hours of another place are not this one’s', () => {
    const there = idOf('location', 2);
    const parts = {
      locations: [aLocation(), aLocation({ id: there })],
      doctors: [aDoctor({ at: [locationId, there] })],
    };
    expect(windowsOf({ ...parts, templates: [aTemplate({ locationId: there })] })).toEqual([]);
  });
});

describe('validity', () => {
  test('validFrom is the first date', () => {
    const template = aTemplate({ validFrom: date('2026-11-23') });
    expect(dates(template, '2026-11-09', '2026-12-01')).toBe('11-23 11-30');
  });
  test('validUntil is the first date without', () => {
    const template = aTemplate({ validUntil: date('2026-11-30') });
    expect(dates(template, '2026-11-16', '2026-12-14')).toBe('11-16 11-23');
    expect(dates({ ...template, validUntil: date('2026-12-01') }, '2026-11-16', '2026-12-14')).toBe(
      '11-16 11-23 11-30',
    );
  });
  test('a plan that is valid from the middle of a week begins with its next weekday', () => {
    expect(dates(aTemplate({ validFrom: date('2026-11-24') }), '2026-11-16', '2026-12-01')).toBe('11-30');
  });
  test('one plan may follow another without a gap', () => {
    const templates = [
      aTemplate({ validUntil: date('2026-11-30') }),
      aTemplate({ validFrom: date('2026-11-30'), opensAt: time('10:00') }),
    ];
    expect(windows(templates, '2026-11-23', '2026-12-07')).toEqual([
      '23 08:00 – 23 16:00',
      '30 10:00 – 30 16:00',
    ]);
  });
});

describe('every n weeks', () => {
  test('every second week counts from the ISO week of the anchor, whichever day that is', () => {
    // A Sunday: the last day of the week that the Monday began.
    const template = aTemplate({ everyNWeeks: 2, anchorDate: date('2026-11-29') });
    expect(dates(template, '2026-11-16', '2026-12-14')).toBe('11-23 12-07');
  });
  test('the weeks between belong to whoever is anchored there', () => {
    const template = aTemplate({ everyNWeeks: 2, anchorDate: date('2026-11-30') });
    expect(dates(template, '2026-11-16', '2026-12-14')).toBe('11-16 11-30');
  });
  test('every second week runs on over a year of 53 weeks', () => {
    // 2026-12-28 is week 53 and 2027-01-04 week 1: odd and even week numbers would give both or neither.
    const template = aTemplate({ everyNWeeks: 2, anchorDate: date('2026-11-23') });
    expect(dates(template, '2026-12-07', '2027-02-01')).toBe('12-07 12-21 01-04 01-18');
  });
  test('every third week runs on across it too, before the anchor as well as after', () => {
    const template = aTemplate({ everyNWeeks: 3, anchorDate: date('2027-01-04') });
    expect(dates(template, '2026-12-01', '2027-02-01')).toBe('12-14 01-04 01-25');
  });
  test('an anchor years away counts the same', () => {
    const template = aTemplate({ everyNWeeks: 2, anchorDate: date('2031-12-29') });
    // 266 weeks after 2026-11-23.
    expect(dates(template, '2026-11-16', '2026-12-14')).toBe('11-23 12-07');
  });
  test('validity cuts into the rhythm and does not start it anew', () => {
    const template = aTemplate({
      everyNWeeks: 2,
      anchorDate: date('2026-11-23'),
      validFrom: date('2026-11-30'),
    });
    expect(dates(template, '2026-11-16', '2026-12-28')).toBe('12-07 12-21');
  });
});

describe('breaks', () => {
  test('a break divides the hours', () => {
    expect(windows([aTemplate({ breaks: [aBreak('12:00', '12:30')] })])).toEqual([
      '23 08:00 – 23 12:00',
      '23 12:30 – 23 16:00',
    ]);
  });
  test('breaks that touch are one', () => {
    const breaks = [aBreak('12:30', '13:00'), aBreak('12:00', '12:30')];
    expect(windows([aTemplate({ breaks })])).toEqual(['23 08:00 – 23 12:00', '23 13:00 – 23 16:00']);
  });
  test('a break at the edge of the hours shortens them', () => {
    const breaks = [aBreak('08:00', '08:15'), aBreak('15:45', '16:00')];
    expect(windows([aTemplate({ breaks })])).toEqual(['23 08:15 – 23 15:45']);
  });
  test('a break takes from the hours of other plans at the same place', () => {
    const templates = [
      aTemplate({ breaks: [aBreak('12:00', '12:30')] }),
      aTemplate({ opensAt: time('10:00') }),
    ];
    expect(windows(templates)).toEqual(['23 08:00 – 23 12:00', '23 12:30 – 23 16:00']);
  });
  test('a break at one place takes nothing from hours at another', () => {
    const there = idOf('location', 2);
    const parts = {
      locations: [aLocation(), aLocation({ id: there })],
      doctors: [aDoctor({ at: [locationId, there] })],
      templates: [aTemplate(), aTemplate({ locationId: there, breaks: [aBreak('12:00', '12:30')] })],
    };
    expect(spans(windowsOf(parts))).toEqual(['23 08:00 – 23 16:00']);
  });
});

describe('midnight', () => {
  const night = { opensAt: time('22:00'), closesAt: time('06:00') };

  test('24:00 ends the day', () => {
    expect(windows([aTemplate({ opensAt: time('20:00'), closesAt: time('24:00') })])).toEqual([
      '23 20:00 – 24 00:00',
    ]);
  });
  test('hours may close at 00:00, which is the same', () => {
    expect(windows([aTemplate({ opensAt: time('20:00'), closesAt: time('00:00') })])).toEqual([
      '23 20:00 – 24 00:00',
    ]);
  });
  test('00:00 to 24:00 is the whole day', () => {
    const allDay = aTemplate({ opensAt: time('00:00'), closesAt: time('24:00') });
    expect(windows([allDay], '2026-11-22', '2026-11-26')).toEqual(['23 00:00 – 24 00:00']);
  });
  test('hours that close before they open reach into the next day', () => {
    expect(windows([aTemplate(night)], '2026-11-23', '2026-11-25')).toEqual(['23 22:00 – 24 06:00']);
  });
  test('hours that close when they open last a day', () => {
    const template = aTemplate({ opensAt: time('07:00'), closesAt: time('07:00') });
    expect(windows([template], '2026-11-23', '2026-11-26')).toEqual(['23 07:00 – 24 07:00']);
  });
  test('hours that touch at midnight are one window', () => {
    const templates = [
      aTemplate({ opensAt: time('20:00'), closesAt: time('24:00') }),
      aTemplate({ weekday: 2, opensAt: time('00:00'), closesAt: time('04:00') }),
    ];
    expect(windows(templates, '2026-11-23', '2026-11-25')).toEqual(['23 20:00 – 24 04:00']);
  });
  test('hours that touch at midnight between Sunday and Monday are one window', () => {
    const templates = [
      aTemplate({ weekday: 7, opensAt: time('20:00'), closesAt: time('24:00') }),
      aTemplate({ opensAt: time('00:00'), closesAt: time('04:00') }),
    ];
    expect(windows(templates, '2026-11-22', '2026-11-24')).toEqual(['22 20:00 – 23 04:00']);
  });
  test('a night’s second half counts on the date it lies on, though the plan names the day before', () => {
    expect(windows([aTemplate(night)], '2026-11-24', '2026-11-25')).toEqual(['24 00:00 – 24 06:00']);
  });
  test('a night that begins on the last valid day is worked to its end', () => {
    const template = aTemplate({ ...night, validUntil: date('2026-11-24') });
    expect(windows([template], '2026-11-23', '2026-11-25')).toEqual(['23 22:00 – 24 06:00']);
  });
  test('a night that began before the plan was valid is not worked at all', () => {
    const template = aTemplate({ ...night, validFrom: date('2026-11-24') });
    expect(windows([template], '2026-11-23', '2026-11-25')).toEqual([]);
  });
  test('a break after midnight lies in the night’s second half', () => {
    const template = aTemplate({ ...night, breaks: [aBreak('02:00', '02:30')] });
    expect(windows([template], '2026-11-23', '2026-11-25')).toEqual([
      '23 22:00 – 24 02:00',
      '24 02:30 – 24 06:00',
    ]);
  });
  test('a break may cross midnight', () => {
    const template = aTemplate({ ...night, breaks: [aBreak('23:45', '00:15')] });
    expect(windows([template], '2026-11-23', '2026-11-25')).toEqual([
      '23 22:00 – 23 23:45',
      '24 00:15 – 24 06:00',
    ]);
  });
});

test.each([
  ['Europe/Warsaw', '2027-03-28', 23],
  ['Europe/Warsaw', '2026-10-25', 25],
  ['Australia/Lord_Howe', '2026-10-04', 23.5],
])('a whole day in %s on %s lasts %d hours', (zone, day, hours) => {
  const [window] = windowsOf(
    {
      locations: [aLocation({ timeZone: zone as TimeZone })],
      templates: [aTemplate({ weekday: 7, opensAt: time('00:00'), closesAt: time('24:00') })],
    },
    day,
    '2027-12-31',
  );
  expect(window && (window.endsAt - window.startsAt) / hourMs).toBe(hours);
});

test('what lies outside the dates is cut off', () => {
  const always = [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
    aTemplate({ weekday, opensAt: time('00:00'), closesAt: time('24:00'), validFrom: date('2026-11-02') }),
  );
  expect(windows(always, '2026-11-23', '2026-11-25')).toEqual(['23 00:00 – 25 00:00']);
});

test('a date without hours has no windows, nor has a range that ends before it begins', () => {
  expect(windows([aTemplate()], '2026-11-24', '2026-11-25')).toEqual([]);
  expect(windows([aTemplate()], '2026-11-30', '2026-11-23')).toEqual([]);
});

test('without a place, the windows of every place of the doctor come by start', () => {
  const there = idOf('location', 2);
  const facts = factsOf({
    locations: [aLocation(), aLocation({ id: there, timeZone: 'Europe/London' as TimeZone })],
    doctors: [aDoctor({ at: [locationId, there] })],
    templates: [
      aTemplate({ locationId: there, opensAt: time('12:00') }),
      aTemplate({ closesAt: time('11:00') }),
    ],
  });
  expect(workingWindows(facts, doctorId, undefined, date('2026-11-23'), date('2026-11-24'))).toEqual([
    { locationId, startsAt: at('2026-11-23 08:00'), endsAt: at('2026-11-23 11:00') },
    { locationId: there, startsAt: at('2026-11-23 13:00'), endsAt: at('2026-11-23 17:00') },
  ]);
});

test('an unknown doctor or place has no windows', () => {
  const facts = factsOf({ templates: [aTemplate()] });
  const on = (doctor: string, place: string) =>
    workingWindows(facts, doctor, place, date('2026-11-23'), date('2026-11-24'));
  expect(on(idOf('doctor', 9), locationId)).toEqual([]);
  expect(on(doctorId, idOf('location', 9))).toEqual([]);
});

test('what was asked before does not change an answer', () => {
  const facts = factsOf({ templates: [aTemplate()] });
  const upTo = (until: string) =>
    spans(workingWindows(facts, doctorId, locationId, date('2026-11-23'), date(until)));
  const day = ['23 08:00 – 23 16:00'];
  expect(upTo('2026-11-24')).toEqual(day);
  expect(upTo('2026-12-01')).toEqual([...day, '30 08:00 – 30 16:00']);
  expect(upTo('2026-11-24')).toEqual(day);
});

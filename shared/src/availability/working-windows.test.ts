import { describe, expect, test } from 'vitest';
import {
  aBreak,
  aDoctor,
  aLocation,
  anException,
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
import { spans } from './testing/clock';
import { workingWindows } from './working-windows';

/** Windows of the doctor at the place on `[from, until)`, written down by its clock. */
function windows(parts: FactsParts, from = '2026-11-23', until = '2026-11-24', zone?: string): string[] {
  const facts = factsOf(zone ? { locations: [aLocation({ timeZone: zone as TimeZone })], ...parts } : parts);
  return spans(
    workingWindows(facts, doctorId, locationId, date(from), date(until)),
    zone as TimeZone | undefined,
  );
}

describe('templates', () => {
  test('a template gives its hours on its weekday only', () => {
    expect(windows({ templates: [aTemplate()] }, '2026-11-22', '2026-12-01')).toEqual([
      '23 08:00 – 23 16:00',
      '30 08:00 – 30 16:00',
    ]);
  });
  test('validFrom is the first date and validUntil the first without', () => {
    const template = aTemplate({ validFrom: date('2026-11-23'), validUntil: date('2026-11-30') });
    expect(windows({ templates: [template] }, '2026-11-09', '2026-12-14')).toEqual(['23 08:00 – 23 16:00']);
  });
  test('every second week counts from the ISO week of the anchor, whichever day that is', () => {
    const template = aTemplate({ everyNWeeks: 2, anchorDate: date('2026-11-29') });
    expect(windows({ templates: [template] }, '2026-11-16', '2026-12-14')).toEqual([
      '23 08:00 – 23 16:00',
      '07 08:00 – 07 16:00',
    ]);
  });
  test('every third week runs on across years with 53 weeks, before the anchor as well as after', () => {
    const template = aTemplate({ everyNWeeks: 3, anchorDate: date('2027-01-04') });
    expect(windows({ templates: [template] }, '2026-12-01', '2027-02-01')).toEqual([
      '14 08:00 – 14 16:00',
      '04 08:00 – 04 16:00',
      '25 08:00 – 25 16:00',
    ]);
  });
  test('hours that touch are one window', () => {
    const templates = [aTemplate({ closesAt: time('12:00') }), aTemplate({ opensAt: time('12:00') })];
    expect(windows({ templates })).toEqual(['23 08:00 – 23 16:00']);
  });
  test('several hours of a day are several windows', () => {
    const templates = [aTemplate({ opensAt: time('14:00') }), aTemplate({ closesAt: time('11:00') })];
    expect(windows({ templates })).toEqual(['23 08:00 – 23 11:00', '23 14:00 – 23 16:00']);
  });
  test('a break divides the hours', () => {
    expect(windows({ templates: [aTemplate({ breaks: [aBreak('12:00', '12:30')] })] })).toEqual([
      '23 08:00 – 23 12:00',
      '23 12:30 – 23 16:00',
    ]);
  });
  test('hours of another place are not this one’s', () => {
    const there = idOf('location', 2);
    const parts = {
      locations: [aLocation(), aLocation({ id: there })],
      doctors: [aDoctor({ at: [locationId, there] })],
    };
    expect(windows({ ...parts, templates: [aTemplate({ locationId: there })] })).toEqual([]);
  });
});

describe('midnight', () => {
  test('24:00 ends the day', () => {
    expect(windows({ templates: [aTemplate({ opensAt: time('20:00'), closesAt: time('24:00') })] })).toEqual([
      '23 20:00 – 24 00:00',
    ]);
  });
  test('hours that close at or before they open reach into the next day', () => {
    const template = aTemplate({ opensAt: time('22:00'), closesAt: time('06:00') });
    expect(windows({ templates: [template] }, '2026-11-23', '2026-11-25')).toEqual(['23 22:00 – 24 06:00']);
  });
  test('a night’s second half counts on the date it lies on, though the plan names the day before', () => {
    const template = aTemplate({ opensAt: time('22:00'), closesAt: time('06:00') });
    expect(windows({ templates: [template] }, '2026-11-24', '2026-11-25')).toEqual(['24 00:00 – 24 06:00']);
  });
  test('a night that begins on the last valid day is worked to its end', () => {
    const template = aTemplate({
      opensAt: time('22:00'),
      closesAt: time('06:00'),
      validUntil: date('2026-11-24'),
    });
    expect(windows({ templates: [template] }, '2026-11-23', '2026-11-25')).toEqual(['23 22:00 – 24 06:00']);
  });
  test('a break after midnight lies in the night’s second half', () => {
    const template = aTemplate({
      opensAt: time('22:00'),
      closesAt: time('06:00'),
      breaks: [aBreak('02:00', '02:30')],
    });
    expect(windows({ templates: [template] }, '2026-11-23', '2026-11-25')).toEqual([
      '23 22:00 – 24 02:00',
      '24 02:30 – 24 06:00',
    ]);
  });
  test('a break may cross midnight', () => {
    const template = aTemplate({
      opensAt: time('22:00'),
      closesAt: time('06:00'),
      breaks: [aBreak('23:45', '00:15')],
    });
    expect(windows({ templates: [template] }, '2026-11-23', '2026-11-25')).toEqual([
      '23 22:00 – 23 23:45',
      '24 00:15 – 24 06:00',
    ]);
  });
  test('hours that close when they open last a day', () => {
    const template = aTemplate({ opensAt: time('07:00'), closesAt: time('07:00') });
    expect(windows({ templates: [template] }, '2026-11-23', '2026-11-26')).toEqual(['23 07:00 – 24 07:00']);
  });
  test('hours that touch at midnight are one window', () => {
    const templates = [
      aTemplate({ opensAt: time('20:00'), closesAt: time('24:00') }),
      aTemplate({ weekday: 2, opensAt: time('00:00'), closesAt: time('04:00') }),
    ];
    expect(windows({ templates }, '2026-11-23', '2026-11-25')).toEqual(['23 20:00 – 24 04:00']);
  });
});

describe('exceptions', () => {
  const templates = [aTemplate({ breaks: [aBreak('12:00', '12:30')] })];

  test('replaced hours stand instead of the templates’ hours and breaks', () => {
    const exceptions = [
      anException({ kind: 'replace', locationId, startsAt: time('10:00'), endsAt: time('14:00') }),
    ];
    expect(windows({ templates, exceptions })).toEqual(['23 10:00 – 23 14:00']);
  });
  test('replaced without times there are no hours', () => {
    expect(windows({ templates, exceptions: [anException({ kind: 'replace', locationId })] })).toEqual([]);
  });
  test('hours replaced at one place leave those of another', () => {
    const there = idOf('location', 2);
    const parts = {
      locations: [aLocation(), aLocation({ id: there })],
      doctors: [aDoctor({ at: [locationId, there] })],
    };
    expect(
      windows({ ...parts, templates, exceptions: [anException({ kind: 'replace', locationId: there })] }),
    ).toHaveLength(2);
  });
  test('extra hours come on top, and touching hours join', () => {
    const exceptions = [
      anException({ kind: 'extra', locationId, startsAt: time('16:00'), endsAt: time('18:00') }),
    ];
    expect(windows({ templates, exceptions })).toEqual(['23 08:00 – 23 12:00', '23 12:30 – 23 18:00']);
  });
  test('extra hours do not fill a break', () => {
    const exceptions = [
      anException({ kind: 'extra', locationId, startsAt: time('11:00'), endsAt: time('13:00') }),
    ];
    expect(windows({ templates, exceptions })).toEqual(['23 08:00 – 23 12:00', '23 12:30 – 23 16:00']);
  });
  test('extra hours of a day without a template stand alone', () => {
    const exceptions = [
      anException({
        kind: 'extra',
        locationId,
        date: date('2026-11-24'),
        startsAt: time('09:00'),
        endsAt: time('11:00'),
      }),
    ];
    expect(windows({ templates, exceptions }, '2026-11-24', '2026-11-25')).toEqual(['24 09:00 – 24 11:00']);
  });
  test('a block takes a part of the day', () => {
    const exceptions = [anException({ startsAt: time('13:00'), endsAt: time('14:30') })];
    expect(windows({ templates, exceptions })).toEqual([
      '23 08:00 – 23 12:00',
      '23 12:30 – 23 13:00',
      '23 14:30 – 23 16:00',
    ]);
  });
  test('a block without times takes the whole local day', () => {
    expect(windows({ templates, exceptions: [anException()] })).toEqual([]);
  });
  test('a block of a whole day leaves the night’s second half on the next', () => {
    const night = [aTemplate({ opensAt: time('22:00'), closesAt: time('06:00') })];
    expect(windows({ templates: night, exceptions: [anException()] }, '2026-11-23', '2026-11-25')).toEqual([
      '24 00:00 – 24 06:00',
    ]);
  });
  test('a closure of the clinic shuts every doctor out', () => {
    expect(windows({ templates, exceptions: [anException({ kind: 'closure' })] })).toEqual([]);
  });
  test('a closure of one place leaves the others open', () => {
    const there = idOf('location', 2);
    const locations = [aLocation(), aLocation({ id: there })];
    expect(
      windows({ locations, templates, exceptions: [anException({ kind: 'closure', locationId: there })] }),
    ).toHaveLength(2);
  });
  test('another doctor’s block is none of this one’s', () => {
    expect(windows({ templates, exceptions: [anException({ doctorId: idOf('doctor', 2) })] })).toHaveLength(
      2,
    );
  });
});

describe('time off', () => {
  const templates = [aTemplate()];

  test('approved time off takes hours away', () => {
    const timeOff = [aTimeOff({ startsAt: at('2026-11-23 10:00'), endsAt: at('2026-11-23 12:00') })];
    expect(windows({ templates, timeOff })).toEqual(['23 08:00 – 23 10:00', '23 12:00 – 23 16:00']);
  });
  test('time off that is only asked for takes none', () => {
    expect(windows({ templates, timeOff: [aTimeOff({ status: 'requested' })] })).toEqual([
      '23 08:00 – 23 16:00',
    ]);
  });
  test('seconds of time off take the whole minute', () => {
    const timeOff = [
      aTimeOff({ startsAt: instantAt('2026-11-23T09:00:30Z'), endsAt: instantAt('2026-11-23T10:00:30Z') }),
    ];
    expect(windows({ templates, timeOff })).toEqual(['23 08:00 – 23 10:00', '23 11:01 – 23 16:00']);
  });
});

describe('clock changes', () => {
  const sunday = { weekday: 7 };

  test('a night across the spring change in Warsaw is an hour shorter', () => {
    const template = aTemplate({ weekday: 6, opensAt: time('22:00'), closesAt: time('06:00') });
    const [window] = workingWindows(
      factsOf({ templates: [template] }),
      doctorId,
      locationId,
      date('2027-03-27'),
      date('2027-03-29'),
    );
    expect(window && (window.endsAt - window.startsAt) / 3_600_000).toBe(7);
  });
  test('hours that open in a skipped hour open after it', () => {
    const template = aTemplate({ ...sunday, opensAt: time('02:30'), closesAt: time('06:00') });
    expect(windows({ templates: [template] }, '2027-03-28', '2027-03-29')).toEqual(['28 03:30 – 28 06:00']);
  });
  test('hours that fill a skipped hour are empty', () => {
    const template = aTemplate({ ...sunday, opensAt: time('02:00'), closesAt: time('03:00') });
    // 02:00 becomes 03:00, and so they are empty.
    expect(windows({ templates: [template] }, '2027-03-28', '2027-03-29')).toEqual([]);
  });
  test('of a repeated hour the first one counts', () => {
    const template = aTemplate({ ...sunday, opensAt: time('02:30'), closesAt: time('04:00') });
    const [window] = workingWindows(
      factsOf({ templates: [template] }),
      doctorId,
      locationId,
      date('2026-10-25'),
      date('2026-10-26'),
    );
    expect(window?.startsAt).toBe(instantAt('2026-10-25T00:30Z'));
    expect(window?.endsAt).toBe(instantAt('2026-10-25T03:00Z'));
  });
  test('Lord Howe moves by half an hour', () => {
    const template = aTemplate({ ...sunday, opensAt: time('00:00'), closesAt: time('24:00') });
    const facts = factsOf({
      locations: [aLocation({ timeZone: 'Australia/Lord_Howe' as TimeZone })],
      templates: [template],
    });
    const [window] = workingWindows(facts, doctorId, locationId, date('2026-10-04'), date('2026-10-05'));
    expect(window && (window.endsAt - window.startsAt) / 60_000).toBe(23.5 * 60);
  });
  test('where midnight is skipped, hours before and after it touch', () => {
    // Cairo, 2026-04-24 (a Friday): 00:00 becomes 01:00.
    const templates = [
      aTemplate({ weekday: 4, opensAt: time('20:00'), closesAt: time('24:00') }),
      aTemplate({ weekday: 5, opensAt: time('00:00'), closesAt: time('04:00') }),
    ];
    expect(windows({ templates }, '2026-04-23', '2026-04-25', 'Africa/Cairo')).toEqual([
      '23 20:00 – 24 04:00',
    ]);
  });
  test('a date that a zone skipped has no hours', () => {
    // Apia went from Thursday, 2011-12-29 to Saturday, 2011-12-31.
    const template = aTemplate({ weekday: 5, validFrom: date('2011-01-01') });
    expect(windows({ templates: [template] }, '2011-12-26', '2012-01-06', 'Pacific/Apia')).toEqual([]);
  });
  test('offsets with seconds, long ago, leave hours that touch touching', () => {
    const old = { validFrom: date('1850-01-01'), weekday: 1 };
    const templates = [
      aTemplate({ ...old, closesAt: time('12:00') }),
      aTemplate({ ...old, opensAt: time('12:00') }),
    ];
    expect(windows({ templates }, '1870-01-03', '1870-01-04', 'America/New_York')).toEqual([
      '03 08:00 – 03 16:00',
    ]);
  });
});

test('what lies outside the dates is cut off', () => {
  const always = [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
    aTemplate({ weekday, opensAt: time('00:00'), closesAt: time('24:00') }),
  );
  expect(windows({ templates: always }, '2026-11-23', '2026-11-25')).toEqual(['23 00:00 – 25 00:00']);
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

test('a place in an unknown zone is refused by name', () => {
  const facts = factsOf({ locations: [aLocation({ timeZone: 'Europe/Atlantis' as TimeZone })] });
  expect(() => workingWindows(facts, doctorId, locationId, date('2026-11-23'), date('2026-11-24'))).toThrow(
    /Atlantis/,
  );
});

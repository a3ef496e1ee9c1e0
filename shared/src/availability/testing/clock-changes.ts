/** Where random clinics stand: every clock change of many zones, and dates on which a zone did something odd. */
import { Temporal } from 'temporal-polyfill';
import type { PlainDate, TimeZone } from '../../time/instant';

/** Whole, half and two hours; midnight and odd times; both hemispheres; none at all; and the dates around Ramadan. */
export const zones = [
  'Europe/Warsaw',
  'Europe/London',
  'America/New_York',
  'America/St_Johns',
  'America/Santiago',
  'America/Havana',
  'America/Nuuk',
  'America/Asuncion',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Africa/El_Aaiun',
  'Antarctica/Troll',
  'Asia/Beirut',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Pacific/Easter',
] as TimeZone[];

/** A zone and a date around which a clinic is made. */
export interface Centre {
  zone: TimeZone;
  date: PlainDate;
}

export function centreName({ zone, date }: Centre): string {
  return `${zone} ${date}`;
}

/** Every clock change of 2024 to 2030, by the local date after it; New Year's days where the zone has none in a year. */
export function clockChanges(): Centre[] {
  return zones.flatMap((zone) => {
    const centres: Centre[] = [];
    const years = new Set<number>();
    let at: Temporal.ZonedDateTime | null = Temporal.ZonedDateTime.from(`2024-01-01T00:00[${zone}]`);
    while (at) {
      at = at.getTimeZoneTransition('next');
      if (!at || at.year > 2030) break;
      years.add(at.year);
      centres.push({ zone, date: at.toPlainDate().toString() as PlainDate });
    }
    for (let year = 2024; year <= 2030; year++)
      if (!years.has(year)) centres.push({ zone, date: `${year}-01-01` as PlainDate });
    return centres;
  });
}

/** Dates that a zone skipped or lived twice, changes across midnight, and offsets of seconds that came or went. */
export const oddDates = (
  [
    ['Pacific/Apia', '2011-12-30'],
    ['Pacific/Kwajalein', '1993-08-21'],
    ['Pacific/Kwajalein', '1969-09-30'],
    ['Pacific/Kiritimati', '1994-12-31'],
    ['Asia/Manila', '1844-12-31'],
    ['America/Sitka', '1867-10-18'],
    ['America/St_Johns', '2006-10-29'],
    ['America/St_Johns', '2007-03-11'],
    ['America/St_Johns', '1988-04-03'],
    ['America/St_Johns', '1935-03-30'],
    ['America/St_Johns', '1918-04-14'],
    ['Africa/Monrovia', '1972-01-07'],
    ['Africa/Monrovia', '1971-06-01'],
    ['Europe/Dublin', '1916-10-01'],
    ['Europe/Warsaw', '1900-01-01'],
    ['Europe/Amsterdam', '1937-07-01'],
    ['Europe/Moscow', '1918-06-01'],
    ['Asia/Kolkata', '1905-12-31'],
    ['Asia/Kolkata', '1890-01-01'],
    ['Africa/Cairo', '1900-10-01'],
  ] as [TimeZone, PlainDate][]
).map(([zone, date]): Centre => ({ zone, date }));

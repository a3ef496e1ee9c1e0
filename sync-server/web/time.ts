/**
 * Local times for display. The platform's own zone data is enough for that, and keeps the 20 kB of Temporal
 * out of the first load; whatever is computed with, the server has computed.
 */
import type { PlainDate, TimeZone, WallTime } from '@medic/shared/time/instant';
import { addDays } from '@medic/shared/time/plain-date';

export interface LocalTime {
  date: PlainDate;
  time: WallTime;
  /** After midnight. */
  minutes: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the calendar and the clock show at `at` in `zone`. */
export function localTime(at: number, zone: TimeZone): LocalTime {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(zone, format);
  }
  const parts: Record<string, string> = {};
  for (const part of format.formatToParts(at)) parts[part.type] = part.value;
  return {
    date: `${parts.year}-${parts.month}-${parts.day}` as PlainDate,
    time: `${parts.hour}:${parts.minute}` as WallTime,
    minutes: Number(parts.hour) * 60 + Number(parts.minute),
  };
}

/** Minutes that clocks in `zone` are ahead of UTC at `at`. */
export function offsetMinutes(at: number, zone: TimeZone): number {
  const local = localTime(at, zone);
  const asUtc = Date.UTC(
    Number(local.date.slice(0, 4)),
    Number(local.date.slice(5, 7)) - 1,
    Number(local.date.slice(8)),
    0,
    local.minutes,
  );
  return Math.round((asUtc - Math.floor(at / 60_000) * 60_000) / 60_000);
}

export function visitorZone(): TimeZone {
  return Intl.DateTimeFormat().resolvedOptions().timeZone as TimeZone;
}

/** `Europe/Bucharest` is `Bucharest` to people. */
export function zoneCity(zone: TimeZone): string {
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}

export type PartOfDay = 'night' | 'morning' | 'afternoon' | 'evening';

/** Midnight to five is night: evening shifts may cross midnight. */
export function partOfDay(minutes: number): PartOfDay {
  if (minutes < 300) return 'night';
  if (minutes < 720) return 'morning';
  return minutes < 1020 ? 'afternoon' : 'evening';
}

/** Days that hold the moment in whatever zone: what the server is asked about a single time. */
export function daysAround(at: number): { from: PlainDate; until: PlainDate } {
  const date = new Date(at).toISOString().slice(0, 10) as PlainDate;
  return { from: addDays(date, -1), until: addDays(date, 2) };
}

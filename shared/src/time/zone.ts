/**
 * Zone arithmetic, through Temporal only, never through the machine's own zone. A skipped or repeated
 * wall time resolves as Temporal's `compatible` rule says: forward over a gap, the earlier of a repeat.
 */
import { Temporal } from 'temporal-polyfill';
import {
  type Instant,
  instant,
  minuteMs,
  type PlainDate,
  type TimeZone,
  type WallTime,
  wallMinutes,
  wallTime,
} from './instant';
import { addDays } from './plain-date';

const known = new Map<string, boolean>();

/** True for a zone that the IANA data of this runtime knows. Offsets such as `+02:00` are refused. */
export function isTimeZone(name: string): name is TimeZone {
  let ok = known.get(name);
  if (ok === undefined) {
    ok = /^[A-Za-z]/.test(name) && resolves(name);
    known.set(name, ok);
  }
  return ok;
}

function resolves(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/** The instant at which a wall clock in `zone` shows `time` on `date` (`24:00` is the next midnight). */
export function instantOf(date: PlainDate, time: WallTime, zone: TimeZone): Instant {
  const minutes = wallMinutes(time);
  const day = minutes >= 1440 ? addDays(date, 1) : date;
  const clock = minutes >= 1440 ? wallTime(minutes - 1440) : time;
  return instant(
    Temporal.PlainDateTime.from(`${day}T${clock}`).toZonedDateTime(zone, { disambiguation: 'compatible' })
      .epochMilliseconds,
  );
}

export interface LocalTime {
  date: PlainDate;
  time: WallTime;
  /** Minutes after local midnight by the wall clock, 0 to 1439. */
  minutes: number;
}

/** What calendar and clock in `zone` show at an instant (seconds are cut off). */
export function localTime(at: Instant, zone: TimeZone): LocalTime {
  const day = zonedDay(at, zone);
  const minutes = day.wallMinutesAt(at);
  return { date: day.regular ? day.date : shownDate(at, zone), time: wallTime(minutes), minutes };
}

/** The date that a calendar in `zone` shows at an instant. */
export function localDate(at: Instant, zone: TimeZone): PlainDate {
  const day = zonedDay(at, zone);
  return day.regular ? day.date : shownDate(at, zone);
}

function shownDate(at: Instant, zone: TimeZone): PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .toString() as PlainDate;
}

/** One local day of a zone, converted once: most days have a single offset, change days have two. */
export interface ZonedDay {
  date: PlainDate;
  zone: TimeZone;
  startsAt: Instant;
  endsAt: Instant;
  /** True for 24 hours under one offset: a wall time is then its midnight plus minutes. */
  regular: boolean;
  /** Minutes by the wall clock, 0 to 1439, for an instant of this day. */
  wallMinutesAt(at: Instant): number;
}

const dayCache = new Map<string, ZonedDay>();
const dayCacheLimit = 20_000;

/** The local day `date` in `zone`, from its first instant to that of the next day. */
export function zonedDayOf(date: PlainDate, zone: TimeZone): ZonedDay {
  const key = `${zone} ${date}`;
  let day = dayCache.get(key);
  if (!day) {
    day = makeDay(date, zone);
    if (dayCache.size >= dayCacheLimit) dayCache.clear();
    dayCache.set(key, day);
  }
  return day;
}

const lastDay = new Map<TimeZone, ZonedDay>();

/**
 * The local day that holds an instant. Runs of instants on one day cost one comparison each. Days follow each other
 * without overlap: where a clock once went back across midnight (St John's until 2011, at 00:01), the repeated
 * minutes before midnight count to the day that had begun.
 */
export function zonedDay(at: Instant, zone: TimeZone): ZonedDay {
  const last = lastDay.get(zone);
  if (last && last.startsAt <= at && at < last.endsAt) return last;
  let day = zonedDayOf(shownDate(at, zone), zone);
  while (day.endsAt <= at) day = zonedDayOf(addDays(day.date, 1), zone);
  lastDay.set(zone, day);
  return day;
}

function makeDay(date: PlainDate, zone: TimeZone): ZonedDay {
  const first = Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: zone });
  const next = Temporal.PlainDate.from(addDays(date, 1)).toZonedDateTime({ timeZone: zone });
  const startsAt = instant(first.epochMilliseconds);
  const endsAt = instant(next.epochMilliseconds);
  const regular =
    next.offsetNanoseconds === first.offsetNanoseconds &&
    endsAt - startsAt === 1440 * minuteMs &&
    first.hour === 0 &&
    first.minute === 0;
  return {
    date,
    zone,
    startsAt,
    endsAt,
    regular,
    wallMinutesAt(at) {
      if (regular) return Math.floor((at - startsAt) / minuteMs);
      const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
      return local.hour * 60 + local.minute;
    },
  };
}

/** `2026-11-24T09:15:00Z`, for logs, .ics and people who read JSON. */
export function isoInstant(at: Instant): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString();
}

/** Reads ISO 8601 with an offset or `Z`. Throws a RangeError for anything else. */
export function parseInstant(text: string): Instant {
  return instant(Temporal.Instant.from(text).epochMilliseconds);
}

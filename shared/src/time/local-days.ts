/**
 * The local days of a zone as minutes, each converted once. On a day without a clock change a wall time is its
 * midnight plus minutes; only the others ask Temporal for every time.
 */
import { minuteMs, type PlainDate, type TimeZone, wallTime } from './instant';
import { dateOfDayNumber } from './plain-date';
import { instantOf, zonedDayOf } from './zone';

interface DayMinutes {
  number: number;
  date: PlainDate;
  /** The day's first minute, and the next day's. Equal where the zone skipped the whole day. */
  starts: number;
  ends: number;
  /** Minutes since the epoch by minutes after midnight, where a clock change makes them irregular. */
  irregular: Map<number, number> | null;
}

/**
 * Days are numbered from 1970-01-01, minutes counted from 1970-01-01T00:00Z. Where a zone's offset has seconds
 * (dates long ago), every instant rounds up to a whole minute, so that hours that touch still touch.
 */
export class LocalDays {
  readonly zone: TimeZone;
  readonly #days = new Map<number, DayMinutes>();
  /** Questions come in runs about one day: most are answered without a look-up. */
  #last: DayMinutes | null = null;

  constructor(zone: TimeZone) {
    this.zone = zone;
  }

  /** The first minute of a day: midnight, or later where midnight is skipped. */
  startOf(day: number): number {
    return this.#day(day).starts;
  }

  /** False for a date that never was, such as 2011-12-30 in Apia. */
  exists(day: number): boolean {
    const { starts, ends } = this.#day(day);
    return starts < ends;
  }

  /**
   * The minute at which a wall clock shows `minutesAfterMidnight` (0 to 1440) on a day; 1440 is the next midnight.
   * Skipped and repeated times resolve as Temporal's `compatible` does.
   */
  minuteAt(day: number, minutesAfterMidnight: number): number {
    const known = this.#day(day);
    if (minutesAfterMidnight >= 1440) return known.ends;
    if (known.irregular === null) return known.starts + minutesAfterMidnight;
    let minute = known.irregular.get(minutesAfterMidnight);
    if (minute === undefined) {
      minute = wholeMinute(instantOf(known.date, wallTime(minutesAfterMidnight), this.zone));
      known.irregular.set(minutesAfterMidnight, minute);
    }
    return minute;
  }

  /** The number of the local day that holds a minute. */
  dayOf(minute: number): number {
    // No zone is more than a day away from UTC, and the skipped or doubled days of the date line are within two.
    let day = Math.floor(minute / 1440) - 2;
    while (this.#day(day).ends <= minute) day++;
    return day;
  }

  #day(day: number): DayMinutes {
    const last = this.#last;
    if (last !== null && last.number === day) return last;
    const made = this.#days.get(day) ?? this.#make(day);
    this.#last = made;
    return made;
  }

  #make(day: number): DayMinutes {
    const date = dateOfDayNumber(day);
    const zoned = zonedDayOf(date, this.zone);
    const starts = wholeMinute(zoned.startsAt);
    const ends = wholeMinute(zoned.endsAt);
    const made = {
      number: day,
      date,
      starts,
      ends,
      irregular: zoned.regular ? null : new Map<number, number>(),
    };
    if (this.#days.size >= dayLimit) this.#days.clear();
    this.#days.set(day, made);
    return made;
  }
}

const dayLimit = 10_000;
const zones = new Map<TimeZone, LocalDays>();

export function localDaysOf(zone: TimeZone): LocalDays {
  let days = zones.get(zone);
  if (!days) {
    days = new LocalDays(zone);
    zones.set(zone, days);
  }
  return days;
}

function wholeMinute(epochMilliseconds: number): number {
  return Math.ceil(epochMilliseconds / minuteMs);
}

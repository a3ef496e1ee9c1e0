/**
 * The local days of a zone as Temporal tells them, each asked once: the oracle's own table, apart from the engine's.
 * Minutes are counted from 1970-01-01T00:00Z; an instant within a minute (old offsets have seconds) rounds up.
 */
import { Temporal } from 'temporal-polyfill';

export class TableDay {
  readonly date: string;
  readonly zone: string;
  /** ISO: 1 is Monday. */
  readonly weekday: number;
  /** Of the Monday on or before the date, counted in weeks from 1970-01-05. */
  readonly week: number;
  /** The first minute of the day, and of the next. They are equal where the zone skipped the date. */
  readonly first: number;
  readonly end: number;
  /** Where Temporal knows of no clock change from an hour before the day to an hour after it. */
  readonly #isQuiet: boolean;
  readonly #minutes: Int32Array | null;
  readonly #plain: Temporal.PlainDate;

  constructor(plain: Temporal.PlainDate, zone: string) {
    this.#plain = plain;
    this.zone = zone;
    this.date = plain.toString();
    this.weekday = plain.dayOfWeek;
    this.week = mondayIndex(plain);
    const starts = plain.toZonedDateTime(zone);
    const ends = plain.add({ days: 1 }).toZonedDateTime(zone);
    this.first = minuteFrom(starts);
    this.end = minuteFrom(ends);
    const change = starts.subtract({ hours: 1 }).getTimeZoneTransition('next');
    this.#isQuiet =
      change === null || change.epochMilliseconds > ends.epochMilliseconds + 3_600_000
        ? starts.hour === 0 && starts.minute === 0 && starts.second === 0
        : false;
    this.#minutes = this.#isQuiet ? null : new Int32Array(1440).fill(unknown);
  }

  /** The minute at which the clock shows `HH:mm`; `24:00` is the next day's `00:00`, `compatible` where it is skipped. */
  minuteOf(time: string): number {
    const clock = Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
    if (clock === 1440) return this.next().minuteOf('00:00');
    if (this.#minutes === null) return this.first + clock;
    let minute = this.#minutes[clock] as number;
    if (minute === unknown) {
      minute = minuteFrom(
        this.#plain.toPlainDateTime(time).toZonedDateTime(this.zone, { disambiguation: 'compatible' }),
      );
      this.#minutes[clock] = minute;
    }
    return minute;
  }

  #next: TableDay | undefined;

  next(): TableDay {
    this.#next ??= tableDay(this.#plain.add({ days: 1 }).toString(), this.zone);
    return this.#next;
  }
}

const unknown = -2_147_483_648;
const days = new Map<string, Map<string, TableDay>>();
const weeks = new Map<string, number>();

export function tableDay(date: string, zone: string): TableDay {
  let ofZone = days.get(zone);
  if (!ofZone) {
    ofZone = new Map();
    days.set(zone, ofZone);
  }
  let day = ofZone.get(date);
  if (!day) {
    day = new TableDay(Temporal.PlainDate.from(date), zone);
    ofZone.set(date, day);
  }
  return day;
}

/** The local day that holds a minute. Days follow each other without overlap, whatever clocks show. */
export function dayHolding(minute: number, zone: string): TableDay {
  const shown = Temporal.Instant.fromEpochMilliseconds(minute * 60_000)
    .toZonedDateTimeISO(zone)
    .toPlainDate();
  let day = tableDay(shown.subtract({ days: 1 }).toString(), zone);
  while (day.end <= minute) day = day.next();
  return day;
}

/** The number of a date's ISO week; weeks follow each other without a break at the end of a year. */
export function weekOf(date: string): number {
  let week = weeks.get(date);
  if (week === undefined) {
    week = mondayIndex(Temporal.PlainDate.from(date));
    weeks.set(date, week);
  }
  return week;
}

const firstMonday = Temporal.PlainDate.from('1970-01-05');

function mondayIndex(date: Temporal.PlainDate): number {
  const monday = date.subtract({ days: date.dayOfWeek - 1 });
  return firstMonday.until(monday, { largestUnit: 'days' }).days / 7;
}

function minuteFrom(zoned: Temporal.ZonedDateTime): number {
  return Math.ceil(zoned.epochMilliseconds / 60_000);
}

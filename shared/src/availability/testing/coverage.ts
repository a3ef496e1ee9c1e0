import { Temporal } from 'temporal-polyfill';
import { dayMs, type Instant, minuteMs } from '../../time/instant';
import { dayNumber } from '../../time/plain-date';
import type { Slot } from '../query';
import { centreName } from './clock-changes';
import type { OracleFacts } from './oracle';
import { centres, type RandomCase } from './random-clinic';

/** What the cases had in them: a generator that offers next to nothing would prove next to nothing. */
export class Coverage {
  readonly #counts: Record<string, number> = {};
  readonly #visited = new Set<string>();
  /** Dates with a slot on the day before, the day or the day after. */
  readonly #bookable = new Set<string>();
  #cases = 0;

  #count(what: string, is: boolean | number): void {
    this.#counts[what] = (this.#counts[what] ?? 0) + Number(is);
  }

  add({ centre, facts, query }: RandomCase, found: readonly Slot[]): void {
    const type = facts.types[0] as OracleFacts['types'][number];
    this.#cases++;
    if (query.from <= centre.date && centre.date < query.until) this.#visited.add(centreName(centre));
    if (
      found.some(
        ({ startsAt }) => Math.abs(startsAt - (dayNumber(centre.date) + 0.5) * dayMs) < 2160 * minuteMs,
      )
    )
      this.#bookable.add(centreName(centre));
    const zones = new Set(found.map(({ locationId }) => locationId)).size;
    const starts = new Set<number>(found.map(({ startsAt }) => startsAt));
    const online = query.channel === 'online';
    this.#count('slots', found.length);
    this.#count('with slots', found.length > 0);
    this.#count('at two places', zones > 1);
    this.#count('two doctors at once', found.length > starts.size);
    this.#count('with a room', found.filter(({ roomId }) => roomId !== null).length);
    this.#count('shared', found.filter(({ seatsLeft }) => seatsLeft < type.capacity).length);
    this.#count(
      'at the notice',
      online && type.minNoticeMinutes > 0 && starts.has(query.now + type.minNoticeMinutes * minuteMs),
    );
    this.#count('now', starts.has(query.now));
    this.#count('at the horizon', online && starts.has(query.now + type.maxFutureDays * 1440 * minuteMs));
    this.#count(
      'over midnight',
      facts.templates.some(({ opensAt, closesAt }) => closesAt < opensAt),
    );
    this.#count(
      'until 24:00',
      facts.templates.some(({ closesAt }) => closesAt === '24:00'),
    );
    this.#count(
      'busy with seconds',
      facts.busy.some(({ endsAt }) => endsAt % minuteMs !== 0),
    );
    this.#count(
      'busy without length',
      facts.busy.some(({ startsAt, endsAt }) => startsAt === endsAt),
    );
    this.#count(
      'hold expires now',
      facts.holds.some(({ expiresAt }) => expiresAt === query.now),
    );
    this.#count(
      'every n weeks',
      facts.templates.some(
        ({ everyNWeeks, anchorDate }) => everyNWeeks > 1 && anchorDate.slice(0, 4) !== query.from.slice(0, 4),
      ),
    );
    this.#count(
      'offset with seconds',
      query.from < '1973' &&
        found.some(({ startsAt, locationId }) => {
          const place = facts.locations.find(({ id }) => id === locationId);
          return offsetSeconds(startsAt, place?.timeZone as string) !== 0;
        }),
    );
    for (const kind of ['replace', 'extra', 'block', 'closure'] as const)
      this.#count(
        kind,
        facts.exceptions.some((exception) => exception.kind === kind),
      );
  }

  /** What there was too little of, in words. Every date is visited whatever the seed; the rest has room for chance. */
  lacking(each: number): string[] {
    const lacking = centres.map(centreName).filter((name) => !this.#visited.has(name));
    if (this.#cases !== each * centres.length) lacking.push(`${this.#cases} cases`);
    // Few cases per date prove nothing about shares.
    if (each < 7) return lacking;
    if (this.#bookable.size < 0.9 * centres.length)
      lacking.push(`slots on ${this.#bookable.size} dates only`);
    for (const [what, least] of Object.entries(leastShares)) {
      const share = (this.#counts[what] ?? 0) / this.#cases;
      if (share < least) lacking.push(`${what}: ${share} per case, not ${least}`);
    }
    return lacking;
  }
}

/** How much there has to be per case: about half of what the generator gives. */
const leastShares: Record<string, number> = {
  slots: 18,
  'with slots': 0.4,
  'at two places': 0.04,
  'two doctors at once': 0.02,
  'with a room': 9,
  shared: 0.07,
  'at the notice': 0.006,
  now: 0.025,
  'at the horizon': 0.012,
  'over midnight': 0.5,
  'until 24:00': 0.4,
  'busy with seconds': 0.25,
  'busy without length': 0.1,
  'hold expires now': 0.2,
  'every n weeks': 0.4,
  'offset with seconds': 0.006,
  replace: 0.15,
  extra: 0.25,
  block: 0.25,
  closure: 0.15,
};

function offsetSeconds(at: Instant, zone: string): number {
  return (Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).offsetNanoseconds / 1e9) % 60;
}

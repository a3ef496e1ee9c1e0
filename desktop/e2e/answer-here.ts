/**
 * What one runtime, a browser page or a Node process, says of itself, of the world's clocks and of the cases it is
 * given. It knows nothing of who else is asked.
 */
import {
  type Answer,
  type AskedCase,
  answersTo,
  reachDays,
} from '@medic/shared/availability/testing/answers';
import { Temporal } from 'temporal-polyfill';

export interface Questions {
  cases: AskedCase[];
  backwards: boolean;
  /** The zone that the machine is meant to be in. */
  machineZone: string;
}

export interface Said {
  /** The machine's own zone and the one it is meant to be in, both as this runtime spells them. */
  timeZone: string;
  machineZone: string;
  /** Minutes that the machine's own clock is ahead of UTC, at the start of 2026 and in the middle. */
  ownOffsets: [winter: number, summer: number];
  /** What this runtime speaks unless told otherwise; digits and calendar go with it. */
  locale: string;
  temporal: 'native' | 'polyfill';
  answers: Answer[];
  /** For each case the clock changes in its zones within reach of it, by this runtime's own data. */
  clocks: string[][];
}

const dayMs = 86_400_000;

export function answerHere({ cases, backwards, machineZone }: Questions): Said {
  const own = (globalThis as { Temporal?: unknown }).Temporal;
  const { timeZone, locale } = new Intl.DateTimeFormat().resolvedOptions();
  return {
    timeZone,
    machineZone: new Intl.DateTimeFormat('en', { timeZone: machineZone }).resolvedOptions().timeZone,
    ownOffsets: [ownOffset(Date.UTC(2026, 0, 1)), ownOffset(Date.UTC(2026, 6, 1))],
    locale,
    temporal: own !== undefined && own === Temporal ? 'native' : 'polyfill',
    answers: answersTo(cases, { backwards }),
    clocks: cases.map(clockChangesNear),
  };
}

function ownOffset(at: number): number {
  return 0 - new Date(at).getTimezoneOffset();
}

function clockChangesNear({ zones, query }: AskedCase): string[] {
  const from = Date.parse(`${query.from}T00:00Z`) - reachDays * dayMs;
  const until = Date.parse(`${query.until}T00:00Z`) + reachDays * dayMs;
  return zones.flatMap((zone) => ZoneClock.of(zone).changes(from, until));
}

/** A zone's clock as Intl alone shows it: no Temporal, native or not, has a say in it. */
class ZoneClock {
  static readonly #known = new Map<string, ZoneClock>();

  static of(zone: string): ZoneClock {
    let clock = ZoneClock.#known.get(zone);
    if (!clock) {
      clock = new ZoneClock(zone);
      ZoneClock.#known.set(zone, clock);
    }
    return clock;
  }

  readonly #zone: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  constructor(zone: string) {
    this.#zone = zone;
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** Each as `Europe/Warsaw +7200 until 2026-10-25T01:00:00Z`, in seconds ahead of UTC; the last has no end. */
  changes(from: number, until: number): string[] {
    const quarter = dayMs / 4;
    const found: string[] = [];
    let offset = this.#offsetAt(from);
    for (let t = from; t < until; t += quarter) {
      const next = this.#offsetAt(t + quarter);
      if (next === offset) continue;
      found.push(`${this.#zone} ${signed(offset)} until ${this.#changeBetween(t, t + quarter, offset)}`);
      offset = next;
    }
    return [...found, `${this.#zone} ${signed(offset)}`];
  }

  #changeBetween(from: number, until: number, offset: number): string {
    let before = from / 1000;
    let after = until / 1000;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (this.#offsetAt(middle * 1000) === offset) before = middle;
      else after = middle;
    }
    return new Date(after * 1000).toISOString().replace('.000', '');
  }

  #offsetAt(at: number): number {
    let offset = this.#offsets.get(at);
    if (offset === undefined) {
      const part: Record<string, number> = {};
      for (const { type, value } of this.#format.formatToParts(at)) part[type] = Number(value);
      const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = part;
      offset = (Date.UTC(year, month - 1, day, hour, minute, second) - at) / 1000;
      this.#offsets.set(at, offset);
    }
    return offset;
  }
}

function signed(seconds: number): string {
  return seconds < 0 ? String(seconds) : `+${seconds}`;
}

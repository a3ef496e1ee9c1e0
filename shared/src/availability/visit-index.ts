/**
 * Visits by whose time they take, a doctor's or a room's, and by week. Each week keeps its visits in order and, once
 * asked, the minutes they take together: most questions need no more than those. By day instead, finding the days of a
 * month took a twelfth of a search.
 */
import { MedicError } from '../errors';
import { type Appointment, holdsSlot } from '../model/appointment';
import { dayMs, type Instant } from '../time/instant';
import {
  type Intervals,
  indexEndingAfter,
  mergeIntervals,
  minuteAtOrAfter,
  minuteAtOrBefore,
} from './intervals';

interface VisitWeek {
  /** By the start of their reserved range. */
  visits: Appointment[];
  /** Merged minutes that those which hold their slot reserve; null until asked for, and after a change. */
  taken: Intervals | null;
}

/** Weeks are counted from 1970-01-01T00:00Z, a Thursday. */
const weekMs = 7 * dayMs;
/** Longer reserved ranges are refused: each of their weeks would be an entry. */
const longestDays = 40;

export class VisitIndex {
  readonly #weeks = new Map<string, Map<number, VisitWeek>>();

  /** Throws `input.invalid` for a reserved range that ends before it starts or lasts more than 40 days. */
  add(visit: Appointment): void {
    const length = visit.reservedUntil - visit.reservedFrom;
    if (!(length >= 0 && length <= longestDays * dayMs)) {
      throw new MedicError(
        'input.invalid',
        `visit ${visit.id} ends its reserved range before it starts, or reserves more than ${longestDays} days`,
      );
    }
    eachWeek(visit, (owner, number) => {
      let weeks = this.#weeks.get(owner);
      if (!weeks) {
        weeks = new Map();
        this.#weeks.set(owner, weeks);
      }
      const week = weeks.get(number);
      if (!week) {
        weeks.set(number, { visits: [visit], taken: null });
        return;
      }
      let i = week.visits.length;
      while (i > 0 && (week.visits[i - 1] as Appointment).reservedFrom > visit.reservedFrom) i--;
      week.visits.splice(i, 0, visit);
      week.taken = null;
    });
  }

  drop(visit: Appointment): void {
    eachWeek(visit, (owner, number) => {
      const week = this.#weeks.get(owner)?.get(number);
      const at = week ? week.visits.indexOf(visit) : -1;
      if (!week || at === -1) return;
      week.visits.splice(at, 1);
      week.taken = null;
    });
  }

  /** Calls for each visit whose reserved range meets `[from, until)`, of whatever status; once each, by start. */
  each(owner: string, from: Instant, until: Instant, use: (visit: Appointment) => void): void {
    const weeks = this.#weeks.get(owner);
    if (!weeks) return;
    const first = Math.floor(from / weekMs);
    const last = Math.floor((until - 1) / weekMs);
    for (let number = first; number <= last; number++) {
      const week = weeks.get(number);
      if (!week) continue;
      for (const visit of week.visits) {
        if (visit.reservedFrom >= until) break;
        if (visit.reservedUntil <= from) continue;
        // One that reaches into the next week stands under both; it was met under the first.
        if (number > first && visit.reservedFrom < number * weekMs) continue;
        use(visit);
      }
    }
  }

  /** The minutes that visits holding their slot reserve, of those that meet `[from, until)`; merged week by week. */
  taken(owner: string, from: Instant, until: Instant): number[] {
    const pairs: number[] = [];
    const weeks = this.#weeks.get(owner);
    if (!weeks) return pairs;
    const fromMinute = minuteAtOrBefore(from);
    const untilMinute = minuteAtOrAfter(until);
    const last = Math.floor((until - 1) / weekMs);
    for (let number = Math.floor(from / weekMs); number <= last; number++) {
      const week = weeks.get(number);
      if (!week) continue;
      week.taken ??= takenBy(week.visits);
      const { taken } = week;
      for (let i = indexEndingAfter(taken, fromMinute); i < taken.length; i += 2) {
        const start = taken[i] as number;
        if (start >= untilMinute) break;
        pairs.push(start, taken[i + 1] as number);
      }
    }
    return pairs;
  }
}

/** Minutes that visits reserve, rounded outwards, of those that hold their slot. */
export function takenBy(visits: readonly Appointment[]): Intervals {
  const pairs: number[] = [];
  for (const visit of visits) {
    if (!holdsSlot(visit.status) || visit.reservedUntil === visit.reservedFrom) continue;
    pairs.push(minuteAtOrBefore(visit.reservedFrom), minuteAtOrAfter(visit.reservedUntil));
  }
  return mergeIntervals(pairs);
}

function eachWeek(visit: Appointment, use: (owner: string, week: number) => void): void {
  const last = Math.floor((visit.reservedUntil - 1) / weekMs);
  for (let week = Math.floor(visit.reservedFrom / weekMs); week <= last; week++) {
    use(visit.doctorId, week);
    if (visit.roomId !== null) use(visit.roomId, week);
  }
}

/**
 * Visits by whose time they take, a doctor's or a room's, and by UTC day. Each day keeps its visits in order and, once
 * asked, the minutes they take together: most questions need no more than those.
 */
import { MedicError } from '../errors';
import { type Appointment, holdsSlot } from '../model/appointment';
import { dayMs, type Instant } from '../time/instant';
import { type Intervals, mergeIntervals, minuteAtOrAfter, minuteAtOrBefore } from './intervals';

interface VisitDay {
  /** By the start of their reserved range. */
  visits: Appointment[];
  /** Merged minutes that those which hold their slot reserve; null until asked for, and after a change. */
  taken: Intervals | null;
}

/** Longer reserved ranges are refused: each of their days would be an entry. */
const longestDays = 40;

export class VisitIndex {
  readonly #days = new Map<string, Map<number, VisitDay>>();

  /** Throws `input.invalid` for a reserved range that ends before it starts or lasts more than 40 days. */
  add(visit: Appointment): void {
    const length = visit.reservedUntil - visit.reservedFrom;
    if (!(length >= 0 && length <= longestDays * dayMs)) {
      throw new MedicError(
        'input.invalid',
        `visit ${visit.id} ends its reserved range before it starts, or reserves more than ${longestDays} days`,
      );
    }
    eachDay(visit, (owner, number) => {
      let days = this.#days.get(owner);
      if (!days) {
        days = new Map();
        this.#days.set(owner, days);
      }
      const day = days.get(number);
      if (!day) {
        days.set(number, { visits: [visit], taken: null });
        return;
      }
      let i = day.visits.length;
      while (i > 0 && (day.visits[i - 1] as Appointment).reservedFrom > visit.reservedFrom) i--;
      day.visits.splice(i, 0, visit);
      day.taken = null;
    });
  }

  drop(visit: Appointment): void {
    eachDay(visit, (owner, number) => {
      const day = this.#days.get(owner)?.get(number);
      const at = day ? day.visits.indexOf(visit) : -1;
      if (!day || at === -1) return;
      day.visits.splice(at, 1);
      day.taken = null;
    });
  }

  /** Calls for each visit whose reserved range meets `[from, until)`, of whatever status; once each, by start. */
  each(owner: string, from: Instant, until: Instant, use: (visit: Appointment) => void): void {
    const days = this.#days.get(owner);
    if (!days) return;
    const first = Math.floor(from / dayMs);
    const last = Math.floor((until - 1) / dayMs);
    for (let number = first; number <= last; number++) {
      const day = days.get(number);
      if (!day) continue;
      for (const visit of day.visits) {
        if (visit.reservedFrom >= until || visit.reservedUntil <= from) continue;
        // One that reaches over midnight stands under each of its days; it was met under the first.
        if (number > first && visit.reservedFrom < number * dayMs) continue;
        use(visit);
      }
    }
  }

  /** The minutes reserved by visits that hold their slot, on all UTC days that `[from, until)` meets; merged day by day. */
  taken(owner: string, from: Instant, until: Instant): number[] {
    const pairs: number[] = [];
    const days = this.#days.get(owner);
    if (!days) return pairs;
    const last = Math.floor((until - 1) / dayMs);
    for (let number = Math.floor(from / dayMs); number <= last; number++) {
      const day = days.get(number);
      if (!day) continue;
      day.taken ??= takenBy(day.visits);
      for (const minute of day.taken) pairs.push(minute);
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

function eachDay(visit: Appointment, use: (owner: string, day: number) => void): void {
  const last = Math.floor((visit.reservedUntil - 1) / dayMs);
  for (let day = Math.floor(visit.reservedFrom / dayMs); day <= last; day++) {
    use(visit.doctorId, day);
    if (visit.roomId !== null) use(visit.roomId, day);
  }
}

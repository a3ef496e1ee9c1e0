/**
 * Sets of minutes as flat arrays `[start, end, start, end, …]`: half-open, ascending, apart from each other. Flat,
 * because a list of pairs would cost an object per interval where the engine reads thousands of them.
 */
import { type Instant, instant, minuteMs } from '../time/instant';

/** Whole minutes since 1970-01-01T00:00Z. */
export type Intervals = readonly number[];

/** Later than every minute that a record can name. */
export const endOfTime = 200_000_000;

/** The first whole minute at or after an instant: how starts of time that is *free* become minutes. */
export function minuteAtOrAfter(at: Instant): number {
  return Math.ceil(at / minuteMs);
}

/** The last whole minute at or before an instant: how starts of time that is *taken* become minutes. */
export function minuteAtOrBefore(at: Instant): number {
  return Math.floor(at / minuteMs);
}

export function instantOfMinute(minute: number): Instant {
  return instant(minute * minuteMs);
}

/**
 * The union of pairs in any order: sorted; overlapping, nested and touching ones become one; empty and reversed
 * ones vanish. Pairs that are such a union already come back as they are.
 */
export function mergeIntervals(pairs: readonly number[]): Intervals {
  if (isMerged(pairs)) return pairs;
  const sorted = isSortedByStart(pairs) ? pairs : sortedByStart(pairs);
  const merged: number[] = [];
  for (let i = 0; i < sorted.length; i += 2) {
    if (at(sorted, i) < at(sorted, i + 1)) append(merged, at(sorted, i), at(sorted, i + 1));
  }
  return merged;
}

/** Adds what begins no earlier than all that is there. */
function append(merged: number[], start: number, end: number): void {
  const last = merged.length - 1;
  if (last < 0 || start > at(merged, last)) merged.push(start, end);
  else if (end > at(merged, last)) merged[last] = end;
}

function isMerged(pairs: readonly number[]): boolean {
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < pairs.length; i += 2) {
    if (at(pairs, i) <= last || at(pairs, i + 1) <= at(pairs, i)) return false;
    last = at(pairs, i + 1);
  }
  return true;
}

function isSortedByStart(pairs: readonly number[]): boolean {
  for (let i = 2; i < pairs.length; i += 2) if (at(pairs, i) < at(pairs, i - 2)) return false;
  return true;
}

/** Minutes up to which a length fits beside its start in one exact double; about 8 years. */
const lengthLimit = 2 ** 22;

/** Without the empty and reversed ones. */
function sortedByStart(pairs: readonly number[]): number[] {
  // Start and length in one number each: a typed array sorts numbers without calling back, which is what most of the
  // time went to.
  const codes = new Float64Array(pairs.length / 2);
  let count = 0;
  for (let i = 0; i < pairs.length; i += 2) {
    const length = at(pairs, i + 1) - at(pairs, i);
    if (length >= lengthLimit) return sortedPairs(pairs);
    if (length > 0) codes[count++] = at(pairs, i) * lengthLimit + length;
  }
  const sorted: number[] = [];
  for (const code of codes.subarray(0, count).sort()) {
    const start = Math.floor(code / lengthLimit);
    // Whole as it is; but what is reckoned from a double stays one until it is rounded, and a single one makes an
    // array of doubles of every array that it comes into, the starts of the search included: a sixth of its time.
    sorted.push(start, Math.floor(start + (code - start * lengthLimit)));
  }
  return sorted;
}

function sortedPairs(pairs: readonly number[]): number[] {
  const order: number[] = [];
  for (let i = 0; i < pairs.length; i += 2) if (at(pairs, i) < at(pairs, i + 1)) order.push(i);
  order.sort((a, b) => at(pairs, a) - at(pairs, b));
  return order.flatMap((i) => [at(pairs, i), at(pairs, i + 1)]);
}

/** What is in either; both merged. */
export function uniteIntervals(a: Intervals, b: Intervals): Intervals {
  if (b.length === 0) return a;
  if (a.length === 0) return b;
  const merged: number[] = [];
  let j = 0;
  for (let i = 0; i < a.length; i += 2) {
    for (; j < b.length && at(b, j) < at(a, i); j += 2) append(merged, at(b, j), at(b, j + 1));
    append(merged, at(a, i), at(a, i + 1));
  }
  for (; j < b.length; j += 2) append(merged, at(b, j), at(b, j + 1));
  return merged;
}

/** What is in `from` and not in `cuts`; both merged. */
export function subtractIntervals(from: Intervals, cuts: Intervals): Intervals {
  if (cuts.length === 0) return from;
  const left: number[] = [];
  let c = 0;
  for (let i = 0; i < from.length; i += 2) {
    let start = at(from, i);
    const end = at(from, i + 1);
    while (c < cuts.length && at(cuts, c + 1) <= start) c += 2;
    for (let k = c; k < cuts.length && at(cuts, k) < end; k += 2) {
      if (at(cuts, k) > start) left.push(start, at(cuts, k));
      start = at(cuts, k + 1);
    }
    if (start < end) left.push(start, end);
  }
  return left;
}

/** The index of the interval that holds a minute, or -1. */
export function indexHolding(intervals: Intervals, minute: number): number {
  const i = indexEndingAfter(intervals, minute);
  return i < intervals.length && at(intervals, i) <= minute ? i : -1;
}

/** The index of the first interval that ends after a minute; the length where there is none. */
export function indexEndingAfter(intervals: Intervals, minute: number): number {
  let low = 0;
  let high = intervals.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(intervals, 2 * middle + 1) <= minute) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}

/** True when `[start, end)` shares a minute with the set. An empty range shares none. */
export function meets(intervals: Intervals, start: number, end: number): boolean {
  if (start >= end) return false;
  const i = indexEndingAfter(intervals, start);
  return i < intervals.length && at(intervals, i) < end;
}

/** True when every minute of `[start, end)` is in the set. */
export function covers(intervals: Intervals, start: number, end: number): boolean {
  const i = indexHolding(intervals, start);
  return i >= 0 && end <= at(intervals, i + 1);
}

/** An element that is known to be there. */
function at(numbers: readonly number[], index: number): number {
  return numbers[index] as number;
}

import { describe, expect, test } from 'vitest';
import { instantAt } from '../testing/builders';
import {
  covers,
  indexEndingAfter,
  indexHolding,
  meets,
  mergeIntervals,
  minuteAtOrAfter,
  minuteAtOrBefore,
  subtractIntervals,
  uniteIntervals,
} from './intervals';

describe('merging', () => {
  test('touching intervals become one', () => {
    expect(mergeIntervals([10, 20, 20, 30])).toEqual([10, 30]);
  });
  test('nested and overlapping intervals become one, in any order', () => {
    expect(mergeIntervals([50, 60, 10, 40, 20, 30, 35, 45])).toEqual([10, 45, 50, 60]);
  });
  test('empty and reversed intervals vanish', () => {
    expect(mergeIntervals([10, 10, 30, 20, 5, 6])).toEqual([5, 6]);
  });
  test('what is given is left as it was', () => {
    const pairs = Object.freeze([4, 5, 1, 4]);
    expect(mergeIntervals(pairs)).toEqual([1, 5]);
    expect(pairs).toEqual([4, 5, 1, 4]);
  });
  test('what is merged already stays the same', () => {
    expect(mergeIntervals(Object.freeze([1, 2, 4, 5]))).toEqual([1, 2, 4, 5]);
  });
  test('nothing merges to nothing', () => {
    expect(mergeIntervals([])).toEqual([]);
    expect(mergeIntervals([7, 7])).toEqual([]);
  });
  test('an interval of many years merges as any other', () => {
    expect(mergeIntervals([20_000_000, 20_000_010, -5_000_000, 30_000_000, 30_000_000, 30_000_001])).toEqual([
      -5_000_000, 30_000_001,
    ]);
  });
  test('times before 1970 merge too', () => {
    expect(mergeIntervals([-5, -2, -20, -10, -10, -5])).toEqual([-20, -2]);
  });
});

describe('subtracting', () => {
  test('a cut in the middle leaves both sides', () => {
    expect(subtractIntervals([0, 100], [40, 60])).toEqual([0, 40, 60, 100]);
  });
  test('cuts at the edges and beyond leave what is between', () => {
    expect(subtractIntervals([10, 90], [0, 20, 80, 200])).toEqual([20, 80]);
  });
  test('a cut that touches takes nothing', () => {
    expect(subtractIntervals([10, 20], [0, 10, 20, 30])).toEqual([10, 20]);
  });
  test('one cut across several intervals takes from each', () => {
    expect(subtractIntervals([0, 10, 20, 30, 40, 50], [5, 45])).toEqual([0, 5, 45, 50]);
  });
  test('no cut leaves all', () => {
    expect(subtractIntervals([10, 20, 30, 40], [])).toEqual([10, 20, 30, 40]);
  });
  test('several cuts take from one interval', () => {
    expect(subtractIntervals([0, 100], [10, 20, 20, 30, 50, 60])).toEqual([0, 10, 30, 50, 60, 100]);
  });
  test('a cut of the whole leaves nothing', () => {
    expect(subtractIntervals([10, 20], [10, 20])).toEqual([]);
  });
});

test('a range that ends where an interval begins does not meet it', () => {
  expect(meets([10, 20], 5, 10)).toBe(false);
  expect(meets([10, 20], 20, 25)).toBe(false);
  expect(meets([10, 20], 19, 25)).toBe(true);
});

test('an empty range meets nothing', () => {
  expect(meets([10, 20], 15, 15)).toBe(false);
});

test('a range is covered when one interval holds all of it', () => {
  expect(covers([0, 10, 20, 30], 20, 30)).toBe(true);
  expect(covers([0, 10, 20, 30], 5, 25)).toBe(false);
  expect(covers([], 0, 1)).toBe(false);
});

test('the first interval that ends after a minute is found among many', () => {
  const hundred = Array.from({ length: 200 }, (_, i) => 10 * i);
  for (let minute = -5; minute < 2005; minute++) {
    const i = indexEndingAfter(hundred, minute);
    expect(i === 0 || (hundred[i - 1] as number) <= minute).toBe(true);
    expect(i === 200 || (hundred[i + 1] as number) > minute).toBe(true);
  }
});

test('an interval holds its start and not its end', () => {
  expect(indexHolding([10, 20, 30, 40], 30)).toBe(2);
  expect(indexHolding([10, 20, 30, 40], 20)).toBe(-1);
});

test('seconds round to the minute on the side that is asked for', () => {
  const at = instantAt('2026-11-23T09:00:01Z');
  expect(minuteAtOrAfter(at) - minuteAtOrBefore(at)).toBe(1);
});

describe('uniting', () => {
  test('what is in either is in the union, merged', () => {
    expect(uniteIntervals([1, 3, 8, 9], [2, 5, 9, 12, 20, 21])).toEqual([1, 5, 8, 12, 20, 21]);
    expect(uniteIntervals([10, 20], [1, 2, 5, 11])).toEqual([1, 2, 5, 20]);
  });
  test('nothing adds nothing', () => {
    expect(uniteIntervals([1, 2], [])).toEqual([1, 2]);
    expect(uniteIntervals([], [1, 2])).toEqual([1, 2]);
  });
});

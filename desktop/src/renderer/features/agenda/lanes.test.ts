import { describe, expect, test } from 'vitest';
import { layLanes } from './lanes';

describe('lanes', () => {
  test('visits that only touch stand in one lane', () => {
    expect(
      layLanes([
        { from: 480, until: 510 },
        { from: 510, until: 540 },
      ]),
    ).toEqual([
      { lane: 0, lanes: 1 },
      { lane: 0, lanes: 1 },
    ]);
  });

  test('an overlapping pair shares the width', () => {
    expect(
      layLanes([
        { from: 570, until: 600 },
        { from: 570, until: 600 },
      ]).map((l) => l.lane),
    ).toEqual([0, 1]);
    expect(
      layLanes([
        { from: 570, until: 600 },
        { from: 580, until: 600 },
      ]).map((l) => l.lanes),
    ).toEqual([2, 2]);
  });

  test('a third that meets only the second takes the first lane again', () => {
    const lanes = layLanes([
      { from: 0, until: 30 },
      { from: 20, until: 60 },
      { from: 40, until: 70 },
    ]);
    expect(lanes).toEqual([
      { lane: 0, lanes: 2 },
      { lane: 1, lanes: 2 },
      { lane: 0, lanes: 2 },
    ]);
  });

  test('what comes after a cluster has the whole width, whatever the order given', () => {
    const lanes = layLanes([
      { from: 100, until: 120 },
      { from: 0, until: 30 },
      { from: 10, until: 20 },
    ]);
    expect(lanes[0]).toEqual({ lane: 0, lanes: 1 });
  });

  test('a long visit beside several short ones keeps two lanes', () => {
    const lanes = layLanes([
      { from: 0, until: 90 },
      { from: 0, until: 30 },
      { from: 30, until: 60 },
      { from: 60, until: 90 },
    ]);
    expect(lanes.every((l) => l.lanes === 2)).toBe(true);
    expect(lanes.slice(1).map((l) => l.lane)).toEqual([1, 1, 1]);
  });
});

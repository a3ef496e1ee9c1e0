import { expect, test } from 'vitest';
import { allocatedBytes, createBench, type Figure } from './bench-api';

function aBench() {
  const figures: Figure[] = [];
  return { figures, bench: createBench('engine', (figure) => figures.push(figure)) };
}

test('samples become their median and their 95th percentile, by nearest rank', () => {
  const { bench, figures } = aBench();
  const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(bench.recordSamples('day', samples)).toEqual({ median: 50, p95: 95 });
  expect(figures.map(({ name, value, unit }) => [name, value, unit])).toEqual([
    ['day', 50, 'ms'],
    ['day, p95', 95, 'ms'],
  ]);
});

test('the unit converts the milliseconds that were measured', () => {
  const { bench } = aBench();
  expect(bench.recordSamples('day', [2], { unit: 'µs' }).median).toBe(2000);
  expect(bench.recordSamples('week', [2], { unit: 's' }).median).toBe(0.002);
});

test('a ratio against an earlier figure compares median with median and p95 with p95', () => {
  const { bench, figures } = aBench();
  bench.recordSamples('old', [10, 20]);
  bench.recordSamples('new', [5, 5], { against: 'old' });
  expect(figures.slice(2).map(({ name, ratio, against }) => ({ name, ratio, against }))).toEqual([
    { name: 'new', ratio: 0.5, against: 'old' },
    { name: 'new, p95', ratio: 0.25, against: 'old, p95' },
  ]);
});

test('a budget holds for the median and for the p95', () => {
  const { bench, figures } = aBench();
  bench.recordSamples('day', [25, 100], { against: { name: 'budget 50 ms', value: 50 } });
  expect(figures.map(({ ratio, against }) => [ratio, against])).toEqual([
    [0.5, 'budget 50 ms'],
    [2, 'budget 50 ms'],
  ]);
});

test('a ratio against what is not measured, or is of another unit, is refused', () => {
  const { bench } = aBench();
  expect(() => bench.record('rate', 5, 'per s', 'nothing')).toThrow('not measured yet');
  bench.record('rate', 5, 'per s');
  expect(() => bench.record('size', 5, 'kB', 'rate')).toThrow('different units');
});

test('a call that returns a promise is measured until it settles', async () => {
  const { bench } = aBench();
  const { median } = await bench.measure('wait', () => new Promise((resolve) => setTimeout(resolve, 12)), {
    samples: 5,
    warmUp: 1,
  });
  expect(median).toBeGreaterThanOrEqual(10);
});

test('a slow call is measured at least five times, however little time there is', async () => {
  const { bench } = aBench();
  let calls = 0;
  await bench.measure('slow', () => new Promise((resolve) => setTimeout(resolve, 5, calls++)), {
    limitMs: 1,
    warmUp: 0,
  });
  expect(calls).toBeGreaterThanOrEqual(5);
});

test('contenders take turns, so that a slow minute of the machine is slow for all of them', async () => {
  const { bench, figures } = aBench();
  const calls: string[] = [];
  const call = (name: string) => () => {
    calls.push(name);
    const until = performance.now() + 1;
    while (performance.now() < until);
  };
  const medians = await bench.compare(
    [
      { name: 'a', body: call('a') },
      { name: 'b', body: call('b'), against: 'a' },
    ],
    { rounds: 5, turnMs: 0, warmUpMs: 0 },
  );
  expect(calls.join('')).toBe(`aaabbb${'ab'.repeat(5)}`);
  expect([...medians.keys()]).toEqual(['a', 'b']);
  expect(figures.map(({ name }) => name)).toEqual(['a', 'a, p95', 'b', 'b, p95']);
});

test('waiting takes no processor time', async () => {
  const { bench } = aBench();
  const compared = await bench.compare(
    [{ name: 'wait', body: () => new Promise((resolve) => setTimeout(resolve, 12)) }],
    { rounds: 5, warmUpMs: 0 },
  );
  const { median, cpu } = compared.get('wait') ?? { median: 0, cpu: 0 };
  expect(median).toBeGreaterThanOrEqual(10);
  if (process.platform === 'linux') expect(cpu).toBeLessThan(median / 2);
});

test('what is prepared for a call is not measured, and every call has its own', async () => {
  const { bench } = aBench();
  let prepared = 0;
  let called = 0;
  const medians = await bench.compare(
    [
      {
        name: 'first',
        prepare: () => new Promise((resolve) => setTimeout(resolve, 12, prepared++)),
        body: () => {
          called++;
          expect(called).toBe(prepared);
        },
      },
    ],
    { rounds: 5, warmUpMs: 0 },
  );
  expect(medians.get('first')?.median).toBeLessThan(5);
});

test('the bytes of a call are counted through collections of the heap', () => {
  // 8 bytes for each element, 16 for their header, 32 for the array; 20,000 calls of it fill the young heap many times.
  const allocated = allocatedBytes(() => new Array(1_000).fill(0));
  expect(allocated).toBeGreaterThan(8_048 * 0.98);
  expect(allocated).toBeLessThan(8_048 * 1.05);
});

test('a call that allocates next to nothing is shown to do so', () => {
  expect(allocatedBytes(() => 1)).toBeLessThan(16);
});

import { expect, test } from 'vitest';
import { SharedReads } from './shared-reads';

/** Reads that end when they are told to; each answers with its number. */
function heldReads() {
  const endings: (() => void)[] = [];
  const read = () => {
    const number = endings.length + 1;
    return new Promise<number>((resolve) => endings.push(() => resolve(number)));
  };
  return { endings, read };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('who comes during a read gets the next one, together with the others that came', async () => {
  const reads = new SharedReads<number>();
  const { endings, read } = heldReads();
  const first = reads.read('a', read);
  const later = [reads.read('a', read), reads.read('a', read)];
  expect(endings).toHaveLength(1);
  endings[0]?.();
  expect(await first).toBe(1);
  await turn();
  const last = reads.read('a', read);
  endings[1]?.();
  expect(await Promise.all(later)).toEqual([2, 2]);
  await turn();
  endings[2]?.();
  expect(await last).toBe(3);
});

test('each key has reads of its own', async () => {
  const reads = new SharedReads<number>();
  const { endings, read } = heldReads();
  const both = [reads.read('a', read), reads.read('b', read)];
  for (const end of endings) end();
  expect(await Promise.all(both)).toEqual([1, 2]);
});

test('a read that fails fails those that share it, and not the next one', async () => {
  const reads = new SharedReads<number>();
  const failing = reads.read('a', () => Promise.reject(new Error('gone')));
  const next = reads.read('a', () => Promise.resolve(7));
  await expect(failing).rejects.toThrow('gone');
  expect(await next).toBe(7);
  expect(await reads.read('a', () => Promise.resolve(8))).toBe(8);
});

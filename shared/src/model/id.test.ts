import { expect, it } from 'vitest';
import { instant } from '../time/instant';
import { isUuid, OrderedIds, uuidv7 } from './id';

const random = () => Uint8Array.from({ length: 10 }, () => Math.floor(Math.random() * 256));

it('writes version and variant where RFC 9562 wants them, and the time in front', () => {
  const id = uuidv7(instant(0x0198_7654_3210), random());
  expect(isUuid(id)).toBe(true);
  expect(id.startsWith('01987654-3210-7')).toBe(true);
  expect(id[19]).toMatch(/[89ab]/);
});

it('keeps the order of making within one millisecond, beyond its counter, and when the clock steps back', () => {
  const ids = new OrderedIds();
  const made = Array.from({ length: 10_000 }, (_, i) => ids.next(instant(1_000_000 - (i % 3)), random()));
  expect([...made].sort()).toEqual(made);
  expect(new Set(made).size).toBe(made.length);
});

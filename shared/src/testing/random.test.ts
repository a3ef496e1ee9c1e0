import { describe, expect, test } from 'vitest';
import { isUuid } from '../model/id';
import { instant } from '../time/instant';
import { randomFrom } from './random';

describe('randomFrom', () => {
  test('the same seed gives the same values, another one others', () => {
    const draw = (seed: string) => {
      const random = randomFrom(seed);
      return Array.from({ length: 20 }, () => random.integer(0, 1_000_000));
    };
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
  });

  test('these very values, on every machine', () => {
    const random = randomFrom('seed');
    expect([random.integer(0, 999), random.integer(0, 999), random.integer(0, 999)]).toMatchInlineSnapshot(`
      [
        188,
        932,
        117,
      ]
    `);
    expect(random.id(instant(1_704_700_800_000))).toMatchInlineSnapshot(
      `"018ce815-ec00-7be7-9851-5631a1c69f24"`,
    );
  });

  test('values fill their range evenly, both ends included', () => {
    const random = randomFrom('dice');
    const counts = new Map<number, number>();
    for (let i = 0; i < 60_000; i++) {
      const side = random.integer(1, 6);
      counts.set(side, (counts.get(side) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    // Standard deviation 91: nine times in ten thousand seeds one side would stray this far.
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  test('weights say how often, and a weight of 0 never', () => {
    const random = randomFrom('weights');
    const seen = { often: 0, rarely: 0, never: 0 };
    for (let i = 0; i < 10_000; i++)
      seen[
        random.weighted([
          ['often', 9],
          ['never', 0],
          ['rarely', 1],
        ] as const)
      ]++;
    expect(seen.never).toBe(0);
    expect(seen.rarely).toBeGreaterThan(800);
    expect(seen.rarely).toBeLessThan(1200);
  });

  test('a fork depends on the seed and its label, not on what was drawn before', () => {
    const one = randomFrom('root');
    const other = randomFrom('root');
    other.next();
    expect(one.fork('x').next()).toBe(other.fork('x').next());
    expect(one.fork('x').next()).not.toBe(one.fork('y').next());
  });

  test('ids are well-formed UUIDs of version 7, in order of their instants and never the same', () => {
    const random = randomFrom('ids');
    const at = instant(1_764_000_000_000);
    const ids = Array.from({ length: 5000 }, () => random.id(at));
    expect(new Set(ids).size).toBe(5000);
    for (const id of ids) expect(isUuid(id) && id[14] === '7' && '89ab'.includes(id[19] ?? '')).toBe(true);
    expect(random.id(at) < random.id(instant(at + 1))).toBe(true);
  });
});

import { describe, expect, test } from 'vitest';
import { beside, rangeOf, toggled } from './several';
import type { VisitView } from './visit-view';

const column = {
  visits: (['a', 'b', 'group', 'done', 'c'] as const).map(
    (key) =>
      ({
        key,
        seats: key === 'group' ? { taken: 2, capacity: 8 } : null,
        state: key === 'done' ? 'done' : 'booked',
      }) as VisitView,
  ),
};

describe('choosing several visits', () => {
  test('a range goes either way and leaves out groups and what has begun', () => {
    expect(rangeOf(column, 'a', 'c')).toEqual(['a', 'b', 'c']);
    expect(rangeOf(column, 'c', 'b')).toEqual(['b', 'c']);
  });

  test('a range from another column begins anew', () => {
    expect(rangeOf(column, 'elsewhere', 'b')).toEqual(['b']);
    expect(rangeOf(column, null, 'elsewhere')).toEqual([]);
  });

  test('one is added in order of time, taken away again, and those of another column are let go', () => {
    expect(toggled(column, ['c'], 'a')).toEqual(['a', 'c']);
    expect(toggled(column, ['a', 'c'], 'a')).toEqual(['c']);
    expect(toggled(column, ['elsewhere'], 'b')).toEqual(['b']);
  });

  test('the next that can be chosen skips a group and a finished visit', () => {
    expect(beside(column, 'b', 1)?.key).toBe('c');
    expect(beside(column, 'c', -1)?.key).toBe('b');
    expect(beside(column, 'c', 1)).toBeUndefined();
  });
});

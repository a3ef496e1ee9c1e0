import { expect, it } from 'vitest';
import { wasHere } from './was-here';

const at = (text: string) => new Date(text).getTime();

it.each([
  ['2026-11-23T10:40:00', '2026-11-23T18:00:00', 'was here until 10:40'],
  ['2026-11-22T23:59:00', '2026-11-23T00:01:00', 'was here yesterday'],
  ['2026-10-24T12:00:00', '2026-10-26T12:00:00', 'was here on 24 October'],
  ['2025-12-31T12:00:00', '2026-01-02T12:00:00', 'was here on 31 December 2025'],
])('says of %s, on %s: %s', (then, now, words) => {
  expect(wasHere(at(then), at(now))).toBe(words);
});

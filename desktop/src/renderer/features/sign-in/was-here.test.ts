import { at, warsaw } from '@medic/shared/testing/builders';
import type { TimeZone } from '@medic/shared/time/instant';
import { expect, it } from 'vitest';
import { wasHere } from './was-here';

it.each([
  ['2026-11-23 10:40', '2026-11-23 18:00', 'was here until 10:40'],
  ['2026-11-22 23:59', '2026-11-23 00:01', 'was here yesterday'],
  ['2026-10-24 12:00', '2026-10-26 12:00', 'was here on 24 October'],
  ['2025-12-31 12:00', '2026-01-02 12:00', 'was here on 31 December 2025'],
])('says of %s, on %s at the clinic: %s', (then, now, words) => {
  expect(wasHere(at(then), at(now), warsaw)).toBe(words);
});

it('goes by the clinic’s clock, wherever the machine believes itself to be', () => {
  const [then, now] = [at('2026-11-23 00:30'), at('2026-11-23 08:00')];
  expect(wasHere(then, now, warsaw)).toBe('was here until 00:30');
  expect(wasHere(then, now, 'America/New_York' as TimeZone)).toBe('was here yesterday');
});

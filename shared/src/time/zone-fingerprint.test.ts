import { expect, it } from 'vitest';
import { parseInstant } from './zone';
import { zoneFingerprint } from './zone-fingerprint';

const november = parseInstant('2026-11-23T07:00:00Z');

it('names each change of the clock in the two years to come', () => {
  expect(zoneFingerprint('Europe/Warsaw', november)).toBe(
    '+01:00 2027-03-28T01:00:00Z+02:00 2027-10-31T01:00:00Z+01:00 2028-03-26T01:00:00Z+02:00 2028-10-29T01:00:00Z+01:00',
  );
  expect(zoneFingerprint('Asia/Kolkata', november)).toBe('+05:30');
});

it('is the same all month long', () => {
  expect(zoneFingerprint('America/New_York', parseInstant('2026-11-30T23:59:59Z'))).toBe(
    zoneFingerprint('America/New_York', parseInstant('2026-11-01T00:00:00Z')),
  );
});

it('says so where the zone is not known', () => {
  expect(zoneFingerprint('Europe/Atlantis', november)).toBe('unknown');
});

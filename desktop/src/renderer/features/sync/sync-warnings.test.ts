import { hourMs, type Instant } from '@medic/shared/time/instant';
import { expect, it } from 'vitest';
import type { SyncStatus } from '../../replica/desk';
import { syncWarnings } from './sync-warnings';

const well: SyncStatus = {
  phase: 'ready',
  firstPull: null,
  online: true,
  offlineSince: null,
  unsent: 0,
  needsAttention: 0,
  lastContactAt: 0 as Instant,
  storagePersisted: true,
  clockOffsetMs: 0,
  zonesDiffer: [],
  journal: 'kept',
  problem: null,
};
const otto = {
  userId: 'otto',
  clinicId: 'c',
  clinicSlug: 'harbour',
  clinicName: 'Harbour',
  name: 'Otto Other',
  email: 'otto@harbour.example',
  roles: [],
  unsent: 2,
  lastHereAt: 0,
};

it('says nothing where all is well', () => {
  expect(syncWarnings(well, [{ ...otto, unsent: 0 }], 'anna')).toEqual([]);
});

it('names the others whose changes wait here, and never oneself', () => {
  expect(syncWarnings(well, [otto], 'otto')).toEqual([]);
  expect(syncWarnings(well, [otto], 'anna')).toEqual([
    '2 changes of Otto Other wait here until Otto Other unlocks this desk.',
  ]);
});

it.each([
  [5 * hourMs, /5 hours behind/],
  [-5 * hourMs, /5 hours ahead of/],
  [3 * 60_000, /3 minutes behind/],
  [-72 * hourMs, /3 days ahead of/],
])('says that the clock is off by %s ms', (clockOffsetMs, words) => {
  expect(syncWarnings({ ...well, clockOffsetMs }, [], 'anna').join()).toMatch(words);
});

it('says where work lies unprotected, once', () => {
  expect(syncWarnings({ ...well, journal: 'none', storagePersisted: false }, [], 'anna')).toHaveLength(1);
  expect(syncWarnings({ ...well, journal: 'none' }, [], 'anna').join()).toMatch(/storage only/);
  expect(syncWarnings({ ...well, journal: 'failed' }, [], 'anna').join()).toMatch(/journal/);
  expect(syncWarnings({ ...well, storagePersisted: false }, [], 'anna')).toEqual([]);
});

it('names the zones whose clocks are known differently', () => {
  expect(syncWarnings({ ...well, zonesDiffer: ['Africa/Casablanca'] }, [], 'anna').join()).toContain(
    'Africa/Casablanca',
  );
});

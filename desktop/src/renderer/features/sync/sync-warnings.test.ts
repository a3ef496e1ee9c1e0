import { hourMs, type Instant } from '@medic/shared/time/instant';
import { expect, it } from 'vitest';
import type { SyncStatus } from '../../replica/desk';
import type { WaitsFor } from '../../replica/services';
import { syncWarnings } from './sync-warnings';

const well: SyncStatus = {
  phase: 'ready',
  missing: [],
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
const none = new Map<string, WaitsFor>();
const otto = {
  userId: 'otto',
  clinicId: 'c',
  clinicSlug: 'harbour',
  clinicName: 'Harbour',
  timeZone: null,
  name: 'Otto Other',
  email: 'otto@harbour.example',
  roles: [],
  unsent: 2,
  lastHereAt: 0,
};

it('says nothing where all is well', () => {
  expect(syncWarnings(well, [{ ...otto, unsent: 0 }], 'anna', none)).toEqual([]);
});

it('names the others whose changes wait here and what they wait for, and never oneself', () => {
  expect(syncWarnings(well, [otto], 'otto', none)).toEqual([]);
  expect(syncWarnings(well, [otto], 'anna', none)).toEqual([
    '2 changes of Otto Other are being sent, as theirs.',
  ]);
  expect(syncWarnings({ ...well, online: false }, [{ ...otto, unsent: 1 }], 'anna', none)).toEqual([
    '1 change of Otto Other waits here for the network too, and goes out as theirs.',
  ]);
  expect(syncWarnings(well, [otto], 'anna', new Map([['otto', 'unlock']]))).toEqual([
    '2 changes of Otto Other wait here until Otto Other unlocks this desk.',
  ]);
  expect(syncWarnings(well, [otto], 'anna', new Map([['otto', 'sign-in']]))).toEqual([
    '2 changes of Otto Other wait here until Otto Other signs in again: their session has ended.',
  ]);
});

it('says what has not arrived, where the first pull was cut short and does not go on', () => {
  const cut: SyncStatus = { ...well, phase: 'filling', missing: ['patients', 'appointments', 'intents'] };
  expect(syncWarnings(cut, [], 'anna', none)).toEqual([]);
  expect(syncWarnings({ ...cut, online: false }, [], 'anna', none)).toEqual([
    'Not everything has arrived yet: visits and patients may be incomplete. The rest comes as soon as the server answers.',
  ]);
});

it.each([
  [5 * hourMs, /5 hours behind/],
  [-5 * hourMs, /5 hours ahead of/],
  [3 * 60_000, /3 minutes behind/],
  [-72 * hourMs, /3 days ahead of/],
])('says that the clock is off by %s ms', (clockOffsetMs, words) => {
  expect(syncWarnings({ ...well, clockOffsetMs }, [], 'anna', none).join()).toMatch(words);
});

it('says where work lies unprotected, once', () => {
  expect(syncWarnings({ ...well, journal: 'none', storagePersisted: false }, [], 'anna', none)).toHaveLength(
    1,
  );
  expect(syncWarnings({ ...well, journal: 'none' }, [], 'anna', none).join()).toMatch(/storage only/);
  expect(syncWarnings({ ...well, journal: 'failed' }, [], 'anna', none).join()).toMatch(/journal/);
  expect(syncWarnings({ ...well, storagePersisted: false }, [], 'anna', none)).toEqual([]);
});

it('names the zones whose clocks are known differently', () => {
  expect(syncWarnings({ ...well, zonesDiffer: ['Africa/Casablanca'] }, [], 'anna', none).join()).toContain(
    'Africa/Casablanca',
  );
});

import { expect, it } from 'vitest';
import { syncReport } from './report';

const report = {
  at: 1_795_000_000_000,
  app: { version: '1.0.0', kind: 'web', operatingSystem: 'linux' },
  wireVersion: 4,
  deviceId: '01a1722b-2a90-7229-bca7-ee4b787f41a7',
  epoch: null,
  backedUpSeq: null,
  transport: 'stream',
  status: {
    phase: 'ready',
    missing: [],
    firstPull: null,
    online: true,
    offlineSince: null,
    unsent: 1,
    needsAttention: 0,
    lastContactAt: 1_795_000_000_000,
    storagePersisted: null,
    clockOffsetMs: -7_200_000,
    zonesDiffer: ['America/Port-au-Prince'],
    journal: 'none',
    problem: null,
  },
  collections: [{ name: 'patients', rows: 20_000, checkpoint: 17, complete: true }],
  pending: { 'appointment.book': 1 },
  pendingRefused: 0,
  answered: { done: 3 },
  refusals: { slot: 1 },
  errors: [{ at: 1_795_000_000_000, during: 'pull patients', code: 'server.busy', times: 2 }],
  storage: { usedBytes: 1, quotaBytes: null },
};

it('takes a report of a desk as it is', () => {
  expect(syncReport.parse(report)).toEqual(report);
});

it('has no room for a word about anybody', () => {
  const words = 'Jan Kowal has a migraine';
  const refused = [
    { ...report, deviceId: words },
    { ...report, transport: words },
    { ...report, pending: { [words]: 1 } },
    { ...report, refusals: { [words]: 1 } },
    { ...report, errors: [{ ...report.errors[0], code: words }] },
    { ...report, errors: [{ ...report.errors[0], during: words }] },
    { ...report, collections: [{ ...report.collections[0], name: words }] },
    { ...report, status: { ...report.status, problem: words } },
    { ...report, status: { ...report.status, zonesDiffer: [words] } },
    { ...report, app: { ...report.app, version: words } },
  ];
  for (const one of refused) expect(syncReport.safeParse(one).success, JSON.stringify(one)).toBe(false);
  // A newer desk may say more: what is not known is left out.
  expect(syncReport.parse({ ...report, patients: [words] })).toEqual(report);
});

it('has a bound', () => {
  const many = Array.from({ length: 200 }, (_, n) => `act.n${n}`);
  const error = report.errors[0];
  for (const one of [
    { ...report, pending: Object.fromEntries(many.map((name) => [name, 1])) },
    { ...report, errors: many.map(() => error) },
    { ...report, status: { ...report.status, zonesDiffer: many.map(() => 'Europe/Warsaw') } },
  ])
    expect(syncReport.safeParse(one).success).toBe(false);
});

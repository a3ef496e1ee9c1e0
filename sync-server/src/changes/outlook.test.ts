import type { Wake } from '@medic/shared/sync/wire';
import { at } from '@medic/shared/testing/builders';
import { expect, it, vi } from 'vitest';
import { Inbox } from './inbox';
import { Outlook, type Told } from './outlook';

const epoch = '00000000-0000-4000-8000-000000000001';
const wake = (seq: number, collections: string[] | null = ['patients']): Wake => ({
  epoch,
  seq,
  collections,
});

interface Reading {
  from: number;
  answer(upTo: number): void;
  fail(): void;
}

function anOutlook() {
  const readings: Reading[] = [];
  const outlook = new Outlook(
    ({ seq: from }) =>
      new Promise((resolve, reject) => {
        readings.push({
          from,
          answer: (seq) =>
            resolve({
              clock: { epoch, seq },
              collections: ['patients'],
              devices: [],
              changes: {
                after: from,
                standing: { epoch, clinicSeq: seq, backedUpSeq: null, serverTime: at('2026-11-23 10:00') },
                history: null,
                rows: [],
              },
            }),
          fail: () => reject(new Error('the database is away')),
        });
      }),
  );
  outlook.startFrom({ epoch, seq: 10 });
  const told: Told[] = [];
  outlook.listeners.add((one) => told.push(one));
  return { outlook, readings, told };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

it('reads once for all who listen, and once for all that happens meanwhile', async () => {
  const { outlook, readings, told } = anOutlook();
  const others: Told[] = [];
  for (let n = 0; n < 200; n++) outlook.listeners.add((one) => others.push(one));
  outlook.moved(wake(11));
  outlook.moved(wake(12));
  outlook.moved(wake(13));
  expect(readings).toHaveLength(1);
  readings[0]?.answer(11);
  // It rests for as long as the reading took.
  await vi.waitFor(() => expect(readings.map(({ from }) => from)).toEqual([10, 11]));
  readings[1]?.answer(13);
  await turn();
  expect(told.map((one) => [one.wake.changes?.after, one.wake.seq])).toEqual([
    [10, 11],
    [11, 13],
  ]);
  expect(others).toHaveLength(400);
  // One object for all: it is put into words once.
  expect(new Set(others.map((one) => one.wake)).size).toBe(2);
});

it('says nothing of what an earlier read has told', async () => {
  const { outlook, readings, told } = anOutlook();
  outlook.moved(wake(11));
  readings[0]?.answer(12);
  await turn();
  outlook.moved(wake(12));
  readings[1]?.answer(12);
  await turn();
  expect(told).toHaveLength(1);
});

it('claims nothing when it could not read, in another epoch, or before it knows where it began', async () => {
  const { outlook, readings, told } = anOutlook();
  outlook.moved(wake(11));
  readings[0]?.fail();
  await turn();
  outlook.moved({ ...wake(3), epoch: '00000000-0000-4000-8000-000000000002' });
  await turn();
  expect(told.map((one) => [one.wake.collections, one.wake.changes])).toEqual([
    [null, undefined],
    [null, undefined],
  ]);
  expect(readings).toHaveLength(1);

  const fresh = new Outlook(() => Promise.reject(new Error('must not read')));
  fresh.listeners.add((one) => told.push(one));
  fresh.moved(wake(5));
  await turn();
  expect(told.at(-1)?.wake).toEqual(wake(5, null));
});

it('has the directory looked at, also when another process’ wake has not come yet', async () => {
  const { outlook, readings, told } = anOutlook();
  outlook.moved(wake(11, ['directory']));
  readings[0]?.answer(11);
  await turn();
  expect(told.map(({ directoryMoved }) => directoryMoved)).toEqual([true]);
});

it('keeps little for a reader that takes nothing, and lets it pull', async () => {
  const inbox = new Inbox();
  const told = (seq: number): Told => ({
    wake: { ...wake(seq, [`c${seq % 3}`]), changes: undefined },
    devices: new Set([`d${seq}`]),
    directoryMoved: seq === 7,
  });
  for (let seq = 1; seq <= 40; seq++) inbox.put(told(seq));
  const taken = inbox.take();
  expect(taken.length).toBeLessThanOrEqual(16);
  expect(taken[0]?.wake).toEqual({ epoch, seq: 33, collections: ['c1', 'c2', 'c0'] });
  expect(taken[0]?.directoryMoved).toBe(true);
  expect(taken[0]?.devices.has('d1')).toBe(true);
  expect(taken.at(-1)?.wake.seq).toBe(40);
});

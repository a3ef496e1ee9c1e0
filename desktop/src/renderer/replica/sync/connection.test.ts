import { MedicError } from '@medic/shared/errors';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { SessionTokens } from '../session/tokens';
import { Connection, pauseMs } from './connection';
import { type ServerApi, ServerUnreachable, type WakeListener } from './server-api';

const wake = { epoch: 'e', seq: 1, collections: null };

/** The network door of a desk: what a stream does is said by each test. */
class Network {
  online = true;
  pings = 0;
  streams: { listener: WakeListener; lastEventId: string | null; open: boolean }[] = [];
  opens: (listener: WakeListener) => void = (listener) => {
    listener.opened();
    listener.woken(wake);
  };
  readonly api = {
    ping: async () => {
      this.pings += 1;
      if (!this.online) throw new ServerUnreachable();
    },
    wake: (_token: string, listener: WakeListener, lastEventId: string | null) => {
      const stream = { listener, lastEventId, open: true };
      this.streams.push(stream);
      queueMicrotask(() => {
        if (stream.open) this.opens(listener);
      });
      return () => {
        stream.open = false;
      };
    },
  } as unknown as ServerApi;
}

const tokens = {
  withAccess: <T>(call: (token: string) => Promise<T>) => call('token'),
} as unknown as SessionTokens;

let network: Network;
let told: string[];
let connection: Connection;
beforeEach(() => {
  vi.useFakeTimers();
  network = new Network();
  told = [];
  connection = new Connection(network.api, tokens, {
    onlineChanged: (online) => told.push(online ? 'online' : 'offline'),
    woken: () => told.push('woken'),
    lookAtAll: () => told.push('look'),
    poll: () => told.push('poll'),
    failed: (error) => told.push(`failed ${(error as MedicError).code}`),
  });
});
afterEach(() => {
  connection.stop();
  vi.useRealTimers();
});

it('spreads two hundred desks that lost their server in one moment evenly over the pause', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (failures, chance) => {
        const pause = pauseMs(failures, () => chance);
        expect(pause).toBeGreaterThanOrEqual(0);
        expect(pause).toBeLessThanOrEqual(15_000);
        // Full jitter: the chance alone says where in the bound it lies.
        expect(pause).toBeCloseTo(chance * pauseMs(failures, () => 1), 6);
      },
    ),
    { seed: 7 },
  );
  const desks = Array.from({ length: 200 }, (_, desk) => pauseMs(4, () => (desk * 0.618) % 1));
  const perSecond = Array.from(
    { length: 8 },
    (_, second) => desks.filter((ms) => Math.floor(ms / 1000) === second).length,
  );
  expect(Math.max(...perSecond)).toBeLessThan(40);
});

it('says which wake-up it heard last when it opens the next stream', async () => {
  connection.start();
  await vi.advanceTimersByTimeAsync(10);
  expect(told).toEqual(['online', 'woken']);
  network.streams[0]?.listener.closed(new ServerUnreachable());
  await vi.advanceTimersByTimeAsync(5_000);
  expect(network.streams.map(({ lastEventId }) => lastEventId).slice(0, 2)).toEqual([null, 'e.1']);
});

it('asks every few seconds where the network lets no stream through', async () => {
  network.opens = () => undefined;
  connection.start();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(connection.streaming).toBe(false);
  expect(connection.online).toBe(true);
  // A stream is tried for ten seconds at a time, then the desk asks until it tries again.
  expect(told.filter((each) => each === 'poll').length).toBeGreaterThanOrEqual(3);
  expect(network.streams.filter(({ open }) => open).length).toBeLessThanOrEqual(1);
});

it('asks nothing while the server is away, and tries again', async () => {
  network.online = false;
  network.opens = (listener) => listener.closed(new ServerUnreachable());
  connection.start();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(told).toEqual(['offline']);
  expect(network.pings).toBeGreaterThan(1);
  network.online = true;
  network.opens = (listener) => {
    listener.opened();
    listener.woken(wake);
  };
  await vi.advanceTimersByTimeAsync(20_000);
  expect(told).toContain('online');
  expect(told.at(-1)).toBe('woken');
});

it('looks at everything when a stream stands and tells nothing', async () => {
  network.opens = (listener) => listener.opened();
  connection.start();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(told).toEqual(['online', 'look']);
});

it('hands on that the session is over', async () => {
  network.opens = (listener) => listener.closed(new MedicError('auth.expired'));
  connection.start();
  await vi.advanceTimersByTimeAsync(10);
  expect(told).toContain('failed auth.expired');
});

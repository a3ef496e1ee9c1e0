/** The server put together and taken apart again: what main runs, and what tests run. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MedicError } from '@medic/shared/errors';
import { type Instant, instant } from '@medic/shared/time/instant';
import { ClinicQueue } from './acts/clinic-queue';
import { Executor } from './acts/execute';
import { FactsCache } from './acts/facts-cache';
import { Limits } from './api/limits';
import type { Services } from './api/trpc';
import { Sessions } from './auth/sessions';
import { ChangeFeed } from './changes/feed';
import { WakeHub } from './changes/wake-hub';
import { clinicIdBySlug } from './db/clinics';
import { findSamePatient } from './db/patients';
import type { Pool } from './db/pool';
import { inClinic } from './db/transaction';
import { createApp } from './http/app';

/** Acts of one clinic that may wait; at 300 a second it is a wait of less than two seconds. */
const longestQueue = 500;

export interface Core {
  services: Services;
  hub: WakeHub;
  queue: ClinicQueue;
}

/** Everything behind HTTP, over a pool of the server's role. */
export async function openCore(
  pool: Pool,
  options: { limitFactor: number; now?: () => Instant },
): Promise<Core> {
  const now = options.now ?? (() => instant(Date.now()));
  const hub = new WakeHub();
  await hub.open(pool);
  const queue = new ClinicQueue(longestQueue);
  const cache = new FactsCache(pool, now);
  const executor = new Executor({
    pool,
    queue,
    cache,
    now,
    onCommit: ({ clinicId, seq, epoch, collections }) => hub.committed(clinicId, { seq, epoch, collections }),
  });
  const services: Services = {
    executor,
    cache,
    feed: new ChangeFeed(pool, hub, now),
    sessions: new Sessions(pool, now),
    limits: new Limits(options.limitFactor),
    clinicIdBySlug: (slug) => clinicIdBySlug(pool, slug),
    findSamePatient: (clinicId, details) =>
      inClinic(pool, clinicId, (tx) => findSamePatient(tx, details), { readOnly: true }),
    now,
  };
  return { services, hub, queue };
}

export interface Listening {
  server: Server;
  url: string;
  /** From now on requests are answered. */
  open(core: Core, pool: Pool): void;
  /** Ends subscriptions and idle connections, lets running requests finish, and waits for the last act. */
  close(): Promise<void>;
}

/** Takes the port at once, so that a taken one is told before anything is started; answers 503 until `open`. */
export async function listenOn(options: {
  port: number;
  host: string;
  trustedProxies: number;
}): Promise<Listening> {
  let opened: { core: Core; pool: Pool } | null = null;
  const app = createApp({
    trustedProxies: options.trustedProxies,
    services: () => opened?.core.services ?? null,
    databaseAnswers: async () => {
      try {
        await opened?.pool.query('SELECT 1');
        return true;
      } catch {
        // The answer is no; why stands in the log of whoever needed the database.
        return false;
      }
    },
  });
  const server = createServer(app);
  server.requestTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') return reject(error);
      const why =
        error.code === 'EACCES' ? 'needs rights that this account lacks' : 'is used by another program';
      reject(
        new MedicError(
          'server.port-taken',
          `Port ${options.port} ${why}. Stop that program, or choose another port: PORT=4401 npm start`,
          { cause: error },
        ),
      );
    });
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    server,
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    open: (core, pool) => {
      opened = { core, pool };
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      // Event streams never end by themselves. What is being decided gets its time first.
      await opened?.core.queue.idle();
      setTimeout(() => server.closeAllConnections(), 200).unref();
      await closed;
      await opened?.core.queue.idle();
      await opened?.core.hub.close();
    },
  };
}

/** The server put together and taken apart again: what main runs, and what tests run. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { MedicError } from '@medic/shared/errors';
import { type Instant, instant } from '@medic/shared/time/instant';
import { ClinicQueue } from './acts/clinic-queue';
import { Executor } from './acts/execute';
import { FactsCache } from './acts/facts-cache';
import { Limits } from './api/limits';
import { Pushes } from './api/pushes';
import type { Services } from './api/trpc';
import { ManageLinks } from './auth/manage-links';
import { Sessions } from './auth/sessions';
import { type CodeMessage, VisitorCodes } from './auth/visitor-codes';
import { usualProofBits, VisitorProofs } from './auth/visitor-proof';
import { VisitorSessions } from './auth/visitor-sessions';
import { keyFor } from './auth/visitors';
import { ChangeFeed } from './changes/feed';
import { WakeHub } from './changes/wake-hub';
import { clinicById, renewEpochs } from './db/clinics';
import { clinicsWithUnsent } from './db/notifications';
import type { Pool } from './db/pool';
import { PortalRecords } from './db/portal-records';
import { inClinic } from './db/transaction';
import { createApp } from './http/app';
import type { InboxMails } from './http/inbox-page';
import { Relay } from './jobs/relay';
import { sendDueMail } from './jobs/tasks/send-mail';
import { CodeSender } from './messages/codes';
import type { Mailer } from './messages/mailer';
import { log } from './telemetry/log';

/** Acts of one clinic that may wait; at 300 a second it is a wait of less than two seconds. */
const longestQueue = 500;
/**
 * Acts at work at a time, of all clinics together. Few, since each connection that takes part has its own plans and
 * catalogue in memory: on two processors an act costs Postgres 1.7 ms with six at a time and 1.1 to 1.4 with three. Not
 * fewer than three, so that a clinic whose clock somebody else holds does not take half the room.
 */
const actsAtOnce = 3;

export interface Core {
  services: Services;
  hub: WakeHub;
  queue: ClinicQueue;
  mail: MailRoad | null;
}

/** How e-mail goes out. */
export interface MailSetup {
  mailer: Mailer;
  /** What links in e-mails begin with. */
  publicUrl: string;
  /** Shown at /dev/inbox, where mail does not leave the machine. */
  inbox?: InboxMails;
}

interface MailRoad {
  inbox: InboxMails | null;
  sendCode(message: CodeMessage): void;
  wake(clinicId: string): void;
  close(): Promise<void>;
}

/** Clinics looked up at a time that have something due; the others come with the next sweep. */
const clinicsPerSweep = 200;
const longestMailCloseMs = 8_000;

/** Everything behind HTTP, over a pool of the server's role. */
export async function openCore(
  pool: Pool,
  options: {
    limitFactor: number;
    /** How much work a visitor's browser shows before it may hold a time; 0 asks for none. */
    proofBits?: number;
    /** 32 bytes that all processes of a server share; without it links and sessions end with the process. */
    secret?: Buffer;
    /** Sends a one-time code, later: returns at once. */
    sendCode?: (message: CodeMessage) => void;
    /** Without it messages stay in the outbox. */
    mail?: MailSetup;
    now?: () => Instant;
  },
): Promise<Core> {
  const now = options.now ?? (() => instant(Date.now()));
  const secret = options.secret ?? randomBytes(32);
  const links = new ManageLinks(secret);
  const hub = new WakeHub();
  const queue = new ClinicQueue({ longest: longestQueue, atOnce: actsAtOnce, perClinic: 1 });
  const cache = new FactsCache(pool, now);
  await meetDatabase(pool);
  await hub.open(pool, async () => {
    cache.dropAll();
    await meetDatabase(pool);
  });
  const executor = new Executor({
    pool,
    queue,
    cache,
    now,
    onCommit: ({ clinicId, seq, epoch, collections }) => {
      hub.committed(clinicId, { seq, epoch, collections });
      mail?.wake(clinicId);
    },
  });
  const mail = options.mail ? openMailRoad(pool, executor, links, options.mail, now) : null;
  const codes = new VisitorCodes({
    pool,
    secret,
    now,
    send:
      options.sendCode ??
      mail?.sendCode ??
      (() => log.warn('a one-time code was asked for, and no mail is set up')),
  });
  const services: Services = {
    executor,
    cache,
    feed: new ChangeFeed(pool, hub, now),
    pushes: new Pushes(executor),
    // Who may listen hangs on the directory, so that is what is said to have changed.
    sessions: new Sessions(pool, now, (clinicId, { epoch, seq }) =>
      hub.committed(clinicId, { epoch, seq, collections: ['directory'] }),
    ),
    limits: new Limits(options.limitFactor),
    proofs: new VisitorProofs(keyFor(secret, 'proof of work'), options.proofBits ?? usualProofBits, now),
    codes,
    portal: new VisitorSessions({ pool, links, codes, now }),
    records: new PortalRecords(pool),
    links,
    now,
  };
  return { services, hub, queue, mail };
}

/** Restored from a dump, or recovered to a point in time, the database says so by itself; the desks have to hear. */
async function meetDatabase(pool: Pool): Promise<void> {
  const renewed = await renewEpochs(pool);
  if (renewed.length > 0)
    log.warn({ clinics: renewed.length }, 'this is a restored database: its clinics have a new epoch');
}

function openMailRoad(
  pool: Pool,
  executor: Executor,
  links: ManageLinks,
  { mailer, publicUrl, inbox }: MailSetup,
  now: () => Instant,
): MailRoad {
  const codes = new CodeSender({
    mailer,
    publicUrl,
    now,
    clinicById: (clinicId) => inClinic(pool, clinicId, (tx) => clinicById(tx, clinicId), { readOnly: true }),
  });
  const relay = new Relay({
    find: () => clinicsWithUnsent(pool, 'email', now(), clinicsPerSweep),
    send: (clinicId) =>
      sendDueMail(
        { pool, execute: (request) => executor.execute(request), mailer, links, publicUrl, now },
        clinicId,
      ),
  });
  return {
    inbox: inbox ?? null,
    sendCode: (message) => codes.send(message),
    wake: (clinicId) => relay.wake(clinicId),
    close: async () => {
      // A mail server that says nothing must not keep this one from stopping; what was under way is sent again.
      await Promise.race([
        Promise.all([relay.close(), codes.close()]),
        sleep(longestMailCloseMs, undefined, { ref: false }),
      ]);
      mailer.close();
    },
  };
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
  /** How long the reader of an event stream may take nothing; half a minute unless said. */
  slowestReaderMs?: number;
}): Promise<Listening> {
  let opened: { core: Core; pool: Pool } | null = null;
  let stopping = false;
  const app = createApp({
    trustedProxies: options.trustedProxies,
    ...(options.slowestReaderMs === undefined ? {} : { slowestReaderMs: options.slowestReaderMs }),
    services: () => (stopping ? null : (opened?.core.services ?? null)),
    inbox: () => opened?.core.mail?.inbox ?? null,
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
      // What comes in on connections that stand is asked to come again later, and not all at the same moment.
      stopping = true;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      // Event streams never end by themselves. What is being decided gets its time first.
      await opened?.core.queue.idle();
      setTimeout(() => server.closeAllConnections(), 200).unref();
      await closed;
      await opened?.core.queue.idle();
      await opened?.core.mail?.close();
      await opened?.core.hub.close();
    },
  };
}

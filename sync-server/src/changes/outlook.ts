/**
 * What desks see that see the same: each move of the clinic's clock is read once for all of them, however many listen,
 * and goes out with the rows that have changed. Two hundred desks that all pull after each act would ask for the same few
 * rows two hundred times.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CollectionName,
  collectionNames,
  collections,
  type RecordKind,
} from '@medic/shared/model/records';
import type { Brought, Wake } from '@medic/shared/sync/wire';
import type { Instant } from '@medic/shared/time/instant';
import { lastAudit } from '../db/audit';
import { changedKinds } from '../db/changed-kinds';
import { type ClockReading, readClock } from '../db/clinics';
import type { Pool } from '../db/pool';
import { inClinic } from '../db/transaction';
import { log } from '../telemetry/log';
import { Gate } from './gate';
import { inOrder, onTheWire, readKind, standingOf } from './pull';
import { type Scope, scopeCondition, scopeOf, type Viewer } from './scope';
import { merged, type WakeHub } from './wake-hub';

/** What changes more at once is better pulled page by page. */
const mostRows = 200;
const readsAtOnce = 4;
/** After a read it rests as long as the read took, up to this: a server that is busy reads less often, and more at a time. */
const longestRestMs = 250;

/** A move of the clock, as one after another is handed to everybody. */
export interface Told {
  wake: Wake;
  /** Devices whose own intents have changed. */
  devices: ReadonlySet<string>;
  /** Who may see what could have changed. */
  directoryMoved: boolean;
}

export type Listener = (told: Told) => void;

export class Outlooks {
  readonly #pool: Pool;
  readonly #hub: WakeHub;
  readonly #now: () => Instant;
  readonly #gate = new Gate({ atOnce: readsAtOnce, mostWaiting: Number.MAX_SAFE_INTEGER });
  readonly #open = new Map<string, Outlook>();

  constructor(pool: Pool, hub: WakeHub, now: () => Instant) {
    this.#pool = pool;
    this.#hub = hub;
    this.#now = now;
  }

  /** Every move of the clock from here on, until it is left. */
  enter(viewer: Viewer, listener: Listener): { outlook: Outlook; leave(): void } {
    const key = keyOf(viewer, this.#now());
    let outlook = this.#open.get(key);
    if (!outlook) {
      const read = (from: ClockReading) =>
        this.#gate.run(() => readChanges(this.#pool, viewer, from, this.#now()));
      outlook = new Outlook(read);
      this.#open.set(key, outlook);
      outlook.leaveHub = this.#hub.subscribe(viewer.clinicId, outlook.moved);
    }
    const entered = outlook;
    entered.listeners.add(listener);
    return {
      outlook: entered,
      leave: () => {
        entered.listeners.delete(listener);
        if (entered.listeners.size > 0 || this.#open.get(key) !== entered) return;
        entered.leaveHub();
        this.#open.delete(key);
      },
    };
  }
}

/** The same for all who are sent the same rows. Who sees some doctors or places only may see what they made, too. */
function keyOf(viewer: Viewer, now: Instant): string {
  const { doctorId, locationIds, ownDoctorId, seesPersonal, deviceId } = scopeOf(viewer, now);
  const alone = doctorId === null && locationIds === null ? null : deviceId;
  return JSON.stringify([viewer.clinicId, doctorId, locationIds, ownDoctorId, seesPersonal, alone]);
}

export class Outlook {
  readonly listeners = new Set<Listener>();
  leaveHub: () => void = () => undefined;
  readonly #read: (from: ClockReading) => Promise<Changes>;
  /** Everything up to here was told. */
  #from: ClockReading | null = null;
  #next: Wake | null = null;
  #running = false;

  constructor(read: (from: ClockReading) => Promise<Changes>) {
    this.#read = read;
  }

  /** Somebody who listens already has read this clock. */
  startFrom(clock: ClockReading): void {
    this.#from ??= { epoch: clock.epoch, seq: clock.seq };
  }

  readonly moved = (wake: Wake): void => {
    this.#next = this.#next ? merged(this.#next, wake) : wake;
    if (this.#running) return;
    this.#running = true;
    this.#run().finally(() => {
      this.#running = false;
    });
  };

  async #run(): Promise<void> {
    for (let wake = this.#take(); wake && this.listeners.size > 0; wake = this.#take()) {
      const began = performance.now();
      const told = await this.#told(wake);
      if (told) for (const listener of this.listeners) listener(told);
      if (this.#next) await sleep(Math.min(performance.now() - began, longestRestMs));
    }
  }

  #take(): Wake | null {
    const next = this.#next;
    this.#next = null;
    return next;
  }

  /** Null where all of it was told already. */
  async #told(wake: Wake): Promise<Told | null> {
    const named = wake.collections;
    const directoryMoved = named === null || named.includes('directory');
    const from = this.#from;
    this.#from = { epoch: wake.epoch, seq: Math.max(wake.seq, from?.seq ?? 0) };
    // Not what is named: what an earlier commit of another process has changed may be told after this one.
    const unread = { wake: { ...wake, collections: null }, devices: nobody, directoryMoved };
    // Another epoch is another clock: everybody starts afresh.
    if (from?.epoch !== wake.epoch || named === null) return unread;
    try {
      const { clock, devices, ...read } = await this.#read(from);
      if (clock.epoch !== wake.epoch) return unread;
      this.#from = clock;
      if (clock.seq === from.seq && !directoryMoved) return null;
      return {
        wake: { ...clock, ...read },
        devices: new Set(devices),
        directoryMoved: directoryMoved || read.collections.includes('directory'),
      };
    } catch (error) {
      log.warn({ err: error }, 'changes could not be read for those who listen; their replicas will pull');
      return unread;
    }
  }
}

const nobody: ReadonlySet<string> = new Set();

interface Changes extends Required<Pick<Wake, 'changes'>> {
  clock: ClockReading;
  collections: CollectionName[];
  devices: string[];
}

async function readChanges(pool: Pool, viewer: Viewer, from: ClockReading, now: Instant): Promise<Changes> {
  const scope = scopeOf(viewer, now);
  return await inClinic(
    pool,
    viewer.clinicId,
    async (tx) => {
      const [clock, end, { kinds, devices }] = await Promise.all([
        readClock(tx, viewer.clinicId),
        lastAudit(tx),
        changedKinds(tx, from.seq),
      ]);
      const changed = collectionNames.filter((name) =>
        collections[name].some((kind) => kinds.includes(kind)),
      );
      const shown = changed.filter((name) => collections[name].every((kind) => !isPersonal(kind, scope)));
      const found = await Promise.all(
        shown.map(async (name) => {
          const byKind = await Promise.all(
            collections[name]
              .filter((kind) => kinds.includes(kind))
              // Whoever gets these stood at `from`, so all that has gone since needs its tombstone.
              .map((kind) => readKind(tx, kind, { ...behind(from.seq), base: from.seq }, scope, mostRows)),
          );
          return { collection: name, rows: inOrder(byKind.flat()) };
        }),
      );
      const count = found.reduce((sum, { rows }) => sum + rows.length, 0);
      const rows = found.map(({ collection, rows }): Brought => {
        return { collection, documents: rows.map((row) => onTheWire(row, scope)) };
      });
      return {
        clock: { epoch: clock.epoch, seq: clock.seq },
        collections: changed,
        devices,
        changes: {
          after: from.seq,
          standing: standingOf(clock, now),
          history: end.position > 0 ? { position: end.position, hash: end.hash } : null,
          // At the limit there may be more.
          rows: count < mostRows ? rows : [],
        },
      };
    },
    { readOnly: true, isolation: 'repeatable read' },
  );
}

/** Behind every row of this moment. */
function behind(seq: number): { seq: number; id: string } {
  return { seq, id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };
}

/** Whether it hangs on the device what of it is seen; all who see no less than everybody share an outlook. */
function isPersonal(kind: RecordKind, scope: Scope): boolean {
  const sharesOutlook = scope.doctorId === null && scope.locationIds === null;
  return sharesOutlook && (scopeCondition(kind, scope, 1)?.values.includes(scope.deviceId) ?? false);
}

/** The change feed as the API sees it: pull, and be woken. */
import type {
  FirstLook,
  FirstLookRequest,
  History,
  PullAnswer,
  PullRequest,
  Standing,
  Wake,
} from '@medic/shared/sync/wire';
import type { Instant } from '@medic/shared/time/instant';
import { readClock } from '../db/clinics';
import type { Pool } from '../db/pool';
import { inClinic } from '../db/transaction';
import { wakeListeners } from '../telemetry/metrics';
import { firstLook } from './first-look';
import { Gate } from './gate';
import { Inbox } from './inbox';
import { type Outlook, Outlooks, type Told } from './outlook';
import { afterFork, isKnown, pull, standingOf } from './pull';
import { scopeOf, type Viewer } from './scope';
import type { WakeHub } from './wake-hub';

/** How the stream of a device goes on; told by whoever knows about sessions. */
export interface Subscription {
  clinicId: string;
  deviceId: string;
  /** Of the last wake that the device had, when it comes back. */
  lastEventId: string | null;
  /** Whether it can make use of rows that come along. */
  brings: boolean;
  /** Rejects when this device may listen no more. */
  viewerNow(): Promise<Viewer>;
}

/** Scopes and sessions are looked at whenever the directory has changed, and this often all the same. */
const lookAgainMs = 60_000;
/** One tab of a desk listens; more come from connections that nobody has noticed to be dead. */
const streamsPerDevice = 4;
const pullsAtOnce = 8;
const mostPullsWaiting = 400;

export class ChangeFeed {
  readonly #pool: Pool;
  readonly #hub: WakeHub;
  readonly #now: () => Instant;
  readonly #pulls = new Gate({ atOnce: pullsAtOnce, mostWaiting: mostPullsWaiting });
  readonly #outlooks: Outlooks;
  readonly #streams = new Map<string, Set<() => void>>();

  constructor(pool: Pool, hub: WakeHub, now: () => Instant) {
    this.#outlooks = new Outlooks(pool, hub, now);
    this.#pool = pool;
    this.#hub = hub;
    this.#now = now;
  }

  async pull(viewer: Viewer, request: Omit<PullRequest, 'wireVersion'>): Promise<PullAnswer> {
    const answer = await this.#pulls.run(() => pull(this.#pool, viewer, request, this.#now()));
    this.#tellNewEpoch(viewer.clinicId, request.checkpoint?.epoch, answer);
    return answer;
  }

  async firstLook(viewer: Viewer, request: Omit<FirstLookRequest, 'wireVersion'>): Promise<FirstLook> {
    return await this.#pulls.run(() => firstLook(this.#pool, viewer, request, this.#now()));
  }

  /** Where the clinic stands, and whether it is still the one that a desk knows: after a restore it is not. */
  async standing(
    clinicId: string,
    known: { epoch?: string | null | undefined; history?: History | null | undefined },
  ): Promise<Standing & { reset: 'epoch' | null }> {
    const [clock, ours] = await inClinic(
      this.#pool,
      clinicId,
      (tx) => Promise.all([readClock(tx, clinicId), isKnown(tx, known.history)]),
      { readOnly: true },
    );
    const standing = standingOf(clock, this.#now());
    const { epoch } = known;
    if (!epoch || (epoch === clock.epoch && ours)) return { ...standing, reset: null };
    if (epoch !== clock.epoch) return { ...standing, reset: 'epoch' };
    const fresh = await afterFork(this.#pool, clinicId, epoch, this.#now());
    this.#tellNewEpoch(clinicId, epoch, fresh);
    return { ...fresh, reset: 'epoch' };
  }

  /** Whoever found out that the database was restored tells all others at once. */
  #tellNewEpoch(clinicId: string, before: string | undefined, { epoch, clinicSeq }: Standing): void {
    if (before !== undefined && before !== epoch)
      this.#hub.committed(clinicId, { epoch, seq: clinicSeq, collections: null });
  }

  /**
   * Where the clinic stands now, then each move of its clock. Of what nobody has read yet only little is kept, so that a
   * slow reader costs no memory.
   */
  async *wakes(subscription: Subscription, signal: AbortSignal): AsyncGenerator<Wake> {
    const { clinicId, deviceId } = subscription;
    const inbox = new Inbox();
    signal.addEventListener('abort', inbox.end);
    const leaveDevice = this.#enter(deviceId, inbox.end);
    wakeListeners.inc();
    let leave: () => void = () => undefined;
    const enter = (viewer: Viewer): Outlook => {
      leave();
      const entered = this.#outlooks.enter(viewer, inbox.put);
      leave = entered.leave;
      return entered.outlook;
    };
    try {
      let viewer = await subscription.viewerNow();
      const outlook = enter(viewer);
      const clock = await inClinic(this.#pool, clinicId, (tx) => readClock(tx, clinicId), { readOnly: true });
      outlook.startFrom(clock);
      // Whoever has missed nothing need not look.
      const missedNothing = subscription.lastEventId === eventIdOf(clock);
      let last: Wake = { epoch: clock.epoch, seq: clock.seq, collections: missedNothing ? [] : null };
      yield last;
      let lookedAt = performance.now();
      while (!inbox.isOver && !signal.aborted) {
        await inbox.arrival(lookAgainMs - (performance.now() - lookedAt));
        const told = inbox.take();
        const directoryMoved = told.some((one) => one.directoryMoved);
        if (directoryMoved || performance.now() - lookedAt >= lookAgainMs) {
          const before = viewer;
          viewer = await subscription.viewerNow();
          lookedAt = performance.now();
          if (this.#scopeOf(viewer) !== this.#scopeOf(before)) {
            // What was read for another scope is not for this device.
            enter(viewer).startFrom(last);
            last = {
              epoch: told.at(-1)?.wake.epoch ?? last.epoch,
              seq: told.at(-1)?.wake.seq ?? last.seq,
              collections: null,
            };
            if (!inbox.isOver) yield last;
            continue;
          }
        }
        for (const one of told) {
          last = one.wake;
          if (!inbox.isOver) yield wakeFor(one, subscription);
        }
      }
    } finally {
      wakeListeners.dec();
      signal.removeEventListener('abort', inbox.end);
      leaveDevice();
      leave();
    }
  }

  #scopeOf(viewer: Viewer): string {
    return scopeOf(viewer, this.#now()).fingerprint;
  }

  /** Of too many streams of one device the oldest ends. */
  #enter(deviceId: string, end: () => void): () => void {
    const streams = this.#streams.get(deviceId) ?? new Set();
    this.#streams.set(deviceId, streams);
    streams.add(end);
    if (streams.size > streamsPerDevice) {
      const [oldest] = streams;
      if (oldest) {
        streams.delete(oldest);
        oldest();
      }
    }
    return () => {
      streams.delete(end);
      if (streams.size === 0 && this.#streams.get(deviceId) === streams) this.#streams.delete(deviceId);
    };
  }
}

/** One device's: its own intents are nobody else's business. The same object for all the others, so that it is put into words once. */
function wakeFor({ wake, devices }: Told, { deviceId, brings }: Subscription): Wake {
  if (brings && !devices.has(deviceId)) return wake;
  const { changes, collections, ...rest } = wake;
  const own = devices.has(deviceId) && collections ? [...collections, 'intents'] : collections;
  return { ...rest, collections: own, ...(brings && changes ? { changes } : {}) };
}

/** How a wake is known when its stream is taken up again. */
export function eventIdOf({ epoch, seq }: { epoch: string; seq: number }): string {
  return `${epoch}.${seq}`;
}

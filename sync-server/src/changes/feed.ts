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
import { afterFork, isKnown, pull, standingOf } from './pull';
import type { Viewer } from './scope';
import { merged, type WakeHub } from './wake-hub';

/** How the stream of a device goes on; told by whoever knows about sessions. */
export interface Subscription {
  clinicId: string;
  deviceId: string;
  /** Of the last wake that the device had, when it comes back. */
  lastEventId: string | null;
  /** What tells one scope from another. Rejects when this device may listen no more. */
  scopeNow(): Promise<string>;
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
  readonly #streams = new Map<string, Set<() => void>>();

  constructor(pool: Pool, hub: WakeHub, now: () => Instant) {
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
   * Where the clinic stands now, then each move of its clock. Moves that nobody has read yet become one, so that a slow
   * reader costs no memory.
   */
  async *wakes(subscription: Subscription, signal: AbortSignal): AsyncGenerator<Wake> {
    const { clinicId } = subscription;
    const inbox: { wake: Wake | null } = { wake: null };
    let arrived: (() => void) | null = null;
    let over = false;
    const leave = this.#hub.subscribe(clinicId, (wake) => {
      inbox.wake = inbox.wake ? merged(inbox.wake, wake) : wake;
      arrived?.();
    });
    const end = () => {
      over = true;
      arrived?.();
    };
    signal.addEventListener('abort', end);
    const leaveDevice = this.#enter(subscription.deviceId, end);
    wakeListeners.inc();
    try {
      let scope = await subscription.scopeNow();
      const clock = await inClinic(this.#pool, clinicId, (tx) => readClock(tx, clinicId), { readOnly: true });
      // Whoever has missed nothing need not look.
      const missedNothing = subscription.lastEventId === eventIdOf(clock);
      yield { epoch: clock.epoch, seq: clock.seq, collections: missedNothing ? [] : null };
      let lookedAt = performance.now();
      while (!over && !signal.aborted) {
        if (inbox.wake === null) {
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, lookAgainMs - (performance.now() - lookedAt));
            timer.unref();
            arrived = () => {
              clearTimeout(timer);
              resolve();
            };
            if (over || signal.aborted) arrived();
          });
          arrived = null;
        }
        const { wake } = inbox;
        inbox.wake = null;
        const directoryMoved =
          wake !== null && (wake.collections === null || wake.collections.includes('directory'));
        if (directoryMoved || performance.now() - lookedAt >= lookAgainMs) {
          const before = scope;
          scope = await subscription.scopeNow();
          lookedAt = performance.now();
          if (wake !== null && scope !== before) wake.collections = null;
        }
        if (wake !== null && !over) yield wake;
      }
    } finally {
      wakeListeners.dec();
      signal.removeEventListener('abort', end);
      leaveDevice();
      leave();
    }
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

/** How a wake is known when its stream is taken up again. */
export function eventIdOf({ epoch, seq }: { epoch: string; seq: number }): string {
  return `${epoch}.${seq}`;
}

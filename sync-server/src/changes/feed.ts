/** The change feed as the API sees it: pull, and be woken. */
import type { PullAnswer, PullRequest, Wake } from '@medic/shared/sync/wire';
import type { Instant } from '@medic/shared/time/instant';
import { readClock } from '../db/clinics';
import type { Pool } from '../db/pool';
import { inClinic } from '../db/transaction';
import { wakeListeners } from '../telemetry/metrics';
import { pull } from './pull';
import type { Viewer } from './scope';
import { merged, type WakeHub } from './wake-hub';

export class ChangeFeed {
  readonly #pool: Pool;
  readonly #hub: WakeHub;
  readonly #now: () => Instant;

  constructor(pool: Pool, hub: WakeHub, now: () => Instant) {
    this.#pool = pool;
    this.#hub = hub;
    this.#now = now;
  }

  pull(viewer: Viewer, request: Omit<PullRequest, 'wireVersion'>): Promise<PullAnswer> {
    return pull(this.#pool, viewer, request, this.#now());
  }

  /** Where the clinic stands now, then each move of its clock. Moves that nobody has read yet become one. */
  async *wakes(clinicId: string, signal: AbortSignal): AsyncGenerator<Wake> {
    let waiting: Wake | null = null;
    let arrived: (() => void) | null = null;
    const leave = this.#hub.subscribe(clinicId, (wake) => {
      waiting = waiting ? merged(waiting, wake) : wake;
      arrived?.();
    });
    const onAbort = () => arrived?.();
    signal.addEventListener('abort', onAbort);
    wakeListeners.inc();
    try {
      const clock = await inClinic(this.#pool, clinicId, (tx) => readClock(tx, clinicId), { readOnly: true });
      yield { ...clock, collections: null };
      while (!signal.aborted) {
        if (waiting === null) {
          await new Promise<void>((resolve) => {
            arrived = resolve;
            if (signal.aborted) resolve();
          });
          arrived = null;
          continue;
        }
        const wake: Wake = waiting;
        waiting = null;
        yield wake;
      }
    } finally {
      wakeListeners.dec();
      signal.removeEventListener('abort', onAbort);
      leave();
    }
  }
}

/** What a second server process on the same database has of its own: connections, a queue, a memory, an executor. */
import type { Instant } from '@medic/shared/time/instant';
import { openAppPool } from '../../db/pool';
import { ClinicQueue } from '../clinic-queue';
import { type Committed, Executor } from '../execute';
import { FactsCache } from '../facts-cache';

export interface AnotherProcess {
  executor: Executor;
  cache: FactsCache;
  close(): Promise<void>;
}

export async function openAnotherProcess(
  url: string,
  {
    now,
    longestQueue = 2000,
    onCommit = () => undefined,
  }: { now: () => Instant; longestQueue?: number; onCommit?: (committed: Committed) => void },
): Promise<AnotherProcess> {
  const pool = await openAppPool(url);
  const queue = new ClinicQueue({ longest: longestQueue, atOnce: 20, perClinic: 1 });
  const cache = new FactsCache(pool, now);
  return {
    executor: new Executor({ pool, queue, cache, now, onCommit }),
    cache,
    close: async () => {
      await queue.idle();
      await pool.end();
    },
  };
}

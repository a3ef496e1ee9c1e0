/**
 * Mutual exclusion between the tabs of one browser. Where the browser has no Web Locks (a page without TLS on
 * another host than localhost), it holds within the tab only.
 */
export interface Locks {
  /** Runs `work` when no other tab runs under this name. */
  hold<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Waits for the name and keeps it until the signal; for the one tab that syncs. */
  keep(name: string, signal: AbortSignal, work: () => void): void;
}

export function openLocks(): Locks {
  return typeof navigator !== 'undefined' && navigator.locks
    ? new TabLocks(navigator.locks)
    : new ProcessLocks();
}

class TabLocks implements Locks {
  readonly #locks: LockManager;

  constructor(locks: LockManager) {
    this.#locks = locks;
  }

  hold<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.#locks.request(name, work) as Promise<T>;
  }

  keep(name: string, signal: AbortSignal, work: () => void): void {
    this.#locks
      .request(name, { signal }, () => {
        work();
        return untilAborted(signal);
      })
      .catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
  }
}

const processQueues = new Map<string, Promise<unknown>>();

class ProcessLocks implements Locks {
  hold<T>(name: string, work: () => Promise<T>): Promise<T> {
    const result = (processQueues.get(name) ?? Promise.resolve()).then(work);
    processQueues.set(
      name,
      // The next in line runs whether this one failed or not; the caller sees the failure.
      result.then(
        () => undefined,
        () => undefined,
      ),
    );
    return result;
  }

  keep(name: string, signal: AbortSignal, work: () => void): void {
    void this.hold(name, async () => {
      if (signal.aborted) return;
      work();
      await untilAborted(signal);
    });
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/**
 * Whether the server answers, and its wake-ups: one stream that is opened again with growing pauses when it ends,
 * and a look every half a minute where HTTP works and the stream does not.
 */
import { MedicError } from '@medic/shared/errors';
import type { Wake } from '@medic/shared/sync/wire';
import type { SessionTokens } from '../session/tokens';
import type { ServerApi } from './server-api';

export interface ConnectionEvents {
  /** The server answers, or does not any more. */
  onlineChanged(online: boolean): void;
  woken(wake: Wake): void;
  /** Something may have been missed: look at everything. */
  lookAtAll(): void;
  failed(error: unknown): void;
}

const firstPauseMs = 500;
const longestPauseMs = 15_000;
const pollEveryMs = 30_000;
/** A stream that held this long was a good one: the next pause starts small again. */
const goodStreamMs = 10_000;

export class Connection {
  readonly #api: ServerApi;
  readonly #tokens: SessionTokens;
  readonly #events: ConnectionEvents;
  readonly #stopped = new AbortController();
  #online: boolean | null = null;
  #kick: (() => void) | null = null;
  readonly #waiting = new Set<() => void>();

  constructor(api: ServerApi, tokens: SessionTokens, events: ConnectionEvents) {
    this.#api = api;
    this.#tokens = tokens;
    this.#events = events;
  }

  get online(): boolean {
    return this.#online === true;
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#stopped.abort();
    this.#kick?.();
    for (const resume of this.#waiting) resume();
  }

  /** Looks at once instead of at the end of the pause: the network is said to be back, or a person asks. */
  tryNow(): void {
    this.#kick?.();
  }

  /** To be told by whoever gets an answer. */
  answered(): void {
    this.#setOnline(true);
  }

  /** To be told by whoever gets none. */
  unanswered(): void {
    this.#setOnline(false);
  }

  /** Resolves when the server answers again, or at the stop. */
  untilOnline(): Promise<void> {
    if (this.#online || this.#stopped.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
    });
  }

  #setOnline(online: boolean): void {
    if (this.#stopped.signal.aborted) return;
    const before = this.#online;
    this.#online = online;
    if (online) {
      const waiting = [...this.#waiting];
      this.#waiting.clear();
      for (const resume of waiting) resume();
      // The stream may sit in a long pause from before.
      if (before === false) this.#kick?.();
    }
    if (before !== online) this.#events.onlineChanged(online);
  }

  async #run(): Promise<void> {
    const signal = this.#stopped.signal;
    let failures = 0;
    let lookedAt = Date.now();
    while (!signal.aborted) {
      const openedAt = Date.now();
      const opened = await this.#listen();
      if (signal.aborted) return;
      failures = opened && Date.now() - openedAt > goodStreamMs ? 0 : failures + 1;
      await this.#probe();
      if (this.online && Date.now() - lookedAt > pollEveryMs) {
        lookedAt = Date.now();
        this.#events.lookAtAll();
      }
      if (opened && this.online && failures === 0) continue;
      await this.#pause(pauseMs(failures));
    }
  }

  /** Holds the stream as long as it lasts; false when it never opened. */
  async #listen(): Promise<boolean> {
    const signal = this.#stopped.signal;
    let opened = false;
    try {
      await this.#tokens.withAccess(
        (accessToken) =>
          new Promise<void>((resolve, reject) => {
            const close = this.#api.wake(accessToken, {
              opened: () => {
                opened = true;
                this.#setOnline(true);
                this.#events.lookAtAll();
              },
              woken: (wake) => this.#events.woken(wake),
              closed: (error) => (opened ? resolve() : reject(error)),
            });
            signal.addEventListener('abort', () => {
              close();
              resolve();
            });
          }),
      );
    } catch (error) {
      if (error instanceof MedicError) this.#events.failed(error);
    }
    return opened;
  }

  async #probe(): Promise<void> {
    try {
      await this.#api.ping();
      this.#setOnline(true);
    } catch {
      // Any failure of a ping means the same, and the state says it.
      this.#setOnline(false);
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise<void>((resolve) => {
      const timer = setTimeout(done, ms);
      function done(): void {
        clearTimeout(timer);
        resolve();
      }
      this.#kick = done;
    }).then(() => {
      this.#kick = null;
    });
  }
}

/** Doubling, with a third of jitter, so that fifty desks do not come back in one moment. */
export function pauseMs(failures: number): number {
  const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.max(0, failures - 1));
  return pause * (0.67 + Math.random() * 0.33);
}

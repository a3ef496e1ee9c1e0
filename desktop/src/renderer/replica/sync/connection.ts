/**
 * Whether the server answers, and its wake-ups: one stream that is opened again with growing pauses when it ends,
 * and a question every few seconds where HTTP works and the stream does not.
 */
import { MedicError } from '@medic/shared/errors';
import type { Wake } from '@medic/shared/sync/wire';
import type { SessionTokens } from '../session/tokens';
import { type ServerApi, ServerUnreachable } from './server-api';

export interface ConnectionEvents {
  /** The server answers, or does not any more. */
  onlineChanged(online: boolean): void;
  woken(wake: Wake): void;
  /** Something may have been missed: look at everything. */
  lookAtAll(): void;
  /** No stream tells of changes: look whether there are any. */
  poll(): void;
  failed(error: unknown): void;
}

const firstPauseMs = 1_000;
const longestPauseMs = 15_000;
/** Where the network lets no stream through: one small question, and more only where something changed. */
const pollEveryMs = 5_000;
/** A stream says at once that it stands; one that is held back by a proxy never does. */
const openTimeoutMs = 10_000;
/** The server tells where it stands as soon as the stream stands. */
const firstWakeMs = 3_000;
/** A stream that held this long was a good one: the next pause starts small again. */
const goodStreamMs = 10_000;

export class Connection {
  readonly #api: ServerApi;
  readonly #tokens: SessionTokens;
  readonly #events: ConnectionEvents;
  readonly #stopped = new AbortController();
  #online: boolean | null = null;
  #kick: (() => void) | null = null;
  #streaming = false;
  #lastEventId: string | null = null;
  #polledAt = Number.NEGATIVE_INFINITY;
  readonly #waiting = new Set<() => void>();

  constructor(api: ServerApi, tokens: SessionTokens, events: ConnectionEvents) {
    this.#api = api;
    this.#tokens = tokens;
    this.#events = events;
  }

  get online(): boolean {
    return this.#online === true;
  }

  /** Whether a stream tells of changes. */
  get streaming(): boolean {
    return this.#streaming;
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
    while (!signal.aborted) {
      const openedAt = performance.now();
      const opened = await this.#listen();
      if (signal.aborted) return;
      failures = opened && performance.now() - openedAt > goodStreamMs ? 1 : failures + 1;
      await this.#probe();
      // A server that stops cuts all its streams in one moment: also after a good one there is a pause, of chance.
      await this.#pollFor(pauseMs(failures));
    }
  }

  /** Waits; meanwhile it asks, where the server answers and only the stream does not come through. */
  async #pollFor(ms: number): Promise<void> {
    const until = performance.now() + ms;
    for (;;) {
      const left = until - performance.now();
      if (this.#stopped.signal.aborted) return;
      if (this.online && performance.now() - this.#polledAt > pollEveryMs) {
        this.#polledAt = performance.now();
        this.#events.poll();
      }
      if (left <= 0) return;
      const kicked = await this.#pause(Math.min(left, pollEveryMs));
      if (kicked) return;
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
            const over = new AbortController();
            const firstWake = () => {
              if (!over.signal.aborted) this.#events.lookAtAll();
            };
            let timer = setTimeout(() => {
              close();
              finish(() => reject(new ServerUnreachable()));
            }, openTimeoutMs);
            const finish = (how: () => void) => {
              clearTimeout(timer);
              over.abort();
              how();
            };
            const close = this.#api.wake(
              accessToken,
              {
                opened: () => {
                  opened = true;
                  this.#streaming = true;
                  this.#setOnline(true);
                  clearTimeout(timer);
                  timer = setTimeout(firstWake, firstWakeMs);
                },
                woken: (wake) => {
                  this.#lastEventId = `${wake.epoch}.${wake.seq}`;
                  clearTimeout(timer);
                  this.#events.woken(wake);
                },
                closed: (error) => finish(() => (opened ? resolve() : reject(error))),
              },
              this.#lastEventId,
            );
            const stop = () => {
              close();
              finish(resolve);
            };
            signal.addEventListener('abort', stop, { signal: over.signal });
          }),
      );
    } catch (error) {
      if (error instanceof MedicError) this.#events.failed(error);
    }
    this.#streaming = false;
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

  /** Whether it was cut short by somebody who wants it tried now. */
  #pause(ms: number): Promise<boolean> {
    return new Promise<boolean>((resolve) => {
      const done = (kicked: boolean) => {
        clearTimeout(timer);
        this.#kick = null;
        resolve(kicked);
      };
      const timer = setTimeout(() => done(false), ms);
      this.#kick = () => done(true);
    });
  }
}

/**
 * Anywhere between nothing and a bound that doubles ("full jitter"): desks that lost their server in one moment come
 * back spread evenly, however many they are.
 */
export function pauseMs(failures: number, random: () => number = Math.random): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** Math.max(0, failures - 1)) * random();
}

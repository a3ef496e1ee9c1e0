/**
 * One run of the app at a desk, from its start to its end or its crash. Whatever it does goes through a door here; when
 * it crashes all doors shut at once, between any two of its steps, and what it still computes reaches nobody.
 */

import type { Random } from '@medic/shared/testing/random';
import { IDBKeyRange } from 'fake-indexeddb';
import type { Globals } from './desk-code';
import type { Link } from './network';
import { type Owner, type Profile, SimulatedChannel } from './profile';
import type { Timer } from './world';

export interface Computer {
  profile: Profile;
  link: Link;
  random: Random;
  /** How far its clock is off. */
  skewMs: number;
}

export class DeskProcess implements Owner {
  readonly log: string[] = [];
  readonly #computer: Computer;
  readonly #timers = new Map<number, Timer>();
  readonly #events = new EventTarget();
  readonly #onCrash: () => void;
  #nextTimer = 1;
  #dead = false;
  /** Steps until it dies; null lives. */
  #fuse: number | null = null;
  #workedMs = 0;

  constructor(computer: Computer, onCrash: () => void) {
    this.#computer = computer;
    this.#onCrash = onCrash;
  }

  get isDead(): boolean {
    return this.#dead;
  }

  get computer(): Computer {
    return this.#computer;
  }

  /** Dies after so many more uses of the computer; null: not any more. */
  light(steps: number | null): void {
    this.#fuse = steps;
  }

  step(): void {
    if (this.#dead || this.#fuse === null) return;
    this.#fuse -= 1;
    if (this.#fuse >= 0) return;
    this.#fuse = null;
    // Between two turns of its event loop: what runs now runs to its end, as in a browser.
    const end = this.#computer.profile.world.begin('a crash');
    setImmediate(() => {
      this.kill();
      end();
    });
  }

  kill(): void {
    if (this.#dead) return;
    this.end();
    this.#onCrash();
  }

  /** Shuts all doors. After an orderly close nothing is lost by it. */
  end(): void {
    this.#dead = true;
    const { profile, link } = this.#computer;
    for (const timer of this.#timers.values()) profile.world.cancel(timer);
    this.#timers.clear();
    profile.release(this);
    link.hangUp(this);
  }

  /** An answer from outside: a dead process never gets it. */
  whileAlive<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      answer.then(
        (value) => {
          if (!this.#dead) resolve(value);
        },
        (error: unknown) => {
          if (!this.#dead) reject(error);
        },
      );
    });
  }

  dispatch(kind: 'online' | 'offline'): void {
    if (!this.#dead) this.#events.dispatchEvent(new Event(kind));
  }

  globals(): Globals {
    const { profile, link, random } = this.#computer;
    const { world } = profile;
    const events = this.#events;
    const now = () => world.now + this.#computer.skewMs;
    const simulatedSetTimeout = (work: () => void, ms = 0): number => {
      const id = this.#nextTimer++;
      if (this.#dead) return id;
      const timer = world.after(Math.min(ms, 2 ** 31), () => {
        this.#timers.delete(id);
        this.step();
        if (!this.#dead) work();
      });
      this.#timers.set(id, timer);
      return id;
    };
    const simulatedClearTimeout = (id: number): void => {
      const timer = this.#timers.get(id);
      if (timer) world.cancel(timer);
      this.#timers.delete(id);
    };
    const intervals = new Map<number, number>();
    const simulatedSetInterval = (work: () => void, ms = 0): number => {
      const key = this.#nextTimer++;
      const again = () =>
        intervals.set(
          key,
          simulatedSetTimeout(() => {
            again();
            work();
          }, ms),
        );
      again();
      return key;
    };
    const simulatedClearInterval = (key: number): void => {
      simulatedClearTimeout(intervals.get(key) ?? 0);
      intervals.delete(key);
    };
    class SimulatedDate extends Date {
      constructor(...args: unknown[]) {
        if (args.length === 0) super(now());
        else super(...(args as []));
      }
      static override now(): number {
        return now();
      }
    }
    const owner = this;
    const own: Globals = {
      // Dexie puts its own in this place while a transaction runs.
      Promise,
      process: undefined,
      Buffer: undefined,
      setImmediate: undefined,
      // To a service worker, and there is none.
      MessageChannel: SilentChannel,
      document: undefined,
      Worker: undefined,
      indexedDB: profile.indexedDb(this),
      IDBKeyRange,
      fetch: (input: string | URL | Request, init?: RequestInit) => {
        this.step();
        return this.whileAlive(link.fetch(this, input, init));
      },
      setTimeout: simulatedSetTimeout,
      clearTimeout: simulatedClearTimeout,
      setInterval: simulatedSetInterval,
      clearInterval: simulatedClearInterval,
      Date: SimulatedDate,
      // Computing takes no virtual time, but what measures itself must see some.
      performance: {
        now: () => {
          this.#workedMs += random.integer(0, 40) / 10;
          return world.now + this.#workedMs;
        },
        mark: () => undefined,
        measure: () => undefined,
      },
      Math: Object.assign(Object.create(Math), { random: () => random.next() }),
      crypto: this.#crypto(),
      navigator: { onLine: true, userAgent: 'simulation', locks: profile.lockManager(this) },
      BroadcastChannel: class extends SimulatedChannel {
        constructor(name: string) {
          super(profile, owner, name);
        }
      },
      AbortSignal: new Proxy(AbortSignal, {
        get: (target, name) =>
          name === 'timeout'
            ? (ms: number) => {
                const controller = new AbortController();
                simulatedSetTimeout(
                  () => controller.abort(new DOMException('timed out', 'TimeoutError')),
                  ms,
                );
                return controller.signal;
              }
            : Reflect.get(target, name),
      }),
      console: this.#console(),
      addEventListener: events.addEventListener.bind(events),
      removeEventListener: events.removeEventListener.bind(events),
      dispatchEvent: events.dispatchEvent.bind(events),
    };
    // Defined, not assigned: some of the real ones have no setter.
    const all = Object.create(globalThis) as Globals;
    for (const name of ['globalThis', 'self', 'window', 'global']) own[name] = all;
    for (const [name, value] of Object.entries(own))
      Object.defineProperty(all, name, { value, writable: true, configurable: true, enumerable: true });
    return all;
  }

  #crypto(): object {
    const { profile, random } = this.#computer;
    const { world } = profile;
    function getRandomValues(array: Uint8Array): Uint8Array {
      for (let i = 0; i < array.length; i++) array[i] = random.integer(0, 255);
      return array;
    }
    const subtle = new Proxy(crypto.subtle, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
        return (...args: unknown[]) => {
          const end = world.begin(`crypto ${String(name)}`);
          return this.whileAlive(method.apply(target, args).finally(end));
        };
      },
    });
    return {
      subtle,
      getRandomValues,
      randomUUID: () => random.id(world.now),
    };
  }

  #console(): object {
    const write =
      (level: string) =>
      (...words: unknown[]) => {
        if (this.#dead) return;
        this.log.push(`${level} ${words.map((word) => said(word)).join(' ')}`);
        if (this.log.length > 50) this.log.shift();
      };
    return {
      log: write('log'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      debug: write('debug'),
    };
  }
}

class SilentChannel {
  readonly port1 = { onmessage: null, close: () => undefined };
  readonly port2 = { onmessage: null, close: () => undefined };
}

function said(word: unknown): string {
  return word instanceof Error ? `${word.stack}${word.cause ? ` (${said(word.cause)})` : ''}` : String(word);
}

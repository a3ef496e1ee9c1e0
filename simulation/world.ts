/**
 * Time as everything in a simulation has it. It stands while anybody works, and then jumps to the next timer: a night
 * offline takes as long as what happens in it.
 */
import { syncBuiltinESMExports } from 'node:module';
import timersPromises from 'node:timers/promises';
import type { Random } from '@medic/shared/testing/random';
import { type Instant, instant } from '@medic/shared/time/instant';

export interface Timer {
  at: number;
  order: number;
  work: (() => void) | null;
}

/** Turns of the event loop in which nothing may have happened before the world counts as still. */
const stillTurns = 3;
const realNow = performance.now.bind(performance);
const { setTimeout: realSetTimeout, clearTimeout: realClearTimeout } = globalThis;

/** A request or a transaction that takes longer than this, by a real clock, has hung. */
const hungAfterMs = 60_000;

export class World {
  readonly random: Random;
  #now: number;
  #order = 0;
  readonly #timers: Timer[] = [];
  /** Work under way outside virtual time: requests at the server, transactions of a store. */
  readonly #underWay = new Map<symbol, string>();
  #moves = 0;
  #moved: (() => void) | null = null;
  /** Work that time does not wait for: commits that are held back on purpose. */
  overlapMs = 0;

  constructor(random: Random, now: Instant) {
    this.random = random;
    this.#now = now;
  }

  get now(): Instant {
    return instant(Math.floor(this.#now));
  }

  after(ms: number, work: () => void): Timer {
    const timer: Timer = { at: this.#now + Math.max(0, ms), order: this.#order++, work };
    let index = this.#timers.length;
    while (index > 0 && isBefore(timer, this.#timers[index - 1] as Timer)) index -= 1;
    this.#timers.splice(index, 0, timer);
    return timer;
  }

  cancel(timer: Timer): void {
    timer.work = null;
  }

  /** Time stands until the answer is called. */
  begin(what: string): () => void {
    const key = Symbol();
    this.#underWay.set(key, what);
    this.#move();
    return () => {
      if (this.#underWay.delete(key)) this.#move();
    };
  }

  /** Something happened, so that others may react to it before time goes on. */
  touched(): void {
    this.#move();
  }

  /** Waits until nobody works. */
  async settle(): Promise<void> {
    const began = realNow();
    for (let still = 0; still < stillTurns; ) {
      const before = this.#moves;
      await turn();
      if (this.#moves !== before) still = 0;
      else if (this.#underWay.size === 0) still += 1;
      else if (this.overlapMs > 0 && realNow() - began > this.overlapMs) return;
      else {
        await this.#untilMoved(this.overlapMs > 0 ? 2 : 50);
        if (realNow() - began > hungAfterMs)
          throw new Error(`hung for a minute: ${[...this.#underWay.values()].slice(0, 5).join(', ')}`);
      }
    }
  }

  /** Lets so much time pass, with all that is due in it. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.settle();
    while (await this.#next(end)) await this.settle();
    this.#now = Math.max(this.#now, end);
  }

  /** Lets time pass until it is true, for so long at most. */
  async until(isTrue: () => boolean, withinMs: number): Promise<boolean> {
    const end = this.#now + withinMs;
    await this.settle();
    while (!isTrue()) {
      if (!(await this.#next(end))) {
        this.#now = end;
        return isTrue();
      }
      await this.settle();
    }
    return true;
  }

  async #next(end: number): Promise<boolean> {
    for (;;) {
      const first = this.#timers[0];
      if (first && first.work === null) {
        this.#timers.shift();
        continue;
      }
      if (!first || first.at > end) return false;
      this.#timers.shift();
      this.#now = Math.max(this.#now, first.at);
      const { work } = first;
      first.work = null;
      work?.();
      return true;
    }
  }

  #move(): void {
    this.#moves += 1;
    this.#moved?.();
    this.#moved = null;
  }

  #untilMoved(atMostMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = realSetTimeout(resolve, atMostMs);
      this.#moved = () => {
        realClearTimeout(timer);
        resolve();
      };
    });
  }
}

/**
 * Gives the server, which lives in this process, the world's time for its timers and stopwatches: what pings every ten
 * seconds and looks again every minute does so in virtual ones. Answers with how to take it back.
 */
export function lendTime(world: World): () => void {
  const before = {
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    setInterval: globalThis.setInterval,
    clearInterval: globalThis.clearInterval,
    now: performance.now,
    sleep: timersPromises.setTimeout,
  };
  class Lent {
    timer: Timer | null = null;
    ref(): this {
      return this;
    }
    unref(): this {
      return this;
    }
    hasRef(): boolean {
      return true;
    }
    refresh(): this {
      return this;
    }
    close(): void {
      cancel(this);
    }
    [Symbol.dispose](): void {
      cancel(this);
    }
  }
  function cancel(lent: unknown): void {
    if (lent instanceof Lent && lent.timer) world.cancel(lent.timer);
    // One from before.
    else if (!(lent instanceof Lent)) realClearTimeout(lent as NodeJS.Timeout);
  }
  function later(work: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): Lent {
    const lent = new Lent();
    lent.timer = world.after(Math.max(1, ms), () => work(...args));
    return lent;
  }
  function again(work: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): Lent {
    const lent = new Lent();
    const next = () => {
      lent.timer = world.after(Math.max(1, ms), () => {
        next();
        work(...args);
      });
    };
    next();
    return lent;
  }
  Object.assign(globalThis, {
    setTimeout: later,
    clearTimeout: cancel,
    setInterval: again,
    clearInterval: cancel,
  });
  performance.now = () => world.now;
  timersPromises.setTimeout = <T>(ms = 0, value?: T, { signal }: { signal?: AbortSignal } = {}) =>
    new Promise<T>((resolve, reject) => {
      const timer = world.after(Math.max(1, ms), () => resolve(value as T));
      signal?.addEventListener('abort', () => {
        world.cancel(timer);
        reject(signal.reason);
      });
    });
  syncBuiltinESMExports();
  return () => {
    const { now, sleep, ...timers } = before;
    Object.assign(globalThis, timers);
    performance.now = now;
    timersPromises.setTimeout = sleep;
    syncBuiltinESMExports();
  };
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

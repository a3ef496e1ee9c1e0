/** Something that is done again and again without a pause: in a simulation time stands, at a desk the computer gets hot. */
import type { World } from './world';

/** A first pull in small pages is busy for a second or two, and no longer. */
const spanMs = 10_000;

export class Frenzy {
  readonly #world: World;
  readonly #mostInASpan: number;
  #span = 0;
  #times = 0;
  /** The most that was seen within ten seconds, once that was too much; else null. */
  seen: number | null = null;

  constructor(world: World, mostInASpan: number) {
    this.#world = world;
    this.#mostInASpan = mostInASpan;
  }

  again(): void {
    const span = Math.floor(this.#world.now / spanMs);
    if (span !== this.#span) this.#times = 0;
    this.#span = span;
    this.#times += 1;
    if (this.#times > this.#mostInASpan) this.seen = Math.max(this.seen ?? 0, this.#times);
  }
}

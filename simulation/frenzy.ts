/** Something that is done again and again without a pause: in a simulation time stands, at a desk the computer gets hot. */
import type { World } from './world';

export class Frenzy {
  readonly #world: World;
  readonly #mostInASecond: number;
  #second = 0;
  #times = 0;
  /** The most that was seen within a second, once that was too much; else null. */
  seen: number | null = null;

  constructor(world: World, mostInASecond: number) {
    this.#world = world;
    this.#mostInASecond = mostInASecond;
  }

  again(): void {
    const second = Math.floor(this.#world.now / 1000);
    if (second !== this.#second) this.#times = 0;
    this.#second = second;
    this.#times += 1;
    if (this.#times > this.#mostInASecond) this.seen = Math.max(this.seen ?? 0, this.#times);
  }
}

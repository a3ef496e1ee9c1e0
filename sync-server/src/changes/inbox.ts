/** What a stream's reader has not taken yet: some moves of the clock as they are, more of them as one without rows. */
import type { Told } from './outlook';
import { merged } from './wake-hub';

const mostKept = 16;

export class Inbox {
  #told: Told[] = [];
  #arrived: (() => void) | null = null;
  #over = false;

  get isOver(): boolean {
    return this.#over;
  }

  readonly put = (told: Told): void => {
    this.#told = this.#told.length < mostKept ? [...this.#told, told] : [[...this.#told, told].reduce(asOne)];
    this.#arrived?.();
  };

  readonly end = (): void => {
    this.#over = true;
    this.#arrived?.();
  };

  take(): Told[] {
    const told = this.#told;
    this.#told = [];
    return told;
  }

  /** Resolves when there is something, at the end, or after so many milliseconds. */
  async arrival(withinMs: number): Promise<void> {
    if (this.#told.length > 0 || this.#over) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      timer.unref();
      this.#arrived = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#arrived = null;
  }
}

function asOne(a: Told, b: Told): Told {
  return {
    wake: merged(a.wake, b.wake),
    devices: new Set([...a.devices, ...b.devices]),
    directoryMoved: a.directoryMoved || b.directoryMoved,
  };
}

import { Socket } from 'node:net';

type Written = (error?: Error | null) => void;

/**
 * What is written in one turn of the event loop goes out in one piece. pg writes each statement by itself; where a
 * transaction sends a dozen, the system calls took a quarter of all that an act costs, and Postgres woke up for each.
 */
export class TurnSocket extends Socket {
  #isHeld = false;

  override connect(...args: unknown[]): this {
    (super.connect as (...args: unknown[]) => this)(...args);
    // With each connection Node gives a socket its own `write` again, as a property that hides the one below.
    Reflect.deleteProperty(this, 'write');
    return this;
  }

  override write(
    chunk: Uint8Array | string,
    encodingOrWritten?: BufferEncoding | Written,
    written?: Written,
  ): boolean {
    if (!this.#isHeld) {
      this.#isHeld = true;
      this.cork();
      process.nextTick(() => {
        this.#isHeld = false;
        this.uncork();
      });
    }
    return typeof encodingOrWritten === 'string'
      ? super.write(chunk as string, encodingOrWritten, written)
      : super.write(chunk, encodingOrWritten);
  }
}

/**
 * Callers that come while a read is under way share the next one: what they get is never older than their question, and
 * a rush costs as many reads as fit one after another.
 */
export class SharedReads<T> {
  readonly #running = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<T>>();

  read(key: string, read: () => Promise<T>): Promise<T> {
    const next = this.#next.get(key);
    if (next) return next;
    const running = this.#running.get(key);
    if (!running) return this.#start(key, read);
    const shared = running.then(() => {
      this.#next.delete(key);
      return this.#start(key, read);
    });
    this.#next.set(key, shared);
    return shared;
  }

  #start(key: string, read: () => Promise<T>): Promise<T> {
    const reading = read();
    const over = reading.then(
      () => undefined,
      () => undefined,
    );
    this.#running.set(key, over);
    void over.then(() => {
      if (this.#running.get(key) === over) this.#running.delete(key);
    });
    return reading;
  }
}

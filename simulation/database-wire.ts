/**
 * What lies between the server and Postgres: every byte goes through here, so that a server can be killed between any
 * two of its statements, a COMMIT can be lost on either side of its doing, or come late.
 */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type CutAt = 'before' | 'after';

export class DatabaseWire {
  readonly #server: Server;
  readonly #pairs = new Set<[Socket, Socket]>();
  #writes = 0;
  #fuse: { writes: number; cut: CutAt; burnt: () => void } | null = null;
  #late: { held: (() => void)[] } | null = null;
  #commits = 0;

  private constructor(target: { host: string; port: number }) {
    this.#server = createServer({ noDelay: true }, (near) => {
      const far = connect({ ...target, noDelay: true });
      const pair: [Socket, Socket] = [near, far];
      this.#pairs.add(pair);
      const close = () => {
        this.#pairs.delete(pair);
        near.destroy();
        far.destroy();
      };
      for (const socket of pair) socket.on('close', close).on('error', close);
      far.on('data', (chunk) => near.write(chunk));
      // Chunks stay in order behind one that is held back.
      let before: Promise<void> = Promise.resolve();
      near.on('data', (chunk) => {
        before = before.then(() => this.#forward(chunk, far));
      });
    });
  }

  static async open(target: { host: string; port: number }): Promise<DatabaseWire> {
    const wire = new DatabaseWire(target);
    await new Promise<void>((resolve) => wire.#server.listen(0, '127.0.0.1', resolve));
    return wire;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Commits that were held back. */
  get lateCommits(): number {
    return this.#commits;
  }

  /** All connections break after so many more writes of the server, before or after the last of them has gone through. */
  light(writes: number, cut: CutAt, burnt: () => void): void {
    this.#fuse = { writes, cut, burnt };
  }

  cutAll(): void {
    this.#fuse = null;
    for (const [near, far] of this.#pairs) {
      near.destroy();
      far.destroy();
    }
  }

  /** From now on commits wait. */
  holdCommits(): void {
    this.#late ??= { held: [] };
  }

  letCommitsGo(): void {
    const held = this.#late?.held ?? [];
    this.#late = null;
    for (const go of held) go();
  }

  get heldCommits(): number {
    return this.#late?.held.length ?? 0;
  }

  async close(): Promise<void> {
    this.letCommitsGo();
    this.cutAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #forward(chunk: Buffer, far: Socket): Promise<void> {
    this.#writes += 1;
    const fuse = this.#fuse;
    if (fuse && --fuse.writes < 0) {
      this.#fuse = null;
      if (fuse.cut === 'after') {
        far.write(chunk);
        // What has arrived is done, though nobody hears of it.
        await sleep(5);
      }
      fuse.burnt();
      this.cutAll();
      return;
    }
    if (this.#late && chunk.includes('COMMIT')) {
      this.#commits += 1;
      await new Promise<void>((resolve) => this.#late?.held.push(resolve));
    }
    if (!far.destroyed) far.write(chunk);
  }
}

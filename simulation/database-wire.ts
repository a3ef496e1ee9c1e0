/**
 * What lies between the server and Postgres: every byte goes through here, so that a server can be killed between any
 * two of its statements, a COMMIT can be lost on either side of its doing, or come late.
 */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** The server's time is the simulation's; this one is of the real Postgres. */
const realSetTimeout = globalThis.setTimeout;

export type CutAt = 'before' | 'after';

export class DatabaseWire {
  readonly #server: Server;
  readonly #pairs = new Set<[Socket, Socket]>();
  #writes = 0;
  #fuse: { writes: number; cut: CutAt; burnt: () => void } | null = null;
  #late: { held: (() => void)[] } | null = null;
  #commits = 0;

  /** `begin` is told of each question that Postgres has not answered, and answers with what ends it. */
  private constructor(target: { host: string; port: number }, begin: (what: string) => () => void) {
    this.#server = createServer({ noDelay: true }, (near) => {
      const far = connect({ ...target, noDelay: true });
      const pair: [Socket, Socket] = [near, far];
      this.#pairs.add(pair);
      const asked = new Messages(true);
      const answered = new Messages(false);
      const open: (() => void)[] = [];
      const close = () => {
        this.#pairs.delete(pair);
        for (const end of open.splice(0)) end();
        near.destroy();
        far.destroy();
      };
      for (const socket of pair) socket.on('close', close).on('error', close);
      far.on('data', (chunk) => {
        near.write(chunk);
        for (let i = answered.count(chunk, 'Z'); i > 0; i--) open.shift()?.();
      });
      // Chunks stay in order behind one that is held back.
      let before: Promise<void> = Promise.resolve();
      near.on('data', (chunk) => {
        for (let i = asked.count(chunk, 'QS'); i > 0; i--) open.push(begin('a question to Postgres'));
        before = before.then(() => this.#forward(chunk, far));
      });
    });
  }

  static async open(
    target: { host: string; port: number },
    begin: (what: string) => () => void,
  ): Promise<DatabaseWire> {
    const wire = new DatabaseWire(target, begin);
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
        await new Promise((resolve) => realSetTimeout(resolve, 5));
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

/** Counts the messages of one direction by their kind, however they are cut into chunks. */
class Messages {
  /** The first of a client has no letter. */
  #isFirst: boolean;
  #rest = Buffer.alloc(0);
  #skip = 0;

  constructor(ofClient: boolean) {
    this.#isFirst = ofClient;
  }

  count(chunk: Buffer, kinds: string): number {
    let found = 0;
    let left = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    for (;;) {
      const skipped = Math.min(this.#skip, left.length);
      left = left.subarray(skipped);
      this.#skip -= skipped;
      const head = this.#isFirst ? 4 : 5;
      if (left.length < head) break;
      const letter = this.#isFirst ? 'Q' : String.fromCharCode(left[0] as number);
      if (kinds.includes(letter)) found += 1;
      this.#skip = left.readUInt32BE(head - 4) + head - 4;
      this.#isFirst = false;
    }
    this.#rest = Buffer.from(left);
    return found;
  }
}

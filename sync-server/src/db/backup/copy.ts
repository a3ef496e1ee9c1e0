/**
 * COPY in both directions, in Postgres' text format, without holding more in memory than what is on its way. Over a
 * connection of its own (`openCopyClient`): on one that pipelines, other statements would end up between the rows.
 */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type pg from 'pg';

/** How many bytes may wait for whoever takes them before Postgres is made to wait. */
const mostWaitingBytes = 1024 * 1024;

/** What pg calls while a query of ours is the active one; it has no types for this. */
interface WireConnection {
  stream: Socket;
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(why: string): void;
}

/** The answer to `COPY … TO STDOUT`, in pieces that may cut rows in two. */
export async function* copyOut(client: pg.Client, text: string): AsyncGenerator<Buffer> {
  const query = new CopyOut(text);
  client.query(query as unknown as pg.Submittable);
  try {
    for (;;) {
      const piece = await query.next();
      if (piece === null) return;
      yield piece;
    }
  } finally {
    query.drain();
  }
}

class CopyOut {
  readonly #text: string;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #over = false;
  #draining = false;
  #failure: Error | null = null;
  #wake: (() => void) | null = null;
  #stream: Socket | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  async next(): Promise<Buffer | null> {
    while (this.#pieces.length === 0 && !this.#over) {
      this.#stream?.resume();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure) throw this.#failure;
    if (this.#pieces.length === 0) return null;
    const all = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#bytes = 0;
    this.#stream?.resume();
    return all;
  }

  /** Nobody wants the rest: it is thrown away as it comes. */
  drain(): void {
    this.#draining = true;
    this.#pieces = [];
    this.#stream?.resume();
  }

  submit(connection: WireConnection): void {
    this.#stream = connection.stream;
    connection.query(this.#text);
  }

  handleCopyData({ chunk }: { chunk: Buffer }): void {
    if (this.#draining) return;
    // pg gives a view into what it has read, and reads over it afterwards.
    this.#pieces.push(Buffer.from(chunk));
    this.#bytes += chunk.length;
    if (this.#bytes > mostWaitingBytes) this.#stream?.pause();
    this.#tell();
  }

  handleError(error: Error): void {
    this.#failure = error;
    this.#end();
  }

  handleReadyForQuery(): void {
    this.#end();
  }

  handleCommandComplete(): void {
    // All rows have come; what ends the query is that the connection is ready again.
  }

  #end(): void {
    this.#over = true;
    this.#tell();
  }

  #tell(): void {
    this.#wake?.();
    this.#wake = null;
  }
}

/** Feeds `COPY … FROM STDIN`; gives how many rows were taken. */
export async function copyIn(
  client: pg.Client,
  text: string,
  pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
): Promise<number> {
  const query = new CopyIn(text);
  client.query(query as unknown as pg.Submittable);
  const connection = await query.ready;
  try {
    for await (const piece of pieces) {
      if (query.over) break;
      connection.sendCopyFromChunk(piece);
      if (connection.stream.writableNeedDrain)
        await Promise.race([once(connection.stream, 'drain'), query.done.catch(() => undefined)]);
    }
  } catch (error) {
    connection.sendCopyFail('the rows ended before their end');
    await query.done.catch(() => undefined);
    throw error;
  }
  if (!query.over) connection.endCopyFrom();
  return await query.done;
}

class CopyIn {
  readonly ready: Promise<WireConnection>;
  readonly done: Promise<number>;
  over = false;
  readonly #text: string;
  #rows = 0;
  #failure: Error | null = null;
  #begin: (connection: WireConnection) => void = () => undefined;
  #refuse: (error: Error) => void = () => undefined;
  #finish: (rows: number) => void = () => undefined;
  #fail: (error: Error) => void = () => undefined;

  constructor(text: string) {
    this.#text = text;
    this.ready = new Promise((resolve, reject) => {
      this.#begin = resolve;
      this.#refuse = reject;
    });
    this.done = new Promise((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
    });
    // Whoever waits for `ready` hears of a failure before this is looked at.
    this.done.catch(() => undefined);
  }

  submit(connection: WireConnection): void {
    connection.query(this.#text);
  }

  handleCopyInResponse(connection: WireConnection): void {
    this.#begin(connection);
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.#rows = Number(/^COPY (\d+)$/.exec(text)?.[1] ?? 0);
  }

  handleError(error: Error): void {
    this.over = true;
    this.#failure = error;
    this.#refuse(error);
    this.#fail(error);
  }

  handleReadyForQuery(): void {
    this.over = true;
    if (!this.#failure) this.#finish(this.#rows);
  }
}

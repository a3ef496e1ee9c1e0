/**
 * Callers for benchmarks: each has a connection of its own and asks again as soon as it is answered. Written on plain
 * sockets, because a client that takes as much of the machine as the server hides how much the server takes.
 */
import { connect, type Socket } from 'node:net';

export interface Asked {
  method: 'GET' | 'POST';
  path: string;
  body?: string;
}

export interface Answered {
  status: number;
  body: string;
}

export class Caller {
  readonly #socket: Socket;
  readonly #host: string;
  #received = '';
  #waiting: { resolve: (answer: Answered) => void; reject: (error: Error) => void } | null = null;

  constructor(url: string) {
    const { hostname, port, host } = new URL(url);
    this.#host = host;
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true });
    // One character a byte, so that lengths can be compared.
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (text: string) => this.#take(text));
    this.#socket.on('error', (error) => this.#waiting?.reject(error));
    this.#socket.on('close', () => this.#waiting?.reject(new Error('the server hung up')));
  }

  ask({ method, path, body }: Asked): Promise<Answered> {
    const head = [`${method} ${path} HTTP/1.1`, `Host: ${this.#host}`];
    if (body !== undefined)
      head.push('Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(`${head.join('\r\n')}\r\n\r\n${body ?? ''}`);
    });
  }

  close(): void {
    this.#waiting = null;
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#received += text;
    const endOfHead = this.#received.indexOf('\r\n\r\n');
    if (endOfHead < 0) return;
    const head = this.#received.slice(0, endOfHead);
    const rest = this.#received.slice(endOfHead + 4);
    const length = /^content-length: (\d+)/im.exec(head)?.[1];
    const isWhole = length === undefined ? rest.endsWith('0\r\n\r\n') : rest.length >= Number(length);
    if (!isWhole) return;
    this.#received = '';
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve({
      status: Number(head.slice(9, 12)),
      body: length === undefined ? withoutChunks(rest) : rest,
    });
  }
}

function withoutChunks(text: string): string {
  let body = '';
  for (let at = 0; ; ) {
    const endOfLine = text.indexOf('\r\n', at);
    const length = Number.parseInt(text.slice(at, endOfLine), 16);
    if (length === 0) return body;
    body += text.slice(endOfLine + 2, endOfLine + 2 + length);
    at = endOfLine + 2 + length + 2;
  }
}

export interface Rush {
  /** Milliseconds of each call. */
  samples: number[];
  perSecond: number;
}

/** What is asked next; null ends the rush. */
export type Next = () => Asked | null;

/** `callers` at once, each with its own connection, until `next` has no more or the time is over. */
export async function rush(
  url: string,
  { callers, forMs = Number.POSITIVE_INFINITY, next }: { callers: number; forMs?: number; next: Next },
): Promise<Rush> {
  const samples: number[] = [];
  const started = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      const caller = new Caller(url);
      try {
        for (let asked = next(); asked; asked = next()) {
          const begun = performance.now();
          const answer = await caller.ask(asked);
          samples.push(performance.now() - begun);
          if (answer.status !== 200 || answer.body.includes('"kind":"refused"'))
            throw new Error(`${answer.status} from ${asked.path}: ${answer.body.slice(0, 300)}`);
          if (performance.now() - started > forMs) break;
        }
      } finally {
        caller.close();
      }
    }),
  );
  return { samples, perSecond: samples.length / ((performance.now() - started) / 1000) };
}

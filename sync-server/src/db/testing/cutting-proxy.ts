/**
 * A wire between a server and Postgres that can be cut at the worst moment: when a transaction that writes commits.
 * It reads just enough of the protocol to know that moment.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** `before`: Postgres never hears of the COMMIT. `after`: it has done it, and its answer is lost. */
export type Cut = 'before' | 'after';

/** An act takes the clock by a statement of this name, and nobody does who only reads. */
const takesClock = Buffer.from('begin act');
const commit = Buffer.from('COMMIT\0');

export class CuttingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #next: Cut | null = null;
  /** How often it cut. */
  cuts = 0;
  readonly url: string;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  static async open(databaseUrl: string): Promise<CuttingProxy> {
    const target = new URL(databaseUrl);
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(databaseUrl);
    url.hostname = '127.0.0.1';
    url.port = String((server.address() as AddressInfo).port);
    const proxy = new CuttingProxy(server, url.toString());
    server.on('connection', (client) => {
      proxy.#join(client, connect({ host: target.hostname, port: Number(target.port || 5432) }));
    });
    return proxy;
  }

  /** Cuts the connection whose transaction commits next. */
  cutNext(cut: Cut): void {
    this.#next = cut;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket, postgres: Socket): void {
    let writes = false;
    let isCommitting = false;
    // A word may be split between two pieces.
    let tail = Buffer.alloc(0);
    const hangUp = (): void => {
      client.destroy();
      postgres.destroy();
    };
    for (const socket of [client, postgres]) {
      this.#sockets.add(socket);
      socket.on('error', hangUp);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        hangUp();
      });
    }
    client.on('data', (piece) => {
      const seen = Buffer.concat([tail, piece]);
      tail = seen.subarray(-takesClock.length);
      if (seen.includes(takesClock)) writes = true;
      if (writes && piece.includes(commit)) {
        if (this.#next === 'before') {
          this.#cut(hangUp);
          return;
        }
        isCommitting = true;
      }
      postgres.write(piece);
    });
    postgres.on('data', (piece) => {
      if (isCommitting && piece.includes(commit)) {
        writes = false;
        isCommitting = false;
        if (this.#next === 'after') {
          this.#cut(hangUp);
          return;
        }
      }
      client.write(piece);
    });
  }

  #cut(hangUp: () => void): void {
    this.#next = null;
    this.cuts++;
    hangUp();
  }
}

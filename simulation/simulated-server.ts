/** The server of a simulation: the real one on a port of loopback, over a database that can be taken from under it. */
import { randomBytes } from 'node:crypto';
import { openAppPool, type Pool } from '../sync-server/src/db/pool';
import { type Core, type Listening, listenOn, openCore } from '../sync-server/src/server';
import { type CutAt, DatabaseWire } from './database-wire';
import type { World } from './world';

interface Running {
  listening: Listening;
  core: Core;
  pool: Pool;
  wire: DatabaseWire;
}

export class SimulatedServer {
  readonly #world: World;
  readonly #secret = randomBytes(32);
  #databaseUrl: string;
  #running: Running | null = null;
  readonly #buried: Promise<unknown>[] = [];

  constructor(databaseUrl: string, world: World) {
    this.#databaseUrl = databaseUrl;
    this.#world = world;
  }

  /** Where it listens; null while it is down. */
  get url(): string | null {
    return this.#running?.listening.url ?? null;
  }

  get core(): Core | null {
    return this.#running?.core ?? null;
  }

  get wire(): DatabaseWire | null {
    return this.#running?.wire ?? null;
  }

  async start(databaseUrl = this.#databaseUrl): Promise<void> {
    if (this.#running) return;
    this.#databaseUrl = databaseUrl;
    const url = new URL(databaseUrl);
    const wire = await DatabaseWire.open({ host: url.hostname, port: Number(url.port) }, (what) =>
      this.#world.begin(what),
    );
    url.hostname = '127.0.0.1';
    url.port = String(wire.port);
    const pool = await openAppPool(url.toString());
    const core = await openCore(pool, {
      limitFactor: 1_000_000,
      proofBits: 0,
      secret: this.#secret,
      now: () => this.#world.now,
    });
    const listening = await listenOn({ port: 0, host: '127.0.0.1', trustedProxies: 0 });
    listening.open(core, pool);
    this.#running = { listening, core, pool, wire };
  }

  /** As kill -9 does it: every connection breaks, those to Postgres first, and what was not committed is not. */
  kill(): void {
    const running = this.#running;
    if (!running) return;
    this.#running = null;
    running.wire.cutAll();
    running.listening.server.closeAllConnections();
    this.#buried.push(bury(running));
  }

  /** Dies after so many more writes to Postgres. */
  killAfter(writes: number, cut: CutAt, died: () => void): void {
    const running = this.#running;
    running?.wire.light(writes, cut, () => {
      if (this.#running !== running) return;
      this.kill();
      died();
    });
  }

  /** Loses its connections to Postgres and goes on. */
  loseDatabase(writes: number, cut: CutAt, lost: () => void): void {
    this.#running?.wire.light(writes, cut, lost);
  }

  async stop(): Promise<void> {
    this.kill();
    await Promise.all(this.#buried);
  }
}

/** What is left of a killed server in this process. It can reach nobody. */
async function bury({ listening, core, pool, wire }: Running): Promise<void> {
  await wire.close();
  await new Promise((resolve) => listening.server.close(resolve));
  await core.hub.close();
  await pool.end();
}

/** The network between a desk and the server: real HTTP on loopback, with what networks do to it in between. */
import type { Random } from '@medic/shared/testing/random';
import { Frenzy } from './frenzy';
import type { Owner } from './profile';
import type { World } from './world';

export interface Weather {
  /** Of a thousand requests, so many never arrive. */
  lostRequests: number;
  /** ... are done, and the answer gets lost. */
  lostAnswers: number;
  /** ... arrive twice. */
  repeated: number;
  longestDelayMs: number;
}

export const fairWeather: Weather = { lostRequests: 0, lostAnswers: 0, repeated: 0, longestDelayMs: 20 };

export interface Faults {
  lostRequests: number;
  lostAnswers: number;
  repeated: number;
  cutStreams: number;
  stalledStreams: number;
  refusedConnections: number;
}

/** What a desk sends that no server can do. */
export const poisons = ['unknown act', 'unknown version', 'malformed', 'wrong arguments'] as const;
export type Poison = (typeof poisons)[number];

const spoiled: Record<Poison, Record<string, unknown>> = {
  'unknown act': { act: 'appointment.teleport' },
  'unknown version': { actVersion: 99 },
  malformed: { madeAt: 'yesterday' },
  'wrong arguments': { args: { appointmentId: 7 } },
};

interface Stream {
  owner: Owner;
  cut(): void;
  stall(): void;
}

/** One desk's wire. */
export class Link {
  up = true;
  weather: Weather = fairWeather;
  readonly faults: Faults = {
    lostRequests: 0,
    lostAnswers: 0,
    repeated: 0,
    cutStreams: 0,
    stalledStreams: 0,
    refusedConnections: 0,
  };
  readonly requests: Frenzy;
  readonly #world: World;
  readonly #random: Random;
  readonly #server: () => string | null;
  readonly #streams = new Set<Stream>();
  readonly #poisoned = new Map<string, Poison>();

  /** `server` is where it listens now; null while it is down. */
  constructor(world: World, random: Random, server: () => string | null) {
    this.#world = world;
    this.#random = random;
    this.#server = server;
    this.requests = new Frenzy(world, 2_500);
  }

  hangUp(owner: Owner): void {
    for (const stream of [...this.#streams]) if (stream.owner === owner) stream.cut();
  }

  /** Streams break off. */
  cutStreams(): void {
    for (const stream of [...this.#streams]) {
      this.faults.cutStreams += 1;
      stream.cut();
    }
  }

  /** Streams stay open, and nothing comes any more: a connection that only one side believes in. */
  stallStreams(): void {
    for (const stream of this.#streams) {
      this.faults.stalledStreams += 1;
      stream.stall();
    }
  }

  /** From now on this intent leaves the desk spoiled, every time. */
  poison(intentId: string, poison: Poison): void {
    this.#poisoned.set(intentId, poison);
  }

  isPoisoned(intentId: string): boolean {
    return this.#poisoned.has(intentId);
  }

  goDown(how: 'cut' | 'stall'): void {
    this.up = false;
    if (how === 'cut') this.cutStreams();
    else this.stallStreams();
  }

  comeUp(): void {
    this.up = true;
  }

  async fetch(owner: Owner, input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    this.requests.again();
    const signal = init.signal ?? null;
    const path = new URL(String(input instanceof Request ? input.url : input)).pathname;
    const search = new URL(String(input instanceof Request ? input.url : input)).search;
    await this.#travel(owner, signal);
    if (!this.up) {
      this.faults.refusedConnections += 1;
      throw new TypeError('fetch failed: no network');
    }
    const server = this.#server();
    if (server === null) throw new TypeError('fetch failed: connection refused');
    const { lostRequests, lostAnswers, repeated } = this.weather;
    if (this.#chance(lostRequests)) {
      this.faults.lostRequests += 1;
      return await this.#never(owner, signal);
    }
    const url = `${server}${path}${search}`;
    const streams = new Headers(init.headers).get('accept')?.includes('text/event-stream') ?? false;
    if (streams) return await this.#stream(owner, url, init, signal);
    // Not aborted with the desk's own patience: what is on its way arrives.
    const { signal: _, ...sound } = init;
    const plain = this.#spoil(path, sound);
    if (this.#chance(repeated)) {
      this.faults.repeated += 1;
      this.#world.after(this.#random.integer(0, 3_000), () =>
        this.#send(`${this.#server() ?? server}${path}${search}`, plain).catch(() => undefined),
      );
    }
    const answer = await this.#send(url, plain);
    if (this.#chance(lostAnswers)) {
      this.faults.lostAnswers += 1;
      return await this.#never(owner, signal);
    }
    await this.#travel(owner, signal);
    if (!this.up) throw new TypeError('fetch failed: connection reset');
    return answer;
  }

  #spoil(path: string, init: RequestInit): RequestInit {
    if (this.#poisoned.size === 0 || !path.endsWith('sync.push') || typeof init.body !== 'string')
      return init;
    const body = JSON.parse(init.body) as { intents: { id: string }[] };
    const intents = body.intents.map((intent) => {
      const poison = this.#poisoned.get(intent.id);
      return poison ? { ...intent, ...spoiled[poison] } : intent;
    });
    return { ...init, body: JSON.stringify({ ...body, intents }) };
  }

  async #send(url: string, init: RequestInit): Promise<Response> {
    const end = this.#world.begin(`a request to ${url.slice(0, 80)}`);
    try {
      const response = await fetch(url, init);
      const body = await response.arrayBuffer();
      return new Response(body.byteLength === 0 ? null : body, {
        status: response.status,
        headers: this.#headersOf(response),
      });
    } finally {
      end();
    }
  }

  async #stream(owner: Owner, url: string, init: RequestInit, signal: AbortSignal | null): Promise<Response> {
    const wire = new AbortController();
    const end = this.#world.begin('opening a stream');
    let response: Response;
    try {
      response = await fetch(url, { ...init, signal: wire.signal });
    } finally {
      end();
    }
    const body = response.body;
    if (!body || !response.ok) return response;
    const headers = this.#headersOf(response);
    let stalled = false;
    let out: ReadableStreamDefaultController<Uint8Array> | null = null;
    const streams = this.#streams;
    const world = this.#world;
    const random = this.#random;
    let lastArrival = 0;
    const stream: Stream = {
      owner,
      cut: () => close(() => out?.error(new TypeError('terminated'))),
      stall: () => {
        stalled = true;
      },
    };
    let over = false;
    function close(tell: () => void): void {
      if (over) return;
      over = true;
      streams.delete(stream);
      wire.abort();
      if (!owner.isDead) tell();
      world.touched();
    }
    streams.add(stream);
    signal?.addEventListener('abort', () => close(() => out?.error(signal.reason)));
    const source = new ReadableStream<Uint8Array>({
      start: (controller) => {
        out = controller;
      },
      cancel: () => close(() => undefined),
    });
    void (async () => {
      try {
        for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
          if (over) return;
          // What comes into a dead wire is gone, and so is all behind it.
          if (stalled) continue;
          // In order: TCP does not overtake itself.
          lastArrival = Math.max(lastArrival, world.now + random.integer(0, this.weather.longestDelayMs));
          world.after(lastArrival - world.now, () => {
            if (over || stalled || owner.isDead) return;
            out?.enqueue(chunk);
            world.touched();
          });
          world.touched();
        }
        world.after(0, () => close(() => out?.close()));
      } catch {
        // The server is gone, or this end was aborted; the reader hears of it as of a broken wire.
        if (!stalled) close(() => out?.error(new TypeError('terminated')));
      }
      world.touched();
    })();
    return new Response(source, { status: response.status, headers });
  }

  /** The Date header is the only clock that a desk sees of the server's. */
  #headersOf(response: Response): Headers {
    const headers = new Headers(response.headers);
    headers.delete('content-encoding');
    headers.delete('content-length');
    if (headers.has('date')) headers.set('date', new Date(this.#world.now).toUTCString());
    return headers;
  }

  #chance(ofThousand: number): boolean {
    return ofThousand > 0 && this.#random.integer(1, 1000) <= ofThousand;
  }

  /** One way over the wire. */
  #travel(owner: Owner, signal: AbortSignal | null): Promise<void> {
    return this.#pause(owner, signal, this.#random.integer(0, this.weather.longestDelayMs));
  }

  /** Nobody ever answers: the desk's own patience ends it. */
  #never(owner: Owner, signal: AbortSignal | null): Promise<never> {
    return this.#pause(owner, signal, 120_000).then(() => {
      throw new TypeError('fetch failed: no answer');
    });
  }

  #pause(owner: Owner, signal: AbortSignal | null, ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const timer = this.#world.after(ms, () => {
        if (owner.isDead) return;
        resolve();
      });
      signal?.addEventListener('abort', () => {
        this.#world.cancel(timer);
        if (!owner.isDead) reject(signal.reason);
      });
    });
  }
}

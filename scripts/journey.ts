// What browser tests start from: a Medic of their own, with the demo clinic, that they can stop, kill and start again.
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { test as base, type Page } from '@playwright/test';

const root = path.resolve(import.meta.dirname, '..');

/** Known to journeys, so that they can make the links that only an e-mail carries. */
export const secret = 'journeys of every kind, 32 letters and more';

export interface DemoDatabase {
  url: string;
  slug: string;
  signIns: { role: string; email: string; password: string }[];
}

interface Databases {
  copy(): Promise<DemoDatabase>;
}

/** A running server on one port and one database. */
export class Medic {
  readonly url: string;
  readonly database: DemoDatabase;
  readonly #port: number;
  #child: ChildProcess | null = null;
  #output = '';

  constructor(port: number, database: DemoDatabase) {
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.database = database;
  }

  /** With a clock that is so far ahead of this machine's. */
  async start({ aheadMs = 0 } = {}): Promise<void> {
    const clock = aheadMs === 0 ? [] : ['--import', clockAhead(aheadMs)];
    const child = spawn(process.execPath, ['--import', 'tsx', ...clock, 'sync-server/src/main.ts'], {
      cwd: root,
      env: {
        ...process.env,
        PORT: String(this.#port),
        DATABASE_URL: this.database.url,
        MEDIC_DEMO: '0',
        MEDIC_LIMIT_FACTOR: '100',
        MEDIC_DEV_INBOX: '1',
        MEDIC_SECRET: secret,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => this.#keep(String(chunk)));
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', () => reject(new Error(`the server ended: ${this.#output}`)));
    });
  }

  /** As an operator stops it. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** As a power cut stops it. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  signIn(role: string): { email: string; password: string } {
    const found = this.database.signIns.find((one) => one.role === role);
    if (!found) throw new Error(`the demo has no sign-in for ${role}`);
    return found;
  }

  /** What the server has said lately, for a failed test. */
  get output(): string {
    return this.#output;
  }

  #keep(text: string): void {
    this.#output = (this.#output + text).slice(-20_000);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }
}

function clockAhead(ms: number): string {
  const code = `const Real = Date;
globalThis.Date = class extends Real {
  constructor(...parts) { if (parts.length === 0) super(Real.now() + ${ms}); else super(...parts); }
  static now() { return Real.now() + ${ms}; }
};`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function openDatabases(): Promise<Databases & { close(): Promise<void> }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'sync-server/src/testing/journey-databases.ts'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines: Interface = createInterface({ input: child.stdout });
  const answers = lines[Symbol.asyncIterator]();
  async function answer<T>(): Promise<T> {
    const { value, done } = await answers.next();
    if (done) throw new Error('the program that makes databases has ended');
    return JSON.parse(value) as T;
  }
  await answer();
  return {
    copy() {
      child.stdin.write('copy\n');
      return answer<DemoDatabase>();
    },
    async close() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.stdin.end();
      await ended;
    },
  };
}

/** How many times slower than this machine the pages run: what a busy or an old computer shows, tried on a quick one. */
const slowness = Number(process.env.MEDIC_JOURNEY_SLOWNESS || 1);

async function slowDown(page: Page): Promise<void> {
  try {
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: slowness });
  } catch (error) {
    if (!page.isClosed()) throw error;
  }
}

/**
 * Gives each test a Medic that no other test has touched. The next one starts while a test runs: most of a journey is
 * waiting, and a start costs more than many a test.
 */
class FreshMedics {
  readonly #databases: Databases;
  #next: Promise<Medic>;

  constructor(databases: Databases) {
    this.#databases = databases;
    this.#next = this.#start();
  }

  async take(): Promise<Medic> {
    const next = this.#next;
    this.#next = this.#start();
    return await next;
  }

  async close(): Promise<void> {
    await (await this.#next).kill();
  }

  #start(): Promise<Medic> {
    const starting = (async () => {
      const medic = new Medic(await freePort(), await this.#databases.copy());
      await medic.start();
      return medic;
    })();
    // Its failure is that of the test that takes it.
    starting.catch(() => undefined);
    return starting;
  }
}

/** `medic` is a fresh one for each test. */
export const test = base.extend<{ medic: Medic; othersClosed: undefined }, { fresh: FreshMedics }>({
  fresh: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs off its first argument
    async ({}, use) => {
      const databases = await openDatabases();
      const fresh = new FreshMedics(databases);
      await use(fresh);
      await fresh.close();
      await databases.close();
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  medic: async ({ fresh }, use, testInfo) => {
    const medic = await fresh.take();
    await use(medic);
    await medic.kill();
    if (testInfo.status !== testInfo.expectedStatus) await testInfo.attach('server', { body: medic.output });
  },
  context: async ({ context }, use) => {
    if (slowness > 1) context.on('page', slowDown);
    await use(context);
  },
  // A page that a test opened by hand would go on asking a server that is gone, beside all tests that follow.
  othersClosed: [
    async ({ browser }, use) => {
      await use(undefined);
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    { auto: true },
  ],
});

export { expect } from '@playwright/test';

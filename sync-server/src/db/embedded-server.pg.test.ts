import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isAlive } from './embedded/processes';
import type { EmbeddedServer } from './embedded-server';
import { startEmbeddedServer, stopOrphan } from './embedded-server';

const program = fileURLToPath(new URL('./testing/run-server.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

let pristine: string;
let dataDir: string;
const started: EmbeddedServer[] = [];
const children: ChildProcess[] = [];
let messages: string[];

beforeAll(async () => {
  pristine = await mkdtemp(join(tmpdir(), 'medic-embedded-'));
  await chmod(pristine, 0o755);
  const server = await startEmbeddedServer({
    dataDir: pristine,
    log: () => undefined,
    settings: { fsync: 'off' },
  });
  await server.stop();
});

afterAll(async () => {
  await rm(pristine, { recursive: true, force: true });
});

/** A cluster that has been used before; copying one is faster than making one. */
async function giveCluster(): Promise<void> {
  await promisify(execFile)('cp', ['-a', join(pristine, 'postgres'), dataDir]);
}

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'medic-embedded-'));
  await chmod(dataDir, 0o755);
  messages = [];
});

afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await stopOrphan(dataDir);
  await rm(dataDir, { recursive: true, force: true });
});

async function start(): Promise<EmbeddedServer> {
  const server = await startEmbeddedServer({
    dataDir,
    log: (message) => messages.push(message),
    settings: { fsync: 'off' },
  });
  started.push(server);
  return server;
}

interface Announced {
  pid: number;
  port: number;
  attached: boolean;
  adminUrl: string;
}

async function startChild(
  identity: { uid?: number; gid?: number } = {},
): Promise<{ child: ChildProcess; announced: Announced }> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, dataDir], {
    stdio: 'pipe',
    ...identity,
  });
  children.push(child);
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  if (!child.stdout) throw new Error('the child has no output');
  const lines = createInterface({ input: child.stdout });
  const announced = await Promise.race([
    once(lines, 'line').then(([line]) => JSON.parse(String(line)) as Announced),
    once(child, 'exit').then(() => Promise.reject(new Error(`the child ended: ${errors}`))),
  ]);
  return { child, announced };
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  await once(child, 'exit');
}

async function query<T extends pg.QueryResultRow>(url: string, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
}

const pidFile = () => join(dataDir, 'postgres', 'data', 'postmaster.pid');

async function hasGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 500; i += 1) {
    if (!isAlive(pid)) return true;
    await sleep(20);
  }
  return false;
}

describe('a first start', () => {
  it('makes a database that only this computer can reach, with durable writes and a password', async () => {
    const server = await startEmbeddedServer({ dataDir, log: (message) => messages.push(message) });
    started.push(server);

    expect(server.attached).toBe(false);
    expect(server.adminUrl).toContain(`@127.0.0.1:${server.port}/medic`);
    const [settings] = await query(
      server.adminUrl,
      `SELECT current_setting('listen_addresses') AS addresses, current_setting('unix_socket_directories') AS sockets,
              current_setting('fsync') AS fsync, current_setting('server_encoding') AS encoding,
              current_setting('data_checksums') AS checksums`,
    );
    expect(settings).toEqual({
      addresses: '127.0.0.1',
      sockets: '',
      fsync: 'on',
      encoding: 'UTF8',
      checksums: 'on',
    });
    const { mode } = await stat(join(dataDir, 'postgres', 'password'));
    expect(mode & 0o777).toBe(0o600);

    const wrong = new URL(server.adminUrl);
    wrong.password = 'wrong';
    await expect(query(wrong.toString(), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('sorts text by code point and knows letters beyond ASCII', async () => {
    const server = await start();
    const [row] = await query(server.adminUrl, `SELECT lower('ŁÓDŹ') AS lower, 'Z' < 'a' AS by_code_point`);
    expect(row).toEqual({ lower: 'łódź', by_code_point: true });
    await query(server.adminUrl, 'CREATE EXTENSION pg_trgm');
    const [similar] = await query(
      server.adminUrl,
      `SELECT similarity('Żółć', 'żółć') AS same, similarity('Żółć', 'zolc') AS other`,
    );
    expect(similar).toMatchObject({ same: 1, other: 0 });
  });

  it('leaves nothing of one that was killed halfway', async () => {
    const { child } = await startChild();
    await kill(child, 'SIGTERM');
    const abandoned = join(dataDir, `postgres.unfinished-${child.pid}-0`);
    await mkdir(abandoned);
    await start();
    expect(existsSync(abandoned)).toBe(false);
  });
});

describe('stopping', () => {
  beforeEach(giveCluster);

  it('leaves no process, no pid file and no holder', async () => {
    const server = await start();
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
    expect(existsSync(pidFile())).toBe(false);
    expect(await readdir(join(dataDir, 'postgres', 'holders'))).toEqual([]);
    await server.stop();
  });

  it('does not wait for sessions that are still open', async () => {
    const server = await start();
    const client = new pg.Client({ connectionString: server.adminUrl });
    const errors: Error[] = [];
    client.on('error', (error) => errors.push(error));
    await client.connect();
    // Not `once` of node:events, which takes the error for its own.
    const ended = new Promise<void>((done) => client.once('end', () => done()));
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
    await ended;
    expect(errors[0]).toMatchObject({ code: '57P01' });
  });

  it('happens also when the process ends without a word', async () => {
    const { child, announced } = await startChild();
    child.stdin?.write('exit\n');
    await once(child, 'exit');
    expect(child.exitCode).toBe(3);
    expect(await hasGone(announced.pid)).toBe(true);
    expect(existsSync(pidFile())).toBe(false);
  });
});

describe('a second start', () => {
  beforeEach(giveCluster);

  it('finds the data again, on the same port', async () => {
    const first = await start();
    await query(first.adminUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    const second = await start();
    expect(second.port).toBe(first.port);
    expect(second.attached).toBe(false);
    expect(await query(second.adminUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('takes another port where a program has taken the old one', async () => {
    const first = await start();
    await first.stop();
    const intruder = createServer().listen(first.port, '127.0.0.1');
    await once(intruder, 'listening');
    try {
      const second = await start();
      expect(second.port).not.toBe(first.port);
      expect(await query(second.adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      expect(messages.join('\n')).toContain(`port ${first.port} is taken`);
    } finally {
      intruder.close();
    }
  });

  it('attaches to the server that a killed parent left behind, and stops it in the end', async () => {
    const { child, announced } = await startChild();
    await query(announced.adminUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await kill(child, 'SIGKILL');
    expect(isAlive(announced.pid)).toBe(true);

    const next = await start();
    expect(next.attached).toBe(true);
    expect(next.pid).toBe(announced.pid);
    expect(next.adminUrl).toBe(announced.adminUrl);
    expect(await query(next.adminUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await next.stop();
    expect(isAlive(announced.pid)).toBe(false);
    expect(existsSync(pidFile())).toBe(false);
  });

  it('is not misled by a stale pid file whose id now belongs to another program', async () => {
    const first = await start();
    await first.stop();
    const { uid, gid } = await stat(join(dataDir, 'postgres', 'data'));
    // Of the same user: only such a one keeps Postgres itself from starting.
    const stranger = spawn('sleep', ['60'], isRoot ? { uid, gid } : {});
    children.push(stranger);
    const content = [
      stranger.pid,
      join(dataDir, 'postgres', 'data'),
      1,
      first.port,
      '',
      '127.0.0.1',
      '  1  1',
      'ready   ',
      '',
    ];
    await writeFile(pidFile(), content.join('\n'));
    await chown(pidFile(), uid, gid);

    const second = await start();
    expect(second.attached).toBe(false);
    expect(isAlive(stranger.pid ?? 0)).toBe(true);
    expect(await query(second.adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('says plainly that the data are of another major version', async () => {
    const first = await start();
    await first.stop();
    await writeFile(join(dataDir, 'postgres', 'data', 'PG_VERSION'), '13\n');
    await expect(start()).rejects.toMatchObject({
      code: 'database.invalid',
      message: expect.stringContaining('written by Postgres 13'),
    });
  });

  it('says plainly that the password is not that of the database', async () => {
    const first = await start();
    await first.stop();
    await writeFile(join(dataDir, 'postgres', 'password'), 'another');
    await expect(start()).rejects.toMatchObject({
      code: 'database.invalid',
      message: expect.stringContaining('password'),
    });
    expect(existsSync(pidFile())).toBe(false);
  });
});

describe('a Postgres that is killed itself', () => {
  beforeEach(giveCluster);

  it('is started again at the same address, with all that was saved', async () => {
    const server = await start();
    await query(server.adminUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const killed = server.pid;
    process.kill(killed, 'SIGKILL');
    await expect.poll(() => server.pid, { timeout: 15_000 }).not.toBe(killed);
    expect(await query(server.adminUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(messages.join('\n')).toContain('Starting it again');

    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
    expect(existsSync(pidFile())).toBe(false);
  });

  it('is started again also by who only attached to it', async () => {
    const { child, announced } = await startChild();
    await kill(child, 'SIGKILL');
    const server = await start();
    process.kill(announced.pid, 'SIGKILL');
    await expect.poll(() => server.pid, { timeout: 15_000 }).not.toBe(announced.pid);
    expect(await query(announced.adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('is recovered by the next start, when all were killed together', async () => {
    const { child, announced } = await startChild();
    await query(announced.adminUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await kill(child, 'SIGKILL');
    process.kill(announced.pid, 'SIGKILL');
    expect(await hasGone(announced.pid)).toBe(true);
    expect(existsSync(pidFile())).toBe(true);

    const next = await start();
    expect(next.attached).toBe(false);
    expect(await query(next.adminUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });
});

describe('two at once', () => {
  it('share one server, which ends with the last of them', async () => {
    const [a, b] = await Promise.all([startChild(), startChild()]);
    expect(a.announced.pid).toBe(b.announced.pid);
    expect([a.announced.attached, b.announced.attached].sort()).toEqual([false, true]);
    const [owner, guest] = a.announced.attached ? [b, a] : [a, b];

    await kill(owner.child, 'SIGTERM');
    expect(await query(guest.announced.adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await kill(guest.child, 'SIGTERM');
    expect(isAlive(guest.announced.pid)).toBe(false);
    expect(existsSync(pidFile())).toBe(false);
  });

  it('a guest that leaves first does not stop it', async () => {
    await giveCluster();
    const server = await start();
    const { child, announced } = await startChild();
    expect(announced).toMatchObject({ pid: server.pid, attached: true });
    await kill(child, 'SIGTERM');
    expect(await query(server.adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('one that arrives while the other stops it gets a server all the same', async () => {
    await giveCluster();
    const first = await start();
    for (let round = 0; round < 5; round += 1) {
      const stopping = started[started.length - 1] ?? first;
      const [, next] = await Promise.all([stopping.stop(), start()]);
      expect(await query(next.adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    }
  });
});

describe.runIf(isRoot)('as root', () => {
  it('runs Postgres as a plain user', async () => {
    await giveCluster();
    const server = await start();
    const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
    expect(status).toMatch(/^Uid:\t[1-9]/m);
  });

  it('names the folder that keeps the plain user out', async () => {
    const closed = join(dataDir, 'closed');
    await mkdir(closed, { mode: 0o700 });
    await expect(
      startEmbeddedServer({ dataDir: join(closed, 'data'), log: (message) => messages.push(message) }),
    ).rejects.toMatchObject({
      code: 'database.unreachable',
      message: expect.stringContaining(`may not enter ${closed}`),
    });
  });

  // A repository below root's home is of no use to a plain user, and its tests are not run by one.
  it.skipIf(isClosedToOthers(program))('a plain user may start it too', async () => {
    await chown(dataDir, nobody, nobody);
    const { child, announced } = await startChild({ uid: nobody, gid: nobody });
    const status = await readFile(`/proc/${announced.pid}/status`, 'utf8');
    expect(status).toMatch(new RegExp(`^Uid:\\t${nobody}`, 'm'));
    await kill(child, 'SIGTERM');
    expect(isAlive(announced.pid)).toBe(false);

    const asRoot = await start();
    expect(await readFile(`/proc/${asRoot.pid}/status`, 'utf8')).toMatch(
      new RegExp(`^Uid:\\t${nobody}`, 'm'),
    );
  });
});

function isClosedToOthers(path: string): boolean {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return true;
  }
  return false;
}

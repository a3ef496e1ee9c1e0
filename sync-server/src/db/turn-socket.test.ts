import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TurnSocket } from './turn-socket';

let server: Server;
let far: Promise<Socket>;
let near: TurnSocket;

beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  far = once(server, 'connection').then(([socket]) => socket as Socket);
  near = new TurnSocket();
  near.connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(near, 'connect');
});
afterEach(async () => {
  near.destroy();
  (await far).destroy();
  server.close();
});

/** All that has arrived when the other side ends. */
async function received(): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of await far) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

/** How often the system was asked to write. */
function writesOf(socket: TurnSocket): { count: number } {
  const seen = { count: 0 };
  const { _write, _writev } = socket as unknown as Record<'_write' | '_writev', (...args: unknown[]) => void>;
  Object.assign(socket, {
    _write(...args: unknown[]) {
      seen.count++;
      _write.apply(socket, args);
    },
    _writev(...args: unknown[]) {
      seen.count++;
      _writev.apply(socket, args);
    },
  });
  return seen;
}

it('sends what is written in one turn in one piece, and what comes a turn later in another', async () => {
  const seen = writesOf(near);
  for (const word of ['BEGIN ', 'SELECT ', 'COMMIT ']) near.write(word);
  expect(seen.count).toBe(0);
  await new Promise((resolve) => setImmediate(resolve));
  expect(seen.count).toBe(1);
  near.write('a later ');
  near.write('turn');
  await new Promise((resolve) => setImmediate(resolve));
  expect(seen.count).toBe(2);
  near.end();
  expect((await received()).toString()).toBe('BEGIN SELECT COMMIT a later turn');
});

it('keeps every byte in its order, of text and of buffers, over many turns', async () => {
  const sent: Buffer[] = [];
  const arrived = received();
  for (let turn = 0; turn < 50; turn++) {
    for (let n = 0; n < 20; n++) {
      const piece = Buffer.alloc((turn * 37 + n * 101) % 5000, turn + n);
      sent.push(piece, Buffer.from(`é${n}`, 'utf8'));
      near.write(piece);
      near.write(`é${n}`, 'utf8');
    }
    if (turn % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  near.end();
  expect((await arrived).equals(Buffer.concat(sent))).toBe(true);
});

it('tells each write once that it is done, with an encoding or without', async () => {
  const told: string[] = [];
  (await far).resume();
  await new Promise<void>((resolve) => {
    near.write('a', () => told.push('a'));
    near.write('b', 'latin1', () => told.push('b'));
    near.write(Buffer.from('c'), () => {
      told.push('c');
      resolve();
    });
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toEqual(['a', 'b', 'c']);
});

it('loses nothing of what is written just before the end', async () => {
  near.write('first ');
  near.end('last');
  expect((await received()).toString()).toBe('first last');
});

it('says that what waits is more than the system takes, and when there is room again', async () => {
  const big = Buffer.alloc(8 * 1024 * 1024, 1);
  expect(near.write(big)).toBe(false);
  const drained = once(near, 'drain');
  const arrived = received();
  await drained;
  near.end();
  expect((await arrived).length).toBe(big.length);
});

it('reports a connection that breaks under what it has written, to the write and to whoever listens', async () => {
  const errors: unknown[] = [];
  near.on('error', (error) => errors.push(error));
  near.write('something');
  const told = new Promise<unknown>((resolve) => {
    near.write('more', (error) => resolve(error));
  });
  near.destroy(new Error('the wire was cut'));
  expect(await told).toBeInstanceOf(Error);
  expect(errors).toHaveLength(1);
});

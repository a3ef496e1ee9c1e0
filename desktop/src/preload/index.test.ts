import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it, vi } from 'vitest';
import { bridgeName, type DesktopBridge, type RequestName } from '../ipc/channels';
import { Journals } from '../main/journal-file';
import { answerRequests } from '../main/requests';
import { SecretFile } from '../main/secrets';
import { host } from '../main/testing/electron-stand-in';

vi.mock('electron', () => import('../main/testing/electron-stand-in'));

beforeAll(async () => {
  await import('./index');
});

function bridge(): DesktopBridge {
  return host.exposed.get(bridgeName) as DesktopBridge;
}

/** The names of `Requests`, which as types are not there at run time. */
function declared(): string[] {
  const source = readFileSync(path.join(import.meta.dirname, '../ipc/channels.ts'), 'utf8');
  return [...source.matchAll(/^ {2}'([a-z]+:[a-z]+)': \{ args/gm)].map((match) => match[1] ?? '').sort();
}

it('exposes one bridge with one function, and nothing of Electron', () => {
  expect([...host.exposed.keys()]).toEqual([bridgeName]);
  expect(Object.keys(bridge())).toEqual(['request']);
});

it('lets through the declared channels, with what was said and answered', async () => {
  expect(declared().length).toBeGreaterThan(0);
  for (const name of declared()) {
    const answer = await bridge().request(name as 'secrets:get', 'a key');
    expect(answer).toBe(`answer to ${name}`);
    expect(host.invoked.at(-1)).toEqual({ channel: name, args: ['a key'] });
  }
});

it('lets through no other channel', async () => {
  const before = host.invoked.length;
  for (const name of ['fs:read', 'ELECTRON_BROWSER_REQUIRE', 'constructor', '__proto__', 'toString', '']) {
    await expect(bridge().request(name as RequestName), name).rejects.toThrow('no such request');
  }
  expect(host.invoked).toHaveLength(before);
});

it('has an answer in main for each declared channel, and for no other', () => {
  answerRequests(new SecretFile('/nonexistent/secrets.json'), new Journals('/nonexistent'), null);
  expect([...host.ipc.keys()].sort()).toEqual(declared());
});

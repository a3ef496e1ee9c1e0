import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { serveApp } from './app-protocol';
import { host } from './testing/electron-stand-in';

vi.mock('electron', () => import('./testing/electron-stand-in'));

let folder: string;

beforeEach(() => {
  host.reset();
  folder = mkdtempSync(path.join(tmpdir(), 'medic-app-'));
  const renderer = path.join(folder, 'renderer');
  mkdirSync(path.join(renderer, 'assets'), { recursive: true });
  mkdirSync(path.join(folder, 'renderer-beside'));
  writeFileSync(path.join(renderer, 'index.html'), 'the page');
  writeFileSync(path.join(renderer, 'assets', 'a.js'), 'the script');
  writeFileSync(path.join(folder, 'secret.txt'), 'a secret');
  writeFileSync(path.join(folder, 'renderer-beside', 'secret.txt'), 'a secret');
  serveApp(renderer, 'https://clinic.example');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function get(url: string, init?: RequestInit): Promise<Response> {
  const handler = host.protocols.get('app');
  if (!handler) throw new Error('nobody serves app:');
  return await handler(new Request(url, init) as never);
}

it('serves the built files, each with the content security policy and its type', async () => {
  for (const [address, text, type] of [
    ['app://desk/', 'the page', 'text/html; charset=utf-8'],
    ['app://desk/index.html', 'the page', 'text/html; charset=utf-8'],
    ['app://desk/assets/a.js', 'the script', 'text/javascript; charset=utf-8'],
  ] as const) {
    const response = await get(address);
    expect(await response.text()).toBe(text);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const policy = new Map(
      (response.headers.get('content-security-policy') ?? '').split('; ').map((rule) => {
        const [name = '', ...sources] = rule.split(' ');
        return [name, sources.join(' ')];
      }),
    );
    expect(policy.get('default-src'), address).toBe("'none'");
    expect(policy.get('script-src')).toBe("'self'");
    expect(policy.get('connect-src')).toBe("'self'");
    for (const name of ['base-uri', 'form-action', 'frame-ancestors'])
      expect(policy.get(name)).toBe("'none'");
  }
});

it('serves no file outside its folder', async () => {
  for (const address of [
    'app://desk/../../etc/passwd',
    'app://desk/..%2f..%2f..%2f..%2f..%2fetc%2fpasswd',
    'app://desk/..%2fsecret.txt',
    'app://desk/assets/..%2f..%2fsecret.txt',
    'app://desk/%2e%2e%2fsecret.txt',
    'app://desk/..%2frenderer-beside%2fsecret.txt',
    'app://desk//etc/passwd',
    `app://desk/${encodeURIComponent(path.join(folder, 'secret.txt'))}`,
  ]) {
    const response = await get(address);
    expect([address, response.status, await response.text()]).toEqual([address, 404, 'not found']);
  }
});

it('answers what is no file with not found', async () => {
  for (const address of [
    'app://desk/nothing.js',
    'app://desk/assets',
    'app://desk/index.html/x',
    'app://desk/%E0%A4%A',
    'app://desk/index.html%00.js',
    'app://other/index.html',
  ]) {
    expect([address, (await get(address)).status]).toEqual([address, 404]);
  }
});

it('hands the API to the server it was given, without what tells of the page', async () => {
  await get('app://desk/api/acts?x=1', {
    method: 'POST',
    body: '{}',
    headers: { authorization: 'Bearer t', referer: 'app://desk/', cookie: 'a=b' },
  });
  await get('app://desk/healthz');
  expect(host.fetched.map(({ url }) => url)).toEqual([
    'https://clinic.example/api/acts?x=1',
    'https://clinic.example/healthz',
  ]);
  const init = host.fetched[0]?.init;
  expect(init).toMatchObject({ method: 'POST', credentials: 'omit' });
  const headers = new Headers(init?.headers);
  expect(headers.get('authorization')).toBe('Bearer t');
  for (const name of ['origin', 'referer', 'cookie', 'host']) expect(headers.get(name), name).toBeNull();
});

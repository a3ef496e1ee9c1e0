import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Journals } from './journal-file';
import { answerRequests } from './requests';
import { SecretFile } from './secrets';
import { BrowserWindow, type Frame, host, nativeTheme } from './testing/electron-stand-in';

vi.mock('electron', () => import('./testing/electron-stand-in'));

const own: Frame = { url: 'app://desk/index.html#/agenda', parent: null };
const script = ['javascript', 'alert(1)'].join(':');
let folder: string;

beforeEach(() => {
  host.reset();
  folder = mkdtempSync(path.join(tmpdir(), 'medic-requests-'));
  answerRequests(
    new SecretFile(path.join(folder, 'secrets.json')),
    new Journals(path.join(folder, 'journals')),
    null,
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('answers its own page', async () => {
  const window = new BrowserWindow({});
  expect(await host.ask('app:info', own)).toMatchObject({ version: '1.2.3' });
  expect(await host.ask('secrets:protected', own)).toBe(true);
  await host.ask('secrets:set', own, 'device', 'a token');
  expect(await host.ask('secrets:get', own, 'device')).toBe('a token');
  await host.ask('secrets:remove', own, 'device');
  expect(await host.ask('secrets:get', own, 'device')).toBeNull();
  await host.ask('window:theme', own, 'dark');
  expect(nativeTheme.themeSource).toBe('dark');
  await host.ask('notifications:show', own, 'Conflict', 'One visit waits');
  expect(host.shownNotifications).toEqual([{ title: 'Conflict', body: 'One visit waits' }]);
  await host.ask('window:print', own);
  expect(window.webContents.printed).toBe(1);
});

it('keeps a journal, tells when the disk refuses it, and takes no name that leads out of its folder', async () => {
  expect(await host.ask('journal:read', own, 'clinic-anna')).toEqual(new Uint8Array());
  expect(await host.ask('journal:append', own, 'clinic-anna', Uint8Array.of(1, 2))).toBeNull();
  expect(await host.ask('journal:append', own, 'clinic-anna', Uint8Array.of(3))).toBeNull();
  expect(await host.ask('journal:read', own, 'clinic-anna')).toEqual(Uint8Array.of(1, 2, 3));
  expect(await host.ask('journal:replace', own, 'clinic-anna', Uint8Array.of(9))).toBeNull();
  expect(await host.ask('journal:read', own, 'clinic-anna')).toEqual(Uint8Array.of(9));
  expect(await host.ask('journal:remove', own, 'clinic-anna')).toBeNull();
  expect(await host.ask('journal:read', own, 'clinic-anna')).toEqual(new Uint8Array());
  mkdirSync(path.join(folder, 'journals', 'a-folder.journal'));
  expect(await host.ask('journal:append', own, 'a-folder', Uint8Array.of(1))).toMatchObject({
    refused: 'io',
  });
  for (const name of ['../secrets', 'a/b', '', '.', 'A', 'x'.repeat(101)])
    await expect(host.ask('journal:read', own, name), name).rejects.toThrow('not well formed');
  await expect(host.ask('journal:append', own, 'clinic-anna', 'text')).rejects.toThrow('not well formed');
});

it('refuses on every channel a foreign page, a frame within its own, and one that is gone', async () => {
  expect(host.ipc.size).toBeGreaterThan(0);
  const strangers: (Frame | null)[] = [
    { url: 'https://evil.example/', parent: null },
    { url: 'app://other/index.html', parent: null },
    { url: 'file:///index.html', parent: null },
    { url: 'http://localhost:5173/', parent: null },
    { url: '', parent: null },
    { url: 'app://desk/index.html', parent: own },
    null,
  ];
  for (const channel of host.ipc.keys()) {
    for (const stranger of strangers) {
      await expect(host.ask(channel, stranger), `${channel} ${stranger?.url}`).rejects.toThrow(
        'a page that may not',
      );
    }
  }
});

it('refuses arguments that are not what the channel takes', async () => {
  for (const [channel, ...args] of [
    ['secrets:get'],
    ['secrets:get', 5],
    ['secrets:get', 'a', 'b'],
    ['secrets:set', 'a', 'x'.repeat(20_001)],
    ['window:theme', 'pink'],
    ['app:info', 'more'],
    ['notifications:show', { toString: 'x' }, 'y'],
  ] as [string, ...unknown[]][]) {
    await expect(host.ask(channel, own, ...args), channel).rejects.toThrow('not well formed');
  }
});

it('opens web, mail and phone addresses outside, and no script, file or program', async () => {
  await host.ask('shell:open', own, 'https://clinic.example/');
  await host.ask('shell:open', own, 'mailto:desk@clinic.example');
  for (const url of [script, 'file:///etc/passwd', 'smb://host/x', 'app://desk/', '']) {
    await expect(host.ask('shell:open', own, url), url).rejects.toThrow('not well formed');
  }
  expect(host.openedOutside).toEqual(['https://clinic.example/', 'mailto:desk@clinic.example']);
});

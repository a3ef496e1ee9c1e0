import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readSettings, writeSettings } from './settings';
import { host } from './testing/electron-stand-in';
import { openWindow } from './window';

vi.mock('electron', () => import('./testing/electron-stand-in'));

const bounds = { x: 100, y: 50, width: 1200, height: 800, maximized: false };
let folder: string;
let file: string;

beforeEach(() => {
  host.reset();
  folder = mkdtempSync(path.join(tmpdir(), 'medic-window-'));
  file = path.join(folder, 'settings.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open() {
  openWindow(file, null);
  const window = host.windows.at(-1);
  if (!window) throw new Error('no window');
  return window;
}

it('gives the page no Node, a world of its own, the sandbox and web security', () => {
  const preferences = open().options.webPreferences ?? {};
  expect(preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webSecurity: true,
  });
  for (const dangerous of [
    'nodeIntegrationInWorker',
    'nodeIntegrationInSubFrames',
    'allowRunningInsecureContent',
    'experimentalFeatures',
    'enableBlinkFeatures',
    'webviewTag',
    'devTools',
  ]) {
    expect(preferences, dangerous).not.toHaveProperty(dangerous);
  }
  expect(path.basename(preferences.preload ?? '')).toBe('index.cjs');
});

it('opens where it was closed', () => {
  const first = open();
  expect(first.options).toMatchObject({ width: 1440, height: 900 });
  const { maximized: _, ...normal } = bounds;
  first.bounds = normal;
  first.close();
  expect(open().options).toMatchObject(normal);
});

it('opens on a screen that is there when the one it was on is not', () => {
  writeSettings(file, { bounds: { ...bounds, x: 2500 } });
  const { options } = open();
  expect(options).toMatchObject({ width: 1200, height: 800 });
  expect(options).not.toHaveProperty('x');
});

it('is shown first when there is something to see, also where it was left maximized', () => {
  writeSettings(file, { bounds: { ...bounds, maximized: true } });
  const window = open();
  expect(window).toMatchObject({ visible: false });
  window.emit('ready-to-show');
  expect(window).toMatchObject({ visible: true, maximized: true });
  window.bounds = { x: 100, y: 50, width: 1200, height: 800 };
  window.close();
  expect(readSettings(file).bounds).toEqual({ ...bounds, maximized: true });
});

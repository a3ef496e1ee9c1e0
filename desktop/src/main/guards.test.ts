import { beforeEach, expect, it, vi } from 'vitest';
import { guardContents, guardPermissions } from './guards';
import { app, BrowserWindow, host, session } from './testing/electron-stand-in';

vi.mock('electron', () => import('./testing/electron-stand-in'));

const script = ['javascript', 'alert(1)'].join(':');

beforeEach(() => host.reset());

function aGuardedPage(devUrl: string | null = null) {
  guardContents(app as never, devUrl);
  return new BrowserWindow({}).webContents;
}

it('keeps the page and its frames within the app, by whatever way they would leave it', () => {
  const page = aGuardedPage();
  for (const way of ['will-navigate', 'will-redirect', 'will-frame-navigate'] as const) {
    expect(page.goes(way, 'app://desk/index.html#/agenda'), way).toBe(true);
    for (const url of [
      'https://evil.example/',
      'app://other/',
      'file:///etc/passwd',
      script,
      'http://localhost:5173/',
    ]) {
      expect(page.goes(way, url), `${way} ${url}`).toBe(false);
    }
  }
  expect(host.openedOutside).toEqual([]);
});

it('lets the page reload from the dev server where there is one', () => {
  const page = aGuardedPage('http://localhost:5173');
  expect(page.goes('will-navigate', 'http://localhost:5173/')).toBe(true);
  expect(page.goes('will-navigate', 'http://localhost:5174/')).toBe(false);
});

it('opens no second window, and hands links to the outside to the browser', () => {
  const page = aGuardedPage();
  expect(page.opens('https://clinic.example/help')).toBe(false);
  expect(page.opens('app://desk/index.html')).toBe(false);
  expect(host.openedOutside).toEqual(['https://clinic.example/help']);
});

it('hands no script, file or program to the system', () => {
  const page = aGuardedPage();
  for (const url of [script, 'file:///etc/passwd', 'ms-msdt:/id', 'data:text/html,x', 'nonsense']) {
    expect(page.opens(url), url).toBe(false);
  }
  expect(host.openedOutside).toEqual([]);
});

it('attaches no webview', () => {
  expect(aGuardedPage().goes('will-attach-webview', 'app://desk/index.html')).toBe(false);
});

it('denies every permission but writing to the clipboard and keeping the store', () => {
  guardPermissions(session.defaultSession as never);
  for (const permission of [
    'media',
    'geolocation',
    'notifications',
    'clipboard-read',
    'usb',
    'yet-unknown',
  ]) {
    expect(session.defaultSession.requests(permission), permission).toBe(false);
    expect(session.defaultSession.checks(permission), permission).toBe(false);
  }
  for (const permission of ['clipboard-sanitized-write', 'persistent-storage']) {
    expect(session.defaultSession.requests(permission), permission).toBe(true);
    expect(session.defaultSession.checks(permission), permission).toBe(true);
  }
  // Electron denies devices itself until somebody sets a handler, so one that grants is what could go wrong.
  expect(session.defaultSession.onDevice).not.toBeNull();
  expect(session.defaultSession.devices('usb')).toBe(false);
});

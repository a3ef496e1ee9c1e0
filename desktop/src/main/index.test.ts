import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

type StandIn = typeof import('./testing/electron-stand-in');
let userData: string;

beforeEach(() => {
  userData = mkdtempSync(path.join(tmpdir(), 'medic-main-'));
  vi.stubEnv('MEDIC_SERVER_URL', undefined);
  vi.stubEnv('ELECTRON_RENDERER_URL', undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(userData, { recursive: true, force: true });
});

/** Runs main from its first line, in a host of its own. */
async function launch(change: Partial<StandIn['host']> = {}): Promise<StandIn> {
  vi.resetModules();
  const electron = await import('./testing/electron-stand-in');
  // Not `vi.mock`: what that gave first outlives the modules.
  vi.doMock('electron', () => electron);
  Object.assign(electron.host, { userData, ...change });
  await import('./index');
  await electron.app.whenReady();
  return electron;
}

it('opens one window on its own page, sandboxed, with every guard up', async () => {
  const { host, session } = await launch();
  expect(host.windows.map((window) => window.webContents.mainFrame.url)).toEqual(['app://desk/index.html']);
  expect(host.sandboxed).toBe(true);
  expect(host.schemes).toEqual([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
  expect([...host.protocols.keys()]).toEqual(['app']);
  expect(host.windows[0]?.webContents.goes('will-navigate', 'https://evil.example/')).toBe(false);
  expect(session.defaultSession.requests('media')).toBe(false);
  await expect(host.ask('app:info', { url: 'app://desk/index.html', parent: null })).resolves.toMatchObject({
    version: '1.2.3',
  });
});

it('shows the first window when a second instance is started', async () => {
  const { app, host } = await launch();
  const window = host.windows[0];
  if (!window) throw new Error('no window');
  window.minimized = true;
  app.emit('second-instance');
  expect(host.windows).toEqual([window]);
  expect(window).toMatchObject({ minimized: false, focused: 1 });
});

it('opens a window anew when the last was closed and the app is called again', async () => {
  const { app, host } = await launch();
  host.windows[0]?.close();
  expect(host.windows).toEqual([]);
  app.emit('activate');
  expect(host.windows).toHaveLength(1);
});

it('ends as the second instance without a window, a page or an answer', async () => {
  const { host } = await launch({ first: false });
  expect(host.ended).toBe('quit');
  expect([host.windows.length, host.protocols.size, host.ipc.size]).toEqual([0, 0, 0]);
});

it('has no dev server once packaged, whatever the environment says', async () => {
  vi.stubEnv('ELECTRON_RENDERER_URL', 'http://localhost:5173');
  const packaged = await launch();
  expect(packaged.host.windows[0]?.webContents.mainFrame.url).toBe('app://desk/index.html');
  await expect(
    packaged.host.ask('app:info', { url: 'http://localhost:5173/', parent: null }),
  ).rejects.toThrow();
  const developed = await launch({ packaged: false });
  expect(developed.host.windows[0]?.webContents.mainFrame.url).toBe('http://localhost:5173');
});

it('takes the server from the settings, and refuses one without TLS by name', async () => {
  writeFileSync(
    path.join(userData, 'settings.json'),
    JSON.stringify({ serverUrl: 'https://clinic.example/desk' }),
  );
  const { host } = await launch();
  await host.protocols.get('app')?.(new Request('app://desk/api/x') as never);
  expect(host.fetched.map(({ url }) => url)).toEqual(['https://clinic.example/api/x']);

  vi.stubEnv('MEDIC_SERVER_URL', 'http://192.168.1.5:4400');
  const refused = await launch();
  expect(refused.host.ended).toBe('exit 1');
  expect(refused.host.errorBoxes.join()).toContain('http://192.168.1.5:4400');
  expect(refused.host.windows).toEqual([]);
});

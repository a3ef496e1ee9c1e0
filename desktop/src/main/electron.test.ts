/** What only the real binary shows: that the options and the policy do what the other tests take them to do. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { _electron } from '@playwright/test';
import { expect, it } from 'vitest';

const desktop = path.join(import.meta.dirname, '../..');
const binary = electronBinary();

/** Where `electron` would find it; asking the package itself would download it. */
function electronBinary(): string | null {
  const folder = path.dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const named = path.join(folder, 'path.txt');
  const name = existsSync(named) ? readFileSync(named, 'utf8') : 'electron';
  const file = path.join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? path.join(folder, 'dist'), name);
  return existsSync(file) ? file : null;
}

it.skipIf(!binary)(
  'Electron itself opens the window on app://desk, without Node in the page, and stays there',
  async () => {
    await promisify(execFile)('npx', ['electron-vite', 'build'], { cwd: desktop });
    const userData = mkdtempSync(path.join(tmpdir(), 'medic-electron-'));
    const electron = await _electron.launch({
      executablePath: binary ?? '',
      args: [desktop, `--user-data-dir=${userData}`],
    });
    try {
      const page = await electron.firstWindow();
      await page.waitForLoadState();
      expect(page.url()).toMatch(/^app:\/\/desk\/index\.html/);
      const seen = await page.evaluate(() => ({
        node: 'require' in globalThis || 'process' in globalThis,
        bridge: 'medicDesktop' in globalThis,
        window: window.open('app://desk/index.html') !== null,
      }));
      expect(seen).toEqual({ node: false, bridge: true, window: false });
      await page.evaluate(() => {
        location.href = 'https://evil.example/';
      });
      await page.waitForTimeout(500);
      expect(page.url()).toMatch(/^app:\/\/desk\//);
    } finally {
      await electron.close();
      rmSync(userData, { recursive: true, force: true });
    }
  },
  120_000,
);

import { defineConfig } from '@playwright/test';
import { findChromium } from './scripts/ensure.mjs';

const executablePath: string | undefined = process.env.CHROMIUM_PATH || (await findChromium());
if (!executablePath) throw new Error('no Chromium found: set CHROMIUM_PATH, or run npm test, which gets one');
// Workers read this file again; they need not search again.
process.env.CHROMIUM_PATH = executablePath;

export default defineConfig({
  testMatch: ['desktop/e2e/**/*.e2e.ts', 'sync-server/e2e/**/*.e2e.ts'],
  outputDir: 'test-results',
  // Journeys start servers of their own and watch for milliseconds: side by side they would disturb each other.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  // Nets for what hangs, not measures: on a busy machine everything takes several times as long.
  timeout: 300_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  use: {
    headless: true,
    trace: 'off',
    actionTimeout: 60_000,
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});

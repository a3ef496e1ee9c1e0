import { defineConfig } from 'vitest/config';

const elsewhere = ['**/node_modules/**', '**/dist/**', '**/out/**', '**/.cache/**', '**/e2e/**'];

export default defineConfig({
  // The same JSX as the builds have. `shared` is TypeScript source behind a workspace link; vite follows the
  // link to its real path, outside node_modules, and so transforms it like our own code.
  oxc: { jsx: { runtime: 'automatic' } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{shared,sync-server,desktop,scripts,simulation}/**/*.test.{ts,tsx}'],
          exclude: [...elsewhere, '**/*.pg.test.ts'],
          environment: 'node',
          pool: 'threads',
          testTimeout: 15_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'pg',
          include: ['{sync-server,simulation}/**/*.pg.test.ts'],
          exclude: elsewhere,
          environment: 'node',
          pool: 'forks',
          globalSetup: ['sync-server/src/db/testing/global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});

/** What both builds of the renderer share: for the web (`vite.config.ts`) and for Electron (`electron.vite.config.ts`). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import type { UserConfig } from 'vite';

const { version } = JSON.parse(readFileSync(path.join(import.meta.dirname, 'package.json'), 'utf8')) as {
  version: string;
};

export function rendererConfig(): UserConfig {
  return {
    root: path.join(import.meta.dirname, 'src/renderer'),
    publicDir: path.join(import.meta.dirname, 'src/renderer/public'),
    plugins: [react()],
    define: { __APP_VERSION__: JSON.stringify(version) },
    server: { proxy: { '/api': serverForDevelopment(), '/healthz': serverForDevelopment() } },
    build: {
      target: 'es2023',
      minify: true,
      emptyOutDir: true,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        output: {
          // What changes rarely apart from what changes with every build, so that an update loads little.
          codeSplitting: {
            groups: [
              { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 3 },
              {
                name: 'store',
                test: /node_modules[\\/](rxdb|dexie|rxjs|oblivious-set|unload|broadcast-channel)[\\/]/,
                priority: 2,
              },
              { name: 'mantine', test: /node_modules[\\/](@mantine|@floating-ui)[\\/]/, priority: 2 },
            ],
          },
        },
      },
    },
  };
}

function serverForDevelopment(): string {
  return process.env.MEDIC_SERVER_URL ?? 'http://localhost:4400';
}

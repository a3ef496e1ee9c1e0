/** The desk as a web app, served by the sync server at `/desk/`. */
import path from 'node:path';
import { defineConfig, mergeConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { rendererConfig } from './renderer.config';

const base = '/desk/';

export default defineConfig(
  mergeConfig(rendererConfig(), {
    base,
    build: { outDir: path.join(import.meta.dirname, 'dist/web') },
    plugins: [
      VitePWA({
        // platform/web.ts registers it, when the desk is a web page.
        injectRegister: null,
        // Not taken under somebody's hands: see `keepShellOffline`.
        registerType: 'prompt',
        strategies: 'generateSW',
        workbox: {
          globPatterns: ['**/*.{html,js,css,woff2,svg,png}'],
          maximumFileSizeToCacheInBytes: 6_000_000,
          // Holds the unlocked key while the page is loaded again.
          importScripts: ['key-keeper.js'],
          globIgnores: ['key-keeper.js'],
          navigateFallback: `${base}index.html`,
          navigateFallbackDenylist: [/^\/api\//],
          // Only the shell: data has its own store, and an answer of the API out of a cache would be a lie.
          runtimeCaching: [],
          cleanupOutdatedCaches: true,
          clientsClaim: true,
          skipWaiting: false,
          inlineWorkboxRuntime: true,
          sourcemap: false,
        },
        manifest: {
          id: base,
          name: 'Medic desk',
          short_name: 'Medic',
          description: 'The appointment book of the clinic',
          start_url: base,
          scope: base,
          display: 'standalone',
          background_color: '#f3f5f7',
          theme_color: '#0f766e',
          icons: [{ src: 'icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' }],
        },
      }),
    ],
  }),
);

/** The desk for Electron: main (ESM), preload (CommonJS, which a sandboxed preload must be) and the renderer. */
import path from 'node:path';
import { defineConfig } from 'electron-vite';
import { mergeConfig } from 'vite';
import { rendererConfig } from './renderer.config';

const out = path.join(import.meta.dirname, 'out');
const source = path.join(import.meta.dirname, 'src');

export default defineConfig({
  main: {
    build: {
      outDir: path.join(out, 'main'),
      // Bundled whole: the package ships without node_modules.
      externalizeDeps: false,
      lib: { entry: path.join(source, 'main/index.ts'), formats: ['es'] },
    },
  },
  preload: {
    build: {
      outDir: path.join(out, 'preload'),
      externalizeDeps: false,
      lib: { entry: path.join(source, 'preload/index.ts'), formats: ['cjs'], fileName: () => 'index.cjs' },
    },
  },
  renderer: mergeConfig(rendererConfig(), {
    base: '/',
    build: {
      outDir: path.join(out, 'renderer'),
      rolldownOptions: { input: path.join(source, 'renderer/index.html') },
    },
  }),
});

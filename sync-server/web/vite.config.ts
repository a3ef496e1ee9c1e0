import { readFileSync } from 'node:fs';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const out = path.resolve(import.meta.dirname, '../dist/web');
const base = '/book/';

interface ManifestChunk {
  file: string;
  isEntry?: boolean;
}

/** Puts the client build's file names into the server build, which therefore comes second. */
function clientAssets(): Plugin {
  const manifest = path.join(out, 'client/.vite/manifest.json');
  return {
    name: 'client-assets',
    apply: (_, { isSsrBuild }) => isSsrBuild === true,
    transform(_code, id) {
      if (!id.endsWith('/client-assets.ts')) return null;
      this.addWatchFile(manifest);
      const chunks = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, ManifestChunk>;
      const entry = Object.values(chunks).find((chunk) => chunk.isEntry);
      const styles = Object.values(chunks).flatMap((chunk) =>
        chunk.file.endsWith('.css') ? [chunk.file] : [],
      );
      const font = Object.values(chunks).find(({ file }) => /inter-latin-wght-normal.*\.woff2$/.test(file));
      if (!entry || !font)
        throw new Error('the client build has no entry or no font: build the client first');
      const assets = {
        scripts: [base + entry.file],
        styles: styles.map((file) => base + file),
        font: base + font.file,
      };
      return { code: `export const clientAssets = ${JSON.stringify(assets)};`, map: null };
    },
  };
}

export default defineConfig(({ isSsrBuild }) => ({
  root: import.meta.dirname,
  base,
  plugins: [react(), clientAssets()],
  // React's production build, whatever the server's own NODE_ENV is.
  define: { 'process.env.NODE_ENV': '"production"' },
  ssr: { noExternal: true },
  build: isSsrBuild
    ? {
        ssr: true,
        outDir: path.join(out, 'server'),
        emptyOutDir: true,
        target: 'node20',
        rolldownOptions: {
          input: path.join(import.meta.dirname, 'entry-server.tsx'),
          output: { entryFileNames: 'entry-server.js' },
        },
      }
    : {
        outDir: path.join(out, 'client'),
        emptyOutDir: true,
        assetsDir: 'assets',
        manifest: true,
        // Fonts stay files: the server's HTML preloads one by its name.
        assetsInlineLimit: 0,
        cssCodeSplit: false,
        modulePreload: { polyfill: false },
        target: 'es2022',
        rolldownOptions: { input: path.join(import.meta.dirname, 'entry-client.tsx') },
      },
}));

import { readFileSync } from 'node:fs';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const out = path.resolve(import.meta.dirname, '../dist/web');
const base = '/book/';

interface ManifestChunk {
  file: string;
  isEntry?: boolean;
  /** Keys of other chunks. */
  imports?: string[];
}

/** The files that a chunk imports, and those that they import. */
function importsOf(chunks: Record<string, ManifestChunk>, chunk: ManifestChunk): string[] {
  const found = new Set<string>();
  const visit = ({ imports = [] }: ManifestChunk) => {
    for (const key of imports) {
      const imported = chunks[key];
      if (!imported || imported.isEntry || found.has(imported.file)) continue;
      found.add(imported.file);
      visit(imported);
    }
  };
  visit(chunk);
  return [...found];
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
      const later = chunks['later-pages.tsx'];
      const font = Object.values(chunks).find(({ file }) => /inter-latin-wght-normal.*\.woff2$/.test(file));
      if (!entry || !later || !font)
        throw new Error('the client build lacks an entry, the later pages or a font: build the client first');
      const imports = importsOf(chunks, entry);
      const laterSteps = [later.file, ...importsOf(chunks, later)].filter((file) => !imports.includes(file));
      const assets = {
        scripts: [base + entry.file],
        imports: imports.map((file) => base + file),
        laterSteps: laterSteps.map((file) => base + file),
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

/**
 * The availability tests with one mutant in place, which MEDIC_MUTANT names; without it, with none. The source is
 * changed on its way into the test, never on disk: nothing is to be put back, not even after a crash.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { type Mutant, mutants, planted } from '../shared/src/availability/testing/mutants';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const name = process.env.MEDIC_MUTANT;

export default defineConfig({
  root,
  oxc: { jsx: { runtime: 'automatic' } },
  plugins: name === undefined ? [] : [plantedOnLoad(mutantNamed(name))],
  test: {
    include: ['shared/src/{availability,time}/**/*.test.ts'],
    environment: 'node',
    // One thread that loads the engine once: starting is most of what a mutant costs.
    pool: 'threads',
    maxWorkers: 1,
    isolate: false,
    setupFiles: ['scripts/mutants-setup.ts'],
    testTimeout: 30_000,
  },
});

function mutantNamed(wanted: string): Mutant {
  const mutant = mutants.find((one) => one.name === wanted);
  if (!mutant) throw new Error(`no mutant is named "${wanted}"`);
  return mutant;
}

function plantedOnLoad(mutant: Mutant): Plugin {
  const target = fs.realpathSync(path.join(root, mutant.file));
  return {
    name: 'medic-mutant',
    enforce: 'pre',
    transform(code, id) {
      if (path.resolve(id.split('?')[0] ?? '') !== target) return undefined;
      return { code: planted(mutant, code), map: null };
    },
  };
}

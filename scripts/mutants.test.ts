import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Mutant, mutants, planted } from '../shared/src/availability/testing/mutants';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

describe('the mutants of the availability engine', () => {
  test('each has a name of its own', () => {
    const names = mutants.map(({ name }) => name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  test('no two are the same change', () => {
    const changes = mutants.map(({ file, find, replace, also }) =>
      JSON.stringify([file, find, replace, also ?? null]),
    );
    expect(changes.filter((change, i) => changes.indexOf(change) !== i)).toEqual([]);
  });

  test('each text to be found stands exactly once in its file, and is changed', () => {
    for (const mutant of mutants) {
      const source = fs.readFileSync(path.join(root, mutant.file), 'utf8');
      expect.soft(changed(mutant, source)).toBe(mutant.name);
    }
  });
});

/** The mutant's name, or what is wrong with it. */
function changed(mutant: Mutant, source: string): string {
  try {
    return planted(mutant, source) === source ? `${mutant.name}: changes nothing` : mutant.name;
  } catch (error) {
    return String(error);
  }
}

test('a text that stands twice, or not at all, is refused by name', () => {
  const mutant: Mutant = { name: 'off by one', file: 'a.ts', find: 'a < b', replace: 'a <= b' };
  expect(planted(mutant, 'if (a < b) f();')).toBe('if (a <= b) f();');
  expect(() => planted(mutant, 'a < b; a < b')).toThrow('off by one: its text stands 2 times in a.ts');
  expect(() => planted(mutant, 'a > b')).toThrow('off by one: its text stands 0 times in a.ts');
  expect(() => planted({ ...mutant, also: { find: 'c', replace: 'd' } }, 'a < b')).toThrow('stands 0 times');
});

// Node's own door to what is loaded: one file of the server comes with its planted bug.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { planted } from './plant.mjs';

let bug = null;

export function initialize(told) {
  bug = told;
}

export async function load(url, context, nextLoad) {
  const [address = ''] = url.split('?');
  if (!address.startsWith('file:') || !fileURLToPath(address).endsWith(bug.file))
    return await nextLoad(url, context);
  const { outputText } = ts.transpileModule(planted(bug, await readFile(fileURLToPath(address), 'utf8')), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  return { format: 'module', source: outputText, shortCircuit: true };
}

// npm run bench [-- <suite>] [--json]: runs every *.bench.ts and prints one table of all their figures,
// then the summaries that some of them make.
// With --json: one object per line (suite, name, value, unit, ratio, against), and nothing else on stdout.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './child.mjs';
import { ensureInstalled } from './ensure.mjs';

// `npm run bench --json`, without the second --, keeps --json for npm itself, which passes it on like this.
const asJson = process.argv.includes('--json') || process.env.npm_config_json === 'true';
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));

await ensureInstalled();

/** The suite's name is read from the text, so that a narrowed run need not load the others. */
function suiteOf(file) {
  return /export const suite = ['"]([^'"]+)['"]/.exec(fs.readFileSync(file, 'utf8'))?.[1];
}

const all = ['shared', 'sync-server', 'desktop']
  .flatMap((workspace) =>
    fs
      .readdirSync(path.join(root, workspace), { recursive: true })
      .map((name) => path.join(root, workspace, name)),
  )
  .filter((file) => file.endsWith('.bench.ts') && !/[\\/](node_modules|dist|out)[\\/]/.test(file))
  .sort();
const files = all.filter((file) => wanted.length === 0 || wanted.includes(suiteOf(file)));
if (files.length === 0) {
  const suites = [...new Set(all.map(suiteOf))].join(', ') || 'none';
  console.error(
    `no bench ${wanted.length > 0 ? `of suite ${wanted.join(', ')}` : 'file'} found; there are: ${suites}`,
  );
  process.exit(1);
}

const figures = [];
const tables = [];
let failed = 0;
for (const file of files) {
  console.error(`bench ${path.relative(root, file)} ...`);
  const code = await runFile(file);
  if (code === 0) continue;
  failed += 1;
  console.error(`bench ${path.relative(root, file)} failed (exit code ${code})`);
}
if (!asJson) {
  printFigures();
  for (const { head, rows } of tables) {
    console.log();
    print(head, rows, (column) => column > 0);
  }
}
process.exitCode = failed > 0 ? 1 : 0;

function runFile(file) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--expose-gc', '--import', 'tsx', 'scripts/bench-file.ts', file], {
      cwd: root,
      // Its stdout goes to our stderr: stdout is for figures alone.
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.once(signal, () => {
        child.kill(signal);
        process.exitCode = 1;
      });
    }
    child.on('message', ({ figure, table }) => {
      if (table) tables.push(table);
      if (!figure) return;
      figures.push(figure);
      if (asJson) console.log(JSON.stringify(figure));
    });
    child.on('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
}

function rounded(value) {
  if (!Number.isFinite(value)) return String(value);
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function printFigures() {
  const head = ['suite', 'name', 'value', 'unit', 'ratio', 'against'];
  const rows = figures.map(({ suite, name, value, unit, ratio, against }) => [
    suite,
    name,
    rounded(value),
    unit,
    ratio === null ? '' : `${rounded(ratio)}x`,
    against ?? '',
  ]);
  print(head, rows, (column) => column === 2 || column === 4);
}

function print(head, rows, isToTheRight) {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column].length)),
  );
  for (const row of [head, widths.map((width) => '-'.repeat(width)), ...rows]) {
    const cells = row.map((cell, column) =>
      isToTheRight(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
    );
    console.log(cells.join('  ').trimEnd());
  }
}

// npm run mutants [name-filter]: breaks the availability engine in each of the ways that
// shared/src/availability/testing/mutants.ts lists, and shows which test notices, among the examples and among the
// random cases. Ends with 1 when a mutant survives both, or when its text is not in its file exactly once.
//
//   npm run mutants            all of them
//   npm run mutants buffer     those with "buffer" in their name or file
//
// No file is changed (scripts/mutants.vitest.config.ts), so it may run beside other work. MEDIC_RUNS sets how many
// random cases there are.
import fs from 'node:fs';
import path from 'node:path';
import { tsImport } from 'tsx/esm/api';
import { root, runTool, seconds, stopChildrenOnSignals } from './child.mjs';
import { ensureInstalled } from './ensure.mjs';
import { stopWithNpm } from './stop-with-npm.mjs';

const suites = [
  {
    name: 'examples',
    args: ['--exclude', '**/oracle.test.ts'],
    nameOf: (file, test) => `${path.basename(file, '.test.ts')}: ${test.fullName}`,
  },
  { name: 'random cases', args: ['availability/oracle.test.ts'], nameOf: (_, test) => test.title },
];
/** A mutant may loop for ever. The tests take a few seconds without one. */
const limitSeconds = 120;

stopChildrenOnSignals();
stopWithNpm();
let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    stopped = true;
  });
}
await ensureInstalled();

const { mutants, planted } = await tsImport('../shared/src/availability/testing/mutants.ts', import.meta.url);
const filter = process.argv.slice(2).join(' ').toLowerCase();
const chosen = mutants.filter(({ name, file }) => `${name} ${file}`.toLowerCase().includes(filter));
if (chosen.length === 0) {
  console.error(`no mutant has "${filter}" in its name or file`);
  process.exit(1);
}

const results = path.join(root, '.cache', 'mutants', String(process.pid));
fs.mkdirSync(results, { recursive: true });
process.once('exit', () => fs.rmSync(results, { recursive: true, force: true }));

for (const suite of suites) {
  const { caughtBy, problem } = await runSuite(suite, undefined);
  if (caughtBy === null && problem === null) continue;
  console.error(`without a mutant the ${suite.name} must pass: ${caughtBy ?? problem}`);
  process.exit(1);
}

const nameWidth = Math.max(...chosen.map(({ name }) => name.length));
const cellWidth = 76;
printRow(
  'mutant',
  suites.map(({ name }) => `caught by the ${name}`),
  'seconds',
);
printRow(
  '-'.repeat(nameWidth),
  suites.map(() => '-'.repeat(cellWidth)),
  '-------',
);

const started = performance.now();
const caught = suites.map(() => 0);
const survivors = [];
const problems = [];
for (const mutant of chosen) {
  const begun = performance.now();
  try {
    planted(mutant, fs.readFileSync(path.join(root, mutant.file), 'utf8'));
  } catch (error) {
    problems.push(error.message);
    printRow(mutant.name, ['BROKEN, see below', ''], '');
    continue;
  }
  // Side by side: each suite is one thread.
  const outcomes = await Promise.all(suites.map((suite) => runSuite(suite, mutant.name)));
  if (stopped) break;
  const cells = outcomes.map(({ caughtBy, problem }, i) => {
    if (problem !== null) problems.push(`${mutant.name}, ${suites[i].name}: ${problem}`);
    if (caughtBy !== null) caught[i] += 1;
    return problem === null ? (caughtBy ?? '-') : 'BROKEN, see below';
  });
  if (outcomes.every(({ caughtBy, problem }) => caughtBy === null && problem === null)) {
    survivors.push(mutant.name);
    cells[0] = 'SURVIVES';
  }
  printRow(mutant.name, cells, ((performance.now() - begun) / 1000).toFixed(1));
}

if (!stopped) printSum();

function printSum() {
  console.log('');
  for (const problem of problems) console.log(`broken: ${problem}`);
  for (const name of survivors) console.log(`survives: ${name}`);
  const each = suites.map(({ name }, i) => `${caught[i]} by the ${name}`).join(', ');
  console.log(
    `${chosen.length} mutants: ${survivors.length} survive, ${problems.length} problems; caught: ${each} (${seconds(started)})`,
  );
  process.exitCode = survivors.length + problems.length > 0 ? 1 : 0;
}

/** The first test that fails; else a problem: what broke without a failed test says nothing about the tests. */
async function runSuite({ name, args, nameOf }, mutant) {
  const report = path.join(results, `${name.replaceAll(' ', '-')}.json`);
  fs.rmSync(report, { force: true });
  const ended = await runTool(
    'vitest/vitest.mjs',
    [
      'run',
      '--config',
      'scripts/mutants.vitest.config.ts',
      '--bail=1',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...args,
    ],
    {
      quiet: true,
      limitSeconds,
      env: {
        MEDIC_RUNS: process.env.MEDIC_RUNS ?? '800',
        ...(mutant === undefined ? {} : { MEDIC_MUTANT: mutant }),
      },
    },
  );
  if (ended.problem.startsWith('took longer'))
    return { caughtBy: `does not end in ${limitSeconds} s`, problem: null };
  if (!fs.existsSync(report)) return { caughtBy: null, problem: `${ended.problem}\n${ended.output}` };
  const { testResults } = JSON.parse(fs.readFileSync(report, 'utf8'));
  for (const file of testResults) {
    const failed = file.assertionResults.find(({ status }) => status === 'failed');
    if (failed) return { caughtBy: nameOf(file.name, failed), problem: null };
  }
  const broken = testResults.find(({ status }) => status === 'failed');
  if (broken) return { caughtBy: null, problem: `${broken.name} does not load: ${broken.message}` };
  return { caughtBy: null, problem: ended.ok ? null : `${ended.problem}\n${ended.output}` };
}

function printRow(name, cells, time) {
  const cut = (text) =>
    text.length > cellWidth ? `${text.slice(0, cellWidth - 1)}…` : text.padEnd(cellWidth);
  console.log([name.padEnd(nameWidth), ...cells.map(cut), time.padStart(7)].join('  ').trimEnd());
}

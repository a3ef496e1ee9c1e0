// What the other scripts need before they can begin: a Node that is new enough, the npm packages, a Chromium.
// It runs before node_modules exists, so it may import nothing but Node itself.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { root, run, runNpm, runTool, say, seconds } from './child.mjs';

const oldestNode = [20, 19];

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  say(
    `Medic needs Node ${oldestNode.join('.')} or newer; this is ${process.version}. Get one from https://nodejs.org`,
  );
  process.exit(1);
}

/**
 * One holder at a time, over processes: a directory is made or it is not. A lock whose holder has died
 * is taken over.
 */
export async function withLock(name, body) {
  const lock = path.join(root, '.cache', `${name}.lock`);
  const holder = path.join(lock, 'pid');
  fs.mkdirSync(path.dirname(lock), { recursive: true });
  let told = false;
  for (;;) {
    try {
      fs.mkdirSync(lock);
      fs.writeFileSync(holder, String(process.pid));
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isAbandoned(lock, holder)) takeAway(lock, holder);
    else if (!told) {
      say(`waiting for another Medic process (${name}) ...`);
      told = true;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const release = () => fs.rmSync(lock, { recursive: true, force: true });
  process.once('exit', release);
  try {
    return await body();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** Of several that find a dead holder's lock one takes it away, and only if it is still the dead one's. */
function takeAway(lock, holder) {
  const turn = `${lock}.turn`;
  try {
    fs.mkdirSync(turn);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    // Held for an instant; an old one was left by a crash in that instant.
    const made = fs.statSync(turn, { throwIfNoEntry: false });
    if (made && Date.now() - made.mtimeMs > 10_000) fs.rmSync(turn, { recursive: true, force: true });
    return;
  }
  if (isAbandoned(lock, holder)) fs.rmSync(lock, { recursive: true, force: true });
  fs.rmSync(turn, { recursive: true, force: true });
}

function isAbandoned(lock, holder) {
  try {
    const pid = Number(fs.readFileSync(holder, 'utf8'));
    // Between mkdir and the pid there is a moment without one.
    if (!pid) return Date.now() - fs.statSync(lock).mtimeMs > 5_000;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    if (error.code === 'ESRCH') return true;
    if (error.code === 'EPERM') return false;
    if (error.code !== 'ENOENT') throw error;
    const made = fs.statSync(lock, { throwIfNoEntry: false });
    return made !== undefined && Date.now() - made.mtimeMs > 5_000;
  }
}

const modules = path.join(root, 'node_modules');
const lockFile = path.join(root, 'package-lock.json');
const installStamp = path.join(modules, '.medic-installed');

function lockHash() {
  return fs.existsSync(lockFile)
    ? createHash('sha256').update(fs.readFileSync(lockFile)).digest('hex')
    : 'no lock file';
}

function isInstalled() {
  if (!fs.existsSync(modules)) return false;
  if (fs.existsSync(installStamp) && fs.readFileSync(installStamp, 'utf8') === lockHash()) return true;
  // Somebody ran npm by hand: its own record of what lies in node_modules decides, by content, since
  // file times say nothing after a clone or a checkout.
  const record = path.join(modules, '.package-lock.json');
  if (!fs.existsSync(record) || !fs.existsSync(lockFile)) return false;
  const there = JSON.parse(fs.readFileSync(record, 'utf8')).packages;
  const wanted = JSON.parse(fs.readFileSync(lockFile, 'utf8')).packages;
  return Object.entries(wanted).every(([place, one]) => {
    if (!place.startsWith('node_modules/') || one.link || one.optional || one.peer) return true;
    return there[place]?.version === one.version;
  });
}

/** Installs the npm packages where they are missing or not those of the lock file. */
export async function ensureInstalled() {
  checkNode();
  if (isInstalled()) return;
  await withLock('install', async () => {
    if (isInstalled()) return;
    const verb = fs.existsSync(lockFile) ? 'ci' : 'install';
    say(`installing npm packages (npm ${verb}); this takes about a minute ...`);
    const started = performance.now();
    // Everything but production needs the development packages too, whatever NODE_ENV says.
    const result = await runNpm([verb, '--include=dev', '--no-audit', '--no-fund'], { limitSeconds: 1800 });
    if (!result.ok) {
      say(`npm ${verb} failed (${result.problem}); its own words are above`);
      process.exit(1);
    }
    fs.writeFileSync(installStamp, lockHash());
    say(`npm packages installed in ${seconds(started)}`);
  });
}

function onPath(names) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return folders.flatMap((folder) => names.map((name) => path.join(folder, name)));
}

function usualPlaces() {
  if (process.platform === 'darwin') {
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].flatMap((app) =>
      ['/Applications', path.join(process.env.HOME ?? '', 'Applications')].map(
        (at) => `${at}/${app}.app/Contents/MacOS/${app}`,
      ),
    );
  }
  if (process.platform === 'win32') {
    const bases = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
      .map((name) => process.env[name])
      .filter(Boolean);
    return bases.flatMap((base) => [
      path.join(base, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      path.join(base, 'Chromium', 'Application', 'chrome.exe'),
      path.join(base, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ]);
  }
  return onPath(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']);
}

async function playwrightsOwn() {
  const { chromium } = await import('@playwright/test');
  return chromium.executablePath();
}

/** A file is not yet a browser: Ubuntu's chromium-browser may be a stub, a download may lack libraries. */
async function isWorking(file) {
  // existsSync, not statSync: a PATH may lead through folders that are closed to us.
  if (!file || !fs.existsSync(file) || !fs.statSync(file).isFile()) return false;
  if (process.platform === 'win32') return true; // there --version opens a window
  const result = await run(file, ['--version'], { quiet: true, limitSeconds: 30 });
  return result.ok && /\d+\.\d+/.test(result.output);
}

/** The path of a Chromium that runs, or undefined; installs nothing. */
export async function findChromium() {
  const asked = process.env.CHROMIUM_PATH;
  if (asked) {
    if (await isWorking(asked)) return asked;
    say(`CHROMIUM_PATH is ${asked}, and that is no Chromium that runs; looking for another`);
  }
  for (const place of [...usualPlaces(), await playwrightsOwn()]) {
    if (await isWorking(place)) return place;
  }
  return undefined;
}

/** As `findChromium`, but installs one where there is none and this user may. */
export async function ensureChromium() {
  const found = await findChromium();
  if (found) return found;
  return withLock('chromium', async () => {
    const meanwhile = await findChromium();
    if (meanwhile) return meanwhile;
    say("no Chromium on this machine; downloading Playwright's ...");
    const download = await runTool('@playwright/test/cli.js', ['install', '--no-shell', 'chromium'], {
      limitSeconds: 600,
    });
    const own = await playwrightsOwn();
    if (download.ok && (await isWorking(own))) return own;
    say(download.ok ? 'it does not run here (libraries missing?)' : `that failed (${download.problem})`);
    if (await installDebians()) return findChromium();
    say('no Chromium could be had. Install chromium or Google Chrome, or set CHROMIUM_PATH to one.');
    return undefined;
  });
}

async function installDebians() {
  if (process.platform !== 'linux' || !fs.existsSync('/usr/bin/apt-get')) return false;
  const isRoot = process.getuid() === 0;
  if (!isRoot && !(await run('sudo', ['-n', 'true'], { quiet: true, limitSeconds: 10 })).ok) {
    say("Debian's chromium package would need root: sudo apt-get install -y chromium");
    return false;
  }
  say("installing Debian's chromium package ...");
  const before = isRoot ? [] : ['sudo', '-n'];
  for (const args of [
    ['update', '-q'],
    ['install', '-y', '-q', '--no-install-recommends', 'chromium'],
  ]) {
    const command = [
      ...before,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      '-o',
      'DPkg::Lock::Timeout=300',
      ...args,
    ];
    const result = await run(command[0], command.slice(1), { limitSeconds: 900 });
    // A stale or unreachable list among many is no reason to give up: install says whether it mattered.
    if (!result.ok) say(`apt-get ${args[0]} failed (${result.problem})`);
    if (!result.ok && args[0] === 'install') return false;
  }
  return true;
}

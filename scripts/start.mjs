// npm start: installs and builds what is missing, runs the server with the demo clinic, and opens the desk.
//
// package.json says `exec` so that npm's SIGTERM reaches us and npm waits for us: a plain `sh -c` would die of it
// first. Windows has no exec, says so, and goes on to the second half of the line.
//
// The server is our child. Whatever ends us ends it: a signal, npm's death, and after kill -9 the closed IPC
// channel, which the server watches.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { buildIfStale, deskSite, electronDesk, publicSite } from './build.mjs';
import { killGroup, root, say, stopChildrenOnSignals } from './child.mjs';
import { ensureInstalled } from './ensure.mjs';
import { stopWithNpm } from './stop-with-npm.mjs';

// Less than the 30 s that process managers commonly grant.
const stopLimitMs = 20_000;

const stopPreparation = stopChildrenOnSignals();
stopWithNpm();

await ensureInstalled();
const builds = await Promise.all([deskSite, publicSite].map((site) => buildIfStale(site)));
for (const build of builds) {
  if (build.ok) continue;
  say(build.problem);
  process.exit(1);
}
stopPreparation();
runServer();

function runServer() {
  const server = spawn(process.execPath, ['--import', 'tsx', 'sync-server/src/main.ts'], {
    cwd: root,
    env: { MEDIC_DEMO: '1', MEDIC_LOG_FORMAT: 'text', ...process.env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // A group of its own, so that Ctrl-C arrives once, through us: a second one would cut the clean stop.
    detached: process.platform !== 'win32',
  });
  let desk;
  let stopped = false;

  // Once: Ctrl-C reaches us from the terminal and again from npm.
  function stopServer(signal) {
    if (stopped) return;
    stopped = true;
    if (desk) killGroup(desk, 'SIGTERM');
    server.kill(signal);
    setTimeout(() => {
      say(`the server did not stop within ${stopLimitMs / 1000} s; killing it`);
      server.kill('SIGKILL');
    }, stopLimitMs).unref();
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopServer(signal));

  server.on('error', (error) => {
    say(`the server could not be started: ${error.message}`);
    process.exit(1);
  });
  server.on('exit', (code, signal) => {
    if (desk) killGroup(desk, 'SIGTERM');
    if (signal && !stopped) say(`the server was ended by ${signal}`);
    process.exit(code ?? (stopped ? 0 : 1));
  });
  server.on('message', async (message) => {
    if (message?.type !== 'ready' || stopped) return;
    const reason = whyNoElectron();
    if (!reason) desk = await openElectron(message);
    if (desk && stopped) killGroup(desk, 'SIGTERM');
    if (!desk) tellAddresses(message, reason);
  });
}

function tellAddresses({ url, deskUrl, bookUrl, signIns = [] }, reason) {
  const lines = ['', `Medic is running at ${url}`];
  if (reason) lines.push(`(no Electron window: ${reason})`);
  lines.push('', `  desk         ${deskUrl ?? `${url}/desk`}`);
  if (bookUrl) lines.push(`  booking page ${bookUrl}`);
  if (signIns.length > 0) lines.push('', '  Sign in at the desk as');
  const widest = Math.max(0, ...signIns.map(({ role }) => role.length));
  for (const { role, email, password } of signIns)
    lines.push(`    ${role.padEnd(widest)}  ${email}  ${password}`);
  console.log(`${lines.join('\n')}\n\nCtrl-C stops it.`);
}

function electronBinary() {
  const home = path.join(root, 'node_modules', 'electron');
  const record = path.join(home, 'path.txt');
  // Never import 'electron' to ask: that would download it.
  if (!fs.existsSync(record)) return undefined;
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? path.join(home, 'dist');
  const binary = path.join(folder, fs.readFileSync(record, 'utf8').trim());
  return fs.existsSync(binary) ? binary : undefined;
}

function whyNoElectron() {
  if (!electronBinary()) return 'its binary is not installed; the desk runs in a browser as well';
  const { DISPLAY, WAYLAND_DISPLAY, CI } = process.env;
  if (CI) return 'CI is set';
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return 'there is no display';
  if (process.platform === 'linux' && process.getuid() === 0) return 'it does not run as root';
  return undefined;
}

async function openElectron(message) {
  const build = await buildIfStale(electronDesk);
  if (!build.ok) {
    say(build.problem);
    return undefined;
  }
  const desk = spawn(electronBinary(), [path.join(root, 'desktop')], {
    cwd: root,
    env: { ...process.env, MEDIC_SERVER_URL: message.url },
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return new Promise((resolve) => {
    desk.on('spawn', () => {
      say('the desk is open in a window of its own; closing it leaves the server running');
      tellAddresses(message);
      resolve(desk);
    });
    desk.on('error', (error) => {
      say(`Electron did not start: ${error.message}`);
      resolve(undefined);
    });
    desk.on('exit', (code) => {
      if (code)
        say(`Electron ended with code ${code}; the desk is at ${message.deskUrl ?? `${message.url}/desk`}`);
    });
  });
}

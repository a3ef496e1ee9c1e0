// npm run dev: the server restarts and both sites are built again on every change; refresh the page to see it.
//
// `vite build --watch` rather than vite's dev server: the server then serves exactly what it serves in
// production (same HTML, same base path), and knows nothing of vite. Only the desk's service worker is left out,
// and the port is another one, so that no service worker of `npm start` answers with yesterday's pages.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { buildIfStale, sites } from './build.mjs';
import { killGroup, root, say, stopChildrenOnSignals } from './child.mjs';
import { ensureInstalled } from './ensure.mjs';
import { stopWithNpm } from './stop-with-npm.mjs';

const stopPreparation = stopChildrenOnSignals();
stopWithNpm();
await ensureInstalled();
// Built once before: the server must find both sites when it starts. A broken one mends itself in the watch.
for (const build of await Promise.all(sites.map((site) => buildIfStale(site)))) {
  if (!build.ok) say(build.problem);
}
stopPreparation();

const children = [];
let stopping = false;

function keep(name, file, args, options) {
  const child = spawn(process.execPath, [path.join(root, 'node_modules', file), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    // A group of its own, so that Ctrl-C arrives once, through us.
    detached: process.platform !== 'win32',
    ...options,
  });
  children.push(child);
  child.on('error', (error) => say(`${name}: ${error.message}`));
  child.on('exit', (code) => {
    if (stopping) return;
    say(`${name} ended (exit code ${code}); stopping the rest`);
    stop(code || 1);
  });
}

function stop(code) {
  if (stopping) return;
  stopping = true;
  // Not the groups: tsx passes the signal on to the server, and twice would cut its clean stop.
  for (const child of children) child.kill('SIGTERM');
  const deadline = performance.now() + 20_000;
  setInterval(() => {
    const left = children.filter((child) => child.exitCode === null && child.signalCode === null);
    if (left.length > 0 && performance.now() < deadline) return;
    for (const child of left) killGroup(child, 'SIGKILL');
    process.exit(code);
  }, 50);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(0));

for (const site of sites) {
  // What comes out from here on is not what the stamp says.
  fs.rmSync(path.join(root, site.stamp), { force: true });
  for (const { tool, args, cwd } of site.commands) {
    // Not emptied first: the public site's two builds run side by side, and one reads what the other wrote.
    const watch = ['--watch', '--no-emptyOutDir', '--clearScreen', 'false', '--logLevel', 'warn'];
    keep(`${site.name} (vite)`, tool, [...args, ...watch], {
      cwd: path.join(root, cwd),
      env: { ...process.env, NODE_ENV: 'development' },
    });
  }
}
// The server reads the public site's renderer once, when it starts.
const renderer = '--include=sync-server/dist/web/server/*.js';
keep('server', 'tsx/dist/cli.mjs', ['watch', '--clear-screen=false', renderer, 'sync-server/src/main.ts'], {
  env: { MEDIC_DEMO: '1', MEDIC_LOG_FORMAT: 'text', PORT: '4410', ...process.env },
});

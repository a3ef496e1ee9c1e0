// What npm started ends with npm.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

/**
 * npm passes SIGTERM to the shell between us, if there is one, which dies of it without a word to us, and npm,
 * killed outright, passes nothing at all. So we watch them. Only under npm: nohup and setsid change parents on purpose.
 */
export function stopWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const npm = parentOfShell(parent);
  const watch = setInterval(() => {
    if (process.ppid === parent && (npm === undefined || isAlive(npm))) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
    // Often: whoever ended npm believes that all is over, and may start the next one.
  }, 50);
  watch.unref();
}

/** The parent of `pid`, if `pid` is a shell; asked of the system, which is why Windows has none. */
function parentOfShell(pid) {
  if (process.platform === 'win32') return undefined;
  const said =
    procStat(pid) ?? spawnSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  const [, parent, command] = /^\s*(\d+)\s+(\S+)/.exec(said ?? '') ?? [];
  return command?.endsWith('sh') ? Number(parent) : undefined;
}

/** As `ps` says it, where there is no ps: small containers. */
function procStat(pid) {
  const file = `/proc/${pid}/stat`;
  if (!fs.existsSync(file)) return undefined;
  const [, command, parent] = /^\d+ \((.*)\) \S (\d+)/.exec(fs.readFileSync(file, 'utf8')) ?? [];
  return `${parent} ${command}`;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

// Child processes of the scripts: run to the end, with a time limit, and never left behind.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Said on lines of its own, so that a log tells our words from the tools'. */
export function say(text) {
  console.log(`[medic] ${text}`);
}

export function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

const running = new Set();
let stopping = false;

/**
 * Runs a program to its end and answers with how it ended; never throws.
 * `quiet` keeps the output for the answer instead of showing it.
 */
export function run(
  command,
  args,
  { cwd = root, env = {}, quiet = false, limitSeconds = 1200, shell = false } = {},
) {
  return new Promise((resolve) => {
    let output = '';
    let timedOut = false;
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...(quiet ? { NO_COLOR: '1' } : {}), ...env },
      shell,
      // A group of its own: what the tool itself started dies with it.
      detached: process.platform !== 'win32',
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    });
    running.add(child);
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child, 'SIGTERM');
      setTimeout(() => killGroup(child, 'SIGKILL'), 10_000).unref();
    }, limitSeconds * 1000);
    child.stdout?.on('data', (part) => {
      output += part;
    });
    child.stderr?.on('data', (part) => {
      output += part;
    });
    function finish(code, signal, error) {
      clearTimeout(timer);
      running.delete(child);
      const problem = timedOut
        ? `took longer than ${limitSeconds} s`
        : error
          ? error.message
          : signal
            ? `ended by ${signal}`
            : code === 0
              ? ''
              : `exit code ${code}`;
      resolve({ ok: problem === '', code: code ?? 1, problem, output });
    }
    child.on('error', (error) => finish(1, null, error));
    child.on('close', (code, signal) => finish(code, signal, null));
    if (stopping) killGroup(child, 'SIGTERM');
  });
}

/** Runs a package's own command-line program with this Node: no shell, no .cmd files, no PATH. */
export function runTool(file, args, options) {
  return run(process.execPath, [path.join(root, 'node_modules', file), ...args], options);
}

/** Runs npm: the one that runs us, else the one on the PATH. */
export function runNpm(args, options = {}) {
  const own = process.env.npm_execpath;
  if (own && path.basename(own) === 'npm-cli.js') return run(process.execPath, [own, ...args], options);
  const windows = process.platform === 'win32';
  return run(windows ? 'npm.cmd' : 'npm', args, { ...options, shell: windows });
}

export function killGroup(child, signal) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: it ended in this very moment.
    if (error.code !== 'ESRCH') throw error;
  }
}

/**
 * Ends what `run` started when we are told to end, then ends us with the signal's usual code.
 * Answers with a function that takes this back.
 */
export function stopChildrenOnSignals() {
  function stop(number) {
    if (stopping) return;
    stopping = true;
    for (const child of running) killGroup(child, 'SIGTERM');
    const deadline = performance.now() + 10_000;
    const check = setInterval(() => {
      if (running.size > 0 && performance.now() < deadline) return;
      for (const child of running) killGroup(child, 'SIGKILL');
      clearInterval(check);
      process.exit(128 + number);
    }, 50);
  }
  const numbers = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 };
  const handlers = Object.entries(numbers).map(([signal, number]) => [signal, () => stop(number)]);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}

/** The running Postgres: found by its pid file, launched, and shut down. */
import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { copyFile, open, readFile, rename, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { MedicError } from '@medic/shared/errors';
import type { Binaries } from './binaries';
import type { Places } from './places';
import { exists } from './places';
import { errorCodeOf, isPostmasterOf } from './processes';
import type { RunUser } from './run-user';
import { runOptions } from './run-user';

const run = promisify(execFile);

export const startTimeoutMs = 120_000;
export const stopTimeoutMs = 60_000;
const logLimitBytes = 5_000_000;

/** For a PC that runs other programs too; far more than a clinic of 50 doctors needs. */
const clinicPcSettings = {
  shared_buffers: '128MB',
  effective_cache_size: '1GB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  max_connections: '100',
  // Disks of clinic PCs are SSDs, and the hot data fits in memory.
  random_page_cost: '1.1',
  // Compiling costs more than our short queries take.
  jit: 'off',
  wal_compression: 'on',
  // A connection keeps the plans that it made over empty tables until these are analysed, and a clinic begins empty.
  autovacuum_naptime: '15s',
  log_min_messages: 'warning',
  // DETAIL quotes the values of the row at fault, and those are patients' data.
  log_error_verbosity: 'terse',
  log_line_prefix: '%m [%p] ',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // What the log says is compared below.
  lc_messages: 'C',
};

/** Another server that took the directory, or the port, is no failure: the caller looks again. */
export type LaunchSetback = 'port taken' | 'another server took the data directory';

export async function launch(
  places: Places,
  binaries: Binaries,
  user: RunUser | undefined,
  port: number,
  settingsOver: Readonly<Record<string, string>>,
  onSpawn: (child: ChildProcess) => void,
): Promise<ChildProcess | LaunchSetback> {
  const settings = {
    ...clinicPcSettings,
    ...settingsOver,
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
  };
  const args = [
    '-D',
    places.cluster,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const logStart = await rotateLog(places);
  const logFd = openSync(places.logFile, 'a', 0o600);
  // A file and no pipe: a pipe would break when this process is killed, and Postgres is to live on.
  const child = spawn(binaries.postgres, args, {
    ...runOptions(user, places.home),
    detached: true,
    stdio: ['ignore', logFd, logFd],
  });
  closeSync(logFd);
  child.unref();
  onSpawn(child);

  let ended: string | undefined;
  child.once('error', (error) => {
    ended = error.message;
  });
  child.once('exit', (code, signal) => {
    ended ??= `it ended with ${signal ?? `code ${code}`}`;
  });
  const deadline = Date.now() + startTimeoutMs;
  while (ended === undefined) {
    const found = await readPidFile(places.cluster);
    if (found?.pid === child.pid && found?.state === 'ready') return child;
    if (Date.now() > deadline) {
      child.kill('SIGQUIT');
      throw new MedicError(
        'database.unreachable',
        `Postgres did not become ready in ${startTimeoutMs / 1000} s. Its log is ${places.logFile}`,
      );
    }
    await sleep(10);
  }
  const said = await readFrom(places.logFile, logStart);
  if (/could not create any TCP\/IP sockets|could not bind/.test(said)) return 'port taken';
  // The second: the parent was killed and its last sessions are still going.
  if (/lock file "[^"]*postmaster\.pid" already exists|pre-existing shared memory block/.test(said))
    return 'another server took the data directory';
  throw new MedicError(
    'database.unreachable',
    `Postgres did not start (${ended}). ${lastLines(said)} Its log is ${places.logFile}`,
  );
}

/** Fast: open transactions are rolled back, and what was committed is written out. */
export async function shutDown(places: Places, pid: number, binaries: Binaries | undefined): Promise<void> {
  if (!isPostmasterOf(pid, places.cluster)) return;
  if (process.platform === 'win32' && binaries) {
    // Windows has no signals; pg_ctl speaks to Postgres through a pipe of its own.
    await run(
      binaries.pgCtl,
      ['stop', '-D', places.cluster, '-m', 'fast', '-w', '-t', String(stopTimeoutMs / 1000)],
      runOptions(undefined, places.home),
    );
  } else {
    signal(pid, 'SIGINT');
    if (!(await hasGone(places, pid, stopTimeoutMs))) {
      // Immediate: a crash that the next start recovers from. Nothing committed is lost.
      signal(pid, 'SIGQUIT');
      if (!(await hasGone(places, pid, 15_000)))
        throw new MedicError(
          'database.unreachable',
          `Postgres (process ${pid}) does not stop. Its log is ${places.logFile}`,
        );
    }
  }
  if ((await readPidFile(places.cluster))?.pid === pid)
    await rm(join(places.cluster, 'postmaster.pid'), { force: true });
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (errorCodeOf(error) !== 'ESRCH') throw error;
  }
}

async function hasGone(places: Places, pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isPostmasterOf(pid, places.cluster)) {
    if (Date.now() > deadline) return false;
    await sleep(5);
  }
  return true;
}

export interface PidFile {
  pid: number;
  port: number;
  state: string;
}

/** https://www.postgresql.org/docs/18/storage-file-layout.html; the lines are those of `miscadmin.h`. */
export async function readPidFile(cluster: string): Promise<PidFile | undefined> {
  let text: string;
  try {
    text = await readFile(join(cluster, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  const lines = text.split('\n');
  const pid = Number.parseInt(lines[0] ?? '', 10);
  // Lines appear one by one while the server starts, and an empty file is left by a full disk.
  if (!Number.isInteger(pid)) return undefined;
  return {
    pid: Math.abs(pid),
    port: Number.parseInt(lines[3] ?? '', 10) || 0,
    state: lines[7]?.trim() ?? '',
  };
}

/**
 * The id in a stale pid file now belongs to another program of the same user. Postgres would take that for a running
 * server and never start again, so the file goes; its shared memory still guards against sessions that live on.
 */
export async function removeForeignPidFile(places: Places, judgedPid: number): Promise<void> {
  const path = join(places.cluster, 'postmaster.pid');
  const aside = `${path}.stale-${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return;
    throw error;
  }
  const moved = Number.parseInt(await readFile(aside, 'utf8'), 10);
  // Between reading and moving it another starter may have put its own there.
  if (moved === judgedPid) await rm(aside);
  else await rename(aside, path);
}

/** Keeps one old log. Returns where what is written next will start. */
async function rotateLog(places: Places): Promise<number> {
  if (!(await exists(places.logFile))) return 0;
  const { size } = await stat(places.logFile);
  if (size < logLimitBytes) return size;
  // Copied and emptied, which keeps its owner.
  await copyFile(places.logFile, `${places.logFile}.1`);
  await truncate(places.logFile);
  return 0;
}

async function readFrom(path: string, position: number): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(Math.min(Math.max(size - position, 0), 64_000));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-5).join(' | ');
}

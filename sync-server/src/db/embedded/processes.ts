/**
 * What a process id stands for now. Ids are reused, and a pid file outlives its process, so a bare
 * `kill(pid, 0)` is never proof enough to attach to something or to signal it.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync } from 'node:fs';

export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it exists and belongs to someone else.
    return errorCodeOf(error) === 'EPERM';
  }
  // A zombie still answers to signal 0. In a container whose first process never reaps, it does so for ever.
  const stat = process.platform === 'linux' ? linuxStat(pid) : undefined;
  return stat === undefined || (stat.state !== 'Z' && stat.state !== 'X');
}

/**
 * Differs between two processes that had the same id one after the other. Empty where the system does
 * not tell; then the id alone has to do.
 */
export function startMark(pid: number): string {
  if (process.platform === 'linux') return linuxStat(pid)?.startTicks ?? '';
  if (process.platform === 'win32') return '';
  return outputOf('ps', ['-p', String(pid), '-o', 'lstart=']).trim();
}

/** True when `pid` is a Postgres server working on `clusterDir`, as far as this system lets one see. */
export function isPostmasterOf(pid: number, clusterDir: string): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform === 'linux') {
    try {
      // The postmaster makes the data directory its working directory, so two clusters are told apart.
      return (
        readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres' &&
        readlinkSync(`/proc/${pid}/cwd`) === realpathSync(clusterDir)
      );
    } catch (error) {
      // A process of another user hides its folder from us; whoever may read the cluster runs as its owner or as root.
      if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(errorCodeOf(error) ?? '')) return false;
      throw error;
    }
  }
  if (process.platform === 'win32') {
    return /postgres\.exe/i.test(outputOf('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']));
  }
  return /(^|\/)postgres$/.test(outputOf('ps', ['-p', String(pid), '-o', 'comm=']).trim());
}

interface LinuxStat {
  state: string;
  startTicks: string;
}

function linuxStat(pid: number): LinuxStat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may itself hold spaces and brackets.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', startTicks: fields[19] ?? '' };
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes(errorCodeOf(error) ?? '')) return undefined;
    throw error;
  }
}

function outputOf(command: string, args: string[]): string {
  try {
    return execFileSync(command, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5000,
    });
  } catch (error) {
    // `ps` and `tasklist` exit non-zero for a process that is not there: no output is the answer.
    if (typeof error === 'object' && error !== null && 'status' in error) return '';
    throw error;
  }
}

export function errorCodeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

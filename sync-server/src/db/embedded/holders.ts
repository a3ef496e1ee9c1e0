/**
 * Who uses one embedded server. Several processes may share a data directory (the server, a seed, a
 * second server): each holds the server while it works, and whoever leaves last stops it. So the one
 * that started it may go first without taking the database from the others, and an orphan left by a
 * `kill -9` is stopped by the next process that attaches to it.
 *
 * One file per holder, named by process id. Files of the dead do not count. All of it is synchronous,
 * because a process that exits must be able to let go in its `exit` handler.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCodeOf, isAlive, startMark } from './processes';

export interface Holder {
  /** Says that this holder is going. True when no other holder is left, so that the server is to be stopped. */
  beginLeaving(): boolean;
  /** Ends the leaving, after the server has been stopped or left to the others. */
  finishLeaving(): void;
}

const leavingSuffix = '.leaving';
let holdersOfThisProcess = 0;

export function hold(holdersDir: string): Holder {
  mkdirSync(holdersDir, { recursive: true, mode: 0o700 });
  holdersOfThisProcess += 1;
  const path = join(holdersDir, `${process.pid}-${holdersOfThisProcess}`);
  writeFileSync(path, startMark(process.pid), { mode: 0o644 });
  return {
    beginLeaving() {
      // First the mark, then the look around. Who arrives does it the other way round (first its own file, then
      // `allHaveLeft`), so at least one of two that cross each other sees the other.
      try {
        renameSync(path, path + leavingSuffix);
      } catch (error) {
        if (errorCodeOf(error) !== 'ENOENT') throw error;
      }
      return !liveFiles(holdersDir).some((name) => !name.endsWith(leavingSuffix));
    },
    finishLeaving() {
      rmSync(path + leavingSuffix, { force: true });
      rmSync(path, { force: true });
    },
  };
}

/** Waits until nobody is in the middle of leaving, and perhaps of stopping the server. */
export async function allHaveLeft(holdersDir: string, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline && liveFiles(holdersDir).some((name) => name.endsWith(leavingSuffix))) {
    await sleep(20);
  }
}

/** True when a living process holds the server. */
export function isHeld(holdersDir: string): boolean {
  return liveFiles(holdersDir).length > 0;
}

function liveFiles(holdersDir: string): string[] {
  return namesIn(holdersDir).filter((name) => {
    const pid = Number.parseInt(name, 10);
    const path = join(holdersDir, name);
    if (isAlive(pid)) {
      const mark = contentOf(path);
      // An empty mark is one that is being written, or a system that gives none: counted as living.
      if (mark === '' || mark === startMark(pid)) return true;
      if (mark === undefined) return false;
    }
    rmSync(path, { force: true });
    return false;
  });
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

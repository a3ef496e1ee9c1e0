/** Postgres refuses to run as root. Started as root, it is run as a plain user; otherwise as ourselves. */
import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { MedicError } from '@medic/shared/errors';
import { errorCodeOf } from './processes';

const run = promisify(execFile);

export interface RunUser {
  uid: number;
  gid: number;
  name: string;
}

/** Undefined: Postgres runs as whoever runs this. */
export async function chooseRunUser(
  clusterDir: string,
  log: (message: string) => void,
): Promise<RunUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;

  // An existing cluster keeps its owner: whoever made it, Postgres accepts no other.
  const owner = ownerOf(clusterDir);
  if (owner !== undefined) {
    if (owner.uid === 0) {
      throw new MedicError(
        'database.invalid',
        `${clusterDir} belongs to root, but Postgres does not run as root. Give it to a plain user with chown -R`,
      );
    }
    return owner;
  }

  const known = (await userNamed('medic')) ?? (await userNamed('postgres'));
  if (known) return known;
  log('creating the system user "medic": Postgres does not run as root');
  try {
    await run('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      'medic',
    ]);
  } catch (error) {
    log(`no user "medic" could be created (${errorCodeOf(error) ?? 'useradd failed'}); using "nobody"`);
  }
  const created = (await userNamed('medic')) ?? (await userNamed('nobody'));
  if (created) return created;
  throw new MedicError(
    'database.unreachable',
    'Postgres does not run as root, and no plain user was found or could be created. Add one: useradd --system medic',
  );
}

/** Throws when `user` cannot enter `dir`, naming the folder that is in the way. */
export async function assertReachable(dir: string, user: RunUser): Promise<void> {
  const ancestors: string[] = [];
  for (let at = dir; ; at = dirname(at)) {
    ancestors.unshift(at);
    if (at === dirname(at)) break;
  }
  for (const folder of ancestors) {
    if (await canEnter(folder, user)) continue;
    throw new MedicError(
      'database.unreachable',
      `Postgres runs as user "${user.name}", which may not enter ${folder}, so the data cannot be kept in ${dir}. ` +
        `Set MEDIC_DATA_DIR to a folder outside it, such as /var/lib/medic, or allow it: chmod o+x ${folder}`,
    );
  }
}

async function canEnter(folder: string, user: RunUser): Promise<boolean> {
  try {
    await run('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { uid: user.uid, gid: user.gid, cwd: '/' });
    return true;
  } catch (error) {
    // The shell's own failure has a number; a name means that it was never started.
    const code = errorCodeOf(error);
    if (code === undefined) return false;
    throw new MedicError(
      'database.unreachable',
      `This process runs as root but may not become "${user.name}" (${code}), and Postgres does not run as root. Set DATABASE_URL to a Postgres 15 or newer`,
      { cause: error },
    );
  }
}

async function userNamed(name: string): Promise<RunUser | undefined> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => Number.parseInt((await run('id', [flag, name])).stdout, 10)),
    );
    return uid ? { uid, gid: gid ?? uid, name } : undefined;
  } catch (error) {
    // `id` exits with 1 for a user it does not know; without `id` there is no user to find either.
    if (typeof error === 'object' && error !== null && 'code' in error) return undefined;
    throw error;
  }
}

function ownerOf(path: string): RunUser | undefined {
  try {
    const { uid, gid } = statSync(path);
    return { uid, gid, name: `uid ${uid}` };
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** A working directory the plain user may enter, and nothing of our environment that Postgres would listen to. */
export function runOptions(user: RunUser | undefined, home: string) {
  const env: NodeJS.ProcessEnv = { LC_ALL: 'C' };
  for (const name of ['PATH', 'TZ', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LD_LIBRARY_PATH']) {
    if (process.env[name] !== undefined) env[name] = process.env[name];
  }
  return { cwd: home, env, windowsHide: true, ...(user ? { uid: user.uid, gid: user.gid } : {}) };
}

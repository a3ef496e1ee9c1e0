import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

export interface Surroundings {
  platform: NodeJS.Platform;
  /** Undefined where the system has no numeric users (Windows). */
  uid: number | undefined;
  home: string;
  env: Readonly<Record<string, string | undefined>>;
}

/**
 * Where Medic keeps its data when `MEDIC_DATA_DIR` does not say. For root this cannot be a folder of
 * root's: Postgres runs as a plain user there, and `/root` is closed to all others.
 */
export function defaultDataDir(surroundings: Surroundings = here()): string {
  const { platform, uid, home, env } = surroundings;
  if (platform === 'win32') {
    return win32.join(env.LOCALAPPDATA || win32.join(home, 'AppData', 'Local'), 'medic');
  }
  if (uid === 0) return platform === 'darwin' ? '/usr/local/var/medic' : '/var/lib/medic';
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'medic');
  // The XDG specification: a relative value is to be ignored.
  const shareDir = env.XDG_DATA_HOME?.startsWith('/')
    ? env.XDG_DATA_HOME
    : posix.join(home, '.local', 'share');
  return posix.join(shareDir, 'medic');
}

function here(): Surroundings {
  return { platform: process.platform, uid: process.getuid?.(), home: homedir(), env: process.env };
}

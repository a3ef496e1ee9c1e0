/** Where the parts of an embedded server lie, all below `<dataDir>/postgres`. */
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MedicError } from '@medic/shared/errors';
import { errorCodeOf } from './processes';

/** What belongs to one cluster; all of it is moved into place together. */
export interface Home {
  home: string;
  /** Postgres' own data directory. */
  cluster: string;
  /** Of the superuser, readable by its owner only. */
  passwordFile: string;
  /** The port of last time. */
  portFile: string;
  logFile: string;
  holders: string;
}

export interface Places extends Home {
  dataDir: string;
}

export function placesIn(dataDir: string): Places {
  const absolute = resolve(dataDir);
  return { dataDir: absolute, ...homeIn(join(absolute, 'postgres')) };
}

export function homeIn(home: string): Home {
  return {
    home,
    cluster: join(home, 'data'),
    passwordFile: join(home, 'password'),
    portFile: join(home, 'port'),
    logFile: join(home, 'postgres.log'),
    holders: join(home, 'holders'),
  };
}

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return false;
    throw new MedicError('database.unreachable', `${path} cannot be read (${errorCodeOf(error)})`, {
      cause: error,
    });
  }
}

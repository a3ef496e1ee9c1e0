import { chown, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { MedicError } from '@medic/shared/errors';
import type { Places } from './places';
import { exists } from './places';
import type { RunUser } from './run-user';

/** The port of last time if it is free, so that an address noted elsewhere stays good; else one the system gives. */
export async function choosePort(
  places: Places,
  user: RunUser | undefined,
  log: (message: string) => void,
): Promise<number> {
  const remembered = (await exists(places.portFile))
    ? Number.parseInt(await readFile(places.portFile, 'utf8'), 10)
    : 0;
  if (remembered > 0) {
    if ((await listenOnce(remembered)) === remembered) return remembered;
    log(`port ${remembered} is taken by another program; Postgres takes another`);
  }
  const port = await listenOnce(0);
  if (port === undefined) throw new MedicError('database.unreachable', 'No free port on 127.0.0.1');
  await writeFile(places.portFile, String(port), { mode: 0o600 });
  if (user) await chown(places.portFile, user.uid, user.gid);
  return port;
}

/** The port listened on, or undefined where it is taken. */
function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}

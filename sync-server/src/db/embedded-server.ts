/**
 * Supervises a Postgres of our own, from the programs that npm installs, so that one command runs everything.
 *
 * What must stay true:
 * - One data directory, one Postgres. Its own lock file `postmaster.pid` decides between starters; who loses attaches.
 * - It runs until its last holder leaves (`embedded/holders.ts`). A holder that is killed leaves it running, and the
 *   next one attaches to it and stops it in the end.
 * - It is not in our process group: Ctrl-C in a terminal must reach Medic alone, which first finishes what it is doing.
 * - A cluster appears whole or not at all: it is made beside its place and moved there.
 *
 * `<dataDir>/postgres/` holds `data` (the cluster), `password` (of its superuser), `port` (the last one used),
 * `postgres.log` and `holders`.
 */
import type { ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { MedicError } from '@medic/shared/errors';
import type { Binaries } from './embedded/binaries';
import { prepareBinaries } from './embedded/binaries';
import {
  ensureCluster,
  isWrongPassword,
  makeDatabase,
  makeDataDir,
  messageOf,
  readPassword,
  urlOf,
  wrongPassword,
} from './embedded/cluster';
import type { Holder } from './embedded/holders';
import { allHaveLeft, hold } from './embedded/holders';
import type { Places } from './embedded/places';
import { placesIn } from './embedded/places';
import { choosePort } from './embedded/port';
import {
  launch,
  readPidFile,
  removeForeignPidFile,
  shutDown,
  startTimeoutMs,
  stopTimeoutMs,
} from './embedded/postmaster';
import { isAlive, isPostmasterOf } from './embedded/processes';
import type { RunUser } from './embedded/run-user';
import { assertReachable, chooseRunUser } from './embedded/run-user';

export interface EmbeddedServerOptions {
  dataDir: string;
  log: (message: string) => void;
  /** Server settings over those for a clinic PC. Without effect on a server that is already running. */
  settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedServer {
  /** As the owner of everything, into the database `medic`. */
  adminUrl: string;
  /** Another one after Postgres died and was started again. */
  readonly pid: number;
  port: number;
  /** True when it was running already. */
  attached: boolean;
  /** Lets go of the server, and stops it if nobody else holds it. Safe to call twice. */
  stop(): Promise<void>;
}

const watchEveryMs = 1_000;
/** Postgres that dies so soon, so many times in a row, will not live the next time either. */
const quickDeathMs = 10_000;
const quickDeathsAllowed = 3;

/** What stays the same while a server is launched and launched again. */
interface Setting {
  places: Places;
  binaries: Binaries;
  user: RunUser | undefined;
  options: EmbeddedServerOptions;
  onSpawn: (child: ChildProcess) => void;
}

interface Running {
  pid: number;
  port: number;
  adminUrl: string;
  /** Undefined when it is not our child. */
  child: ChildProcess | undefined;
}

export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const places = placesIn(options.dataDir);
  await makeDataDir(places.dataDir);
  const user = await chooseRunUser(places.cluster, options.log);
  if (user) await assertReachable(places.dataDir, user);
  const binaries = await prepareBinaries(user, places.dataDir, options.log);
  await ensureCluster(places, binaries, user, {
    durable: options.settings?.fsync !== 'off',
    log: options.log,
  });

  const holder = hold(places.holders);
  let spawned: ChildProcess | undefined;
  const onSpawn = (child: ChildProcess) => {
    spawned = child;
  };
  // A process that ends while it is still starting takes what it has launched with it.
  const onExit = () => {
    if (holder.beginLeaving()) spawned?.kill('SIGINT');
    holder.finishLeaving();
  };
  process.once('exit', onExit);
  try {
    await allHaveLeft(places.holders, stopTimeoutMs);
    const setting = { places, binaries, user, options, onSpawn };
    return supervise(setting, holder, await attachOrLaunch(setting));
  } catch (error) {
    holder.beginLeaving();
    holder.finishLeaving();
    throw error;
  } finally {
    process.off('exit', onExit);
  }
}

/** Stops a server that no living process holds, such as one left by a `kill -9`. True when there was one. */
export async function stopOrphan(dataDir: string): Promise<boolean> {
  const places = placesIn(dataDir);
  const found = await readPidFile(places.cluster);
  if (!found || !isPostmasterOf(found.pid, places.cluster)) return false;
  const holder = hold(places.holders);
  const isLast = holder.beginLeaving();
  if (isLast) await shutDown(places, found.pid, undefined);
  holder.finishLeaving();
  return isLast;
}

async function attachOrLaunch(setting: Setting): Promise<Running> {
  const { places, options } = setting;
  const password = await readPassword(places);
  const deadline = Date.now() + startTimeoutMs;
  let lastFailure: unknown;
  for (; Date.now() < deadline; await sleep(20)) {
    const found = await readPidFile(places.cluster);
    if (found && isPostmasterOf(found.pid, places.cluster)) {
      if (found.state !== 'ready') continue;
      try {
        await makeDatabase(found.port, password);
        return { pid: found.pid, port: found.port, adminUrl: urlOf(found.port, password), child: undefined };
      } catch (error) {
        if (isWrongPassword(error)) throw wrongPassword(places, error);
        // It is stopping, or has no connection to spare: look again.
        lastFailure = error;
        continue;
      }
    }
    if (found && isAlive(found.pid)) await removeForeignPidFile(places, found.pid);

    const port = await choosePort(places, setting.user, options.log);
    const launched = await launch(
      places,
      setting.binaries,
      setting.user,
      port,
      options.settings ?? {},
      setting.onSpawn,
    );
    if (launched === 'port taken') await rm(places.portFile, { force: true });
    if (typeof launched === 'string') {
      lastFailure = new Error(launched);
      continue;
    }
    const pid = launched.pid ?? 0;
    try {
      await makeDatabase(port, password);
    } catch (error) {
      await shutDown(places, pid, setting.binaries);
      throw isWrongPassword(error) ? wrongPassword(places, error) : error;
    }
    return { pid, port, adminUrl: urlOf(port, password), child: launched };
  }
  throw new MedicError(
    'database.unreachable',
    `Postgres in ${places.home} did not become ready in ${startTimeoutMs / 1000} s: ${messageOf(lastFailure)}. Its log is ${places.logFile}`,
    { cause: lastFailure },
  );
}

/** Starts Postgres again when it dies under us, on the same port, so that the pools find it by themselves. */
function supervise(setting: Setting, holder: Holder, first: Running): EmbeddedServer {
  const { places, binaries, options } = setting;
  let running = first;
  let launchedAt = Date.now();
  let quickDeaths = 0;
  let relaunching: Promise<void> = Promise.resolve();
  let stopping: Promise<void> | undefined;
  // Only a child tells of its end; after a server that we attached to we have to look.
  const watch = setInterval(() => {
    if (!running.child && !isAlive(running.pid)) onEnd('it was not ours to see why');
  }, watchEveryMs).unref();

  function follow({ child }: Running): void {
    child?.once('exit', (code, signal) => onEnd(signal ?? `code ${code}`));
  }

  function onEnd(how: string): void {
    if (stopping) return;
    quickDeaths = Date.now() - launchedAt < quickDeathMs ? quickDeaths + 1 : 1;
    const again = quickDeaths <= quickDeathsAllowed;
    options.log(
      `Postgres ended on its own (${how}). ${again ? 'Starting it again' : 'Giving up'}. Its log is ${places.logFile}`,
    );
    if (!again) {
      clearInterval(watch);
      return;
    }
    launchedAt = Date.now();
    relaunching = attachOrLaunch(setting).then(
      (next) => {
        if (next.port !== running.port) options.log(`Postgres is at port ${next.port} now: restart Medic`);
        running = next;
        follow(next);
      },
      (error: unknown) => options.log(`Postgres could not be started again: ${messageOf(error)}`),
    );
  }

  // The last resort, for `process.exit()` and uncaught errors: no waiting is possible there.
  function onExit(): void {
    if (holder.beginLeaving() && isPostmasterOf(running.pid, places.cluster))
      process.kill(running.pid, 'SIGINT');
    holder.finishLeaving();
  }

  async function stop(): Promise<void> {
    clearInterval(watch);
    await relaunching;
    try {
      if (holder.beginLeaving()) await shutDown(places, running.pid, binaries);
    } finally {
      holder.finishLeaving();
      process.off('exit', onExit);
    }
  }

  follow(first);
  process.once('exit', onExit);
  return {
    adminUrl: first.adminUrl,
    port: first.port,
    attached: first.child === undefined,
    get pid() {
      return running.pid;
    },
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

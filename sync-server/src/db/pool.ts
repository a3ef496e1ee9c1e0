/**
 * The only place that makes connections to Postgres. Two kinds: as the owner, for migrations, seeds and backups; and
 * as `medic_app`, for everything the server does, held by row-level security. Settings travel as start-up options, so
 * they cost no round trip. (PgBouncer drops start-up options: connect to Postgres itself.)
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { MedicError } from '@medic/shared/errors';
import pg from 'pg';
import { sqlStateOf } from './sql-state';
import { TurnSocket } from './turn-socket';
import { typeParsers } from './types';

export type Pool = pg.Pool;

/** Anything that runs SQL: a pool, or a transaction. */
export interface Queryable {
  query<T extends pg.QueryResultRow = pg.QueryResultRow>(
    text: string,
    values?: unknown[],
  ): Promise<{ rows: T[]; rowCount: number | null }>;
}

export interface PoolOptions {
  /** Connections at most. */
  size?: number;
  /** How long to wait for a database that does not answer yet. */
  waitMs?: number;
  /** Told of idle connections that broke; the pool replaces them by itself. */
  onIdleError?: (error: Error) => void;
  applicationName?: string;
}

export const appRole = 'medic_app';

const connectTimeoutMs = 5_000;
const defaultWaitMs = 15_000;

/** As the owner of the tables. Neither statements nor locks time out: migrations take what they take. */
export async function openAdminPool(url: string, options: PoolOptions = {}): Promise<Pool> {
  const pool = makePool(url, { size: 4, applicationName: 'medic admin', ...options }, {});
  return await answering(pool, url, options.waitMs);
}

/** As `medic_app`, which the migrations make. Fails where that role is more than it may be. */
export async function openAppPool(url: string, options: PoolOptions = {}): Promise<Pool> {
  const pool = makePool(
    url,
    { size: 20, applicationName: 'medic', ...options },
    {
      role: appRole,
      statement_timeout: '30s',
      lock_timeout: '2s',
      idle_in_transaction_session_timeout: '30s',
    },
    assertAppRole,
  );
  return await answering(pool, url, options.waitMs);
}

/** One connection as the owner, for COPY: a statement waits there for the one before. To be ended by whoever asked. */
export async function openCopyClient(url: string): Promise<pg.Client> {
  const { connectionString, ownOptions } = splitOptions(url);
  const client = new pg.Client({
    connectionString,
    options: `${ownOptions} -c TimeZone=UTC -c DateStyle=ISO`.trim(),
    application_name: 'medic backup',
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
  });
  try {
    await client.connect();
  } catch (error) {
    throw explained(error, url, connectTimeoutMs);
  }
  // A break shows as the failure of whatever runs; unheard here it would end the process.
  client.on('error', () => undefined);
  return client;
}

/** A short word for logs and messages: host, port and database, and never the password. */
export function describeUrl(url: string): string {
  const { host, port, database } = new pg.Client({ connectionString: url });
  return `${host}:${port}/${database ?? ''}`;
}

function makePool(
  url: string,
  options: PoolOptions,
  settings: Record<string, string>,
  onConnect?: (client: pg.ClientBase) => Promise<void>,
): Pool {
  const { connectionString, ownOptions } = splitOptions(url);
  // Ours come last and so prevail: the parsers rely on the zone and the style.
  const startUp = [
    ownOptions,
    ...Object.entries({ ...settings, TimeZone: 'UTC', DateStyle: 'ISO' }).map(
      ([name, value]) => `-c ${name}=${value}`,
    ),
  ];
  const pool = new pg.Pool({
    connectionString,
    options: startUp.join(' ').trim(),
    application_name: options.applicationName,
    max: options.size,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    // A statement goes out without waiting for the answer to the one before.
    pipeline: true,
    stream: () => new TurnSocket(),
    types: typeParsers,
    ...(onConnect ? { onConnect } : {}),
  });
  // pg hides a password that it is given by itself, but not one inside an address; a pool may end up in a log.
  Object.defineProperty(pool.options, 'connectionString', { enumerable: false });
  // Without a listener an idle connection that breaks would end the process.
  pool.on('error', (error) => options.onIdleError?.(error));
  return pool;
}

/** pg lets `options` of the address override the one it is given, which would undo the role. */
function splitOptions(url: string): { connectionString: string; ownOptions: string } {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch (error) {
    throw new MedicError(
      'database.unreachable',
      'DATABASE_URL is not an address such as postgres://user:password@host:5432/database',
      { cause: error },
    );
  }
  const ownOptions = parsed.searchParams.get('options') ?? '';
  if (ownOptions) parsed.searchParams.delete('options');
  return { connectionString: ownOptions ? parsed.toString() : url, ownOptions };
}

/**
 * Row-level security does not hold against a superuser, against a role that may bypass it, nor against whoever has
 * the rights of a table's owner. So each new connection proves to be none of these.
 */
async function assertAppRole(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ role: string; powerful: boolean; owner: boolean }>(`
    SELECT current_user AS role,
           (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) AS powerful,
           EXISTS (SELECT FROM pg_class
                    WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
                      AND pg_has_role(current_user, relowner, 'USAGE')) AS owner`);
  const found = rows[0];
  if (found?.role !== appRole)
    throw new MedicError('database.invalid', `The server must work as ${appRole}, not as ${found?.role}`);
  if (found.powerful)
    throw new MedicError(
      'database.invalid',
      `The role ${appRole} is a superuser or bypasses row-level security: ALTER ROLE ${appRole} NOSUPERUSER NOBYPASSRLS`,
    );
  if (found.owner)
    throw new MedicError(
      'database.invalid',
      `The role ${appRole} owns tables of Medic, or belongs to their owner, so row-level security would not hold against it`,
    );
}

/** Waits for a database that is starting, for a bounded time. What waiting cannot mend is told at once. */
async function answering(pool: Pool, url: string, waitMs = defaultWaitMs): Promise<Pool> {
  const deadline = Date.now() + waitMs;
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 1000)) {
    try {
      await pool.query('SELECT 1');
      return pool;
    } catch (error) {
      if (isPassing(error) && Date.now() + pauseMs < deadline) {
        await sleep(pauseMs);
        continue;
      }
      await pool.end();
      throw explained(error, url, waitMs);
    }
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof MedicError) return false;
  const state = sqlStateOf(error);
  // 57P03: starting up or shutting down. 53300: too many connections. Without a state it never reached Postgres.
  return state === undefined || state === '57P03' || state === '57P01' || state === '53300';
}

function explained(error: unknown, url: string, waitMs: number): MedicError {
  if (error instanceof MedicError) return error;
  const where = describeUrl(url);
  const said = error instanceof Error ? error.message || causeOf(error) : String(error);
  switch (sqlStateOf(error)) {
    case '28P01':
    case '28000':
      return new MedicError(
        'database.unreachable',
        `The database at ${where} refuses the user or the password of DATABASE_URL`,
        { cause: error },
      );
    case '3D000':
      return new MedicError(
        'database.unreachable',
        `There is no such database: ${where}. Create it first: CREATE DATABASE`,
        { cause: error },
      );
    case '22023':
    case '42501':
      return new MedicError(
        'database.invalid',
        `The server cannot become ${appRole} at ${where} (${said}). Run the migrations first`,
        { cause: error },
      );
    case undefined:
      return new MedicError(
        'database.unreachable',
        `No database answers at ${where} (${said}), tried for ${Math.round(waitMs / 1000)} s. Is it running, and is DATABASE_URL right?`,
        { cause: error },
      );
    default:
      return new MedicError('database.unreachable', `The database at ${where} does not let us in: ${said}`, {
        cause: error,
      });
  }
}

/** For a host with two addresses Node reports the refusals together, without a message of its own. */
function causeOf(error: Error): string {
  if (error instanceof AggregateError)
    return error.errors
      .map((each: unknown) => (each instanceof Error ? each.message : String(each)))
      .join(', ');
  return error.name;
}

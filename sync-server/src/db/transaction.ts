import { createHash } from 'node:crypto';
import { assert, MedicError } from '@medic/shared/errors';
import type pg from 'pg';
import type { Pool, Queryable } from './pool';
import { isConnectionLoss } from './sql-state';

export interface Transaction extends Queryable {
  /**
   * For statements that run all day long: Postgres parses and plans them once per connection. The name is only for
   * whoever reads `pg_stat_statements` or an error; the text decides whether two are the same.
   */
  prepared<T extends pg.QueryResultRow = pg.QueryResultRow>(
    name: string,
    text: string,
    values?: unknown[],
  ): Promise<{ rows: T[]; rowCount: number | null }>;
  /** Runs `work` so that its failure leaves the rest of the transaction usable. */
  savepoint<T>(work: () => Promise<T>): Promise<T>;
}

export interface TransactionOptions {
  readOnly?: boolean;
  isolation?: 'read committed' | 'repeatable read' | 'serializable';
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** In a transaction that sees and writes the rows of one clinic only: row-level security compares `medic.clinic_id`. */
export async function inClinic<T>(
  pool: Pool,
  clinicId: string,
  work: (tx: Transaction) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  // It is written into the statement below, so nothing but a UUID may get there.
  assert(uuidPattern.test(clinicId), 'a clinic is known by a UUID');
  return await run(
    pool,
    `${beginOf(options)}; SELECT set_config('medic.clinic_id', '${clinicId}', true)`,
    work,
  );
}

/** In a transaction that belongs to no clinic: as `medic_app` it sees no clinic's rows, as the owner all. */
export async function inTransaction<T>(
  pool: Pool,
  work: (tx: Transaction) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  return await run(pool, beginOf(options), work);
}

function beginOf({ readOnly, isolation }: TransactionOptions): string {
  return `BEGIN ISOLATION LEVEL ${isolation ?? 'read committed'}${readOnly ? ' READ ONLY' : ''}`;
}

/** `begin` may hold several statements: they make one round trip. */
async function run<T>(pool: Pool, begin: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // A pool does not listen on connections it has lent out; unheard, a break would end the process.
  function onError(error: Error): void {
    broken = error;
  }
  client.on('error', onError);
  try {
    await client.query(begin);
    const result = await work(transactionOn(client));
    await commit(client);
    return result;
  } catch (error) {
    if (isConnectionLoss(error)) broken ??= error as Error;
    if (!broken) broken = await rollBack(client);
    throw error;
  } finally {
    client.off('error', onError);
    // With an error the connection is closed, not kept: what state it is in nobody knows.
    client.release(broken);
  }
}

async function commit(client: pg.PoolClient): Promise<void> {
  let command: string;
  try {
    ({ command } = await client.query('COMMIT'));
  } catch (error) {
    if (!isConnectionLoss(error)) throw error;
    throw new MedicError(
      'database.unreachable',
      'The connection broke during COMMIT, so it is not known whether the changes were saved; the same request may be sent again',
      { cause: error },
    );
  }
  // After a failed statement Postgres answers COMMIT with ROLLBACK, without an error: someone swallowed the failure.
  assert(command === 'COMMIT', 'a transaction with a failed statement cannot be committed');
}

/** The reason why the connection cannot be used again, if so. */
async function rollBack(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function transactionOn(client: pg.PoolClient): Transaction {
  let savepoints = 0;
  return {
    query(text, values) {
      return client.query(text, values);
    },
    prepared(name, text, values) {
      return client.query({ name: statementName(name, text), text, values });
    },
    async savepoint(work) {
      savepoints += 1;
      const name = `s${savepoints}`;
      await client.query(`SAVEPOINT ${name}`);
      try {
        const result = await work();
        await client.query(`RELEASE SAVEPOINT ${name}`);
        return result;
      } catch (error) {
        if (!isConnectionLoss(error))
          await client.query(`ROLLBACK TO SAVEPOINT ${name}; RELEASE SAVEPOINT ${name}`);
        throw error;
      }
    },
  };
}

const statementNames = new Map<string, string>();

/** The same for the same text in every process; at most 63 bytes, where Postgres cuts names off. */
function statementName(name: string, text: string): string {
  let known = statementNames.get(text);
  if (known === undefined) {
    known = `${name.slice(0, 40)}_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
    statementNames.set(text, known);
  }
  return known;
}

import { createHash } from 'node:crypto';
import { assert, MedicError } from '@medic/shared/errors';
import type pg from 'pg';
import type { Pool, Queryable } from './pool';
import { isAfterFailure, isConnectionLoss } from './sql-state';

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
  /**
   * As `prepared`, for a statement whose answer nobody waits for: it goes out at once, and the next one behind it. That
   * it failed shows when the transaction or the savepoint ends, if not before; of several failures the first counts.
   */
  send(name: string, text: string, values?: unknown[]): void;
  /**
   * As `send`, for rows of one table as JSON (`$1` of the text, which writes and gives nothing). Those that follow each
   * other go out as one statement: an act writes six tables, and each statement costs as much as its row. So none of them
   * sees what another one writes; constraints and triggers look when all have written.
   */
  write(table: string, text: string, rows: string): void;
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
  // SET and not SELECT set_config(): it is neither planned nor answered with a row.
  return await run(pool, `${beginOf(options)}; SET LOCAL medic.clinic_id = '${clinicId}'`, work);
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

/**
 * What goes out together costs one round trip: `begin` travels with the first statements of `work`, and COMMIT with the
 * last that it sent. Answers come in the order of the questions.
 */
async function run<T>(pool: Pool, begin: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // A pool does not listen on connections it has lent out; unheard, a break would end the process.
  function onError(error: Error): void {
    broken = error;
  }
  client.on('error', onError);
  const sent: Sent[] = [];
  try {
    sent.push(settled(client.query(begin)));
    const { tx, flush } = transactionOn(client, sent);
    const result = await work(tx);
    flush();
    await commit(client, sent);
    return result;
  } catch (thrown) {
    const error = await reasonOf(thrown, sent);
    if (isConnectionLoss(error)) broken ??= error as Error;
    if (!broken) broken = await rollBack(client);
    throw error;
  } finally {
    client.off('error', onError);
    // With an error the connection is closed, not kept: what state it is in nobody knows.
    client.release(broken);
  }
}

/** What became of a statement that nobody waits for: null, or why it failed. */
type Sent = Promise<{ error: unknown } | null>;

function settled(answer: Promise<unknown>): Sent {
  return answer.then(
    () => null,
    (error: unknown) => ({ error }),
  );
}

/** Null where none failed. What was refused only because of an earlier failure does not count. */
async function firstFailure(sent: readonly Sent[]): Promise<unknown> {
  for (const failed of await Promise.all(sent))
    if (failed && !isAfterFailure(failed.error)) return failed.error;
  return null;
}

/** A statement that was waited for may have been refused because of one that was not. */
async function reasonOf(thrown: unknown, sent: readonly Sent[]): Promise<unknown> {
  return isAfterFailure(thrown) ? ((await firstFailure(sent)) ?? thrown) : thrown;
}

async function commit(client: pg.PoolClient, sent: readonly Sent[]): Promise<void> {
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
  // After a failed statement Postgres answers COMMIT with ROLLBACK, without an error.
  if (command === 'COMMIT') return;
  const failure = await firstFailure(sent);
  assert(failure, 'a transaction with a failed statement cannot be committed');
  throw failure;
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

interface Write {
  table: string;
  text: string;
  rows: string;
}

/** `flush` sends the writes that still wait for another one to go with. */
function transactionOn(client: pg.PoolClient, sent: Sent[]): { tx: Transaction; flush(): void } {
  let savepoints = 0;
  let writes: Write[] = [];
  function flush(): void {
    if (writes.length === 0) return;
    const { name, text } = together(writes);
    const values = writes.map(({ rows }) => rows);
    writes = [];
    sent.push(settled(client.query({ name, text, values })));
  }
  const tx: Transaction = {
    query(text, values) {
      flush();
      return client.query(text, values);
    },
    prepared(name, text, values) {
      flush();
      return client.query({ name: statementName(name, text), text, values });
    },
    send(name, text, values) {
      flush();
      sent.push(settled(client.query({ name: statementName(name, text), text, values })));
    },
    write(table, text, rows) {
      // One statement writes a row once.
      if (writes.some((write) => write.table === table)) flush();
      writes.push({ table, text, rows });
    },
    async savepoint(work) {
      flush();
      savepoints += 1;
      const name = `s${savepoints}`;
      await client.query(`SAVEPOINT ${name}`);
      const outside = sent.length;
      try {
        const result = await work();
        flush();
        const failure = await firstFailure(sent.slice(outside));
        if (failure) throw failure;
        await client.query(`RELEASE SAVEPOINT ${name}`);
        return result;
      } catch (thrown) {
        writes = [];
        // What is rolled back with the savepoint has not failed the transaction.
        const error = await reasonOf(thrown, sent.splice(outside));
        if (!isConnectionLoss(error))
          await client.query(`ROLLBACK TO SAVEPOINT ${name}; RELEASE SAVEPOINT ${name}`);
        throw error;
      }
    },
  };
  return { tx, flush };
}

const writesTogether = new Map<string, { name: string; text: string }>();

function together(writes: readonly Write[]): { name: string; text: string } {
  const key = writes.map(({ table, text }) => statementName(table, text)).join(' ');
  let known = writesTogether.get(key);
  if (!known) {
    const parts = writes.map(({ text }, i) => text.replaceAll('$1', `$${i + 1}`));
    const last = parts.pop();
    const text =
      parts.length === 0
        ? `${last}`
        : `WITH ${parts.map((part, i) => `w${i + 1} AS (${part})`).join(', ')} ${last}`;
    known = { name: statementName(`put ${writes.map(({ table }) => table).join(' ')}`, text), text };
    writesTogether.set(key, known);
  }
  return known;
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

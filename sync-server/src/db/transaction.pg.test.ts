import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Pool } from './pool';
import { openAdminPool } from './pool';
import {
  constraintOf,
  isConnectionLoss,
  isExclusionViolation,
  isLockTimeout,
  isRetryable,
  isUniqueViolation,
  sqlStateOf,
} from './sql-state';
import type { EmptyDatabase } from './testing/database';
import { createEmptyDatabase } from './testing/database';
import type { Transaction } from './transaction';
import { inClinic, inTransaction } from './transaction';

const clinicId = '01900000-0000-7000-8000-00000000000a';

let database: EmptyDatabase;
/** Of one connection, so that whatever a transaction leaves behind meets the next one. */
let pool: Pool;
let other: Pool;

beforeAll(async () => {
  database = await createEmptyDatabase();
  pool = await openAdminPool(database.url, { size: 1, applicationName: 'under test' });
  other = await openAdminPool(database.url);
  await other.query(`
    CREATE EXTENSION btree_gist;
    CREATE TABLE visits (id int CONSTRAINT visits_id PRIMARY KEY, reserved int4range, CONSTRAINT no_overlap EXCLUDE USING gist (reserved WITH &&))`);
});

beforeEach(async () => {
  await other.query('TRUNCATE visits');
});

afterAll(async () => {
  await pool?.end();
  await other?.end();
  await database?.drop();
});

async function ids(): Promise<number[]> {
  return (await other.query<{ id: number }>('SELECT id FROM visits ORDER BY id')).rows.map((row) => row.id);
}

function add(tx: Transaction, id: number) {
  return tx.query('INSERT INTO visits (id) VALUES ($1)', [id]);
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a transaction', () => {
  it('saves all that was done in it and answers what the work answered', async () => {
    const answer = await inClinic(pool, clinicId, async (tx) => {
      await add(tx, 1);
      await add(tx, 2);
      expect(await ids()).toEqual([]);
      return 'done';
    });
    expect(answer).toBe('done');
    expect(await ids()).toEqual([1, 2]);
  });

  it('saves nothing when the work throws, and gives the connection back', async () => {
    const failure = new Error('of the work');
    const work = inTransaction(pool, async (tx) => {
      await add(tx, 1);
      throw failure;
    });
    await expect(work).rejects.toBe(failure);
    expect(await ids()).toEqual([]);
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('knows its clinic until it ends', async () => {
    const setting = "SELECT current_setting('medic.clinic_id', true) AS clinic";
    const inside = await inClinic(pool, clinicId, async (tx) => (await tx.query(setting)).rows);
    expect(inside).toEqual([{ clinic: clinicId }]);
    expect((await pool.query(setting)).rows).toEqual([{ clinic: '' }]);
  });

  it('is not begun for anything that is not a UUID', async () => {
    for (const text of ['', 'x', `${clinicId}'; DROP TABLE visits; --`, `${clinicId}\n`]) {
      await expect(inClinic(pool, text, () => Promise.resolve())).rejects.toThrow('UUID');
    }
  });

  it('cannot be committed once a failure was swallowed in it', async () => {
    const work = inTransaction(pool, async (tx) => {
      await add(tx, 1);
      await failureOf(add(tx, 1));
    });
    await expect(work).rejects.toThrow('cannot be committed');
    expect(await ids()).toEqual([]);
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('goes on after a failure inside a savepoint', async () => {
    await inTransaction(pool, async (tx) => {
      await add(tx, 1);
      const failure = await failureOf(
        tx.savepoint(async () => {
          await add(tx, 2);
          await add(tx, 1);
        }),
      );
      expect(isUniqueViolation(failure)).toBe(true);
      await tx.savepoint(() => add(tx, 3));
    });
    expect(await ids()).toEqual([1, 3]);
  });

  it('may be read only, and of another isolation', async () => {
    await expect(inTransaction(pool, (tx) => add(tx, 1), { readOnly: true })).rejects.toMatchObject({
      code: '25006',
    });
    const rows = await inClinic(
      pool,
      clinicId,
      async (tx) =>
        (
          await tx.query(
            "SELECT current_setting('transaction_isolation') AS level, current_setting('transaction_read_only') AS only",
          )
        ).rows,
      { isolation: 'repeatable read', readOnly: true },
    );
    expect(rows).toEqual([{ level: 'repeatable read', only: 'on' }]);
  });

  it('prepares a hot statement once per connection', async () => {
    const text = 'SELECT id FROM visits WHERE id = $1';
    for (const id of [1, 2, 3]) await inTransaction(pool, (tx) => tx.prepared('visit by id', text, [id]));
    await inTransaction(pool, (tx) => tx.prepared('visit by id', `${text} LIMIT 1`, [1]));
    const { rows } = await pool.query(
      "SELECT name, generic_plans + custom_plans AS runs FROM pg_prepared_statements WHERE name LIKE 'visit by id%' ORDER BY runs",
    );
    expect(rows.map((row) => row.runs)).toEqual([1, 3]);
  });
});

function send(tx: Transaction, id: number) {
  tx.send('add visit', 'INSERT INTO visits (id) VALUES ($1)', [id]);
}

describe('rows that are written', () => {
  beforeAll(async () => {
    await other.query(`
      CREATE TABLE dogs (n int CONSTRAINT dogs_n PRIMARY KEY, at timestamptz DEFAULT statement_timestamp());
      CREATE TABLE cats (n int CONSTRAINT cats_n PRIMARY KEY, dog int REFERENCES dogs (n), at timestamptz DEFAULT statement_timestamp())`);
  });
  beforeEach(async () => {
    await other.query('TRUNCATE dogs, cats');
  });
  const dog = (tx: Transaction, n: number) =>
    tx.write(
      'dogs',
      'INSERT INTO dogs (n) SELECT n FROM json_to_recordset($1::json) AS r(n int)',
      JSON.stringify([{ n }]),
    );
  const cat = (tx: Transaction, n: number, of: number) =>
    tx.write(
      'cats',
      'INSERT INTO cats (n, dog) SELECT n, dog FROM json_to_recordset($1::json) AS r(n int, dog int)',
      JSON.stringify([{ n, dog: of }]),
    );
  const statements = async () =>
    (
      await other.query<{ together: string[] }>(`
        SELECT array_agg(name ORDER BY name) AS together
          FROM (SELECT 'dog ' || n AS name, at FROM dogs UNION ALL SELECT 'cat ' || n, at FROM cats) AS rows
         GROUP BY at ORDER BY at`)
    ).rows.map(({ together }) => together.join(', '));

  it('one after another go out as one statement, a table once, and may refer to each other', async () => {
    await inTransaction(pool, async (tx) => {
      cat(tx, 1, 1);
      dog(tx, 1);
      dog(tx, 2);
      cat(tx, 2, 1);
    });
    expect(await statements()).toEqual(['cat 1, dog 1', 'cat 2, dog 2']);
  });

  it('are there for whatever is asked or sent after them', async () => {
    await inTransaction(pool, async (tx) => {
      dog(tx, 1);
      const { rows } = await tx.query<{ n: number }>('SELECT n FROM dogs');
      expect(rows).toEqual([{ n: 1 }]);
      cat(tx, 1, 1);
      tx.send('rename cats', 'UPDATE cats SET n = n + 10');
      dog(tx, 2);
      expect((await tx.prepared('cats', 'SELECT n FROM cats')).rows).toEqual([{ n: 11 }]);
    });
    expect(await statements()).toEqual(['dog 1', 'cat 11', 'dog 2']);
  });

  it('fail the transaction with the constraint that one of them met', async () => {
    const failure = await failureOf(
      inTransaction(pool, async (tx) => {
        dog(tx, 1);
        cat(tx, 1, 1);
        dog(tx, 1);
        cat(tx, 2, 1);
      }),
    );
    expect(isUniqueViolation(failure) && constraintOf(failure)).toBe('dogs_n');
    expect(await statements()).toEqual([]);
  });

  it('go with the savepoint in which they were written, and with no other', async () => {
    await inTransaction(pool, async (tx) => {
      dog(tx, 1);
      await failureOf(
        tx.savepoint(async () => {
          dog(tx, 2);
          cat(tx, 2, 2);
          throw new Error('of the work');
        }),
      );
      await failureOf(
        tx.savepoint(async () => {
          dog(tx, 1);
        }),
      );
      await tx.savepoint(async () => {
        dog(tx, 3);
      });
      cat(tx, 4, 3);
    });
    expect(await statements()).toEqual(['dog 1', 'dog 3', 'cat 4']);
  });
});

describe('what is sent without waiting', () => {
  it('is saved in its order, before whatever is asked after it', async () => {
    const seen = await inTransaction(pool, async (tx) => {
      send(tx, 1);
      send(tx, 2);
      return (await tx.query('SELECT id FROM visits ORDER BY id')).rows;
    });
    expect(seen).toEqual([{ id: 1 }, { id: 2 }]);
    expect(await ids()).toEqual([1, 2]);
  });

  it('fails the whole transaction where one of it fails, and the first failure is told', async () => {
    await other.query("INSERT INTO visits VALUES (9, '[1,5)')");
    const failure = await failureOf(
      inTransaction(pool, async (tx) => {
        send(tx, 1);
        tx.send('add range', "INSERT INTO visits VALUES (2, '[4,6)')");
        send(tx, 1);
        send(tx, 3);
      }),
    );
    expect([isExclusionViolation(failure), constraintOf(failure)]).toEqual([true, 'no_overlap']);
    expect(await ids()).toEqual([9]);
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('is told as the reason where a question after it is refused because of it', async () => {
    const failure = await failureOf(
      inTransaction(pool, async (tx) => {
        send(tx, 1);
        send(tx, 1);
        await tx.query('SELECT 1');
      }),
    );
    expect(isUniqueViolation(failure)).toBe(true);
    expect(await ids()).toEqual([]);
  });

  it('is not told where the work fails for a reason of its own, and nothing of it stays', async () => {
    const own = new Error('of the work');
    const failure = await failureOf(
      inTransaction(pool, async (tx) => {
        send(tx, 1);
        throw own;
      }),
    );
    expect(failure).toBe(own);
    expect(await ids()).toEqual([]);
  });

  it('fails the savepoint that it was sent in, and not what stands around it', async () => {
    await inTransaction(pool, async (tx) => {
      send(tx, 1);
      const failure = await failureOf(
        tx.savepoint(async () => {
          send(tx, 2);
          send(tx, 1);
        }),
      );
      expect(isUniqueViolation(failure)).toBe(true);
      await tx.savepoint(async () => send(tx, 3));
    });
    expect(await ids()).toEqual([1, 3]);
  });

  it('gives up with the lock time-out where a row stays locked', async () => {
    await other.query('INSERT INTO visits VALUES (1)');
    const failure = await inTransaction(other, async (holder) => {
      await holder.query('SELECT FROM visits WHERE id = 1 FOR UPDATE');
      return await failureOf(
        inTransaction(pool, async (tx) => {
          await tx.query("SET LOCAL lock_timeout = '50ms'");
          tx.send('move visit', "UPDATE visits SET reserved = '[1,2)' WHERE id = 1");
          send(tx, 2);
        }),
      );
    });
    expect(isLockTimeout(failure)).toBe(true);
    expect(await ids()).toEqual([1]);
  });

  it('leaves in doubt whether it was saved where the connection breaks before COMMIT is answered', async () => {
    const failure = await failureOf(
      inTransaction(pool, async (tx) => {
        await add(tx, 1);
        tx.send(
          'break',
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'under test'",
        );
        send(tx, 2);
      }),
    );
    expect(failure).toMatchObject({ code: 'database.unreachable' });
    expect(await ids()).toEqual([]);
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});

describe('a connection that breaks', () => {
  it('in the middle fails the work alone: nothing is saved and the next one gets a new connection', async () => {
    const failure = await failureOf(
      inTransaction(pool, async (tx) => {
        await add(tx, 1);
        await other.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'under test'",
        );
        await add(tx, 2);
      }),
    );
    expect(isConnectionLoss(failure)).toBe(true);
    expect(await ids()).toEqual([]);
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('while the work waits for something else does not end the process', async () => {
    const failure = await failureOf(
      inTransaction(pool, async (tx) => {
        await add(tx, 1);
        await other.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'under test'",
        );
        await new Promise((done) => setTimeout(done, 100));
      }),
    );
    expect(failure).toBeInstanceOf(Error);
    expect(await ids()).toEqual([]);
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});

describe('what went wrong', () => {
  it('an overlap, a duplicate and a lock held too long are told apart', async () => {
    await other.query("INSERT INTO visits VALUES (1, '[1,5)')");
    const overlap = await failureOf(
      inTransaction(pool, (tx) => tx.query("INSERT INTO visits VALUES (2, '[4,6)')")),
    );
    expect([isExclusionViolation(overlap), isUniqueViolation(overlap), constraintOf(overlap)]).toEqual([
      true,
      false,
      'no_overlap',
    ]);

    const duplicate = await failureOf(inTransaction(pool, (tx) => add(tx, 1)));
    expect([isExclusionViolation(duplicate), isUniqueViolation(duplicate), constraintOf(duplicate)]).toEqual([
      false,
      true,
      'visits_id',
    ]);

    const locked = await inTransaction(other, async (holder) => {
      await holder.query('SELECT FROM visits WHERE id = 1 FOR UPDATE');
      return await failureOf(
        inTransaction(pool, (tx) => tx.query('SELECT FROM visits WHERE id = 1 FOR UPDATE NOWAIT')),
      );
    });
    expect(isLockTimeout(locked)).toBe(true);
  });

  it('two serializable transactions that cannot both be true: one may be tried again', async () => {
    await other.query('INSERT INTO visits VALUES (1), (2)');
    const failure = await failureOf(
      inTransaction(
        pool,
        async (tx) => {
          await tx.query('SELECT count(*) FROM visits');
          await inTransaction(
            other,
            async (rival) => {
              await rival.query('SELECT count(*) FROM visits');
              await add(rival, 10);
            },
            { isolation: 'serializable' },
          );
          await add(tx, 11);
        },
        { isolation: 'serializable' },
      ),
    );
    expect(sqlStateOf(failure)).toBe('40001');
    expect(isRetryable(failure)).toBe(true);
  });

  it('errors of the network have no state of Postgres', () => {
    const error = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    expect(sqlStateOf(error)).toBeUndefined();
    expect(isConnectionLoss(error)).toBe(true);
    expect(sqlStateOf(undefined)).toBeUndefined();
    expect(isConnectionLoss(new Error('of ours'))).toBe(false);
  });
});

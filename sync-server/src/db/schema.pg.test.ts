/** Reads the catalogue: what must hold for every table, also for those that come later. */
import { allRecords } from '@medic/shared/model/records';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from './testing/database';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database?.drop());

async function rows<T extends object>(text: string, values: unknown[] = []): Promise<T[]> {
  return (await database.adminPool.query<T>(text, values)).rows;
}

/** Columns that are no part of a record: secrets, and what Postgres works out. */
const extraColumns = [
  'clinic_clocks.backed_up_seq',
  'clinic_clocks.database_mark',
  'users.password_hash',
  'users.email_key',
  'patients.email_key',
  'appointments.reserved',
  'appointments.holds_slot',
  'appointments.group_key',
];

describe('tables and records', () => {
  it('are the same, by name', async () => {
    const found = await rows<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace",
    );
    expect(found.map((row) => row.name).sort()).toEqual(
      ['medic_migrations', ...allRecords.map((record) => record.table)].sort(),
    );
  });

  it('have the same columns, by name, type and nullability', async () => {
    const found = await rows<{ column: string; type: string; nullable: boolean }>(`
      SELECT c.relname || '.' || a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
       WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped AND c.relname <> 'medic_migrations'`);
    const types: Record<string, string> = {
      timestamptz: 'timestamp with time zone',
      time: 'time without time zone',
    };
    const wanted = allRecords.flatMap((record) =>
      record.columns.map(({ name, type, nullable }) => ({
        column: `${record.table}.${name}`,
        type: types[type] ?? type,
        nullable,
      })),
    );
    const byName = (a: { column: string }, b: { column: string }) => (a.column < b.column ? -1 : 1);
    expect(found.filter((row) => !extraColumns.includes(row.column)).sort(byName)).toEqual(
      wanted.sort(byName),
    );
    expect(found.map((row) => row.column)).toEqual(expect.arrayContaining(extraColumns));
  });

  it('come in an order in which foreign keys are met', async () => {
    const order = allRecords.map((record) => record.table);
    const keys = await rows<{ child: string; parent: string }>(
      "SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent FROM pg_constraint WHERE contype = 'f' AND NOT condeferred",
    );
    for (const { child, parent } of keys)
      if (child !== parent)
        expect(order.indexOf(parent), `${child} -> ${parent}`).toBeLessThan(order.indexOf(child));
  });
});

describe('every key carries the clinic', () => {
  it('unique ones, but for the id and the slug of clinics', async () => {
    const found = await rows<{ name: string }>(`
      SELECT i.indexrelid::regclass::text AS name
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
       WHERE (i.indisunique OR i.indisexclusion) AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'medic_migrations'
         AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[]) AND a.attname = 'clinic_id')`);
    expect(found.map((row) => row.name).sort()).toEqual(['clinics_pkey', 'clinics_slug_key']);
  });

  it('foreign ones: in pairs of the same name, or to clinics', async () => {
    const found = await rows<{ name: string }>(`
      SELECT conrelid::regclass || '.' || conname AS name FROM pg_constraint f
       WHERE contype = 'f'
         AND NOT EXISTS (
           SELECT FROM unnest(f.conkey, f.confkey) AS pair (here, there)
             JOIN pg_attribute h ON h.attrelid = f.conrelid AND h.attnum = pair.here
             JOIN pg_attribute t ON t.attrelid = f.confrelid AND t.attnum = pair.there
            WHERE h.attname = 'clinic_id' AND (t.attname = 'clinic_id' OR (f.confrelid = 'clinics'::regclass AND t.attname = 'id')))`);
    expect(found).toEqual([]);
  });

  it('primary ones are (clinic_id, id)', async () => {
    const found = await rows<{ name: string; key: string }>(`
      SELECT i.indrelid::regclass::text AS name, string_agg(a.attname, ', ' ORDER BY k.place) AS key
        FROM pg_index i CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
       WHERE i.indisprimary AND i.indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
       GROUP BY i.indrelid`);
    const others = found.filter((row) => row.key !== 'clinic_id, id').map((row) => `${row.name}: ${row.key}`);
    expect(others.sort()).toEqual(['clinic_clocks: clinic_id', 'clinics: id', 'medic_migrations: version']);
  });
});

describe('every table', () => {
  it('is held by row-level security, against its owner too', async () => {
    const found = await rows<{ name: string }>(`
      SELECT c.relname AS name FROM pg_class c
       WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'medic_migrations'
         AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                  AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd = '*' AND p.polroles = '{0}'
                                 AND pg_get_expr(p.polqual, c.oid) LIKE '%clinic_id = %medic.clinic_id%'
                                 AND pg_get_expr(p.polwithcheck, c.oid) LIKE '%clinic_id = %medic.clinic_id%'))`);
    expect(found).toEqual([]);
  });

  it('has no other policy, but that the owner sees all clinics and what is to be sent', async () => {
    const found = await rows<{ name: string }>(
      "SELECT tablename || '.' || policyname AS name FROM pg_policies WHERE schemaname = 'public' AND policyname <> 'own_clinic' ORDER BY 1",
    );
    expect(found.map((row) => row.name)).toEqual([
      'clinics.owner_sees_all',
      'notifications.owner_sees_unsent',
    ]);
  });

  it('that is replicated is stamped by the clock, has the index that replicas read by, and is never deleted from', async () => {
    const synced = allRecords.filter((record) => record.synced).map((record) => record.table);
    const stamped = await rows<{ name: string }>(`
      SELECT tgrelid::regclass::text AS name FROM pg_trigger
       WHERE tgfoid = 'stamp_seq'::regproc AND tgenabled = 'O' AND pg_get_triggerdef(oid) LIKE '%BEFORE INSERT OR UPDATE ON%FOR EACH ROW EXECUTE%'`);
    expect(stamped.map((row) => row.name).sort()).toEqual([...synced].sort());
    const indexed = await rows<{ name: string }>(
      "SELECT tablename AS name FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE '% USING btree (clinic_id, seq, id)'",
    );
    expect(indexed.map((row) => row.name).sort()).toEqual([...synced].sort());
    const deletable = await rows<{ name: string }>(
      "SELECT name FROM unnest($1::text[]) AS name WHERE has_table_privilege('medic_app', name, 'DELETE, TRUNCATE')",
      [synced],
    );
    expect(deletable).toEqual([]);
  });

  it('of children stamps the parent that they travel in', async () => {
    const found = await rows<{ definition: string }>(
      "SELECT pg_get_triggerdef(oid) AS definition FROM pg_trigger WHERE tgfoid IN ('stamp_parent'::regproc, 'stamp_visit_of_event'::regproc)",
    );
    const wanted = allRecords.flatMap((parent) =>
      parent.children.map((child) => [parent.table, child.record.table, child.parentColumn] as const),
    );
    // One for each way in which the rows of a parent change: added, changed, moved away, removed.
    expect(found).toHaveLength(wanted.length * 4);
    for (const [parent, child, column] of wanted) {
      const own = found.filter(
        ({ definition }) =>
          definition.includes(` ON public.${child} `) &&
          (definition.endsWith(`stamp_parent('${parent}', '${column}')`) ||
            // Written out, since every act adds to a timeline.
            (child === 'appointment_events' && definition.endsWith('stamp_visit_of_event()'))),
      );
      expect(own, child).toHaveLength(4);
    }
  });
});

describe('indexes', () => {
  /** Who did something: never looked up by, and users are never deleted. */
  const unindexed = ['created_by', 'decided_by', 'settled_by', 'merged_by', 'author_id', 'user_id'];

  it('serve every foreign key that is followed backwards', async () => {
    const found = await rows<{ table: string; columns: string[] }>(`
      SELECT f.conrelid::regclass::text AS table, array_agg(a.attname::text ORDER BY a.attname) AS columns
        FROM pg_constraint f CROSS JOIN unnest(f.conkey) AS k (attnum) JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.attnum
       WHERE f.contype = 'f' AND f.confrelid <> 'clinics'::regclass
         AND NOT EXISTS (
           SELECT FROM pg_index i WHERE i.indrelid = f.conrelid AND (i.indkey::int2[])[0 : cardinality(f.conkey) - 1] @> f.conkey)
       GROUP BY f.oid, f.conrelid`);
    const missing = found.filter(({ columns }) => !columns.some((column) => unindexed.includes(column)));
    expect(missing).toEqual([]);
  });
});

describe('rights of the server', () => {
  it('do not reach what is only ever added to', async () => {
    const found = await rows<{ name: string }>(
      "SELECT name FROM unnest(ARRAY['appointment_events', 'audit_log']) AS name WHERE has_table_privilege('medic_app', name, 'UPDATE, DELETE, TRUNCATE')",
    );
    expect(found).toEqual([]);
  });

  it('do not reach the epoch of a clock', async () => {
    const [found] = await rows<{ seq: boolean; epoch: boolean; insert: boolean }>(`
      SELECT has_column_privilege('medic_app', 'clinic_clocks', 'seq', 'UPDATE') AS seq,
             has_column_privilege('medic_app', 'clinic_clocks', 'epoch', 'UPDATE') AS epoch,
             has_table_privilege('medic_app', 'clinic_clocks', 'INSERT, DELETE') AS insert`);
    expect(found).toEqual({ seq: true, epoch: false, insert: false });
  });

  it('are of no use to others: no function that runs as the owner is open to all', async () => {
    const found = await rows<{ name: string }>(`
      SELECT p.oid::regprocedure::text AS name FROM pg_proc p
       WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
         AND (p.proconfig IS NULL OR NOT p.proconfig::text LIKE '%search_path=%'
              OR EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) WHERE grantee = 0))`);
    expect(found).toEqual([]);
  });
});

/**
 * Reading and writing records by their definitions. Every read is of the transaction's clinic (`inClinic`), also for
 * connections that row-level security does not bind. Rows travel to Postgres as one JSON array per statement: the
 * statement is the same for one row and for a thousand, so it is prepared once.
 */
import { assert } from '@medic/shared/errors';
import {
  type Appointment,
  type AppointmentEvent,
  appointment,
  appointmentEvent,
  holdsSlot,
} from '@medic/shared/model/appointment';
import type { ChildDefinition, Column, RecordDefinition, SyncedRecord } from '@medic/shared/model/record';
import { allRecords, type RecordKind, type SyncedOf, syncedRecords } from '@medic/shared/model/records';
import type { Instant } from '@medic/shared/time/instant';
import type { z } from 'zod';
import { storableJson } from './json';
import type { Transaction } from './transaction';

type Row = Record<string, unknown>;

/** The transaction's clinic, as SQL. A sub-select, so that it is found once per statement. */
export const clinicHere = "(SELECT nullif(current_setting('medic.clinic_id', true), '')::uuid)";

const nilUuid = '00000000-0000-0000-0000-000000000000';
const batchRows = 1000;
/** How much of a visit's timeline travels with it. */
const eventsPerVisit = 20;

/** Children that are only ever added to. */
const appendOnlyTables: ReadonlySet<string> = new Set([appointmentEvent.table]);

/** The order of children inside their parent; by id, which is by age, where nothing better is known. */
const childOrder: Record<string, string> = {
  location_rooms: 'sort_order, id',
  schedule_template_breaks: 'starts_at, id',
  appointment_events: 'occurred_at, id',
  waitlist_offers: 'offered_at, id',
};

/** Columns under their fields' names: `doctor_id AS "doctorId", …`. */
export function selectList(record: RecordDefinition, alias?: string): string {
  const from = alias ? `${alias}.` : '';
  return record.columns
    .map(({ name, field }) => (name === field ? `${from}${name}` : `${from}${name} AS "${field}"`))
    .join(', ');
}

/** Deleted records are found too. */
export async function readById<S extends z.ZodObject>(
  tx: Transaction,
  record: RecordDefinition<S>,
  id: string,
): Promise<z.infer<S> | undefined> {
  return (await readByIds(tx, record, [id]))[0];
}

/** In no particular order; ids that are not there are left out. Deleted records are found too. */
export async function readByIds<S extends z.ZodObject>(
  tx: Transaction,
  record: RecordDefinition<S>,
  ids: readonly string[],
): Promise<z.infer<S>[]> {
  if (ids.length === 0) return [];
  const { rows } = await tx.prepared<Row>(
    `read ${record.table}`,
    `SELECT ${selectList(record)} FROM ${record.table} WHERE clinic_id = ${clinicHere} AND id = ANY($1::uuid[])`,
    [ids],
  );
  await attachChildren(tx, record, rows);
  return rows as z.infer<S>[];
}

/** A condition in SQL over a row called `t`, with its values; in the text they count from the number it was asked with. */
export interface Condition {
  sql: string;
  values: unknown[];
}

export interface ChangedOptions {
  /** Rows after `(afterSeq, afterId)` in that order; an empty id stands before every other. */
  afterSeq: number;
  afterId: string;
  /** Up to here the reader starts from nothing, and needs neither deleted rows nor those outside its scope. */
  base: number;
  limit: number;
  /** What lies in the reader's scope; null is every row. */
  inScope: (firstParameter: number) => Condition | null;
}

export interface ChangedRow {
  record: SyncedRecord;
  /** What has left the scope is among the rows, since its reader has to be told. */
  inScope: boolean;
}

/** What changed, in the order of the clinic's clock, with children where it is in scope. */
export async function readChanged(
  tx: Transaction,
  record: RecordDefinition,
  options: ChangedOptions,
): Promise<ChangedRow[]> {
  const scope = options.inScope(5) ?? { sql: 'true', values: [] };
  const { rows } = await tx.prepared<Row>(
    `changed ${record.table}`,
    `SELECT ${selectList(record, 't')}, (${scope.sql}) AS in_scope
       FROM ${record.table} t
      WHERE t.clinic_id = ${clinicHere} AND (t.seq, t.id) > ($1::bigint, $2::uuid)
        AND (t.seq > $3::bigint OR (NOT t.deleted AND (${scope.sql})))
      ORDER BY t.seq, t.id LIMIT $4::integer`,
    [
      options.afterSeq,
      options.afterId === '' ? nilUuid : options.afterId,
      options.base,
      options.limit,
      ...scope.values,
    ],
  );
  const changed = rows.map(({ in_scope: inScope, ...row }) => {
    for (const child of record.children) row[child.field] = [];
    return { record: row, inScope: inScope === true };
  });
  await attachChildren(
    tx,
    record,
    changed.filter((row) => row.inScope).map((row) => row.record),
  );
  return changed as unknown as ChangedRow[];
}

/** Rows that stand and meet both conditions over `t`, in no particular order. Visits come without their timeline. */
export async function readWhere(
  tx: Transaction,
  record: RecordDefinition,
  conditions: readonly ((firstParameter: number) => Condition | null)[],
): Promise<SyncedRecord[]> {
  const values: unknown[] = [];
  const sql = ['NOT t.deleted'];
  for (const condition of conditions) {
    const found = condition(values.length + 1);
    if (!found) continue;
    sql.push(`(${found.sql})`);
    values.push(...found.values);
  }
  const { rows } = await tx.prepared<Row>(
    `some ${record.table}`,
    `SELECT ${selectList(record, 't')} FROM ${record.table} t WHERE t.clinic_id = ${clinicHere} AND ${sql.join(' AND ')}`,
    values,
  );
  if (record === (appointment as RecordDefinition)) for (const row of rows) row.events = [];
  else await attachChildren(tx, record, rows);
  return rows as unknown as SyncedRecord[];
}

/** Sets the children's fields, with one query per kind of child. */
export async function attachChildren(
  tx: Transaction,
  record: RecordDefinition,
  parents: Row[],
): Promise<void> {
  if (parents.length === 0) return;
  for (const child of record.children) {
    const lists = new Map<string, Row[]>(parents.map((parent) => [parent.id as string, []]));
    const { rows } = await tx.prepared<Row>(`children ${child.record.table}`, childrenSql(child), [
      [...lists.keys()],
    ]);
    const parentField = fieldOf(child.record, child.parentColumn);
    for (const row of rows) lists.get(row[parentField] as string)?.push(row);
    for (const parent of parents) parent[child.field] = lists.get(parent.id as string);
  }
}

function childrenSql({ record, parentColumn }: ChildDefinition): string {
  const order = childOrder[record.table] ?? 'id';
  if (record !== (appointmentEvent as RecordDefinition)) {
    return `SELECT ${selectList(record)} FROM ${record.table} WHERE clinic_id = ${clinicHere} AND ${parentColumn} = ANY($1::uuid[]) ORDER BY ${order}`;
  }
  return `SELECT ${selectList(record, 'c')}
    FROM unnest($1::uuid[]) AS parent (id)
   CROSS JOIN LATERAL (
     SELECT * FROM ${record.table} WHERE clinic_id = ${clinicHere} AND ${parentColumn} = parent.id
      ORDER BY occurred_at DESC, id DESC LIMIT ${eventsPerVisit}) AS c
   ORDER BY c.occurred_at, c.id`;
}

function fieldOf(record: RecordDefinition, columnName: string): string {
  const column = record.columns.find(({ name }) => name === columnName);
  assert(column, `${record.table} has no column ${columnName}`);
  return column.field;
}

/** As `putRecords`. */
export async function putRecord<S extends z.ZodObject>(
  tx: Transaction,
  record: RecordDefinition<S>,
  doc: z.infer<S>,
): Promise<void> {
  await putRecords(tx, record, [doc]);
}

/**
 * Makes the rows what the documents say, new ones and old. Children that a document does not name are deleted; of
 * those that are append-only, the unknown ones are added. `seq` is stamped by the database. Nothing here waits for an
 * answer: see `Transaction.send`.
 *
 * Visits: those that move or end are released first, so that they can swap places, and overbooked ones are written last, so
 * that they lie over the others and not the others over them.
 */
export async function putRecords<S extends z.ZodObject>(
  tx: Transaction,
  record: RecordDefinition<S>,
  docs: readonly z.infer<S>[],
): Promise<void> {
  const rows = docs as readonly Row[];
  if (rows.length === 0) return;
  if (record.table === appointment.table && rows.length > 1) {
    release(tx, rows as unknown as Appointment[]);
    upsert(
      tx,
      record,
      rows.filter((row) => !isOverbooked(row)),
    );
    upsert(tx, record, rows.filter(isOverbooked));
  } else {
    upsert(tx, record, rows);
  }
  for (const child of record.children) putChildren(tx, child, rows);
}

function isOverbooked(row: Row): boolean {
  return row.overbooked === true || row.roomOverbooked === true;
}

/**
 * What a visit takes up: where one of these changes, another of the same act may want what it leaves. The others keep
 * what they have, so that a visit below an overbooked one can be written together with others and stay there.
 */
const slotFields: ReadonlySet<string> = new Set<keyof Appointment>([
  'doctorId',
  'locationId',
  'roomId',
  'appointmentTypeId',
  'startsAt',
  'reservedFrom',
  'reservedUntil',
  'seat',
  'capacity',
  'overbooked',
  'roomOverbooked',
]);
const slotColumns = appointment.columns.filter(({ field }) => slotFields.has(field));

function release(tx: Transaction, visits: readonly Appointment[]): void {
  const rows = visits.map((visit) => ({
    ...visit,
    events: [],
    holds: holdsSlot(visit.status) && !visit.deleted,
  }));
  tx.send(
    'release appointments',
    `UPDATE appointments a SET status = 'proposed'
       FROM json_to_recordset($1::json) AS r(id uuid, holds boolean, ${slotColumns.map((column) => `"${column.field}" ${jsonType(column)}`).join(', ')})
      WHERE a.clinic_id = ${clinicHere} AND a.id = r.id AND a.holds_slot
        AND (NOT r.holds OR (${slotColumns.map(({ name }) => `a.${name}`).join(', ')}) IS DISTINCT FROM (${slotColumns.map(fromJson).join(', ')}))`,
    [storableJson(rows)],
  );
}

function putChildren(
  tx: Transaction,
  { field, record, parentColumn }: ChildDefinition,
  parents: readonly Row[],
): void {
  const parentField = fieldOf(record, parentColumn);
  const children: Row[] = [];
  for (const parent of parents) {
    for (const child of parent[field] as Row[]) {
      assert(
        child[parentField] === parent.id && child.clinicId === parent.clinicId,
        `a row of ${record.table} lies in another parent than it names`,
      );
      children.push(child);
    }
  }
  if (appendOnlyTables.has(record.table)) {
    sendRows(tx, record, children, { orIgnore: true });
    return;
  }
  // Before the rest, since a new child may take the unique key of one that goes.
  tx.send(
    `drop ${record.table}`,
    `DELETE FROM ${record.table} WHERE clinic_id = ${clinicHere} AND ${parentColumn} = ANY($1::uuid[]) AND id <> ALL($2::uuid[])`,
    [parents.map((parent) => parent.id), children.map((child) => child.id)],
  );
  upsert(tx, record, children);
}

function upsert(tx: Transaction, record: RecordDefinition, rows: readonly Row[]): void {
  const { upsert: text } = writesOf(record);
  for (const batch of batchesOf(record, rows)) tx.write(record.table, text, batch);
}

interface Writes {
  insert: string;
  insertOrIgnore: string;
  upsert: string;
}

const writesByTable = new Map<string, Writes>();

/** Statements that write rows of a table, given as one JSON array. */
function writesOf(record: RecordDefinition): Writes {
  let known = writesByTable.get(record.table);
  if (!known) {
    const insert = insertFromJson(record);
    const key = keyOf(record);
    const sets = record.columns
      .filter(({ name }) => !key.includes(name))
      .map(({ name }) => `${name} = EXCLUDED.${name}`);
    known = {
      insert,
      insertOrIgnore: `${insert} ON CONFLICT DO NOTHING`,
      upsert: `${insert} ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${sets.join(', ')}`,
    };
    writesByTable.set(record.table, known);
  }
  return known;
}

/** Columns of the primary key. */
function keyOf(record: RecordDefinition): string[] {
  if (record.table === 'clinics') return ['id'];
  if (record.table === 'clinic_clocks') return ['clinic_id'];
  return ['clinic_id', 'id'];
}

/** New rows only. A row that collides with any key is a failure, or with `orIgnore` left out. Gives how many were written. */
export async function insertRows<S extends z.ZodObject>(
  tx: Transaction,
  record: RecordDefinition<S>,
  docs: readonly z.infer<S>[],
  options: { orIgnore?: boolean } = {},
): Promise<number> {
  const text = insertSql(record, options);
  let written = 0;
  for (const batch of batchesOf(record, docs))
    written += (await tx.prepared(`insert ${record.table}`, text, [batch])).rowCount ?? 0;
  return written;
}

/** As `insertRows`, without waiting for the answer. */
export function sendRows<S extends z.ZodObject>(
  tx: Transaction,
  record: RecordDefinition<S>,
  docs: readonly z.infer<S>[],
  options: { orIgnore?: boolean } = {},
): void {
  const text = insertSql(record, options);
  for (const batch of batchesOf(record, docs)) tx.write(record.table, text, batch);
}

/** The latest entry of each of these visits' timelines, by visit. */
export async function lastEvents(
  tx: Transaction,
  visitIds: readonly string[],
): Promise<Map<string, Pick<AppointmentEvent, 'id' | 'occurredAt'>>> {
  const { rows } = await tx.prepared<{ visitId: string; id: string; occurredAt: Instant }>(
    'last events',
    `SELECT visit.id AS "visitId", e.id, e.occurred_at AS "occurredAt"
       FROM unnest($1::uuid[]) AS visit (id)
      CROSS JOIN LATERAL (
        SELECT id, occurred_at FROM appointment_events WHERE clinic_id = ${clinicHere} AND appointment_id = visit.id
         ORDER BY occurred_at DESC, id DESC LIMIT 1) AS e`,
    [visitIds],
  );
  return new Map(rows.map(({ visitId, id, occurredAt }) => [visitId, { id, occurredAt }]));
}

/** Entries of visits' timelines. Their visits must be written by the same act, or they are stamped by a trigger. */
export async function appendEvents(tx: Transaction, events: readonly AppointmentEvent[]): Promise<void> {
  sendRows(tx, appointmentEvent, events);
}

function insertSql(record: RecordDefinition, { orIgnore = false }: { orIgnore?: boolean }): string {
  const { insert, insertOrIgnore } = writesOf(record);
  return orIgnore ? insertOrIgnore : insert;
}

function insertFromJson(record: RecordDefinition): string {
  return `INSERT INTO ${record.table} (${record.columns.map((column) => column.name).join(', ')})
    SELECT ${record.columns.map(fromJson).join(', ')}
      FROM json_to_recordset($1::json) AS r(${record.columns.map((column) => `"${column.field}" ${jsonType(column)}`).join(', ')})`;
}

function* batchesOf(record: RecordDefinition, rows: readonly Row[]): Generator<string> {
  for (let start = 0; start < rows.length; start += batchRows)
    yield storableJson(rows.slice(start, start + batchRows).map((row) => ownFields(record, row)));
}

function ownFields(record: RecordDefinition, row: Row): Row {
  if (record.children.length === 0) return row;
  const own = { ...row };
  for (const child of record.children) delete own[child.field];
  return own;
}

/** Instants stay numbers in JSON; a double holds every millisecond, and `to_timestamp` rounds to the microsecond. */
function fromJson({ type, field }: Column): string {
  return type === 'timestamptz' ? `to_timestamp(r."${field}" / 1000)` : `r."${field}"`;
}

function jsonType({ type }: Column): string {
  return type === 'timestamptz' ? 'double precision' : type;
}

type ChangeOf<K extends RecordKind> = { [Kind in K]: { kind: Kind; record: SyncedOf<Kind> } }[K];
/** A record with its kind: what acts return, and what facts are fed with. */
export type RecordChange<K extends RecordKind = RecordKind> = ChangeOf<K>;

/** Saves what an act changed: kind by kind, in the order that foreign keys ask for. Of several changes of one record the last counts. */
export async function putChanges(tx: Transaction, changes: readonly RecordChange[]): Promise<void> {
  const byTable = new Map<string, Map<string, Row>>();
  for (const { kind, record } of changes) {
    const { table } = syncedRecords[kind];
    let docs = byTable.get(table);
    if (!docs) {
      docs = new Map();
      byTable.set(table, docs);
    }
    docs.set(record.id, record as unknown as Row);
  }
  for (const record of allRecords) {
    const docs = byTable.get(record.table);
    if (docs) await putRecords(tx, record, [...docs.values()]);
  }
}

/**
 * One definition per record: from its schema come the TypeScript type, validation, the replica's JSON schema
 * and the columns. A record may own children (breaks in a template): they live in a table of their own,
 * travel inside their parent and are written with it.
 */
import { z } from 'zod';
import { assert } from '../errors';
import { bigint, boolean, type ColumnType, columnTypes, uuid } from './fields';

export interface Column {
  field: string;
  /** The column's name: the field's in snake case. */
  name: string;
  type: ColumnType;
  nullable: boolean;
}

export interface ChildDefinition {
  field: string;
  record: RecordDefinition;
  /** The child's column that names its parent. */
  parentColumn: string;
}

export interface RecordDefinition<S extends z.ZodObject = z.ZodObject> {
  name: string;
  table: string;
  schema: S;
  columns: readonly Column[];
  children: readonly ChildDefinition[];
  /** Replicated: carries `seq` (stamped by the database) and `deleted`. */
  synced: boolean;
}

/** What every replicated record starts with. `seq` is the clinic's clock at the last change; 0 before it is stored. */
export const syncedFields = {
  id: uuid(),
  clinicId: uuid(),
  seq: bigint(),
  deleted: boolean(),
};

export interface SyncedRecord {
  id: string;
  clinicId: string;
  seq: number;
  deleted: boolean;
}

export function defineRecord<S extends z.ZodObject>(definition: {
  name: string;
  table: string;
  schema: S;
  children?: Record<string, { record: RecordDefinition; parentColumn: string }>;
}): RecordDefinition<S> {
  const children = Object.entries(definition.children ?? {}).map(([field, child]) => ({ field, ...child }));
  const columns: Column[] = [];
  for (const [field, schema] of Object.entries(definition.schema.shape)) {
    if (children.some((child) => child.field === field)) continue;
    columns.push(columnOf(definition.name, field, schema as z.ZodType));
  }
  return {
    name: definition.name,
    table: definition.table,
    schema: definition.schema,
    columns,
    children,
    synced: 'seq' in definition.schema.shape && 'deleted' in definition.schema.shape,
  };
}

function columnOf(record: string, field: string, schema: z.ZodType): Column {
  let inner: z.ZodType = schema;
  let nullable = false;
  while (!columnTypes.has(inner)) {
    assert(inner instanceof z.ZodNullable, `${record}.${field} has no column type`);
    nullable = true;
    inner = inner.unwrap() as z.ZodType;
  }
  const type = columnTypes.get(inner)?.column;
  assert(type, `${record}.${field} has no column type`);
  return { field, name: snakeCase(field), type, nullable };
}

export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

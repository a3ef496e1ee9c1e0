import { z } from 'zod';
import type { RecordDefinition } from './record';

/** JSON Schema (draft 7) of a record as a replica stores it: the same rules as everywhere, without refinements. */
export function replicaSchema(record: RecordDefinition): Record<string, unknown> {
  return z.toJSONSchema(record.schema, { target: 'draft-7', unrepresentable: 'any', io: 'input' }) as Record<
    string,
    unknown
  >;
}

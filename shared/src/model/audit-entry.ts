import { z } from 'zod';
import { actorKinds } from './appointment';
import { bigint, freeText, instantField, json, oneOf, text, uuid } from './fields';
import { defineRecord } from './record';

/** Who did or read what; append-only, each row carries the hash of the one before. */
export const auditEntry = defineRecord({
  name: 'auditEntry',
  table: 'audit_log',
  schema: z.object({
    id: uuid(),
    clinicId: uuid(),
    /** Counts a clinic's entries without gaps. */
    position: bigint(),
    occurredAt: instantField(),
    actorKind: oneOf(actorKinds),
    actorId: uuid().nullable(),
    deviceId: uuid().nullable(),
    action: text(60),
    subjectKind: freeText(40),
    subjectId: uuid().nullable(),
    details: json(z.record(z.string(), z.unknown())),
    previousHash: freeText(64),
    hash: text(64),
  }),
});
export type AuditEntry = z.infer<typeof auditEntry.schema>;

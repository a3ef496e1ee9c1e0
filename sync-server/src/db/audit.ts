/**
 * The audit log: each entry carries the hash of the one before, so that none can be changed or taken out without
 * breaking all that follow.
 */
import { createHash, randomBytes } from 'node:crypto';
import { type AuditEntry, auditEntry } from '@medic/shared/model/audit-entry';
import { uuidv7 } from '@medic/shared/model/id';
import { storable } from './json';
import { clinicHere, selectList, sendRows } from './records';
import type { Transaction } from './transaction';

export type AuditDraft = Omit<AuditEntry, 'id' | 'position' | 'previousHash' | 'hash'>;

export type AuditEnd = Pick<AuditEntry, 'position' | 'hash'>;

/** What the next entry follows. Only under the clinic's clock: of two that follow the same entry the second is refused. */
export async function lastAudit(tx: Transaction): Promise<AuditEnd> {
  const { rows } = await tx.prepared<AuditEnd>(
    'last audit entry',
    `SELECT position, hash FROM audit_log WHERE clinic_id = ${clinicHere} ORDER BY position DESC LIMIT 1`,
  );
  return rows[0] ?? { position: 0, hash: '' };
}

/** Whether the chain has this entry at this position: if not, it is not the chain that somebody saw. */
export async function hasAudit(tx: Transaction, { position, hash }: AuditEnd): Promise<boolean> {
  const { rows } = await tx.prepared(
    'known audit entry',
    `SELECT FROM audit_log WHERE clinic_id = ${clinicHere} AND position = $1::bigint AND hash = $2`,
    [position, hash],
  );
  return rows.length > 0;
}

export async function appendAudit(tx: Transaction, draft: AuditDraft): Promise<AuditEntry> {
  return appendAuditAfter(tx, await lastAudit(tx), draft);
}

/** For whoever has asked already, together with something else. */
export function appendAuditAfter(tx: Transaction, last: AuditEnd, draft: AuditDraft): AuditEntry {
  const entry = {
    ...draft,
    // Hashed as it will be read back.
    details: storable(draft.details) as AuditDraft['details'],
    id: uuidv7(draft.occurredAt, randomBytes(10)),
    position: last.position + 1,
    previousHash: last.hash,
  };
  const written = { ...entry, hash: auditHash(entry) };
  sendRows(tx, auditEntry, [written]);
  return written;
}

/** The position of the first entry that does not follow from the one before it; null when the chain is whole. */
export async function brokenAuditPosition(tx: Transaction): Promise<number | null> {
  let last = { position: 0, hash: '' };
  for (;;) {
    const { rows } = await tx.prepared<AuditEntry>(
      'audit entries',
      `SELECT ${selectList(auditEntry)} FROM audit_log WHERE clinic_id = ${clinicHere} AND position > $1::bigint ORDER BY position LIMIT 1000`,
      [last.position],
    );
    if (rows.length === 0) return null;
    for (const entry of rows) {
      if (
        entry.position !== last.position + 1 ||
        entry.previousHash !== last.hash ||
        entry.hash !== auditHash(entry)
      )
        return last.position + 1;
      last = entry;
    }
  }
}

export function auditHash(entry: Omit<AuditEntry, 'hash'>): string {
  const {
    id,
    clinicId,
    position,
    occurredAt,
    actorKind,
    actorId,
    deviceId,
    action,
    subjectKind,
    subjectId,
    details,
    previousHash,
  } = entry;
  const hashed = {
    id,
    clinicId,
    position,
    occurredAt,
    actorKind,
    actorId,
    deviceId,
    action,
    subjectKind,
    subjectId,
    details,
    previousHash,
  };
  return createHash('sha256').update(canonicalJson(hashed)).digest('hex');
}

/** With sorted keys: jsonb keeps no order. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((entry) => canonicalJson(entry ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
    return `{${entries
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value);
}

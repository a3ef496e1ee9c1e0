import { clinicId, idOf } from '@medic/shared/testing/builders';
import { instant } from '@medic/shared/time/instant';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuditDraft, appendAudit, brokenAuditPosition } from './audit';
import { isUniqueViolation } from './sql-state';
import { arrangeBaseClinic, underClock } from './testing/base-clinic';
import { createTestDatabase, type TestDatabase } from './testing/database';
import { inClinic } from './transaction';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await arrangeBaseClinic(database.adminPool);
});

afterAll(() => database?.drop());

function draft(overrides: Partial<AuditDraft> = {}): AuditDraft {
  return {
    clinicId,
    occurredAt: instant(1_790_000_000_123),
    actorKind: 'staff',
    actorId: idOf('user', 1),
    deviceId: null,
    action: 'book done',
    subjectKind: 'intent',
    subjectId: idOf('intent', 1),
    details: {},
    ...overrides,
  };
}

describe('the audit log', () => {
  it('is a chain: each entry carries the hash of the one before, whatever its details', async () => {
    const details = [
      {},
      { z: 1, a: { y: [null, true, 1.5, 1e21, -0.000001], x: 'ż\0\ud800' } },
      { '\0': 'b', b: undefined, empty: {} },
    ];
    const written = [];
    for (const entry of details)
      written.push(
        await underClock(database.appPool, clinicId, (tx) => appendAudit(tx, draft({ details: entry }))),
      );
    expect(written.map((entry) => entry.position)).toEqual([1, 2, 3]);
    expect(written.map((entry) => entry.previousHash)).toEqual(['', written[0]?.hash, written[1]?.hash]);
    expect(await inClinic(database.appPool, clinicId, brokenAuditPosition)).toBeNull();
  });

  it('cannot fork: of two that follow one entry the second is refused', async () => {
    const work = underClock(database.appPool, clinicId, async (tx) => {
      const entry = await appendAudit(tx, draft());
      await tx.query(
        `INSERT INTO audit_log SELECT gen_random_uuid(), clinic_id, position, occurred_at, actor_kind, actor_id, device_id, action, subject_kind, subject_id, details, previous_hash, hash
           FROM audit_log WHERE id = $1`,
        [entry.id],
      );
    });
    expect(isUniqueViolation(await work.catch((error: unknown) => error))).toBe(true);
  });

  it('shows where somebody changed or removed an entry', async () => {
    for (let n = 0; n < 3; n++)
      await underClock(database.appPool, clinicId, (tx) => appendAudit(tx, draft({ action: `act ${n}` })));
    const tamper = async (text: string) => {
      await database.adminPool.query(
        `ALTER TABLE audit_log DISABLE TRIGGER USER; ${text}; ALTER TABLE audit_log ENABLE TRIGGER USER`,
      );
      return await inClinic(database.appPool, clinicId, brokenAuditPosition);
    };
    expect(await tamper("UPDATE audit_log SET action = 'act x' WHERE position = 5")).toBe(5);
    expect(await tamper("UPDATE audit_log SET action = 'act 1' WHERE position = 5")).toBeNull();
    expect(await tamper('DELETE FROM audit_log WHERE position = 2')).toBe(2);
  });
});

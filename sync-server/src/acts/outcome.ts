/** What is kept of a request: the intent with its outcome, and what waits for a person when it was not done. */
import type { ActContext, Actor, Decision } from '@medic/shared/acts/act';
import type { AttentionItem } from '@medic/shared/model/attention-item';
import { isUuid } from '@medic/shared/model/id';
import type { Intent } from '@medic/shared/model/intent';
import type { RecordDefinition } from '@medic/shared/model/record';
import { type RecordKind, syncedRecords } from '@medic/shared/model/records';
import type { Instant } from '@medic/shared/time/instant';
import { notDoneNaming } from '../db/intents';
import { readByIds } from '../db/records';
import type { Transaction } from '../db/transaction';

export interface ActRequest {
  clinicId: string;
  actor: Actor;
  act: string;
  actVersion: number;
  args: unknown;
  /** The same id is the same request: it gets the answer that it got first. */
  requestId: string;
  /** A desk's number for it; null for what comes from elsewhere. */
  device: { id: string; n: number } | null;
  baseSeq: number;
  /** When the person did it, by the desk's clock; null is now. */
  madeAt: Instant | null;
  /** Ids that this server made for this request a moment ago: nothing can be there yet, so nobody looks. */
  freshIds?: readonly string[];
}

/** Nobody could decide it: no such act, another version, or the act threw. */
export interface Failed {
  kind: 'failed';
  code: string;
  message: string;
}

export function intentOf(
  request: ActRequest,
  decision: Decision | Failed,
  seq: number,
  context: ActContext,
): Intent {
  const outcome =
    decision.kind === 'done'
      ? {}
      : decision.kind === 'refused'
        ? { reasons: decision.reasons, alternatives: decision.alternatives }
        : { code: decision.code, message: decision.message };
  return {
    id: request.requestId,
    clinicId: request.clinicId,
    seq,
    deleted: false,
    deviceId: request.device?.id ?? null,
    n: request.device?.n ?? null,
    userId: request.actor.kind === 'staff' ? request.actor.id : null,
    act: request.act,
    actVersion: request.actVersion,
    args: isPlainObject(request.args) ? request.args : {},
    baseSeq: request.baseSeq,
    madeAt: request.madeAt ?? context.now,
    status: decision.kind,
    outcomeSeq: seq,
    decidedAt: context.now,
    outcome,
  };
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Earlier intents of the same desk that were not done either, and would have made what this one misses. */
export async function restsOn(
  tx: Transaction,
  { device }: ActRequest,
  decision: Decision | Failed,
): Promise<{ id: string; n: number }[]> {
  if (!device || decision.kind !== 'refused') return [];
  const missing = decision.reasons.flatMap((reason) => (reason.code === 'unknown' ? [reason.id] : []));
  return missing.length === 0 ? [] : await notDoneNaming(tx, device.id, device.n, missing);
}

/** What a desk asked for and did not get waits for a person, with all that is needed to do it another way. */
export async function attentionItemOf(
  tx: Transaction,
  intent: Intent,
  context: ActContext,
): Promise<AttentionItem> {
  // Arguments may name what is not there (that may be why it was refused); an item points to what is.
  const there = async (kind: RecordKind, name: string): Promise<string | null> => {
    const value = intent.args[name];
    if (typeof value !== 'string' || !isUuid(value)) return null;
    return (await readByIds(tx, syncedRecords[kind] as RecordDefinition, [value])).length > 0 ? value : null;
  };
  return {
    id: context.newId(),
    clinicId: intent.clinicId,
    seq: 0,
    deleted: false,
    kind: intent.status === 'refused' ? 'refused' : 'failed',
    status: 'open',
    intentId: intent.id,
    deviceId: intent.deviceId,
    userId: intent.userId,
    doctorId: await there('doctor', 'doctorId'),
    patientId: await there('patient', 'patientId'),
    appointmentId: await there('appointment', 'appointmentId'),
    data: { act: intent.act, args: intent.args, madeAt: intent.madeAt, ...intent.outcome },
    createdAt: context.now,
    settledAt: null,
    settledBy: null,
    resolution: '',
  };
}

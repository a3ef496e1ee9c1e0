/**
 * The one road by which clinic data changes: queue -> transaction -> clock -> facts -> decide -> save -> commit ->
 * wake. No network call and no NOTIFY inside the transaction.
 */
import { randomBytes } from 'node:crypto';
import {
  type Act,
  type ActContext,
  type Decision,
  type Needs,
  type RefusalReason,
  type Refused,
  refused,
} from '@medic/shared/acts/act';
import { timelineOf } from '@medic/shared/acts/apply';
import { decideAct } from '@medic/shared/acts/decide';
import type { Change } from '@medic/shared/acts/facts';
import { actNamed } from '@medic/shared/acts/registry';
import { MedicError } from '@medic/shared/errors';
import type { AppointmentEvent } from '@medic/shared/model/appointment';
import { OrderedIds } from '@medic/shared/model/id';
import type { Intent } from '@medic/shared/model/intent';
import {
  type CollectionName,
  collections,
  type RecordKind,
  syncedRecords,
} from '@medic/shared/model/records';
import { hourMs, type Instant, instant } from '@medic/shared/time/instant';
import { appendAuditAfter } from '../db/audit';
import { beginAct } from '../db/clinics';
import { advanceDevice } from '../db/devices';
import { intentById } from '../db/intents';
import type { Pool } from '../db/pool';
import { putRecord } from '../db/records';
import { isExclusionViolation, isLockTimeout, isUniqueViolation } from '../db/sql-state';
import { inClinic, type Transaction } from '../db/transaction';
import { log } from '../telemetry/log';
import { actSeconds, actsDecided } from '../telemetry/metrics';
import { loadPatientsConcerned, readNeeds, save } from './act-rows';
import type { ClinicQueue } from './clinic-queue';
import type { FactsCache } from './facts-cache';
import { type ActRequest, attentionItemOf, type Failed, intentOf, restsOn } from './outcome';

export interface Committed {
  clinicId: string;
  seq: number;
  epoch: string;
  collections: CollectionName[];
}

/** A desk's clock is believed this far back: what is older was made by a clock that is wrong. */
const longestOfflineMs = 45 * 24 * hourMs;

export class Executor {
  readonly #pool: Pool;
  readonly #queue: ClinicQueue;
  readonly #cache: FactsCache;
  readonly #ids = new OrderedIds();
  readonly #now: () => Instant;
  readonly #onCommit: (committed: Committed) => void;

  constructor(parts: {
    pool: Pool;
    queue: ClinicQueue;
    cache: FactsCache;
    now: () => Instant;
    onCommit: (committed: Committed) => void;
  }) {
    this.#pool = parts.pool;
    this.#queue = parts.queue;
    this.#cache = parts.cache;
    this.#now = parts.now;
    this.#onCommit = parts.onCommit;
  }

  /**
   * Decides a request and answers with its intent: done, refused with reasons and the nearest slots, or failed.
   * Throws a MedicError where nothing was decided (busy, unreachable, a repeated number): then it may be sent again.
   */
  async execute(request: ActRequest): Promise<Intent> {
    const stop = actSeconds.startTimer({ act: actNamed(request.act) ? request.act : 'unknown' });
    try {
      const answer = await this.#queue.run(request.clinicId, () => this.#decideOnce(request));
      actsDecided.inc({ act: answer.act, outcome: answer.status });
      return answer;
    } finally {
      stop();
    }
  }

  /** Keeps a request that nobody can decide, as failed: whoever made it hears of it, and its number is used. */
  async keepFailed(request: ActRequest, failed: Failed): Promise<Intent> {
    const answer = await this.#queue.run(request.clinicId, () => this.#attempt(request, failed));
    actsDecided.inc({ act: 'unknown', outcome: answer.status });
    return answer;
  }

  async #decideOnce(request: ActRequest): Promise<Intent> {
    try {
      return await this.#attempt(request, null);
    } catch (error) {
      if (error instanceof MedicError) {
        // After a lost COMMIT nobody knows what stands in the database: memory must not be ahead of it.
        if (error.code === 'database.unreachable') this.#cache.drop(request.clinicId);
        throw error;
      }
      if (isLockTimeout(error))
        throw new MedicError('clinic.busy', 'The clinic clock stayed locked', { cause: error });
      if (isExclusionViolation(error) || isUniqueViolation(error)) {
        // The database refuses a double booking whoever errs. Look again with fresh facts, then say what it said.
        this.#cache.drop(request.clinicId);
        log.warn(
          { err: error, act: request.act, requestId: request.requestId },
          'the database refused what the rules allowed',
        );
        return await this.#attempt(request, null).catch((again) => {
          if (!isExclusionViolation(again) && !isUniqueViolation(again)) throw again;
          return this.#attempt(request, refused([{ code: 'taken' }]));
        });
      }
      log.error({ err: error, act: request.act, requestId: request.requestId }, 'an act failed');
      return await this.#attempt(request, {
        kind: 'failed',
        code: 'internal',
        message: 'The server could not decide this',
      });
    }
  }

  /** One transaction. `verdict` skips the decision: it is known already and only has to be kept. */
  async #attempt(request: ActRequest, verdict: Refused | Failed | null): Promise<Intent> {
    const result = await this.#inClinic(request, async (tx) => {
      const asked = verdict ?? understood(request);
      // All questions go out at once, and are answered under the clock, the first of them: so that of two requests that
      // come together the second finds the answer of the first.
      const [{ seq, epoch, answered, lastEntry }, needed] = await Promise.all([
        beginAct(tx, request.clinicId, request),
        readNeeds(tx, asked.kind === 'act' ? asked.needs : {}, request.freshIds),
      ]);
      if (answered) throw new WithoutTrace(await this.#answerBefore(tx, request));
      if (request.device) advanceDevice(tx, request.device.id, request.device.n);

      const now = this.#now();
      const context: ActContext = {
        clinicId: request.clinicId,
        actor: request.actor,
        now,
        madeAt: believableTime(request.madeAt, now),
        // In the order of making: a timeline whose entries share a millisecond is read back as it was written.
        newId: () => this.#ids.next(now, randomBytes(10)),
      };
      const decision =
        asked.kind === 'act' ? await this.#decide(tx, request, asked, needed, context, seq, epoch) : asked;
      const changes: Change[] = [];
      let events: AppointmentEvent[] = [];
      if (decision.kind === 'done') {
        events = timelineOf(decision, request.act, context);
        await save(tx, decision, events, context);
        changes.push(...decision.changes);
      }
      const intent = intentOf(request, decision, seq, context);
      const rests = await restsOn(tx, request, decision);
      if (rests.length > 0) intent.outcome = { ...intent.outcome, restsOn: rests };
      // Nobody has to come back to what a visitor did not get: it leaves no trace, and asking again is asking anew.
      if (!request.device && decision.kind !== 'done') throw new WithoutTrace(intent);
      const item = decision.kind === 'done' ? null : await attentionItemOf(tx, intent, context);
      await putRecord(tx, syncedRecords.intent, intent);
      if (item) {
        await putRecord(tx, syncedRecords.attentionItem, item);
        changes.push({ kind: 'attentionItem', record: item });
      }
      appendAuditAfter(tx, lastEntry, {
        clinicId: request.clinicId,
        occurredAt: now,
        actorKind: request.actor.kind,
        actorId: request.actor.id,
        deviceId: request.device?.id ?? null,
        action: `${request.act} ${intent.status}`,
        subjectKind: 'intent',
        subjectId: intent.id,
        details: { changed: changes.map((change) => [change.kind, change.record.id]) },
      });
      return { intent, committed: { seq, epoch, changes } };
    });
    if (result.committed) {
      const { seq, epoch, changes } = result.committed;
      this.#cache.committed(request.clinicId, seq, changes);
      this.#onCommit({
        clinicId: request.clinicId,
        seq,
        epoch,
        collections: collectionsOf(changes, request.device !== null),
      });
    }
    return result.intent;
  }

  async #inClinic(request: ActRequest, work: (tx: Transaction) => Promise<Attempted>): Promise<Attempted> {
    try {
      return await inClinic(this.#pool, request.clinicId, work);
    } catch (error) {
      if (error instanceof WithoutTrace) return { intent: error.intent, committed: null };
      throw error;
    }
  }

  async #answerBefore(tx: Transaction, request: ActRequest): Promise<Intent> {
    const same = await intentById(tx, request.requestId);
    if (same) {
      if ((same.deviceId ?? null) !== (request.device?.id ?? null) || same.act !== request.act) {
        throw new MedicError('input.invalid', 'the id of an intent was used for another request', {
          personMessage: 'This request was made before, by another device',
        });
      }
      return same;
    }
    throw new MedicError(
      'input.invalid',
      `number ${request.device?.n} of this device was used for another intent`,
      { personMessage: 'This number was used for another request of this desk' },
    );
  }

  async #decide(
    tx: Transaction,
    { clinicId }: ActRequest,
    { act, args, needs }: Understood,
    needed: readonly Change[],
    context: ActContext,
    seq: number,
    epoch: string,
  ): Promise<Decision> {
    const facts = (await this.#cache.under(tx, clinicId, seq - 1, epoch)).layer();
    for (const change of needed) facts.apply(change);
    await loadPatientsConcerned(tx, facts, needs);
    return decideAct(act, facts, args, context);
  }
}

interface Understood {
  kind: 'act';
  act: Act;
  args: unknown;
  needs: Needs;
}

/** What is asked for, or why it cannot be decided. */
function understood(request: ActRequest): Understood | Refused | Failed {
  const act = actNamed(request.act);
  if (!act) return { kind: 'failed', code: 'input.invalid', message: `There is no act ${request.act}` };
  // An act's arguments read those of the version before.
  if (request.actVersion !== act.version && request.actVersion !== act.version - 1)
    return {
      kind: 'failed',
      code: 'wire.version',
      message: `${request.act} version ${request.actVersion} is not known here`,
    };
  const parsed = act.args.safeParse(request.args);
  if (parsed.success) return { kind: 'act', act, args: parsed.data, needs: act.needs(parsed.data) };
  return refused(
    parsed.error.issues.slice(0, 20).map(
      (issue): RefusalReason => ({
        code: 'invalid',
        field: issue.path.join('.'),
        message: issue.message,
      }),
    ),
  );
}

interface Attempted {
  intent: Intent;
  committed: { seq: number; epoch: string; changes: Change[] } | null;
}

/** Carries an answer out of a transaction that is rolled back. */
class WithoutTrace extends Error {
  readonly intent: Intent;
  constructor(intent: Intent) {
    super('rolled back on purpose');
    this.intent = intent;
  }
}

function believableTime(madeAt: Instant | null, now: Instant): Instant {
  if (madeAt === null || madeAt > now) return now;
  return instant(Math.max(madeAt, now - longestOfflineMs));
}

const collectionOfKind = Object.fromEntries(
  Object.entries(collections).flatMap(([name, kinds]) => kinds.map((kind) => [kind, name])),
) as Record<RecordKind, CollectionName>;

function collectionsOf(changes: readonly Change[], fromDesk: boolean): CollectionName[] {
  const names = new Set(changes.map((change) => collectionOfKind[change.kind]));
  // Saving a visit or a wish stamps its patient.
  if (names.has('appointments') || names.has('waitlistEntries')) names.add('patients');
  // And what waits for a person about a visit that was there goes where the visit goes.
  if (changes.some(({ kind, record }) => kind === 'appointment' && record.seq > 0))
    names.add('attentionItems');
  if (fromDesk) names.add('intents');
  return [...names];
}

/**
 * Pending intents laid over the replica by the acts' own `decide`, in the order in which they are sent. Everything
 * is decided again on every change: what was free yesterday evening may be taken by the time the pull is in.
 */
import { type ActContext, type Decision, refused } from '@medic/shared/acts/act';
import { applyDecision, timelineOf } from '@medic/shared/acts/apply';
import { decideAct } from '@medic/shared/acts/decide';
import type { Facts } from '@medic/shared/acts/facts';
import { actNamed } from '@medic/shared/acts/registry';
import type { Intent } from '@medic/shared/model/intent';
import {
  type CollectionName,
  collectionNames,
  collections,
  type RecordKind,
} from '@medic/shared/model/records';
import type { User } from '@medic/shared/model/user';
import type { Instant } from '@medic/shared/time/instant';
import type { PendingIntent } from '../desk';
import type { ReplicaFacts } from './replica-facts';

export interface OverlayContext {
  user: User;
  now: Instant;
  newId(): string;
}

export interface Shown {
  facts: Facts;
  pending: Omit<PendingIntent, 'again'>[];
  tentative: Set<string>;
  /** Ids of all that lies over the replica: the tentative ones, and those that are answered and not pulled yet. */
  laidOver: Set<string>;
}

const collectionOf = new Map<RecordKind, CollectionName>(
  collectionNames.flatMap((name) =>
    collections[name].map((kind) => [kind, name] as [RecordKind, CollectionName]),
  ),
);

export class Overlay {
  readonly #replica: ReplicaFacts;
  /** Acknowledged intents whose effect lies in the replica: never shown again. */
  readonly #settled = new Set<string>();
  /** Ids that an intent's act took, so that deciding it again makes the same records. */
  readonly #takenIds = new Map<string, string[]>();
  /** Collections that an intent changed when it was decided last. */
  readonly #touched = new Map<string, Set<CollectionName>>();

  constructor(replica: ReplicaFacts) {
    this.#replica = replica;
  }

  show(context: OverlayContext): Shown {
    const facts = this.#replica.facts.layer();
    const pending: Shown['pending'] = [];
    const tentative = new Set<string>();
    const laidOver = new Set<string>();
    for (const intent of this.#waiting()) {
      const newId = this.#sameIds(intent.id, context.newId);
      const actContext = contextOf({ ...context, newId }, facts, intent.madeAt);
      const decision = decideNamed(intent.act, intent.args, facts, actContext);
      const changes = decision.kind === 'done' ? decision.changes : [];
      this.#touched.set(intent.id, new Set(changes.flatMap(({ kind }) => collectionOf.get(kind) ?? [])));
      if (intent.status === 'pending') {
        pending.push({ intent, decision });
        for (const { record } of changes) tentative.add(record.id);
      } else if (this.#hasArrived(intent)) {
        // Answered before this start, and in the replica by now: what it changed may have moved on since.
        this.#settle(intent.id);
        continue;
      }
      for (const { record } of changes) laidOver.add(record.id);
      if (decision.kind === 'done') {
        // The timeline says when the person did it, also when it is decided again an hour later.
        const events = timelineOf(decision, intent.act, { ...actContext, now: intent.madeAt });
        applyDecision(facts, decision, events, intent.outcomeSeq ?? intent.baseSeq);
      }
    }
    return { facts, pending, tentative, laidOver };
  }

  /** Collections whose pull an acknowledged intent still waits for. */
  awaited(): Set<CollectionName> {
    const names = new Set<CollectionName>();
    for (const intent of this.#waiting()) {
      if (intent.status !== 'pending') for (const name of this.#touched.get(intent.id) ?? []) names.add(name);
    }
    return names;
  }

  /** In the order of their numbers: those not answered, and those whose answer the pulls have not passed. */
  #waiting(): Intent[] {
    const waiting: Intent[] = [];
    for (const intent of this.#replica.intents.values()) {
      if (intent.status === 'pending') {
        // After a restore of the server an intent may have to be sent again.
        this.#settled.delete(intent.id);
        waiting.push(intent);
      } else if (intent.status === 'done' && !this.#settled.has(intent.id)) {
        if (this.#hasArrived(intent)) this.#settle(intent.id);
        else waiting.push(intent);
      } else {
        this.#settle(intent.id);
      }
    }
    return waiting.sort((a, b) => (a.n ?? 0) - (b.n ?? 0));
  }

  #hasArrived(intent: Intent): boolean {
    const touched = this.#touched.get(intent.id);
    const outcomeSeq = intent.outcomeSeq ?? 0;
    return touched !== undefined && [...touched].every((name) => this.#replica.reached(name) >= outcomeSeq);
  }

  #settle(id: string): void {
    this.#settled.add(id);
    this.#takenIds.delete(id);
    this.#touched.delete(id);
  }

  #sameIds(intentId: string, newId: () => string): () => string {
    const taken = this.#takenIds.get(intentId) ?? [];
    this.#takenIds.set(intentId, taken);
    let next = 0;
    return () => {
      const id = taken[next] ?? newId();
      taken[next] = id;
      next += 1;
      return id;
    };
  }
}

/** What an act would do to these facts: its name, its arguments, then as the server decides. */
export function decideNamed(name: string, args: unknown, facts: Facts, context: ActContext): Decision {
  // Carried over into a replica that is still empty: nothing can be said yet.
  if (!facts.has('clinic', context.clinicId))
    return refused([{ code: 'unknown', what: 'clinic', id: context.clinicId }]);
  const act = actNamed(name);
  if (!act) return refused([{ code: 'unknown', what: 'act', id: name }]);
  const parsed = act.args.safeParse(args);
  if (!parsed.success) {
    return refused(
      parsed.error.issues.map((issue) => ({
        code: 'invalid',
        field: issue.path.join('.'),
        message: issue.message,
      })),
    );
  }
  return decideAct(act, facts, parsed.data, context);
}

/** Who acts at a desk: the user as the directory knows them now, for rights may have changed since the sign-in. */
export function contextOf({ user, now, newId }: OverlayContext, facts: Facts, madeAt: Instant): ActContext {
  const { id, name, roles, rights, doctorId, clinicId } = facts.get('user', user.id) ?? user;
  return { clinicId, actor: { kind: 'staff', id, name, roles, rights, doctorId }, now, madeAt, newId };
}

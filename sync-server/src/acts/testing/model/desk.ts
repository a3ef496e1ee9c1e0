/** A desk that sees all of the clinic: its facts are what its pulls brought, and nothing else. */
import type { ActContext, Decision } from '@medic/shared/acts/act';
import { decideAct } from '@medic/shared/acts/decide';
import { Facts } from '@medic/shared/acts/facts';
import { actNamed } from '@medic/shared/acts/registry';
import type { CollectionName } from '@medic/shared/model/records';
import type { Checkpoint } from '@medic/shared/sync/wire';
import { idOf } from '@medic/shared/testing/builders';
import type { Instant } from '@medic/shared/time/instant';
import { pull } from '../../../changes/pull';
import type { TestDatabase } from '../../../db/testing/database';
import { expectSame, inOrder } from './as-shown';
import type { Request } from './steps/step';

export class Desk {
  readonly #facts = new Facts();
  readonly #checkpoints = new Map<CollectionName, Checkpoint>();
  readonly #database: TestDatabase;
  readonly #clinicId: string;
  readonly #now: () => Instant;
  #ids = 1;

  constructor(database: TestDatabase, clinicId: string, now: () => Instant) {
    this.#database = database;
    this.#clinicId = clinicId;
    this.#now = now;
  }

  /** What has changed in these, which are no longer to be pulled then. */
  async pull(names: Set<CollectionName>): Promise<void> {
    for (const collection of names) {
      const answer = await pull(
        this.#database.appPool,
        {
          clinicId: this.#clinicId,
          userId: idOf('user', 2),
          deviceId: idOf('device', 1),
          roles: ['admin'],
          doctorId: null,
          locationIds: [],
        },
        { collection, checkpoint: this.#checkpoints.get(collection) ?? null, limit: 500 },
        this.#now(),
      );
      if (answer.kind !== 'documents')
        throw new Error(`the pull of ${collection} starts afresh: ${answer.why}`);
      for (const { recordKind, ...record } of answer.documents) {
        if (record.deleted) this.#facts.forget(recordKind, record.id);
        else this.#facts.put(recordKind, record as never);
      }
      this.#checkpoints.set(collection, answer.checkpoint);
    }
    names.clear();
  }

  decide({ act: name, args, actor }: Request, now: Instant, madeAt: Instant): Decision {
    const act = actNamed(name);
    if (!act) throw new Error(name);
    const context: ActContext = {
      clinicId: this.#clinicId,
      actor,
      now,
      madeAt,
      newId: () => idOf('intent', this.#ids++),
    };
    return decideAct(act, this.#facts.layer(), act.args.parse(args), context);
  }

  /** Once pulled, each record is what the desk had shown it as, but for ids that the server gave. */
  expectAsShown({ changes }: Extract<Decision, { kind: 'done' }>): void {
    for (const { kind, record } of changes) {
      if (!shownKinds.includes(kind)) continue;
      const now = this.#facts.get(kind, record.id);
      if (record.deleted && !now) continue;
      // Of a series without visits no desk hears.
      if (kind === 'appointmentSeries' && this.#facts.visitsOfSeries(record.id).length === 0) continue;
      expectSame(`a record (${kind}) as the desk had shown it`, shownOf(now), shownOf(record));
    }
  }
}

const shownKinds: readonly string[] = [
  'appointment',
  'appointmentSeries',
  'patient',
  'waitlistEntry',
  'availabilityException',
];

function shownOf(record: object | undefined): unknown {
  return record && inOrder({ ...record, seq: 0, events: [] });
}

/** Of a decision and of an outcome alike: done, or why not and what is free instead. */
export function decisionOf(decision: Decision): unknown {
  return decision.kind === 'done'
    ? { kind: 'done' }
    : inOrder({ reasons: decision.reasons, alternatives: decision.alternatives });
}

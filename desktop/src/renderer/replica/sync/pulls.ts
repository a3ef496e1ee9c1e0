/**
 * One RxDB replication per collection, pulling only. What RxDB does not know is added here: the wire's `reset`,
 * and waiting for the server instead of failing every few seconds.
 */
import { type CollectionName, collectionNames } from '@medic/shared/model/records';
import type { Checkpoint, PullAnswer } from '@medic/shared/sync/wire';
import type { ReplicationPullHandlerResult, RxReplicationPullStreamItem } from 'rxdb';
import { type RxReplicationState, replicateRxCollection } from 'rxdb/plugins/replication';
import { Subject } from 'rxjs';
import type { ReplicaDatabase } from '../store/database';
import type { StoredDocument } from '../store/schema';
import type { ReplicaFacts } from '../view/replica-facts';

export const pullBatchSize = 1000;
/** When nothing has come into a collection for this long, what was pulled and is missing is not waited for. */
const arrivalTimeoutMs = 10_000;
const stopTimeoutMs = 5_000;

export interface PullHost {
  database: ReplicaDatabase;
  replica: ReplicaFacts;
  /** Asks the server, waiting as long as it takes; null when stopped meanwhile. */
  ask(collection: CollectionName, checkpoint: Checkpoint | null): Promise<PullAnswer | null>;
  /** Rows came in, or a collection came to its end. */
  progressed(collection: CollectionName, rows: number): void;
  storageFailed(error: unknown): void;
  /** Whether an intent that the server does not have has to stay all the same. */
  keepsIntent(id: string): boolean;
}

export class Pulls {
  readonly #pulls: ReadonlyMap<CollectionName, CollectionPull>;
  #starting: Promise<void> = Promise.resolve();

  constructor(host: PullHost) {
    this.#pulls = new Map(collectionNames.map((name) => [name, new CollectionPull(name, host)]));
  }

  async start(): Promise<void> {
    // The directory first: without it there is nothing to draw.
    this.#starting = (async () => {
      for (const pull of this.#pulls.values()) await pull.start();
    })();
    await this.#starting;
  }

  async stop(): Promise<void> {
    for (const pull of this.#pulls.values()) pull.stopStarting();
    await this.#starting;
    await Promise.all([...this.#pulls.values()].map((pull) => pull.stop()));
  }

  /** Pulls what these collections lack; null means all. */
  look(names: Iterable<CollectionName> | null): void {
    for (const name of names ?? this.#pulls.keys()) this.#pulls.get(name)?.look();
  }

  get complete(): boolean {
    return [...this.#pulls.values()].every((pull) => pull.complete);
  }

  get collectionsDone(): number {
    return [...this.#pulls.values()].filter((pull) => pull.complete).length;
  }
}

class CollectionPull {
  readonly #name: CollectionName;
  readonly #host: PullHost;
  readonly #stream = new Subject<RxReplicationPullStreamItem<StoredDocument, Checkpoint>>();
  #replication: RxReplicationState<StoredDocument, Checkpoint> | null = null;
  #complete = false;
  /** Ids that came since the server asked to start afresh; null when nothing is to be swept. */
  #seen: Set<string> | null = null;
  #stopped = false;
  #started: Promise<void> = Promise.resolve();
  #restarting: Promise<void> = Promise.resolve();
  #arriving: Promise<void> = Promise.resolve();

  constructor(name: CollectionName, host: PullHost) {
    this.#name = name;
    this.#host = host;
  }

  get complete(): boolean {
    return this.#complete;
  }

  async start(): Promise<void> {
    if (this.#stopped) return;
    const note = await this.#host.database.notes.pullNote(this.#name);
    if (this.#stopped) return;
    this.#complete = note.complete;
    this.#replicate();
    // A sweep that was cut short knows no longer what it has seen: from the start again.
    if (note.sweep) await this.#startAfresh();
  }

  look(): void {
    this.#stream.next('RESYNC');
  }

  stopStarting(): void {
    this.#stopped = true;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#restarting;
    const replication = this.#replication;
    if (!replication) return;
    // RxDB's own start goes on behind a cancel, and then meets a store that is closed.
    await Promise.race([this.#started, new Promise((resolve) => setTimeout(resolve, stopTimeoutMs))]);
    await Promise.race([
      replication.awaitInitialReplication(),
      new Promise((resolve) => setTimeout(resolve, stopTimeoutMs)),
    ]);
    await replication.cancel();
  }

  #replicate(): void {
    const replication = replicateRxCollection<StoredDocument, Checkpoint>({
      // The same for ever: its checkpoint is kept under this name.
      replicationIdentifier: 'medic-pull',
      collection: this.#host.database.collections[this.#name],
      deletedField: 'deleted',
      live: true,
      // Ours is the choice which tab syncs, and a hidden one goes on.
      waitForLeadership: false,
      toggleOnDocumentVisible: false,
      // Started below, where its failure is heard: RxDB's own start leaves a rejection that nobody handles.
      autoStart: false,
      pull: {
        batchSize: pullBatchSize,
        handler: (checkpoint) => this.#pull(checkpoint ?? null),
        stream$: this.#stream,
      },
    });
    // The handler never fails, so what comes here is the store: a full disk, a database closed by the browser.
    // RxDB goes on with the next checkpoint, and the rows would be missing for good.
    replication.error$.subscribe((error) => {
      if (this.#stopped) return;
      this.#host.storageFailed(error);
      setTimeout(() => this.#restartLater(), 5_000);
    });
    this.#replication = replication;
    this.#started = replication.start().catch((error) => {
      if (!this.#stopped) this.#host.storageFailed(error);
    });
  }

  async #pull(
    checkpoint: Checkpoint | null,
  ): Promise<ReplicationPullHandlerResult<StoredDocument, Checkpoint>> {
    const replication = this.#replication;
    const answer = await this.#host.ask(this.#name, checkpoint);
    // Of a replication that was replaced meanwhile, nothing counts.
    if (answer === null || replication !== this.#replication)
      return { checkpoint: checkpoint ?? undefined, documents: [] };
    if (answer.kind === 'reset') {
      this.#restartLater();
      return { checkpoint: checkpoint ?? undefined, documents: [] };
    }
    const documents = answer.documents as unknown as (StoredDocument & { deleted: boolean })[];
    for (const { id, deleted } of documents) if (!deleted) this.#seen?.add(id);
    const ended = documents.length < pullBatchSize;
    // RxDB asks for the next rows while it still writes the last ones: the end counts when all are there.
    this.#arriving = Promise.all([this.#arriving, this.#whenArrived(documents)])
      .then(async () => {
        if (this.#stopped || replication !== this.#replication) return;
        if (ended) await this.#cameToEnd(answer.clinicSeq);
        this.#host.progressed(this.#name, documents.length);
      })
      .catch((error) => this.#host.storageFailed(error));
    return {
      checkpoint: answer.checkpoint,
      documents: documents as unknown as ReplicationPullHandlerResult<
        StoredDocument,
        Checkpoint
      >['documents'],
    };
  }

  async #cameToEnd(clinicSeq: number): Promise<void> {
    const seen = this.#seen;
    if (seen) {
      await this.#sweep(seen);
      this.#seen = null;
    }
    this.#host.replica.setReached(this.#name, clinicSeq);
    this.#host.replica.endAhead(this.#name);
    if (!this.#complete || seen) {
      this.#complete = true;
      await this.#host.database.notes.setPullNote(this.#name, { complete: true, sweep: false });
    }
  }

  /**
   * Resolves when the facts hold these documents, or when nothing has come for a while: another tab may have
   * written one of them in the same moment, and then its state stands.
   */
  #whenArrived(documents: readonly { id: string; seq: number; deleted: boolean }[]): Promise<void> {
    const replica = this.#host.replica;
    const missing = new Map(documents.map((document) => [document.id, document]));
    function checkOff(ids: Iterable<string>): boolean {
      for (const id of ids) {
        const document = missing.get(id);
        if (document && replica.holds(name, document)) missing.delete(id);
      }
      return missing.size === 0;
    }
    const name = this.#name;
    if (checkOff([...missing.keys()])) return Promise.resolve();
    return new Promise((resolve) => {
      let timer = setTimeout(finish, arrivalTimeoutMs);
      const unsubscribe = replica.subscribe((collection, changes) => {
        if (collection !== name) return;
        clearTimeout(timer);
        if (checkOff(changes.map(({ document }) => document.id))) finish();
        else timer = setTimeout(finish, arrivalTimeoutMs);
      });
      function finish(): void {
        clearTimeout(timer);
        unsubscribe();
        resolve();
      }
    });
  }

  #restartLater(): void {
    // Not from within the handler: the replication waits for it before it can be cancelled.
    setTimeout(() => {
      if (this.#stopped) return;
      this.#restarting = this.#restarting
        .then(() => this.#startAfresh())
        .catch((error) => this.#host.storageFailed(error));
    }, 0);
  }

  /**
   * Forgets the checkpoint and pulls everything; what lies here stays shown until the new rows are in, and only
   * then goes what the server no longer has.
   */
  async #startAfresh(): Promise<void> {
    if (this.#stopped) return;
    const old = this.#replication;
    this.#replication = null;
    await this.#host.database.notes.setPullNote(this.#name, { complete: this.#complete, sweep: true });
    await old?.remove();
    if (this.#stopped) return;
    this.#seen = new Set();
    this.#host.replica.forgetReached(this.#name);
    this.#replicate();
  }

  async #sweep(seen: ReadonlySet<string>): Promise<void> {
    const { replica, database } = this.#host;
    const gone = [...replica.idsOf(this.#name)].filter((id) => {
      if (seen.has(id)) return false;
      // What the server has not answered it cannot have; and nobody's work is dropped for that.
      return this.#name !== 'intents' || !this.#host.keepsIntent(id);
    });
    if (gone.length > 0) {
      const { error } = await database.collections[this.#name].bulkRemove(gone);
      const failed = error.find((one) => one.status !== 409);
      if (failed) throw new Error(`could not remove ${failed.documentId}`, { cause: failed });
    }
    // RxDB keeps what it removes, contents and all, until it is cleaned up.
    await database.collections[this.#name].storageInstance.cleanup(0);
  }
}

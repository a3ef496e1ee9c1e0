/**
 * Keeps the replica's collections at what the server shows: each is pulled page by page from its checkpoint on, and takes
 * what a wake brings when it stands where that begins. A loop of our own: see the README for what RxDB's cost.
 */
import { type CollectionName, collectionNames } from '@medic/shared/model/records';
import type { Checkpoint, PullAnswer, Wake } from '@medic/shared/sync/wire';
import type { ReplicaDatabase } from '../store/database';
import type { PulledDocument } from '../store/sealed-storage';
import type { ReplicaFacts } from '../view/replica-facts';

export const pullBatchSize = 1000;
const afterFailureMs = 5_000;
const stopTimeoutMs = 5_000;

export interface PullHost {
  database: ReplicaDatabase;
  replica: ReplicaFacts;
  /** Asks the server, waiting as long as it takes; null when stopped meanwhile. */
  ask(collection: CollectionName, checkpoint: Checkpoint | null): Promise<PullAnswer | null>;
  /** Rows came in, or a collection came to its end. */
  progressed(collection: CollectionName, rows: number): void;
  /** All that the server shows of a collection is here, up to this position of the clinic's clock. */
  cameToEnd(collection: CollectionName, clinicSeq: number): void;
  /** One is pulled from nothing, since the epoch or the scope is another. */
  beganAfresh(): void;
  storageFailed(error: unknown): void;
  /** Whether an intent that the server does not have has to stay all the same. */
  keepsIntent(id: string): boolean;
}

export class Pulls {
  readonly #pulls: ReadonlyMap<CollectionName, CollectionPull>;

  constructor(host: PullHost) {
    this.#pulls = new Map(collectionNames.map((name) => [name, new CollectionPull(name, host)]));
  }

  async start(): Promise<void> {
    // The directory first: without it there is nothing to draw.
    for (const pull of this.#pulls.values()) await pull.start();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#pulls.values()].map((pull) => pull.stop()));
  }

  /** Pulls what these collections lack; null means all. */
  look(names: Iterable<CollectionName> | null): void {
    for (const name of names ?? this.#pulls.keys()) this.#pulls.get(name)?.look();
  }

  /** Takes what a wake brings; what it only names, or brings to a collection that stands elsewhere, is pulled. */
  bring(wake: Wake): void {
    for (const pull of this.#pulls.values()) if (!pull.bring(wake)) pull.look();
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
  /** As it lies on the disk, or behind it where a page had no rows. */
  #checkpoint: Checkpoint | null = null;
  /** Everything up to this position of the clinic's clock is here; null while that is not known. */
  #standsAt: number | null = null;
  #complete = false;
  /** Ids that came since the server asked to start afresh; null when nothing is to be swept. */
  #seen: Set<string> | null = null;
  #isDue = false;
  #startsAfresh = false;
  #started = false;
  #stopped = false;
  /** One thing at a time: rows that came later must not be written earlier. */
  #turn: Promise<void> = Promise.resolve();
  #retry: ReturnType<typeof setTimeout> | null = null;

  constructor(name: CollectionName, host: PullHost) {
    this.#name = name;
    this.#host = host;
  }

  get complete(): boolean {
    return this.#complete;
  }

  async start(): Promise<void> {
    const { notes } = this.#host.database;
    const note = await notes.pullNote(this.#name);
    this.#complete = note.complete;
    // A sweep that was cut short knows no longer what it has seen: from the start again.
    this.#startsAfresh = note.sweep;
    if (!note.sweep) this.#checkpoint = await this.#host.database.pulledTo(this.#name);
    this.#started = true;
    this.look();
  }

  look(): void {
    if (this.#isDue || !this.#started || this.#stopped) return;
    this.#isDue = true;
    // From here on a wake says nothing that the answer does not: it is read after this.
    this.#standsAt = null;
    this.#inTurn(() => this.#pullToEnd());
  }

  /** Whether nothing is left to ask for. */
  bring({ seq, collections, changes }: Wake): boolean {
    const standsAt = this.#standsAt;
    if (standsAt === null || changes === undefined || changes.after > standsAt) return false;
    if (seq <= standsAt) return true;
    const brought = changes.rows.find(({ collection }) => collection === this.#name);
    if (!brought && (collections === null || collections.includes(this.#name))) return false;
    this.#standsAt = seq;
    // What lies at or before where this stands was pulled, and may be an older state here.
    const documents = (brought?.documents ?? []).filter((document) => document.seq > standsAt);
    this.#inTurn(async () => {
      const last = documents.at(-1);
      if (last && this.#checkpoint) {
        const { history } = changes;
        await this.#keep(documents, { ...this.#checkpoint, seq: last.seq, id: last.id, history });
      }
      await this.#cameTo(seq);
      if (last) this.#host.progressed(this.#name, documents.length);
    });
    return true;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    await Promise.race([this.#turn, new Promise((resolve) => setTimeout(resolve, stopTimeoutMs))]);
  }

  #inTurn(work: () => Promise<void>): void {
    this.#turn = this.#turn
      .then(async () => {
        if (!this.#stopped) await work();
      })
      .catch((error: unknown) => {
        if (this.#stopped) return;
        // A full disk, say. What was not written is behind the checkpoint, and comes again.
        this.#host.storageFailed(error);
        this.#standsAt = null;
        this.#retry ??= setTimeout(() => {
          this.#retry = null;
          this.look();
        }, afterFailureMs);
      });
  }

  async #pullToEnd(): Promise<void> {
    this.#isDue = false;
    if (this.#startsAfresh) await this.#forgetAll();
    let from = this.#checkpoint;
    let keeping: Promise<unknown> = Promise.resolve();
    for (;;) {
      const answer = await this.#host.ask(this.#name, from);
      // The next page is asked for while the last one is written; the one after that is not.
      await keeping;
      if (answer === null || this.#stopped) return;
      if (answer.kind === 'reset') {
        this.#startsAfresh = true;
        this.look();
        return;
      }
      const { documents, checkpoint, clinicSeq } = answer;
      keeping = this.#keep(documents, checkpoint).then(() =>
        this.#host.progressed(this.#name, documents.length),
      );
      if (documents.length < pullBatchSize) {
        await keeping;
        await this.#cameTo(clinicSeq);
        if (!this.#isDue) this.#standsAt = clinicSeq;
        this.#host.progressed(this.#name, 0);
        return;
      }
      // Its failure is met above, after the next answer.
      keeping.catch(() => undefined);
      from = checkpoint;
    }
  }

  /** The store tells the facts of what it has written before this resolves. */
  async #keep(documents: readonly unknown[], checkpoint: Checkpoint): Promise<void> {
    const pulled = (documents as readonly Partial<PulledDocument>[]).map(
      (document) => ({ deleted: false, ...document }) as PulledDocument,
    );
    for (const { id, deleted } of pulled) if (!deleted) this.#seen?.add(id);
    if (pulled.length > 0) await this.#host.database.putPulled(this.#name, pulled, checkpoint);
    this.#checkpoint = checkpoint;
  }

  async #cameTo(clinicSeq: number): Promise<void> {
    const { replica, database } = this.#host;
    const seen = this.#seen;
    if (seen) {
      await this.#sweep(seen);
      this.#seen = null;
    }
    replica.setReached(this.#name, clinicSeq);
    replica.endAhead(this.#name);
    if (!this.#complete || seen) {
      this.#complete = true;
      await database.notes.setPullNote(this.#name, { complete: true, sweep: false });
    }
    this.#host.cameToEnd(this.#name, clinicSeq);
  }

  /**
   * Pulls everything; what lies here stays shown until the new rows are in, and only then goes what the server no longer
   * has.
   */
  async #forgetAll(): Promise<void> {
    const { database, replica } = this.#host;
    await database.notes.setPullNote(this.#name, { complete: this.#complete, sweep: true });
    await database.forgetPulledTo(this.#name);
    this.#checkpoint = null;
    this.#startsAfresh = false;
    this.#seen = new Set();
    replica.forgetReached(this.#name);
    this.#host.beganAfresh();
  }

  async #sweep(seen: ReadonlySet<string>): Promise<void> {
    const { replica, database, keepsIntent } = this.#host;
    const gone = [...replica.idsOf(this.#name)].filter(
      // What the server has not answered it cannot have; and nobody's work is dropped for that.
      (id) => !seen.has(id) && (this.#name !== 'intents' || !keepsIntent(id)),
    );
    const tombstones = gone.map((id) => ({ id, seq: 0, deleted: true }) as PulledDocument);
    await database.putPulled(this.#name, tombstones, null);
  }
}

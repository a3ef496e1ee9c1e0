/**
 * Lets go of what has become too old for this device: at the first answer after a start, and at the first after the day
 * has turned at the clinic. By the server's clock as it tells it in its answers, never by this computer's: one that is a
 * year ahead would take a year of history away, and one that is behind would keep it. Without a server nothing goes.
 */
import type { CollectionName } from '@medic/shared/model/records';
import type { User } from '@medic/shared/model/user';
import type { Instant } from '@medic/shared/time/instant';
import { zonedDay } from '@medic/shared/time/zone';
import type { RxDocument } from 'rxdb';
import type { ReplicaDatabase } from '../store/database';
import type { StoredDocument } from '../store/schema';
import type { ReplicaFacts } from '../view/replica-facts';
import { type AgedOut, agedOut, agingCollections } from './aged-out';

export interface PurgeHost {
  database: ReplicaDatabase;
  replica: ReplicaFacts;
  user(): User;
  deviceId: string;
  /** Ids of what pending intents lie over the facts. */
  laidOver(): Iterable<string>;
  /** Asks the server for what these collections lack; any answer tells the time. */
  look(collections: readonly CollectionName[]): void;
  storageFailed(error: unknown): void;
}

/** Desks that turned the day together would ask together. */
const afterMidnightMs = 10 * 60_000;
/** A day's worth is a few hundred visits; after months away it is thousands. */
const atATime = 500;
/** What brings a patient into a doctor's scope. */
const bringers = ['appointments', 'waitlistEntries', 'intents'] as const satisfies CollectionName[];

export class Purge {
  readonly #host: PurgeHost;
  /** How far each collection was complete when its pull last came to its end. */
  readonly #endedAt = new Map<CollectionName, number>();
  #now: Instant | null = null;
  /** Until when nothing further grows too old that matters: the end of the day of the last purge. */
  #doneUntil = Number.NEGATIVE_INFINITY;
  #midnight: ReturnType<typeof setTimeout> | null = null;
  #running: Promise<void> | null = null;
  #stopped = false;

  constructor(host: PurgeHost) {
    this.#host = host;
  }

  /** The server's clock, as it said in an answer. */
  told(serverTime: Instant): void {
    const wasDue = this.#isDue();
    this.#now = serverTime;
    // The day has turned: what could have brought a patient since has to be here first, however quiet the clinic is.
    if (!wasDue && this.#isDue()) {
      const known = bringers.filter((name) => this.#endedAt.delete(name));
      this.#host.look(known);
    }
    this.#start();
  }

  /** A pull of a collection came to its end: all is here up to this position. */
  cameToEnd(collection: CollectionName, clinicSeq: number): void {
    this.#endedAt.set(collection, clinicSeq);
    this.#start();
  }

  /** A collection is pulled afresh. What the others were complete to was of another scope, or another epoch. */
  beganAfresh(): void {
    const known = [...this.#endedAt.keys()];
    this.#endedAt.clear();
    this.#host.look(known);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#midnight !== null) clearTimeout(this.#midnight);
    await this.#running;
  }

  #start(): void {
    const now = this.#now;
    if (now === null || !this.#isDue() || this.#running || this.#stopped || !this.#allIsHere()) return;
    this.#running = this.#run(now)
      .catch((error: unknown) => {
        this.#doneUntil = Number.NEGATIVE_INFINITY;
        this.#host.storageFailed(error);
      })
      .finally(() => {
        this.#running = null;
      });
  }

  #isDue(): boolean {
    return this.#now !== null && this.#now >= this.#doneUntil;
  }

  #allIsHere(): boolean {
    return [...agingCollections, ...bringers].every((name) => this.#endedAt.has(name));
  }

  async #run(now: Instant): Promise<void> {
    const { replica, look } = this.#host;
    const day = zonedDay(now, replica.facts.clinic.timeZone);
    // Before anything is awaited: the next answer need not begin it again.
    this.#doneUntil = day.endsAt;
    if (this.#midnight !== null) clearTimeout(this.#midnight);
    this.#midnight = setTimeout(() => look(['intents']), day.endsAt - now + Math.random() * afterMidnightMs);
    const found = this.#agedOut(now);
    for (const collection of agingCollections) await this.#remove(collection, found[collection], now);
  }

  #agedOut(now: Instant): AgedOut {
    const { replica, user, deviceId, laidOver } = this.#host;
    return agedOut({
      facts: replica.facts,
      intents: replica.intents.values(),
      user: user(),
      deviceId,
      now,
      laidOver: laidOver(),
      completeTo: Math.min(...bringers.map((name) => this.#endedAt.get(name) ?? -1)),
    });
  }

  async #remove(
    collection: (typeof agingCollections)[number],
    ids: readonly string[],
    now: Instant,
  ): Promise<void> {
    const { collections } = this.#host.database;
    for (let at = 0; at < ids.length && !this.#stopped; at += atATime) {
      const read = await collections[collection].findByIds(ids.slice(at, at + atATime)).exec();
      // What a pull or a person did while this was read comes first; and what is written from here on is refused.
      const still = new Set(this.#agedOut(now)[collection]);
      const documents = [...read.values()].filter(({ id }) =>
        still.has(id),
      ) as unknown as RxDocument<StoredDocument>[];
      const { error } = await collections[collection].bulkRemove(documents);
      const failed = error.find((one) => one.status !== 409);
      if (failed) throw new Error(`could not remove ${failed.documentId}`, { cause: failed });
    }
    // RxDB keeps what it removes until it is cleaned up.
    if (ids.length > 0 && !this.#stopped) await collections[collection].storageInstance.cleanup(0);
  }
}

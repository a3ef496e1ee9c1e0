/**
 * What the one tab does that syncs: holds the connection, pulls, pushes, and keeps the truth about it. Every other
 * tab only reads the store and what this one tells.
 */
import { MedicError } from '@medic/shared/errors';
import type { Intent } from '@medic/shared/model/intent';
import { type CollectionName, collectionNames, collections } from '@medic/shared/model/records';
import type { User } from '@medic/shared/model/user';
import {
  type Checkpoint,
  type FirstLook,
  type History,
  type PullAnswer,
  type PushAnswer,
  type Standing,
  type Wake,
  wireVersion,
} from '@medic/shared/sync/wire';
import { dayMs, type Instant, instant } from '@medic/shared/time/instant';
import type { SyncStatus } from '../desk';
import type { SessionTokens } from '../session/tokens';
import type { ReplicaDatabase } from '../store/database';
import type { StoredDocument } from '../store/schema';
import type { LeaderStatus } from '../tab-link';
import type { Overlay } from '../view/overlay';
import type { ReplicaFacts } from '../view/replica-facts';
import { Connection, pauseMs } from './connection';
import { ErrorLog } from './error-log';
import { type IntentQueue, isUnkept } from './intent-queue';
import { Pulls, pullBatchSize } from './pulls';
import { Purge } from './purge';
import { Pushes } from './pushes';
import type { Restores } from './restores';
import { type ServerApi, ServerUnreachable } from './server-api';

export interface SyncHost {
  api: ServerApi;
  tokens: SessionTokens;
  database: ReplicaDatabase;
  replica: ReplicaFacts;
  overlay: Overlay;
  queue: IntentQueue;
  restores: Restores;
  user(): User;
  deviceId: string;
  /** Ids of what pending intents lie over the facts, as drawn last. */
  laidOver(): Iterable<string>;
  now(): Instant;
  statusChanged(status: LeaderStatus): void;
  /** The device was signed out by an administrator. */
  revoked(): void;
}

/** What a desk remembers of its server from one start to the next. */
export interface KeptStanding {
  lastContactAt: Instant | null;
  clockOffsetMs: number;
  backedUpSeq: number | null;
  history: History | null;
}

const standingKey = 'standing';
const keepStandingMs = 5_000;
const versionPauseMs = 60_000;
/** Yesterday, and the week that is seen beside today. */
const firstLookBackMs = dayMs;
const firstLookAheadMs = 8 * dayMs;
/** A look that takes longer is not waited for by the pulls. */
const firstLookWithinMs = 3_000;
/** Small, and asked for in place of a stream that does not come through. */
const polledCollection: CollectionName = 'intents';

export async function keptStanding(database: ReplicaDatabase): Promise<KeptStanding> {
  const kept = await database.notes.value<KeptStanding>(standingKey);
  return kept ?? { lastContactAt: null, clockOffsetMs: 0, backedUpSeq: null, history: null };
}

/** After an answered push, this long the wake-up has to bring its rows before they are looked for. */
const arrivalGraceMs = 1_500;

export class Sync {
  readonly #host: SyncHost;
  readonly #connection: Connection;
  readonly #pulls: Pulls;
  readonly #pushes: Pushes;
  readonly #purge: Purge;
  readonly #stopped = new AbortController();
  readonly #parked = new Set<() => void>();
  readonly errors: ErrorLog;
  #pulledRows = 0;
  #epoch: string | null = null;
  #history: History | null = null;
  #pushedUnder: string | null = null;
  #meetingEpoch: Promise<void> = Promise.resolve();
  #standing: KeptStanding;
  #standingTimer: ReturnType<typeof setTimeout> | null = null;
  #status: LeaderStatus;

  constructor(host: SyncHost, missing: readonly CollectionName[], kept: KeptStanding) {
    this.#host = host;
    this.#standing = kept;
    this.#history = kept.history;
    this.errors = new ErrorLog(() => host.now());
    this.#status = {
      ...unheardStatus(missing, kept),
      firstPull:
        missing.length === 0 ? null : { rows: 0, collectionsDone: 0, collections: collectionNames.length },
    };
    this.#connection = new Connection(host.api, host.tokens, {
      onlineChanged: (online) => this.#onlineChanged(online),
      woken: (wake) => this.#woken(wake),
      lookAtAll: () => {
        this.#pulls.look(null);
        this.#pushes.push();
      },
      poll: () => this.#pulls.look([polledCollection]),
      failed: (error) => {
        this.errors.add('stream', error);
        this.#failed(error);
      },
    });
    this.#pulls = new Pulls({
      database: host.database,
      replica: host.replica,
      ask: (collection, checkpoint) => this.#ask(collection, checkpoint),
      progressed: (_collection, rows) => this.#progressed(rows),
      cameToEnd: (collection, clinicSeq) => {
        if (this.#status.missing.includes(collection))
          this.#change({ missing: this.#status.missing.filter((name) => name !== collection) });
        this.#purge.cameToEnd(collection, clinicSeq);
      },
      beganAfresh: () => this.#purge.beganAfresh(),
      storageFailed: (error) => this.storageFailed(error),
      keepsIntent: (id) => {
        const intent = host.replica.intents.get(id);
        return intent !== undefined && (intent.status === 'pending' || isUnkept(intent));
      },
    });
    this.#purge = new Purge({
      database: host.database,
      replica: host.replica,
      user: host.user,
      deviceId: host.deviceId,
      laidOver: host.laidOver,
      look: (names) => this.#pulls.look(names),
      storageFailed: (error) => this.storageFailed(error),
    });
    this.#pushes = new Pushes({
      unsent: () => host.queue.unsent(),
      send: (intents) => this.#send(intents),
      keep: (intents) => this.#keep(intents),
      answered: (intents) => this.#answered(intents),
      untilRetry: (error, failures) => {
        this.errors.add('push', error);
        return this.#untilRetry(error, failures);
      },
    });
  }

  get status(): LeaderStatus {
    return this.#status;
  }

  async start(): Promise<void> {
    if (typeof addEventListener === 'function') {
      const { signal } = this.#stopped;
      addEventListener('online', () => this.#connection.tryNow(), { signal });
      // Only a hint: the stream of a server on this very computer outlives the network.
      addEventListener('offline', () => void this.#checkServer(), { signal });
    }
    this.#epoch = await this.#host.database.notes.epoch();
    if (this.#stopped.signal.aborted) return;
    this.#connection.start();
    if (this.#status.phase !== 'ready') await this.#lookFirst();
    await this.#pulls.start();
    this.#pushes.push();
  }

  /** The days to be worked on, before the long first pull; without them that pull shows them all the same. */
  async #lookFirst(): Promise<void> {
    const { now, tokens, api } = this.#host;
    const request = {
      wireVersion,
      from: instant(now() - firstLookBackMs),
      until: instant(now() + firstLookAheadMs),
    };
    const looked = tokens
      .withAccess((accessToken) => api.firstLook(accessToken, request))
      .then((look) => this.#showLook(look))
      .catch((error: unknown) => this.errors.add('first look', error));
    await Promise.race([looked, this.#pause(firstLookWithinMs)]);
  }

  #showLook({ clinicSeq, documents }: FirstLook): void {
    if (this.#stopped.signal.aborted || this.#status.phase === 'ready') return;
    const { replica } = this.#host;
    const stored = documents as unknown as StoredDocument[];
    for (const name of collectionNames) {
      // An answer that was long on its way is nothing new where the pull has passed it.
      if (replica.reached(name) >= clinicSeq) continue;
      const kinds: readonly string[] = collections[name];
      replica.showAhead(
        name,
        stored.filter(({ recordKind }) => kinds.includes(recordKind)),
      );
    }
    this.#change({ phase: 'filling' });
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#pushes.stop();
    this.#connection.stop();
    this.#unpark();
    if (this.#standingTimer !== null) clearTimeout(this.#standingTimer);
    await this.#keepStanding();
    await this.#purge.stop();
    await this.#pulls.stop();
  }

  /** What the panel says of the one who syncs. */
  get transport(): 'stream' | 'polling' {
    return this.#connection.streaming ? 'stream' : 'polling';
  }

  /** A person asks, or another tab kept an intent. */
  syncNow(): void {
    this.#connection.tryNow();
    this.#pulls.look(null);
    this.#pushes.push();
  }

  push(): void {
    this.#pushes.push();
  }

  /** Somebody signed in again. */
  sessionRenewed(): void {
    if (this.#status.problem?.kind === 'signed-out') this.#change({ problem: null });
    this.#unpark();
    this.syncNow();
  }

  async #checkServer(): Promise<void> {
    try {
      await this.#host.api.ping();
      this.#connection.answered();
    } catch {
      // Whatever kept the ping from its answer, the server cannot be reached; the state says so.
      this.#connection.unanswered();
    }
  }

  #woken(wake: Wake): void {
    this.#contact();
    if (wake.epoch !== this.#epoch) {
      this.#pulls.look(null);
      return;
    }
    if (wake.changes) {
      this.#stand(wake.changes.standing, wake.changes.history);
      this.#pulls.bring(wake);
      return;
    }
    const named = wake.collections as CollectionName[] | null;
    this.#pulls.look(
      (named ?? collectionNames).filter((name) => this.#host.replica.reached(name) < wake.seq),
    );
  }

  async #ask(collection: CollectionName, checkpoint: Checkpoint | null): Promise<PullAnswer | null> {
    for (let failures = 1; !this.#stopped.signal.aborted; failures++) {
      try {
        const asked = this.#epoch;
        const answer = await this.#host.tokens.withAccess((accessToken) =>
          this.#host.api.pull(accessToken, { wireVersion, collection, checkpoint, limit: pullBatchSize }),
        );
        if (this.#stopped.signal.aborted) return null;
        this.#contact();
        if (this.#isOvertaken(answer.epoch, asked)) continue;
        await this.#meetEpoch(answer.epoch);
        this.#stand(answer, answer.kind === 'documents' ? (answer.checkpoint.history ?? null) : null);
        if (answer.kind === 'documents' && !this.#connection.streaming)
          this.#lookBehind(answer.clinicSeq, collection);
        return answer;
      } catch (error) {
        this.errors.add(`pull ${collection}`, error);
        await this.#untilRetry(error, failures);
      }
    }
    return null;
  }

  async #send(intents: Intent[]): Promise<PushAnswer> {
    if (!this.#connection.online) await this.#connection.untilOnline();
    if (this.#stopped.signal.aborted) throw new ServerUnreachable();
    const asked = this.#epoch;
    const answer = await this.#host.tokens.withAccess((accessToken) =>
      this.#host.api.push(accessToken, {
        wireVersion,
        epoch: this.#epoch,
        history: this.#history,
        intents: intents as unknown as Record<string, unknown>[],
      }),
    );
    this.#contact();
    this.#pushedUnder = answer.epoch;
    if (this.#isOvertaken(answer.epoch, asked)) return answer;
    await this.#meetEpoch(answer.epoch);
    this.#stand(answer, null);
    if (answer.reset !== null) this.#pulls.look(null);
    return answer;
  }

  /** An answer of before a restore, on its way while another already told of it. */
  #isOvertaken(epoch: string, asked: string | null): boolean {
    return epoch !== this.#epoch && asked !== this.#epoch && asked !== null;
  }

  /**
   * In turn with meeting an epoch: an outcome of before a restore that is kept after it would never be sent again. It
   * is dropped, and asked for anew.
   */
  #keep(intents: Intent[]): Promise<void> {
    const kept = this.#meetingEpoch
      // What failed before was told to whoever asked for it.
      .catch(() => undefined)
      .then(async () => {
        if (this.#pushedUnder !== this.#epoch) return;
        await this.#host.queue.settle(intents);
        await this.#host.restores.answered(intents);
      });
    this.#meetingEpoch = kept;
    return kept;
  }

  #answered(intents: Intent[]): void {
    if (intents.some((intent) => intent.status !== 'done')) this.#pulls.look(['attentionItems']);
    // The wake-up brings the rows; this is for the one that got lost.
    void this.#pause(arrivalGraceMs).then(() => {
      if (!this.#stopped.signal.aborted) this.#pulls.look(this.#host.overlay.awaited());
    });
  }

  /** Before anything of another epoch is kept: afterwards nobody could tell what the server has lost. */
  #meetEpoch(epoch: string): Promise<void> {
    if (epoch === this.#epoch) return Promise.resolve();
    this.#meetingEpoch = this.#meetingEpoch
      // What failed before was told to whoever asked for it.
      .catch(() => undefined)
      .then(async () => {
        const { notes } = this.#host.database;
        this.#epoch ??= await notes.epoch();
        if (epoch === this.#epoch) return;
        if (this.#epoch !== null) {
          await this.#host.restores.begin(epoch);
          this.#history = null;
        } else if (this.#host.queue.unsafe().length > 0)
          // Out of the journal, after the store was lost: the server may have been restored since.
          await this.#host.restores.begin(epoch, { onSuspicion: true });
        await notes.setEpoch(epoch);
        this.#epoch = epoch;
        this.#pushes.push();
      });
    return this.#meetingEpoch;
  }

  /** Says what is wrong and waits until it is worth another try. */
  async #untilRetry(error: unknown, failures: number): Promise<void> {
    if (this.#stopped.signal.aborted) return;
    if (error instanceof ServerUnreachable) {
      // One lost answer is no lost server: the ping tells.
      await this.#checkServer();
      await (this.#connection.online ? this.#pause(pauseMs(failures)) : this.#connection.untilOnline());
      return;
    }
    this.#failed(error);
    const retryAfter = error instanceof MedicError ? error.details.retryAfterSeconds : undefined;
    if (this.#status.problem?.kind === 'signed-out') await this.#park();
    else
      await this.#pause(
        this.#status.problem?.kind === 'version'
          ? versionPauseMs * (0.5 + Math.random())
          : typeof retryAfter === 'number'
            ? retryAfter * 1000 * (1 + Math.random())
            : pauseMs(failures + 1),
      );
  }

  #failed(error: unknown): void {
    if (error instanceof ServerUnreachable || this.#stopped.signal.aborted) return;
    if (!(error instanceof MedicError)) {
      this.storageFailed(error);
      return;
    }
    switch (error.code) {
      case 'auth.revoked':
        this.#host.revoked();
        return;
      case 'auth.expired':
      case 'auth.required':
      case 'auth.forbidden':
        this.#change({ problem: { kind: 'signed-out', message: error.personMessage } });
        return;
      case 'wire.version':
        this.#change({ problem: { kind: 'version', message: error.personMessage } });
        return;
      default:
        this.#change({ problem: { kind: 'server', message: error.personMessage } });
    }
  }

  storageFailed(error: unknown): void {
    if (this.#stopped.signal.aborted) return;
    this.errors.add('storage', error);
    console.error('the replica could not be written', error);
    const message = 'This computer could not save. Is its disk full? What you see may be out of date';
    this.#change({ problem: { kind: 'storage', message } });
    // At a quiet desk nothing else might be written for hours.
    this.#standingTimer ??= setTimeout(() => {
      this.#standingTimer = null;
      void this.#keepStanding();
    }, keepStandingMs);
  }

  /** Something was written. What else may still fail says so again within seconds. */
  storageWorks(): void {
    if (this.#status.problem?.kind === 'storage') this.#change({ problem: null });
  }

  #contact(): void {
    this.#connection.answered();
    const gone = this.#status.problem?.kind === 'server' || this.#status.problem?.kind === 'version';
    this.#change({
      lastContactAt: this.#host.now(),
      clockOffsetMs: this.#host.api.clockOffset,
      ...(gone ? { problem: null } : {}),
    });
  }

  /** What the server says of itself in every answer, kept for the next start. */
  #stand(standing: Standing, history: History | null): void {
    // Of another epoch by now: an answer that was overtaken.
    if (standing.epoch !== this.#epoch) return;
    if (history && history.position >= (this.#history?.position ?? 0)) this.#history = history;
    this.#purge.told(standing.serverTime);
    this.#host.queue.backedUpSeq = standing.backedUpSeq;
    this.#standing = { ...this.#standing, backedUpSeq: standing.backedUpSeq };
    this.#standingTimer ??= setTimeout(() => {
      this.#standingTimer = null;
      void this.#keepStanding();
    }, keepStandingMs);
  }

  async #keepStanding(): Promise<void> {
    const { lastContactAt, clockOffsetMs } = this.#status;
    this.#standing = { ...this.#standing, lastContactAt, clockOffsetMs, history: this.#history };
    try {
      await this.#host.database.notes.setValue(standingKey, this.#standing);
      this.storageWorks();
    } catch (error) {
      this.storageFailed(error);
    }
  }

  /** Without a stream nobody tells what else has changed; every answer says where the clinic stands. */
  #lookBehind(clinicSeq: number, asked: CollectionName): void {
    this.#pulls.look(
      collectionNames.filter((name) => name !== asked && this.#host.replica.reached(name) < clinicSeq),
    );
  }

  #onlineChanged(online: boolean): void {
    this.#change({ online, offlineSince: online ? null : this.#host.now() });
    if (online) this.#pushes.push();
  }

  #progressed(rows: number): void {
    this.#pulledRows += rows;
    this.storageWorks();
    if (this.#status.phase === 'ready') {
      // No row may have come, and still how far a collection has come is news: what is laid over it may leave.
      this.#change({});
      return;
    }
    if (this.#pulls.complete) this.#change({ phase: 'ready', firstPull: null });
    else {
      const firstPull: SyncStatus['firstPull'] = {
        rows: this.#pulledRows,
        collectionsDone: this.#pulls.collectionsDone,
        collections: collectionNames.length,
      };
      this.#change({ firstPull });
    }
  }

  #change(change: Partial<LeaderStatus>): void {
    if (this.#stopped.signal.aborted) return;
    this.#status = { ...this.#status, ...change };
    this.#host.statusChanged(this.#status);
  }

  #park(): Promise<void> {
    return new Promise((resolve) => this.#parked.add(resolve));
  }

  #unpark(): void {
    for (const resume of this.#parked) resume();
    this.#parked.clear();
  }

  #pause(ms: number): Promise<void> {
    const { signal } = this.#stopped;
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      signal.addEventListener('abort', done);
    });
  }
}

/**
 * The state of a tab that has not heard from the one that syncs. Where the first pull was cut short, what has come is
 * shown as soon as the clinic and its doctors and places are among it: without them there is nothing to draw.
 */
export function unheardStatus(missing: readonly CollectionName[], kept: KeptStanding): LeaderStatus {
  return {
    phase: missing.length === 0 ? 'ready' : missing.includes('directory') ? 'starting' : 'filling',
    missing,
    firstPull: null,
    online: false,
    offlineSince: null,
    lastContactAt: kept.lastContactAt,
    clockOffsetMs: kept.clockOffsetMs,
    problem: null,
  };
}

/**
 * What the one tab does that syncs: holds the connection, pulls, pushes, and keeps the truth about it. Every other
 * tab only reads the store and what this one tells.
 */
import { MedicError } from '@medic/shared/errors';
import type { Intent } from '@medic/shared/model/intent';
import { type CollectionName, collectionNames } from '@medic/shared/model/records';
import {
  type Checkpoint,
  type PullAnswer,
  type PushAnswer,
  type Wake,
  wireVersion,
} from '@medic/shared/sync/wire';
import type { Instant } from '@medic/shared/time/instant';
import type { SyncStatus } from '../desk';
import type { SessionTokens } from '../session/tokens';
import type { ReplicaDatabase } from '../store/database';
import type { LeaderStatus } from '../tab-link';
import type { Overlay } from '../view/overlay';
import type { ReplicaFacts } from '../view/replica-facts';
import { Connection, pauseMs } from './connection';
import { Pulls, pullBatchSize } from './pulls';
import { Pushes } from './pushes';
import { type ServerApi, ServerUnreachable } from './server-api';

export interface SyncHost {
  api: ServerApi;
  tokens: SessionTokens;
  database: ReplicaDatabase;
  replica: ReplicaFacts;
  overlay: Overlay;
  now(): Instant;
  statusChanged(status: LeaderStatus): void;
  /** The device was signed out by an administrator. */
  revoked(): void;
}

/** After an answered push, this long the wake-up has to bring its rows before they are looked for. */
const arrivalGraceMs = 1_500;

export class Sync {
  readonly #host: SyncHost;
  readonly #connection: Connection;
  readonly #pulls: Pulls;
  readonly #pushes: Pushes;
  readonly #stopped = new AbortController();
  readonly #parked = new Set<() => void>();
  #pulledRows = 0;
  #epoch: string | null = null;
  #meetingEpoch: Promise<void> = Promise.resolve();
  #status: LeaderStatus;

  constructor(host: SyncHost, complete: boolean) {
    this.#host = host;
    this.#status = {
      phase: complete ? 'ready' : 'starting',
      firstPull: complete ? null : { rows: 0, collectionsDone: 0, collections: collectionNames.length },
      online: false,
      offlineSince: null,
      lastContactAt: null,
      problem: null,
    };
    this.#connection = new Connection(host.api, host.tokens, {
      onlineChanged: (online) => this.#onlineChanged(online),
      woken: (wake) => this.#woken(wake),
      lookAtAll: () => {
        this.#pulls.look(null);
        this.#pushes.push();
      },
      failed: (error) => this.#failed(error),
    });
    this.#pulls = new Pulls({
      database: host.database,
      replica: host.replica,
      ask: (collection, checkpoint) => this.#ask(collection, checkpoint),
      progressed: (_collection, rows) => this.#progressed(rows),
      storageFailed: (error) => this.#storageFailed(error),
    });
    this.#pushes = new Pushes({
      unsent: () => this.#unsent(),
      send: (intents) => this.#send(intents),
      keep: (intents) => this.#keep(intents),
      answered: (intents) => this.#answered(intents),
      untilRetry: (error, failures) => this.#untilRetry(error, failures),
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
    this.#connection.start();
    await this.#pulls.start();
    this.#pushes.push();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#pushes.stop();
    this.#connection.stop();
    this.#unpark();
    await this.#pulls.stop();
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
    const named = wake.collections as CollectionName[] | null;
    this.#pulls.look(
      (named ?? collectionNames).filter((name) => this.#host.replica.reached(name) < wake.seq),
    );
  }

  async #ask(collection: CollectionName, checkpoint: Checkpoint | null): Promise<PullAnswer | null> {
    for (let failures = 1; !this.#stopped.signal.aborted; failures++) {
      try {
        const answer = await this.#host.tokens.withAccess((accessToken) =>
          this.#host.api.pull(accessToken, { wireVersion, collection, checkpoint, limit: pullBatchSize }),
        );
        if (this.#stopped.signal.aborted) return null;
        this.#contact();
        if (answer.kind === 'documents') await this.#meetEpoch(answer.checkpoint.epoch);
        return answer;
      } catch (error) {
        await this.#untilRetry(error, failures);
      }
    }
    return null;
  }

  #unsent(): Intent[] {
    const { replica, tokens } = this.#host;
    const deviceId = tokens.session?.deviceId;
    return [...replica.intents.values()].filter(
      (intent) => intent.status === 'pending' && intent.deviceId === deviceId,
    );
  }

  async #send(intents: Intent[]): Promise<PushAnswer> {
    if (!this.#connection.online) await this.#connection.untilOnline();
    if (this.#stopped.signal.aborted) throw new ServerUnreachable();
    const answer = await this.#host.tokens.withAccess((accessToken) =>
      this.#host.api.push(accessToken, {
        wireVersion,
        intents: intents as unknown as Record<string, unknown>[],
      }),
    );
    this.#contact();
    return answer;
  }

  async #keep(intents: Intent[]): Promise<void> {
    if (intents.length === 0) return;
    const documents = intents.map(({ deleted: _, ...intent }) => ({
      ...intent,
      recordKind: 'intent' as const,
    }));
    const { error } = await this.#host.database.collections.intents.bulkUpsert(documents);
    // 409: the pull brought the same outcome in this moment.
    const failed = error.find((one) => one.status !== 409);
    if (failed) throw new Error(`could not keep the outcome of ${failed.documentId}`, { cause: failed });
    this.#host.replica.apply(
      'intents',
      documents.map((document) => ({ document, deleted: false })),
    );
  }

  #answered(intents: Intent[]): void {
    if (intents.some((intent) => intent.status !== 'done')) this.#pulls.look(['attentionItems']);
    // The wake-up brings the rows; this is for the one that got lost.
    const timer = setTimeout(() => {
      if (!this.#stopped.signal.aborted) this.#pulls.look(this.#host.overlay.awaited());
    }, arrivalGraceMs);
    this.#stopped.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  }

  /** Before anything of another epoch is kept: afterwards nobody could tell what the server has lost. */
  #meetEpoch(epoch: string): Promise<void> {
    if (epoch === this.#epoch) return Promise.resolve();
    this.#meetingEpoch = this.#meetingEpoch
      .catch(() => undefined)
      .then(async () => {
        const { notes } = this.#host.database;
        this.#epoch ??= await notes.epoch();
        if (epoch === this.#epoch) return;
        if (this.#epoch !== null) await this.#sendLostAgain();
        await notes.setEpoch(epoch);
        this.#epoch = epoch;
      });
    return this.#meetingEpoch;
  }

  /**
   * A restored server may have lost what it had answered: everything above the number it knows of this device is
   * sent again, under the same ids and numbers, so that what it does know is done once.
   */
  async #sendLostAgain(): Promise<void> {
    const { tokens, replica } = this.#host;
    const token = tokens.session?.accessToken;
    if (token === undefined) return;
    const { lastN, deviceId } = await tokens.renew(token);
    const lost = [...replica.intents.values()].filter(
      (intent) =>
        intent.deviceId === deviceId && intent.n !== null && intent.n > lastN && intent.status !== 'pending',
    );
    await this.#keep(
      lost.map((intent) => ({
        ...intent,
        status: 'pending',
        outcomeSeq: null,
        decidedAt: null,
        outcome: {},
        seq: 0,
      })),
    );
    this.#pushes.push();
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
    if (this.#status.problem?.kind === 'signed-out') await this.#park();
    else await this.#pause(this.#status.problem?.kind === 'version' ? 60_000 : pauseMs(failures + 1));
  }

  #failed(error: unknown): void {
    if (error instanceof ServerUnreachable || this.#stopped.signal.aborted) return;
    if (!(error instanceof MedicError)) {
      this.#storageFailed(error);
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

  #storageFailed(error: unknown): void {
    if (this.#stopped.signal.aborted) return;
    console.error('the replica could not be written', error);
    const message = 'This computer could not save. Is its disk full? What you see may be out of date';
    this.#change({ problem: { kind: 'storage', message } });
  }

  #contact(): void {
    this.#connection.answered();
    const gone = this.#status.problem?.kind === 'server' || this.#status.problem?.kind === 'version';
    this.#change({ lastContactAt: this.#host.now(), ...(gone ? { problem: null } : {}) });
  }

  #onlineChanged(online: boolean): void {
    this.#change({ online, offlineSince: online ? null : this.#host.now() });
    if (online) this.#pushes.push();
  }

  #progressed(rows: number): void {
    this.#pulledRows += rows;
    if (this.#status.problem?.kind === 'storage') this.#change({ problem: null });
    if (this.#status.phase === 'ready') return;
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

/** The state of a tab that has not heard from the one that syncs. */
export function unheardStatus(complete: boolean): LeaderStatus {
  return {
    phase: complete ? 'ready' : 'starting',
    firstPull: null,
    online: false,
    offlineSince: null,
    lastContactAt: null,
    problem: null,
  };
}

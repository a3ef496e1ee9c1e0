/** The desk over its replica: puts store, view and sync together behind what the screens see. */
import type { Decision } from '@medic/shared/acts/act';
import type { Facts } from '@medic/shared/acts/facts';
import { type ActArgs, type ActName, acts } from '@medic/shared/acts/registry';
import { MedicError } from '@medic/shared/errors';
import { uuidv7 } from '@medic/shared/model/id';
import type { Intent } from '@medic/shared/model/intent';
import { collectionNames } from '@medic/shared/model/records';
import type { User } from '@medic/shared/model/user';
import { type Instant, instant } from '@medic/shared/time/instant';
import type { Desk, PatientHit, PendingIntent, Performed, SyncStatus } from './desk';
import type { Locks } from './locks';
import type { SessionTokens, StoredSession } from './session/tokens';
import type { ReplicaDatabase } from './store/database';
import type { StoredDocument } from './store/schema';
import type { ServerApi } from './sync/server-api';
import { Sync, unheardStatus } from './sync/sync';
import { type LeaderStatus, TabLink, type TabMessage } from './tab-link';
import { contextOf, decideNamed, Overlay, type OverlayContext } from './view/overlay';
import { PatientIndex, VisitDistances } from './view/patient-search';
import { ReplicaFacts, type StoredChange } from './view/replica-facts';

export interface DeskHost {
  api: ServerApi;
  tokens: SessionTokens;
  locks: Locks;
  database: ReplicaDatabase;
  session: StoredSession;
  /** By the person's wish, or by an administrator's; `notice` is for the sign-in screen. */
  signOut(notice: string | null): Promise<void>;
  /** Another tab signed out: close, but leave the wiping to it. */
  signedOutElsewhere(notice: string | null): void;
}

/** While the first pull runs, the screen is told no more often than this. */
const startingPauseMs = 150;
const longestPauseMs = 250;

export class LocalDesk implements Desk {
  readonly #host: DeskHost;
  readonly #replica = new ReplicaFacts();
  readonly #overlay = new Overlay(this.#replica);
  readonly #patients = new PatientIndex();
  readonly #distances = new VisitDistances();
  readonly #link: TabLink;
  readonly #listeners = new Set<() => void>();
  readonly #closed = new AbortController();
  readonly #subscriptions: { unsubscribe(): void }[] = [];
  #sync: Sync | null = null;
  #leader: LeaderStatus = unheardStatus(false);
  #leaderClockOffset = 0;
  #storagePersisted: boolean | null = null;
  #facts: Facts;
  #tentative: ReadonlySet<string> = new Set();
  #pending: readonly PendingIntent[] = [];
  #status: SyncStatus;
  #drawing: ReturnType<typeof setTimeout> | 'soon' | null = null;
  #drawingTookMs = 0;
  #acting: Promise<unknown> = Promise.resolve();

  private constructor(host: DeskHost) {
    this.#host = host;
    this.#link = new TabLink(host.database.name, (message) => this.#heard(message));
    this.#facts = this.#replica.facts.layer();
    this.#status = this.#statusNow();
    this.signOut = this.signOut.bind(this);
  }

  /** Reads the store into memory and starts to sync, in this tab or behind another. */
  static async open(host: DeskHost): Promise<LocalDesk> {
    const desk = new LocalDesk(host);
    await desk.#read();
    desk.#draw();
    desk.#startSync();
    void desk.#askToPersist();
    return desk;
  }

  get clinicId(): string {
    return this.#host.session.clinic.id;
  }
  get clinicSlug(): string {
    return this.#host.session.clinic.slug;
  }
  get user(): User {
    return this.#replica.facts.get('user', this.#host.session.user.id) ?? this.#host.session.user;
  }
  get deviceId(): string {
    return this.#host.session.deviceId;
  }
  get facts(): Facts {
    return this.#facts;
  }
  get tentative(): ReadonlySet<string> {
    return this.#tentative;
  }
  get pending(): readonly PendingIntent[] {
    return this.#pending;
  }
  get status(): SyncStatus {
    return this.#status;
  }

  now(): Instant {
    return instant(Date.now() + (this.#host.api.clockOffset || this.#leaderClockOffset));
  }

  newId(): string {
    return uuidv7(this.now(), crypto.getRandomValues(new Uint8Array(10)));
  }

  // A function of its own, so that it can be handed to `useSyncExternalStore`.
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  preview<N extends ActName>(act: N, args: ActArgs<N>): Decision {
    const context = this.#context();
    return decideNamed(act, args, this.#facts, contextOf(context, this.#facts, context.now));
  }

  perform<N extends ActName>(act: N, args: ActArgs<N>): Promise<Performed> {
    // One after the other: the second of two quick ones is decided over what the first has done.
    const performed = this.#acting.then(() => this.#perform(act, args));
    this.#acting = performed.catch(() => undefined);
    return performed;
  }

  searchPatients(query: string, limit: number): PatientHit[] {
    const now = this.now();
    const shown = [...this.#tentative].flatMap((id) => this.#facts.get('patient', id) ?? []);
    const nearest = this.#distances.of(() => this.#replica.facts.all('appointment'), now);
    return this.#patients.search(query, limit, shown, nearest);
  }

  syncNow(): void {
    if (this.#sync) this.#sync.syncNow();
    else this.#link.tell({ kind: 'sync-now' });
  }

  signOut(): Promise<void> {
    return this.#host.signOut(null);
  }

  /** After somebody signed in again over the open desk. */
  sessionRenewed(): void {
    this.#sync?.sessionRenewed();
    this.#link.tell({ kind: 'session-renewed' });
  }

  tellSignedOut(notice: string | null): void {
    this.#link.tell({ kind: 'signed-out', notice });
  }

  async close(): Promise<void> {
    this.#closed.abort();
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    if (this.#drawing !== null && this.#drawing !== 'soon') clearTimeout(this.#drawing);
    await this.#acting;
    await this.#sync?.stop();
    this.#link.close();
    await this.#host.database.close();
  }

  async #read(): Promise<void> {
    const { database } = this.#host;
    this.#replica.subscribe((collection, changes) => this.#index(collection, changes));
    const early: (() => void)[] = [];
    let reading = true;
    for (const name of collectionNames) {
      this.#subscriptions.push(
        database.collections[name].eventBulks$.subscribe((bulk) => {
          const changes = bulk.events.map((event) => ({
            document: event.documentData as unknown as StoredDocument,
            deleted: event.operation === 'DELETE',
          }));
          // Written by another tab while this one reads: after it, in the order of writing.
          if (reading) early.push(() => this.#replica.apply(name, changes));
          else {
            this.#replica.apply(name, changes);
            this.#drawSoon();
          }
        }),
      );
    }
    await Promise.all(
      collectionNames.map(async (name) => {
        const documents = await database.readAll(name);
        this.#replica.apply(
          name,
          documents.map((document) => ({ document, deleted: false })),
        );
      }),
    );
    reading = false;
    for (const apply of early) apply();
    const notes = await Promise.all(collectionNames.map((name) => database.notes.pullNote(name)));
    this.#leader = unheardStatus(notes.every((note) => note.complete));
  }

  #index(collection: string, changes: readonly StoredChange[]): void {
    if (collection === 'appointments') this.#distances.markStale();
    if (collection !== 'patients') return;
    for (const { document } of changes) {
      const patient = this.#replica.facts.get('patient', document.id);
      if (patient) this.#patients.put(patient);
      else this.#patients.remove(document.id);
    }
  }

  #startSync(): void {
    const { api, tokens, database, locks } = this.#host;
    this.#link.tell({ kind: 'who-syncs' });
    locks.keep(`medic-sync-${database.name}`, this.#closed.signal, () => {
      const sync = new Sync(
        {
          api,
          tokens,
          database,
          replica: this.#replica,
          overlay: this.#overlay,
          now: () => this.now(),
          statusChanged: (status) => this.#leaderChanged(status, true),
          revoked: () => void this.#host.signOut('This device has been signed out by an administrator'),
        },
        this.#leader.phase === 'ready',
      );
      this.#sync = sync;
      this.#leaderChanged(sync.status, true);
      void sync.start();
    });
  }

  #heard(message: TabMessage): void {
    switch (message.kind) {
      case 'status':
        this.#leaderClockOffset = message.clockOffset;
        if (!this.#sync) this.#leaderChanged(message.status, false);
        return;
      case 'who-syncs':
        if (this.#sync) this.#tellStatus();
        return;
      case 'sync-now':
        this.#sync?.syncNow();
        return;
      case 'session-renewed':
        void this.#host.tokens.load().then(() => this.#sync?.sessionRenewed());
        return;
      case 'signed-out':
        this.#host.signedOutElsewhere(message.notice);
    }
  }

  #leaderChanged(status: LeaderStatus, tell: boolean): void {
    this.#leader = status;
    if (tell) this.#tellStatus();
    this.#drawSoon();
  }

  #tellStatus(): void {
    if (!this.#closed.signal.aborted) {
      this.#link.tell({ kind: 'status', status: this.#leader, clockOffset: this.#host.api.clockOffset });
    }
  }

  async #askToPersist(): Promise<void> {
    // Not every browser has it, and none has it without TLS.
    if (typeof navigator === 'undefined' || !navigator.storage?.persist) return;
    this.#storagePersisted = (await navigator.storage.persisted()) || (await navigator.storage.persist());
    this.#drawSoon();
  }

  async #perform<N extends ActName>(act: N, args: ActArgs<N>): Promise<Performed> {
    const decision = this.preview(act, args);
    if (decision.kind === 'refused') return decision;
    if (this.#closed.signal.aborted) throw new MedicError('auth.required', 'the desk is closed');
    const { database, locks, tokens, session } = this.#host;
    const id = this.newId();
    try {
      // Number and writing under one lock: were 6 in the store before 5, it could be sent before it.
      await locks.hold(`medic-numbers-${database.name}`, async () => {
        const floor = Math.max(
          this.#replica.highestNumber(session.deviceId),
          tokens.session?.lastN ?? session.lastN,
        );
        const n = await database.notes.nextNumber(floor);
        const intent = this.#newIntent(id, n, act, args);
        const { deleted: _, ...document } = { ...intent, recordKind: 'intent' as const };
        await database.collections.intents.insert(document);
        this.#replica.apply('intents', [{ document, deleted: false }]);
      });
    } catch (error) {
      throw new MedicError('internal', 'an intent could not be written', {
        personMessage: 'This computer could not save that, so it was not done. Is its disk full?',
        cause: error,
      });
    }
    this.#draw();
    if (this.#sync) this.#sync.push();
    return { kind: 'done', intentId: id };
  }

  #newIntent(id: string, n: number, act: ActName, args: unknown): Intent {
    return {
      id,
      clinicId: this.clinicId,
      seq: 0,
      deleted: false,
      deviceId: this.deviceId,
      n,
      userId: this.user.id,
      act,
      actVersion: acts[act].version,
      args: args as Record<string, unknown>,
      baseSeq: this.#replica.clinicSeq,
      madeAt: this.now(),
      status: 'pending',
      outcomeSeq: null,
      decidedAt: null,
      outcome: {},
    };
  }

  #context(): OverlayContext {
    return { user: this.user, now: this.now(), newId: () => this.newId() };
  }

  /** Many changes come at once; each drawing decides all pending intents again. */
  #drawSoon(): void {
    if (this.#drawing !== null || this.#closed.signal.aborted) return;
    // A drawing that is dear is made less often, so that the person's own clicks find the thread free.
    const pause =
      this.#leader.phase === 'starting' ? startingPauseMs : Math.min(longestPauseMs, this.#drawingTookMs * 4);
    if (pause < 20) {
      this.#drawing = 'soon';
      queueMicrotask(() => this.#draw());
    } else this.#drawing = setTimeout(() => this.#draw(), pause);
  }

  #draw(): void {
    if (this.#drawing !== null && this.#drawing !== 'soon') clearTimeout(this.#drawing);
    this.#drawing = null;
    if (this.#closed.signal.aborted) return;
    const began = performance.now();
    const shown = this.#overlay.show(this.#context());
    this.#facts = shown.facts;
    this.#pending = shown.pending;
    this.#tentative = shown.tentative;
    const status = this.#statusNow();
    if (!same(status, this.#status)) this.#status = status;
    this.#drawingTookMs = performance.now() - began;
    for (const listener of this.#listeners) listener();
    // Another tab's intent: its store tells this one, and nobody else will.
    if (this.#sync && this.#pending.length > 0) this.#sync.push();
  }

  #statusNow(): SyncStatus {
    const refused =
      this.#leader.phase === 'ready'
        ? this.#pending.filter(({ decision }) => decision.kind === 'refused').length
        : 0;
    let open = 0;
    for (const item of this.#facts.all('attentionItem')) if (item.status === 'open') open += 1;
    return {
      ...this.#leader,
      unsent: this.#pending.length,
      needsAttention: open + refused,
      storagePersisted: this.#storagePersisted,
    };
  }
}

function same(a: SyncStatus, b: SyncStatus): boolean {
  return (Object.keys(a) as (keyof SyncStatus)[]).every(
    (key) =>
      a[key] === b[key] ||
      (key === 'firstPull' || key === 'problem' ? JSON.stringify(a[key]) === JSON.stringify(b[key]) : false),
  );
}

/** The desk over its replica: puts store, view and sync together behind what the screens see. */
import type { Decision } from '@medic/shared/acts/act';
import type { Facts } from '@medic/shared/acts/facts';
import { type ActArgs, type ActName, acts } from '@medic/shared/acts/registry';
import { MedicError } from '@medic/shared/errors';
import { uuidv7 } from '@medic/shared/model/id';
import type { Intent } from '@medic/shared/model/intent';
import { collectionNames } from '@medic/shared/model/records';
import type { User } from '@medic/shared/model/user';
import { JournalError, type JournalFile } from '@medic/shared/sync/journal';
import type { SyncReport } from '@medic/shared/sync/report';
import type { Seal } from '@medic/shared/sync/seal';
import { dayMs, type Instant, instant } from '@medic/shared/time/instant';
import { zoneFingerprint } from '@medic/shared/time/zone-fingerprint';
import type { AppInfo } from '../platform/platform';
import type {
  Desk,
  DeskNotice,
  PatientHit,
  PendingIntent,
  Performed,
  Rebuilt,
  Reported,
  SyncStatus,
} from './desk';
import type { Locks } from './locks';
import type { SessionTokens, StoredSession } from './session/tokens';
import type { ReplicaDatabase, StoredPart } from './store/database';
import type { StoredDocument } from './store/schema';
import { diagnose } from './sync/diagnostics';
import { IntentJournal } from './sync/intent-journal';
import { IntentQueue, isUnkept } from './sync/intent-queue';
import { Restores } from './sync/restores';
import { type ServerApi, ServerUnreachable } from './sync/server-api';
import { type KeptStanding, keptStanding, Sync, unheardStatus } from './sync/sync';
import { type LeaderStatus, TabLink, type TabMessage } from './tab-link';
import { contextOf, decideNamed, Overlay, type OverlayContext } from './view/overlay';
import { PatientIndex, VisitDistances } from './view/patient-search';
import { ReplicaFacts, type StoredChange } from './view/replica-facts';

export interface DeskHost {
  app: AppInfo;
  /** Where the queue lies beside the store, and how it is sealed; null where there is no place for files. */
  journal: { file: JournalFile; seal: Seal } | null;
  api: ServerApi;
  tokens: SessionTokens;
  locks: Locks;
  database: ReplicaDatabase;
  session: StoredSession;
  /** So many intents waited in a store that is no more; 0 where it is still there. */
  expected: number;
  /** By the person's wish: the replica goes, and the session ends. */
  signOut(notice: string | null): Promise<void>;
  /** An administrator ended it: everything here goes at once. */
  revoked(notice: string): void;
  /** How many of this person's changes wait. */
  unsentChanged(unsent: number): void;
  /** Another tab signed out: close, but leave the wiping to it. */
  signedOutElsewhere(notice: string | null): void;
}

/** While the first pull runs, the screen is told no more often than this. */
const startingPauseMs = 150;
/** Nor this, while history comes in behind the days that are shown: each drawing takes time that it could come in. */
const historyPauseMs = 750;
const longestPauseMs = 250;
/** Around today, what the screens show at the start. */
const shownBeforeMs = dayMs;
const shownAfterMs = 9 * dayMs;
const rebuiltKey = 'rebuilt';
const storageWords = 'This computer could not save. Is its disk full? What you see may be out of date';

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
  readonly #queue: IntentQueue;
  readonly #restores: Restores;
  readonly #kept: KeptStanding;
  #history: Promise<void> = Promise.resolve();
  #readsHistory = true;
  #sync: Sync | null = null;
  #leader: LeaderStatus;
  #journal: SyncStatus['journal'];
  #rebuilt: DeskNotice | null = null;
  #notices: readonly DeskNotice[] = [];
  #zonesDiffer: readonly string[] = [];
  #storageProblem: SyncStatus['problem'] = null;
  #storagePersisted: boolean | null = null;
  #facts: Facts;
  #tentative: ReadonlySet<string> = new Set();
  #laidOver: ReadonlySet<string> = new Set();
  #pending: readonly PendingIntent[] = [];
  #status: SyncStatus;
  #drawing: ReturnType<typeof setTimeout> | 'soon' | null = null;
  #drawingTookMs = 0;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #acting: Promise<unknown> = Promise.resolve();

  private constructor(host: DeskHost, kept: KeptStanding) {
    this.#host = host;
    this.#kept = kept;
    this.#leader = unheardStatus(collectionNames, kept);
    this.#journal = host.journal ? 'kept' : 'none';
    this.#queue = new IntentQueue({
      database: host.database,
      replica: this.#replica,
      journal: host.journal
        ? new IntentJournal(host.journal.file, host.journal.seal, host.locks, host.database.name)
        : null,
      deviceId: host.session.deviceId,
      now: () => this.now(),
      storageFailed: (error) => this.#storageFailed(error),
      storageWorks: () => this.#storageWorks(),
    });
    this.#queue.backedUpSeq = kept.backedUpSeq;
    this.#restores = new Restores(
      host.database.notes,
      this.#queue,
      () => this.now(),
      () => {
        this.#link.tell({ kind: 'reports' });
        this.#drawSoon();
      },
    );
    this.#link = new TabLink(host.database.name, (message) => this.#heard(message));
    this.#facts = this.#replica.facts.layer();
    this.#status = this.#statusNow();
    this.signOut = this.signOut.bind(this);
  }

  /** Reads the store into memory and starts to sync, in this tab or behind another. */
  static async open(host: DeskHost): Promise<LocalDesk> {
    const desk = new LocalDesk(host, await keptStanding(host.database));
    try {
      await desk.#read();
      desk.#compareZones();
      await desk.#rebuildQueue();
      await host.locks.hold(desk.#numbersLock, () => desk.#queue.adopt(host.session.lastN));
      await desk.#restores.load();
      desk.#draw();
      desk.#startSyncAfterHistory();
      void desk.#askToPersist();
    } catch (error) {
      // Half open it would still hear the other tabs, and answer them out of a store that is closed.
      desk.#closed.abort();
      for (const subscription of desk.#subscriptions) subscription.unsubscribe();
      desk.#link.close();
      throw error;
    }
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
  get notices(): readonly DeskNotice[] {
    return this.#notices;
  }

  async dismiss(noticeId: string): Promise<void> {
    const notice = this.#notices.find(({ id }) => id === noticeId);
    if (notice?.kind === 'restored') await this.#restores.seen(noticeId);
    else if (notice?.kind === 'failed') {
      const { intent } = notice;
      await this.#queue.settle([{ ...intent, outcome: { ...intent.outcome, seenAt: this.now() } }]);
    } else if (notice) {
      await this.#host.database.notes.setValue(rebuiltKey, null);
      this.#rebuilt = null;
    }
    this.#draw();
  }

  diagnose(): Promise<SyncReport> {
    const { app, database } = this.#host;
    return diagnose({
      app: { version: app.version, kind: app.kind, operatingSystem: app.operatingSystem },
      now: () => this.now(),
      deviceId: this.deviceId,
      database,
      replica: this.#replica,
      status: this.#status,
      pending: this.#pending,
      backedUpSeq: this.#queue.backedUpSeq,
      transport: this.#sync?.transport ?? 'another tab',
      errors: this.#sync?.errors.entries ?? [],
    });
  }

  async sendReport(): Promise<Reported> {
    const { api, tokens } = this.#host;
    try {
      const report = await this.diagnose();
      await tokens.withAccess((accessToken) => api.report(accessToken, report));
      return { kind: 'sent' };
    } catch (error) {
      if (error instanceof ServerUnreachable)
        return { kind: 'failed', message: 'The server does not answer. Save the report, or send it later' };
      if (error instanceof MedicError) return { kind: 'failed', message: error.personMessage };
      throw error;
    }
  }

  /**
   * By the server's clock: this computer's may be wrong by hours, and what is done now must not seem done yesterday.
   * Without a server, by what it said last.
   */
  now(): Instant {
    return instant(Date.now() + this.#leader.clockOffsetMs);
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
    // Whoever acted hears of a failure; it must not stop the act after it.
    this.#acting = performed.catch(() => undefined);
    return performed;
  }

  searchPatients(query: string, limit: number): PatientHit[] {
    const now = this.now();
    // A new patient between the server's answer and the pull is in no index yet.
    const shown = [...this.#laidOver].flatMap((id) => this.#facts.get('patient', id) ?? []);
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
    this.#compareZones();
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
    // Its failure was told already, and nothing more is read.
    await this.#history.catch(() => undefined);
    await this.#sync?.stop();
    this.#queue.close();
    this.#link.close();
    await this.#host.database.close();
  }

  get #numbersLock(): string {
    return `medic-numbers-${this.#host.database.name}`;
  }

  /**
   * Reads the store into memory and follows it from then on. Resolves when all that these days' screens need is there;
   * `#history` when the rest is.
   */
  async #read(): Promise<void> {
    const { database } = this.#host;
    this.#replica.subscribe((collection, changes) => this.#index(collection, changes));
    // What was written while this reads: a state that is read later than that is an older one.
    const written = new Set<string>();
    let reading = true;
    for (const name of collectionNames) {
      this.#subscriptions.push(
        database.collections[name].eventBulks$.subscribe((bulk) => {
          const changes = bulk.events.map((event) => ({
            document: event.documentData as unknown as StoredDocument,
            deleted: event.operation === 'DELETE',
          }));
          if (reading) for (const { document } of changes) written.add(`${name}/${document.id}`);
          this.#replica.apply(name, changes);
          this.#drawSoon();
        }),
      );
    }
    const now = this.now();
    const parts = database
      .readInParts({ from: now - shownBeforeMs, to: now + shownAfterMs })
      [Symbol.asyncIterator]();
    let next = await parts.next();
    const apply = ({ collection, documents }: StoredPart) =>
      this.#replica.apply(
        collection,
        documents.flatMap((document) =>
          written.has(`${collection}/${document.id}`) ? [] : [{ document, deleted: false }],
        ),
      );
    for (; !next.done && next.value.first; next = await parts.next()) apply(next.value);
    this.#history = (async () => {
      for (; !next.done && !this.#closed.signal.aborted; next = await parts.next()) {
        apply(next.value);
        this.#drawSoon();
      }
      reading = false;
      this.#readsHistory = false;
    })();
    // Heard where it is waited for; until then nobody would.
    this.#history.catch(() => undefined);
    const notes = await Promise.all(collectionNames.map((name) => database.notes.pullNote(name)));
    this.#leader = unheardStatus(
      collectionNames.filter((_name, at) => !notes[at]?.complete),
      this.#kept,
    );
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

  /** A sweep asks the memory what lies in the store, so all of that has to be there. */
  #startSyncAfterHistory(): void {
    this.#history.then(
      () => {
        if (!this.#closed.signal.aborted) this.#startSync();
      },
      (error: unknown) => this.#storageFailed(error),
    );
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
          queue: this.#queue,
          restores: this.#restores,
          user: () => this.user,
          deviceId: this.deviceId,
          laidOver: () => this.#laidOver,
          now: () => this.now(),
          statusChanged: (status) => this.#leaderChanged(status, true),
          revoked: () => this.#host.revoked(revokedWords(this.#status.unsent)),
        },
        this.#leader.missing,
        this.#kept,
      );
      this.#sync = sync;
      this.#leaderChanged(sync.status, true);
      sync.start().catch((error: unknown) => sync.storageFailed(error));
    });
  }

  #heard(message: TabMessage): void {
    switch (message.kind) {
      case 'status':
        if (this.#sync) return;
        for (const [name, seq] of message.reached) this.#replica.setReached(name, seq);
        this.#leaderChanged(message.status, false);
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
      case 'reports':
        this.#restores.reload().then(
          () => this.#drawSoon(),
          (error: unknown) => this.#storageFailed(error),
        );
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
      const reached = collectionNames.map((name) => [name, this.#replica.reached(name)] as const);
      this.#link.tell({ kind: 'status', status: this.#leader, reached });
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
    const { locks, tokens, session } = this.#host;
    const id = this.newId();
    try {
      // Number and writing under one lock: were 6 in the store before 5, it could be sent before it.
      await locks.hold(this.#numbersLock, async () => {
        const n = await this.#queue.nextNumber(tokens.session?.lastN ?? session.lastN);
        await this.#queue.keep(this.#newIntent(id, n, act, args));
      });
    } catch (error) {
      if (error instanceof JournalError) this.#journal = 'failed';
      this.#drawSoon();
      throw new MedicError('internal', 'an intent could not be written', {
        personMessage: notSavedWords(error),
        cause: error,
      });
    }
    if (this.#journal === 'failed' && this.#host.journal) this.#journal = 'kept';
    this.#draw();
    if (this.#sync) this.#sync.push();
    return { kind: 'done', intentId: id };
  }

  /** Of two that know a zone differently, one shows wrong times after the next change of its clocks. */
  #compareZones(): void {
    const { zones, zonesFrom } = this.#host.tokens.session ?? this.#host.session;
    this.#zonesDiffer =
      zonesFrom === null || zones === undefined
        ? []
        : Object.entries(zones).flatMap(([zone, told]) =>
            zoneFingerprint(zone, zonesFrom) === told ? [] : [zone],
          );
  }

  async #rebuildQueue(): Promise<void> {
    try {
      const rebuilt = { ...(await this.#queue.rebuild()), lost: 0 };
      // Of the store's those that the journal could not give back.
      rebuilt.unreadable += this.#host.database.unreadable.filter(
        ({ collection, id }) => collection === 'intents' && !this.#replica.intents.has(id),
      ).length;
      const waiting = [...this.#replica.intents.values()].filter(({ status }) => status === 'pending').length;
      rebuilt.lost = Math.max(0, this.#host.expected - waiting);
      if (Object.values(rebuilt).some((count) => count > 0)) {
        this.#rebuilt = rebuiltNotice(rebuilt, this.now());
        await this.#host.database.notes.setValue(rebuiltKey, this.#rebuilt);
      } else this.#rebuilt = await this.#host.database.notes.value<DeskNotice>(rebuiltKey);
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      console.error('the journal could not be used', error);
      this.#journal = 'failed';
    }
  }

  #storageFailed(error: unknown): void {
    if (this.#closed.signal.aborted) return;
    if (error instanceof JournalError) this.#journal = 'failed';
    if (this.#sync) this.#sync.storageFailed(error);
    else {
      console.error('the replica could not be written', error);
      this.#storageProblem = { kind: 'storage', message: storageWords };
    }
    this.#drawSoon();
  }

  #storageWorks(): void {
    if (this.#journal === 'failed' && this.#host.journal) this.#journal = 'kept';
    this.#storageProblem = null;
    this.#sync?.storageWorks();
    this.#drawSoon();
  }

  #noticesNow(): readonly DeskNotice[] {
    const notices: DeskNotice[] = this.#rebuilt ? [this.#rebuilt] : [];
    for (const report of this.#restores.reports) notices.push({ kind: 'restored', ...report });
    for (const intent of this.#replica.intents.values())
      if (isUnkept(intent)) notices.push({ kind: 'failed', id: intent.id, at: intent.madeAt, intent });
    return JSON.stringify(notices) === JSON.stringify(this.#notices) ? this.#notices : notices;
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
      this.#leader.phase === 'starting'
        ? startingPauseMs
        : this.#leader.phase === 'filling' || this.#readsHistory
          ? historyPauseMs
          : Math.min(longestPauseMs, this.#drawingTookMs * 4);
    // From the last drawing on: what comes after a quiet while is shown at once.
    const wait = this.#drawnAt + pause - performance.now();
    if (wait < 20) {
      this.#drawing = 'soon';
      queueMicrotask(() => this.#draw());
    } else this.#drawing = setTimeout(() => this.#draw(), wait);
  }

  #draw(): void {
    if (this.#drawing !== null && this.#drawing !== 'soon') clearTimeout(this.#drawing);
    this.#drawing = null;
    if (this.#closed.signal.aborted) return;
    const began = performance.now();
    const shown = this.#overlay.show(this.#context());
    this.#facts = shown.facts;
    this.#pending = shown.pending.map((each) => ({
      ...each,
      again: this.#restores.isAgain(each.intent.id),
    }));
    this.#notices = this.#noticesNow();
    this.#tentative = shown.tentative;
    this.#laidOver = shown.laidOver;
    const status = this.#statusNow();
    if (status.unsent !== this.#status.unsent) this.#host.unsentChanged(status.unsent);
    if (!same(status, this.#status)) this.#status = status;
    this.#drawnAt = performance.now();
    this.#drawingTookMs = this.#drawnAt - began;
    for (const listener of this.#listeners) listener();
    // Another tab's intent: its store tells this one, and nobody else will.
    if (this.#sync && this.#pending.length > 0) this.#sync.push();
  }

  #statusNow(): SyncStatus {
    const refused =
      this.#leader.phase === 'ready'
        ? this.#pending.filter(({ decision, again }) => decision.kind === 'refused' && !again).length
        : 0;
    let open = 0;
    for (const item of this.#facts.all('attentionItem')) if (item.status === 'open') open += 1;
    return {
      ...this.#leader,
      problem: this.#leader.problem ?? this.#storageProblem,
      unsent: this.#pending.length,
      needsAttention: open + refused + this.#notices.length,
      zonesDiffer: this.#zonesDiffer,
      journal: this.#journal,
      storagePersisted: this.#storagePersisted,
    };
  }
}

function rebuiltNotice(rebuilt: Rebuilt, at: Instant): DeskNotice {
  return { kind: 'rebuilt', id: `rebuilt-${at}`, at, ...rebuilt };
}

/** Where the session is over for good, nothing of it may be sent, and nobody should look for it in vain. */
function revokedWords(unsent: number): string {
  const told = 'This device has been signed out by an administrator';
  if (unsent === 0) return told;
  const changes = unsent === 1 ? 'One change' : `${unsent} changes`;
  return `${told}. ${changes} made here had not been sent: they were taken off this computer and did not happen`;
}

function notSavedWords(error: unknown): string {
  const full =
    (error instanceof JournalError && error.code === 'full') ||
    (error instanceof Error && error.name === 'QuotaExceededError');
  return full
    ? 'This computer’s disk is full, so that was not saved and not done. Make room and do it again'
    : 'This computer could not save that, so it was not done. Is its disk full?';
}

function same(a: SyncStatus, b: SyncStatus): boolean {
  return (Object.keys(a) as (keyof SyncStatus)[]).every(
    (key) =>
      a[key] === b[key] ||
      (key === 'firstPull' || key === 'problem' || key === 'zonesDiffer' || key === 'missing'
        ? JSON.stringify(a[key]) === JSON.stringify(b[key])
        : false),
  );
}

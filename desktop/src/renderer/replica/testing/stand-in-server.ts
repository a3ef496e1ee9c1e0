/**
 * A server behind the network door, for tests of the replica alone: one clinic in memory, the real acts, and
 * failures on demand. The real one is driven by the journeys in `e2e`.
 */
import { Facts } from '@medic/shared/acts/facts';
import { MedicError } from '@medic/shared/errors';
import type { Intent } from '@medic/shared/model/intent';
import {
  type CollectionName,
  collections,
  type RecordKind,
  type SyncedOf,
  type WireDocument,
} from '@medic/shared/model/records';
import type { User } from '@medic/shared/model/user';
import { type SyncReport, syncReport } from '@medic/shared/sync/report';
import type {
  FirstLook,
  PullAnswer,
  PullRequest,
  PushAnswer,
  PushRequest,
  Standing,
  Wake,
} from '@medic/shared/sync/wire';
import { hourMs, type Instant, instant } from '@medic/shared/time/instant';
import {
  type ServerApi,
  ServerUnreachable,
  type SignInAnswer,
  type SignInRequest,
  type WakeListener,
} from '../sync/server-api';
import { contextOf, decideNamed } from '../view/overlay';

export class StandInServer implements ServerApi {
  /** The server's clock minus this computer's. */
  clockOffset = 0;
  backedUpSeq: number | null = null;
  zones: Record<string, string> = {};
  tokensLastMs: number = hourMs;
  /** Pushes are answered when this is. */
  pushesHeld: Promise<void> = Promise.resolve();
  /** Wakes bring the rows that have changed. */
  brings = true;
  readonly wakes: Wake[] = [];
  /** Intents that it answers as failed without keeping them. */
  readonly cannotKeep = new Set<string>();
  readonly #people = new Map<string, User>();
  readonly #devices = new Map<string, string>();
  readonly facts = new Facts();
  readonly pushed: PushRequest[] = [];
  readonly pulled: PullRequest[] = [];
  readonly reports: SyncReport[] = [];
  epoch = '00000000-0000-4000-8000-000000000001';
  reachable = true;
  /** Gives no answer to pulls of these. */
  readonly cannotPull = new Set<CollectionName>();
  /** Decides the push and then loses the answer. */
  losesPushAnswers = 0;
  /** Decides so many intents of the next push and then breaks down. */
  breaksAfter: number | null = null;
  /** What is done in the next push only. */
  refreshFails: MedicError | null = null;
  lastN = 0;
  seq = 0;
  readonly #user: User;
  readonly #listeners = new Set<WakeListener>();
  #token = 1;

  constructor(user: User) {
    this.#user = user;
    this.put('user', user);
  }

  /** Writes a record as an act of its own: the clock moves, and every desk is woken. */
  put<K extends RecordKind>(kind: K, ...records: SyncedOf<K>[]): void {
    this.seq += 1;
    for (const record of records) this.facts.put(kind, { ...record, seq: this.seq });
    this.#wake(collectionOf(kind));
  }

  /** A row that is gone, or that this device may no longer see. */
  delete(kind: RecordKind, id: string): void {
    this.seq += 1;
    const record = this.facts.get(kind, id);
    if (record) this.facts.put(kind, { ...record, seq: this.seq, deleted: true } as never);
    this.#gone.push({ kind, id, seq: this.seq });
    this.#wake(collectionOf(kind));
  }
  readonly #gone: { kind: RecordKind; id: string; seq: number }[] = [];

  /** The database was restored: another epoch, and what was not in the backup is away. */
  restore(change: (facts: Facts) => void): void {
    this.epoch = this.epoch.replace(/.$/, (digit) => String(Number(digit) + 1));
    change(this.facts);
    this.cut();
  }

  /** Ends every wake-up stream. */
  cut(): void {
    for (const listener of [...this.#listeners]) {
      this.#listeners.delete(listener);
      listener.closed(new ServerUnreachable());
    }
  }

  goDown(): void {
    this.reachable = false;
    this.cut();
  }

  comeBack(): void {
    this.reachable = true;
  }

  /** A further person of the clinic, who signs in with the e-mail address of their record. */
  join(user: User): void {
    this.put('user', user);
    this.#people.set(user.email, user);
  }

  async signIn(request: SignInRequest): Promise<SignInAnswer> {
    this.#answerOrNot();
    const user = this.#people.get(request.email) ?? this.#user;
    const owner = this.#devices.get(request.device.id);
    if (owner !== undefined && owner !== user.id) throw new MedicError('auth.forbidden');
    this.#devices.set(request.device.id, user.id);
    this.#ended.delete(user.id);
    return this.#session(user, request.device.id);
  }

  #session(user: User, deviceId: string): SignInAnswer {
    const { clinic } = this.facts;
    return {
      ...this.#tokens(user.id, deviceId),
      deviceId,
      lastN: this.lastN,
      user,
      zones: this.zones,
      zonesFrom: instant(Date.now()),
      clinic: { id: clinic.id, slug: clinic.slug, name: clinic.name },
    };
  }

  async refresh(refreshToken: string): Promise<SignInAnswer> {
    if (this.refreshFails) throw this.refreshFails;
    this.#answerOrNot();
    const [, userId, deviceId] = refreshToken.split(' ');
    const user = userId === undefined ? undefined : this.facts.get('user', userId);
    const ended = this.#ended.get(userId ?? '');
    if (ended) throw new MedicError(ended);
    if (!user || !deviceId) throw new MedicError('auth.expired');
    return this.#session(user, deviceId);
  }

  async signOut(): Promise<void> {
    this.#answerOrNot();
  }

  async pull(accessToken: string, request: PullRequest): Promise<PullAnswer> {
    this.#authenticate(accessToken);
    if (this.cannotPull.has(request.collection)) throw new ServerUnreachable();
    this.pulled.push(request);
    const { checkpoint, limit } = request;
    if (checkpoint && checkpoint.epoch !== this.epoch)
      return { ...this.#standing(), kind: 'reset', why: 'epoch' };
    const after = checkpoint ?? { epoch: this.epoch, scope: 'all', base: this.seq, seq: 0, id: '' };
    const documents = this.#documents(request.collection)
      .filter(({ seq, id }) => seq > after.seq || (seq === after.seq && id > after.id))
      .sort((a, b) => a.seq - b.seq || (a.id < b.id ? -1 : 1))
      .slice(0, limit);
    const last = documents.at(-1);
    return {
      ...this.#standing(),
      kind: 'documents',
      documents: structuredClone(documents),
      checkpoint: last ? { ...after, seq: last.seq, id: last.id } : after,
    };
  }

  /** Everything: which days a visit belongs to is for the real one to say. */
  async firstLook(accessToken: string): Promise<FirstLook> {
    this.#authenticate(accessToken);
    const documents = (Object.keys(collections) as CollectionName[]).flatMap((name) => this.#documents(name));
    return {
      ...this.#standing(),
      documents: structuredClone(documents.filter(({ deleted }) => !deleted)) as WireDocument[],
    };
  }

  async push(accessToken: string, request: PushRequest): Promise<PushAnswer> {
    const who = this.#authenticate(accessToken);
    // As the server does: what another epoch has lost comes first, so nothing of it is decided.
    if (request.epoch && request.epoch !== this.epoch)
      return { ...this.#standing(), intents: [], reset: 'epoch' };
    this.pushed.push(structuredClone(request));
    await this.pushesHeld;
    const intents: PushAnswer['intents'] = [];
    for (const raw of request.intents) {
      if (this.breaksAfter !== null && intents.length >= this.breaksAfter) {
        this.breaksAfter = null;
        throw new ServerUnreachable();
      }
      intents.push({ ...this.#execute(raw as unknown as Intent, who), recordKind: 'intent' });
    }
    if (this.losesPushAnswers > 0) {
      this.losesPushAnswers -= 1;
      throw new ServerUnreachable();
    }
    return { ...this.#standing(), intents, reset: null };
  }

  wake(accessToken: string, listener: WakeListener): () => void {
    let open = true;
    // As over a network: never before the caller has the answer in hand.
    queueMicrotask(() => {
      if (!open) return;
      try {
        this.#authenticate(accessToken);
      } catch (error) {
        listener.closed(error);
        return;
      }
      this.#listeners.add(listener);
      listener.opened();
      listener.woken({ epoch: this.epoch, seq: this.seq, collections: null });
    });
    return () => {
      open = false;
      this.#listeners.delete(listener);
    };
  }

  async report(accessToken: string, report: SyncReport): Promise<void> {
    this.#authenticate(accessToken);
    this.reports.push(syncReport.parse(report));
  }

  async ping(): Promise<void> {
    this.#answerOrNot();
  }

  /** Of one person, until they sign in again; as for a leaver where the code says so. */
  endSessionsOf(userId: string, code: 'auth.expired' | 'auth.revoked' = 'auth.expired'): void {
    this.#ended.set(userId, code);
  }
  readonly #ended = new Map<string, 'auth.expired' | 'auth.revoked'>();

  /** Every access token given so far is over. */
  expireTokens(): void {
    this.#token += 1;
  }

  #execute(intent: Intent, who: { userId: string; deviceId: string }): Intent {
    const unkept = (message: string): Intent => ({
      ...intent,
      status: 'failed',
      seq: 0,
      outcome: { code: 'auth.forbidden', message },
    });
    if (intent.userId !== who.userId) return unkept('This request was made by somebody else');
    if (intent.deviceId !== who.deviceId) return unkept('This request was made on another device');
    if (this.cannotKeep.has(intent.id)) return unkept('This request is malformed');
    const known = this.facts.get('intent', intent.id);
    if (known) return known;
    this.seq += 1;
    this.lastN = Math.max(this.lastN, intent.n ?? 0);
    const parts = {
      user: this.facts.get('user', who.userId) ?? this.#user,
      now: instant(Date.now() + this.clockOffset),
      newId: () => crypto.randomUUID(),
    };
    const decision = decideNamed(
      intent.act,
      intent.args,
      this.facts,
      contextOf(parts, this.facts, intent.madeAt),
    );
    if (decision.kind === 'done')
      for (const { kind, record } of decision.changes)
        this.facts.put(kind, { ...record, seq: this.seq } as never);
    const answered: Intent = {
      ...intent,
      seq: this.seq,
      status: decision.kind === 'done' ? 'done' : 'refused',
      outcomeSeq: this.seq,
      decidedAt: instant(Date.now()),
      outcome:
        decision.kind === 'done' ? {} : { reasons: decision.reasons, alternatives: decision.alternatives },
    };
    this.facts.put('intent', answered);
    this.#wake(null);
    return answered;
  }

  #standing(): Standing {
    return {
      epoch: this.epoch,
      clinicSeq: this.seq,
      backedUpSeq: this.backedUpSeq,
      serverTime: instant(Date.now() + this.clockOffset),
    };
  }

  #documents(collection: CollectionName): Extract<PullAnswer, { kind: 'documents' }>['documents'] {
    const gone = this.#gone.filter(({ kind }) => collectionOf(kind) === collection);
    return [
      ...collections[collection].flatMap((kind) =>
        [...this.facts.all(kind)].map(
          (record) => ({ ...record, recordKind: kind }) as unknown as WireDocument,
        ),
      ),
      ...gone.map(({ kind, id, seq }) => ({ id, recordKind: kind, seq, deleted: true as const })),
    ];
  }

  #wake(collection: CollectionName | null): void {
    const wake: Wake = { epoch: this.epoch, seq: this.seq, collections: collection && [collection] };
    if (collection !== null && this.brings) {
      const documents = this.#documents(collection).filter(({ seq }) => seq === this.seq);
      const rows = [{ collection, documents: structuredClone(documents) }];
      wake.changes = { after: this.seq - 1, standing: this.#standing(), history: null, rows };
    }
    this.#tell(wake);
  }

  /** A wake as it is given, whatever has changed. */
  #tell(wake: Wake): void {
    this.wakes.push(wake);
    for (const listener of this.#listeners) listener.woken(wake);
  }

  /** One that was told already comes once more. */
  wakeAgain(wake: Wake): void {
    this.#tell(wake);
  }

  #authenticate(accessToken: string): { userId: string; deviceId: string } {
    this.#answerOrNot();
    const [token, userId = '', deviceId = ''] = accessToken.split(' ');
    const ended = this.#ended.get(userId);
    if (ended) throw new MedicError(ended);
    if (token !== `access-${this.#token}`) throw new MedicError('auth.expired');
    return { userId, deviceId };
  }

  #answerOrNot(): void {
    if (!this.reachable) throw new ServerUnreachable();
  }

  #tokens(
    userId: string,
    deviceId: string,
  ): {
    accessToken: string;
    accessExpiresAt: Instant;
    refreshToken: string;
    refreshExpiresAt: Instant;
  } {
    const expiresAt = instant(Date.now() + this.clockOffset + this.tokensLastMs);
    return {
      accessToken: `access-${this.#token} ${userId} ${deviceId}`,
      accessExpiresAt: expiresAt,
      refreshToken: `refresh ${userId} ${deviceId}`,
      refreshExpiresAt: expiresAt,
    };
  }
}

function collectionOf(kind: RecordKind): CollectionName {
  const found = (Object.keys(collections) as CollectionName[]).find((name) =>
    (collections[name] as readonly RecordKind[]).includes(kind),
  );
  if (!found) throw new Error(`Broken invariant: ${kind} has no collection`);
  return found;
}

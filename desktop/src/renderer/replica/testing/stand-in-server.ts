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
import type { PullAnswer, PullRequest, PushAnswer, PushRequest, Wake } from '@medic/shared/sync/wire';
import { hourMs, type Instant, instant } from '@medic/shared/time/instant';
import { type ServerApi, ServerUnreachable, type SignInAnswer, type WakeListener } from '../sync/server-api';
import { contextOf, decideNamed } from '../view/overlay';

export const testDeviceId = '00000000-0000-7000-8000-0000000000d1';

export class StandInServer implements ServerApi {
  readonly clockOffset = 0;
  readonly facts = new Facts();
  readonly pushed: PushRequest[] = [];
  readonly pulled: PullRequest[] = [];
  epoch = '00000000-0000-4000-8000-000000000001';
  reachable = true;
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

  async signIn(): Promise<SignInAnswer> {
    this.#answerOrNot();
    const { clinic } = this.facts;
    return {
      ...this.#tokens(),
      deviceId: testDeviceId,
      lastN: this.lastN,
      user: this.#user,
      clinic: { id: clinic.id, slug: clinic.slug, name: clinic.name },
    };
  }

  async refresh(): Promise<SignInAnswer> {
    if (this.refreshFails) throw this.refreshFails;
    return await this.signIn();
  }

  async signOut(): Promise<void> {
    this.#answerOrNot();
  }

  async pull(accessToken: string, request: PullRequest): Promise<PullAnswer> {
    this.#authenticate(accessToken);
    this.pulled.push(request);
    const { checkpoint, limit } = request;
    if (checkpoint && checkpoint.epoch !== this.epoch) return { kind: 'reset', why: 'epoch' };
    const after = checkpoint ?? { epoch: this.epoch, scope: 'all', base: this.seq, seq: 0, id: '' };
    const documents = this.#documents(request.collection)
      .filter(({ seq, id }) => seq > after.seq || (seq === after.seq && id > after.id))
      .sort((a, b) => a.seq - b.seq || (a.id < b.id ? -1 : 1))
      .slice(0, limit);
    const last = documents.at(-1);
    return {
      kind: 'documents',
      documents: structuredClone(documents),
      checkpoint: last ? { ...after, seq: last.seq, id: last.id } : after,
      clinicSeq: this.seq,
    };
  }

  async push(accessToken: string, request: PushRequest): Promise<PushAnswer> {
    this.#authenticate(accessToken);
    this.pushed.push(structuredClone(request));
    const intents: PushAnswer['intents'] = [];
    for (const raw of request.intents) {
      if (this.breaksAfter !== null && intents.length >= this.breaksAfter) {
        this.breaksAfter = null;
        throw new ServerUnreachable();
      }
      intents.push({ ...this.#execute(raw as unknown as Intent), recordKind: 'intent' });
    }
    if (this.losesPushAnswers > 0) {
      this.losesPushAnswers -= 1;
      throw new ServerUnreachable();
    }
    return { intents };
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
    });
    return () => {
      open = false;
      this.#listeners.delete(listener);
    };
  }

  async ping(): Promise<void> {
    this.#answerOrNot();
  }

  /** Every access token given so far is over. */
  expireTokens(): void {
    this.#token += 1;
  }

  #execute(intent: Intent): Intent {
    const known = this.facts.get('intent', intent.id);
    if (known) return known;
    this.seq += 1;
    this.lastN = Math.max(this.lastN, intent.n ?? 0);
    const parts = { user: this.#user, now: instant(Date.now()), newId: () => crypto.randomUUID() };
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
    for (const listener of this.#listeners) listener.woken(wake);
  }

  #authenticate(accessToken: string): void {
    this.#answerOrNot();
    if (accessToken !== `access-${this.#token}`) throw new MedicError('auth.expired');
  }

  #answerOrNot(): void {
    if (!this.reachable) throw new ServerUnreachable();
  }

  #tokens(): {
    accessToken: string;
    accessExpiresAt: Instant;
    refreshToken: string;
    refreshExpiresAt: Instant;
  } {
    const expiresAt = instant(Date.now() + hourMs);
    return {
      accessToken: `access-${this.#token}`,
      accessExpiresAt: expiresAt,
      refreshToken: 'refresh',
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

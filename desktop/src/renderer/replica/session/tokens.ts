/**
 * Sessions as this computer keeps them, one per person who works here, so that one's work can wait while another is
 * at the desk. A refresh token is good for one use, so only one tab may use it at a time, and the others take what
 * that one got.
 */
import { MedicError } from '@medic/shared/errors';
import type { User } from '@medic/shared/model/user';
import { type Seal, SealFailure } from '@medic/shared/sync/seal';
import type { Instant } from '@medic/shared/time/instant';
import type { Secrets } from '../../platform/platform';
import type { Locks } from '../locks';
import type { ServerApi, SignInAnswer, Tokens } from '../sync/server-api';

export interface StoredSession extends Tokens {
  clinic: { id: string; slug: string; name: string };
  user: User;
  deviceId: string;
  /** The highest number the server had of this device's intents when the tokens were given. */
  lastN: number;
  /** What the server's time zone data said of the clinic's places, from when on. */
  zones: Record<string, string>;
  zonesFrom: Instant | null;
}

/** Who was at the desk last, by user id. */
const currentKey = 'current';
/** Where a build that knew only one person kept the session, in clear. */
const formerKey = 'session';
const sealedPrefix = 'sealed:';
/** Renewed this long before it ends, so that it does not end on the way. */
const marginMs = 30_000;

export class SessionTokens {
  readonly #secrets: Secrets;
  readonly #api: ServerApi;
  readonly #locks: Locks;
  #session: StoredSession | null = null;
  #userId: string | null = null;
  #seal: Seal | null = null;

  constructor(secrets: Secrets, api: ServerApi, locks: Locks) {
    this.#secrets = secrets;
    this.#api = api;
    this.#locks = locks;
  }

  get session(): StoredSession | null {
    return this.#session;
  }

  /** Who was at the desk last; null when they signed out, or nobody ever was. */
  async current(): Promise<string | null> {
    const former = await this.#secrets.get(formerKey);
    if (former !== null) {
      if (this.#secrets.protected) return (JSON.parse(former) as StoredSession).user.id;
      await this.#secrets.remove(formerKey);
    }
    return await this.#secrets.get(currentKey);
  }

  /** Makes this person the one at the desk, with the session that is kept of them, if any. */
  async open(userId: string, seal: Seal): Promise<StoredSession | null> {
    this.#userId = userId;
    this.#seal = seal;
    const session = await this.load();
    if (session) await this.#secrets.set(currentKey, userId);
    return session;
  }

  /** Takes the session that is kept of somebody who is not at the desk, to send what is theirs. */
  async openBeside(userId: string, seal: Seal): Promise<StoredSession | null> {
    this.#userId = userId;
    this.#seal = seal;
    return await this.load();
  }

  /** Forgets in memory whose desk it was; on the disk everything stays. */
  close(): void {
    this.#session = null;
    this.#userId = null;
    this.#seal = null;
  }

  /** Reads what was kept; also after another tab changed it. */
  async load(): Promise<StoredSession | null> {
    this.#session = await this.#read();
    return this.#session;
  }

  /** Whether this computer keeps a session of theirs: another tab may have ended it. */
  async keepsOf(userId: string): Promise<boolean> {
    return (await this.#secrets.get(sessionKey(userId))) !== null;
  }

  async keep(answer: SignInAnswer, seal: Seal): Promise<StoredSession> {
    const session: StoredSession = { ...answer };
    this.#userId = session.user.id;
    this.#seal = seal;
    await this.#locks.hold(this.#lockName(), () => this.#save(session, seal));
    await this.#secrets.set(currentKey, session.user.id);
    await this.#secrets.remove(formerKey);
    return session;
  }

  /** Ends the session of the person at the desk on this computer. */
  async forget(): Promise<void> {
    const userId = this.#userId;
    this.close();
    await this.#secrets.remove(formerKey);
    if (userId === null) return;
    await this.#secrets.remove(sessionKey(userId));
    if ((await this.#secrets.get(currentKey)) === userId) await this.#secrets.remove(currentKey);
  }

  /** Ends the session of somebody who is not at the desk. */
  async forgetOf(userId: string): Promise<void> {
    await this.#secrets.remove(sessionKey(userId));
  }

  /**
   * Runs a call with a good access token. When the server says that it is over, it is renewed once and the call
   * repeated; rejects with `auth.…` when the session itself is over.
   */
  async withAccess<T>(call: (accessToken: string) => Promise<T>): Promise<T> {
    const token = await this.#access();
    try {
      return await call(token);
    } catch (error) {
      if (!(error instanceof MedicError) || (error.code !== 'auth.expired' && error.code !== 'auth.required'))
        throw error;
      return await call((await this.renew(token)).accessToken);
    }
  }

  async #access(): Promise<string> {
    const session = this.#session;
    if (!session) throw new MedicError('auth.required');
    if (session.accessExpiresAt - marginMs > Date.now() + this.#api.clockOffset) return session.accessToken;
    return (await this.renew(session.accessToken)).accessToken;
  }

  /** Renews the session, unless somebody did since `usedToken` was taken. */
  renew(usedToken: string): Promise<StoredSession> {
    return this.#locks.hold(this.#lockName(), async () => {
      const seal = this.#seal;
      const session = await this.load();
      if (!session || !seal) throw new MedicError('auth.required');
      if (session.accessToken !== usedToken) return session;
      const answer = await this.#api.refresh(session.refreshToken);
      return await this.#save({ ...session, ...answer }, seal);
    });
  }

  async #read(): Promise<StoredSession | null> {
    const userId = this.#userId;
    const seal = this.#seal;
    if (userId === null || seal === null) return null;
    const former = await this.#secrets.get(formerKey);
    if (former !== null) {
      const session = JSON.parse(former) as StoredSession;
      if (session.user.id === userId) {
        await this.#save(session, seal);
        await this.#secrets.remove(formerKey);
        return session;
      }
    }
    const kept = await this.#secrets.get(sessionKey(userId));
    try {
      return kept === null ? null : await unsealed(kept, userId, seal);
    } catch (error) {
      // Damaged, or sealed by a key that is gone: it takes a new sign-in, and nothing else is lost with it.
      if (error instanceof SealFailure || error instanceof SyntaxError) return null;
      throw error;
    }
  }

  async #save(session: StoredSession, seal: Seal): Promise<StoredSession> {
    // Locked or switched while the answer was on its way: it is still this person's, and still to be kept.
    if (session.user.id === this.#userId) this.#session = session;
    await this.#secrets.set(sessionKey(session.user.id), await this.#sealed(session, seal));
    return session;
  }

  /** A browser's storage lies open: a refresh token in it would open what the replica's key keeps shut. */
  async #sealed(session: StoredSession, seal: Seal): Promise<string> {
    const text = JSON.stringify(session);
    if (this.#secrets.protected) return text;
    const blob = await seal.seal(new TextEncoder().encode(text), placeOf(session.user.id));
    return sealedPrefix + btoa(String.fromCharCode(...blob));
  }

  #lockName(): string {
    return `medic-session-${this.#userId}`;
  }
}

async function unsealed(kept: string, userId: string, seal: Seal): Promise<StoredSession> {
  if (!kept.startsWith(sealedPrefix)) return JSON.parse(kept) as StoredSession;
  const blob = Uint8Array.from(atob(kept.slice(sealedPrefix.length)), (letter) => letter.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(await seal.open(blob, placeOf(userId)))) as StoredSession;
}

function sessionKey(userId: string): string {
  return `session:${userId}`;
}

function placeOf(userId: string): string {
  return `session/${userId}`;
}

/**
 * The session as this computer keeps it. A refresh token is good for one use, so only one tab may use it at a
 * time, and the others take what that one got.
 */
import { MedicError } from '@medic/shared/errors';
import type { User } from '@medic/shared/model/user';
import type { Secrets } from '../../platform/platform';
import type { Locks } from '../locks';
import type { ServerApi, SignInAnswer, Tokens } from '../sync/server-api';

export interface StoredSession extends Tokens {
  clinic: { id: string; slug: string; name: string };
  user: User;
  deviceId: string;
  /** The highest number the server had of this device's intents when the tokens were given. */
  lastN: number;
}

const sessionKey = 'session';
const lockName = 'medic-session';
/** Renewed this long before it ends, so that it does not end on the way. */
const marginMs = 30_000;

export class SessionTokens {
  readonly #secrets: Secrets;
  readonly #api: ServerApi;
  readonly #locks: Locks;
  #session: StoredSession | null = null;

  constructor(secrets: Secrets, api: ServerApi, locks: Locks) {
    this.#secrets = secrets;
    this.#api = api;
    this.#locks = locks;
  }

  get session(): StoredSession | null {
    return this.#session;
  }

  /** Reads what was kept; also after another tab changed it. */
  async load(): Promise<StoredSession | null> {
    const kept = await this.#secrets.get(sessionKey);
    this.#session = kept === null ? null : (JSON.parse(kept) as StoredSession);
    return this.#session;
  }

  async keep(answer: SignInAnswer): Promise<StoredSession> {
    const { clinic, user, deviceId, lastN, accessToken, accessExpiresAt, refreshToken, refreshExpiresAt } =
      answer;
    const session = {
      clinic,
      user,
      deviceId,
      lastN,
      accessToken,
      accessExpiresAt,
      refreshToken,
      refreshExpiresAt,
    };
    await this.#locks.hold(lockName, () => this.#save(session));
    return session;
  }

  async forget(): Promise<void> {
    this.#session = null;
    await this.#secrets.remove(sessionKey);
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
    return this.#locks.hold(lockName, async () => {
      const session = await this.load();
      if (!session) throw new MedicError('auth.required');
      if (session.accessToken !== usedToken) return session;
      const { accessToken, accessExpiresAt, refreshToken, refreshExpiresAt, lastN, user } =
        await this.#api.refresh(session.refreshToken);
      return await this.#save({
        ...session,
        accessToken,
        accessExpiresAt,
        refreshToken,
        refreshExpiresAt,
        lastN,
        user,
      });
    });
  }

  async #save(session: StoredSession): Promise<StoredSession> {
    this.#session = session;
    await this.#secrets.set(sessionKey, JSON.stringify(session));
    return session;
  }
}

/** Signs in and out, and opens the desk that belongs to the session kept on this computer. */
import { MedicError } from '@medic/shared/errors';
import { uuidv7 } from '@medic/shared/model/id';
import { instant } from '@medic/shared/time/instant';
import type { Platform } from '../../platform/platform';
import type { Desk } from '../desk';
import { LocalDesk } from '../local-desk';
import { type Locks, openLocks } from '../locks';
import type { Credentials, DeskServices, DeskSession, SignedIn } from '../services';
import { databaseName, openDatabase, wipeDatabase } from '../store/database';
import { type ServerApi, ServerUnreachable, type SignInAnswer } from '../sync/server-api';
import { SessionTokens, type StoredSession } from './tokens';

const rememberedKey = 'remembered';

export interface ClosableServices extends DeskServices {
  /** Ends all work and keeps everything, as the end of a page does. */
  close(): Promise<void>;
}

/** Starts with what this computer keeps; `services.session` tells how it goes on. */
export function openServices(platform: Platform, api: ServerApi): ClosableServices {
  const services = new LocalServices(platform, api, openLocks());
  void services.start();
  return services;
}

class LocalServices implements ClosableServices {
  readonly platform: Platform;
  readonly #api: ServerApi;
  readonly #locks: Locks;
  readonly #tokens: SessionTokens;
  readonly #listeners = new Set<() => void>();
  #session: DeskSession;
  #desk: LocalDesk | null = null;
  #leaving: Promise<void> | null = null;

  constructor(platform: Platform, api: ServerApi, locks: Locks) {
    this.platform = platform;
    this.#api = api;
    this.#locks = locks;
    this.#tokens = new SessionTokens(platform.secrets, api, locks);
    this.#session = {
      state: 'opening',
      remembered: null,
      notice: null,
      signIn: (credentials) => this.#signIn(credentials),
      signOut: () => this.#leave(null),
    };
  }

  get session(): DeskSession {
    return this.#session;
  }

  get desk(): Desk | null {
    return this.#desk;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  async start(): Promise<void> {
    const remembered = await this.platform.secrets.get(rememberedKey);
    if (remembered !== null)
      this.#change({ remembered: JSON.parse(remembered) as DeskSession['remembered'] });
    const kept = await this.#tokens.load();
    if (!kept) {
      this.#change({ state: 'signed-out' });
      return;
    }
    // Offline, or with an access token long past: what lies here can be read and worked on all the same.
    await this.#open(kept);
  }

  async close(): Promise<void> {
    await this.#desk?.close();
    this.#desk = null;
  }

  async #open(session: StoredSession): Promise<void> {
    this.#change({ state: 'opening', notice: null });
    try {
      const database = await openDatabase(databaseName(session.clinic.id, session.user.id));
      this.#desk = await LocalDesk.open({
        api: this.#api,
        tokens: this.#tokens,
        locks: this.#locks,
        database,
        session,
        signOut: (notice) => this.#leave(notice),
        signedOutElsewhere: (notice) => void this.#close(notice),
      });
      this.#change({ state: 'open' });
    } catch (error) {
      console.error('the replica could not be opened', error);
      this.#change({
        state: 'signed-out',
        notice:
          'This computer could not open its copy of the clinic. Private windows and full disks do that; signing in tries again',
      });
    }
  }

  async #signIn(credentials: Credentials): Promise<SignedIn> {
    let answer: SignInAnswer;
    try {
      answer = await this.#api.signIn({ ...credentials, device: await this.#device(credentials.clinic) });
    } catch (error) {
      return failedSignIn(error);
    }
    const before = this.#tokens.session;
    const samePerson = before?.user.id === answer.user.id && before.clinic.id === answer.clinic.id;
    if (this.#desk && !samePerson) {
      const { unsent } = this.#desk.status;
      if (unsent > 0) {
        const message = `${unsent} change${unsent === 1 ? '' : 's'} of ${before?.user.name ?? 'somebody else'} wait to be sent. Sign in as them, or sign out first`;
        return { kind: 'failed', message, field: null };
      }
      await this.#leave(null);
    }
    const session = await this.#tokens.keep(answer);
    const remembered = { clinic: answer.clinic.slug, email: credentials.email };
    await this.platform.secrets.set(rememberedKey, JSON.stringify(remembered));
    this.#change({ remembered });
    if (this.#desk) this.#desk.sessionRenewed();
    else await this.#open(session);
    return this.#session.state === 'open'
      ? { kind: 'signed-in' }
      : { kind: 'failed', message: this.#session.notice ?? '', field: null };
  }

  /** Made once per clinic and browser profile; the server counts intents by it. */
  async #device(clinic: string): Promise<{ id: string; name: string; kind: 'desktop' | 'web' }> {
    const { secrets, info } = this.platform;
    const key = `device:${clinic}`;
    let id = await secrets.get(key);
    if (id === null) {
      id = uuidv7(instant(Date.now()), crypto.getRandomValues(new Uint8Array(10)));
      await secrets.set(key, id);
    }
    return { id, name: info.deviceName, kind: info.kind };
  }

  /** Ends the session everywhere on this computer and wipes what it kept. */
  #leave(notice: string | null): Promise<void> {
    this.#leaving ??= this.#leaveOnce(notice).finally(() => {
      this.#leaving = null;
    });
    return this.#leaving;
  }

  async #leaveOnce(notice: string | null): Promise<void> {
    const desk = this.#desk;
    const session = this.#tokens.session;
    await this.#tokens.forget();
    desk?.tellSignedOut(notice);
    await this.#close(notice);
    if (!session) return;
    await Promise.all([
      wipeDatabase(databaseName(session.clinic.id, session.user.id)),
      // Without a network the server learns of it when the session runs out.
      this.#api.signOut(session.accessToken).catch((error: unknown) => {
        if (!(error instanceof ServerUnreachable || error instanceof MedicError)) throw error;
      }),
    ]);
  }

  async #close(notice: string | null): Promise<void> {
    const desk = this.#desk;
    this.#desk = null;
    await this.#tokens.load();
    this.#change({ state: 'signed-out', notice });
    await desk?.close();
  }

  #change(change: Partial<DeskSession>): void {
    this.#session = { ...this.#session, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function failedSignIn(error: unknown): SignedIn {
  if (error instanceof ServerUnreachable) {
    return {
      kind: 'failed',
      message: 'The server does not answer. The first time, signing in needs a network',
      field: null,
    };
  }
  if (!(error instanceof MedicError)) throw error;
  switch (error.code) {
    case 'clinic.unknown':
      return { kind: 'failed', message: error.personMessage, field: 'clinic' };
    case 'auth.wrong':
      return { kind: 'failed', message: error.personMessage, field: 'password' };
    case 'input.invalid': {
      const first = (error.details.fields as { field: string; message: string }[] | undefined)?.[0];
      const field =
        first && ['clinic', 'email', 'password'].includes(first.field)
          ? (first.field as keyof Credentials)
          : null;
      return { kind: 'failed', message: first?.message ?? error.personMessage, field };
    }
    default:
      return { kind: 'failed', message: error.personMessage, field: null };
  }
}

/** Who is at the desk: signs in and out, locks and unlocks, and opens the desk of the one who is here. */
import { MedicError } from '@medic/shared/errors';
import { uuidv7 } from '@medic/shared/model/id';
import type { Seal } from '@medic/shared/sync/seal';
import { instant, type TimeZone } from '@medic/shared/time/instant';
import { type Platform, UnprotectedComputer } from '../../platform/platform';
import type { Desk } from '../desk';
import { LocalDesk } from '../local-desk';
import { type Locks, openLocks } from '../locks';
import type { Credentials, DeskServices, DeskSession, SignedIn } from '../services';
import { databaseName, openDatabase, replicaExists, wipeDatabase } from '../store/database';
import { DeskKeys, KeyFailure } from '../store/keys';
import { ReplicaGone } from '../store/open-stores';
import { type ServerApi, ServerUnreachable, type SignInAnswer } from '../sync/server-api';
import { OthersWork } from './others-work';
import { failedSignIn, failedUnlock } from './sign-in-words';
import { SessionTokens, type StoredSession } from './tokens';

const goneWords =
  'Another window has removed this computer’s copy of the clinic. Load the page again and sign in';
const rememberedKey = 'remembered';
const unsentNoteMs = 1_000;

export interface ClosableServices extends DeskServices {
  /** Ends all work and keeps everything, as the end of a page does. */
  close(): Promise<void>;
}

/** Starts with what this computer keeps; `services.session` tells how it goes on. */
export function openServices(
  platform: Platform,
  api: ServerApi,
  locks: Locks = openLocks(),
  keys = new DeskKeys(platform, locks),
): ClosableServices {
  const services = new LocalServices(platform, api, locks, keys);
  void services.start();
  return services;
}

class LocalServices implements ClosableServices {
  readonly platform: Platform;
  readonly #api: ServerApi;
  readonly #locks: Locks;
  readonly #keys: DeskKeys;
  readonly #tokens: SessionTokens;
  readonly #listeners = new Set<() => void>();
  #session: DeskSession;
  #desk: LocalDesk | null = null;
  #others: OthersWork | null = null;
  #leaving: Promise<void> | null = null;
  /**
   * Who unlocks or signs in at once after a lock, or after the end of a session, waits until that is done: a lock would
   * drop their key, and a replica that is still being closed cannot be opened.
   */
  #shutting: Promise<void> = Promise.resolve();
  #unsentNote: { userId: string; unsent: number; timer: ReturnType<typeof setTimeout> } | null = null;

  constructor(platform: Platform, api: ServerApi, locks: Locks, keys: DeskKeys) {
    this.platform = platform;
    this.#api = api;
    this.#locks = locks;
    this.#keys = keys;
    this.#tokens = new SessionTokens(platform.secrets, api, locks);
    this.#session = {
      state: 'opening',
      remembered: null,
      notice: null,
      people: [],
      othersWaitFor: new Map(),
      lockedPerson: null,
      lockedHow: null,
      startAfresh: null,
      signIn: (credentials) => this.#signIn(credentials),
      signOut: () => this.#leave(null),
      lock: (how) => {
        this.#shutting = this.#shutting.then(() => this.#lock(how ?? null));
        return this.#shutting;
      },
      unlock: (userId, password) => this.#unlock(userId, password),
    };
    keys.onLocked(() => void this.#shut('in another tab'));
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
    try {
      const remembered = await this.platform.secrets.get(rememberedKey);
      if (remembered !== null)
        this.#change({ remembered: JSON.parse(remembered) as DeskSession['remembered'] });
      const userId = await this.#tokens.current();
      const people = await this.#keys.people();
      this.#change({ people });
      if (userId === null || !people.some((person) => person.userId === userId)) {
        this.#change({ state: people.length > 0 && userId === null ? 'locked' : 'signed-out' });
        return;
      }
      const seal = await this.#keys.held(userId);
      if (!seal) {
        this.#change({ state: 'locked', lockedPerson: userId });
        return;
      }
      const kept = await this.#tokens.open(userId, seal);
      // Offline, or with an access token long past: what lies here can be read and worked on all the same.
      if (kept) await this.#open(kept, seal);
      else this.#change({ state: 'signed-out' });
    } catch (error) {
      if (!(error instanceof UnprotectedComputer)) throw error;
      this.#change({ state: 'signed-out', notice: error.message });
    }
  }

  async close(): Promise<void> {
    await this.#noteUnsent();
    this.#leaveOthers();
    await this.#desk?.close();
    this.#desk = null;
    await this.#shutting;
  }

  async #open(session: StoredSession, seal: Seal): Promise<void> {
    this.#change({ state: 'opening', notice: null, startAfresh: null, lockedPerson: null, lockedHow: null });
    const name = databaseName(session.clinic.id, session.user.id);
    try {
      this.#desk = await this.#openDesk(name, session, seal);
    } catch (error) {
      if (error instanceof ReplicaGone) return await this.#close(goneWords);
      console.error('the replica could not be opened', error);
      // The queue lies in the journal, and everything else at the server: nothing is lost with the browser's copy.
      if (this.platform.journals) return await this.#openAfresh(name, session, seal);
      this.#openingFailed(name, session, seal);
      return;
    }
    this.#change({ state: 'open' });
    this.#lookAfterOthers(this.#desk, session.user.id, seal);
  }

  /** What others left unsent here is sent as theirs while this desk is open. */
  #lookAfterOthers(desk: LocalDesk, userId: string, seal: Seal): void {
    this.#leaveOthers();
    const others = new OthersWork({
      api: this.#api,
      secrets: this.platform.secrets,
      locks: this.#locks,
      seal,
      isOnline: () => desk.status.online,
      others: () => this.#session.people.filter((each) => each.userId !== userId && each.unsent > 0),
      changed: async (person, unsent, waitsFor) => {
        if (unsent !== person.unsent) await this.#keys.noteUnsent(person.userId, unsent);
        const waiting = new Map(this.#session.othersWaitFor);
        if (waitsFor === null || unsent === 0) waiting.delete(person.userId);
        else waiting.set(person.userId, waitsFor);
        this.#change({ people: await this.#keys.people(), othersWaitFor: waiting });
      },
      revoked: async (person, unsent) => {
        await this.#tokens.forgetOf(person.userId);
        await this.#wipe(person.clinicId, person.userId);
        this.#change({ people: await this.#keys.people(), notice: revokedWords(person.name, unsent) });
      },
    });
    this.#others = others;
    this.#unfollow = desk.subscribe(() => {
      others.look();
      void this.#noteZone(userId, desk);
    });
    others.look();
    void this.#noteZone(userId, desk);
  }

  /** For the lock screen, as soon as the clinic has come here. */
  async #noteZone(userId: string, desk: LocalDesk): Promise<void> {
    const timeZone = zoneOf(desk);
    const person = this.#session.people.find((each) => each.userId === userId);
    if (timeZone === null || !person || person.timeZone === timeZone || this.#notingZone) return;
    this.#notingZone = true;
    try {
      await this.#keys.noteZone(userId, timeZone);
      this.#change({ people: await this.#keys.people() });
    } finally {
      this.#notingZone = false;
    }
  }
  #notingZone = false;
  #unfollow: () => void = () => undefined;

  #leaveOthers(): void {
    this.#unfollow();
    this.#others?.stop();
    this.#others = null;
  }

  async #openDesk(name: string, session: StoredSession, seal: Seal): Promise<LocalDesk> {
    const person = this.#session.people.find(({ userId }) => userId === session.user.id);
    // Browsers delete what they keep: when a disk is full, after months away, or because it was damaged.
    const expected = (await replicaExists(name)) ? 0 : (person?.unsent ?? 0);
    const database = await openDatabase(name, seal);
    const file = this.platform.journals?.open(journalName(session));
    try {
      const desk = await LocalDesk.open({
        app: this.platform.info,
        api: this.#api,
        tokens: this.#tokens,
        locks: this.#locks,
        database,
        session,
        expected,
        journal: file ? { file, seal } : null,
        signOut: (notice) => this.#leave(notice),
        revoked: (notice) => void this.#leave(notice),
        signedOutElsewhere: (notice) => void this.#close(notice),
        unsentChanged: (unsent) => this.#unsentChanged(session.user.id, unsent),
      });
      await this.#requireStillHere(desk, name, session.user.id, database.gone);
      return desk;
    } catch (error) {
      await database.close();
      throw database.gone.aborted ? new ReplicaGone(name) : error;
    }
  }

  /** A window that opens while another signs out hears nothing of it, and would keep what the other has wiped. */
  async #requireStillHere(desk: LocalDesk, name: string, userId: string, gone: AbortSignal): Promise<void> {
    if ((await this.#tokens.keepsOf(userId)) && !gone.aborted) {
      gone.addEventListener('abort', () => {
        if (this.#desk === desk) void this.#close(goneWords);
      });
      return;
    }
    await desk.close();
    await wipeDatabase(name);
    throw new ReplicaGone(name);
  }

  async #openAfresh(name: string, session: StoredSession, seal: Seal): Promise<void> {
    this.#change({ state: 'opening', notice: null, startAfresh: null });
    try {
      await wipeDatabase(name);
      this.#desk = await this.#openDesk(name, session, seal);
      this.#change({ state: 'open' });
    } catch (error) {
      console.error('the replica could not be made anew', error);
      this.#openingFailed(name, session, seal);
    }
  }

  #openingFailed(name: string, session: StoredSession, seal: Seal): void {
    const unsent = this.#session.people.find(({ userId }) => userId === session.user.id)?.unsent ?? 0;
    const lost =
      unsent === 0
        ? 'Nothing waits in it to be sent'
        : `${unsent} change${unsent === 1 ? '' : 's'} in it had not been sent, and a fresh copy would be without ${unsent === 1 ? 'it' : 'them'}`;
    this.#change({
      state: 'signed-out',
      notice: `This computer could not open its copy of the clinic. Private windows and full disks do that: make room and load the page again. ${lost}`,
      startAfresh: () => this.#openAfresh(name, session, seal),
    });
  }

  async #signIn(credentials: Credentials): Promise<SignedIn> {
    await this.#shutting;
    let answer: SignInAnswer;
    let seal: Seal;
    try {
      answer = await this.#askServer(credentials);
      seal = await this.#admit(answer, credentials);
    } catch (error) {
      return failedSignIn(error, this.#session.people);
    }
    const before = this.#tokens.session;
    const samePerson = before?.user.id === answer.user.id && before.clinic.id === answer.clinic.id;
    if (this.#desk && !samePerson) await this.#shutDesk();
    const session = await this.#tokens.keep(answer, seal);
    const remembered = { clinic: answer.clinic.slug, email: credentials.email };
    await this.platform.secrets.set(rememberedKey, JSON.stringify(remembered));
    this.#change({ remembered, people: await this.#keys.people() });
    if (this.#desk) this.#desk.sessionRenewed();
    else await this.#open(session, seal);
    return this.#session.state === 'open'
      ? { kind: 'signed-in' }
      : { kind: 'failed', message: this.#session.notice ?? '', field: null };
  }

  async #admit(answer: SignInAnswer, credentials: Credentials): Promise<Seal> {
    const { user, clinic } = answer;
    const person = {
      userId: user.id,
      clinicId: clinic.id,
      clinicSlug: clinic.slug,
      clinicName: clinic.name,
      name: user.name,
      email: credentials.email,
      roles: user.roles,
    };
    try {
      return await this.#keys.admit(person, credentials.password, credentials.formerPassword);
    } catch (error) {
      const isShut = error instanceof KeyFailure && error.kind === 'former-password';
      if (!isShut || !credentials.withoutFormer) throw error;
      await this.#wipe(clinic.id, user.id);
      return await this.#keys.admit(person, credentials.password);
    }
  }

  async #askServer(credentials: Credentials): Promise<SignInAnswer> {
    const { clinic, email, password } = credentials;
    const key = `device:${clinic}:${email.trim().toLowerCase()}`;
    const former = `device:${clinic}`;
    const id = (await this.platform.secrets.get(key)) ?? (await this.platform.secrets.get(former));
    const ask = async (deviceId: string) => {
      const { deviceName, kind } = this.platform.info;
      const device = { id: deviceId, name: deviceName, kind };
      const answer = await this.#api.signIn({ clinic, email, password, device });
      await this.platform.secrets.set(key, deviceId);
      if (deviceId === id) await this.platform.secrets.remove(former);
      return answer;
    };
    const fresh = () => uuidv7(instant(Date.now()), crypto.getRandomValues(new Uint8Array(10)));
    try {
      return await ask(id ?? fresh());
    } catch (error) {
      // A device belongs to the person who registered it: on one computer everybody has their own.
      if (id === null || !(error instanceof MedicError) || error.code !== 'auth.forbidden') throw error;
      return await ask(fresh());
    }
  }

  async #unlock(userId: string, password: string): Promise<SignedIn> {
    await this.#shutting;
    let seal: Seal;
    try {
      seal = await this.#keys.unlock(userId, password);
    } catch (error) {
      const person = this.#session.people.find((each) => each.userId === userId);
      return failedUnlock(error, person?.name ?? 'this person');
    }
    if (this.#desk) await this.#shutDesk();
    const session = await this.#tokens.open(userId, seal);
    if (!session) {
      const person = this.#session.people.find((each) => each.userId === userId);
      if (person) this.#change({ remembered: { clinic: person.clinicSlug, email: person.email } });
      return {
        kind: 'failed',
        message: 'The session has ended. Sign in again with the network; what is unsent is kept',
        field: null,
      };
    }
    await this.#open(session, seal);
    this.#change({ people: await this.#keys.people() });
    return this.#session.state === 'open'
      ? { kind: 'signed-in' }
      : { kind: 'failed', message: this.#session.notice ?? '', field: null };
  }

  async #lock(how: string | null): Promise<void> {
    await this.#shut(how);
    await this.#keys.lock();
    this.#change({ people: await this.#keys.people() });
  }

  /** The screen first, then everything behind it. */
  async #shut(how: string | null): Promise<void> {
    if (!this.#desk) return;
    const userId = this.#tokens.session?.user.id ?? null;
    const timeZone = zoneOf(this.#desk);
    this.#change({
      state: 'locked',
      lockedPerson: userId,
      lockedHow: lockedWords(timeZone, how),
    });
    await this.#shutDesk();
  }

  async #shutDesk(): Promise<void> {
    await this.#noteUnsent();
    this.#leaveOthers();
    const desk = this.#desk;
    this.#desk = null;
    if (this.#session.state === 'open') this.#change({ state: 'opening' });
    await desk?.close();
    this.#tokens.close();
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
    // Another window may have been quicker.
    if (this.#desk === desk) desk?.tellSignedOut(notice);
    await this.#close(notice);
    if (!session) return;
    await Promise.all([
      this.#wipe(session.clinic.id, session.user.id),
      // Without a network the server learns of it when the session runs out.
      this.#api.signOut(session.accessToken).catch((error: unknown) => {
        if (!(error instanceof ServerUnreachable || error instanceof MedicError)) throw error;
      }),
    ]);
    this.#change({ people: await this.#keys.people() });
  }

  /** Everything that this computer holds of a person. */
  async #wipe(clinicId: string, userId: string): Promise<void> {
    await this.#keys.forget(userId);
    await wipeDatabase(databaseName(clinicId, userId));
    await this.platform.journals?.remove(`${clinicId}-${userId}`);
  }

  async #close(notice: string | null): Promise<void> {
    this.#leaveOthers();
    const desk = this.#desk;
    this.#desk = null;
    this.#tokens.close();
    this.#change({ state: 'signed-out', notice });
    if (!desk) return;
    const closed = desk.close();
    this.#shutting = Promise.allSettled([this.#shutting, closed]).then(() => undefined);
    await closed;
  }

  /** Written now and then only: each is a write to the disk. */
  #unsentChanged(userId: string, unsent: number): void {
    if (this.#unsentNote) clearTimeout(this.#unsentNote.timer);
    this.#unsentNote = { userId, unsent, timer: setTimeout(() => void this.#noteUnsent(), unsentNoteMs) };
  }

  async #noteUnsent(): Promise<void> {
    const note = this.#unsentNote;
    if (!note) return;
    clearTimeout(note.timer);
    this.#unsentNote = null;
    await this.#keys.noteUnsent(note.userId, note.unsent);
    this.#change({ people: await this.#keys.people() });
  }

  #change(change: Partial<DeskSession>): void {
    this.#session = { ...this.#session, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function zoneOf(desk: Desk): TimeZone | null {
  return [...desk.facts.all('clinic')][0]?.timeZone ?? null;
}

function lockedWords(timeZone: TimeZone | null, how: string | null): string {
  const time = new Date().toLocaleTimeString('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    ...(timeZone === null ? {} : { timeZone }),
  });
  return how === null ? `Locked at ${time}` : `Locked at ${time} ${how}`;
}

function revokedWords(name: string, unsent: number): string {
  const told = `${name} has been signed out of this computer by an administrator`;
  return unsent === 0
    ? told
    : `${told}. ${unsent === 1 ? 'One change' : `${unsent} changes`} of theirs had not been sent and did not happen`;
}

function journalName(session: StoredSession): string {
  return `${session.clinic.id}-${session.user.id}`;
}

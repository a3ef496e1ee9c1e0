/**
 * Who may open what lies on this computer. Everybody who signs in here gets the desk's key wrapped under their own
 * password; that is what opens it again without a network, and what makes a lock a lock. In Electron the key itself is
 * besides kept by the operating system, so that starting the app asks for nothing; a browser keeps it nowhere.
 */
import type { Role } from '@medic/shared/model/user';
import type { Seal } from '@medic/shared/sync/seal';
import type { TimeZone } from '@medic/shared/time/instant';
import type { Platform } from '../../platform/platform';
import { deskKey, newKeyBytes, sealUnder } from '../../platform/seal';
import type { Locks } from '../locks';

/** A person of this desk, as the lock screen names them. Nothing of a patient. */
export interface KnownPerson {
  userId: string;
  clinicId: string;
  clinicSlug: string;
  clinicName: string;
  /** The clinic's, once it has come here: clocks shown while the desk is locked are the clinic's too. */
  timeZone: TimeZone | null;
  name: string;
  email: string;
  roles: readonly Role[];
  /** Changes of theirs that wait here to be sent. */
  unsent: number;
  lastHereAt: number;
}

export type KeyFailureKind =
  /** `waitMs` says when the next one may be tried. */
  | 'wrong-password'
  /** Tried too soon after too many wrong ones; it was not looked at. */
  | 'wait'
  /** Never signed in on this computer, or signed out since. */
  | 'unknown-person'
  /** The server knows a newer password than the one that opens what lies here. */
  | 'former-password';

export class KeyFailure extends Error {
  readonly kind: KeyFailureKind;
  readonly waitMs: number;

  constructor(kind: KeyFailureKind, waitMs = 0) {
    super(kind);
    this.name = 'KeyFailure';
    this.kind = kind;
    this.waitMs = waitMs;
  }
}

interface Wrapped {
  salt: string;
  rounds: number;
  iv: string;
  box: string;
}

type Entry = KnownPerson & { key: Wrapped };

interface Kept {
  people: Entry[];
  /** Locked by hand or by waiting: a start of the app does not undo it. */
  locked: boolean;
  wrong: { tries: number; lastAt: number };
}

interface Held {
  userId: string;
  bytes: Uint8Array<ArrayBuffer>;
}

const keptUnder = 'desk-keys';
const lockName = 'medic-desk-keys';
/** OWASP's figure for PBKDF2 with SHA-256: about a third of a second on a clinic's PC. */
export const wrappingRounds = 600_000;
/** After so many wrong passwords each further try waits, twice as long every time. */
const freeTries = 3;
const firstWaitMs = 5_000;
const longestWaitMs = 300_000;

export class DeskKeys {
  readonly #platform: Platform;
  readonly #locks: Locks;
  readonly #rounds: number;
  #held: Held | null = null;
  readonly #lockListeners = new Set<() => void>();

  /** Fewer `rounds` are for tests. */
  constructor(platform: Platform, locks: Locks, rounds = wrappingRounds) {
    this.#platform = platform;
    this.#locks = locks;
    this.#rounds = rounds;
    platform.replicaKey.handover.onLocked(() => {
      this.#drop();
      for (const listener of this.#lockListeners) listener();
    });
  }

  /** Another tab was locked. */
  onLocked(listener: () => void): void {
    this.#lockListeners.add(listener);
  }

  /** Who can unlock this desk, last here first. */
  async people(): Promise<KnownPerson[]> {
    const { people } = await this.#read();
    return people
      .map(({ key: _, ...person }) => person)
      .sort((a, b) => b.lastHereAt - a.lastHereAt || (a.userId < b.userId ? -1 : 1));
  }

  /** The key without a password: from memory, from another tab, or from the operating system; null when locked. */
  async held(userId: string): Promise<Seal | null> {
    if (this.#held?.userId !== userId) {
      const bytes = await this.#withoutPassword(userId);
      if (!bytes) return null;
      this.#hold(userId, bytes);
    }
    return await this.#seal();
  }

  /**
   * After the server has accepted this password. The first person's sign-in makes the key; with a key at hand (the
   * desk is open, or the operating system keeps it) the next one gets the same.
   */
  async admit(
    person: Omit<KnownPerson, 'timeZone' | 'unsent' | 'lastHereAt'>,
    password: string,
    formerPassword?: string,
  ): Promise<Seal> {
    const known = (await this.#read()).people.find((one) => one.userId === person.userId);
    const bytes =
      (await this.#platform.replicaKey.ofMachine()) ??
      (known
        ? await this.#keyOf(known, password, formerPassword)
        : (this.#held?.bytes.slice() ?? newKeyBytes()));
    const key = await wrap(bytes, person.userId, password, this.#rounds);
    await this.#change((kept) => {
      const before = kept.people.find((one) => one.userId === person.userId);
      const entry: Entry = {
        ...person,
        timeZone: before?.timeZone ?? null,
        unsent: before?.unsent ?? 0,
        lastHereAt: Date.now(),
        key,
      };
      return {
        people: [...kept.people.filter((one) => one.userId !== person.userId), entry],
        locked: false,
        wrong: { tries: 0, lastAt: 0 },
      };
    });
    this.#hold(person.userId, bytes);
    return await this.#seal();
  }

  /** Without the server. Rejects with a `KeyFailure`. */
  async unlock(userId: string, password: string): Promise<Seal> {
    // One try at a time, over all tabs: else ten tabs would be ten times as many.
    const bytes = await this.#locks.hold(lockName, async () => {
      const kept = await this.#read();
      const entry = kept.people.find((one) => one.userId === userId);
      if (!entry) throw new KeyFailure('unknown-person');
      const waitMs = waitAfter(kept.wrong, Date.now());
      if (waitMs > 0) throw new KeyFailure('wait', waitMs);
      const bytes = await unwrap(entry, password);
      const wrong = bytes ? { tries: 0, lastAt: 0 } : { tries: kept.wrong.tries + 1, lastAt: Date.now() };
      const people = kept.people.map((one) =>
        bytes && one === entry ? { ...one, lastHereAt: Date.now() } : one,
      );
      await this.#write({ people, wrong, locked: bytes ? false : kept.locked });
      if (bytes) return bytes;
      throw new KeyFailure('wrong-password', waitAfter(wrong, wrong.lastAt));
    });
    this.#hold(userId, bytes);
    return await this.#seal();
  }

  /** Takes the key out of memory, here and in all tabs, until somebody unlocks. */
  async lock(): Promise<void> {
    const userId = this.#held?.userId;
    this.#drop();
    this.#platform.replicaKey.handover.tellLocked();
    await this.#change((kept) => ({
      ...kept,
      locked: true,
      people: kept.people.map((one) => (one.userId === userId ? { ...one, lastHereAt: Date.now() } : one)),
    }));
  }

  /** For the lock screen, which can no longer look. */
  async noteUnsent(userId: string, unsent: number): Promise<void> {
    await this.#change((kept) => ({
      ...kept,
      people: kept.people.map((one) => (one.userId === userId ? { ...one, unsent } : one)),
    }));
  }

  /** As `noteUnsent`. */
  async noteZone(userId: string, timeZone: TimeZone): Promise<void> {
    await this.#change((kept) => ({
      ...kept,
      people: kept.people.map((one) => (one.userId === userId ? { ...one, timeZone } : one)),
    }));
  }

  /** At signing out: this computer no longer knows the person, and what was sealed for them alone stays shut. */
  async forget(userId: string): Promise<void> {
    if (this.#held?.userId === userId) this.#drop();
    await this.#change((kept) => ({
      ...kept,
      people: kept.people.filter((one) => one.userId !== userId),
    }));
  }

  async #keyOf(known: Entry, password: string, formerPassword?: string): Promise<Uint8Array<ArrayBuffer>> {
    for (const each of formerPassword === undefined ? [password] : [password, formerPassword]) {
      const bytes = await unwrap(known, each);
      if (bytes) return bytes;
    }
    // Their own desk is open: somebody who is here signs in again, with the new password.
    if (this.#held?.userId === known.userId) return this.#held.bytes.slice();
    throw new KeyFailure('former-password');
  }

  async #withoutPassword(userId: string): Promise<Uint8Array<ArrayBuffer> | null> {
    if ((await this.#read()).locked) return null;
    const ofMachine = await this.#platform.replicaKey.ofMachine();
    if (ofMachine) return ofMachine;
    const offered = await this.#platform.replicaKey.handover.ask();
    return offered?.userId === userId ? offered.bytes : null;
  }

  #hold(userId: string, bytes: Uint8Array<ArrayBuffer>): void {
    this.#held = { userId, bytes };
    this.#platform.replicaKey.handover.offer(this.#held);
  }

  #drop(): void {
    // The bytes are gone with this; what the browser's own key objects hold goes when they are collected.
    this.#held?.bytes.fill(0);
    this.#held = null;
    this.#platform.replicaKey.handover.offer(null);
  }

  async #seal(): Promise<Seal> {
    if (!this.#held) throw new Error('Broken invariant: no key is held');
    return sealUnder(await deskKey(this.#held.bytes));
  }

  async #change(change: (kept: Kept) => Kept): Promise<void> {
    await this.#locks.hold(lockName, async () => this.#write(change(await this.#read())));
  }

  async #read(): Promise<Kept> {
    const kept = await this.#platform.secrets.get(keptUnder);
    return kept === null
      ? { people: [], locked: false, wrong: { tries: 0, lastAt: 0 } }
      : (JSON.parse(kept) as Kept);
  }

  async #write(kept: Kept): Promise<void> {
    await this.#platform.secrets.set(keptUnder, JSON.stringify(kept));
  }
}

/** A clock that was put back counts as no time: nobody waits for longer than the wait itself. */
function waitAfter({ tries, lastAt }: Kept['wrong'], now: number): number {
  if (tries < freeTries) return 0;
  const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** (tries - freeTries));
  return Math.max(0, Math.min(wait, lastAt + wait - now));
}

async function wrap(
  bytes: Uint8Array<ArrayBuffer>,
  userId: string,
  password: string,
  rounds: number,
): Promise<Wrapped> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const box = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(userId) },
    await passwordKey(password, salt, rounds, 'encrypt'),
    bytes,
  );
  return { salt: base64(salt), rounds, iv: base64(iv), box: base64(new Uint8Array(box)) };
}

/** Null for a wrong password; a changed entry cannot be told from one. */
async function unwrap({ userId, key }: Entry, password: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const aes = await passwordKey(password, fromBase64(key.salt), key.rounds, 'decrypt');
  try {
    return new Uint8Array(
      await crypto.subtle.decrypt(
        { name: 'AES-GCM', iv: fromBase64(key.iv), additionalData: new TextEncoder().encode(userId) },
        aes,
        fromBase64(key.box),
      ),
    );
  } catch (error) {
    if (error instanceof DOMException && error.name === 'OperationError') return null;
    throw error;
  }
}

/** Letters that look the same are the same, however the keyboard makes them. */
async function passwordKey(
  password: string,
  salt: Uint8Array<ArrayBuffer>,
  rounds: number,
  use: 'encrypt' | 'decrypt',
): Promise<CryptoKey> {
  const typed = new TextEncoder().encode(password.normalize('NFKC'));
  const base = await crypto.subtle.importKey('raw', typed, 'PBKDF2', false, ['deriveKey']);
  return await crypto.subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds },
    base,
    { name: 'AES-GCM', length: 256 },
    false,
    [use],
  );
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

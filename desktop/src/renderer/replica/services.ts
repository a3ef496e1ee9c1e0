/** What the screens are started with: the session, and the desk once somebody is signed in. */

import type { Platform } from '../platform/platform';
import type { Desk } from './desk';
import type { KnownPerson } from './store/keys';

export type { KnownPerson } from './store/keys';

export interface Credentials {
  /** The clinic's slug, as in its public address. */
  clinic: string;
  email: string;
  password: string;
  /** Opens what lies here, where the password was changed on another computer. */
  formerPassword?: string;
  /** Gives up what lies here of this person, unsent work with it, since the former password is not known. */
  withoutFormer?: boolean;
}

export type SignedIn =
  | { kind: 'signed-in' }
  /**
   * `field` is the one to put right, null when none is at fault (no network, too many tries). `waitMs`: until then no
   * further try is looked at. `unsentBehind`: so many changes lie here that only the former password opens.
   */
  | {
      kind: 'failed';
      message: string;
      field: keyof Credentials | null;
      waitMs?: number;
      unsentBehind?: number;
    };

/** What somebody's work waits for besides a network, where it can't be sent while another is at the desk. */
export type WaitsFor = 'unlock' | 'sign-in';

/** A new object after every change, so that it can be compared by identity. */
export interface DeskSession {
  /**
   * `opening`: the replica is being opened. `locked`: somebody works here, and nothing of theirs can be read until
   * they unlock. There is a desk only when `open`.
   */
  readonly state: 'signed-out' | 'opening' | 'locked' | 'open';
  /** Who signed in here last, to fill the form in; the password never. */
  readonly remembered: { clinic: string; email: string } | null;
  /** Why nobody is signed in any more, when it was not by their own choice; for the sign-in screen. */
  readonly notice: string | null;
  /** Everybody who can unlock this desk, last here first, each with what of theirs waits to be sent. */
  readonly people: readonly KnownPerson[];
  /** By user id, of those who left something unsent here: whom it needs, since it is not sent as it is. */
  readonly othersWaitFor: ReadonlyMap<string, WaitsFor>;
  /** Whose desk is locked, and how that came. */
  readonly lockedPerson: string | null;
  readonly lockedHow: string | null;
  /**
   * Signs in and opens the replica. With a desk open it renews the session of the same person; another person's desk
   * is locked first. Nothing that is unsent is touched.
   */
  signIn(credentials: Credentials): Promise<SignedIn>;
  /** Shuts the desk and keeps everything. `how` is said on the lock screen. */
  lock(how?: string): Promise<void>;
  /** Opens somebody's desk again, also without a network. */
  unlock(userId: string, password: string): Promise<SignedIn>;
  /** Deletes what could not be opened and begins anew; there only after an opening failed. */
  readonly startAfresh: (() => Promise<void>) | null;
  /**
   * Ends the session and wipes this person's replica of this computer, unsent work with it: ask first when
   * `desk.status.unsent` is not 0.
   */
  signOut(): Promise<void>;
}

export interface DeskServices {
  readonly platform: Platform;
  readonly session: DeskSession;
  readonly desk: Desk | null;
  /** Called after every change of `session` or `desk`; what happens within a desk is told by `desk.subscribe`. */
  subscribe(listener: () => void): () => void;
}

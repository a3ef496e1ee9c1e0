/** What the screens are started with: the session, and the desk once somebody is signed in. */

import type { Platform } from '../platform/platform';
import type { Desk } from './desk';

export interface Credentials {
  /** The clinic's slug, as in its public address. */
  clinic: string;
  email: string;
  password: string;
}

export type SignedIn =
  | { kind: 'signed-in' }
  /** `field` is the one to put right, null when none is at fault (no network, too many tries). */
  | { kind: 'failed'; message: string; field: keyof Credentials | null };

/** A new object after every change, so that it can be compared by identity. */
export interface DeskSession {
  /** `opening`: signed in, the replica is being opened. There is a desk only when `open`. */
  readonly state: 'signed-out' | 'opening' | 'open';
  /** Who signed in here last, to fill the form in; the password never. */
  readonly remembered: { clinic: string; email: string } | null;
  /** Why nobody is signed in any more, when it was not by their own choice; for the sign-in screen. */
  readonly notice: string | null;
  /**
   * Signs in and opens the replica. With a desk open it renews the session of the same person and keeps what is
   * unsent; another person is refused while something is unsent.
   */
  signIn(credentials: Credentials): Promise<SignedIn>;
  /**
   * Ends the session and wipes the replica of this computer, unsent work with it: ask first when
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

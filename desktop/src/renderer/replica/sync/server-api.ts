/** What the replica asks of the server, apart from how it travels. */
import type { User } from '@medic/shared/model/user';
import type { SyncReport } from '@medic/shared/sync/report';
import type {
  FirstLook,
  FirstLookRequest,
  PullAnswer,
  PullRequest,
  PushAnswer,
  PushRequest,
  Wake,
} from '@medic/shared/sync/wire';
import type { Instant } from '@medic/shared/time/instant';

export interface Tokens {
  accessToken: string;
  accessExpiresAt: Instant;
  refreshToken: string;
  refreshExpiresAt: Instant;
}

export interface SignInRequest {
  clinic: string;
  email: string;
  password: string;
  device: { id: string; name: string; kind: 'desktop' | 'web' };
}

export interface SignInAnswer extends Tokens {
  deviceId: string;
  /** The highest number of an intent that the server has of this device. */
  lastN: number;
  user: User;
  /** What the server's time zone data say of the clinic's places, and from when on. */
  zones: Record<string, string>;
  zonesFrom: Instant;
  clinic: { id: string; slug: string; name: string };
}

export interface RefreshAnswer extends Tokens {
  lastN: number;
  user: User;
  zones: Record<string, string>;
  zonesFrom: Instant;
}

export interface WakeListener {
  /** The stream stands: from here on nothing is missed. */
  opened(): void;
  woken(wake: Wake): void;
  /** The stream is over, by whatever cause; called once. */
  closed(error: unknown): void;
}

/** Every call rejects with `ServerUnreachable` when no answer came, else with a `MedicError` carrying the code. */
export interface ServerApi {
  signIn(request: SignInRequest): Promise<SignInAnswer>;
  refresh(refreshToken: string): Promise<RefreshAnswer>;
  signOut(accessToken: string): Promise<void>;
  pull(accessToken: string, request: PullRequest): Promise<PullAnswer>;
  /** What the first screen needs, before anything is pulled. */
  firstLook(accessToken: string, request: FirstLookRequest): Promise<FirstLook>;
  push(accessToken: string, request: PushRequest): Promise<PushAnswer>;
  /**
   * Opens the wake-up stream; the answer closes it. `lastEventId` is the latest wake-up heard, so that only what came
   * after it is told.
   */
  wake(accessToken: string, listener: WakeListener, lastEventId: string | null): () => void;
  /** How sync stands here, for the server's log. */
  report(accessToken: string, report: SyncReport): Promise<void>;
  /** Resolves when the server answers at all. */
  ping(): Promise<void>;
  /** The server's clock minus this computer's, in milliseconds; 0 until known. */
  readonly clockOffset: number;
}

/** No answer came: no network, no server, or something between that is not ours. */
export class ServerUnreachable extends Error {
  constructor(cause?: unknown) {
    super('the server does not answer', { cause });
    this.name = 'ServerUnreachable';
  }
}

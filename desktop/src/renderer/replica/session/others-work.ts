/**
 * What others left at this desk unsent goes on being sent while somebody else is here: each one's as theirs, with their
 * own session. It takes the key that opens it, which is the same for all who were let in while the desk was open; who
 * has a key of their own has to unlock first, and whose session is over has to sign in.
 */
import { type ErrorCode, MedicError } from '@medic/shared/errors';
import type { Intent } from '@medic/shared/model/intent';
import type { Seal } from '@medic/shared/sync/seal';
import { type PushAnswer, wireVersion } from '@medic/shared/sync/wire';
import type { Secrets } from '../../platform/platform';
import type { Locks } from '../locks';
import type { WaitsFor } from '../services';
import { databaseName } from '../store/database';
import type { KnownPerson } from '../store/keys';
import { LeftIntents } from '../store/left-intents';
import { Pushes } from '../sync/pushes';
import type { ServerApi } from '../sync/server-api';
import { SessionTokens } from './tokens';

export interface OthersWorkHost {
  api: ServerApi;
  secrets: Secrets;
  locks: Locks;
  /** Of whoever is at the desk. */
  seal: Seal;
  isOnline(): boolean;
  /** Everybody else of this desk for whom something waits. */
  others(): readonly KnownPerson[];
  /** So many are still not sent, and why; null when only the network is missing. */
  changed(person: KnownPerson, unsent: number, waitsFor: WaitsFor | null): Promise<void>;
  /** An administrator ended their device: what is theirs here must go. */
  revoked(person: KnownPerson, unsent: number): Promise<void>;
}

const againAfterMs = 60_000;

export class OthersWork {
  readonly #host: OthersWorkHost;
  readonly #stopped = new AbortController();
  #looking: Promise<void> | null = null;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #wasOnline = false;

  constructor(host: OthersWorkHost) {
    this.#host = host;
  }

  /** To be called now and then. Looks when the network is back, and otherwise no oftener than once a minute. */
  look(): void {
    const isOnline = this.#host.isOnline();
    const isBack = isOnline && !this.#wasOnline;
    const isTime = performance.now() - this.#lookedAt > againAfterMs;
    if (this.#stopped.signal.aborted || this.#looking || !(isBack || isTime)) return;
    this.#wasOnline = isOnline;
    this.#lookedAt = performance.now();
    this.#looking = this.#look()
      // What waits goes on waiting, and is looked at again.
      .catch((error: unknown) => console.error('what others left could not be looked at', error))
      .finally(() => {
        this.#looking = null;
        this.#wasOnline = this.#host.isOnline();
      });
  }

  /** Begins nothing further. What is on its way is answered, under its lock, behind whoever comes next. */
  stop(): void {
    this.#stopped.abort();
  }

  async #look(): Promise<void> {
    for (const person of this.#host.others()) if (!this.#stopped.signal.aborted) await this.#lookAt(person);
  }

  /** Under the lock of their replica: where it is open in another tab, that one sends. */
  #lookAt(person: KnownPerson): Promise<void> {
    const name = databaseName(person.clinicId, person.userId);
    const { signal: stopped } = this.#stopped;
    const over = new AbortController();
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        over.abort();
        resolve();
      };
      stopped.addEventListener('abort', giveUp, { once: true });
      this.#host.locks.keep(`medic-sync-${name}`, over.signal, () => {
        stopped.removeEventListener('abort', giveUp);
        this.#send(person, name)
          .then(resolve, reject)
          .finally(() => over.abort());
      });
    });
  }

  async #send(person: KnownPerson, name: string): Promise<void> {
    const { api, secrets, locks, seal } = this.#host;
    const left = await LeftIntents.open(name, seal);
    if (!left) return await this.#host.changed(person, person.unsent, 'unlock');
    try {
      const tokens = new SessionTokens(secrets, api, locks);
      const session = await tokens.openBeside(person.userId, seal);
      if (!session) return await this.#host.changed(person, left.count, 'sign-in');
      if (!this.#host.isOnline()) return await this.#host.changed(person, left.count, null);
      const failure = await this.#push(left, tokens, session.deviceId);
      if (failure === 'auth.revoked') await this.#host.revoked(person, left.count);
      else await this.#host.changed(person, left.count, waitsFor(failure, left.count));
    } finally {
      left.close();
    }
  }

  /** What ended it, if not the end of what there was to send. */
  async #push(left: LeftIntents, tokens: SessionTokens, deviceId: string): Promise<Failure | null> {
    const { epoch, history } = await left.rests();
    let failure: Failure | null = null;
    const pushes = new Pushes({
      unsent: () => (this.#stopped.signal.aborted ? [] : left.unsent(deviceId)),
      send: async (intents): Promise<PushAnswer> => {
        const answer = await tokens.withAccess((accessToken) =>
          this.#host.api.push(accessToken, {
            wireVersion,
            epoch,
            history,
            intents: intents as unknown as Record<string, unknown>[],
          }),
        );
        if (answer.reset !== null) {
          // What a restored server has lost of theirs is known to their replica alone.
          failure = 'restored';
          pushes.stop();
        }
        return answer;
      },
      keep: (answered: Intent[]) => left.settle(answered),
      answered: () => undefined,
      untilRetry: async (error) => {
        failure = error instanceof MedicError ? error.code : 'unreachable';
        pushes.stop();
      },
    });
    await pushes.push();
    return failure;
  }
}

type Failure = ErrorCode | 'unreachable' | 'restored';

function waitsFor(failure: Failure | null, left: number): WaitsFor | null {
  switch (failure) {
    case 'auth.expired':
    case 'auth.required':
    case 'auth.forbidden':
      return 'sign-in';
    // Nothing stood in the way, and still some are left: made as another device, which their own replica takes over.
    case null:
      return left > 0 ? 'unlock' : null;
    case 'restored':
      return 'unlock';
    default:
      return null;
  }
}

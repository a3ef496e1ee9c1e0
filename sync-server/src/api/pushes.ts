/**
 * A desk's intents, decided one by one in the order of their numbers. What one of them meets stops none of those behind
 * it: whatever arrives gets an outcome, also what nobody can read.
 */
import { MedicError } from '@medic/shared/errors';
import { isUuid } from '@medic/shared/model/id';
import type { Intent } from '@medic/shared/model/intent';
import { maxIntentArgsLength, type PushAnswer, pushedIntent } from '@medic/shared/sync/wire';
import type { Executor } from '../acts/execute';
import type { ActRequest } from '../acts/outcome';
import type { SignedIn } from '../auth/sessions';

type Raw = Record<string, unknown>;
type Pushed = PushAnswer['intents'];

/** A desk gives up on an answer after 20 s: what was decided by then must have reached it. */
const longestPushMs = 8_000;

/** Pushes of one device, one after another: of two on their way at once the later one waits. */
export class Pushes {
  readonly #executor: Executor;
  readonly #lines = new Map<string, Promise<unknown>>();

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  /** `gone`: the desk does not wait for the answer any more. */
  async push(signedIn: SignedIn, intents: readonly Raw[], gone: AbortSignal | undefined): Promise<Pushed> {
    const { id } = signedIn.device;
    const before = this.#lines.get(id) ?? Promise.resolve();
    const turn = before.then(() => this.#decideAll(signedIn, intents, gone));
    // The line goes on whatever came of this one; its caller hears of it through `turn`.
    const tail = turn.catch(() => undefined);
    this.#lines.set(id, tail);
    try {
      return await turn;
    } finally {
      if (this.#lines.get(id) === tail) this.#lines.delete(id);
    }
  }

  async #decideAll(
    signedIn: SignedIn,
    intents: readonly Raw[],
    gone: AbortSignal | undefined,
  ): Promise<Pushed> {
    const until = performance.now() + longestPushMs;
    const order = intents
      .map((raw, index) => ({ raw, index }))
      .sort((a, b) => numberOf(a.raw) - numberOf(b.raw));
    const answers = new Map<number, Pushed[number]>();
    for (const { raw, index } of order) {
      if (answers.size > 0 && (gone?.aborted || performance.now() > until)) break;
      try {
        answers.set(index, { ...(await this.#decide(signedIn, raw)), recordKind: 'intent' });
      } catch (error) {
        // Nothing was decided of this one, and those behind it must not overtake it. What was decided is told.
        if (answers.size === 0) throw error;
        break;
      }
    }
    return intents.flatMap((_, index) => answers.get(index) ?? []);
  }

  async #decide(signedIn: SignedIn, raw: Raw): Promise<Intent> {
    const { recordKind: _kind, ...rest } = raw;
    const parsed = pushedIntent.safeParse(rest);
    const claimed = claimOf(rest, signedIn);
    // Whose it is says the session. An intent that claims otherwise is not decided and leaves no row.
    if (claimed) return unkept(rest, signedIn, 'auth.forbidden', claimed);
    const n = typeof rest.n === 'number' && Number.isSafeInteger(rest.n) && rest.n >= 1 ? rest.n : null;
    const id = typeof rest.id === 'string' && isUuid(rest.id) ? rest.id : null;
    if (n === null || id === null)
      return unkept(rest, signedIn, 'input.invalid', 'This request has no id or no number');

    const request: ActRequest = {
      clinicId: signedIn.clinicId,
      actor: signedIn.actor,
      act: parsed.data?.act ?? 'unreadable',
      actVersion: parsed.data?.actVersion ?? 1,
      args: parsed.data?.args ?? {},
      requestId: id,
      device: { id: signedIn.device.id, n },
      baseSeq: parsed.data?.baseSeq ?? 0,
      madeAt: parsed.data?.madeAt ?? null,
    };
    try {
      const unreadable = parsed.success ? tooLong(parsed.data.args) : malformed(parsed.error.issues[0]);
      if (unreadable === null) return await this.#executor.execute(request);
      return await this.#executor.keepFailed({ ...request, args: {} }, { kind: 'failed', ...unreadable });
    } catch (error) {
      if (error instanceof MedicError && error.code === 'input.invalid')
        return unkept(rest, signedIn, error.code, error.personMessage);
      throw error;
    }
  }
}

function numberOf(raw: Raw): number {
  return typeof raw.n === 'number' ? raw.n : Number.MAX_SAFE_INTEGER;
}

/** What an intent says about itself that its session does not; null where nothing. */
function claimOf(raw: Raw, { clinicId, device, user }: SignedIn): string | null {
  if (raw.clinicId !== clinicId) return 'This request is for another clinic';
  if (raw.deviceId !== device.id) return 'This request was made on another device';
  if (raw.userId !== user.id) return 'This request was made by somebody else';
  return null;
}

interface Unreadable {
  code: string;
  message: string;
}

function malformed(issue: { path: PropertyKey[]; message: string } | undefined): Unreadable {
  return {
    code: 'input.invalid',
    message: `This request is malformed (${issue?.path.join('.')}: ${issue?.message})`,
  };
}

function tooLong(args: object): Unreadable | null {
  try {
    if (JSON.stringify(args).length <= maxIntentArgsLength) return null;
  } catch (error) {
    // Nested deeper than the stack: nobody could write it down again.
    if (!(error instanceof RangeError)) throw error;
  }
  return { code: 'input.too-large', message: 'This request is too large to be decided' };
}

/** The answer to an intent that could not even be kept: the desk shows it and goes on with the next. */
function unkept(raw: Raw, signedIn: SignedIn, code: string, message: string): Intent {
  return {
    id: typeof raw.id === 'string' ? raw.id : '',
    clinicId: signedIn.clinicId,
    seq: 0,
    deleted: false,
    deviceId: signedIn.device.id,
    n: typeof raw.n === 'number' ? raw.n : null,
    userId: signedIn.user.id,
    act: typeof raw.act === 'string' ? raw.act : '',
    actVersion: 1,
    args: {},
    baseSeq: 0,
    madeAt: signedIn.device.lastSeenAt,
    status: 'failed',
    outcomeSeq: null,
    decidedAt: null,
    outcome: { code, message },
  };
}

/**
 * Every error code of Medic. A refusal of an act is not an error: it is a value with reasons
 * (see `acts/act.ts`). What stands here is thrown, and turned into an answer in one table per edge.
 */
export const errorCodes = {
  'input.invalid': 'What was sent is not well formed',
  'input.too-large': 'What was sent is too large',
  'clinic.unknown': 'No clinic has this address',
  'record.unknown': 'No such record',
  'auth.required': 'Sign in first',
  'auth.wrong': 'The e-mail or the password is not right',
  'auth.expired': 'The session has ended. Sign in again; what is unsent is kept',
  'auth.revoked': 'This device has been signed out by an administrator',
  'auth.forbidden': 'This account may not do that',
  'auth.code': 'That code is not right, or it is too old. Send a new code',
  'auth.link': 'This link no longer works. Ask for a code instead',
  'proof.required': 'Your browser has to show first that it is no machine. Try again',
  'request.foreign': 'This request came from another page. Open the clinic’s own page and try again',
  'rate.limited': 'Too many tries. Wait a little; nothing is lost',
  'wire.version': 'This desk and the server speak different versions. Update the desk',
  'sync.reset': 'The replica must be pulled afresh',
  'clinic.busy': 'The clinic is busy. Try again in a moment',
  'server.busy': 'The server has much to do. It goes on by itself in a moment',
  'database.unreachable': 'The database cannot be reached',
  'database.newer': 'The database was written by a newer Medic',
  'database.invalid': 'The database is not as Medic left it',
  'server.port-taken': 'Another program uses this port',
  'server.stopping': 'The server is stopping. Try again in a moment',
  internal: 'That did not work, and it is our fault',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** A failure with a code. `message` is for the log, `personMessage` for the one at the screen. */
export class MedicError extends Error {
  readonly code: ErrorCode;
  readonly personMessage: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message?: string,
    options: { personMessage?: string; details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message ?? errorCodes[code], { cause: options.cause });
    this.name = 'MedicError';
    this.code = code;
    this.personMessage = options.personMessage ?? errorCodes[code];
    this.details = options.details ?? {};
  }
}

/** States what must be true. A failure here is a bug in Medic, never bad input. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${message}`);
}

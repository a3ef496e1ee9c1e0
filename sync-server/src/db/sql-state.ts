/** What Postgres calls what went wrong. https://www.postgresql.org/docs/current/errcodes-appendix.html */

/** The five characters of a Postgres error; undefined for any other error. */
export function sqlStateOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  // Errors of the network have codes too (EPIPE is five letters), but no severity.
  if (typeof error.code !== 'string' || !/^[0-9A-Z]{5}$/.test(error.code) || !('severity' in error))
    return undefined;
  return error.code;
}

/** The name of the constraint that refused, for those that have one. */
export function constraintOf(error: unknown): string | undefined {
  if (sqlStateOf(error) === undefined) return undefined;
  const { constraint } = error as { constraint?: unknown };
  return typeof constraint === 'string' ? constraint : undefined;
}

/** Two ranges of one doctor or one room overlap. */
export function isExclusionViolation(error: unknown): boolean {
  return sqlStateOf(error) === '23P01';
}

export function isUniqueViolation(error: unknown): boolean {
  return sqlStateOf(error) === '23505';
}

/** Somebody else held the clinic's clock for longer than the lock time-out. */
export function isLockTimeout(error: unknown): boolean {
  return sqlStateOf(error) === '55P03';
}

/** Run again, it may well succeed: a serialization failure or a deadlock. */
export function isRetryable(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === '40001' || state === '40P01';
}

/** The statement itself may be fine: one before it in the transaction failed. */
export function isAfterFailure(error: unknown): boolean {
  return sqlStateOf(error) === '25P02';
}

/** The connection is gone or going: Postgres stops, the administrator ended it, or the network broke. */
export function isConnectionLoss(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state !== undefined) return state.startsWith('57P0') || state.startsWith('08') || state === '25P03';
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return (
    ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH'].includes(
      String(code),
    ) ||
    /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Client was closed)/.test(
      error.message,
    )
  );
}

/** What went wrong in the portal: as on the booking pages, and what only a signed-in visitor meets. */
import type { ErrorCode } from '@medic/shared/errors';
import { type Failure, failureOf } from '../failure';

export interface PortalFailure {
  /** `session`: there is none, or it has ended. */
  kind: Failure['kind'] | 'session' | 'code' | 'link' | 'forbidden';
  fields: Failure['fields'];
  /** Whether there was a session that ended, rather than none. */
  ended: boolean;
  retryAfterSeconds: number | null;
}

const kinds: Partial<Record<ErrorCode, PortalFailure['kind']>> = {
  'auth.required': 'session',
  'auth.expired': 'session',
  'auth.revoked': 'session',
  'auth.forbidden': 'forbidden',
  'auth.code': 'code',
  'auth.link': 'link',
};

export function portalFailureOf(error: unknown): PortalFailure {
  const { code, retryAfterSeconds } = medicOf(error);
  const known = kinds[code as ErrorCode];
  const { kind, fields } = failureOf(error);
  return {
    kind: known ?? kind,
    fields,
    ended: code === 'auth.expired' || code === 'auth.revoked',
    retryAfterSeconds: typeof retryAfterSeconds === 'number' ? retryAfterSeconds : null,
  };
}

function medicOf(error: unknown): { code?: unknown; retryAfterSeconds?: unknown } {
  if (typeof error !== 'object' || error === null || !('data' in error)) return {};
  const { data } = error;
  if (typeof data !== 'object' || data === null || !('medic' in data)) return {};
  return typeof data.medic === 'object' && data.medic !== null ? data.medic : {};
}

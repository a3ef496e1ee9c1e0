/** The one table from Medic's error codes to tRPC's (and so to HTTP's). Nowhere else knows status codes. */
import type { ErrorCode } from '@medic/shared/errors';
import { MedicError } from '@medic/shared/errors';
import type { TRPCError } from '@trpc/server';
import { ZodError } from 'zod';

export const trpcCodes: Record<ErrorCode, TRPCError['code']> = {
  'input.invalid': 'BAD_REQUEST',
  'input.too-large': 'PAYLOAD_TOO_LARGE',
  'clinic.unknown': 'NOT_FOUND',
  'record.unknown': 'NOT_FOUND',
  'auth.required': 'UNAUTHORIZED',
  'auth.wrong': 'UNAUTHORIZED',
  'auth.expired': 'UNAUTHORIZED',
  'auth.revoked': 'UNAUTHORIZED',
  'auth.forbidden': 'FORBIDDEN',
  'auth.code': 'UNAUTHORIZED',
  'auth.link': 'UNAUTHORIZED',
  'proof.required': 'FORBIDDEN',
  'request.foreign': 'FORBIDDEN',
  'rate.limited': 'TOO_MANY_REQUESTS',
  'wire.version': 'PRECONDITION_FAILED',
  'sync.reset': 'CONFLICT',
  'clinic.busy': 'SERVICE_UNAVAILABLE',
  'server.busy': 'SERVICE_UNAVAILABLE',
  'database.unreachable': 'SERVICE_UNAVAILABLE',
  'database.newer': 'SERVICE_UNAVAILABLE',
  'database.invalid': 'INTERNAL_SERVER_ERROR',
  'server.port-taken': 'INTERNAL_SERVER_ERROR',
  'server.stopping': 'SERVICE_UNAVAILABLE',
  internal: 'INTERNAL_SERVER_ERROR',
};

export interface MedicErrorData {
  code: ErrorCode;
  message: string;
  fields?: { field: string; message: string }[];
  /** After a limit: when to try again. */
  retryAfterSeconds?: number;
  /** To a desk of another version: those that this server speaks. */
  wire?: { oldest: number; newest: number };
}

/** What a person may be told of an error. What nobody foresaw says only that it is our fault. */
export function medicDataOf(error: TRPCError): MedicErrorData {
  const { cause } = error;
  if (cause instanceof MedicError) {
    const { retryAfterSeconds, wire } = cause.details;
    return {
      code: cause.code,
      message: cause.personMessage,
      ...(typeof retryAfterSeconds === 'number' ? { retryAfterSeconds } : {}),
      ...(wire ? { wire: wire as MedicErrorData['wire'] } : {}),
    };
  }
  if (cause instanceof ZodError) {
    const fields = cause.issues
      .slice(0, 20)
      .map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
    return { code: 'input.invalid', message: fields[0]?.message ?? 'Check what was entered', fields };
  }
  if (error.code === 'PAYLOAD_TOO_LARGE')
    return { code: 'input.too-large', message: 'What was sent is too large' };
  if (
    error.code === 'BAD_REQUEST' ||
    error.code === 'PARSE_ERROR' ||
    error.code === 'UNSUPPORTED_MEDIA_TYPE'
  ) {
    return { code: 'input.invalid', message: 'What was sent is not well formed' };
  }
  if (error.code === 'NOT_FOUND')
    return { code: 'record.unknown', message: 'There is nothing at this address' };
  return { code: 'internal', message: 'That did not work, and it is our fault' };
}

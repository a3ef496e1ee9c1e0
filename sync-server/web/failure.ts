/** What went wrong, as far as the visitor needs to know it. */
import type { ErrorCode } from '@medic/shared/errors';

export interface Failure {
  /**
   * `unreachable`: no answer came, so nobody knows whether the request arrived.
   * `ours`: the server answered that it failed, and cannot promise that nothing was done.
   */
  kind: 'unreachable' | 'not-found' | 'invalid' | 'wait' | 'ours';
  fields: { field: string; message: string }[];
}

const kinds: Partial<Record<ErrorCode, Failure['kind']>> = {
  'clinic.unknown': 'not-found',
  'record.unknown': 'not-found',
  'input.invalid': 'invalid',
  'input.too-large': 'invalid',
  // Both are answered before anything is written.
  'rate.limited': 'wait',
  'clinic.busy': 'wait',
  'server.stopping': 'wait',
};

/** Reads an error of ours (thrown on the server) or of tRPC's client (in the browser), whichever it is. */
export function failureOf(error: unknown): Failure {
  const shape = asObject(error);
  const data = asObject(shape?.data);
  const medic = medicOf(error);
  const kind = kinds[medic?.code as ErrorCode];
  const fields = Array.isArray(medic?.fields) ? (medic.fields as Failure['fields']) : [];
  if (kind) return { kind, fields };
  if (shape?.code === 'BAD_REQUEST') return { kind: 'invalid', fields: [] };
  if (shape?.name === 'TRPCClientError' && !data) return { kind: 'unreachable', fields: [] };
  return { kind: 'ours', fields: [] };
}

/** The server's own code; null where no answer of it came. */
export function codeOf(error: unknown): ErrorCode | null {
  const code = medicOf(error)?.code;
  return typeof code === 'string' && code.includes('.') ? (code as ErrorCode) : null;
}

function medicOf(error: unknown): Record<string, unknown> | undefined {
  const shape = asObject(error);
  return asObject(asObject(shape?.data)?.medic) ?? asObject(shape?.cause) ?? shape;
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

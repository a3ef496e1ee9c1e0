import { MedicError } from '@medic/shared/errors';
import { TRPCClientError } from '@trpc/client';
import { TRPCError } from '@trpc/server';
import { expect, test } from 'vitest';
import { failureOf } from './failure';

/** An error as tRPC's client makes it from the server's answer. */
function answered(code: string, fields?: { field: string; message: string }[]) {
  const data = { code: 'X', httpStatus: 400, medic: { code, message: 'm', fields } };
  return TRPCClientError.from({ error: { message: 'm', code: -32600, data } } as never);
}

test('an error of ours is understood as thrown, wrapped by the server, and answered over HTTP', () => {
  const thrown = new MedicError('clinic.unknown');
  expect(failureOf(thrown).kind).toBe('not-found');
  expect(failureOf(new TRPCError({ code: 'NOT_FOUND', cause: thrown })).kind).toBe('not-found');
  expect(failureOf(answered('clinic.unknown')).kind).toBe('not-found');
});

test('only an answer that nothing was written is told as such', () => {
  expect(failureOf(answered('rate.limited')).kind).toBe('wait');
  expect(failureOf(answered('clinic.busy')).kind).toBe('wait');
  expect(failureOf(answered('internal')).kind).toBe('ours');
  expect(failureOf(answered('database.unreachable')).kind).toBe('ours');
});

test('no answer at all leaves it open whether the request arrived', () => {
  expect(failureOf(TRPCClientError.from(new TypeError('Failed to fetch'))).kind).toBe('unreachable');
});

test('a refused input keeps its fields', () => {
  const fields = [{ field: 'patient.email', message: 'Check the e-mail address' }];
  expect(failureOf(answered('input.invalid', fields))).toEqual({ kind: 'invalid', fields });
});

test('a bug on the server is our fault', () => {
  expect(failureOf(new TypeError('x is undefined')).kind).toBe('ours');
});

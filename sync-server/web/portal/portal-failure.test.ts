import { expect, test } from 'vitest';
import { portalFailureOf } from './portal-failure';

function answered(code: string, more: object = {}) {
  return Object.assign(new Error(code), { name: 'TRPCClientError', data: { medic: { code, ...more } } });
}

test('a session that ended is told from none', () => {
  expect(portalFailureOf(answered('auth.required'))).toMatchObject({ kind: 'session', ended: false });
  expect(portalFailureOf(answered('auth.expired'))).toMatchObject({ kind: 'session', ended: true });
  expect(portalFailureOf(answered('auth.revoked'))).toMatchObject({ kind: 'session', ended: true });
});

test('a wrong code, a dead link and what is not allowed are told apart', () => {
  expect(portalFailureOf(answered('auth.code')).kind).toBe('code');
  expect(portalFailureOf(answered('auth.link')).kind).toBe('link');
  expect(portalFailureOf(answered('auth.forbidden')).kind).toBe('forbidden');
});

test('how long to wait is kept', () => {
  expect(portalFailureOf(answered('rate.limited', { retryAfterSeconds: 90 }))).toMatchObject({
    kind: 'wait',
    retryAfterSeconds: 90,
  });
});

test('no answer is no connection, and anything else is ours', () => {
  expect(portalFailureOf(Object.assign(new Error('fetch failed'), { name: 'TRPCClientError' })).kind).toBe(
    'unreachable',
  );
  expect(portalFailureOf(new TypeError('x is not a function')).kind).toBe('ours');
});

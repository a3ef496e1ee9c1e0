/**
 * The id under which something is asked for. It stays the same until an answer has come, so that a second click, a retry
 * or a reload asks for the same thing again and does it once. Kept in the tab alone.
 */
import { uuidv7 } from '@medic/shared/model/id';
import type { Instant } from '@medic/shared/time/instant';

const prefix = 'medic.portal.attempt.';
/** Where storage is switched off, this stands in for as long as the page lives. */
const memory = new Map<string, string>();

/** `wanted` says what is asked for, all of it: another wish is another attempt. */
export function attemptFor(wanted: string): string {
  const name = prefix + wanted;
  const kept = memory.get(name) ?? stored(name);
  if (kept) return kept;
  const requestId = uuidv7(Date.now() as Instant, crypto.getRandomValues(new Uint8Array(10)));
  memory.set(name, requestId);
  try {
    sessionStorage.setItem(name, requestId);
  } catch {
    return requestId;
  }
  return requestId;
}

export function forgetAttempt(wanted: string): void {
  memory.delete(prefix + wanted);
  try {
    sessionStorage.removeItem(prefix + wanted);
  } catch {
    memory.delete(prefix + wanted);
  }
}

function stored(name: string): string | null {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

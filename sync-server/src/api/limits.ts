import { createHash } from 'node:crypto';
import { MedicError } from '@medic/shared/errors';
import { RateLimiterMemory } from 'rate-limiter-flexible';

const minute = 60;
const hour = 3600;
const day = 86_400;

/**
 * Requests per time and key, in this process. Generous for people, tight for machines. Who somebody is counts as typed,
 * whether we know them or not, so that a limit tells nobody who is a patient.
 */
export class Limits {
  readonly #signIn: RateLimiterMemory;
  readonly #publicRead: RateLimiterMemory;
  readonly #publicHold: RateLimiterMemory;
  readonly #publicBook: RateLimiterMemory;
  readonly #identity: RateLimiterMemory;
  readonly #codeFrom: RateLimiterMemory;
  readonly #codeFor: RateLimiterMemory;
  readonly #tryFrom: RateLimiterMemory;
  readonly #tryFor: RateLimiterMemory;
  readonly #linkFrom: RateLimiterMemory;
  readonly #portalAct: RateLimiterMemory;
  readonly #birthDate: RateLimiterMemory;
  readonly #export: RateLimiterMemory;
  readonly #report: RateLimiterMemory;

  constructor(factor: number) {
    const limit = (points: number, duration: number) =>
      new RateLimiterMemory({ points: points * factor, duration });
    this.#signIn = limit(10, minute);
    this.#publicRead = limit(600, minute);
    this.#publicHold = limit(60, minute);
    this.#publicBook = limit(20, minute);
    this.#identity = limit(10, hour);
    // Of a telephone company's customers many share an address.
    this.#codeFrom = limit(60, 10 * minute);
    this.#codeFor = limit(3, 10 * minute);
    this.#tryFrom = limit(120, 10 * minute);
    this.#tryFor = limit(15, 10 * minute);
    this.#linkFrom = limit(300, 10 * minute);
    this.#portalAct = limit(60, minute);
    this.#birthDate = limit(10, day);
    this.#export = limit(5, hour);
    this.#report = limit(6, 10 * minute);
  }

  /** Ten tries a minute for one account from one address. */
  signIn(address: string, account: string): Promise<void> {
    return take(this.#signIn, `${networkOf(address)} ${account}`);
  }

  /** Reports of a desk: each is a line in the log. */
  report(deviceId: string): Promise<void> {
    return take(this.#report, deviceId);
  }

  /** All that is read on the public pages and in the portal. */
  publicRead(address: string): Promise<void> {
    return take(this.#publicRead, networkOf(address));
  }

  /** Challenges, holds, and what is done with them. */
  publicHold(address: string): Promise<void> {
    return take(this.#publicHold, networkOf(address));
  }

  publicBook(address: string): Promise<void> {
    return take(this.#publicBook, networkOf(address));
  }

  /** Bookings and waitlist entries for one person at one clinic, by the e-mail or telephone that was typed. */
  async identity(clinicId: string, who: { email: string | null; phone: string | null }): Promise<void> {
    if (who.email !== null) await take(this.#identity, hashed(clinicId, normalised(who.email)));
    if (who.phone !== null) await take(this.#identity, hashed(clinicId, who.phone));
  }

  /** One-time codes, from one address and to one. */
  async code(address: string, clinicId: string, email: string): Promise<void> {
    await take(this.#codeFrom, networkOf(address));
    await take(this.#codeFor, hashed(clinicId, normalised(email)));
  }

  /** Tries at a code. */
  async codeTry(address: string, clinicId: string, email: string): Promise<void> {
    await take(this.#tryFrom, networkOf(address));
    await take(this.#tryFor, hashed(clinicId, normalised(email)));
  }

  /** Links opened. Nobody finds one by trying. */
  linkTry(address: string): Promise<void> {
    return take(this.#linkFrom, networkOf(address));
  }

  portalAct(address: string): Promise<void> {
    return take(this.#portalAct, networkOf(address));
  }

  /** Tries at one patient's birth date, over all sessions. */
  birthDate(clinicId: string, patientId: string): Promise<void> {
    return take(this.#birthDate, hashed(clinicId, patientId));
  }

  export(clinicId: string, patientId: string): Promise<void> {
    return take(this.#export, hashed(clinicId, patientId));
  }
}

/** One household: of IPv6 the first 64 bits, since each of its machines has as many addresses as it likes. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const groups =
    tail === undefined
      ? left
      : [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

function normalised(email: string): string {
  return email.trim().toLowerCase();
}

/** Nobody's address stays in memory, where a dump would show it. */
function hashed(clinicId: string, what: string): string {
  return createHash('sha256').update(`${clinicId} ${what}`).digest('base64url');
}

async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refused) {
    if (refused instanceof Error) throw refused;
    const seconds = Math.max(1, Math.ceil((refused as { msBeforeNext: number }).msBeforeNext / 1000));
    throw new MedicError('rate.limited', 'rate limit', {
      personMessage: `Please wait ${waitInWords(seconds)}. Nothing is lost`,
      details: { retryAfterSeconds: seconds },
    });
  }
}

function waitInWords(seconds: number): string {
  if (seconds < 60) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}

/**
 * Proof of work: before a visitor's browser may keep or take time, it has to compute for a moment. A person does not
 * notice; whoever wants to hold a thousand times pays for each. No third party is asked.
 *
 * The server keeps nothing: the challenge is signed, and bound to the clinic, the visitor and the request that it is
 * for. A request is decided once, whichever process decides it, so a proof is good once.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type Instant, instant, minuteMs } from '@medic/shared/time/instant';

export interface Challenge {
  challenge: string;
  rounds: number;
  bits: number;
  expiresAt: Instant;
}

export interface Proof {
  challenge: string;
  /** One per round. */
  nonces: number[];
}

/** Whom and what a challenge is for. */
export interface ProofSubject {
  clinicId: string;
  holder: string;
  requestId: string;
}

const lifeMs = 10 * minuteMs;

/**
 * Many small puzzles instead of a large one: the time it takes varies by a third, not by its whole. With 13 bits about
 * 65,000 hashes: 0.2 s on a cheap phone.
 */
const roundsAsked = 8;
export const usualProofBits = 13;
/** More than this a telephone would notice. */
const mostBits = 20;

export class VisitorProofs {
  readonly #key: Buffer;
  readonly #bits: number;
  readonly #now: () => Instant;

  /** No bits: no proof is asked for (load tests). */
  constructor(key: Buffer, bits: number, now: () => Instant) {
    this.#key = key;
    this.#bits = Math.min(bits, mostBits);
    this.#now = now;
  }

  get areAsked(): boolean {
    return this.#bits > 0;
  }

  challenge(subject: ProofSubject): Challenge {
    const expiresAt = instant(this.#now() + lifeMs);
    const rounds = this.areAsked ? roundsAsked : 0;
    const claims = `${expiresAt}.${rounds}.${this.#bits}`;
    return {
      challenge: `${claims}.${this.#sign(claims, subject)}`,
      rounds,
      bits: this.#bits,
      expiresAt,
    };
  }

  isProven(proof: Proof | null, subject: ProofSubject): boolean {
    if (!this.areAsked) return true;
    if (!proof) return false;
    const { challenge, nonces } = proof;
    const at = challenge.lastIndexOf('.');
    const claims = challenge.slice(0, at);
    if (!isSame(challenge.slice(at + 1), this.#sign(claims, subject))) return false;
    // Signed by us, so of this shape.
    const [expiresAt = 0, rounds = 0, bits = 0] = claims.split('.').map(Number);
    if (expiresAt <= this.#now() || nonces.length !== rounds) return false;
    return nonces.every((nonce, round) => leadingZeroBits(`${challenge}.${round}.${nonce}`) >= bits);
  }

  #sign(claims: string, { clinicId, holder, requestId }: ProofSubject): string {
    return createHmac('sha256', this.#key)
      .update(`${clinicId} ${holder} ${requestId} ${claims}`)
      .digest('base64url');
  }
}

function isSame(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

function leadingZeroBits(text: string): number {
  // Of 32 bits, more than is ever asked for.
  return Math.clz32(createHash('sha256').update(text).digest().readUInt32BE(0));
}

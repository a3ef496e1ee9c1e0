import { MedicError } from '@medic/shared/errors';
import { RateLimiterMemory } from 'rate-limiter-flexible';

/** Requests per time and key, in this process. Generous for people, tight for machines. */
export class Limits {
  readonly #signIn: RateLimiterMemory;
  readonly #publicRead: RateLimiterMemory;
  readonly #publicBook: RateLimiterMemory;

  constructor(factor: number) {
    this.#signIn = new RateLimiterMemory({ points: 10 * factor, duration: 60 });
    this.#publicRead = new RateLimiterMemory({ points: 600 * factor, duration: 60 });
    this.#publicBook = new RateLimiterMemory({ points: 20 * factor, duration: 60 });
  }

  /** Ten tries a minute for one account from one address. */
  signIn(address: string, account: string): Promise<void> {
    return take(this.#signIn, `${address} ${account}`);
  }
  publicRead(address: string): Promise<void> {
    return take(this.#publicRead, address);
  }
  publicBook(address: string): Promise<void> {
    return take(this.#publicBook, address);
  }
}

async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refused) {
    if (refused instanceof Error) throw refused;
    const seconds = Math.max(1, Math.ceil((refused as { msBeforeNext: number }).msBeforeNext / 1000));
    throw new MedicError('rate.limited', 'rate limit', {
      personMessage: `Wait ${seconds} second${seconds === 1 ? '' : 's'} and try again. Nothing is lost`,
      details: { retryAfterSeconds: seconds },
    });
  }
}

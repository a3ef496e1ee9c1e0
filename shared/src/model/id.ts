import type { Instant } from '../time/instant';

/**
 * A UUID version 7 (RFC 9562, 5.7): 48 bits of milliseconds, then random bits. Pure: the caller brings the time and
 * ten random bytes.
 */
export function uuidv7(now: Instant, random: Uint8Array): string {
  let hex = Math.max(0, now).toString(16).padStart(12, '0');
  for (let i = 0; i < 10; i++) {
    let byte = random[i] ?? 0;
    if (i === 0) byte = 0x70 | (byte & 0x0f);
    if (i === 2) byte = 0x80 | (byte & 0x3f);
    hex += byte.toString(16).padStart(2, '0');
  }
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}

/**
 * UUIDs version 7 whose order is the order of making, also within one millisecond and when the clock steps back
 * (RFC 9562, 6.2, method 1: a counter of 12 bits behind the time; when it runs over, the time moves on).
 */
export class OrderedIds {
  #lastMs = 0;
  #count = 0;

  next(now: Instant, random: Uint8Array): string {
    if (now > this.#lastMs) {
      this.#lastMs = now;
      this.#count = 0;
    } else if (this.#count < 0xfff) {
      this.#count += 1;
    } else {
      this.#lastMs += 1;
      this.#count = 0;
    }
    const bytes = Uint8Array.from(random);
    bytes[0] = this.#count >> 8;
    bytes[1] = this.#count & 0xff;
    return uuidv7(this.#lastMs as Instant, bytes);
  }
}

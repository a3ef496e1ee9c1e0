/** Who comes to the public pages: nobody that we know, but the same browser again. */
import { createHash, createHmac, randomBytes } from 'node:crypto';

/** What the cookie holds: 128 random bits. */
export function newVisitorSecret(): string {
  return randomBytes(16).toString('base64url');
}

export function isVisitorSecret(text: string): boolean {
  return /^[\w-]{22}$/.test(text);
}

/** How a visitor's holds are marked. Whoever reads the database cannot pass for the visitor. */
export function holderOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** A key for one purpose, so that what is signed for one is worth nothing for another. */
export function keyFor(secret: Buffer, purpose: string): Buffer {
  return createHmac('sha256', secret).update(`medic ${purpose}`).digest();
}

/**
 * `Seal` by WebCrypto's AES-256-GCM. A blob is: version (1 byte), key id (4), nonce (12), then what AES-GCM made of
 * it with the tag (16) at its end. The place is the associated data.
 *
 * Nonces are random. Two equal ones under one key would give that pair away; with 96 bits the chance stays below
 * 2^-32 for up to 2^32 blobs (NIST SP 800-38D, 8.3), which is 1,000 a second for 49 days without a pause, over and
 * over. A counter would have to survive every crash and be shared by all tabs, and one lost write would break it.
 */
import { type Seal, SealFailure } from '@medic/shared/sync/seal';

/** May be handed to another tab as it is, but its bytes can no longer be read out. */
export interface DeskKey {
  readonly id: string;
  readonly aes: CryptoKey;
}

const formatVersion = 1;
const idBytes = 4;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + idBytes + nonceBytes;
export const keyBytes = 32;

const text = new TextEncoder();

export function newKeyBytes(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(keyBytes));
}

/** The sealing key and its id are both derived, so that the id tells nothing about the key. */
export async function deskKey(bytes: Uint8Array<ArrayBuffer>): Promise<DeskKey> {
  if (bytes.length !== keyBytes) throw new Error(`Broken invariant: a key of ${bytes.length} bytes`);
  const base = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey', 'deriveBits']);
  const [aes, id] = await Promise.all([
    crypto.subtle.deriveKey(hkdf('medic seal'), base, { name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]),
    crypto.subtle.deriveBits(hkdf('medic key id'), base, idBytes * 8),
  ]);
  return { aes, id: hex(new Uint8Array(id)) };
}

export function sealUnder({ id, aes }: DeskKey): Seal {
  const head = new Uint8Array(1 + idBytes);
  head[0] = formatVersion;
  head.set(fromHex(id), 1);

  async function seal(plain: Uint8Array, place: string): Promise<Uint8Array> {
    const blob = new Uint8Array(headBytes + plain.length + tagBytes);
    blob.set(head);
    const iv = crypto.getRandomValues(blob.subarray(head.length, headBytes));
    const sealed = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv, additionalData: bytesOf(place) },
      aes,
      plain as Uint8Array<ArrayBuffer>,
    );
    blob.set(new Uint8Array(sealed), headBytes);
    return blob;
  }

  async function open(sealed: Uint8Array, place: string): Promise<Uint8Array> {
    if (sealed.length < headBytes + tagBytes || sealed[0] !== formatVersion)
      throw new SealFailure('damaged', place);
    for (let i = 1; i < head.length; i++) {
      if (sealed[i] !== head[i]) throw new SealFailure('wrong-key', place);
    }
    const bytes = sealed as Uint8Array<ArrayBuffer>;
    try {
      return new Uint8Array(
        await crypto.subtle.decrypt(
          {
            name: 'AES-GCM',
            iv: bytes.subarray(head.length, headBytes),
            additionalData: bytesOf(place),
          },
          aes,
          bytes.subarray(headBytes),
        ),
      );
    } catch (error) {
      throw new SealFailure('damaged', place, error);
    }
  }

  return { keyId: id, seal, open };
}

const scratch = new Uint8Array(256);

/**
 * Good until the next call: WebCrypto copies what it is given before it returns. Seventy thousand documents are sealed in
 * a row, and a buffer of its own for each place was a tenth of that.
 */
function bytesOf(place: string): Uint8Array<ArrayBuffer> {
  // No character takes more than three bytes.
  if (place.length * 3 > scratch.length) return text.encode(place);
  return scratch.subarray(0, text.encodeInto(place, scratch).written);
}

function hkdf(info: string): HkdfParams {
  return { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: text.encode(info) };
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function fromHex(digits: string): Uint8Array {
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16),
  );
}

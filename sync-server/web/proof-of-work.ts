/**
 * Solves the server's proof of work: for each round a number such that SHA-256 of `challenge.round.number` begins with
 * so many zero bits. Own SHA-256, because the browser's answers one hash at a time through a promise, ten times slower.
 */

export interface Challenge {
  challenge: string;
  rounds: number;
  bits: number;
}

export interface Proof {
  challenge: string;
  nonces: number[];
}

/** Between two of these the page answers to the visitor. */
const longestStretchMs = 12;

export async function solveProof({ challenge, rounds, bits }: Challenge): Promise<Proof> {
  const nonces: number[] = [];
  let since = performance.now();
  for (let round = 0; round < rounds; round++) {
    const puzzle = new Puzzle(`${challenge}.${round}.`);
    for (let nonce = 0; ; nonce++) {
      if (puzzle.leadingZeroBits(nonce) >= bits) {
        nonces.push(nonce);
        break;
      }
      if ((nonce & 255) === 255 && performance.now() - since > longestStretchMs) {
        await new Promise((resolve) => setTimeout(resolve));
        since = performance.now();
      }
    }
  }
  return { challenge, nonces };
}

const blockBytes = 64;

const constants = new Uint32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]);
const start = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

/** One text with a number behind it, hashed for many numbers. The blocks before the number's are hashed once. */
class Puzzle {
  readonly #before = new Uint32Array(start);
  readonly #state = new Uint32Array(8);
  readonly #words = new Uint32Array(64);
  /** What of the text lies in the last blocks, and room for the number, the end mark and the length. */
  readonly #tail = new Uint8Array(3 * blockBytes);
  readonly #tailLength: number;
  readonly #textLength: number;

  constructor(text: string) {
    const bytes = new TextEncoder().encode(text);
    const whole = Math.floor(bytes.length / blockBytes) * blockBytes;
    for (let at = 0; at < whole; at += blockBytes) this.#compress(this.#before, bytes, at);
    this.#tail.set(bytes.subarray(whole));
    this.#tailLength = bytes.length - whole;
    this.#textLength = bytes.length;
  }

  /** Of the first 32 bits. */
  leadingZeroBits(nonce: number): number {
    const digits = String(nonce);
    const tail = this.#tail;
    let end = this.#tailLength;
    for (let i = 0; i < digits.length; i++) tail[end++] = digits.charCodeAt(i);
    tail[end++] = 0x80;
    const blocks = end + 8 > blockBytes ? 2 : 1;
    const length = blocks * blockBytes;
    tail.fill(0, end, length);
    const bitLength = (this.#textLength + digits.length) * 8;
    tail[length - 4] = bitLength >>> 24;
    tail[length - 3] = bitLength >>> 16;
    tail[length - 2] = bitLength >>> 8;
    tail[length - 1] = bitLength;
    this.#state.set(this.#before);
    for (let at = 0; at < length; at += blockBytes) this.#compress(this.#state, tail, at);
    return Math.clz32(this.#state[0] as number);
  }

  /** FIPS 180-4, 6.2.2. Indices are all in range, which the compiler cannot see. */
  #compress(state: Uint32Array, bytes: Uint8Array, at: number): void {
    const w = this.#words as unknown as number[];
    const b = bytes as unknown as number[];
    const k = constants as unknown as number[];
    for (let i = 0; i < 16; i++) {
      const j = at + i * 4;
      w[i] =
        ((b[j] as number) << 24) |
        ((b[j + 1] as number) << 16) |
        ((b[j + 2] as number) << 8) |
        (b[j + 3] as number);
    }
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15] as number;
      const y = w[i - 2] as number;
      const s0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
      const s1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
      w[i] = ((w[i - 16] as number) + s0 + (w[i - 7] as number) + s1) | 0;
    }
    let [a, c, d, e, f, g, h, l] = state as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    for (let i = 0; i < 64; i++) {
      const s1 = turn(f, 6) ^ turn(f, 11) ^ turn(f, 25);
      const t1 = (l + s1 + ((f & g) ^ (~f & h)) + (k[i] as number) + (w[i] as number)) | 0;
      const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
      const t2 = (s0 + ((a & c) ^ (a & d) ^ (c & d))) | 0;
      l = h;
      h = g;
      g = f;
      f = (e + t1) | 0;
      e = d;
      d = c;
      c = a;
      a = (t1 + t2) | 0;
    }
    const sums = [a, c, d, e, f, g, h, l];
    for (let i = 0; i < 8; i++) state[i] = ((state[i] as number) + (sums[i] as number)) | 0;
  }
}

function turn(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

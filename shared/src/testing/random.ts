/**
 * Chance that can be replayed: the same seed gives the same values on every machine. For tests and the demo clinic,
 * never for secrets.
 */
import { uuidv7 } from '../model/id';
import type { Instant } from '../time/instant';

export interface Random {
  /** 0 up to, and without, 1. */
  next(): number;
  /** A whole number, both ends included. */
  integer(min: number, max: number): number;
  /** True with the probability `p`. */
  chance(p: number): boolean;
  /** One of a list, which must not be empty. */
  pick<T>(list: readonly T[]): T;
  /** One of several, as often as its weight says. */
  weighted<T>(choices: readonly (readonly [T, number])[]): T;
  /** A UUID version 7 made at an instant. */
  id(at: Instant): string;
  /** A source of its own: what is drawn there shifts nothing here. */
  fork(label: string): Random;
}

export function randomFrom(seed: string): Random {
  const next32 = sfc32(seed);
  const bytes = new Uint8Array(10);

  function next(): number {
    return next32() / 0x1_0000_0000;
  }

  function integer(min: number, max: number): number {
    return min + Math.floor(next() * (max - min + 1));
  }

  return {
    next,
    integer,
    chance: (p) => next() < p,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new RangeError('Nothing to pick from');
      return list[integer(0, list.length - 1)] as T;
    },
    weighted<T>(choices: readonly (readonly [T, number])[]): T {
      let left = next() * choices.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [value, weight] of choices) {
        left -= weight;
        if (left < 0) return value;
      }
      const last = choices.at(-1);
      if (!last) throw new RangeError('Nothing to pick from');
      return last[0];
    },
    id(at) {
      for (let i = 0; i < 10; i += 4) {
        const word = next32();
        bytes[i] = word & 0xff;
        bytes[i + 1] = (word >>> 8) & 0xff;
        if (i + 2 < 10) {
          bytes[i + 2] = (word >>> 16) & 0xff;
          bytes[i + 3] = word >>> 24;
        }
      }
      return uuidv7(at, bytes);
    },
    fork: (label) => randomFrom(`${seed}/${label}`),
  };
}

/** Chris Doty-Humphrey's Small Fast Counter, 32 bits: passes PractRand, period at least 2^32. */
function sfc32(seed: string): () => number {
  let [a, b, c] = hash(seed);
  let counter = 1;
  function next(): number {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return t >>> 0;
  }
  // Its author's advice: seeds that are alike part only after some rounds.
  for (let i = 0; i < 15; i++) next();
  return next;
}

/** Three words of FNV-1a over the text, each with its own offset. */
function hash(text: string): [number, number, number] {
  const words = [0x811c9dc5, 0x9e3779b9, 0x85ebca6b].map((offset) => {
    let h = offset;
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    return h | 0;
  });
  return words as [number, number, number];
}

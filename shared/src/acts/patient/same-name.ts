/**
 * Whether two names may be of one person: written with or without accents, hyphens and apostrophes, in any case,
 * and with the family name first or last.
 */

export interface PersonName {
  givenName: string;
  familyName: string;
}

/**
 * `same`: the same words, whatever their order and accents. `part`: one has more words, such as a second family name.
 * `near`: a slip of the pen in one or both. `given`: only the given name is the same. `other`: none of these.
 */
export type NameLikeness = 'same' | 'part' | 'near' | 'given' | 'other';

interface NameKeys {
  /** Letters only. */
  given: string;
  family: string;
  /** The words of both names, sorted. */
  words: readonly string[];
}

/** Letters that do not come apart under NFD. */
const singleLetters: Readonly<Record<string, string>> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ŧ: 't',
  þ: 't',
  æ: 'a',
  œ: 'o',
  ß: 's',
};

/** The same letters as they are written where the keyboard has no accents. */
const spelledOut: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  ß: 'ss',
  å: 'aa',
  æ: 'ae',
  ø: 'oe',
  œ: 'oe',
  þ: 'th',
};

// Records are never changed in place, so what was worked out for one holds as long as it lives.
const known = new WeakMap<PersonName, readonly NameKeys[]>();

export function nameLikeness(a: PersonName, b: PersonName): NameLikeness {
  const left = keysOf(a);
  const right = keysOf(b);
  if (anyPair(left, right, same)) return 'same';
  if (anyPair(left, right, isPart)) return 'part';
  if (anyPair(left, right, near)) return 'near';
  if (anyPair(left, right, (x, y) => x.given === y.given)) return 'given';
  return 'other';
}

/** A text as it is compared: small letters without accents, marks and spaces. */
export function comparable(text: string): string {
  return plain(text).replace(/[^\p{Letter}\p{Number}]/gu, '');
}

function keysOf(name: PersonName): readonly NameKeys[] {
  const before = known.get(name);
  if (before) return before;
  // One of the names may be spelled out and the other not.
  const keys = spellingsOf(name.givenName).flatMap((given) =>
    spellingsOf(name.familyName).map((family) => keysFrom(given, family)),
  );
  known.set(name, keys);
  return keys;
}

function keysFrom(givenName: string, familyName: string): NameKeys {
  return {
    given: comparable(givenName),
    family: comparable(familyName),
    words: [...wordsOf(givenName), ...wordsOf(familyName)].sort(),
  };
}

/** An apostrophe joins (`O'Brien` is one word), a hyphen parts. */
function wordsOf(text: string): string[] {
  return plain(text)
    .replace(/['’‘ʼ`´]/g, '')
    .split(/[^\p{Letter}\p{Number}]+/u)
    .filter((word) => word !== '');
}

function lower(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

function plain(text: string): string {
  return lower(text)
    .replace(/[łøđðħıŧþæœß]/g, (letter) => singleLetters[letter] ?? letter)
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '');
}

function spellingsOf(text: string): string[] {
  const usual = lower(text);
  const long = usual.replace(/[äöüßåæøœþ]/g, (letter) => spelledOut[letter] ?? letter);
  return long === usual ? [usual] : [usual, long];
}

function anyPair(
  left: readonly NameKeys[],
  right: readonly NameKeys[],
  test: (a: NameKeys, b: NameKeys) => boolean,
): boolean {
  return left.some((a) => right.some((b) => test(a, b)));
}

function same(a: NameKeys, b: NameKeys): boolean {
  return (
    (a.given === b.given && a.family === b.family) ||
    (a.given === b.family && a.family === b.given) ||
    (a.words.length === b.words.length && a.words.every((word, i) => word === b.words[i]))
  );
}

/** All words of the shorter, two at least, stand in the longer. */
function isPart(a: NameKeys, b: NameKeys): boolean {
  const [few, many] = a.words.length < b.words.length ? [a.words, b.words] : [b.words, a.words];
  if (few.length < 2 || few.length === many.length) return false;
  const left = [...many];
  return few.every((word) => {
    const at = left.indexOf(word);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

function near(a: NameKeys, b: NameKeys): boolean {
  return (
    (isNear(a.given, b.given) && isNear(a.family, b.family)) ||
    (isNear(a.given, b.family) && isNear(a.family, b.given))
  );
}

/** One slip in a name of four letters or more, two from eight on; in three letters only two that changed places. */
function isNear(a: string, b: string): boolean {
  if (a === b) return true;
  const shorter = Math.min(a.length, b.length);
  if (shorter < 3) return false;
  if (shorter === 3) return a.length === b.length && [...a].sort().join() === [...b].sort().join();
  const allowed = shorter < 8 ? 1 : 2;
  return Math.abs(a.length - b.length) <= allowed && slipsBetween(a, b) <= allowed;
}

/** Letters added, left out, mistaken, or swapped with their neighbour (optimal string alignment). */
function slipsBetween(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const mistaken = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(cell(last, j) + 1, cell(row, j - 1) + 1, cell(last, j - 1) + mistaken);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, cell(beforeLast, j - 2) + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return cell(last, b.length);
}

function cell(row: readonly number[], at: number): number {
  return row[at] ?? Number.POSITIVE_INFINITY;
}

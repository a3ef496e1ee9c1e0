/** Finds patients by what a receptionist types: parts of names in any order, digits of a phone, a birth date. */
import type { Patient } from '@medic/shared/model/patient';
import type { Instant } from '@medic/shared/time/instant';
import { dayMs } from '@medic/shared/time/instant';
import type { PatientHit } from '../desk';

interface Names {
  given: string;
  family: string;
  /** Starts of the words within the folded names: `Anna-Maria Nowak-Zielińska` has four. */
  givenWords: readonly number[];
  familyWords: readonly number[];
}

interface Entry extends Names {
  patient: Patient;
  /** The names in two-letter spelling (`Mueller`, `Strauss`), where that differs. */
  spelledOut: Names | null;
  phoneDigits: string;
  /** `19840312`, `12031984`, `120384`; empty without a birth date. */
  births: readonly string[];
}

const spellings: Record<string, string> = {
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

/** Letters that do not come apart under NFD. Each is one letter in, so that matches keep their places. */
const singleLetters: Record<string, string> = {
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

/**
 * Small letters without accents, as many characters as came in, so that a match can be shown in the original.
 */
export function fold(text: string): string {
  const small = text.toLowerCase();
  if (isAscii(small)) return small;
  let folded = '';
  for (const letter of small.normalize('NFC')) folded += plainLetter(letter);
  return folded;
}

/** Every letter is worked out once: taking accents off is most of the work of indexing 20,000 names. */
const plainLetters = new Map<string, string>();

function plainLetter(letter: string): string {
  let plain = plainLetters.get(letter);
  if (plain === undefined) {
    plain = (singleLetters[letter] ?? letter.normalize('NFD').charAt(0)).padEnd(letter.length);
    plainLetters.set(letter, plain);
  }
  return plain;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

function wordStarts(folded: string): number[] {
  const starts: number[] = [];
  for (let i = 0; i < folded.length; i++) {
    if (isWordCharacter(folded.charCodeAt(i)) && (i === 0 || !isWordCharacter(folded.charCodeAt(i - 1))))
      starts.push(i);
  }
  return starts;
}

function isWordCharacter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code > 127;
}

function entryOf(patient: Patient): Entry {
  const [year = '', month = '', day = ''] = patient.birthDate?.split('-') ?? [];
  return {
    patient,
    ...namesOf(fold(patient.givenName), fold(patient.familyName)),
    spelledOut: spelledOut(patient),
    phoneDigits: patient.phone?.replace(/\D/g, '') ?? '',
    births: patient.birthDate ? [year + month + day, day + month + year, day + month + year.slice(2)] : [],
  };
}

function namesOf(given: string, family: string): Names {
  return { given, family, givenWords: wordStarts(given), familyWords: wordStarts(family) };
}

function spelledOut(patient: Patient): Names | null {
  if (isAscii(patient.givenName) && isAscii(patient.familyName)) return null;
  const [given, family] = [patient.givenName, patient.familyName].map((name) =>
    name
      .normalize('NFC')
      .toLowerCase()
      .replace(/[äöüßåæøœþ]/g, (letter) => spellings[letter] ?? letter),
  );
  if (given === undefined || family === undefined) return null;
  const same =
    given === patient.givenName.normalize('NFC').toLowerCase() &&
    family === patient.familyName.normalize('NFC').toLowerCase();
  return same ? null : namesOf(fold(given), fold(family));
}

interface Query {
  words: string[];
  /** Only digits, without the country's trunk `0` or `00`. */
  digits: string;
  birth: string;
}

/** `12.3.1984` and `1984-3-12` are dates whatever their zeros; other digits may be a date or a phone number. */
function parseQuery(text: string): Query {
  const trimmed = text.trim();
  const words = fold(trimmed)
    .split(/[\s,;]+/)
    .filter((word) => /[a-z\u0080-\uffff]/.test(word));
  const rest =
    words.length === 0
      ? trimmed
      : trimmed
          .split(/[\s,;]+/)
          .filter((word) => /^[+\d][\d./()-]*$/.test(word))
          .join(' ');
  const yearFirst = /^(\d{4})[-./ ](\d{1,2})[-./ ](\d{1,2})$/.exec(rest);
  const dayFirst = /^(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4}|\d{2})$/.exec(rest);
  if (yearFirst) {
    const [, year = '', month = '', day = ''] = yearFirst;
    return { words, digits: '', birth: year + month.padStart(2, '0') + day.padStart(2, '0') };
  }
  if (dayFirst) {
    const [, day = '', month = '', year = ''] = dayFirst;
    return { words, digits: '', birth: day.padStart(2, '0') + month.padStart(2, '0') + year };
  }
  const digits = rest.replace(/\D/g, '');
  return {
    words,
    digits: digits.replace(/^0{1,2}/, ''),
    birth: digits.length === 8 || digits.length === 6 ? digits : '',
  };
}

export class PatientIndex {
  readonly #entries = new Map<string, Entry>();
  /** Patients by the first letters of their names' words. */
  readonly #byLetter = new Map<string, Set<Entry>>();

  put(patient: Patient): void {
    this.remove(patient.id);
    const entry = entryOf(patient);
    this.#entries.set(patient.id, entry);
    for (const letter of lettersOf(entry)) {
      const entries = this.#byLetter.get(letter);
      if (entries) entries.add(entry);
      else this.#byLetter.set(letter, new Set([entry]));
    }
  }

  remove(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    for (const letter of lettersOf(entry)) this.#byLetter.get(letter)?.delete(entry);
  }

  /**
   * `shown` are patients that pending intents made or changed: they stand in place of the replica's. `nearestVisit`
   * is how far a patient's nearest visit lies from now; who is here today stands first among equals.
   */
  search(
    text: string,
    limit: number,
    shown: readonly Patient[],
    nearestVisit: (patientId: string) => number | undefined,
  ): PatientHit[] {
    const query = parseQuery(text);
    if (query.words.length === 0 && query.digits.length < 2 && query.birth === '') return [];
    const best = new Map<string, PatientHit>();
    const keep = (found: PatientHit, score: number) => {
      const hit = this.#survivorHit({ ...found, score }, shown);
      if (hit && (best.get(hit.patient.id)?.score ?? -1) < hit.score) best.set(hit.patient.id, hit);
    };
    for (const hit of this.#matches(query, shown, nearestVisit)) keep(hit, hit.score);
    for (const split of splitsOf(query)) {
      for (const hit of this.#matches(split, shown, nearestVisit)) keep(hit, hit.score - splitCost);
    }
    return [...best.values()].sort(better).slice(0, limit);
  }

  /** A record that was merged leads to the one that stayed, a little behind those that are called so themselves. */
  #survivorHit(hit: PatientHit, shown: readonly Patient[]): PatientHit | null {
    if (hit.patient.mergedIntoId === null) return hit;
    let patient: Patient | undefined = hit.patient;
    for (let step = 0; patient && patient.mergedIntoId !== null && step < 20; step++) {
      const next: string = patient.mergedIntoId;
      patient = shown.find((each) => each.id === next) ?? this.#entries.get(next)?.patient;
    }
    if (!patient || patient.mergedIntoId !== null) return null;
    return {
      patient,
      score: hit.score - formerCost,
      givenMatch: null,
      familyMatch: null,
      formerName: `${hit.patient.familyName} ${hit.patient.givenName}`,
    };
  }

  #matches(
    query: Query,
    shown: readonly Patient[],
    nearestVisit: (patientId: string) => number | undefined,
  ): PatientHit[] {
    const hits: PatientHit[] = [];
    const overridden = new Set(shown.map((patient) => patient.id));
    for (const patient of shown) take(entryOf(patient), query, nearestVisit, hits);
    for (const entry of this.#candidates(query)) {
      if (!overridden.has(entry.patient.id)) take(entry, query, nearestVisit, hits);
    }
    return hits;
  }

  /** The smallest set that holds all matches: by the rarest first letter, or everybody for digits. */
  #candidates(query: Query): Iterable<Entry> {
    let smallest: Set<Entry> | null = null;
    for (const word of query.words) {
      const entries = this.#byLetter.get(word.charAt(0)) ?? new Set<Entry>();
      if (smallest === null || entries.size < smallest.size) smallest = entries;
    }
    return smallest ?? this.#entries.values();
  }
}

/** A guess costs a little: among equals a name that was typed with its space comes first. */
const splitCost = 20;
/** More than being here today is worth. */
const formerCost = 11;

/** Letters of both names typed without the space between, which saves a key: `poa` is `po a` and `p oa`. */
function splitsOf(query: Query): Query[] {
  const [word = ''] = query.words;
  if (query.words.length !== 1 || word.length < 2 || word.length > 6) return [];
  return Array.from({ length: word.length - 1 }, (_, i) => ({
    ...query,
    words: [word.slice(0, i + 1), word.slice(i + 1)],
  }));
}

function lettersOf(entry: Entry): Set<string> {
  return new Set([
    ...entry.givenWords.map((start) => entry.given.charAt(start)),
    ...entry.familyWords.map((start) => entry.family.charAt(start)),
  ]);
}

function take(
  entry: Entry,
  query: Query,
  nearestVisit: (patientId: string) => number | undefined,
  hits: PatientHit[],
): void {
  const names = matchWords(entry, query.words) ?? matchSpelledOut(entry, query.words);
  if (!names) return;
  let score = names.score;
  if (query.birth !== '' || query.digits !== '') {
    const numbers = matchDigits(entry, query);
    if (numbers === 0) return;
    score += numbers;
  }
  const distance = nearestVisit(entry.patient.id);
  // At most 10: who was here today comes before a stranger with the same letters, never before a better match.
  if (distance !== undefined) score += 10 / (1 + distance / dayMs);
  hits.push({ patient: entry.patient, score, givenMatch: names.given, familyMatch: names.family });
}

function matchDigits(entry: Entry, query: Query): number {
  if (query.birth !== '' && entry.births.includes(query.birth)) return 60;
  if (query.digits.length < 2) return 0;
  if (entry.phoneDigits.endsWith(query.digits)) return 50;
  return entry.phoneDigits.includes(query.digits) ? 30 : 0;
}

/** Without places: they would lie in a spelling that nobody sees. */
function matchSpelledOut(entry: Entry, words: readonly string[]): NameMatch | null {
  const match = entry.spelledOut && matchWords(entry.spelledOut, words);
  return match && { score: match.score, given: null, family: null };
}

interface NameMatch {
  score: number;
  given: readonly [number, number] | null;
  family: readonly [number, number] | null;
}

/**
 * Every word typed must begin a word of the name, each another one; of the ways to lay them the best counts.
 * At most four words are looked at, which keeps the ways few.
 */
function matchWords(entry: Names, words: readonly string[]): NameMatch | null {
  if (words.length === 0) return { score: 0, given: null, family: null };
  if (words.length === 1) {
    const word = words[0] ?? '';
    return bestOf(inFamily(entry, word, -1), inGiven(entry, word, -1));
  }
  let best: NameMatch | null = null;
  for (const familyFirst of [true, false]) {
    const match = layWords(entry, words.slice(0, 4), familyFirst);
    if (match && (!best || match.score > best.score)) best = match;
  }
  return best;
}

function layWords(entry: Names, words: readonly string[], familyFirst: boolean): NameMatch | null {
  const laid: NameMatch = { score: 0, given: null, family: null };
  for (const word of words) {
    const nextFamily = inFamily(entry, word, laid.family ? laid.family[1] - 1 : -1);
    const nextGiven = inGiven(entry, word, laid.given ? laid.given[1] - 1 : -1);
    // The other name stays for the words that follow, unless this word fits only there.
    const useFamily: boolean =
      nextFamily !== null &&
      (nextGiven === null || (familyFirst ? laid.family === null : laid.given !== null));
    const match = useFamily ? nextFamily : nextGiven;
    if (!match) return null;
    laid.score += match.score;
    if (match.family) laid.family = [laid.family?.[0] ?? match.family[0], match.family[1]];
    if (match.given) laid.given = [laid.given?.[0] ?? match.given[0], match.given[1]];
  }
  return laid;
}

function inFamily(entry: Names, word: string, after: number): NameMatch | null {
  const start = startIn(entry.family, entry.familyWords, word, after);
  if (start < 0) return null;
  return {
    score: 22 + exactness(entry.family, start, word),
    given: null,
    family: [start, start + word.length],
  };
}

function inGiven(entry: Names, word: string, after: number): NameMatch | null {
  const start = startIn(entry.given, entry.givenWords, word, after);
  if (start < 0) return null;
  return {
    score: 20 + exactness(entry.given, start, word),
    given: [start, start + word.length],
    family: null,
  };
}

function startIn(name: string, starts: readonly number[], word: string, after: number): number {
  for (const start of starts) if (start > after && name.startsWith(word, start)) return start;
  return -1;
}

/** A whole word counts more than its beginning, the first word of a name more than a later one. */
function exactness(name: string, start: number, word: string): number {
  const end = start + word.length;
  const whole = end === name.length || !isWordCharacter(name.charCodeAt(end));
  return (whole ? 20 : 0) + (start === 0 ? 5 : 0);
}

function bestOf(a: NameMatch | null, b: NameMatch | null): NameMatch | null {
  if (!a || !b) return a ?? b;
  return a.score >= b.score ? a : b;
}

function better(a: PatientHit, b: PatientHit): number {
  return (
    b.score - a.score ||
    compare(a.patient.familyName, b.patient.familyName) ||
    compare(a.patient.givenName, b.patient.givenName) ||
    compare(a.patient.id, b.patient.id)
  );
}

/** By code units: `localeCompare` is a hundred times slower, and the order of equals need only be the same again. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** How far each patient's nearest visit lies from now; made again when visits changed, at most every `staleMs`. */
export class VisitDistances {
  #distances = new Map<string, number>();
  #madeAt = Number.NEGATIVE_INFINITY;
  #stale = true;

  markStale(): void {
    this.#stale = true;
  }

  of(
    visits: () => Iterable<{ patientId: string; startsAt: Instant }>,
    now: Instant,
  ): (patientId: string) => number | undefined {
    const staleMs = 30_000;
    if (now - this.#madeAt > (this.#stale ? staleMs : 600_000)) {
      const distances = new Map<string, number>();
      for (const { patientId, startsAt } of visits()) {
        const distance = Math.abs(startsAt - now);
        const nearest = distances.get(patientId);
        if (nearest === undefined || distance < nearest) distances.set(patientId, distance);
      }
      this.#distances = distances;
      this.#madeAt = now;
      this.#stale = false;
    }
    return (patientId) => this.#distances.get(patientId);
  }
}

/** Records that may be of one person: judged by a score, said in words, decided by a human. */
import type { Patient } from '../../model/patient';
import type { PlainDate } from '../../time/instant';
import { isPlainDate } from '../../time/plain-date';
import { type NameLikeness, nameLikeness } from './same-name';

export type PatientIdentity = Pick<Patient, 'givenName' | 'familyName' | 'birthDate' | 'phone' | 'email'>;

/** A record that is there already; what is being typed has no id yet, and nobody has told it apart. */
export type KnownRecord = Pick<Patient, 'id' | 'apartFrom'>;

export interface Duplicate {
  patient: Patient;
  /** 0 to 100. */
  score: number;
  /** Likely enough to ask before a second record is made; others are only shown. */
  likely: boolean;
  /** `Same name, birth date and phone` */
  why: string;
}

const likelyFrom = 60;
const shownFrom = 50;
const nameScores: Readonly<Record<NameLikeness, number>> = {
  same: 40,
  part: 35,
  near: 35,
  given: 10,
  other: 0,
};

/**
 * Who of `candidates` may be this person, the likeliest first. Deleted and merged records are left out, and of
 * a record that is here (`own`) itself and those that somebody told apart from it.
 *
 * A name alone is never enough, since many share it, nor are a phone and an e-mail, since families do. A near spelling
 * and half a name count only beside the same birth date or phone. Two birth dates that differ speak against it, for
 * a father and a son may share everything else; with day and month swapped they speak a little for it.
 */
export function duplicatesOf(
  who: PatientIdentity,
  candidates: Iterable<Patient>,
  own: KnownRecord | null = null,
): Duplicate[] {
  const found: Duplicate[] = [];
  for (const patient of candidates) {
    if (patient.id === own?.id || patient.deleted || patient.mergedIntoId !== null) continue;
    if (own && areApart(own, patient)) continue;
    const duplicate = compare(who, patient);
    if (duplicate) found.push(duplicate);
  }
  return found.sort((a, b) => b.score - a.score || (a.patient.id < b.patient.id ? -1 : 1));
}

/** One that was merged since leaves what it said with the record that stayed, so either may be the one that knows. */
export function areApart(one: KnownRecord, other: KnownRecord): boolean {
  return one.apartFrom.includes(other.id) || other.apartFrom.includes(one.id);
}

function compare(who: PatientIdentity, patient: Patient): Duplicate | null {
  const sameBirth = who.birthDate !== null && who.birthDate === patient.birthDate;
  const swapped = !sameBirth && who.birthDate !== null && swappedDate(who.birthDate) === patient.birthDate;
  const samePhone = who.phone !== null && who.phone === patient.phone;
  const sameEmail =
    who.email !== null && patient.email !== null && who.email.toLowerCase() === patient.email.toLowerCase();
  // Names cost the most to compare, and decide nothing alone.
  if (!sameBirth && !swapped && !samePhone && !sameEmail) return null;
  const bornApart = who.birthDate !== null && patient.birthDate !== null && !sameBirth && !swapped;
  const likeness = nameLikeness(who, patient);
  const name = (likeness === 'near' || likeness === 'part') && !sameBirth && !samePhone ? 'other' : likeness;
  const score = Math.min(
    100,
    nameScores[name] +
      (sameBirth ? 35 : swapped ? 15 : bornApart ? -30 : 0) +
      Math.min(35, (samePhone ? 25 : 0) + (sameEmail ? 20 : 0)),
  );
  // Without any name in common only the birth date makes it worth a look: twins share even that, and so are not asked about.
  if (score < shownFrom || (name === 'other' && !sameBirth)) return null;
  return {
    patient,
    score,
    likely: score >= likelyFrom && name !== 'other',
    why: inWords({ name, sameBirth, swapped, samePhone, sameEmail }),
  };
}

/** `2001-04-03` for `2001-03-04`; null where that is no date, or the same one. */
export function swappedDate(date: PlainDate): PlainDate | null {
  const [year = '', month = '', day = ''] = date.split('-');
  const swapped = `${year}-${day}-${month}`;
  return swapped !== date && isPlainDate(swapped) ? (swapped as PlainDate) : null;
}

function inWords(found: {
  name: NameLikeness;
  sameBirth: boolean;
  swapped: boolean;
  samePhone: boolean;
  sameEmail: boolean;
}): string {
  const same = [
    found.name === 'same' && 'name',
    found.name === 'given' && 'given name',
    found.sameBirth && 'birth date',
    found.samePhone && 'phone',
    found.sameEmail && 'e-mail',
  ].filter((word) => word !== false);
  const parts = [
    same.length > 0 && `same ${listed(same)}`,
    found.name === 'near' && 'similar name',
    found.name === 'part' && 'part of the name',
    found.swapped && 'birth date with day and month swapped',
  ].filter((part) => part !== false);
  const words = parts.join(', ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function listed(words: readonly string[]): string {
  return words.length < 2
    ? words.join('')
    : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

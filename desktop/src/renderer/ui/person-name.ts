/** How people are called on the desk's screens: family name first, as lists are sorted. */

interface Named {
  givenName: string;
  familyName: string;
}

/** `Polańska Anna` */
export function fullName(person: Named): string {
  return `${person.familyName} ${person.givenName}`;
}

/** `Polańska A.` */
export function shortName(person: Named): string {
  const initial = [...person.givenName][0];
  return initial ? `${person.familyName} ${initial}.` : person.familyName;
}

/** `Dr Nowak`: the title and the last word of the name. */
export function doctorName(doctor: { title: string; name: string }): string {
  return doctor.title ? `${doctor.title} ${lastWord(doctor.name)}` : doctor.name;
}

/** `Nowak` */
export function lastWord(name: string): string {
  const words = name.trim().split(/\s+/);
  return words[words.length - 1] ?? name;
}

/** A letter as plain text: the same facts in the same order. */
import type { Letter, LetterCard } from './letter';

export function textOf(letter: Letter): string {
  const blocks: string[][] = [
    [letter.clinicName],
    [letter.heading],
    ...letter.lead.map((parts) => [parts.map((part) => ('link' in part ? part.link : part.text)).join('')]),
    ...(letter.card ? [cardLines(letter.card)] : []),
    letter.list.map((line) => `- ${line}`),
    letter.code ? [letter.code] : [],
    ...letter.actions.map(({ label, url }) => [`${label}:`, url]),
    ...letter.notes.map((note) => [note]),
    ['--', ...letter.footer, `${letter.footerLink.label}: ${letter.footerLink.url}`],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function cardLines({ before, when, people, place }: LetterCard): string[] {
  return [
    ...(before ? [`${before.label}: ${before.when}`] : []),
    before ? `${before.nowLabel}: ${when}` : when,
    people.name,
    people.detail,
    place.name,
    place.detail,
    place.directions ? `${place.directions.label}: ${place.directions.url}` : '',
  ].filter((line) => line !== '');
}

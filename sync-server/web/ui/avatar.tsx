import css from './avatar.module.css';

interface AvatarProps {
  name: string;
  photoUrl: string | null;
  large?: boolean;
}

/** A photo, or initials on a tint that stays the same for the same name. Decoration: the name stands beside it. */
export function Avatar({ name, photoUrl, large = false }: AvatarProps) {
  const size = large ? css.large : '';
  if (photoUrl)
    return (
      <img className={`${css.avatar} ${size}`} src={photoUrl} alt="" width="56" height="56" loading="lazy" />
    );
  const tint = [css.a, css.b, css.c, css.d, css.e][sum(name) % 5];
  return (
    <span className={`${css.avatar} ${tint} ${size}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

function initials(name: string): string {
  const parts = name.split(/\s+/).filter((part) => /^\p{L}/u.test(part) && !part.endsWith('.'));
  const first = parts[0]?.charAt(0) ?? '';
  const last = parts.length > 1 ? (parts.at(-1)?.charAt(0) ?? '') : '';
  return (first + last).toUpperCase();
}

function sum(text: string): number {
  let total = 0;
  for (const character of text) total += character.codePointAt(0) ?? 0;
  return total;
}

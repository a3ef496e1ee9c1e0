/**
 * Dates in words. They come as `YYYY-MM-DD` without a zone: which date it is was settled by the location's clock
 * before, and `Date.UTC` is used only to count days.
 */
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const longWeekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

function parts(date: string): { year: number; month: number; day: number; weekday: number } {
  const year = Number(date.slice(0, 4));
  const month = Number(date.slice(5, 7));
  const day = Number(date.slice(8, 10));
  return { year, month, day, weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay() };
}

/** `Tue 24 November` */
export function dayTitle(date: string): string {
  const p = parts(date);
  return `${weekdays[p.weekday]} ${p.day} ${months[p.month - 1]}`;
}

/** `Tue 24 Nov` */
export function shortDay(date: string): string {
  const p = parts(date);
  return `${weekdays[p.weekday]} ${p.day} ${(months[p.month - 1] ?? '').slice(0, 3)}`;
}

/** `Tuesday` */
export function weekdayName(date: string): string {
  return longWeekdays[parts(date).weekday] ?? '';
}

/** `Tue` */
export function shortWeekday(date: string): string {
  return weekdays[parts(date).weekday] ?? '';
}

/** `12 Mar 1984` */
export function fullDate(date: string): string {
  const p = parts(date);
  return `${p.day} ${(months[p.month - 1] ?? '').slice(0, 3)} ${p.year}`;
}

/** `23–29 November`, or `30 November – 6 December` */
export function spanTitle(from: string, lastDay: string): string {
  const a = parts(from);
  const b = parts(lastDay);
  if (a.month === b.month) return `${a.day}–${b.day} ${months[a.month - 1]}`;
  return `${a.day} ${months[a.month - 1]} – ${b.day} ${months[b.month - 1]}`;
}

/** The ISO 8601 week: the one that holds the date's Thursday. */
export function weekNumber(date: string): number {
  const p = parts(date);
  const dayMs = 86_400_000;
  const thursday = Date.UTC(p.year, p.month - 1, p.day) + (4 - (p.weekday || 7)) * dayMs;
  const yearStart = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1);
  return Math.floor((thursday - yearStart) / (7 * dayMs)) + 1;
}

/** `Today`, `Tomorrow`, `Yesterday`, `Wed 25` within the week, else `Wed 2 Dec` */
export function relativeDay(date: string, today: string): string {
  const a = parts(date);
  const b = parts(today);
  const days = Math.round(
    (Date.UTC(a.year, a.month - 1, a.day) - Date.UTC(b.year, b.month - 1, b.day)) / 86_400_000,
  );
  if (days === 0) return 'Today';
  if (days === 1) return 'Tomorrow';
  if (days === -1) return 'Yesterday';
  return days > 1 && days < 7 ? `${weekdays[a.weekday]} ${a.day}` : shortDay(date);
}

/** `Today 11:15` inside a sentence: `today 11:15`; names of days stay as they are. */
export function inSentence(words: string): string {
  return words.replace(/^(Today|Tomorrow|Yesterday)/, (word) => word.toLowerCase());
}

/** Whole years between a birth date and a day. */
export function ageOn(birthDate: string, date: string): number {
  const years = Number(date.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return date.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** `23 minutes`, `1 h 20` */
export function minutesInWords(minutes: number): string {
  const whole = Math.max(0, Math.floor(minutes));
  if (whole < 60) return `${whole} minute${whole === 1 ? '' : 's'}`;
  const rest = whole % 60;
  return rest === 0 ? `${Math.floor(whole / 60)} h` : `${Math.floor(whole / 60)} h ${rest}`;
}

/** `just now`, `12 min ago`, `1 h 20 ago`, `3 days ago` */
export function agoInWords(minutes: number): string {
  const whole = Math.max(0, Math.floor(minutes));
  if (whole < 1) return 'just now';
  if (whole < 60) return `${whole} min ago`;
  if (whole < 1440) return `${Math.floor(whole / 60)} h ${String(whole % 60).padStart(2, '0')} ago`;
  const days = Math.floor(whole / 1440);
  return `${days} day${days === 1 ? '' : 's'} ago`;
}

import type { WallTime } from '@medic/shared/time/instant';

/** `9`, `930`, `9:30`, `9.30` and `09:30` as people type them; null for what is no time. */
export function readTime(typed: string): WallTime | null {
  const text = typed.trim();
  const parts = /^(\d{1,2})(?:[:.h ]?(\d{2}))?$/.exec(text);
  if (!parts) return null;
  const hours = Number(parts[1]);
  const minutes = Number(parts[2] ?? '0');
  if (minutes > 59 || hours > 24 || (hours === 24 && minutes > 0)) return null;
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}` as WallTime;
}

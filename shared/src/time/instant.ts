/**
 * Instants and the three local kinds of time. They are distinct types so that a wall time can never
 * be compared with an instant by accident.
 */

/** Milliseconds since 1970-01-01T00:00Z. What a wall clock shows for it depends on a zone. */
export type Instant = number & { readonly __kind: 'Instant' };
/** A calendar date without a zone, `YYYY-MM-DD`. Lexical order is calendar order. */
export type PlainDate = string & { readonly __kind: 'PlainDate' };
/** What a clock on the wall shows, `HH:mm`; `24:00` ends a day. */
export type WallTime = string & { readonly __kind: 'WallTime' };
/** An IANA time zone name, such as `Europe/Warsaw`. */
export type TimeZone = string & { readonly __kind: 'TimeZone' };

export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

export function instant(epochMilliseconds: number): Instant {
  return epochMilliseconds as Instant;
}

/** `minutes` later; negative is earlier. */
export function plusMinutes(at: Instant, minutes: number): Instant {
  return (at + minutes * minuteMs) as Instant;
}

export function plusDays24h(at: Instant, days: number): Instant {
  return (at + days * dayMs) as Instant;
}

/** The larger and the smaller of two instants. */
export function later(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}
export function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}

/** `HH:mm` from 00:00 to 24:00. */
export const wallTimePattern = /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/;

export function isWallTime(text: string): text is WallTime {
  return wallTimePattern.test(text);
}

/** Minutes after midnight, 0 to 1440. */
export function wallMinutes(time: WallTime): number {
  return (
    (time.charCodeAt(0) - 48) * 600 +
    (time.charCodeAt(1) - 48) * 60 +
    (time.charCodeAt(3) - 48) * 10 +
    (time.charCodeAt(4) - 48)
  );
}

/** The wall time `minutes` after midnight; 1440 is `24:00`. */
export function wallTime(minutes: number): WallTime {
  const h = Math.floor(minutes / 60);
  const m = minutes % 60;
  return `${h < 10 ? '0' : ''}${h}:${m < 10 ? '0' : ''}${m}` as WallTime;
}

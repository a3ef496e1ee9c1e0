/** Anything that JSON.stringify can write, as text that Postgres can store: it keeps no NUL and no half surrogate. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value);
  // Both are written as escapes, so one look at the text finds them. A false alarm only costs time.
  return /\\u0000|\\ud[89a-f]/.test(text) ? JSON.stringify(storable(value)) : text;
}

/** The same value with U+FFFD for what Postgres cannot store. */
export function storable(value: unknown): unknown {
  // With the flag `u`, whole pairs are one character and only halves are of the class.
  if (typeof value === 'string') return value.replace(/[\0\p{Surrogate}]/gu, '\ufffd');
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [storable(key), storable(entry)]));
  }
  return value;
}

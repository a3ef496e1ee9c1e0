/**
 * The last action and its undo: shown as a toast for 8 seconds and kept in the footer until the next one. Screen
 * readers hear it from the footer's live region.
 */
import { useSyncExternalStore } from 'react';

export interface Announcement {
  id: number;
  text: string;
  tone: 'done' | 'refused';
  /** More lines, such as every reason of a refusal. */
  details: readonly string[];
  undo: (() => void) | null;
  madeAt: number;
}

let current: Announcement | null = null;
let count = 0;
const listeners = new Set<() => void>();

export function announce(
  text: string,
  options: { tone?: 'done' | 'refused'; details?: readonly string[]; undo?: () => void } = {},
): void {
  count += 1;
  current = {
    id: count,
    text,
    tone: options.tone ?? 'done',
    details: options.details ?? [],
    undo: options.undo ?? null,
    madeAt: performance.now(),
  };
  for (const listener of listeners) listener();
}

export function clearAnnouncement(): void {
  current = null;
  for (const listener of listeners) listener();
}

/** Takes the last action back, once. */
export function undoLast(): void {
  const undo = current?.undo;
  if (!undo || !current) return;
  current = { ...current, undo: null };
  for (const listener of listeners) listener();
  undo();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useAnnouncement(): Announcement | null {
  return useSyncExternalStore(subscribe, () => current);
}

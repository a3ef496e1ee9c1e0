/**
 * What the visitor has typed and is about to book, kept in the tab alone (sessionStorage): a reload, a step
 * back or a lost connection loses nothing, and it goes when the visit is booked or the tab is closed.
 */

import { uuidv7 } from '@medic/shared/model/id';
import type { Instant } from '@medic/shared/time/instant';
import type { BookAnswer, BookedVisit } from './api';
import { emptyForm, type PatientForm } from './patient-form';

export interface BookedNote {
  status: 'booked' | 'pending';
  visit: BookedVisit;
  /** The address's `start`, by which a step back to it is understood. */
  start: number;
}

export type RefusalNote = Extract<BookAnswer, { kind: 'refused' }>;

const key = (clinic: string, what: 'form' | 'attempt' | 'booked' | 'refusal') => `medic.${clinic}.${what}`;

export function readForm(clinic: string): PatientForm {
  return { ...emptyForm, ...read<Partial<PatientForm>>(key(clinic, 'form')) };
}

export function saveForm(clinic: string, form: PatientForm): void {
  write(key(clinic, 'form'), form);
}

/**
 * The id under which this visit is asked for. It stays the same until an answer has come, so that a second
 * click, a retry or a reload asks for the same thing again and books it once.
 */
export function attemptId(clinic: string, wanted: string): string {
  const kept = read<{ wanted: string; requestId: string }>(key(clinic, 'attempt'));
  if (kept?.wanted === wanted) return kept.requestId;
  const requestId = uuidv7(Date.now() as Instant, crypto.getRandomValues(new Uint8Array(10)));
  write(key(clinic, 'attempt'), { wanted, requestId });
  return requestId;
}

export function forgetAttempt(clinic: string): void {
  remove(key(clinic, 'attempt'));
}

/** After booking: the visit is kept for the confirmation, the patient's details go. */
export function keepBooked(clinic: string, note: BookedNote): void {
  write(key(clinic, 'booked'), note);
  for (const what of ['form', 'attempt', 'refusal'] as const) remove(key(clinic, what));
}

export function readBooked(clinic: string): BookedNote | null {
  return read<BookedNote>(key(clinic, 'booked'));
}

export function keepRefusal(clinic: string, start: number, refusal: RefusalNote): void {
  write(key(clinic, 'refusal'), { start, refusal });
}

export function readRefusal(clinic: string, start: number): RefusalNote | null {
  const kept = read<{ start: number; refusal: RefusalNote }>(key(clinic, 'refusal'));
  return kept?.start === start ? kept.refusal : null;
}

/** Where storage is switched off (some private modes), this stands in for as long as the page lives. */
const memory = new Map<string, string>();

function read<T>(name: string): T | null {
  const text = memory.get(name) ?? stored(name);
  return text ? (JSON.parse(text) as T) : null;
}

function stored(name: string): string | null {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name: string, value: unknown): void {
  const text = JSON.stringify(value);
  try {
    sessionStorage.setItem(name, text);
    memory.delete(name);
  } catch {
    memory.set(name, text);
  }
}

function remove(name: string): void {
  memory.delete(name);
  try {
    sessionStorage.removeItem(name);
  } catch {
    memory.delete(name);
  }
}

/**
 * What the visitor has typed and is about to book, kept in the tab alone (sessionStorage): a reload, a step
 * back or a lost connection loses nothing, and it goes when the visit is booked or the tab is closed.
 */

import { uuidv7 } from '@medic/shared/model/id';
import type { Instant } from '@medic/shared/time/instant';
import type { BookedVisit, Refusal } from './api';
import { serverNow } from './clock';
import { emptyForm, type PatientForm } from './patient-form';
import { emptyWishes, type WishesForm } from './wishes-form';

export interface BookedNote {
  status: 'booked' | 'pending';
  visit: BookedVisit;
  /** Leads to the visit in the portal; who has it may move and cancel. */
  manageLink: string;
  /** Where the details went; null where no e-mail is written. */
  email: string | null;
  /** The address's `start`, by which a step back to it is understood. */
  start: number;
}

/** What of the details tells that somebody has been typing: the choices have an answer from the start. */
const typedFields = ['givenName', 'familyName', 'birthDay', 'birthYear', 'phone', 'email', 'note'] as const;

const key = (clinic: string, what: 'form' | 'wishes' | 'attempt' | 'booked' | 'refusal' | 'joined') =>
  `medic.${clinic}.${what}`;

export function readForm(clinic: string): PatientForm {
  return { ...emptyForm, ...read<Partial<PatientForm>>(key(clinic, 'form')) };
}

export function saveForm(clinic: string, form: PatientForm): void {
  write(key(clinic, 'form'), form);
}

export function hasTyped(clinic: string): boolean {
  const form = readForm(clinic);
  return typedFields.some((field) => form[field].trim() !== '');
}

export function readWishes(clinic: string): WishesForm {
  return { ...emptyWishes, ...read<Partial<WishesForm>>(key(clinic, 'wishes')) };
}

export function saveWishes(clinic: string, wishes: WishesForm): void {
  write(key(clinic, 'wishes'), wishes);
}

export function newRequestId(): string {
  return uuidv7(serverNow() as Instant, crypto.getRandomValues(new Uint8Array(10)));
}

/**
 * The id under which this visit is asked for. It stays the same until an answer has come, so that a second
 * click, a retry or a reload asks for the same thing again and books it once.
 */
export function attemptId(clinic: string, wanted: string): string {
  const kept = read<{ wanted: string; requestId: string }>(key(clinic, 'attempt'));
  if (kept?.wanted === wanted) return kept.requestId;
  const requestId = newRequestId();
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

/** After joining the waitlist under this address: a reload shows that it is done, and the details go. */
export function keepJoined(clinic: string, address: string): void {
  write(key(clinic, 'joined'), address);
  for (const what of ['form', 'wishes', 'attempt'] as const) remove(key(clinic, what));
}

export function hasJoined(clinic: string, address: string): boolean {
  return read<string>(key(clinic, 'joined')) === address;
}

export function forgetJoined(clinic: string): void {
  remove(key(clinic, 'joined'));
}

export function readBooked(clinic: string): BookedNote | null {
  return read<BookedNote>(key(clinic, 'booked'));
}

export function keepRefusal(clinic: string, start: number, refusal: Refusal): void {
  write(key(clinic, 'refusal'), { start, refusal });
}

export function readRefusal(clinic: string, start: number): Refusal | null {
  const kept = read<{ start: number; refusal: Refusal }>(key(clinic, 'refusal'));
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

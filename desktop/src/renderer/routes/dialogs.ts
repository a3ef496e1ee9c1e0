/** Which dialog is open, and with what: one at a time, opened from any page. */
import type { PlainDate } from '@medic/shared/time/instant';
import { create } from 'zustand';
import type { BookingStart } from '../features/booking/first-place';
import type { VisitDialogOf } from '../features/visit/visit-dialog-of';
import type { FreedTime } from '../features/waitlist/waitlist-model';

export interface BlockStart {
  doctorId: string;
  locationId: string;
  date: PlainDate;
  /** Minutes after midnight by the place's clock. */
  from: number;
  until: number;
}

export type OpenDialog =
  | {
      kind: 'booking';
      start: BookingStart;
      /** The attention item that is settled once it is booked. */
      settles?: string;
      /** The waitlist entry that it is booked for. */
      forEntry?: string;
      /** Opened to put somebody on the waitlist. */
      toWaitlist?: boolean;
    }
  | { kind: 'offer'; time: FreedTime; entryId?: string }
  | { kind: 'waitlist-edit'; entryId: string }
  | { kind: 'waitlist-close'; entryId: string }
  | { kind: 'block'; start: BlockStart }
  | { kind: 'visit'; of: VisitDialogOf }
  | { kind: 'patient'; patientId: string }
  | { kind: 'new-patient' }
  | { kind: 'search' }
  | { kind: 'keys' }
  | { kind: 'sign-out' }
  | { kind: 'sign-in-again' };

interface DialogState {
  dialog: OpenDialog | null;
  open: (dialog: OpenDialog) => void;
  close: () => void;
}

/**
 * What is typed between `B` and the moment the search field is there belongs to the field: in the agenda below, the
 * same letters would mark somebody as arrived.
 */
let typedAhead = '';

function catchKey(event: KeyboardEvent): void {
  if (event.key === 'Escape') return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) typedAhead += event.key;
}

/** The field is there: it takes what was typed, and the keys from now on. */
export function takeTypedAhead(): string {
  window.removeEventListener('keydown', catchKey, true);
  const typed = typedAhead;
  typedAhead = '';
  return typed;
}

/**
 * The dialog that has just been drawn takes the focus before the next key comes. Its own focus trap does so by a timer:
 * of the keys of a quick hand, the first ones would still do something in the agenda.
 */
function takeFocus(): void {
  const inside = document.querySelector('[role="dialog"]');
  if (inside?.contains(document.activeElement)) return;
  inside?.querySelector<HTMLElement>('[data-autofocus]')?.focus({ preventScroll: true });
}

let cameFrom: Element | null = null;

/** To where it was before the dialog, else to the agenda's cell: the focus is never lost. */
function giveFocusBack(): void {
  if (useDialogs.getState().dialog !== null) return;
  // It is somewhere already: what was done has led the person elsewhere.
  if (document.activeElement !== null && document.activeElement !== document.body) return;
  const cell = document.querySelector<HTMLElement>('[data-agenda-grid] [role="gridcell"]');
  const before =
    cameFrom instanceof HTMLElement && cameFrom.isConnected && cameFrom !== document.body ? cameFrom : cell;
  cameFrom = null;
  before?.focus({ preventScroll: true });
}

export const useDialogs = create<DialogState>()((set) => ({
  dialog: null,
  open: (dialog) => {
    if (useDialogs.getState().dialog === null) cameFrom = document.activeElement;
    if (dialog.kind === 'booking') window.addEventListener('keydown', catchKey, true);
    set({ dialog });
    // The store's changes are drawn at once, so by then it is in the page.
    queueMicrotask(takeFocus);
  },
  close: () => {
    takeTypedAhead();
    set({ dialog: null });
    queueMicrotask(giveFocusBack);
  },
}));

/** Which dialog is open, and with what: one at a time, opened from any page. */
import type { Instant, PlainDate } from '@medic/shared/time/instant';
import { create } from 'zustand';

export interface BookingStart {
  doctorId?: string;
  locationId?: string;
  date?: PlainDate;
  startsAt?: Instant;
  patientId?: string;
  appointmentTypeId?: string;
}

export interface BlockStart {
  doctorId: string;
  locationId: string;
  date: PlainDate;
  /** Minutes after midnight by the place's clock. */
  from: number;
  until: number;
}

export type OpenDialog =
  | { kind: 'booking'; start: BookingStart; settles?: string }
  | { kind: 'block'; start: BlockStart }
  | { kind: 'cancel'; appointmentId: string }
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

let cameFrom: Element | null = null;

/** To where it was before the dialog, else to the agenda's cell: the focus is never lost. */
function giveFocusBack(): void {
  if (useDialogs.getState().dialog !== null) return;
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
    set({ dialog });
  },
  close: () => {
    set({ dialog: null });
    requestAnimationFrame(giveFocusBack);
  },
}));

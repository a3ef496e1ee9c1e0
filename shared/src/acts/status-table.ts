import type { AppointmentStatus } from '../model/appointment';

/**
 * Every legal change of a visit's status; all others are refused. After FHIR R4 Appointment, with `arrived` for
 * "in the house" and `checked-in` for "in the room".
 */
export const legalChanges: Readonly<Record<AppointmentStatus, readonly AppointmentStatus[]>> = {
  proposed: ['pending', 'booked', 'cancelled', 'entered-in-error'],
  pending: ['booked', 'cancelled', 'entered-in-error'],
  /** Back to `pending` only with a move: at the time that the patient picked, somebody has to accept it. */
  booked: ['pending', 'arrived', 'checked-in', 'noshow', 'cancelled', 'entered-in-error'],
  arrived: ['checked-in', 'fulfilled', 'noshow', 'cancelled', 'entered-in-error'],
  'checked-in': ['fulfilled', 'cancelled', 'entered-in-error'],
  fulfilled: ['entered-in-error'],
  noshow: ['arrived', 'entered-in-error'],
  cancelled: [],
  waitlist: ['booked', 'pending', 'cancelled', 'entered-in-error'],
  'entered-in-error': [],
};

/** What an undo may take back: from the status it has to the one it had. */
export const undoableChanges: Readonly<Record<AppointmentStatus, readonly AppointmentStatus[]>> = {
  proposed: [],
  pending: ['proposed', 'booked'],
  booked: ['pending', 'proposed'],
  arrived: ['booked', 'noshow'],
  'checked-in': ['arrived', 'booked'],
  fulfilled: ['checked-in', 'arrived'],
  noshow: ['booked', 'arrived'],
  cancelled: ['booked', 'pending', 'proposed', 'arrived', 'checked-in', 'waitlist'],
  waitlist: [],
  'entered-in-error': [],
};

export function mayChange(from: AppointmentStatus, to: AppointmentStatus): boolean {
  return legalChanges[from].includes(to);
}

export function mayUndo(from: AppointmentStatus, to: AppointmentStatus): boolean {
  return undoableChanges[from].includes(to);
}

/** A visit in these may be moved. */
export const movableStatuses: readonly AppointmentStatus[] = ['proposed', 'pending', 'booked'];

import type { Status } from './clinic';

export const held: readonly Status[] = ['pending', 'booked', 'arrived', 'checked-in', 'fulfilled'];
export const movable: readonly Status[] = ['proposed', 'pending', 'booked'];

export const next: Record<Status, readonly Status[]> = {
  proposed: ['booked', 'cancelled', 'entered-in-error'],
  pending: ['booked', 'cancelled', 'entered-in-error'],
  booked: ['arrived', 'checked-in', 'noshow', 'cancelled', 'entered-in-error'],
  arrived: ['checked-in', 'fulfilled', 'noshow', 'cancelled', 'entered-in-error'],
  'checked-in': ['fulfilled', 'cancelled', 'entered-in-error'],
  fulfilled: ['entered-in-error'],
  noshow: ['arrived', 'entered-in-error'],
  cancelled: [],
  'entered-in-error': [],
};

/** From what it is to what it was. */
export const back: Record<Status, readonly Status[]> = {
  proposed: [],
  pending: ['proposed', 'booked'],
  booked: ['pending', 'proposed'],
  arrived: ['booked', 'noshow'],
  'checked-in': ['arrived', 'booked'],
  fulfilled: ['checked-in', 'arrived'],
  noshow: ['booked', 'arrived'],
  cancelled: ['booked', 'pending', 'proposed', 'arrived', 'checked-in'],
  'entered-in-error': [],
};

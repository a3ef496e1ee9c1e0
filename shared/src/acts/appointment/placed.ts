import type { Placement } from '../../availability/query';
import type { Change } from '../facts';

export type PlacedSlot = NonNullable<Placement['slot']>;

/** How a visit stands, and what makes way for it. */
export interface Placed {
  slot: PlacedSlot;
  overbooked: boolean;
  roomOverbooked: boolean;
  overbookReason: string;
  /** Visitors' holds that staff went over: deleted. */
  displaced: Change[];
}

/** What is asked of the engine, and what it answers. */
import type { Instant, PlainDate } from '../time/instant';
import type { Reason } from './reason';

/** Who is asking: online rules (notice, horizon, desk-only types) bind visitors, not the desk. */
export type Channel = 'online' | 'desk';

export interface SlotQuery {
  /** The doctors to look at; none listed means every doctor that offers the type. */
  doctorIds: readonly string[];
  appointmentTypeId: string;
  locationId?: string;
  /** Local dates of each location, `[from, until)`. A slot belongs to the range by its start alone. */
  from: PlainDate;
  until: PlainDate;
  channel: Channel;
  now: Instant;
  /** Holds with this holder do not count. */
  holder?: string;
  /** A visit that does not count as busy: the one that is being moved. */
  ignoreAppointmentId?: string;
}

export interface Slot {
  doctorId: string;
  locationId: string;
  /** The template's room, or the first free one that fits, for a type that needs a room; else the template's or null. */
  roomId: string | null;
  startsAt: Instant;
  endsAt: Instant;
  /** 1 for a visit of one patient. */
  seatsLeft: number;
}

export interface NextAvailableQuery extends Omit<SlotQuery, 'from' | 'until'> {
  /** The earliest start. */
  after: Instant;
  /** Stop looking this many days later. */
  withinDays: number;
  limit: number;
  weekdays?: readonly number[];
  partsOfDay?: readonly ('morning' | 'afternoon' | 'evening')[];
}

export interface PlacementRequest {
  doctorId: string;
  locationId: string;
  appointmentTypeId: string;
  startsAt: Instant;
  /** Otherwise the type's own length. */
  durationMinutes?: number;
  /** Otherwise the room is chosen. */
  roomId?: string | null;
  channel: Channel;
  now: Instant;
  holder?: string;
  ignoreAppointmentId?: string;
}

/** Either every rule that forbids the time, or how the visit would stand. */
export interface Placement {
  reasons: Reason[];
  /** Null where a reason forbids it. */
  slot: (Slot & { reservedFrom: Instant; reservedUntil: Instant; seat: number; capacity: number }) | null;
}

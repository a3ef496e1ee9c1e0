/** Which room a visit takes. A visit with a room reserves it for its whole reserved range, buffers included. */
import type { Appointment } from '../model/appointment';
import type { AppointmentType } from '../model/appointment-type';
import type { Location, LocationRoom } from '../model/location';
import type { SlotHold } from '../model/slot-hold';
import type { Instant } from '../time/instant';
import type { AvailabilityFacts } from './facts';
import { instantOfMinute, minuteAtOrAfter, minuteAtOrBefore } from './intervals';
import {
  countsAsTaken,
  isFree,
  isLiveHoldOfOthers,
  isOfGroup,
  type Taken,
  type TakenOptions,
  takenOfRoom,
} from './taken-time';

export class RoomChoice {
  readonly #facts: AvailabilityFacts;
  readonly #type: AppointmentType;
  readonly #active: ReadonlySet<string>;
  readonly #from: number;
  readonly #until: number;
  readonly #options: TakenOptions;
  readonly #taken = new Map<string, Taken>();
  /** Rooms that fit the type, in the order in which they are tried. */
  readonly fitting: readonly LocationRoom[];

  constructor(
    facts: AvailabilityFacts,
    type: AppointmentType,
    location: Location,
    from: number,
    until: number,
    options: TakenOptions,
  ) {
    this.#facts = facts;
    this.#type = type;
    this.#active = new Set(location.rooms.filter(({ active }) => active).map(({ id }) => id));
    this.#from = from;
    this.#until = until;
    this.#options = options;
    this.fitting = type.needsRoom ? location.rooms.filter((room) => fits(room, type)).sort(byOrder) : [];
  }

  /**
   * The room for a visit that reserves `[from, until)`. For a type that needs one: the group's room when others of
   * the group are in it, else the hours' room, else the first that fits, whichever is free; undefined when none is.
   * For the others: the group's or the hours' room if it is free, else null. `preferred` may be a room of neither kind.
   */
  choose(
    preferred: string | null,
    groupRoomId: string | null,
    from: number,
    until: number,
    startsAt: Instant,
  ): string | null | undefined {
    if (!this.#type.needsRoom) {
      const wanted = groupRoomId ?? preferred;
      return wanted !== null && this.#active.has(wanted) && this.isFree(wanted, from, until, startsAt)
        ? wanted
        : null;
    }
    const { fitting } = this;
    // A group stays together, even where its room has been given away over its head.
    if (groupRoomId !== null && fitting.some((room) => room.id === groupRoomId)) {
      return this.isFree(groupRoomId, from, until, startsAt) ? groupRoomId : undefined;
    }
    if (
      preferred !== null &&
      fitting.some((room) => room.id === preferred) &&
      this.isFree(preferred, from, until, startsAt)
    ) {
      return preferred;
    }
    for (const room of fitting) {
      if (room.id !== preferred && this.isFree(room.id, from, until, startsAt)) return room.id;
    }
    return undefined;
  }

  isFree(roomId: string, from: number, until: number, startsAt: Instant): boolean {
    return isFree(this.#takenOf(roomId), from, until, startsAt);
  }

  /** The end of the last visit or hold that keeps the room from `[from, until)`, by whole minutes; `from` where none does. */
  takenUntil(roomId: string, from: number, until: number, startsAt: Instant): Instant {
    let last = from;
    const see = (taker: Appointment | SlotHold): void => {
      const isMate = isOfGroup(taker, this.#options.group) && taker.startsAt === startsAt;
      const end = minuteAtOrAfter(taker.reservedUntil);
      if (!isMate && end > last && end > from && minuteAtOrBefore(taker.reservedFrom) < until) last = end;
    };
    for (const visit of this.#facts.appointmentsInRoom(roomId, instantOfMinute(from), instantOfMinute(until)))
      if (countsAsTaken(visit, this.#options)) see(visit);
    for (const hold of this.#facts.holdsInRoom(roomId))
      if (isLiveHoldOfOthers(hold, this.#options)) see(hold);
    return instantOfMinute(last);
  }

  #takenOf(roomId: string): Taken {
    let taken = this.#taken.get(roomId);
    if (!taken) {
      taken = takenOfRoom(this.#facts, roomId, this.#from, this.#until, this.#options);
      this.#taken.set(roomId, taken);
    }
    return taken;
  }
}

/** Equipment serves only a type that asks for what it has; any other need is for a room with walls. */
export function fits(room: LocationRoom, type: AppointmentType): boolean {
  if (!room.active) return false;
  return type.roomFeature ? room.features.includes(type.roomFeature) : room.kind === 'room';
}

function byOrder(a: LocationRoom, b: LocationRoom): number {
  return a.sortOrder - b.sortOrder || (a.id < b.id ? -1 : 1);
}

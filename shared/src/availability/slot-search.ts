/**
 * The search behind every question about free slots: doctors, places and their plans read once, then any number of
 * ranges. Minutes are whole numbers throughout; nothing is allocated for a candidate that is not a slot.
 */
import type { AppointmentType } from '../model/appointment-type';
import type { Doctor } from '../model/doctor';
import type { Location } from '../model/location';
import type { Instant } from '../time/instant';
import type { LocalDays } from '../time/local-days';
import { bookingLimits } from './booking-limits';
import type { AvailabilityFacts } from './facts';
import { instantOfMinute, minuteAtOrAfter, minuteAtOrBefore } from './intervals';
import { refuseInvalidTime, refuseInvalidType } from './invalid-facts';
import { doctorsAsked, placesOffering } from './offers';
import type { Slot, SlotQuery } from './query';
import { RoomChoice } from './room-choice';
import { isFree, sessionAt, type Taken, type TakenOptions, takenOfDoctor } from './taken-time';
import { HoursRooms, hoursOf, type WorkingHours } from './working-hours';

export interface SlotSearchAsk extends Omit<SlotQuery, 'from' | 'until'> {
  /** Otherwise the type's own length. */
  durationMinutes?: number | undefined;
}

/** Starts in `[from, until)`, in minutes; a place's own days make minutes of dates. */
export type MinuteRange = (days: LocalDays) => { from: number; until: number };

interface Place {
  doctor: Doctor;
  location: Location;
  hours: WorkingHours;
}

export class SlotSearch {
  readonly #facts: AvailabilityFacts;
  readonly #ask: SlotSearchAsk;
  readonly #type: AppointmentType | null;
  readonly #duration: number;
  readonly #earliest: number;
  readonly #latest: number;
  /** One list per doctor, in the order asked for. */
  readonly #doctors: Place[][] = [];

  constructor(facts: AvailabilityFacts, ask: SlotSearchAsk) {
    this.#facts = facts;
    this.#ask = ask;
    const type = facts.appointmentType(ask.appointmentTypeId);
    this.#type = type ?? null;
    this.#duration = ask.durationMinutes ?? type?.durationMinutes ?? 0;
    this.#earliest = 0;
    this.#latest = Number.MAX_SAFE_INTEGER;
    if (!type) return;
    refuseInvalidType(type, this.#duration);
    refuseInvalidTime('now', ask.now);
    if (ask.channel === 'online' && type.bookableBy === 'desk') return;
    const limits = bookingLimits(type, ask.channel, ask.now);
    this.#earliest = minuteAtOrAfter(limits.earliestAt);
    if (limits.latestAt !== null) this.#latest = minuteAtOrBefore(limits.latestAt);
    for (const doctor of doctorsAsked(facts, ask.doctorIds)) {
      const places = placesOffering(facts, type, doctor, ask.locationId).map((location) => ({
        doctor,
        location,
        hours: hoursOf(facts, doctor.id, location),
      }));
      if (places.length > 0) this.#doctors.push(places);
    }
  }

  /** True when no range can hold a slot. */
  get isHopeless(): boolean {
    return this.#doctors.length === 0;
  }

  /** The zone that a slot of this place is read in. */
  daysOf(locationId: string): LocalDays | undefined {
    for (const places of this.#doctors) {
      for (const place of places) if (place.location.id === locationId) return place.hours.days;
    }
    return undefined;
  }

  /**
   * All slots that begin in the range, by start, then in the order of doctors and of each doctor's places; of one doctor
   * at one place only the first `mostEach`.
   */
  slots(rangeOf: MinuteRange, mostEach = Number.POSITIVE_INFINITY): Slot[] {
    const type = this.#type;
    if (!type) return [];
    const found: Slot[] = [];
    const starts: number[] = [];
    let runs = 0;
    const rooms = new Map<string, RoomChoice>();
    for (const places of this.#doctors) {
      let shared: { taken: Taken; from: number; until: number } | null = null;
      for (const place of places) {
        const asked = rangeOf(place.hours.days);
        const from = Math.max(asked.from, this.#earliest);
        const until = Math.min(asked.until, this.#latest + 1);
        if (from >= until) continue;
        const options = this.#optionsAt(type, place);
        const takenFrom = from - type.bufferBeforeMinutes;
        const takenUntil = until + this.#duration + type.bufferAfterMinutes;
        let taken: Taken;
        if (shared && options.group === null && shared.from <= takenFrom && shared.until >= takenUntil) {
          taken = shared.taken;
        } else {
          taken = takenOfDoctor(this.#facts, place.doctor.id, takenFrom, takenUntil, options);
          if (options.group === null) shared = { taken, from: takenFrom, until: takenUntil };
        }
        // A group's own visits do not take its room from it, so each group sees rooms in its own way.
        const roomsKey =
          options.group === null ? place.location.id : `${place.location.id} ${place.doctor.id}`;
        let choice = rooms.get(roomsKey);
        if (!choice) {
          choice = new RoomChoice(this.#facts, type, place.location, takenFrom, takenUntil, options);
          rooms.set(roomsKey, choice);
        }
        const before = found.length;
        collect(place, type, this.#duration, taken, choice, from, until, mostEach, found, starts);
        if (found.length > before) runs++;
      }
    }
    return runs > 1 ? inOrder(found, starts) : found;
  }

  #optionsAt(type: AppointmentType, place: Place): TakenOptions {
    const { now, holder, ignoreAppointmentId } = this.#ask;
    const group =
      type.capacity > 1
        ? { doctorId: place.doctor.id, appointmentTypeId: type.id, locationId: place.location.id }
        : null;
    return { now, holder, ignoreAppointmentId, group };
  }
}

/**
 * A class, since V8 keeps a record of how long the objects of one literal live. If a collection comes in the midst of
 * an answer of thousands, all of them live, and from then on that literal makes its objects among the old ones, in twice
 * the time. What a constructor makes it does not count.
 */
export class FoundSlot implements Slot {
  constructor(
    readonly doctorId: string,
    readonly locationId: string,
    readonly roomId: string | null,
    readonly startsAt: Instant,
    readonly endsAt: Instant,
    readonly seatsLeft: number,
  ) {}
}

function collect(
  place: Place,
  type: AppointmentType,
  duration: number,
  taken: Taken,
  choice: RoomChoice,
  from: number,
  until: number,
  most: number,
  found: Slot[],
  starts: number[],
): void {
  const windows = place.hours.windows(from, until + duration);
  const hoursRooms = new HoursRooms(windows);
  const mayNameRoom = type.needsRoom || hoursRooms.named || taken.sessions.length > 0;
  const { intervals } = windows;
  const { alone, sessions } = taken;
  const step = type.slotStepMinutes;
  const before = type.bufferBeforeMinutes;
  const length = duration + type.bufferAfterMinutes;
  const doctorId = place.doctor.id;
  const locationId = place.location.id;
  const enough = found.length + most;
  let p = 0;
  for (let w = 0; w < intervals.length; w += 2) {
    const opens = intervals[w] as number;
    if (opens >= until) break;
    const last = Math.min((intervals[w + 1] as number) - duration, until - 1);
    let start = opens >= from ? opens : opens + Math.ceil((from - opens) / step) * step;
    while (start <= last && found.length < enough) {
      const reservedFrom = start - before;
      const reservedUntil = start + length;
      while (p < alone.length && (alone[p + 1] as number) <= reservedFrom) p += 2;
      if (p < alone.length && (alone[p] as number) < reservedUntil) {
        // The first start on the grid whose buffer begins after what is taken; what is taken never moves the grid.
        start += Math.ceil(((alone[p + 1] as number) + before - start) / step) * step;
        continue;
      }
      const startsAt = instantOfMinute(start);
      let seatsLeft = type.capacity;
      let groupRoomId: string | null = null;
      if (sessions.length > 0) {
        const session = sessionAt(taken, startsAt);
        if (!isFree(taken, reservedFrom, reservedUntil, startsAt)) seatsLeft = 0;
        else if (session) {
          seatsLeft = type.capacity - session.taken;
          groupRoomId = session.roomId;
        }
      }
      if (seatsLeft > 0) {
        const roomId = mayNameRoom
          ? choice.choose(hoursRooms.at(start), groupRoomId, reservedFrom, reservedUntil, startsAt)
          : null;
        if (roomId !== undefined) {
          starts.push(start);
          const endsAt = instantOfMinute(start + duration);
          found.push(new FoundSlot(doctorId, locationId, roomId, startsAt, endsAt, seatsLeft));
        }
      }
      start += step;
    }
  }
}

/**
 * By start; of equal starts, what was found first comes first. Starts are whole minutes of one range, so counting them
 * orders them: a third of the time of merging the doctors' lists.
 */
function inOrder(found: readonly Slot[], starts: readonly number[]): Slot[] {
  let first = starts[0] as number;
  let last = first;
  for (const start of starts) {
    if (start < first) first = start;
    if (start > last) last = start;
  }
  /** Where the next slot of a minute goes. */
  const next = new Uint32Array(last - first + 2);
  for (const start of starts) next[start - first + 1] = (next[start - first + 1] as number) + 1;
  for (let i = 1; i < next.length; i++) next[i] = (next[i] as number) + (next[i - 1] as number);
  const ordered = found.slice();
  for (let i = 0; i < found.length; i++) {
    const minute = (starts[i] as number) - first;
    const place = next[minute] as number;
    next[minute] = place + 1;
    ordered[place] = found[i] as Slot;
  }
  return ordered;
}

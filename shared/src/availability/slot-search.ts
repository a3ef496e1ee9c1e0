/**
 * The search behind every question about free slots: doctors, places and their plans read once, then any number of
 * ranges. Minutes are whole numbers throughout; nothing is allocated for a candidate that is not a slot.
 */
import type { AppointmentType } from '../model/appointment-type';
import type { Doctor } from '../model/doctor';
import type { Location } from '../model/location';
import type { LocalDays } from '../time/local-days';
import { bookingLimits, refuseInvalidType } from './booking-limits';
import type { AvailabilityFacts } from './facts';
import { instantOfMinute, minuteAtOrAfter, minuteAtOrBefore } from './intervals';
import { doctorsAsked, placesOffering } from './offers';
import type { Slot, SlotQuery } from './query';
import { RoomChoice } from './room-choice';
import { isFree, sessionAt, type Taken, type TakenOptions, takenOfDoctor } from './taken-time';
import { HoursRooms, WorkingHours } from './working-hours';

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
    if (ask.channel === 'online' && type.bookableBy === 'desk') return;
    const limits = bookingLimits(type, ask.channel, ask.now);
    this.#earliest = minuteAtOrAfter(limits.earliestAt);
    if (limits.latestAt !== null) this.#latest = minuteAtOrBefore(limits.latestAt);
    for (const doctor of doctorsAsked(facts, ask.doctorIds)) {
      const places = placesOffering(facts, type, doctor, ask.locationId).map((location) => ({
        doctor,
        location,
        hours: new WorkingHours(facts, doctor.id, location),
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

  /** All slots that begin in the range, by start, then in the order of doctors and of each doctor's places. */
  slots(rangeOf: MinuteRange): Slot[] {
    const type = this.#type;
    if (!type) return [];
    const runs: Slot[][] = [];
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
        const run = collect(place, type, this.#duration, taken, choice, from, until);
        if (run.length > 0) runs.push(run);
      }
    }
    return mergeRuns(runs);
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

function collect(
  place: Place,
  type: AppointmentType,
  duration: number,
  taken: Taken,
  choice: RoomChoice,
  from: number,
  until: number,
): Slot[] {
  const found: Slot[] = [];
  const windows = place.hours.windows(from, until + duration);
  const hoursRooms = new HoursRooms(windows);
  const { intervals } = windows;
  const { alone, sessions } = taken;
  const step = type.slotStepMinutes;
  const before = type.bufferBeforeMinutes;
  const length = duration + type.bufferAfterMinutes;
  const doctorId = place.doctor.id;
  const locationId = place.location.id;
  let p = 0;
  for (let w = 0; w < intervals.length; w += 2) {
    const opens = intervals[w] as number;
    if (opens >= until) break;
    const last = Math.min((intervals[w + 1] as number) - duration, until - 1);
    let start = opens >= from ? opens : opens + Math.ceil((from - opens) / step) * step;
    while (start <= last) {
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
        const roomId = choice.choose(
          hoursRooms.at(start),
          groupRoomId,
          reservedFrom,
          reservedUntil,
          startsAt,
        );
        if (roomId !== undefined) {
          found.push({
            doctorId,
            locationId,
            roomId,
            startsAt,
            endsAt: instantOfMinute(start + duration),
            seatsLeft,
          });
        }
      }
      start += step;
    }
  }
  return found;
}

/** One list by start of several; of equal starts, that of the earlier list comes first. */
function mergeRuns(runs: Slot[][]): Slot[] {
  let rest = runs;
  while (rest.length > 1) {
    const halved: Slot[][] = [];
    for (let i = 0; i < rest.length; i += 2) {
      const a = rest[i] as Slot[];
      const b = rest[i + 1];
      halved.push(b ? merge(a, b) : a);
    }
    rest = halved;
  }
  return rest[0] ?? [];
}

function merge(a: Slot[], b: Slot[]): Slot[] {
  const merged: Slot[] = [];
  let j = 0;
  for (const slot of a) {
    for (let other = b[j]; other && other.startsAt < slot.startsAt; other = b[j]) {
      merged.push(other);
      j++;
    }
    merged.push(slot);
  }
  for (; j < b.length; j++) merged.push(b[j] as Slot);
  return merged;
}

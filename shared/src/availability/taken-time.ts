/**
 * What is taken of a doctor or of a room: reserved ranges of visits, live holds of others, time busy elsewhere.
 * Visits of the group that is asked about stand apart, since at their own start they leave seats.
 */
import { type Appointment, holdsSlot } from '../model/appointment';
import type { ExternalBusyTime } from '../model/calendar';
import type { SlotHold } from '../model/slot-hold';
import type { Instant } from '../time/instant';
import type { AvailabilityFacts } from './facts';
import {
  type Intervals,
  instantOfMinute,
  meets,
  mergeIntervals,
  minuteAtOrAfter,
  minuteAtOrBefore,
  uniteIntervals,
} from './intervals';
import { refuseBackwards } from './invalid-facts';

/** Whose group visits share a slot: those of one doctor, type and place that begin together. */
export interface GroupOf {
  doctorId: string;
  appointmentTypeId: string;
  locationId: string;
}

export interface TakenOptions {
  now: Instant;
  holder?: string | undefined;
  ignoreAppointmentId?: string | undefined;
  /** Null for a type of one patient, whose visits share with nobody. */
  group: GroupOf | null;
}

/** The visits and holds of one group that begin at one moment. */
export interface GroupSession {
  startsAt: Instant;
  /** Reserved minutes, as pairs. */
  pairs: number[];
  /** Seats taken: visits and others' live holds. */
  taken: number;
  seats: Set<number>;
  roomId: string | null;
}

export interface Taken {
  /** Merged minutes of all that never shares. */
  alone: Intervals;
  sessions: GroupSession[];
}

export function takenOfDoctor(
  facts: AvailabilityFacts,
  doctorId: string,
  from: number,
  until: number,
  options: TakenOptions,
): Taken {
  const builder = new TakenBuilder(from, until, options);
  if (everyVisitCounts(options))
    builder.minutes(facts.takenByVisits(doctorId, instantOfMinute(from), instantOfMinute(until)));
  else
    for (const visit of facts.appointmentsOfDoctor(doctorId, instantOfMinute(from), instantOfMinute(until)))
      builder.visit(visit);
  for (const hold of facts.holdsOfDoctor(doctorId)) builder.hold(hold);
  for (const busy of facts.externalBusyOf(doctorId)) builder.external(busy);
  return builder.done();
}

export function takenOfRoom(
  facts: AvailabilityFacts,
  roomId: string,
  from: number,
  until: number,
  options: TakenOptions,
): Taken {
  const builder = new TakenBuilder(from, until, options);
  if (everyVisitCounts(options))
    builder.minutes(facts.takenByVisits(roomId, instantOfMinute(from), instantOfMinute(until)));
  else
    for (const visit of facts.appointmentsInRoom(roomId, instantOfMinute(from), instantOfMinute(until)))
      builder.visit(visit);
  for (const hold of facts.holdsInRoom(roomId)) builder.hold(hold);
  return builder.done();
}

/** Then their minutes are enough, and no visit has to be looked at. */
function everyVisitCounts({ group, ignoreAppointmentId }: TakenOptions): boolean {
  return group === null && ignoreAppointmentId === undefined;
}

/** True when nothing but the group that begins at `startsAt` itself takes a minute of `[from, until)`. */
export function isFree(taken: Taken, from: number, until: number, startsAt: Instant): boolean {
  if (meets(taken.alone, from, until)) return false;
  for (const session of taken.sessions) {
    if (session.startsAt !== startsAt && meetsPairs(session.pairs, from, until)) return false;
  }
  return true;
}

export function sessionAt(taken: Taken, startsAt: Instant): GroupSession | undefined {
  return taken.sessions.find((session) => session.startsAt === startsAt);
}

/** The lowest seat number that no visit of the group has. */
export function lowestFreeSeat(session: GroupSession | undefined): number {
  let seat = 1;
  while (session?.seats.has(seat)) seat++;
  return seat;
}

/** Does this visit take time at all, for the one who asks? */
export function countsAsTaken(visit: Appointment, options: TakenOptions): boolean {
  if (!holdsSlot(visit.status) || visit.id === options.ignoreAppointmentId) return false;
  refuseBackwards('visit', visit.id, visit.reservedFrom, visit.reservedUntil);
  return visit.reservedUntil > visit.reservedFrom;
}

/** A hold counts until it expires, and never against its own holder. */
export function isLiveHoldOfOthers(hold: SlotHold, options: TakenOptions): boolean {
  if (hold.expiresAt <= options.now || (options.holder !== undefined && hold.holder === options.holder))
    return false;
  refuseBackwards('hold', hold.id, hold.reservedFrom, hold.reservedUntil);
  return hold.reservedUntil > hold.reservedFrom;
}

export function isBusyElsewhere(busy: ExternalBusyTime): boolean {
  refuseBackwards('busy time', busy.id, busy.startsAt, busy.endsAt);
  return busy.endsAt > busy.startsAt;
}

/** True for a visit or hold that shares its slot with the group. */
export function isOfGroup(taker: Appointment | SlotHold, group: GroupOf | null): boolean {
  return (
    group !== null &&
    taker.capacity > 1 &&
    taker.appointmentTypeId === group.appointmentTypeId &&
    taker.doctorId === group.doctorId &&
    taker.locationId === group.locationId
  );
}

class TakenBuilder {
  readonly #from: number;
  readonly #until: number;
  readonly #options: TakenOptions;
  /** Of visits, which mostly come in order, and of holds and busy times, which are few. */
  readonly #visits: number[] = [];
  #minutes: Intervals | null = null;
  readonly #others: number[] = [];
  #sessions: Map<number, GroupSession> | null = null;

  constructor(from: number, until: number, options: TakenOptions) {
    this.#from = from;
    this.#until = until;
    this.#options = options;
  }

  visit(visit: Appointment): void {
    if (!countsAsTaken(visit, this.#options)) return;
    if (isOfGroup(visit, this.#options.group)) this.#session(visit).seats.add(visit.seat);
    else this.#add(this.#visits, visit.reservedFrom, visit.reservedUntil);
  }

  /** Of visits, all at once; some may lie outside the range. */
  minutes(pairs: readonly number[]): void {
    this.#minutes = pairs;
  }

  hold(hold: SlotHold): void {
    if (!isLiveHoldOfOthers(hold, this.#options)) return;
    if (isOfGroup(hold, this.#options.group)) this.#session(hold);
    else this.#add(this.#others, hold.reservedFrom, hold.reservedUntil);
  }

  external(busy: ExternalBusyTime): void {
    if (isBusyElsewhere(busy)) this.#add(this.#others, busy.startsAt, busy.endsAt);
  }

  done(): Taken {
    const alone = uniteIntervals(mergeIntervals(this.#minutes ?? this.#visits), mergeIntervals(this.#others));
    return {
      alone,
      sessions: this.#sessions ? [...this.#sessions.values()] : [],
    };
  }

  #session(taker: Appointment | SlotHold): GroupSession {
    this.#sessions ??= new Map();
    let session = this.#sessions.get(taker.startsAt);
    if (!session) {
      session = { startsAt: taker.startsAt, pairs: [], taken: 0, seats: new Set(), roomId: null };
      this.#sessions.set(taker.startsAt, session);
    }
    session.taken++;
    // The lowest id decides, so that the order of the facts does not.
    if (taker.roomId !== null && (session.roomId === null || taker.roomId < session.roomId))
      session.roomId = taker.roomId;
    this.#add(session.pairs, taker.reservedFrom, taker.reservedUntil);
    return session;
  }

  #add(pairs: number[], from: Instant, until: Instant): void {
    const start = minuteAtOrBefore(from);
    const end = minuteAtOrAfter(until);
    if (start >= this.#until || end <= this.#from) return;
    // Mostly they come in order: then this is all the merging there is to do.
    const last = pairs.length - 1;
    if (last > 0 && start <= (pairs[last] as number) && start >= (pairs[last - 1] as number)) {
      if (end > (pairs[last] as number)) pairs[last] = end;
    } else pairs.push(start, end);
  }
}

function meetsPairs(pairs: readonly number[], from: number, until: number): boolean {
  for (let i = 0; i < pairs.length; i += 2) {
    if ((pairs[i] as number) < until && (pairs[i + 1] as number) > from) return true;
  }
  return false;
}

/** Whether a time is free, seen by walking over its minutes, and how a visit would stand there. */
import type { Hold, No, PlainClinic, Stand, Visit, Who } from './clinic';
import { aheadOf, day, doctors, type Hours, type Kind, kinds, rooms } from './setting';
import { held } from './statuses';

export interface Wish {
  doctor: number;
  kind: number;
  place: number;
  start: number;
  /** Otherwise the kind's own. */
  minutes?: number | null;
  /** Otherwise it is chosen. */
  room?: number | null;
}

export interface Extras {
  overHold?: boolean;
  samePatient?: boolean;
  /** Null is no overbooking; whether the room is overbooked too. */
  overbook?: { room: boolean } | null;
}

export interface Asked extends Extras {
  who: Who;
  online: boolean;
  without?: number;
  anyMinute?: boolean;
}

export interface Standing extends Stand {
  seat: number;
  displaced: number[];
}

/** What is in the way at a time: rules by name, and the visits that are named. */
export interface InTheWay {
  rules: Set<string>;
  visits: Set<number>;
  seats: number[];
  mates: number;
  room: number | null;
}

export function kindOf(kind: number): Kind {
  return kinds[kind] as Kind;
}

function hoursOf(doctor: number, place: number): Hours {
  return doctors[doctor]?.at[place] as Hours;
}

export function works(clinic: PlainClinic, doctor: number, place: number, minute: number): boolean {
  const clock = (((minute + aheadOf(place)) % day) + day) % day;
  const { opens, closes, pause } = hoursOf(doctor, place);
  if (clock < opens || clock >= closes || (pause && pause[0] <= clock && clock < pause[1])) return false;
  return !clinic.blocks.some(
    (block) =>
      block.there &&
      block.doctor === doctor &&
      block.place === place &&
      block.from <= minute &&
      minute < block.until,
  );
}

/** What the plan names for that minute, whatever is taken from its hours. */
function roomOfHours(doctor: number, place: number, minute: number): number | null {
  const clock = (((minute + aheadOf(place)) % day) + day) % day;
  const { opens, closes, room } = hoursOf(doctor, place);
  return opens <= clock && clock < closes ? room : null;
}

interface Timed extends Required<Pick<Wish, 'doctor' | 'kind' | 'place' | 'start'>> {
  end: number;
  from: number;
  until: number;
}

export function timed(wish: Wish, kind: Kind = kindOf(wish.kind)): Timed {
  const end = wish.start + (wish.minutes ?? kind.minutes);
  return { ...wish, end, from: wish.start - kind.before, until: end + kind.after };
}

function meets(a: Pick<Stand, 'from' | 'until'>, b: Pick<Stand, 'from' | 'until'>): boolean {
  return a.from < b.until && b.from < a.until;
}

export function areMates(
  a: Omit<Stand, 'end' | 'from' | 'until' | 'room' | 'over' | 'roomOver'>,
  b: Stand,
): boolean {
  return (
    a.capacity > 1 &&
    b.capacity > 1 &&
    a.doctor === b.doctor &&
    a.kind === b.kind &&
    a.place === b.place &&
    a.start === b.start
  );
}

/** All visits and holds that keep anything from the one who asks. */
function takers(clinic: PlainClinic, { who, without }: Asked): { visits: Visit[]; holds: Hold[] } {
  return {
    visits: clinic.visits.filter((visit) => visit.id !== without && held.includes(visit.status)),
    holds: clinic.holds.filter(
      (hold) => clinic.isLive(hold) && (who.holder === null || hold.holder !== who.holder),
    ),
  };
}

export function inTheWay(clinic: PlainClinic, wish: Wish, asked: Asked, kind = kindOf(wish.kind)): InTheWay {
  const time = timed(wish, kind);
  const { doctor, place, start, end } = time;
  const rules = new Set<string>();
  const named = new Set<number>();
  const at = clinic.judgedAt(asked.who);
  if (!kind.at.includes(place)) rules.add('not-offered');
  if (asked.online && kind.deskOnly) rules.add('desk-only');
  if (start < at) rules.add('past');
  if (asked.online && start < at + kind.notice) rules.add('notice');
  for (let minute = start; minute < end; minute++)
    if (!works(clinic, doctor, place, minute)) rules.add('hours');
  if (!asked.anyMinute && works(clinic, doctor, place, start)) {
    let opened = start;
    while (works(clinic, doctor, place, opened - 1)) opened--;
    if ((start - opened) % kind.step !== 0) rules.add('grid');
  }
  const { visits, holds } = takers(clinic, asked);
  const isMate = (other: Stand): boolean => areMates({ ...time, capacity: kind.capacity }, other);
  const mates = [...visits, ...holds].filter(isMate);
  for (const other of visits) {
    if (other.doctor !== doctor || isMate(other) || !meets(other, time)) continue;
    rules.add('visit');
    named.add(other.id);
  }
  for (const other of holds)
    if (other.doctor === doctor && !isMate(other) && meets(other, time)) rules.add('hold');
  if (mates.length >= kind.capacity && kind.capacity > 1) rules.add('full');
  const room = chooseRoom(clinic, wish, asked, kind, mates);
  if (typeof room === 'string') rules.add(room);
  return {
    rules,
    visits: named,
    seats: visits.filter(isMate).map((visit) => visit.seat),
    mates: mates.length,
    room: typeof room === 'string' ? null : room,
  };
}

/** Which room it would be, or what is wrong with the rooms. */
function chooseRoom(
  clinic: PlainClinic,
  wish: Wish,
  asked: Asked,
  kind: Kind,
  mates: readonly Stand[],
): number | null | 'room' | 'no-room' {
  const time = timed(wish, kind);
  const { visits, holds } = takers(clinic, asked);
  const isFree = (room: number): boolean =>
    ![...visits, ...holds].some(
      (other) =>
        other.room === room && meets(other, time) && !areMates({ ...time, capacity: kind.capacity }, other),
    );
  const isFit = (room: number): boolean => rooms[room]?.place === wish.place && !rooms[room]?.isEquipment;
  if (wish.room !== null && wish.room !== undefined) {
    if (rooms[wish.room]?.place !== wish.place || (kind.needsRoom && !isFit(wish.room))) return 'no-room';
    return isFree(wish.room) ? wish.room : 'room';
  }
  const ofMates = mates.flatMap((mate) => mate.room ?? []).sort((a, b) => a - b)[0] ?? null;
  const ofHours = roomOfHours(wish.doctor, wish.place, wish.start);
  if (!kind.needsRoom) {
    const rather = ofMates ?? ofHours;
    return rather !== null && isFree(rather) ? rather : null;
  }
  if (ofMates !== null && isFit(ofMates)) return isFree(ofMates) ? ofMates : 'room';
  const inOrder = [...(ofHours === null ? [] : [ofHours]), ...rooms.keys()].filter(isFit);
  return inOrder.find(isFree) ?? 'room';
}

function standingAt(wish: Wish, kind: Kind, found: InTheWay, displaced: number[] = []): Standing {
  let seat = 1;
  while (found.seats.includes(seat)) seat++;
  const { doctor, kind: kindNumber, place, start, end, from, until } = timed(wish, kind);
  return {
    doctor,
    kind: kindNumber,
    place,
    start,
    end,
    from,
    until,
    room: found.room,
    capacity: kind.capacity,
    over: false,
    roomOver: false,
    seat,
    displaced,
  };
}

/** How a visit would stand there, or what is in the way and which visits are named. */
export function place(
  clinic: PlainClinic,
  wish: Wish,
  asked: Asked,
): Standing | { no: Set<string>; named: Set<number> } {
  const kind = kindOf(wish.kind);
  const found = inTheWay(clinic, wish, asked);
  if (found.rules.size === 0) return standingAt(wish, kind, found);
  if (asked.who.kind === 'patient') return { no: found.rules, named: found.visits };
  const over = overHolds(clinic, wish, asked);
  if (over && asked.overHold) return over;
  if (asked.overbook) {
    const stand = overbooked(clinic, wish, found, asked, asked.overbook.room);
    return 'no' in stand ? { ...stand, named: new Set() } : stand;
  }
  return { no: found.rules, named: over ? new Set() : found.visits };
}

/** Were it not for visitors' holds; null where something else is in the way too. The doctor's go first, then the rooms'. */
export function overHolds(clinic: PlainClinic, wish: Wish, asked: Asked): Standing | null {
  const kind = kindOf(wish.kind);
  const time = timed(wish);
  const met = clinic.holds.filter((hold) => clinic.isLive(hold) && meets(hold, time));
  const own = met.filter((hold) => hold.doctor === wish.doctor);
  const inRooms = met.filter(
    (hold) => hold.doctor !== wish.doctor && hold.room !== null && rooms[hold.room]?.place === wish.place,
  );
  for (const lifted of [own, [...own, ...inRooms]]) {
    if (lifted.length === 0) continue;
    const holds = clinic.holds;
    clinic.holds = holds.filter((hold) => !lifted.includes(hold));
    const found = inTheWay(clinic, wish, asked);
    clinic.holds = holds;
    if (found.rules.size > 0) continue;
    const fellows = lifted
      .filter((hold) => areMates({ ...time, capacity: kind.capacity }, hold))
      .sort((a, b) => a.expires - b.expires);
    const others = lifted.filter(
      (hold) =>
        !fellows.includes(hold) &&
        (hold.doctor === wish.doctor || (hold.room !== null && hold.room === found.room)),
    );
    const free = kind.capacity - found.mates;
    const going = [...others, ...fellows.slice(0, Math.max(0, fellows.length + 1 - free))];
    return standingAt(
      wish,
      kind,
      found,
      going.map((hold) => hold.id),
    );
  }
  return null;
}

function overbooked(
  clinic: PlainClinic,
  wish: Wish,
  found: InTheWay,
  asked: Asked,
  overRoom: boolean,
): Standing | { no: Set<string> } {
  const kind = kindOf(wish.kind);
  const overDoctor = [...found.rules].some((rule) => rule !== 'room');
  const alone = overDoctor ? { ...kind, capacity: 1 } : kind;
  const seen = overDoctor ? inTheWay(clinic, wish, asked, alone) : found;
  const never = [...seen.rules].filter(
    (rule) => ['past', 'not-offered', 'no-room'].includes(rule) || (rule === 'room' && !overRoom),
  );
  if (never.length > 0) return { no: new Set(never) };
  const isTaken = seen.rules.has('room');
  const room = isTaken ? wantedRoom(wish) : seen.room;
  const stand = standingAt(wish, alone, { ...seen, room, seats: overDoctor ? [] : found.seats });
  const displaced = overDoctor
    ? clinic.holds.filter((hold) => clinic.isLive(hold) && hold.doctor === wish.doctor && meets(hold, stand))
    : [];
  return { ...stand, over: overDoctor, roomOver: isTaken, displaced: displaced.map((hold) => hold.id) };
}

/** Where every room is taken: the one that would have been taken first. */
function wantedRoom({ doctor, place, start, room }: Wish): number | null {
  if (room !== null && room !== undefined) return room;
  const fit = [...rooms.keys()].filter((each) => rooms[each]?.place === place && !rooms[each]?.isEquipment);
  const ofHours = roomOfHours(doctor, place, start);
  return ofHours !== null && fit.includes(ofHours) ? ofHours : (fit[0] ?? null);
}

/** As `place`, where staff are warned of the patient's other visits. */
export function placeFor(
  clinic: PlainClinic,
  visit: { id: number; patient: number },
  wish: Wish,
  asked: Asked,
): Standing | { no: readonly No[] } {
  const placed = place(clinic, wish, asked);
  const no = 'no' in placed ? ['time'] : [];
  const named = 'no' in placed ? placed.named : new Set<number>();
  if (asked.who.kind === 'staff' && !asked.samePatient && clashes(clinic, visit, wish, named))
    no.push('same-patient');
  return no.length > 0 ? { no } : (placed as Standing);
}

export function clashes(
  clinic: PlainClinic,
  visit: { id: number; patient: number },
  wish: Wish,
  named: ReadonlySet<number> = new Set(),
): boolean {
  const { start, end } = timed(wish);
  return clinic.visits.some(
    (other) =>
      other.id !== visit.id &&
      other.patient === visit.patient &&
      held.includes(other.status) &&
      other.start < end &&
      other.end > start &&
      !named.has(other.id),
  );
}

/** The seat of one who kept none meanwhile; null where somebody else has the time by now. */
export function seatAgain(clinic: PlainClinic, who: Who, visit: Visit, at: Stand): number | null {
  const wish: Wish = { ...at, minutes: at.end - at.start, room: at.room };
  const asked: Asked = { who, online: false, without: visit.id };
  const found = inTheWay(clinic, wish, asked);
  const taken = ['visit', 'hold', 'full'].some((rule) => found.rules.has(rule)) && !at.over;
  // What stood without a room needs none.
  if (taken || (at.room !== null && found.rules.has('room') && !at.roomOver)) return null;
  if (at.capacity === 1) return 1;
  const seats = clinic.visits
    .filter((other) => other !== visit && held.includes(other.status) && areMates(at, other))
    .map((other) => other.seat);
  let seat = 1;
  while (seats.includes(seat)) seat++;
  return seat;
}

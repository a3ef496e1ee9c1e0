/**
 * A clinic as plain as can be: what the acts should do, written down a second time without a line of theirs or of the
 * engine's. Time is a number of minutes since Monday 00:00 by the clinic's clock; whether a time is free is seen by
 * walking over its minutes. One place with one room, two doctors, four kinds of visit.
 */

export type Status =
  | 'proposed'
  | 'pending'
  | 'booked'
  | 'arrived'
  | 'checked-in'
  | 'fulfilled'
  | 'cancelled'
  | 'noshow'
  | 'entered-in-error';

export interface Kind {
  minutes: number;
  step: number;
  after: number;
  notice: number;
  capacity: number;
  needsRoom: boolean;
  needsAccepting: boolean;
}

export const kinds: readonly Kind[] = [
  { minutes: 30, step: 15, after: 5, notice: 60, capacity: 1, needsRoom: false, needsAccepting: false },
  { minutes: 60, step: 30, after: 0, notice: 0, capacity: 3, needsRoom: false, needsAccepting: false },
  { minutes: 30, step: 30, after: 0, notice: 0, capacity: 1, needsRoom: true, needsAccepting: false },
  { minutes: 20, step: 10, after: 0, notice: 0, capacity: 1, needsRoom: false, needsAccepting: true },
];

export const doctors: readonly { hours: readonly (readonly [number, number])[]; needsAccepting: boolean }[] =
  [
    {
      hours: [
        [8 * 60, 10 * 60],
        [10 * 60 + 30, 12 * 60],
      ],
      needsAccepting: false,
    },
    { hours: [[8 * 60, 12 * 60]], needsAccepting: true },
  ];

export const cancelWindow = 120;
export const holdMinutes = 10;
const day = 1440;

export interface Who {
  kind: 'staff' | 'patient';
  /** Every agenda. */
  runs: boolean;
  overbooks: boolean;
  /** Whose own agenda this is. */
  doctor: number | null;
  /** Signed in as. */
  patient: number | null;
  /** Visitors are known by what they hold with. */
  holder: number | null;
}

interface Place {
  doctor: number;
  kind: number;
  start: number;
  end: number;
  until: number;
  room: boolean;
  capacity: number;
  over: boolean;
  roomOver: boolean;
}

export interface Visit extends Place {
  id: number;
  patient: number;
  status: Status;
  seat: number;
  confirmed: boolean;
  series: number | null;
  /** How it was before each change that can still be taken back. */
  before: (Place & { status: Status; confirmed: boolean })[];
}

export interface Hold extends Place {
  id: number;
  holder: number;
  expires: number;
  extensions: number;
}

export interface Offer {
  id: number;
  doctor: number;
  kind: number;
  start: number;
  expires: number;
  status: 'open' | 'accepted' | 'declined' | 'withdrawn' | 'expired';
}

export interface Entry {
  id: number;
  patient: number;
  kind: number;
  status: 'waiting' | 'offered' | 'booked' | 'closed';
  offers: Offer[];
}

interface Merge {
  id: number;
  kept: number;
  merged: number;
  visits: number[];
  entries: number[];
  undone: boolean;
}

/** What stands in the way, by the name that acts give it; those of time are all `time`. */
export type No = string;
export type Answer = 'done' | readonly No[];

const held: readonly Status[] = ['pending', 'booked', 'arrived', 'checked-in', 'fulfilled'];
const movable: readonly Status[] = ['proposed', 'pending', 'booked'];

const next: Record<Status, readonly Status[]> = {
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
const back: Record<Status, readonly Status[]> = {
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

export interface Wish {
  doctor: number;
  kind: number;
  start: number;
}

export interface Extras {
  overHold?: boolean;
  samePatient?: boolean;
  /** Null is no overbooking; whether the room is overbooked too. */
  overbook?: { room: boolean } | null;
}

interface Asked extends Extras {
  online: boolean;
  holder: number | null;
  without?: number;
  anyMinute?: boolean;
}

/** What is in the way at a time: rules by name, and the visits that are named. */
interface InTheWay {
  rules: Set<string>;
  visits: Set<number>;
  seats: number[];
  mates: number;
}

interface Stand extends Place {
  seat: number;
  displaced: number[];
}

export class PlainClinic {
  now: number;
  visits: Visit[] = [];
  holds: Hold[] = [];
  entries: Entry[] = [];
  merges: Merge[] = [];
  blocks: { id: number; doctor: number; from: number; until: number; date: number; there: boolean }[] = [];
  /** What each patient's record was merged into. */
  patients: (number | null)[];

  constructor(now: number, patients: number) {
    this.now = now;
    this.patients = Array.from({ length: patients }, () => null);
  }

  // What stands.

  visit(id: number): Visit | undefined {
    return this.visits.find((visit) => visit.id === id);
  }

  survivor(patient: number): number {
    const into = this.patients[patient];
    return into === null || into === undefined ? patient : this.survivor(into);
  }

  isLive(hold: Hold): boolean {
    return hold.expires > this.now;
  }

  isOpen(offer: Offer): boolean {
    return offer.status === 'open' && offer.expires > this.now;
  }

  statusOf(entry: Entry): Entry['status'] {
    if (entry.status === 'booked' || entry.status === 'closed') return entry.status;
    return entry.offers.some((offer) => this.isOpen(offer)) ? 'offered' : 'waiting';
  }

  isWaiting(entry: Entry): boolean {
    return entry.status === 'waiting' || entry.status === 'offered';
  }

  #works(doctor: number, minute: number): boolean {
    const clock = ((minute % day) + day) % day;
    const open = doctors[doctor]?.hours.some(([from, until]) => from <= clock && clock < until);
    return (
      open === true &&
      !this.blocks.some(
        (block) => block.there && block.doctor === doctor && block.from <= minute && minute < block.until,
      )
    );
  }

  #inTheWay(wish: Wish, kind: Kind, asked: Asked): InTheWay {
    const { doctor, start } = wish;
    const end = start + kind.minutes;
    const until = end + kind.after;
    const rules = new Set<string>();
    const visits = new Set<number>();
    if (start < this.now) rules.add('past');
    if (asked.online && start < this.now + kind.notice) rules.add('notice');
    for (let minute = start; minute < end; minute++) if (!this.#works(doctor, minute)) rules.add('hours');
    if (!asked.anyMinute && this.#works(doctor, start)) {
      let opened = start;
      while (this.#works(doctor, opened - 1)) opened--;
      if ((start - opened) % kind.step !== 0) rules.add('grid');
    }
    const seats: number[] = [];
    let mates = 0;
    const isMate = (other: Place): boolean =>
      kind.capacity > 1 &&
      other.capacity > 1 &&
      other.doctor === doctor &&
      other.kind === wish.kind &&
      other.start === start;
    const meets = (other: Place): boolean => other.start < until && other.until > start;
    for (const other of this.visits) {
      if (other.id === asked.without || !held.includes(other.status)) continue;
      if (isMate(other)) {
        mates++;
        seats.push(other.seat);
      } else if (meets(other)) {
        if (other.doctor === doctor) {
          rules.add('visit');
          visits.add(other.id);
        }
        if (other.room && kind.needsRoom) rules.add('room');
      }
    }
    for (const other of this.holds) {
      if (!this.isLive(other) || other.holder === asked.holder) continue;
      if (isMate(other)) mates++;
      else if (meets(other)) {
        if (other.doctor === doctor) rules.add('hold');
        if (other.room && kind.needsRoom) rules.add('room');
      }
    }
    if (mates >= kind.capacity && kind.capacity > 1) rules.add('full');
    return { rules, visits, seats, mates };
  }

  #standing(wish: Wish, kind: Kind, found: InTheWay, displaced: number[] = []): Stand {
    let seat = 1;
    while (found.seats.includes(seat)) seat++;
    const end = wish.start + kind.minutes;
    return {
      ...wish,
      end,
      until: end + kind.after,
      room: kind.needsRoom,
      capacity: kind.capacity,
      over: false,
      roomOver: false,
      seat,
      displaced,
    };
  }

  /** How a visit would stand there, or what is in the way and which visits are named. */
  #place(wish: Wish, who: Who, asked: Asked): Stand | { no: Set<string>; named: Set<number> } {
    const kind = kinds[wish.kind] as Kind;
    const found = this.#inTheWay(wish, kind, asked);
    if (found.rules.size === 0) return this.#standing(wish, kind, found);
    if (who.kind === 'patient') return { no: found.rules, named: found.visits };
    const over = this.#overHolds(wish, kind, asked);
    if (over && asked.overHold) return over;
    if (asked.overbook) {
      const stand = this.#overbooked(wish, kind, found, asked, asked.overbook.room);
      return 'no' in stand ? { ...stand, named: new Set() } : stand;
    }
    return { no: found.rules, named: over ? new Set() : found.visits };
  }

  #overHolds(wish: Wish, kind: Kind, asked: Asked): Stand | null {
    const until = wish.start + kind.minutes + kind.after;
    const met = this.holds.filter(
      (hold) => this.isLive(hold) && hold.start < until && hold.until > wish.start,
    );
    const own = met.filter((hold) => hold.doctor === wish.doctor);
    const rooms = met.filter((hold) => hold.doctor !== wish.doctor && hold.room);
    for (const lifted of [own, [...own, ...rooms]]) {
      if (lifted.length === 0) continue;
      const holds = this.holds;
      this.holds = holds.filter((hold) => !lifted.includes(hold));
      const found = this.#inTheWay(wish, kind, asked);
      this.holds = holds;
      if (found.rules.size > 0) continue;
      const fellows = lifted
        .filter(
          (hold) =>
            kind.capacity > 1 &&
            hold.doctor === wish.doctor &&
            hold.kind === wish.kind &&
            hold.start === wish.start,
        )
        .sort((a, b) => a.expires - b.expires);
      const others = lifted.filter(
        (hold) => !fellows.includes(hold) && (hold.doctor === wish.doctor || (hold.room && kind.needsRoom)),
      );
      const free = kind.capacity - found.mates;
      const going = [...others, ...fellows.slice(0, Math.max(0, fellows.length + 1 - free))];
      return this.#standing(
        wish,
        kind,
        found,
        going.map((hold) => hold.id),
      );
    }
    return null;
  }

  #overbooked(
    wish: Wish,
    kind: Kind,
    found: InTheWay,
    asked: Asked,
    room: boolean,
  ): Stand | { no: Set<string> } {
    const overDoctor = [...found.rules].some((rule) => rule !== 'room');
    const alone = overDoctor ? { ...kind, capacity: 1 } : kind;
    const { rules } = overDoctor ? this.#inTheWay(wish, alone, asked) : found;
    const never = [...rules].filter((rule) => rule === 'past' || (rule === 'room' && !room));
    if (never.length > 0) return { no: new Set(never) };
    const stand = this.#standing(wish, alone, { ...found, seats: overDoctor ? [] : found.seats });
    const displaced = overDoctor
      ? this.holds.filter(
          (hold) =>
            this.isLive(hold) &&
            hold.doctor === wish.doctor &&
            hold.start < stand.until &&
            hold.until > stand.start,
        )
      : [];
    return {
      ...stand,
      over: overDoctor,
      roomOver: rules.has('room'),
      displaced: displaced.map((hold) => hold.id),
    };
  }

  /** As `#place`, where staff are warned of the patient's other visits. */
  #placeFor(id: number, patient: number, wish: Wish, who: Who, asked: Asked): Stand | { no: readonly No[] } {
    const placed = this.#place(wish, who, asked);
    const no = 'no' in placed ? ['time'] : [];
    const named = 'no' in placed ? placed.named : new Set<number>();
    if (who.kind === 'staff' && !asked.samePatient && this.#clashes(id, patient, wish, named))
      no.push('same-patient');
    return no.length > 0 ? { no } : (placed as Stand);
  }

  #clashes(id: number, patient: number, wish: Wish, named: ReadonlySet<number>): boolean {
    const end = wish.start + (kinds[wish.kind] as Kind).minutes;
    return this.visits.some(
      (other) =>
        other.id !== id &&
        other.patient === patient &&
        held.includes(other.status) &&
        other.start < end &&
        other.end > wish.start &&
        !named.has(other.id),
    );
  }

  // What changes it.

  #drop(holds: readonly number[]): void {
    this.holds = this.holds.filter((hold) => !holds.includes(hold.id));
  }

  #releaseAll(who: Who): void {
    if (who.holder !== null) this.holds = this.holds.filter((hold) => hold.holder !== who.holder);
  }

  #remember(visit: Visit): void {
    const { doctor, kind, start, end, until, room, capacity, over, roomOver, status, confirmed } = visit;
    visit.before.push({ doctor, kind, start, end, until, room, capacity, over, roomOver, status, confirmed });
  }

  #change(visit: Visit, status: Status): void {
    this.#remember(visit);
    visit.status = status;
    if (held.includes(status)) this.#withdrawn(visit);
  }

  #moveTo(visit: Visit, stand: Stand): void {
    const { displaced, ...place } = stand;
    this.#remember(visit);
    if (
      place.doctor !== visit.doctor ||
      place.kind !== visit.kind ||
      place.start !== visit.start ||
      place.end !== visit.end
    )
      visit.confirmed = false;
    Object.assign(visit, place);
    this.#drop(displaced);
  }

  /** Every open offer near what was just taken, at a time that can't be booked any more, holds left aside. */
  #withdrawn(taken: { start: number; until: number } | { doctor: number; date: number }): void {
    const holds = this.holds;
    this.holds = [];
    for (const entry of this.entries) {
      for (const offer of entry.offers) {
        if (!this.isOpen(offer)) continue;
        const near =
          'date' in taken
            ? offer.doctor === taken.doctor && Math.abs(offer.start - taken.date) < 3 * day
            : taken.start < offer.start + day && taken.until > offer.start - day;
        if (!near) continue;
        const found = this.#inTheWay(offer, kinds[offer.kind] as Kind, { online: false, holder: null });
        if (found.rules.size > 0) offer.status = 'withdrawn';
      }
    }
    this.holds = holds;
    for (const entry of this.entries) entry.status = this.statusOf(entry);
  }

  #mayRun(who: Who, doctor: number | undefined): boolean {
    return who.kind === 'staff' && (who.runs || (doctor !== undefined && who.doctor === doctor));
  }

  #mayTouch(who: Who, visit: Visit | undefined): boolean {
    if (who.kind === 'staff') return this.#mayRun(who, visit?.doctor);
    return visit !== undefined && who.patient !== null && who.patient === visit.patient;
  }

  // The acts.

  book(
    who: Who,
    id: number,
    patient: number,
    wish: Wish,
    as: 'book' | 'request' | 'propose' | 'overbook',
    extras: Extras,
  ): Answer {
    if (!this.#mayRun(who, wish.doctor)) return ['not-allowed'];
    if (as === 'overbook' && !who.overbooks) return ['not-allowed'];
    if (this.visit(id)) return ['exists'];
    const status = as === 'propose' ? 'proposed' : as === 'request' ? 'pending' : 'booked';
    return this.#book(who, id, this.survivor(patient), wish, status, null, {
      ...extras,
      online: false,
      holder: null,
    });
  }

  #book(
    who: Who,
    id: number,
    patient: number,
    wish: Wish,
    status: Status,
    series: number | null,
    asked: Asked,
  ): Answer {
    const stand = this.#placeFor(id, patient, wish, who, asked);
    if ('no' in stand) return stand.no;
    const { displaced, ...place } = stand;
    this.#drop(displaced);
    const visit: Visit = { ...place, id, patient, status, confirmed: false, series, before: [] };
    this.visits.push(visit);
    if (held.includes(status)) this.#withdrawn(visit);
    return 'done';
  }

  bookOnline(who: Who, id: number, patient: number, wish: Wish): Answer {
    if (who.kind !== 'patient') return ['not-allowed'];
    if (this.visit(id)) return ['exists'];
    const waits = kinds[wish.kind]?.needsAccepting || doctors[wish.doctor]?.needsAccepting;
    const answer = this.#book(
      who,
      id,
      patient < this.patients.length ? this.survivor(patient) : patient,
      wish,
      waits ? 'pending' : 'booked',
      null,
      { online: true, holder: who.holder },
    );
    if (answer !== 'done') return answer;
    if (patient >= this.patients.length) this.patients.push(null);
    this.#releaseAll(who);
    return 'done';
  }

  hold(who: Who, id: number, wish: Wish): Answer {
    if (who.kind !== 'patient' || who.holder === null) return ['not-allowed'];
    if (this.holds.some((hold) => hold.id === id)) return ['exists'];
    const stand = this.#place(wish, who, { online: true, holder: who.holder });
    if ('no' in stand) return ['time'];
    if (this.#isHeldEnough(wish, who.holder)) return ['hold-limit'];
    this.#releaseAll(who);
    const { displaced: _, seat: __, ...place } = stand;
    this.holds.push({ ...place, id, holder: who.holder, expires: this.now + holdMinutes, extensions: 0 });
    return 'done';
  }

  /** One more hold than a fifth of the visits that would fit into the day one after the other, were nothing held. */
  #isHeldEnough(wish: Wish, holder: number): boolean {
    const first = Math.floor(wish.start / day) * day;
    const ofDay = this.holds.filter(
      (hold) =>
        this.isLive(hold) && hold.doctor === wish.doctor && hold.start >= first && hold.start < first + day,
    );
    const others = ofDay.filter((hold) => hold.holder !== holder).length;
    if (others === 0) return false;
    const holds = this.holds;
    this.holds = holds.filter((hold) => !ofDay.includes(hold));
    const kind = kinds[wish.kind] as Kind;
    let fitting = 0;
    let busyUntil = first;
    for (let start = first; start < first + day; start++) {
      if (start < busyUntil || !this.#works(wish.doctor, start)) continue;
      const found = this.#inTheWay({ ...wish, start }, kind, { online: true, holder: null });
      if (found.rules.size > 0) continue;
      fitting += kind.capacity - found.mates;
      busyUntil = start + kind.minutes;
    }
    this.holds = holds;
    return (others + 1) * 5 > fitting;
  }

  extend(who: Who, id: number): Answer {
    if (who.kind !== 'patient') return ['not-allowed'];
    const hold = this.holds.find((each) => each.id === id);
    if (!hold || hold.holder !== who.holder || !this.isLive(hold) || hold.extensions >= 3)
      return ['hold-ended'];
    hold.extensions++;
    hold.expires += holdMinutes;
    return 'done';
  }

  release(who: Who, id: number): Answer {
    if (who.kind !== 'patient') return ['not-allowed'];
    this.holds = this.holds.filter((hold) => hold.id !== id || hold.holder !== who.holder);
    return 'done';
  }

  accept(who: Who, id: number, extras: Extras): Answer {
    const visit = this.visit(id);
    if (who.kind === 'patient' && visit && visit.status !== 'proposed' && visit.patient === who.patient)
      return ['not-allowed'];
    if (!this.#mayTouch(who, visit)) return ['not-allowed'];
    if (!visit) return ['unknown'];
    if (visit.status === 'proposed') {
      const stand = this.#placeFor(id, visit.patient, visit, who, {
        ...extras,
        overbook: null,
        online: false,
        holder: who.holder,
        without: id,
      });
      if ('no' in stand) return stand.no;
      this.#drop(stand.displaced);
      this.#remember(visit);
      visit.status = 'booked';
      visit.seat = stand.seat;
      this.#withdrawn(visit);
      return 'done';
    }
    if (visit.status !== 'pending') return ['status'];
    this.#remember(visit);
    visit.status = 'booked';
    return 'done';
  }

  decline(who: Who, id: number): Answer {
    const visit = this.visit(id);
    const may = visit?.status === 'proposed' ? this.#mayTouch(who, visit) : this.#mayRun(who, visit?.doctor);
    if (!may) return ['not-allowed'];
    if (!visit) return ['unknown'];
    if (visit.status !== 'pending' && visit.status !== 'proposed') return ['status'];
    this.#change(visit, 'cancelled');
    return 'done';
  }

  confirm(who: Who, id: number): Answer {
    const visit = this.visit(id);
    if (!this.#mayTouch(who, visit)) return ['not-allowed'];
    if (!visit) return ['unknown'];
    if (visit.status !== 'booked') return ['status'];
    if (visit.confirmed) return 'done';
    if (visit.start <= this.now) return ['time'];
    this.#remember(visit);
    visit.confirmed = true;
    return 'done';
  }

  #outsideWindow(who: Who, visit: Visit): boolean {
    const window = visit.status === 'proposed' ? 0 : cancelWindow;
    return who.kind === 'patient' && this.now > visit.start - window;
  }

  reschedule(who: Who, id: number, to: Wish, extras: Extras): Answer {
    const visit = this.visit(id);
    if (!this.#mayTouch(who, visit)) return ['not-allowed'];
    if (who.kind === 'staff' && !this.#mayRun(who, to.doctor)) return ['not-allowed'];
    if (extras.overbook && !who.overbooks) return ['not-allowed'];
    if (!visit) return ['unknown'];
    if (!movable.includes(visit.status)) return ['status'];
    if (this.#outsideWindow(who, visit)) return ['window'];
    if (visit.doctor === to.doctor && visit.start === to.start && visit.kind === to.kind) return 'done';
    const stand = this.#placeFor(id, visit.patient, to, who, {
      ...extras,
      online: who.kind === 'patient',
      holder: who.holder,
      without: id,
    });
    if ('no' in stand) return stand.no;
    this.#moveTo(visit, stand);
    if (who.kind === 'patient') {
      const waits = kinds[to.kind]?.needsAccepting || doctors[to.doctor]?.needsAccepting;
      visit.status = waits ? 'pending' : visit.status === 'proposed' ? 'booked' : visit.status;
    }
    if (held.includes(visit.status)) this.#withdrawn(visit);
    return 'done';
  }

  swap(who: Who, a: number, b: number, extras: Extras): Answer {
    const [one, two] = [this.visit(a), this.visit(b)];
    if (!this.#mayRun(who, one?.doctor) || !this.#mayRun(who, two?.doctor)) return ['not-allowed'];
    // The first that is wrong is told.
    for (const visit of [one, two]) {
      if (!visit) return ['unknown'];
      if (visit.status !== 'pending' && visit.status !== 'booked') return ['status'];
    }
    if (!one || !two) return ['unknown'];
    const [earlier, later] = one.start <= two.start ? [one, two] : [two, one];
    const between = this.visits.some(
      (other) =>
        other !== one &&
        other !== two &&
        other.doctor === earlier.doctor &&
        held.includes(other.status) &&
        other.start < later.end &&
        other.end > earlier.start,
    );
    if (
      one === two ||
      one.doctor !== two.doctor ||
      Math.floor(one.start / day) !== Math.floor(two.start / day) ||
      later.start < earlier.end ||
      between
    )
      return ['invalid'];
    return this.#moveAll(
      who,
      [
        [later, earlier.start],
        [earlier, later.end - (earlier.end - earlier.start)],
      ],
      extras,
    );
  }

  shift(who: Who, ids: readonly number[], minutes: number, extras: Extras): Answer {
    const all = [...new Set(ids)].map((id) => this.visit(id));
    if (!all.every((visit) => this.#mayRun(who, visit?.doctor))) return ['not-allowed'];
    const no: No[] = [];
    const visits: Visit[] = [];
    for (const visit of all) {
      if (!visit) no.push('unknown');
      else if (visit.status !== 'pending' && visit.status !== 'booked') no.push('status');
      else visits.push(visit);
    }
    if (new Set(visits.map((visit) => visit.doctor)).size > 1) no.push('invalid');
    if (no.length > 0) return no;
    visits.sort((a, b) => a.start - b.start || a.seat - b.seat);
    return this.#moveAll(
      who,
      visits.map((visit) => [visit, visit.start + minutes]),
      extras,
    );
  }

  /** Lifts all out, then puts down each; or nothing moves. */
  #moveAll(who: Who, moves: readonly (readonly [Visit, number])[], extras: Extras): Answer {
    const { visits, holds } = this;
    this.visits = visits.filter((visit) => !moves.some(([moving]) => moving === visit));
    const no: No[] = [];
    const down: { visit: Visit; stand: Stand }[] = [];
    for (const [visit, start] of moves) {
      const wish = { doctor: visit.doctor, kind: visit.kind, start };
      const stand = this.#placeFor(visit.id, visit.patient, wish, who, {
        ...extras,
        online: false,
        holder: null,
        anyMinute: true,
      });
      if ('no' in stand) {
        no.push(...stand.no);
        continue;
      }
      this.#drop(stand.displaced);
      down.push({ visit, stand });
      this.visits.push({ ...visit, ...stand });
    }
    this.visits = visits;
    if (no.length > 0) {
      this.holds = holds;
      return no;
    }
    for (const { visit, stand } of down) this.#moveTo(visit, stand);
    for (const { visit } of down) this.#withdrawn(visit);
    return 'done';
  }

  cancel(who: Who, id: number): Answer {
    const visit = this.visit(id);
    if (!this.#mayTouch(who, visit)) return ['not-allowed'];
    if (!visit) return ['unknown'];
    if (!next[visit.status].includes('cancelled')) return ['status'];
    if (who.kind === 'patient' && !movable.includes(visit.status)) return ['status'];
    if (this.#outsideWindow(who, visit)) return ['window'];
    this.#change(visit, 'cancelled');
    return 'done';
  }

  void(who: Who, id: number): Answer {
    if (!who.runs) return ['not-allowed'];
    const visit = this.visit(id);
    if (!visit) return ['unknown'];
    if (!next[visit.status].includes('entered-in-error')) return ['status'];
    this.#change(visit, 'entered-in-error');
    return 'done';
  }

  step(who: Who, id: number, to: Status): Answer {
    const visit = this.visit(id);
    if (!this.#mayRun(who, visit?.doctor)) return ['not-allowed'];
    if (!visit) return ['unknown'];
    if (!next[visit.status].includes(to)) return ['status'];
    const newly = !held.includes(visit.status) && held.includes(to);
    const seat = newly ? this.#seatAgain(visit, visit) : visit.seat;
    if (seat === null) return ['time'];
    this.#remember(visit);
    visit.status = to;
    visit.seat = seat;
    if (newly) this.#withdrawn(visit);
    return 'done';
  }

  /** The seat of one who kept none meanwhile; null where somebody else has the time by now. */
  #seatAgain(visit: Visit, at: Place): number | null {
    const kind = { ...(kinds[at.kind] as Kind), minutes: at.end - at.start };
    const found = this.#inTheWay(at, kind, { online: false, holder: null, without: visit.id });
    const taken = ['visit', 'hold', 'full'].some((rule) => found.rules.has(rule)) && !at.over;
    if (taken || (found.rules.has('room') && !at.roomOver)) return null;
    return at.capacity === 1 ? 1 : this.#standing(at, kind, found).seat;
  }

  revokeLink(who: Who, id: number): Answer {
    const visit = this.visit(id);
    if (!this.#mayRun(who, visit?.doctor)) return ['not-allowed'];
    return visit ? 'done' : ['unknown'];
  }

  undo(who: Who, id: number): Answer {
    const visit = this.visit(id);
    const last = visit?.before.at(-1);
    if (!this.#mayRun(who, visit?.doctor)) return ['not-allowed'];
    if (visit && last && last.doctor !== visit.doctor && !this.#mayRun(who, last.doctor))
      return ['not-allowed'];
    if (!visit) return ['unknown'];
    if (!last || (last.status !== visit.status && !back[visit.status].includes(last.status)))
      return ['status'];
    const stays =
      held.includes(visit.status) &&
      last.doctor === visit.doctor &&
      last.start === visit.start &&
      last.until === visit.until &&
      last.room === visit.room &&
      last.capacity === visit.capacity;
    const again = held.includes(last.status) && !stays;
    const seat = again ? this.#seatAgain(visit, last) : visit.seat;
    if (seat === null) return ['time'];
    visit.before.pop();
    Object.assign(visit, last, { seat });
    if (held.includes(visit.status) && !stays) this.#withdrawn(visit);
    return 'done';
  }

  block(who: Who, id: number, doctor: number, date: number, from: number, until: number): Answer {
    if (!this.#mayRun(who, doctor)) return ['not-allowed'];
    this.blocks.push({ id, doctor, date, from: date + from, until: date + until, there: true });
    this.#withdrawn({ doctor, date });
    return 'done';
  }

  unblock(who: Who, id: number): Answer {
    const block = this.blocks.find((each) => each.id === id && each.there);
    if (!this.#mayRun(who, block?.doctor)) return ['not-allowed'];
    if (!block) return ['unknown'];
    block.there = false;
    this.#withdrawn({ doctor: block.doctor, date: block.date });
    return 'done';
  }

  bookSeries(
    who: Who,
    series: number,
    ids: readonly number[],
    patient: number,
    wish: Wish,
    extras: Extras,
  ): Answer {
    if (!this.#mayRun(who, wish.doctor)) return ['not-allowed'];
    const { visits, holds } = this;
    this.visits = [...visits];
    const offers = this.entries.flatMap((entry) =>
      entry.offers.map((offer) => ({ offer, status: offer.status })),
    );
    const no = new Set<No>();
    const asked: Asked = { ...extras, overbook: null, online: false, holder: null };
    for (const [i, id] of ids.entries()) {
      const each = { ...wish, start: wish.start + i * day };
      const answer = this.#book(who, id, this.survivor(patient), each, 'booked', series, asked);
      // What is wrong with the time is said first, and nothing else is.
      if (answer !== 'done') no.add(answer.includes('time') ? 'time' : (answer[0] as No));
    }
    if (no.size === 0) return 'done';
    this.visits = visits;
    this.holds = holds;
    for (const { offer, status } of offers) offer.status = status;
    for (const entry of this.entries) entry.status = this.statusOf(entry);
    return [...no];
  }

  cancelSeries(who: Who, id: number, scope: 'this' | 'following' | 'all'): Answer {
    const visit = this.visit(id);
    if (!this.#mayRun(who, visit?.doctor)) return ['not-allowed'];
    if (!visit || visit.series === null) return ['unknown'];
    const all = this.visits.filter((other) => other.series === visit.series);
    if (scope !== 'this' && !all.every((other) => this.#mayRun(who, other.doctor))) return ['not-allowed'];
    if (!next[visit.status].includes('cancelled')) return ['status'];
    for (const other of all) {
      const reached =
        scope !== 'this' &&
        other.start >= this.now &&
        (scope === 'all' || other.start >= visit.start) &&
        movable.includes(other.status);
      if (other === visit || reached) this.#change(other, 'cancelled');
    }
    return 'done';
  }

  moveOneOfSeries(who: Who, id: number, to: Omit<Wish, 'kind'>, extras: Extras): Answer {
    const visit = this.visit(id);
    if (!this.#mayRun(who, visit?.doctor) || !this.#mayRun(who, to.doctor)) return ['not-allowed'];
    if (!visit || visit.series === null) return ['unknown'];
    return this.reschedule(who, id, { ...to, kind: visit.kind }, { ...extras, overbook: null });
  }

  waitlistAdd(who: Who, id: number, patient: number, kind: number): Answer {
    if (who.kind === 'patient' && who.patient !== patient) return ['not-allowed'];
    const survivor = this.survivor(patient);
    if (
      this.entries.some((entry) => this.isWaiting(entry) && entry.patient === survivor && entry.kind === kind)
    )
      return ['exists'];
    this.entries.push({ id, patient: survivor, kind, status: 'waiting', offers: [] });
    return 'done';
  }

  waitlistClose(who: Who, id: number): Answer {
    const entry = this.entries.find((each) => each.id === id);
    if (who.kind === 'patient' && (!entry || who.patient !== entry.patient)) return ['not-allowed'];
    if (!entry) return ['unknown'];
    if (!this.isWaiting(entry)) return ['invalid'];
    for (const offer of entry.offers) if (this.isOpen(offer)) offer.status = 'withdrawn';
    entry.status = 'closed';
    return 'done';
  }

  offer(
    who: Who,
    offers: readonly { id: number; entry: number }[],
    doctor: number,
    start: number,
    expires: number,
  ): Answer {
    if (!this.#mayRun(who, doctor)) return ['not-allowed'];
    if (expires <= this.now || expires > start) return ['invalid'];
    if (new Set(offers.map(({ entry }) => entry)).size < offers.length) return ['invalid'];
    const made: { entry: Entry; offer: Offer }[] = [];
    for (const { id, entry: entryId } of offers) {
      const entry = this.entries.find((each) => each.id === entryId);
      if (!entry) return ['unknown'];
      if (!this.isWaiting(entry)) return ['invalid'];
      if (
        entry.offers.some((known) => this.isOpen(known) && known.doctor === doctor && known.start === start)
      )
        return ['exists'];
      const wish = { doctor, kind: entry.kind, start };
      if ('no' in this.#place(wish, who, { online: false, holder: null })) return ['time'];
      made.push({ entry, offer: { ...wish, id, expires, status: 'open' } });
    }
    for (const { entry, offer } of made) {
      entry.offers.push(offer);
      entry.status = 'offered';
    }
    return 'done';
  }

  #offerTo(
    who: Who,
    entryId: number,
    offerId: number,
  ): { entry: Entry; offer: Offer } | { no: readonly No[] } {
    const entry = this.entries.find((each) => each.id === entryId);
    const offer = entry?.offers.find((each) => each.id === offerId);
    const may =
      who.kind === 'patient'
        ? entry !== undefined && who.patient === entry.patient
        : this.#mayRun(who, offer?.doctor);
    if (!may) return { no: ['not-allowed'] };
    if (!entry || !offer) return { no: ['unknown'] };
    return this.isWaiting(entry) && this.isOpen(offer) ? { entry, offer } : { no: ['offer-ended'] };
  }

  acceptOffer(who: Who, entryId: number, offerId: number, id: number, extras: Extras): Answer {
    const found = this.#offerTo(who, entryId, offerId);
    if ('no' in found) return found.no;
    const { entry, offer } = found;
    if (who.kind === 'patient' && !extras.samePatient && this.#clashes(id, entry.patient, offer, new Set()))
      return ['same-patient'];
    if (this.visit(id)) return ['exists'];
    const { doctor, kind, start } = offer;
    const wish = { doctor, kind, start };
    const asked: Asked = { ...extras, overbook: null, online: false, holder: who.holder };
    const { rules } = this.#inTheWay(wish, kinds[kind] as Kind, asked);
    const lifted = who.kind === 'staff' ? this.#overHolds(wish, kinds[kind] as Kind, asked) : null;
    if (!lifted && ['visit', 'full', 'room'].some((rule) => rules.has(rule))) return ['offer-ended'];
    offer.status = 'accepted';
    const answer = this.#book(who, id, this.survivor(entry.patient), wish, 'booked', null, asked);
    if (answer !== 'done') {
      offer.status = 'open';
      return answer;
    }
    for (const other of entry.offers) if (this.isOpen(other)) other.status = 'withdrawn';
    entry.status = 'booked';
    return 'done';
  }

  declineOffer(who: Who, entryId: number, offerId: number): Answer {
    const found = this.#offerTo(who, entryId, offerId);
    if ('no' in found) return found.no;
    found.offer.status = 'declined';
    found.entry.status = this.statusOf(found.entry);
    return 'done';
  }

  merge(who: Who, id: number, kept: number, merged: number): Answer {
    if (!who.runs) return ['not-allowed'];
    if (kept === merged || this.patients[kept] !== null || this.patients[merged] !== null) return ['invalid'];
    const visits = this.visits.filter((visit) => visit.patient === merged);
    const entries = this.entries.filter((entry) => entry.patient === merged);
    for (const thing of [...visits, ...entries]) thing.patient = kept;
    this.patients[merged] = kept;
    const idsOf = (things: readonly { id: number }[]): number[] => things.map((thing) => thing.id);
    this.merges.push({ id, kept, merged, visits: idsOf(visits), entries: idsOf(entries), undone: false });
    return 'done';
  }

  unmerge(who: Who, id: number): Answer {
    if (!who.runs) return ['not-allowed'];
    const merge = this.merges.find((each) => each.id === id);
    if (!merge) return ['unknown'];
    if (merge.undone) return 'done';
    if (this.patients[merge.kept] !== null) return ['invalid'];
    for (const visit of this.visits)
      if (visit.patient === merge.kept && merge.visits.includes(visit.id)) visit.patient = merge.merged;
    for (const entry of this.entries)
      if (entry.patient === merge.kept && merge.entries.includes(entry.id)) entry.patient = merge.merged;
    this.patients[merge.merged] = null;
    merge.undone = true;
    return 'done';
  }
}

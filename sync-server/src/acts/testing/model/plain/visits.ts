/** What is done with single visits, and with a few of one doctor at once. */
import { changeStatus, drop, isElsewhere, moveTo, releaseAll, remember, withdraw } from './changes';
import type { Answer, Details, No, PlainClinic, Status, Visit, Who } from './clinic';
import { differs } from './patients';
import { type Asked, type Extras, placeFor, type Standing, seatAgain, type Wish } from './places';
import { mayRun, mayTouch } from './rights';
import { cancelWindow, dayAt, doctors, graceMinutes, kinds } from './setting';
import { back, held, movable, next } from './statuses';

export type BookingWay = 'book' | 'request' | 'propose' | 'overbook';

export function book(
  clinic: PlainClinic,
  who: Who,
  id: number,
  patient: number,
  wish: Wish,
  way: BookingWay,
  extras: Extras,
): Answer {
  if (!mayRun(who, wish.doctor)) return ['not-allowed'];
  if (way === 'overbook' && !who.overbooks) return ['not-allowed'];
  const status = way === 'propose' ? 'proposed' : way === 'request' ? 'pending' : 'booked';
  const act = way === 'request' ? 'appointment.book' : `appointment.${way}`;
  const made = putDown(
    clinic,
    { id, patient, wish, status, series: null, act },
    { ...extras, who, online: false },
  );
  if ('no' in made) return made.no;
  clinic.tell(who, made.patient, firstWords(made.status), { visit: made });
  return 'done';
}

export interface NewVisit {
  id: number;
  patient: number;
  wish: Wish;
  status: Status;
  series: number | null;
  act: string;
}

/** A visit that was not there; nobody is told of it yet. */
export function putDown(
  clinic: PlainClinic,
  { id, patient, wish, status, series, act }: NewVisit,
  asked: Asked,
): Visit | { no: readonly No[] } {
  if (clinic.visit(id)) return { no: ['exists'] };
  const survivor = clinic.survivor(patient);
  const stand = placeFor(clinic, { id, patient: survivor }, wish, asked);
  if ('no' in stand) return stand;
  const { displaced, ...rest } = stand;
  drop(clinic, displaced);
  const visit: Visit = {
    ...rest,
    id,
    patient: survivor,
    status,
    series,
    confirmed: false,
    sequence: 0,
    linkVersion: 0,
    before: [],
    timeline: [act],
  };
  clinic.visits.push(visit);
  if (held.includes(status)) withdraw(clinic, asked.who);
  return visit;
}

function firstWords(status: Status): string {
  if (status === 'pending') return 'requested';
  return status === 'proposed' ? 'proposed' : 'confirmed';
}

function waitsForAnswer({ kind, doctor }: Wish): boolean {
  return kinds[kind]?.needsAccepting === true || doctors[doctor]?.needsAccepting === true;
}

/** `patient` may be the number that the next record gets: then it is made of what was typed. */
export function bookOnline(
  clinic: PlainClinic,
  who: Who,
  id: number,
  patient: number,
  typed: Details,
  wish: Wish,
): Answer {
  if (who.kind !== 'patient') return ['not-allowed'];
  const isKnown = patient < clinic.patients.length;
  if (!isKnown && typed.email === null && typed.phone === null) return ['invalid'];
  const status = waitsForAnswer(wish) ? 'pending' : 'booked';
  const made = putDown(
    clinic,
    { id, patient, wish, status, series: null, act: 'appointment.book-online' },
    { who, online: true },
  );
  if ('no' in made) return made.no;
  if (!isKnown) clinic.patients.push({ ...typed, notes: '', into: null });
  const record = clinic.patients[made.patient];
  const typedElsewhere =
    isKnown && typed.email !== null && typed.email !== record?.email ? typed.email : null;
  if (isKnown) differs(clinic, made.patient, typed, 'booking');
  releaseAll(clinic, who);
  clinic.tell(who, made.patient, firstWords(status), { visit: made }, typedElsewhere);
  return 'done';
}

export function accept(clinic: PlainClinic, who: Who, id: number, extras: Extras): Answer {
  const visit = clinic.visit(id);
  if (who.kind === 'patient' && visit && visit.status !== 'proposed' && visit.patient === who.patient)
    return ['not-allowed'];
  if (!mayTouch(who, visit)) return ['not-allowed'];
  if (!visit) return ['unknown'];
  if (visit.status === 'proposed') {
    const wish = { ...visit, minutes: visit.end - visit.start, room: null };
    const asked: Asked = { ...extras, overbook: null, who, online: false, without: id };
    const stand = placeFor(clinic, visit, wish, asked);
    if ('no' in stand) return stand.no;
    drop(clinic, stand.displaced);
    remember(clinic, who, visit);
    const { room, seat, capacity, from, until } = stand;
    Object.assign(visit, { room, seat, capacity, from, until, status: 'booked' });
    visit.timeline.push('appointment.accept');
    withdraw(clinic, who);
  } else {
    if (visit.status !== 'pending') return ['status'];
    changeStatus(clinic, who, visit, 'booked', 'appointment.accept');
  }
  visit.sequence++;
  clinic.tell(who, visit.patient, 'confirmed', { visit });
  return 'done';
}

export function decline(clinic: PlainClinic, who: Who, id: number): Answer {
  const visit = clinic.visit(id);
  const may = visit?.status === 'proposed' ? mayTouch(who, visit) : mayRun(who, visit?.doctor);
  if (!may) return ['not-allowed'];
  if (!visit) return ['unknown'];
  if (visit.status !== 'pending' && visit.status !== 'proposed') return ['status'];
  changeStatus(clinic, who, visit, 'cancelled', 'appointment.decline');
  visit.sequence++;
  clinic.tell(who, visit.patient, 'declined', { visit });
  return 'done';
}

export function confirm(clinic: PlainClinic, who: Who, id: number): Answer {
  const visit = clinic.visit(id);
  if (!mayTouch(who, visit)) return ['not-allowed'];
  if (!visit) return ['unknown'];
  if (visit.status !== 'booked') return ['status'];
  if (visit.confirmed) return 'done';
  if (visit.start <= clinic.judgedAt(who)) return ['time'];
  remember(clinic, who, visit);
  visit.confirmed = true;
  visit.timeline.push('appointment.confirm');
  return 'done';
}

function outsideWindow(clinic: PlainClinic, who: Who, visit: Visit): boolean {
  const window = visit.status === 'proposed' ? 0 : cancelWindow;
  return who.kind === 'patient' && clinic.now > visit.start - window;
}

/** Without a kind, length or room of its own the wish keeps what the visit has, but for the room. */
export interface MoveWish extends Omit<Wish, 'kind'> {
  kind: number | null;
}

export function reschedule(
  clinic: PlainClinic,
  who: Who,
  id: number,
  to: MoveWish,
  extras: Extras,
  act = 'appointment.reschedule',
): Answer {
  const visit = clinic.visit(id);
  if (!mayTouch(who, visit)) return ['not-allowed'];
  if (who.kind === 'staff' && !mayRun(who, to.doctor)) return ['not-allowed'];
  if (extras.overbook && !who.overbooks) return ['not-allowed'];
  if (!visit) return ['unknown'];
  if (!movable.includes(visit.status)) return ['status'];
  if (outsideWindow(clinic, who, visit)) return ['window'];
  const wish = movedWish(visit, who.kind === 'patient' ? { ...to, minutes: null, room: null } : to);
  if (staysThere(visit, wish)) return 'done';
  const asked: Asked = { ...extras, who, online: who.kind === 'patient', without: id };
  const stand = placeFor(clinic, visit, wish, asked);
  if ('no' in stand) return stand.no;
  const isHeard = moveTo(clinic, who, visit, stand, act);
  if (who.kind === 'patient') {
    if (waitsForAnswer(wish)) visit.status = 'pending';
    else if (visit.status === 'proposed') visit.status = 'booked';
  }
  if (held.includes(visit.status)) withdraw(clinic, who);
  const isAsked = visit.status === 'pending' && who.kind === 'patient';
  if (isHeard) clinic.tell(who, visit.patient, isAsked ? 'requested' : 'moved', { visit });
  return 'done';
}

export function movedWish(visit: Visit, to: MoveWish): Wish {
  const kind = to.kind ?? visit.kind;
  const own = kind === visit.kind ? visit.end - visit.start : null;
  return { ...to, kind, minutes: to.minutes ?? own };
}

export function staysThere(visit: Visit, wish: Wish): boolean {
  return (
    visit.doctor === wish.doctor &&
    visit.place === wish.place &&
    visit.start === wish.start &&
    visit.kind === wish.kind &&
    (wish.minutes ?? visit.end - visit.start) === visit.end - visit.start &&
    (wish.room ?? visit.room) === visit.room
  );
}

export function swap(clinic: PlainClinic, who: Who, a: number, b: number, extras: Extras): Answer {
  const [one, two] = [clinic.visit(a), clinic.visit(b)];
  if (!mayRun(who, one?.doctor) || !mayRun(who, two?.doctor)) return ['not-allowed'];
  // The first that is wrong is told.
  for (const visit of [one, two]) {
    if (!visit) return ['unknown'];
    if (visit.status !== 'pending' && visit.status !== 'booked') return ['status'];
  }
  if (!one || !two) return ['unknown'];
  const [earlier, later] = one.start <= two.start ? [one, two] : [two, one];
  const between = clinic.visits.some(
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
    one.place !== two.place ||
    dayAt(one.place, one.start) !== dayAt(two.place, two.start) ||
    later.start < earlier.end ||
    between
  )
    return ['invalid'];
  const moves = [
    [later, earlier.start],
    [earlier, later.end - (earlier.end - earlier.start)],
  ] as const;
  return moveAll(clinic, who, moves, { ...extras, overbook: null }, 'appointment.swap');
}

export function shift(
  clinic: PlainClinic,
  who: Who,
  ids: readonly number[],
  minutes: number,
  extras: Extras,
): Answer {
  const all = [...new Set(ids)].map((id) => clinic.visit(id));
  if (!all.every((visit) => mayRun(who, visit?.doctor))) return ['not-allowed'];
  if (extras.overbook && !who.overbooks) return ['not-allowed'];
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
  const moves = visits.map((visit) => [visit, visit.start + minutes] as const);
  return moveAll(clinic, who, moves, extras, 'appointment.shift');
}

/** Lifts all out, then puts down each; or nothing moves. */
function moveAll(
  clinic: PlainClinic,
  who: Who,
  moves: readonly (readonly [Visit, number])[],
  extras: Extras,
  act: string,
): Answer {
  const { visits, holds } = clinic;
  clinic.visits = visits.filter((visit) => !moves.some(([moving]) => moving === visit));
  const no: No[] = [];
  const down: { visit: Visit; stand: Standing }[] = [];
  for (const [visit, start] of moves) {
    const wish = movedWish(visit, { doctor: visit.doctor, kind: null, place: visit.place, start });
    const stand = placeFor(clinic, visit, wish, { ...extras, who, online: false, anyMinute: true });
    if ('no' in stand) {
      no.push(...stand.no);
      continue;
    }
    drop(clinic, stand.displaced);
    down.push({ visit, stand });
    clinic.visits.push({ ...visit, ...stand });
  }
  clinic.visits = visits;
  if (no.length > 0) {
    clinic.holds = holds;
    return no;
  }
  for (const { visit, stand } of down) moveTo(clinic, who, visit, stand, act);
  withdraw(clinic, who);
  for (const { visit } of down) clinic.tell(who, visit.patient, 'moved', { visit });
  return 'done';
}

export function cancel(clinic: PlainClinic, who: Who, id: number): Answer {
  const visit = clinic.visit(id);
  if (!mayTouch(who, visit)) return ['not-allowed'];
  if (!visit) return ['unknown'];
  if (!next[visit.status].includes('cancelled')) return ['status'];
  if (who.kind === 'patient' && !movable.includes(visit.status)) return ['status'];
  if (outsideWindow(clinic, who, visit)) return ['window'];
  changeStatus(clinic, who, visit, 'cancelled', 'appointment.cancel');
  visit.sequence++;
  clinic.tell(who, visit.patient, 'cancelled', { visit });
  return 'done';
}

/** Who expects a visit ahead hears that it is off. */
export function voidVisit(clinic: PlainClinic, who: Who, id: number): Answer {
  if (!who.runs) return ['not-allowed'];
  const visit = clinic.visit(id);
  if (!visit) return ['unknown'];
  if (!next[visit.status].includes('entered-in-error')) return ['status'];
  const isExpected = held.includes(visit.status) && visit.start > clinic.now;
  changeStatus(clinic, who, visit, 'entered-in-error', 'appointment.void');
  visit.sequence++;
  if (isExpected) clinic.tell(who, visit.patient, 'cancelled', { visit });
  return 'done';
}

export function step(clinic: PlainClinic, who: Who, id: number, to: Status, act: string): Answer {
  const visit = clinic.visit(id);
  if (!mayRun(who, visit?.doctor)) return ['not-allowed'];
  if (!visit) return ['unknown'];
  if (!next[visit.status].includes(to)) return ['status'];
  const newly = !held.includes(visit.status) && held.includes(to);
  const seat = newly ? seatAgain(clinic, who, visit, visit) : visit.seat;
  if (seat === null) return ['time'];
  remember(clinic, who, visit);
  visit.status = to;
  visit.seat = seat;
  visit.timeline.push(act);
  if (newly) withdraw(clinic, who);
  return 'done';
}

export function revokeLink(clinic: PlainClinic, who: Who, id: number): Answer {
  const visit = clinic.visit(id);
  if (!mayRun(who, visit?.doctor)) return ['not-allowed'];
  if (!visit) return ['unknown'];
  visit.linkVersion++;
  visit.timeline.push('appointment.revoke-link');
  return 'done';
}

/** The patient hears of what they had heard the contrary of. */
export function undo(clinic: PlainClinic, who: Who, id: number): Answer {
  const visit = clinic.visit(id);
  const last = visit?.before.at(-1);
  if (!mayRun(who, visit?.doctor)) return ['not-allowed'];
  if (visit && last && last.doctor !== visit.doctor && !mayRun(who, last.doctor)) return ['not-allowed'];
  if (!visit) return ['unknown'];
  if (!last || (last.status !== visit.status && !back[visit.status].includes(last.status))) return ['status'];
  const stays =
    held.includes(visit.status) &&
    (['doctor', 'room', 'from', 'until', 'capacity'] as const).every((field) => last[field] === visit[field]);
  const again = held.includes(last.status) && !stays;
  const seat = again ? seatAgain(clinic, who, visit, last) : visit.seat;
  if (seat === null) return ['time'];
  const isMoved = isElsewhere(last, visit);
  const answers: readonly Status[] = ['cancelled', 'pending', 'proposed'];
  const isAnswer =
    last.status !== visit.status && (answers.includes(last.status) || answers.includes(visit.status));
  const { byPatient, at, ...stand } = last;
  visit.before.pop();
  Object.assign(visit, stand, { seat });
  visit.timeline.push('appointment.undo');
  if (held.includes(visit.status) && !stays) withdraw(clinic, who);
  if (!isMoved && !isAnswer) return 'done';
  visit.sequence++;
  if (byPatient || clinic.now - at >= graceMinutes)
    clinic.tell(who, visit.patient, isMoved ? 'moved' : firstWords(visit.status), { visit });
  return 'done';
}

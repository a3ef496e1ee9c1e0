/** Visits that repeat: booked, moved and cancelled together. */
import { changeStatus, drop, moveTo, withdraw } from './changes';
import type { Answer, No, PlainClinic, Series, Visit, Who } from './clinic';
import { type Asked, type Extras, place, placeFor, type Standing, type Wish } from './places';
import { mayRun } from './rights';
import { movable, next } from './statuses';
import { type MoveWish, movedWish, putDown, reschedule, staysThere } from './visits';

export type Scope = 'this' | 'following' | 'all';

export interface SeriesWish extends Wish {
  id: number;
  step: number;
  /** Visits in the order of the rule, those that are skipped included. */
  visits: readonly number[];
  skipped: readonly number[];
  request: boolean;
}

function timesOf({ start, step, count }: Series): number[] {
  return Array.from({ length: count }, (_, i) => start + i * step);
}

export function bookSeries(
  clinic: PlainClinic,
  who: Who,
  patient: number,
  wish: SeriesWish,
  extras: Extras,
): Answer {
  if (!mayRun(who, wish.doctor)) return ['not-allowed'];
  if (wish.skipped.length === wish.visits.length) return ['invalid'];
  const kept = keep(clinic);
  clinic.visits = [...clinic.visits];
  const no = new Set<No>();
  const status = wish.request ? 'pending' : 'booked';
  const made: Visit[] = [];
  for (const [i, id] of wish.visits.entries()) {
    if (wish.skipped.includes(i)) continue;
    const each = { ...wish, room: null, start: wish.start + i * wish.step };
    const answer = putDown(
      clinic,
      { id, patient, wish: each, status, series: wish.id, act: 'series.book' },
      { ...extras, overbook: null, who, online: false },
    );
    if ('no' in answer) no.add(oneOf(answer.no));
    else made.push(answer);
  }
  const [first] = made;
  if (no.size > 0 || !first) {
    restore(clinic, kept);
    return [...no];
  }
  clinic.series.push({ id: wish.id, start: wish.start, step: wish.step, count: wish.visits.length });
  clinic.tell(who, first.patient, 'series-summary', { visit: first });
  return 'done';
}

/** What is wrong with the time is said first, and nothing else is. */
function oneOf(no: readonly No[]): No {
  return no.includes('time') ? 'time' : (no[0] as No);
}

interface Kept {
  visits: Visit[];
  holds: PlainClinic['holds'];
  messages: PlainClinic['messages'];
  offers: { offer: PlainClinic['entries'][number]['offers'][number]; status: 'open' | 'withdrawn' }[];
}

function keep(clinic: PlainClinic): Kept {
  const { visits, holds, messages } = clinic;
  clinic.messages = [...messages];
  const offers = clinic.entries.flatMap((entry) =>
    entry.offers.map((offer) => ({ offer, status: offer.status as 'open' | 'withdrawn' })),
  );
  return { visits, holds, messages, offers };
}

function restore(clinic: PlainClinic, { visits, holds, messages, offers }: Kept): void {
  Object.assign(clinic, { visits, holds, messages });
  for (const { offer, status } of offers) offer.status = status;
  for (const entry of clinic.entries) entry.status = clinic.statusOf(entry);
}

function membersOf(clinic: PlainClinic, series: number): Visit[] {
  return clinic.visits.filter((other) => other.series === series);
}

/** In order of time: those ahead, and the one that the edit is made on. */
function reached(clinic: PlainClinic, visit: Visit, scope: Scope): Visit[] {
  if (scope === 'this') return [visit];
  const from = scope === 'following' ? Math.max(visit.start, clinic.madeAt) : clinic.madeAt;
  return membersOf(clinic, visit.series as number)
    .filter((other) => other === visit || other.start >= from)
    .sort((a, b) => a.start - b.start || a.id - b.id);
}

export function cancelSeries(clinic: PlainClinic, who: Who, id: number, scope: Scope): Answer {
  const visit = clinic.visit(id);
  if (!mayRun(who, visit?.doctor)) return ['not-allowed'];
  const series = clinic.series.find((each) => each.id === visit?.series);
  if (!visit || !series) return ['unknown'];
  if (scope !== 'this' && !membersOf(clinic, series.id).every((other) => mayRun(who, other.doctor)))
    return ['not-allowed'];
  if (!next[visit.status].includes('cancelled')) return ['status'];
  const going = reached(clinic, visit, scope).filter(
    (other) => other === visit || movable.includes(other.status),
  );
  for (const other of going) {
    changeStatus(clinic, who, other, 'cancelled', 'series.cancel');
    other.sequence++;
  }
  if (scope === 'following') {
    const before = timesOf(series).filter((time) => time < visit.start).length;
    if (before > 0 && before < series.count) series.count = before;
  }
  const [first = visit] = going;
  clinic.tell(who, visit.patient, going.length === 1 ? 'cancelled' : 'series-summary', { visit: first });
  return 'done';
}

export interface SeriesMove {
  doctor: number;
  place: number;
  start: number;
  /** The series of the following, where earlier ones stay behind. */
  rest: number | null;
}

export function moveSeries(
  clinic: PlainClinic,
  who: Who,
  id: number,
  scope: Scope,
  to: SeriesMove,
  extras: Extras,
): Answer {
  const visit = clinic.visit(id);
  if (!mayRun(who, visit?.doctor) || !mayRun(who, to.doctor)) return ['not-allowed'];
  const series = clinic.series.find((each) => each.id === visit?.series);
  if (!visit || !series) return ['unknown'];
  if (scope !== 'this' && !membersOf(clinic, series.id).every((other) => mayRun(who, other.doctor)))
    return ['not-allowed'];
  if (!movable.includes(visit.status)) return ['status'];
  const alone: MoveWish = { doctor: to.doctor, kind: null, place: to.place, start: to.start };
  if (staysThere(visit, movedWish(visit, alone))) return 'done';
  const times = timesOf(series);
  const rest = scope === 'following' ? times.filter((time) => time >= visit.start) : times;
  const [firstOfRest] = rest;
  if (scope === 'this' || firstOfRest === undefined)
    return reschedule(clinic, who, id, alone, { ...extras, overbook: null }, 'series.reschedule');
  const splits = rest.length < times.length;
  if (splits && to.rest === null) return ['invalid'];
  if (splits && clinic.series.some((each) => each.id === to.rest)) return ['exists'];
  const by = to.start - visit.start;
  const all = reached(clinic, visit, scope).filter((other) => movable.includes(other.status));
  const moving = all.filter((other) => other === visit || rest.includes(other.start));
  const joining = splits ? all.filter((other) => !moving.includes(other)) : [];
  const moves = moving.map((other) => ({
    visit: other,
    wish: movedWish(other, {
      doctor: to.doctor === visit.doctor ? other.doctor : to.doctor,
      place: to.place === visit.place ? other.place : to.place,
      kind: null,
      start: other.start + by,
    }),
  }));
  const answer = moveEach(clinic, who, moves, { ...extras, overbook: null, who, online: false });
  if (answer !== 'done') return answer;
  const stays = times.length - rest.length;
  const moved = { start: firstOfRest + by, step: series.step, count: rest.length };
  if (splits) {
    series.count = stays;
    clinic.series.push({ id: to.rest as number, ...moved });
    for (const other of moving) other.series = to.rest;
    for (const other of joining) {
      other.series = to.rest;
      other.timeline.push('series.reschedule');
    }
  } else Object.assign(series, moved);
  const [first = visit] = moving;
  clinic.tell(who, visit.patient, 'series-summary', { visit: first });
  return 'done';
}

/** Lifts all out, then puts down each where those before it stand already; or nothing moves. */
function moveEach(
  clinic: PlainClinic,
  who: Who,
  moves: readonly { visit: Visit; wish: Wish }[],
  asked: Asked,
): Answer {
  const { visits, holds } = clinic;
  clinic.visits = visits.filter((visit) => !moves.some((move) => move.visit === visit));
  const no = new Set<No>();
  const down: { visit: Visit; stand: Standing }[] = [];
  for (const { visit, wish } of moves) {
    const stand =
      'no' in place(clinic, wish, asked) ? { no: ['time'] } : placeFor(clinic, visit, wish, asked);
    if ('no' in stand) {
      no.add(oneOf(stand.no));
      continue;
    }
    drop(clinic, stand.displaced);
    down.push({ visit, stand });
    clinic.visits.push({ ...visit, ...stand });
  }
  clinic.visits = visits;
  if (no.size > 0) {
    clinic.holds = holds;
    return [...no];
  }
  for (const { visit, stand } of down) moveTo(clinic, who, visit, stand, 'series.reschedule');
  withdraw(clinic, who);
  return 'done';
}

/** What visitors hold, and what doctors block. */
import { releaseAll, withdraw } from './changes';
import type { Answer, Block, PlainClinic, Who } from './clinic';
import { inTheWay, kindOf, place, type Wish, works } from './places';
import { mayRun } from './rights';
import { aheadOf, day, dayAt, holdMinutes, places } from './setting';

export function hold(clinic: PlainClinic, who: Who, id: number, wish: Wish): Answer {
  if (who.kind !== 'patient' || who.holder === null) return ['not-allowed'];
  if (clinic.holds.some((other) => other.id === id)) return ['exists'];
  const stand = place(clinic, wish, { who, online: true });
  if ('no' in stand) return ['time'];
  if (isHeldEnough(clinic, wish, who)) return ['hold-limit'];
  releaseAll(clinic, who);
  const { displaced: _, seat: __, ...rest } = stand;
  clinic.holds.push({ ...rest, id, holder: who.holder, expires: clinic.now + holdMinutes, extensions: 0 });
  return 'done';
}

/** One more hold than a fifth of the visits that would fit into the day one after the other, were nothing held. */
function isHeldEnough(clinic: PlainClinic, wish: Wish, who: Who): boolean {
  const date = dayAt(wish.place, wish.start);
  const ofDay = clinic.holds.filter(
    (other) =>
      clinic.isLive(other) && other.doctor === wish.doctor && dayAt(wish.place, other.start) === date,
  );
  const others = ofDay.filter((other) => other.holder !== who.holder).length;
  if (others === 0) return false;
  const holds = clinic.holds;
  clinic.holds = holds.filter((other) => !ofDay.includes(other));
  const kind = kindOf(wish.kind);
  const anybody = { ...who, holder: null };
  let fitting = 0;
  let busyUntil = Number.NEGATIVE_INFINITY;
  for (let start = (date - 1) * day; start < (date + 2) * day; start++) {
    for (const at of places.keys()) {
      if (start < busyUntil || dayAt(at, start) !== date || !works(clinic, wish.doctor, at, start)) continue;
      const found = inTheWay(clinic, { ...wish, place: at, start }, { who: anybody, online: true });
      if (found.rules.size > 0) continue;
      fitting += kind.capacity - found.mates;
      busyUntil = start + kind.minutes;
    }
  }
  clinic.holds = holds;
  return (others + 1) * 5 > fitting;
}

export function extend(clinic: PlainClinic, who: Who, id: number): Answer {
  if (who.kind !== 'patient') return ['not-allowed'];
  const known = clinic.holds.find((each) => each.id === id);
  if (!known || known.holder !== who.holder || !clinic.isLive(known) || known.extensions >= 3)
    return ['hold-ended'];
  known.extensions++;
  known.expires += holdMinutes;
  return 'done';
}

export function release(clinic: PlainClinic, who: Who, id: number): Answer {
  if (who.kind !== 'patient') return ['not-allowed'];
  clinic.holds = clinic.holds.filter((other) => other.id !== id || other.holder !== who.holder);
  return 'done';
}

export interface BlockWish {
  doctor: number;
  place: number;
  /** Of the place's calendar, counted from the Monday. */
  date: number;
  /** Minutes by the place's clock; null is the whole day. */
  hours: readonly [number, number] | null;
}

export function block(clinic: PlainClinic, who: Who, id: number, wish: BlockWish): Answer {
  const { doctor, place: at, date, hours } = wish;
  if (!mayRun(who, doctor)) return ['not-allowed'];
  const midnight = date * day - aheadOf(at);
  const [from, until] = hours ?? [0, day];
  const made: Block = { id, doctor, place: at, from: midnight + from, until: midnight + until, there: true };
  clinic.blocks.push(made);
  withdraw(clinic, who);
  return 'done';
}

export function unblock(clinic: PlainClinic, who: Who, id: number): Answer {
  const known = clinic.blocks.find((each) => each.id === id && each.there);
  if (!mayRun(who, known?.doctor)) return ['not-allowed'];
  if (!known) return ['unknown'];
  known.there = false;
  withdraw(clinic, who);
  return 'done';
}

/** Arithmetic over free times: the week that is shown, the day that is chosen, the parts of a day. */
import type { PlainDate } from '@medic/shared/time/instant';
import { addDays, mondayOf } from '@medic/shared/time/plain-date';
import type { Day, FreeTime } from './api';
import { localTime, type PartOfDay, partOfDay } from './time';

export interface WeekDay {
  date: PlainDate;
  count: number;
  /** `none`: no hours, or already past. */
  state: 'free' | 'few' | 'full' | 'closed' | 'none';
}

/** Monday to Sunday around `date`; days that the answer does not cover are `none`. */
export function weekOf(date: PlainDate, days: readonly Day[]): WeekDay[] {
  const monday = mondayOf(date);
  return Array.from({ length: 7 }, (_, i) => {
    const day = addDays(monday, i);
    const known = days.find((candidate) => candidate.date === day);
    return known ?? { date: day, count: 0, state: 'none' };
  });
}

/**
 * The day to show: the one that was asked for if it has times, else the first free one after it in the week,
 * else the first free one of the week.
 */
export function chooseDay(week: readonly WeekDay[], asked: PlainDate | null): PlainDate | null {
  const free = week.filter((day) => day.count > 0).map((day) => day.date);
  return free.find((date) => asked === null || date >= asked) ?? free[0] ?? null;
}

/** The days as they look when only `slots` count. A day that had other times is full, not closed. */
export function countDays(
  days: readonly Day[],
  slots: readonly FreeTime[],
): { days: Day[]; nextFreeOn: PlainDate | null } {
  const counted = days.map((day): Day => {
    const count = timesOn(day.date, slots).length;
    if (count > 0) return { date: day.date, count, state: count > 2 ? 'free' : 'few' };
    return { date: day.date, count, state: day.state === 'closed' ? 'closed' : 'full' };
  });
  return { days: counted, nextFreeOn: counted.find((day) => day.count > 0)?.date ?? null };
}

export function timesOn(date: PlainDate, slots: readonly FreeTime[]): FreeTime[] {
  return slots.filter((slot) => localTime(slot.startsAt, slot.timeZone).date === date);
}

/** For a visitor who takes any doctor: one entry for each start at each place, the first doctor's. */
export function oneOfEachStart(slots: readonly FreeTime[]): FreeTime[] {
  const seen = new Set<string>();
  return slots.filter((slot) => {
    const key = `${slot.startsAt} ${slot.locationId}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

const parts: readonly PartOfDay[] = ['night', 'morning', 'afternoon', 'evening'];

/** In the order of the day, without empty parts. */
export function byPartOfDay(slots: readonly FreeTime[]): { part: PartOfDay; slots: FreeTime[] }[] {
  // By the clock on the wall: places in several zones stand in one list.
  const minutes = (slot: FreeTime) => localTime(slot.startsAt, slot.timeZone).minutes;
  const ordered = [...slots].sort((a, b) => minutes(a) - minutes(b) || a.startsAt - b.startsAt);
  return parts
    .map((part) => ({
      part,
      slots: ordered.filter((slot) => partOfDay(minutes(slot)) === part),
    }))
    .filter((group) => group.slots.length > 0);
}

/** The free times around the same time of day, on other days: the nearest first by time, listed by date. */
export function aroundTheSameTime(slots: readonly FreeTime[], start: number, limit: number): FreeTime[] {
  const zone = slots[0]?.timeZone;
  if (!zone) return [];
  const wanted = localTime(start, zone);
  return slots
    .map((slot) => ({ slot, local: localTime(slot.startsAt, slot.timeZone) }))
    .filter(({ local }) => local.date !== wanted.date)
    .sort(
      (a, b) =>
        Math.abs(a.local.minutes - wanted.minutes) - Math.abs(b.local.minutes - wanted.minutes) ||
        a.slot.startsAt - b.slot.startsAt,
    )
    .slice(0, limit)
    .map(({ slot }) => slot)
    .sort((a, b) => a.startsAt - b.startsAt);
}

export function byDoctor(slots: readonly FreeTime[], doctors: number, times: number): FreeTime[][] {
  const groups = new Map<string, FreeTime[]>();
  for (const slot of slots) {
    const group = groups.get(slot.doctorId) ?? [];
    group.push(slot);
    groups.set(slot.doctorId, group);
  }
  return [...groups.values()].slice(0, doctors).map((group) => group.slice(0, times));
}

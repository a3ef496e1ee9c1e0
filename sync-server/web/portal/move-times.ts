/** The free times that a visit can be moved to: which week is shown, and which day of it. */
import type { PlainDate } from '@medic/shared/time/instant';
import { addDays, mondayOf } from '@medic/shared/time/plain-date';
import type { FreeTime, SlotsAnswer } from '../api';
import { chooseDay, oneOfEachStart, timesOn, type WeekDay, weekOf } from '../free-times';

/** How far a first look for a free day goes; beyond it the answer's own `nextFreeOn` leads. */
const firstLookDays = 14;

export interface MoveTimes {
  week: WeekDay[];
  date: PlainDate | null;
  slots: FreeTime[];
  nextFreeOn: PlainDate | null;
}

/** `asked` is the day of the address; without one the first free day is shown. */
export async function loadMoveTimes(
  ask: (from: PlainDate, until: PlainDate) => Promise<SlotsAnswer>,
  { asked, today, anyDoctor }: { asked: PlainDate | null; today: PlainDate; anyDoctor: boolean },
): Promise<MoveTimes> {
  const later = (a: PlainDate, b: PlainDate) => (a > b ? a : b);
  const wanted = asked === null ? null : later(asked, today);
  const weekFrom = (date: PlainDate) => ask(later(mondayOf(date), today), addDays(mondayOf(date), 7));
  let found = wanted ? await weekFrom(wanted) : await ask(today, addDays(today, firstLookDays));
  const first = wanted ?? found.days.find((day) => day.count > 0)?.date ?? found.nextFreeOn ?? today;
  if (!found.days.some((day) => day.date === first) && found.nextFreeOn === first)
    found = await weekFrom(first);
  const week = weekOf(first, found.days);
  const date = chooseDay(week, wanted);
  const slots = date ? timesOn(date, found.slots) : [];
  return { week, date, slots: anyDoctor ? oneOfEachStart(slots) : slots, nextFreeOn: found.nextFreeOn };
}

/** What somebody waits for, as ticked and chosen. Nothing ticked means that any will do. */
import type { PlainDate } from '@medic/shared/time/instant';
import { isPlainDate } from '@medic/shared/time/plain-date';
import type { JoinInput } from './api';
import { words } from './words';

export type PartWish = JoinInput['wishes']['partsOfDay'][number];
export const partWishes: readonly PartWish[] = ['morning', 'afternoon', 'evening'];

export interface WishesForm {
  anyDoctor: boolean;
  /** Ids of places. */
  places: string[];
  /** 1 is Monday. */
  weekdays: number[];
  parts: PartWish[];
  earliestOn: string;
  latestOn: string;
  soon: boolean;
}

export const emptyWishes: WishesForm = {
  anyDoctor: false,
  places: [],
  weekdays: [],
  parts: [],
  earliestOn: '',
  latestOn: '',
  soon: false,
};

export type WishesProblems = Partial<Record<'earliestOn' | 'latestOn', string>>;

export function checkWishes(wishes: WishesForm, today: PlainDate): WishesProblems {
  const problems: WishesProblems = {};
  const { earliestOn, latestOn } = wishes;
  if (isPlainDate(latestOn) && latestOn < today) problems.latestOn = words.waitlist.datePast;
  else if (isPlainDate(latestOn) && isPlainDate(earliestOn) && latestOn < earliestOn)
    problems.latestOn = words.waitlist.dateOrder;
  return problems;
}

export function wishesOf(
  wishes: WishesForm,
  visit: { appointmentTypeId: string; doctorId: string | null },
  note: string,
): JoinInput['wishes'] {
  const date = (text: string) => (isPlainDate(text) ? text : null);
  return {
    appointmentTypeId: visit.appointmentTypeId,
    doctorIds: visit.doctorId === null || wishes.anyDoctor ? [] : [visit.doctorId],
    locationIds: wishes.places,
    weekdays: wishes.weekdays,
    partsOfDay: wishes.parts,
    earliestOn: date(wishes.earliestOn),
    latestOn: date(wishes.latestOn),
    urgency: wishes.soon ? 'soon' : 'routine',
    note,
  };
}

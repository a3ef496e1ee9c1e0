/**
 * Free times that were worked out a moment ago. Many ask for the same week of the same clinic, and working it out takes
 * longer than all else of the answer. It holds for one reading of the clinic's clock and for one second: what changes
 * with time alone (a hold that runs out, a slot that becomes too soon) shows with the next second, and whoever books is
 * told the truth anyway.
 */
import type { Facts } from '@medic/shared/acts/facts';
import { type SlotTable, slotTable } from '@medic/shared/availability/slot-table';
import type { Instant } from '@medic/shared/time/instant';
import { type FreeTime, type SlotsAsked, slotsPage } from './public-pages';

/** As it travels: the times as a table. */
type SlotsAnswer = Omit<ReturnType<typeof slotsPage>, 'slots'> & { slots: SlotTable<FreeTime> };

interface Moment {
  seq: number;
  second: number;
  pages: Map<string, SlotsAnswer>;
}

const moments = new WeakMap<Facts, Moment>();
/** Of one clinic in one second. */
const maxPages = 100;

export function slotsAsked(
  { facts, seq }: { facts: Facts; seq: number },
  { appointmentTypeId, doctorId, locationId, from, until }: SlotsAsked,
  now: Instant,
  holder: string | null,
): SlotsAnswer {
  const second = Math.floor(now / 1000);
  let moment = moments.get(facts);
  if (moment?.seq !== seq || moment.second !== second) {
    moment = { seq, second, pages: new Map() };
    moments.set(facts, moment);
  }
  const key = [appointmentTypeId, doctorId, locationId, from, until, holder].join(' ');
  let page = moment.pages.get(key);
  if (!page) {
    const asked = { appointmentTypeId, doctorId, locationId, from, until };
    const { slots, ...rest } = slotsPage(facts, asked, now, { holder });
    page = { ...rest, slots: slotTable(slots) };
    if (moment.pages.size < maxPages) moment.pages.set(key, page);
  }
  return page;
}

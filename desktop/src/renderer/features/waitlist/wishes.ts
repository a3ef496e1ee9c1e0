/** The wishes of an entry as the form holds them, and as the acts take them. */
import type { WaitlistWishes } from '@medic/shared/acts/waitlist/add';
import type { WaitlistEntry } from '@medic/shared/model/waitlist';
import { isPlainDate } from '@medic/shared/time/plain-date';

export type PartOfDay = WaitlistEntry['partsOfDay'][number];

export interface WishesForm {
  appointmentTypeId: string;
  doctorIds: readonly string[];
  locationIds: readonly string[];
  weekdays: readonly number[];
  partsOfDay: readonly PartOfDay[];
  earliestOn: string;
  latestOn: string;
  urgency: WaitlistEntry['urgency'];
  note: string;
}

export function formOf(entry: WaitlistEntry): WishesForm {
  return {
    appointmentTypeId: entry.appointmentTypeId,
    doctorIds: entry.doctorIds,
    locationIds: entry.locationIds,
    weekdays: entry.weekdays,
    partsOfDay: entry.partsOfDay,
    earliestOn: entry.earliestOn ?? '',
    latestOn: entry.latestOn ?? '',
    urgency: entry.urgency,
    note: entry.note,
  };
}

export function wishesOf(form: WishesForm): WaitlistWishes {
  return {
    appointmentTypeId: form.appointmentTypeId,
    doctorIds: [...form.doctorIds],
    locationIds: [...form.locationIds],
    weekdays: [...form.weekdays].sort((a, b) => a - b),
    partsOfDay: [...form.partsOfDay],
    earliestOn: isPlainDate(form.earliestOn) ? form.earliestOn : null,
    latestOn: isPlainDate(form.latestOn) ? form.latestOn : null,
    urgency: form.urgency,
    note: form.note.trim(),
  };
}

/** One more of a list, or one less. */
export function toggled<T>(list: readonly T[], item: T): T[] {
  return list.includes(item) ? list.filter((each) => each !== item) : [...list, item];
}

/** Slots and windows as a person would write them down, for tests. */
import { warsaw } from '../../testing/builders';
import type { Instant, TimeZone } from '../../time/instant';
import { localTime } from '../../time/zone';

/** `09:00 09:30`, by the place's clock. */
export function clocks(slots: readonly { startsAt: Instant }[], zone: TimeZone = warsaw): string {
  return slots.map((slot) => localTime(slot.startsAt, zone).time).join(' ');
}

/** `23 09:00`, with the day of the month. */
export function days(slots: readonly { startsAt: Instant }[], zone: TimeZone = warsaw): string[] {
  return slots.map((slot) => moment(slot.startsAt, zone));
}

/** `23 08:00 – 23 16:00` each. */
export function spans(
  windows: readonly { startsAt: Instant; endsAt: Instant }[],
  zone: TimeZone = warsaw,
): string[] {
  return windows.map(({ startsAt, endsAt }) => `${moment(startsAt, zone)} – ${moment(endsAt, zone)}`);
}

function moment(at: Instant, zone: TimeZone): string {
  const local = localTime(at, zone);
  return `${local.date.slice(8)} ${local.time}`;
}

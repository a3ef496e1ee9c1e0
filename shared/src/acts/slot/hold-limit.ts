/** Visitors' holds cover at most a fifth of a doctor's free day, but one is always allowed. */
import { findSlots } from '../../availability/find-slots';
import type { Instant } from '../../time/instant';
import { addDays } from '../../time/plain-date';
import { localDate, zonedDay } from '../../time/zone';
import type { Facts } from '../facts';

const visitsPerHold = 5;

/**
 * True when one more hold would cover too much of the local day of `startsAt`. The day is measured in visits of the
 * type that still fit one after the other, were nothing held: with a fine grid many starts share one stretch of time.
 * Seats of a group count one by one. `holder`'s own holds are not counted, since taking another lets them go.
 */
export function exceedsHoldLimit(
  facts: Facts,
  slot: { doctorId: string; locationId: string; appointmentTypeId: string; startsAt: Instant },
  holder: string,
  now: Instant,
): boolean {
  const zone = facts.location(slot.locationId)?.timeZone ?? facts.clinic.timeZone;
  const day = zonedDay(slot.startsAt, zone);
  const layer = facts.layer();
  let held = 0;
  for (const hold of facts.holdsOfDoctor(slot.doctorId)) {
    if (hold.expiresAt <= now || hold.startsAt < day.startsAt || hold.startsAt >= day.endsAt) continue;
    layer.put('slotHold', { ...hold, deleted: true });
    if (hold.holder !== holder) held++;
  }
  if (held === 0) return false;
  const date = localDate(slot.startsAt, zone);
  const free = findSlots(layer, {
    doctorIds: [slot.doctorId],
    appointmentTypeId: slot.appointmentTypeId,
    from: date,
    until: addDays(date, 1),
    channel: 'online',
    now,
  });
  let fitting = 0;
  let busyUntil = -Infinity;
  for (const { startsAt, endsAt, seatsLeft } of free) {
    if (startsAt < busyUntil) continue;
    fitting += seatsLeft;
    busyUntil = endsAt;
  }
  return (held + 1) * visitsPerHold > fitting;
}

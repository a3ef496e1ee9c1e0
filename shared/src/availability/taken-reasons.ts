/** Who else has the time: visits, buffers, holds, a calendar elsewhere, a group without seats. */
import type { AppointmentType } from '../model/appointment-type';
import { type Instant, plusMinutes } from '../time/instant';
import type { AvailabilityFacts } from './facts';
import { minuteAtOrAfter, minuteAtOrBefore } from './intervals';
import { byTime, type Reason, type TimedReason } from './reason';
import {
  countsAsTaken,
  isBusyElsewhere,
  isLiveHoldOfOthers,
  isOfGroup,
  type TakenOptions,
} from './taken-time';

export interface ReservedTime {
  startsAt: Instant;
  endsAt: Instant;
  reservedFrom: Instant;
  reservedUntil: Instant;
}

/** Everything that keeps the doctor from `[reservedFrom, reservedUntil)`, by start. */
export function takenReasons(
  facts: AvailabilityFacts,
  doctorId: string,
  type: AppointmentType,
  time: ReservedTime,
  options: TakenOptions,
): Reason[] {
  const reasons: TimedReason[] = [];
  let seatsTaken = 0;
  for (const visit of facts.appointmentsOfDoctor(
    doctorId,
    plusMinutes(time.reservedFrom, -1),
    plusMinutes(time.reservedUntil, 1),
  )) {
    if (!countsAsTaken(visit, options)) continue;
    if (isOfGroup(visit, options.group) && visit.startsAt === time.startsAt) {
      seatsTaken++;
      continue;
    }
    if (!meetsReserved(visit.reservedFrom, visit.reservedUntil, time)) continue;
    const { id: appointmentId, patientId, startsAt, endsAt } = visit;
    if (startsAt < time.endsAt && endsAt > time.startsAt) {
      reasons.push({
        code: 'visit',
        appointmentId,
        patientId,
        startsAt,
        endsAt,
        pending: visit.status === 'pending',
      });
    } else {
      // Between these two no visit of this type can lie: it has to end before the one or start after the other.
      const freeUntil = plusMinutes(visit.reservedFrom, -type.bufferAfterMinutes);
      const freeFrom = plusMinutes(visit.reservedUntil, type.bufferBeforeMinutes);
      reasons.push({ code: 'buffer', appointmentId, patientId, startsAt, endsAt, freeFrom, freeUntil });
    }
  }
  for (const hold of facts.holdsOfDoctor(doctorId)) {
    if (!isLiveHoldOfOthers(hold, options)) continue;
    if (isOfGroup(hold, options.group) && hold.startsAt === time.startsAt) seatsTaken++;
    else if (meetsReserved(hold.reservedFrom, hold.reservedUntil, time)) {
      reasons.push({ code: 'hold', startsAt: hold.startsAt, endsAt: hold.endsAt, expiresAt: hold.expiresAt });
    }
  }
  for (const busy of facts.externalBusyOf(doctorId)) {
    if (isBusyElsewhere(busy) && meetsReserved(busy.startsAt, busy.endsAt, time)) {
      reasons.push({ code: 'external-busy', startsAt: busy.startsAt, endsAt: busy.endsAt });
    }
  }
  reasons.sort(byTime);
  return seatsTaken >= type.capacity ? [...reasons, { code: 'full', capacity: type.capacity }] : reasons;
}

/** By whole minutes, rounded outwards, as the search sees them. */
function meetsReserved(from: Instant, until: Instant, time: ReservedTime): boolean {
  return (
    minuteAtOrBefore(from) < minuteAtOrAfter(time.reservedUntil) &&
    minuteAtOrAfter(until) > minuteAtOrBefore(time.reservedFrom)
  );
}

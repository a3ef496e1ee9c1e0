/** A visit's timeline in words, newest first. */
import type { Facts } from '@medic/shared/acts/facts';
import type { Appointment, AppointmentEvent } from '@medic/shared/model/appointment';
import type { Instant } from '@medic/shared/time/instant';
import { localTime } from '@medic/shared/time/zone';
import { shortDay } from '../../ui/date-words';

export interface EventWords {
  id: string;
  what: string;
  when: string;
  by: string;
}

export function timelineWords(visit: Pick<Appointment, 'events' | 'locationId'>, facts: Facts): EventWords[] {
  const zone = facts.location(visit.locationId)?.timeZone ?? facts.clinic.timeZone;
  const stamp = (at: Instant) => {
    const local = localTime(at, zone);
    return `${shortDay(local.date).slice(4)} ${local.time}`;
  };
  return [...visit.events]
    .sort((a, b) => b.occurredAt - a.occurredAt || (a.id < b.id ? 1 : -1))
    .map((event) => ({
      id: event.id,
      what: whatHappened(event, stamp, facts),
      when: stamp(event.occurredAt),
      by: [byWhom(event), event.reason === 'undo' ? '' : event.reason].filter(Boolean).join(' · '),
    }));
}

function byWhom(event: AppointmentEvent): string {
  switch (event.actorKind) {
    case 'patient':
      return event.actorName ? `${event.actorName}, online` : 'Patient, online';
    case 'google':
      return 'Google Calendar';
    case 'system':
      return 'Medic';
    default:
      return event.actorName || 'Front desk';
  }
}

function whatHappened(event: AppointmentEvent, stamp: (at: Instant) => string, facts: Facts): string {
  if (event.reason === 'undo') return 'Taken back';
  if (event.fromStatus === null) return event.toStatus === 'pending' ? 'Requested' : 'Booked';
  if (event.fromStatus !== event.toStatus) {
    switch (event.toStatus) {
      case 'booked':
        return event.fromStatus === 'pending' ? 'Accepted' : 'Booked';
      case 'arrived':
        return 'Arrived';
      case 'checked-in':
        return 'In the room';
      case 'fulfilled':
        return 'Finished';
      case 'cancelled':
        return 'Cancelled';
      case 'noshow':
        return 'Did not come';
      case 'pending':
        return 'Waits for an answer';
      default:
        return 'Changed';
    }
  }
  const moved = event.changed.startsAt;
  if (moved && typeof moved[0] === 'number') return `Moved from ${stamp(moved[0] as Instant)}`;
  const doctor = event.changed.doctorId;
  if (doctor && typeof doctor[0] === 'string')
    return `Moved from ${facts.doctor(doctor[0])?.name ?? 'another doctor'}`;
  return 'Changed';
}

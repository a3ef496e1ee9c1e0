/** A visit's timeline in plain words, newest first. */
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

type Stamp = (at: Instant) => string;

function whatHappened(event: AppointmentEvent, stamp: Stamp, facts: Facts): string {
  if (event.reason === 'undo') return `Taken back: ${takenBackWords(event, stamp)}`;
  if (event.fromStatus === null) return beginningWords(event);
  if (touchesPlace(event)) return moveWords(event, stamp, facts);
  if (event.fromStatus !== event.toStatus) return statusWords(event);
  return detailWords(event);
}

function beginningWords(event: AppointmentEvent): string {
  if (event.toStatus === 'pending') return 'Requested';
  if (event.toStatus === 'proposed') return 'Suggested to the patient, not held';
  switch (event.act) {
    case 'appointment.overbook':
      return 'Booked over other visits';
    case 'series.book':
      return 'Booked as one of a series';
    case 'waitlist.accept':
      return 'Booked from the waitlist';
    default:
      return 'Booked';
  }
}

function statusWords({ fromStatus, toStatus }: AppointmentEvent): string {
  const answered = fromStatus === 'pending' || fromStatus === 'proposed';
  switch (toStatus) {
    case 'booked':
      return answered ? 'Accepted' : 'Booked';
    case 'arrived':
      return 'Arrived';
    case 'checked-in':
      return 'In the room';
    case 'fulfilled':
      return 'Finished';
    case 'cancelled':
      return answered ? 'Declined' : 'Cancelled';
    case 'noshow':
      return 'Did not come';
    case 'pending':
      return 'Waits for an answer';
    case 'entered-in-error':
      return 'Taken out, entered in error';
    default:
      return 'Changed';
  }
}

function touchesPlace({ changed }: AppointmentEvent): boolean {
  return ['startsAt', 'doctorId', 'locationId', 'appointmentTypeId', 'endsAt', 'roomId', 'overbooked'].some(
    (field) => field in changed,
  );
}

function moveWords(event: AppointmentEvent, stamp: Stamp, facts: Facts): string {
  const { changed } = event;
  const before = (field: string) => changed[field]?.[0];
  const startsAt = before('startsAt');
  const doctor = textOf(before('doctorId'));
  const place = textOf(before('locationId'));
  const type = textOf(before('appointmentTypeId'));
  const from = [
    typeof startsAt === 'number' && stamp(startsAt as Instant),
    doctor !== null && (facts.doctor(doctor)?.name ?? 'another doctor'),
    place !== null && (facts.location(place)?.name ?? 'another place'),
  ].filter(Boolean);
  const words =
    from.length > 0
      ? [`${moveVerb(event)} from ${from.join(', ')}`]
      : type === null
        ? [changed.endsAt ? 'Length changed' : changed.roomId ? 'Room changed' : 'Changed']
        : [];
  if (type !== null) words.push(`Was ${facts.appointmentType(type)?.name ?? 'another type'}`);
  if (changed.overbooked) words.push(changed.overbooked[1] === true ? 'overbooked' : 'no longer overbooked');
  if (changed.roomOverbooked)
    words.push(changed.roomOverbooked[1] === true ? 'room overbooked' : 'room no longer overbooked');
  if (event.toStatus === 'pending' && event.fromStatus === 'booked') words.push('waits for an answer again');
  return words.join(', ');
}

function moveVerb(event: AppointmentEvent): string {
  switch (event.act) {
    case 'appointment.swap':
      return 'Swapped with a neighbour,';
    case 'appointment.shift':
      return 'Shifted';
    case 'series.reschedule':
      return 'Moved with its series';
    default:
      return 'Moved';
  }
}

function detailWords({ act, changed }: AppointmentEvent): string {
  if (act === 'appointment.confirm') return 'Patient says they come';
  if (changed.confirmedAt)
    return changed.confirmedAt[1] === null ? 'No longer confirmed' : 'Patient says they come';
  if (changed.linkVersion) return 'Links sent to the patient stopped';
  if (changed.patientId) return act === 'patient.unmerge' ? 'Two records parted again' : 'Two records merged';
  if (changed.seriesId) return 'Goes on in another series';
  return 'Changed';
}

/** What it is again; the entry below says what was. */
function takenBackWords(event: AppointmentEvent, stamp: Stamp): string {
  const startsAt = event.changed.startsAt?.[1];
  if (typeof startsAt === 'number') return `at ${stamp(startsAt as Instant)} again`;
  if (event.fromStatus !== event.toStatus) {
    switch (event.toStatus) {
      case 'pending':
        return 'to answer again';
      case 'proposed':
        return 'only suggested again';
      case 'booked':
        return 'booked again';
      case 'arrived':
        return 'arrived again';
      case 'checked-in':
        return 'in the room again';
      default:
        return 'as it was before';
    }
  }
  if (event.changed.confirmedAt)
    return event.changed.confirmedAt[1] === null ? 'not confirmed' : 'confirmed again';
  return 'as it was before';
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

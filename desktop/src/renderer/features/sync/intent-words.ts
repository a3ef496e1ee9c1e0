/** What a waiting change is, in words: `Booked Baptiste C.`, `Dr Nowak, today 13:30`. */
import type { Facts } from '@medic/shared/acts/facts';
import type { Intent } from '@medic/shared/model/intent';
import type { Instant } from '@medic/shared/time/instant';
import { localTime } from '@medic/shared/time/zone';
import { shortDay } from '../../ui/date-words';
import { doctorName, shortName } from '../../ui/person-name';

export interface IntentWords {
  title: string;
  detail: string;
  /** A time that somebody else could take first. */
  tentative: boolean;
}

export function intentWords(intent: Pick<Intent, 'act' | 'args'>, facts: Facts): IntentWords {
  const args = intent.args;
  const text = (key: string): string => (typeof args[key] === 'string' ? (args[key] as string) : '');
  const visit = facts.get('appointment', text('appointmentId'));
  const patient = facts.get('patient', text('patientId') || (visit?.patientId ?? ''));
  const name = patient ? shortName(patient) : 'a patient';
  const waitingPatient = facts.get('patient', facts.get('waitlistEntry', text('entryId'))?.patientId ?? '');
  const waiting = waitingPatient ? shortName(waitingPatient) : 'a patient';
  const doctor = facts.doctor(text('doctorId') || (visit?.doctorId ?? ''));
  const startsAt = typeof args.startsAt === 'number' ? (args.startsAt as Instant) : visit?.startsAt;
  const zone =
    facts.location(text('locationId') || (visit?.locationId ?? ''))?.timeZone ?? facts.clinic.timeZone;
  const when =
    startsAt === undefined
      ? ''
      : `${shortDay(localTime(startsAt, zone).date)} ${localTime(startsAt, zone).time}`;
  const where = [doctor && doctorName(doctor), when].filter(Boolean).join(', ');
  switch (intent.act) {
    case 'appointment.book':
      return { title: `Booked ${name}`, detail: where, tentative: true };
    case 'appointment.reschedule':
      return { title: `Moved ${name}`, detail: where, tentative: true };
    case 'appointment.cancel':
      return { title: `Cancelled ${name}`, detail: where, tentative: false };
    case 'appointment.arrive':
      return { title: `${name} arrived`, detail: where, tentative: false };
    case 'appointment.start':
      return { title: `${name} in the room`, detail: where, tentative: false };
    case 'appointment.complete':
      return { title: `${name} finished`, detail: where, tentative: false };
    case 'appointment.noshow':
      return { title: `${name} did not come`, detail: where, tentative: false };
    case 'appointment.undo':
      return { title: `Took back a change of ${name}`, detail: where, tentative: false };
    case 'appointment.accept':
      return { title: `Accepted ${name}`, detail: where, tentative: visit?.status === 'proposed' };
    case 'appointment.decline':
      return { title: `Declined ${name}`, detail: where, tentative: false };
    case 'appointment.confirm':
      return { title: `${name} says they come`, detail: where, tentative: false };
    case 'appointment.void':
      return { title: `Taken out as a mistake: ${name}`, detail: where, tentative: false };
    case 'appointment.revoke-link':
      return { title: `Stopped the links of ${name}`, detail: where, tentative: false };
    case 'appointment.swap':
      return { title: 'Swapped two visits', detail: '', tentative: true };
    case 'appointment.shift':
      return { title: 'Shifted several visits', detail: '', tentative: true };
    case 'series.reschedule':
      return { title: `Moved a series of ${name}`, detail: where, tentative: true };
    case 'series.cancel':
      return { title: `Cancelled visits of ${name}`, detail: where, tentative: false };
    case 'time.block':
      return {
        title: `Blocked ${doctor ? doctorName(doctor) : 'time'}`,
        detail: blockDetail(args),
        tentative: false,
      };
    case 'time.unblock':
      return { title: 'Took a block away', detail: '', tentative: false };
    case 'patient.create':
      return {
        title: `New patient ${text('familyName')} ${text('givenName')}`,
        detail: 'Patient record',
        tentative: false,
      };
    case 'patient.edit':
      return { title: `Changed ${name}`, detail: 'Patient record', tentative: false };
    case 'patient.merge':
      return { title: 'Merged two records', detail: 'Patient record', tentative: false };
    case 'patient.unmerge':
      return { title: 'Undid a merge', detail: 'Patient record', tentative: false };
    case 'appointment.overbook':
      return { title: `Overbooked ${name}`, detail: where, tentative: true };
    case 'series.book':
      return { title: `Booked a series for ${name}`, detail: where, tentative: true };
    case 'waitlist.add':
      return { title: `${name} on the waitlist`, detail: 'Waitlist', tentative: false };
    case 'waitlist.edit':
      return { title: `Changed what ${waiting} waits for`, detail: 'Waitlist', tentative: false };
    case 'waitlist.close':
      return { title: `Took ${waiting} off the waitlist`, detail: 'Waitlist', tentative: false };
    case 'waitlist.offer':
      return { title: 'Offered a time', detail: offerDetail(args, facts), tentative: true };
    case 'waitlist.accept':
      return { title: `Booked ${waiting} from the waitlist`, detail: 'Waitlist', tentative: true };
    case 'waitlist.decline':
      return { title: `${waiting} declined an offer`, detail: 'Waitlist', tentative: false };
    case 'attention.settle':
      return { title: 'Settled an item', detail: 'Needs attention', tentative: false };
    default:
      return { title: 'A change', detail: where, tentative: false };
  }
}

/** The doctor and the time that several people were offered. */
function offerDetail(args: Record<string, unknown>, facts: Facts): string {
  const slot = (args.slot ?? {}) as { doctorId?: unknown; locationId?: unknown; startsAt?: unknown };
  const doctor = facts.doctor(typeof slot.doctorId === 'string' ? slot.doctorId : '');
  const location = facts.location(typeof slot.locationId === 'string' ? slot.locationId : '');
  if (typeof slot.startsAt !== 'number') return 'Waitlist';
  const { date, time } = localTime(slot.startsAt as Instant, location?.timeZone ?? facts.clinic.timeZone);
  return [doctor && doctorName(doctor), `${shortDay(date)} ${time}`].filter(Boolean).join(', ');
}

function blockDetail(args: Record<string, unknown>): string {
  const date = typeof args.date === 'string' ? shortDay(args.date) : '';
  return args.startsAt === null
    ? `${date}, whole day`
    : `${date} ${String(args.startsAt)}–${String(args.endsAt)}`;
}

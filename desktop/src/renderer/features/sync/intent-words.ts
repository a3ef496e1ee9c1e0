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
    case 'attention.settle':
      return { title: 'Settled an item', detail: 'Needs attention', tentative: false };
    default:
      return { title: 'A change', detail: where, tentative: false };
  }
}

function blockDetail(args: Record<string, unknown>): string {
  const date = typeof args.date === 'string' ? shortDay(args.date) : '';
  return args.startsAt === null
    ? `${date}, whole day`
    : `${date} ${String(args.startsAt)}–${String(args.endsAt)}`;
}

/** How the desk names a visit and its time in a sentence. */

import type { RefusalReason } from '@medic/shared/acts/act';
import type { Facts } from '@medic/shared/acts/facts';
import { describeRefusal } from '@medic/shared/acts/refusal-words';
import type { Instant } from '@medic/shared/time/instant';
import { localTime } from '@medic/shared/time/zone';
import { shortDay } from '../../ui/date-words';
import { doctorName, shortName } from '../../ui/person-name';

/** `Polańska A.` */
export function nameOf(facts: Facts, appointmentId: string): string {
  const visit = facts.get('appointment', appointmentId);
  return (visit && nameOfPatient(facts, visit.patientId)) ?? 'the visit';
}

export function nameOfPatient(facts: Facts, patientId: string): string | undefined {
  const patient = facts.get('patient', patientId);
  return patient ? shortName(patient) : undefined;
}

/** `Tue 24 Nov 10:30` by the place's clock. */
export function timeWords(facts: Facts, at: Instant, locationId: string): string {
  const local = localTime(at, facts.location(locationId)?.timeZone ?? facts.clinic.timeZone);
  return `${shortDay(local.date)} ${local.time}`;
}

/** `Tue 24 Nov 10:30, Dr Nowak` */
export function visitTimeWords(
  facts: Facts,
  visit: { startsAt: Instant; locationId: string; doctorId: string },
): string {
  const doctor = facts.doctor(visit.doctorId);
  return `${timeWords(facts, visit.startsAt, visit.locationId)}${doctor ? `, ${doctorName(doctor)}` : ''}`;
}

/** At the desk a clash with the patient's own visit is a question, not an order to choose another time. */
export function refusalWords(facts: Facts, reason: RefusalReason): string {
  if (reason.code === 'same-patient') {
    const other = facts.get('appointment', reason.appointmentId);
    const type = other && facts.appointmentType(other.appointmentTypeId)?.name;
    return other
      ? `The same patient has ${type ?? 'a visit'} ${visitTimeWords(facts, other)}`
      : 'The same patient has another visit then';
  }
  return describeRefusal(reason, { patientName: (id) => nameOfPatient(facts, id) });
}

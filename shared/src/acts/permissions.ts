import type { Appointment } from '../model/appointment';
import type { Actor } from './act';
import type { Facts } from './facts';

/** Staff who run every agenda of the clinic. */
export function runsAgendas(actor: Actor): boolean {
  return (
    actor.kind === 'system' ||
    (actor.kind === 'staff' && (actor.roles.includes('admin') || actor.roles.includes('reception')))
  );
}

/** What stands in the way of acting on a doctor's agenda, in words; null when nothing does. */
export function forbidsAgenda(actor: Actor, doctorId: string | undefined): string | null {
  if (runsAgendas(actor)) return null;
  if (
    actor.kind === 'staff' &&
    actor.roles.includes('doctor') &&
    doctorId !== undefined &&
    actor.doctorId === doctorId
  )
    return null;
  return 'This account may change its own agenda only';
}

export function forbidsStaffOnly(actor: Actor): string | null {
  return actor.kind === 'staff' || actor.kind === 'system' ? null : 'This is done by the clinic';
}

/** For what the server finds out by itself. */
export function forbidsSystemOnly(actor: Actor): string | null {
  return actor.kind === 'system' ? null : 'The server does this itself';
}

/** For what patients do about themselves. */
export function forbidsOthersThan(actor: Actor, patientId: string): string | null {
  return actor.kind === 'patient' && actor.id === patientId ? null : 'Patients do this themselves';
}

/** For a visit: the staff of its agenda, or the patient whose visit it is. To a patient an unknown one is another's. */
export function forbidsVisit(
  actor: Actor,
  visit: Pick<Appointment, 'doctorId' | 'patientId'> | undefined,
): string | null {
  if (actor.kind !== 'patient') return forbidsAgenda(actor, visit?.doctorId);
  return visit && actor.id === visit.patientId ? null : 'This visit can’t be changed from here';
}

/** For what is done on the public page. */
export function forbidsVisitorsOnly(actor: Actor, facts: Facts): string | null {
  if (actor.kind !== 'patient') return 'This is for the public page';
  return facts.clinic.rules.publicBooking
    ? null
    : 'This clinic takes no bookings online now; ring it instead';
}

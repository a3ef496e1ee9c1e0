import type { Actor } from './act';

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

import type { Visit, Who } from './clinic';

export function mayRun(who: Who, doctor: number | undefined): boolean {
  return who.kind === 'staff' && (who.runs || (doctor !== undefined && who.doctor === doctor));
}

export function mayTouch(who: Who, visit: Visit | undefined): boolean {
  if (who.kind === 'staff') return mayRun(who, visit?.doctor);
  return visit !== undefined && who.patient !== null && who.patient === visit.patient;
}

/** Visits by patient, made once per facts. */
import type { Facts } from '@medic/shared/acts/facts';
import type { Appointment } from '@medic/shared/model/appointment';
import type { Instant } from '@medic/shared/time/instant';

const cache = new WeakMap<Facts, Map<string, Appointment[]>>();

/** A patient's visits that were not cancelled, by start. */
export function visitsOfPatient(facts: Facts, patientId: string): readonly Appointment[] {
  let index = cache.get(facts);
  if (!index) {
    index = new Map();
    for (const visit of facts.all('appointment')) {
      if (visit.status === 'cancelled' || visit.status === 'entered-in-error') continue;
      const list = index.get(visit.patientId);
      if (list) list.push(visit);
      else index.set(visit.patientId, [visit]);
    }
    for (const list of index.values()) list.sort((a, b) => a.startsAt - b.startsAt);
    cache.set(facts, index);
  }
  return index.get(patientId) ?? [];
}

/** The next visit from `now` on, else the last before it. */
export function nearestVisit(facts: Facts, patientId: string, now: Instant): Appointment | undefined {
  const visits = visitsOfPatient(facts, patientId);
  return visits.find((visit) => visit.endsAt > now) ?? visits[visits.length - 1];
}

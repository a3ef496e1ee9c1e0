import type { AppointmentEvent } from '../model/appointment';
import type { ActContext, Done } from './act';
import type { Facts } from './facts';

/** The timeline entries of a decision, with who and when. */
export function timelineOf(decision: Done, act: string, context: ActContext): AppointmentEvent[] {
  return decision.events.map((event) => ({
    id: context.newId(),
    clinicId: context.clinicId,
    occurredAt: context.now,
    act,
    actorKind: context.actor.kind,
    actorId: context.actor.id,
    actorName: context.actor.name,
    ...event,
  }));
}

/** Lays a decision over facts: its records, with `seq`, and its timeline on the visits it speaks of. */
export function applyDecision(
  facts: Facts,
  decision: Done,
  events: readonly AppointmentEvent[],
  seq: number,
): void {
  for (const change of decision.changes)
    facts.apply({ ...change, record: { ...change.record, seq } } as typeof change);
  for (const event of events) {
    const visit = facts.get('appointment', event.appointmentId);
    if (visit) facts.put('appointment', { ...visit, events: [...visit.events, event] });
  }
}

import { z } from 'zod';
import type { Appointment } from '../../model/appointment';
import { text, uuid } from '../../model/fields';
import { defineAct, done, type EventDraft, refused } from '../act';
import { endVisit } from '../appointment/cancel';
import { messagesTo } from '../appointment/messages';
import type { Change } from '../facts';
import { forbidsAgenda } from '../permissions';
import { mayChange } from '../status-table';
import { visitsOf } from './book';
import { cutAt, endedBefore, memberOf, reachedBy, seriesScopes } from './members';
import { summaryTo } from './summary';

/**
 * Cancels one visit of a series, it and the following, or all that are ahead, those moved alone too. What has begun or
 * is over stays. The series ends before the first of the following; cancelled as a whole it keeps its rule, as a
 * record of what was planned.
 */
export const cancelSeries = defineAct({
  name: 'series.cancel',
  version: 1,
  args: z.object({
    seriesId: uuid(),
    appointmentId: uuid(),
    scope: z.enum(seriesScopes),
    reason: text(500),
  }),
  forbids: (actor, { seriesId, appointmentId, scope }, facts) => {
    const lacking = forbidsAgenda(actor, facts.get('appointment', appointmentId)?.doctorId);
    if (lacking !== null || scope === 'this') return lacking;
    for (const other of facts.visitsOfSeries(seriesId)) {
      const theirs = forbidsAgenda(actor, other.doctorId);
      if (theirs !== null) return theirs;
    }
    return null;
  },
  needs: ({ seriesId, appointmentId }) => ({
    appointment: [appointmentId],
    appointmentSeries: [seriesId],
    ofSeries: [seriesId],
  }),
  decide: (facts, { scope, reason, ...named }, context) => {
    const member = memberOf(facts, named);
    if ('refusal' in member) return member.refusal;
    const { series, visit } = member;
    if (!mayChange(visit.status, 'cancelled'))
      return refused([{ code: 'status', from: visit.status, to: 'cancelled' }]);
    const visits = reachedBy(facts, member, scope, context.madeAt).filter(
      (other) => other.id === visit.id || isAhead(other),
    );
    const changes: Change[] = [];
    const events: EventDraft[] = [];
    for (const other of visits) {
      const ending = endVisit(facts, other, 'cancelled', reason, null, context);
      if (ending.kind === 'refused') return ending;
      changes.push(...ending.changes);
      events.push(...ending.events);
    }
    const cancelled = visitsOf(changes);
    const cut = scope === 'following' ? cutAt(series, visit.startsAt) : null;
    if (cut && cut.before.length > 0 && cut.rest.length > 0)
      changes.unshift({ kind: 'appointmentSeries', record: endedBefore(series, cut) });
    const patient = facts.get('patient', visit.patientId);
    const [only, ...more] = cancelled;
    return done(
      changes,
      events,
      only && more.length === 0
        ? messagesTo(patient, only, 'cancelled', context)
        : summaryTo(patient, series.id, cancelled, 'cancelled', context),
    );
  },
});

/** Nobody is in the house for it yet. */
function isAhead(visit: Appointment): boolean {
  return visit.status === 'booked' || visit.status === 'pending' || visit.status === 'proposed';
}

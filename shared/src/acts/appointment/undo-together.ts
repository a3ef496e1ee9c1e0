import { z } from 'zod';
import type { Appointment } from '../../model/appointment';
import { uuid } from '../../model/fields';
import { minuteMs } from '../../time/instant';
import { defineAct, done, type RefusalReason, type Refused, refused } from '../act';
import { lastChange, restoredFrom, undoTogetherName } from './last-change';
import { timeZoneAt } from './placing';
import { decideUndo, forbidsUndo } from './undo';

/** One commit moves no more. */
const mostAtOnce = 200;

/** Entries of one commit carry one time, but for a millisecond where an earlier entry was dated after it. */
const oneCommitMs = minuteMs;

/**
 * Takes back what moved several visits at once, a swap or a shift: each goes to where it stood, overbooked again where
 * it was, all of them or none. Where one of them was changed since, that would undo something else.
 */
export const undoTogether = defineAct({
  name: undoTogetherName,
  version: 1,
  args: z.object({ appointmentIds: z.array(uuid()).min(1).max(mostAtOnce) }),
  forbids: (actor, { appointmentIds }, facts) => {
    for (const id of appointmentIds) {
      const lacking = forbidsUndo(actor, facts.get('appointment', id));
      if (lacking !== null) return lacking;
    }
    return null;
  },
  needs: ({ appointmentIds }) => ({ appointment: appointmentIds }),
  decide: (facts, { appointmentIds }, context) => {
    const visits: Appointment[] = [];
    for (const id of new Set(appointmentIds)) {
      const visit = facts.get('appointment', id);
      if (!visit) return refused([{ code: 'unknown', what: 'visit', id }]);
      visits.push(visit);
    }
    if (!wereMovedTogether(visits)) {
      return refused([
        {
          code: 'invalid',
          field: 'appointmentIds',
          message: 'One of these visits was changed since; move them back one by one',
        },
      ]);
    }
    // All are released before any is taken: where one goes back to, another may still stand.
    const layer = facts.layer();
    for (const visit of visits) layer.put('appointment', { ...visit, deleted: true });
    const all = done([]);
    const problems: RefusalReason[] = [];
    let alternatives: Refused['alternatives'] = [];
    for (const visit of visits) {
      const undone = decideUndo(layer, visit, context);
      if (undone.kind === 'refused') {
        problems.push(...ofVisit(undone, visit, timeZoneAt(facts, visit.locationId)));
        if (alternatives.length === 0) alternatives = undone.alternatives;
        continue;
      }
      for (const change of undone.changes) layer.apply(change);
      all.changes.push(...undone.changes);
      all.events.push(...undone.events);
      all.notifications.push(...undone.notifications);
    }
    return problems.length > 0 ? refused(problems, alternatives) : all;
  },
});

function wereMovedTogether(visits: readonly Appointment[]): boolean {
  const changes = visits.map(lastChange);
  const [first] = changes;
  return changes.every(
    (change) =>
      first &&
      change?.act === first.act &&
      (change.act === 'appointment.swap' || change.act === 'appointment.shift') &&
      Math.abs(change.occurredAt - first.occurredAt) < oneCommitMs,
  );
}

/** The rules of time as one entry for the visit, at the time that it would go back to. */
function ofVisit({ reasons }: Refused, visit: Appointment, timeZone: string): RefusalReason[] {
  const ofTime = reasons.flatMap((reason) => (reason.code === 'slot' ? [reason.reason] : []));
  const others = reasons.filter((reason) => reason.code !== 'slot');
  const last = lastChange(visit);
  const startsAt = (last && restoredFrom(visit, last)?.startsAt) ?? visit.startsAt;
  return [
    ...(ofTime.length > 0 ? [{ code: 'series' as const, startsAt, reasons: ofTime, timeZone }] : []),
    ...others,
  ];
}

import type { Appointment } from '../../model/appointment';
import type { Instant } from '../../time/instant';
import { type ActContext, type Decision, done, type RefusalReason, refused } from '../act';
import type { Facts } from '../facts';
import { messagesTo } from './messages';
import { decideMove } from './moving';
import { type PlacingOptions, timeZoneAt } from './placing';

export interface MoveTo {
  visit: Appointment;
  startsAt: Instant;
}

/**
 * Releases all, then takes all: no visit is in another's way by standing where it no longer will. One that cannot move
 * keeps all of them; the refusal says which, at its new time, with its own reasons, and offers the nearest times of the
 * first.
 */
export function decideMoves(
  facts: Facts,
  moves: readonly MoveTo[],
  context: ActContext,
  options: PlacingOptions = {},
): Decision {
  const layer = facts.layer();
  for (const { visit } of moves) layer.put('appointment', { ...visit, deleted: true });
  const all = done([]);
  const refusals: { reason: RefusalReason; alternatives: ReturnType<typeof refused>['alternatives'] }[] = [];
  for (const { visit, startsAt } of moves) {
    const to = { doctorId: visit.doctorId, locationId: visit.locationId, startsAt };
    const move = decideMove(layer, visit, to, context, { ...options, anyMinute: true });
    if ('refusal' in move) {
      refusals.push(...perVisit(facts, visit, startsAt, move.refusal));
      continue;
    }
    for (const change of move.changes) layer.apply(change);
    all.changes.push(...move.changes);
    all.events.push(move.event);
    all.notifications.push(
      ...messagesTo(facts.get('patient', visit.patientId), move.visit, 'moved', context),
    );
  }
  return refusals.length > 0
    ? refused(
        refusals.map(({ reason }) => reason),
        refusals.find(({ alternatives }) => alternatives.length > 0)?.alternatives ?? [],
      )
    : all;
}

/** The rules of time as one entry for the visit; a warning about its patient stays what it is. */
function perVisit(
  facts: Facts,
  visit: Appointment,
  startsAt: Instant,
  { reasons, alternatives }: ReturnType<typeof refused>,
): { reason: RefusalReason; alternatives: typeof alternatives }[] {
  const ofTime = reasons.flatMap((reason) => (reason.code === 'slot' ? [reason.reason] : []));
  const others = reasons.filter((reason) => reason.code !== 'slot');
  const timeZone = timeZoneAt(facts, visit.locationId);
  return [
    ...(ofTime.length > 0 ? [{ code: 'series' as const, startsAt, reasons: ofTime, timeZone }] : []),
    ...others,
  ].map((reason) => ({ reason, alternatives }));
}

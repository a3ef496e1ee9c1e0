/** Several visits at once: each is tried where those before it have been taken already, and all stand or none. */
import { placeVisit } from '../../availability/place-visit';
import type { Reason } from '../../availability/reason';
import type { Instant } from '../../time/instant';
import {
  type ActContext,
  type Decision,
  done,
  type EventDraft,
  type Override,
  type RefusalReason,
} from '../act';
import { overHolds } from '../appointment/over-holds';
import { placementRequest, refuseTime, timeZoneAt, type Where } from '../appointment/placing';
import { withoutEndedHolds } from '../appointment/placing-facts';
import type { Change, Facts } from '../facts';

export interface Taking {
  where: Where & { startsAt: Instant };
  /** Decides the one visit over the facts as those before it leave them. */
  take(facts: Facts): Decision;
}

/**
 * The changes and the timeline of all, or one refusal that names every time that cannot be, each with its reasons, and
 * the free times nearest to the first of them. Messages of the single decisions are left out: one for all is for the
 * caller to write. `facts` is a layer of the caller's, and is written to.
 */
export function takeAll(
  facts: Facts,
  takings: readonly Taking[],
  overrides: readonly Override[],
  context: ActContext,
): Decision {
  const changes: Change[] = [];
  const events: EventDraft[] = [];
  const refusals: RefusalReason[] = [];
  let firstRefused: Where | null = null;
  for (const { where, take } of takings) {
    const reasons = reasonsAgainst(facts, where, overrides, context);
    if (reasons.length > 0) {
      const timeZone = timeZoneAt(facts, where.locationId);
      refusals.push({ code: 'series', startsAt: where.startsAt, reasons, timeZone });
      firstRefused ??= where;
      continue;
    }
    const decision = take(facts);
    if (decision.kind === 'refused') {
      refusals.push(...decision.reasons.map((reason) => ofSeries(reason, where)));
      firstRefused ??= where;
      continue;
    }
    for (const change of decision.changes) facts.apply(change);
    changes.push(...decision.changes);
    events.push(...decision.events);
  }
  if (firstRefused) return refuseTime(facts, placementRequest(firstRefused, context), refusals, context);
  return done(changes, events);
}

/** Without looking for the nearest free times: a hundred refusals need them once. */
function reasonsAgainst(
  facts: Facts,
  where: Where,
  overrides: readonly Override[],
  context: ActContext,
): Reason[] {
  const request = placementRequest(where, context);
  const known = withoutEndedHolds(facts, where, context);
  const { reasons } = placeVisit(known, request);
  if (reasons.length === 0) return reasons;
  const cleared = overHolds(known, request);
  if (!cleared) return reasons;
  // As for a single visit: where holds alone are in the way, the refusal names them and nothing else.
  return overrides.includes('hold') ? [] : reasons.filter(({ code }) => code === 'hold' || code === 'full');
}

function ofSeries(reason: RefusalReason, { startsAt }: { startsAt: Instant }): RefusalReason {
  return reason.code === 'slot'
    ? { code: 'series', startsAt, reasons: [reason.reason], timeZone: reason.timeZone }
    : reason;
}

import { z } from 'zod';
import type { Appointment } from '../../model/appointment';
import type { AppointmentSeries } from '../../model/appointment-series';
import { instantField, uuid } from '../../model/fields';
import { localTime } from '../../time/zone';
import { type ActContext, defineAct, done, type EventDraft, overrides, type Refused, refused } from '../act';
import { messagesTo } from '../appointment/messages';
import { type Destination, decideMove, staysAsItIs } from '../appointment/moving';
import { minutesBetween, missingOf } from '../appointment/placing';
import type { Change, Facts } from '../facts';
import { forbidsAgenda } from '../permissions';
import { movableStatuses } from '../status-table';
import { visitsOf } from './book';
import { cutAt, endedBefore, type Member, memberOf, reachedBy, ruleOfRest, seriesScopes } from './members';
import { moveSeries } from './moved-series';
import { formatRule } from './rule';
import { summaryTo } from './summary';
import { takeAll } from './take-all';

const args = z.object({
  seriesId: uuid(),
  appointmentId: uuid(),
  scope: z.enum(seriesScopes),
  /** Where this visit goes; the others move by the same difference on the wall. */
  startsAt: instantField(),
  doctorId: uuid(),
  locationId: uuid(),
  /** The series that the following visits are from then on, where earlier ones stay behind. */
  restId: uuid().nullable().default(null),
  overrides: z.array(z.enum(overrides)).max(overrides.length).default([]),
});
type Args = z.infer<typeof args>;

/**
 * Moves one visit of a series, it and the following, or all that are ahead; all of them or none. A visit that was
 * moved alone before is an exception: it keeps its time when others move, unless the edit is made on it. Doctor and
 * place change for all only where the edit changes them.
 */
export const rescheduleSeries = defineAct({
  name: 'series.reschedule',
  version: 1,
  args,
  forbids: (actor, asked, facts) => {
    const visit = facts.get('appointment', asked.appointmentId);
    const lacking = forbidsAgenda(actor, visit?.doctorId) ?? forbidsAgenda(actor, asked.doctorId);
    if (lacking !== null || asked.scope === 'this') return lacking;
    for (const other of facts.visitsOfSeries(asked.seriesId)) {
      const theirs = forbidsAgenda(actor, other.doctorId);
      if (theirs !== null) return theirs;
    }
    return null;
  },
  needs: ({ seriesId, appointmentId, restId }) => ({
    appointment: [appointmentId],
    appointmentSeries: restId === null ? [seriesId] : [seriesId, restId],
    ofSeries: [seriesId],
  }),
  decide: (facts, asked, context) => {
    const member = memberOf(facts, asked);
    if ('refusal' in member) return member.refusal;
    const { visit } = member;
    if (!movableStatuses.includes(visit.status))
      return refused([{ code: 'status', from: visit.status, to: visit.status }]);
    const missing = missingOf(facts, { ...asked, appointmentTypeId: visit.appointmentTypeId });
    if (missing) return missing;
    if (staysAsItIs(visit, asked)) return done([]);
    const plan = asked.scope === 'this' ? null : planOf(facts, member, asked, context);
    if (plan === null) return moveOne(facts, visit, asked, context);
    if ('kind' in plan) return plan;
    return moveAll(facts, visit, plan, asked, context);
  },
});

function moveOne(facts: Facts, visit: Appointment, asked: Args, context: ActContext) {
  const move = decideMove(facts, visit, asked, context, { overrides: asked.overrides });
  if ('refusal' in move) return move.refusal;
  return done(
    move.changes,
    [move.event],
    move.heard ? messagesTo(facts.get('patient', visit.patientId), move.visit, 'moved', context) : [],
  );
}

interface Plan {
  /** Where each visit goes that moves. */
  moves: { visit: Appointment; to: Destination }[];
  /** The series from then on, and what is left of it before. */
  series: AppointmentSeries[];
  /** Visits that belong to the new series and stay where they are. */
  joining: Appointment[];
  seriesId: string;
}

/** Null where nothing of the rule is left to move: the visit moves alone. */
function planOf(facts: Facts, member: Member, asked: Args, context: ActContext): Plan | Refused | null {
  const { series, visit } = member;
  const cut = cutAt(series, asked.scope === 'following' ? visit.startsAt : series.startsAt);
  const [start] = cut?.rest ?? [];
  if (!cut || !start) return null;
  const timeZone = zoneOf(facts, asked.locationId);
  const regular = new Map(cut.rest.map((occurrence) => [occurrence.startsAt, occurrence]));
  const own = regular.get(visit.startsAt);
  const moved = moveSeries(
    ruleOfRest(cut),
    { startsAt: start.startsAt, timeZone: series.timeZone },
    {
      // A visit on a day whose clock skips its time still counts from the time that the others have.
      from: own
        ? { date: own.date, minutes: localTime(series.startsAt, series.timeZone).minutes }
        : localTime(visit.startsAt, series.timeZone),
      to: localTime(asked.startsAt, timeZone),
    },
    timeZone,
  );
  if ('problem' in moved) return refused([{ code: 'invalid', field: 'startsAt', message: moved.problem }]);
  const splits = cut.before.length > 0;
  if (splits && (asked.restId === null || facts.get('appointmentSeries', asked.restId))) {
    return refused([
      asked.restId === null
        ? { code: 'invalid', field: 'restId', message: 'The following visits need a series of their own' }
        : { code: 'exists', what: 'series', id: asked.restId },
    ]);
  }
  const seriesId = splits ? (asked.restId as string) : series.id;
  const moves: Plan['moves'] = [];
  const joining: Appointment[] = [];
  for (const other of reachedBy(facts, member, asked.scope, context.madeAt)) {
    if (!movableStatuses.includes(other.status)) continue;
    const occurrence = regular.get(other.startsAt);
    if (other.id === visit.id)
      moves.push({ visit: other, to: destinationOf(other, visit, asked, asked.startsAt) });
    else if (occurrence)
      moves.push({ visit: other, to: destinationOf(other, visit, asked, moved.startOf(occurrence)) });
    else if (splits) joining.push(other);
  }
  const record: AppointmentSeries = {
    ...series,
    doctorId: asked.doctorId,
    locationId: asked.locationId,
    rrule: formatRule(moved.rule),
    timeZone: moved.timeZone,
    startsAt: moved.startsAt,
  };
  return {
    moves,
    joining,
    seriesId,
    series: splits
      ? [
          endedBefore(series, cut),
          {
            ...record,
            id: seriesId,
            seq: 0,
            createdAt: context.now,
            durationMinutes: minutesBetween(visit.startsAt, visit.endsAt),
          },
        ]
      : [record],
  };
}

/** What the edit leaves as it is on the visit it was made on, it leaves on the others too. */
function destinationOf(
  other: Appointment,
  visit: Appointment,
  asked: Args,
  startsAt: Destination['startsAt'],
): Destination {
  return {
    doctorId: asked.doctorId === visit.doctorId ? other.doctorId : asked.doctorId,
    locationId: asked.locationId === visit.locationId ? other.locationId : asked.locationId,
    startsAt,
  };
}

function moveAll(facts: Facts, visit: Appointment, plan: Plan, asked: Args, context: ActContext) {
  const layer = facts.layer();
  // All are released before any is taken: where one moves to, another may still stand.
  for (const { visit: other } of plan.moves) layer.put('appointment', { ...other, deleted: true });
  const decision = takeAll(
    layer,
    plan.moves.map(({ visit: other, to }) => ({
      where: {
        ...to,
        appointmentTypeId: other.appointmentTypeId,
        durationMinutes: minutesBetween(other.startsAt, other.endsAt),
      },
      take: (facts: Facts) => {
        const move = decideMove(facts, other, to, context, { overrides: asked.overrides });
        return 'refusal' in move ? move.refusal : done(move.changes, [move.event]);
      },
    })),
    asked.overrides,
    context,
  );
  if (decision.kind === 'refused') return decision;
  const joined = joinedTo(plan.seriesId, plan.joining);
  const changes = decision.changes.map(
    (change): Change =>
      change.kind === 'appointment'
        ? { kind: 'appointment', record: { ...change.record, seriesId: plan.seriesId } }
        : change,
  );
  return done(
    [
      ...plan.series.map((record): Change => ({ kind: 'appointmentSeries', record })),
      ...changes,
      ...joined.changes,
    ],
    [...decision.events, ...joined.events],
    summaryTo(facts.get('patient', visit.patientId), plan.seriesId, visitsOf(changes), 'moved', context),
  );
}

function joinedTo(
  seriesId: string,
  visits: readonly Appointment[],
): { changes: Change[]; events: EventDraft[] } {
  return {
    changes: visits.map((visit) => ({ kind: 'appointment', record: { ...visit, seriesId } })),
    events: visits.map((visit) => ({
      appointmentId: visit.id,
      fromStatus: visit.status,
      toStatus: visit.status,
      changed: { seriesId: [visit.seriesId, seriesId] },
      reason: '',
    })),
  };
}

function zoneOf(facts: Facts, locationId: string): AppointmentSeries['timeZone'] {
  return facts.location(locationId)?.timeZone ?? facts.clinic.timeZone;
}

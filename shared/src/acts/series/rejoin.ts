import { z } from 'zod';
import type { Appointment } from '../../model/appointment';
import type { AppointmentSeries } from '../../model/appointment-series';
import { instantField, uuid } from '../../model/fields';
import type { Instant } from '../../time/instant';
import { type ActContext, defineAct, done, type EventDraft, overrides, type Refused, refused } from '../act';
import { rejoinName } from '../appointment/last-change';
import { type Destination, decideMove, staysAsItIs } from '../appointment/moving';
import { minutesBetween } from '../appointment/placing';
import type { Change, Facts } from '../facts';
import { forbidsAgenda } from '../permissions';
import { movableStatuses } from '../status-table';
import { visitsOf } from './book';
import { type Occurrence, occurrencesOfRule, untilEndOf } from './occurrences';
import { formatRule, parseRule, type Recurrence } from './rule';
import { summaryTo } from './summary';
import { takeAll } from './take-all';

const args = z.object({
  /** The series that stayed behind, and the one that its following visits became. */
  seriesId: uuid(),
  restId: uuid(),
  /** The visit that the edit was made on, and where it stood. */
  appointmentId: uuid(),
  startsAt: instantField(),
  doctorId: uuid(),
  locationId: uuid(),
  overrides: z.array(z.enum(overrides)).max(overrides.length).default([]),
});
type Args = z.infer<typeof args>;

/**
 * Takes back that the following visits of a series were moved: they go to the times at which the series goes on, and
 * are part of it again. What was moved alone, has begun or is off stays as it is, but belongs to the series too. All of
 * them or none.
 */
export const rejoinSeries = defineAct({
  name: rejoinName,
  version: 1,
  args,
  forbids: (actor, asked, facts) => {
    const lacking = forbidsAgenda(actor, asked.doctorId);
    if (lacking !== null) return lacking;
    for (const other of facts.visitsOfSeries(asked.restId)) {
      const theirs = forbidsAgenda(actor, other.doctorId);
      if (theirs !== null) return theirs;
    }
    return null;
  },
  needs: ({ seriesId, restId, appointmentId }) => ({
    appointment: [appointmentId],
    appointmentSeries: [seriesId, restId],
    ofSeries: [seriesId, restId],
  }),
  decide: (facts, asked, context) => {
    const series = facts.get('appointmentSeries', asked.seriesId);
    const rest = facts.get('appointmentSeries', asked.restId);
    if (!series) return refused([{ code: 'unknown', what: 'series', id: asked.seriesId }]);
    if (!rest) return refused([{ code: 'unknown', what: 'series', id: asked.restId }]);
    const joined = joinedSeries(series, rest);
    if ('kind' in joined) return joined;
    return moveBack(facts, { series, rest, ...joined }, asked, context);
  },
});

interface Joined {
  rrule: string;
  /** For each time of the rest, the time at which the series goes on. */
  back: ReadonlyMap<Instant, Instant>;
}

/** The series as if it had never been cut: its own rule, for as many visits as both have. */
function joinedSeries(series: AppointmentSeries, rest: AppointmentSeries): Joined | Refused {
  const own = parseRule(series.rrule);
  const theirs = parseRule(rest.rrule);
  if ('problem' in own || 'problem' in theirs || series.id === rest.id || series.patientId !== rest.patientId)
    return refused([cannotJoin]);
  const before = occurrencesOfRule(own.rule, series);
  const moved = occurrencesOfRule(theirs.rule, rest);
  const whole: Recurrence = { ...own.rule, ends: { count: before.length + moved.length } };
  const occurrences = occurrencesOfRule(whole, series);
  const last = occurrences.at(-1);
  const goesOn =
    last !== undefined &&
    occurrences.length === before.length + moved.length &&
    before.every(({ startsAt }, index) => occurrences[index]?.startsAt === startsAt);
  if (!goesOn) return refused([cannotJoin]);
  const ends = 'count' in own.rule.ends ? whole.ends : { until: untilEndOf(last.date, series.timeZone) };
  return {
    rrule: formatRule({ ...own.rule, ends }),
    back: new Map(
      moved.map(({ startsAt }, index) => [
        startsAt,
        (occurrences[before.length + index] as Occurrence).startsAt,
      ]),
    ),
  };
}

const cannotJoin = {
  code: 'invalid',
  field: 'restId',
  message:
    'The following visits are a series of their own now that no longer goes on from the earlier ones; move them back with “all that are ahead”',
} as const;

function moveBack(
  facts: Facts,
  { series, rest, rrule, back }: Joined & { series: AppointmentSeries; rest: AppointmentSeries },
  asked: Args,
  context: ActContext,
) {
  const moves: { visit: Appointment; to: Destination }[] = [];
  const staying: Appointment[] = [];
  for (const visit of [...facts.visitsOfSeries(rest.id)].sort((a, b) => a.startsAt - b.startsAt)) {
    const to = movableStatuses.includes(visit.status) ? whereBack(visit, series, rest, back, asked) : null;
    if (to && !staysAsItIs(visit, to)) moves.push({ visit, to });
    else staying.push(visit);
  }
  const layer = facts.layer();
  // All are released before any is taken: where one goes back to, another may still stand.
  for (const { visit } of moves) layer.put('appointment', { ...visit, deleted: true });
  const decision = takeAll(
    layer,
    moves.map(({ visit, to }) => ({
      where: {
        ...to,
        appointmentTypeId: visit.appointmentTypeId,
        durationMinutes: minutesBetween(visit.startsAt, visit.endsAt),
      },
      take: (below: Facts) => {
        const move = decideMove(below, visit, to, context, { overrides: asked.overrides });
        return 'refusal' in move ? move.refusal : done(move.changes, [{ ...move.event, reason: 'undo' }]);
      },
    })),
    asked.overrides,
    context,
  );
  if (decision.kind === 'refused') return decision;
  const visits = visitsOf(decision.changes);
  return done(
    [
      { kind: 'appointmentSeries', record: { ...series, rrule } },
      { kind: 'appointmentSeries', record: { ...rest, deleted: true } },
      ...decision.changes.map(
        (change): Change =>
          change.kind === 'appointment'
            ? { kind: 'appointment', record: { ...change.record, seriesId: series.id } }
            : change,
      ),
      ...staying.map((visit): Change => ({ kind: 'appointment', record: { ...visit, seriesId: series.id } })),
    ],
    [
      ...decision.events,
      ...staying.map(
        (visit): EventDraft => ({
          appointmentId: visit.id,
          fromStatus: visit.status,
          toStatus: visit.status,
          changed: { seriesId: [rest.id, series.id] },
          reason: '',
        }),
      ),
    ],
    summaryTo(facts.get('patient', series.patientId), series.id, visits, 'moved', context),
  );
}

/** Null for a visit that stands elsewhere than its series: it was moved alone, and keeps its time. */
function whereBack(
  visit: Appointment,
  series: AppointmentSeries,
  rest: AppointmentSeries,
  back: Joined['back'],
  asked: Args,
): Destination | null {
  if (visit.id === asked.appointmentId)
    return { doctorId: asked.doctorId, locationId: asked.locationId, startsAt: asked.startsAt };
  const startsAt = back.get(visit.startsAt);
  if (startsAt === undefined) return null;
  return {
    doctorId: visit.doctorId === rest.doctorId ? series.doctorId : visit.doctorId,
    locationId: visit.locationId === rest.locationId ? series.locationId : visit.locationId,
    startsAt,
  };
}

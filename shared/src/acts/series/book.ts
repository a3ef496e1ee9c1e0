import { z } from 'zod';
import type { Appointment } from '../../model/appointment';
import type { AppointmentSeries } from '../../model/appointment-series';
import { freeText, instantField, text, uuid } from '../../model/fields';
import { type ActContext, type Decision, defineAct, done, type Refused, refused } from '../act';
import { bookingArgs, decideBooking } from '../appointment/booking';
import { minutesBetween, missingOf } from '../appointment/placing';
import type { Change, Facts } from '../facts';
import { survivorOf } from '../patient/survivor';
import { forbidsAgenda } from '../permissions';
import { maxSeriesDays, type Occurrence, occurrencesOfRule } from './occurrences';
import { formatRule, maxOccurrences, parseRule, type Recurrence } from './rule';
import { summaryTo } from './summary';
import { takeAll } from './take-all';

const args = bookingArgs
  .pick({
    patientId: true,
    doctorId: true,
    locationId: true,
    appointmentTypeId: true,
    startsAt: true,
    durationMinutes: true,
    overrides: true,
    request: true,
  })
  .extend({
    seriesId: uuid(),
    /** One for each time of the rule, in its order, those that are skipped included: skipping renames no visit. */
    appointmentIds: z.array(uuid()).min(1).max(maxOccurrences),
    notes: freeText(1000),
    rrule: text(500),
    /** Times of the rule that are left out on purpose. */
    skip: z.array(instantField()).max(maxOccurrences).default([]),
  });
type Args = z.infer<typeof args>;

/**
 * Books every time of a rule, or none. The refusal names each time that cannot be; the same request with those skipped
 * books the others. The first visit is on a day of the rule.
 */
export const bookSeries = defineAct({
  name: 'series.book',
  version: 1,
  args,
  forbids: (actor, { doctorId }) => forbidsAgenda(actor, doctorId),
  needs: ({ seriesId, appointmentIds, patientId }) => ({
    appointmentSeries: [seriesId],
    appointment: appointmentIds,
    patient: [patientId],
  }),
  decide: (facts, booking, context) => {
    if (facts.get('appointmentSeries', booking.seriesId))
      return refused([{ code: 'exists', what: 'series', id: booking.seriesId }]);
    for (const id of booking.appointmentIds)
      if (facts.get('appointment', id)) return refused([{ code: 'exists', what: 'visit', id }]);
    const patient = survivorOf(facts, booking.patientId);
    if (!patient) return refused([{ code: 'unknown', what: 'patient', id: booking.patientId }]);
    const missing = missingOf(facts, booking);
    if (missing) return missing;
    const plan = planOf(facts, booking);
    if ('kind' in plan) return plan;
    return decideSeries(facts, { ...booking, patientId: patient.id }, plan, context);
  },
});

interface Plan {
  rule: Recurrence;
  occurrences: Occurrence[];
}

/** The times, or what is wrong with the rule. */
function planOf(facts: Facts, { rrule, startsAt, locationId, appointmentIds, skip }: Args): Plan | Refused {
  const parsed = parseRule(rrule);
  if ('problem' in parsed) return invalid('rrule', parsed.problem);
  const { rule } = parsed;
  const timeZone = facts.location(locationId)?.timeZone ?? facts.clinic.timeZone;
  const occurrences = occurrencesOfRule(rule, { startsAt, timeZone }, maxOccurrences + 1);
  if (occurrences.length > maxOccurrences)
    return invalid('rrule', `A series has at most ${maxOccurrences} visits`);
  if ('count' in rule.ends && occurrences.length < rule.ends.count)
    return invalid('rrule', `A series ends within ${Math.floor(maxSeriesDays / 365)} years`);
  if (occurrences[0]?.startsAt !== startsAt)
    return invalid('startsAt', 'The first visit is not on a day of the repetition');
  if (appointmentIds.length !== occurrences.length)
    return invalid('appointmentIds', `The repetition has ${occurrences.length} visits`);
  if (new Set(appointmentIds).size < appointmentIds.length)
    return invalid('appointmentIds', 'Two visits have the same id');
  if (skip.some((at) => !occurrences.some((occurrence) => occurrence.startsAt === at)))
    return invalid('skip', 'A skipped time is not one of the series');
  if (occurrences.every((occurrence) => skip.includes(occurrence.startsAt)))
    return invalid('skip', 'Every visit of the series is skipped');
  return { rule, occurrences };
}

function decideSeries(
  facts: Facts,
  booking: Args,
  { rule, occurrences }: Plan,
  context: ActContext,
): Decision {
  const { seriesId, appointmentIds, skip, rrule: _rrule, startsAt, ...each } = booking;
  const { doctorId, locationId, appointmentTypeId, patientId, notes, durationMinutes, overrides } = each;
  const takings = occurrences.flatMap((occurrence, i) =>
    skip.includes(occurrence.startsAt)
      ? []
      : [
          {
            where: {
              doctorId,
              locationId,
              appointmentTypeId,
              startsAt: occurrence.startsAt,
              ...(durationMinutes === null ? {} : { durationMinutes }),
            },
            take: (layer: Facts) =>
              decideBooking(
                layer,
                {
                  ...each,
                  appointmentId: appointmentIds[i] as string,
                  startsAt: occurrence.startsAt,
                  seriesId,
                },
                context,
              ),
          },
        ],
  );
  const decision = takeAll(facts.layer(), takings, overrides, context);
  if (decision.kind === 'refused') return decision;
  const visits = visitsOf(decision.changes);
  const [first] = visits;
  if (!first) throw new Error('Broken invariant: a series without visits was booked');
  const series: AppointmentSeries = {
    id: seriesId,
    clinicId: context.clinicId,
    seq: 0,
    deleted: false,
    doctorId,
    locationId,
    appointmentTypeId,
    patientId,
    rrule: formatRule(rule),
    timeZone: facts.location(locationId)?.timeZone ?? facts.clinic.timeZone,
    startsAt,
    durationMinutes: minutesBetween(first.startsAt, first.endsAt),
    notes,
    createdAt: context.now,
  };
  return done(
    [{ kind: 'appointmentSeries', record: series }, ...decision.changes],
    decision.events,
    summaryTo(
      facts.get('patient', patientId),
      seriesId,
      visits,
      first.status === 'booked' ? 'booked' : 'requested',
      context,
    ),
  );
}

export function visitsOf(changes: readonly Change[]): Appointment[] {
  return changes.flatMap((change) => (change.kind === 'appointment' ? [change.record] : []));
}

function invalid(field: string, message: string): Refused {
  return refused([{ code: 'invalid', field, message }]);
}

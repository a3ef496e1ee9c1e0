import { z } from 'zod';
import { type Appointment, holdsSlot } from '../../model/appointment';
import { uuid } from '../../model/fields';
import { plusMinutes } from '../../time/instant';
import { localDate } from '../../time/zone';
import { defineAct, overrides, type RefusalReason, refused } from '../act';
import type { Facts } from '../facts';
import { forbidsAgenda } from '../permissions';
import { movableStatuses } from '../status-table';
import { decideMoves } from './moving-together';
import { minutesBetween } from './placing';

/**
 * Two neighbours of one doctor and day exchange places. Each keeps its length: the later one begins where the pair
 * began, the earlier one ends where the pair ended, and the time between them stays between them.
 */
export const swapAppointments = defineAct({
  name: 'appointment.swap',
  version: 1,
  args: z.object({
    firstId: uuid(),
    secondId: uuid(),
    overrides: z.array(z.enum(overrides)).max(overrides.length).default([]),
  }),
  forbids: (actor, args, facts) =>
    forbidsAgenda(actor, facts.get('appointment', args.firstId)?.doctorId) ??
    forbidsAgenda(actor, facts.get('appointment', args.secondId)?.doctorId),
  needs: (args) => ({ appointment: [args.firstId, args.secondId] }),
  decide: (facts, args, context) => {
    const visits: Appointment[] = [];
    for (const id of [args.firstId, args.secondId]) {
      const visit = facts.get('appointment', id);
      if (!visit) return refused([{ code: 'unknown', what: 'visit', id }]);
      if (!movableStatuses.includes(visit.status) || !holdsSlot(visit.status))
        return refused([{ code: 'status', from: visit.status, to: visit.status }]);
      visits.push(visit);
    }
    const [earlier, later] = visits.sort((a, b) => a.startsAt - b.startsAt) as [Appointment, Appointment];
    const problem = neighbourProblem(facts, earlier, later);
    if (problem) return refused([problem]);
    const length = minutesBetween(earlier.startsAt, earlier.endsAt);
    return decideMoves(
      facts,
      [
        { visit: later, startsAt: earlier.startsAt },
        { visit: earlier, startsAt: plusMinutes(later.endsAt, -length) },
      ],
      context,
      { overrides: args.overrides },
    );
  },
});

function neighbourProblem(facts: Facts, earlier: Appointment, later: Appointment): RefusalReason | null {
  const no = (message: string): RefusalReason => ({ code: 'invalid', field: 'secondId', message });
  if (earlier.id === later.id) return no('Choose two visits');
  if (earlier.doctorId !== later.doctorId || earlier.locationId !== later.locationId)
    return no('Only visits of one doctor at one place change places; move them one by one instead');
  const zone = facts.location(earlier.locationId)?.timeZone ?? facts.clinic.timeZone;
  if (localDate(earlier.startsAt, zone) !== localDate(later.startsAt, zone))
    return no('Only visits of one day change places; move them one by one instead');
  if (later.startsAt < earlier.endsAt) return no('These two are at the same time; move one of them instead');
  const between = facts
    .appointmentsOfDoctor(earlier.doctorId, earlier.startsAt, later.endsAt)
    .some(
      (visit) =>
        visit.id !== earlier.id &&
        visit.id !== later.id &&
        holdsSlot(visit.status) &&
        visit.startsAt < later.endsAt &&
        visit.endsAt > earlier.startsAt,
    );
  return between ? no('There is another visit between these two; shift the visits instead') : null;
}

import { z } from 'zod';
import { type Appointment, holdsSlot } from '../../model/appointment';
import { integer, uuid } from '../../model/fields';
import { plusMinutes } from '../../time/instant';
import { defineAct, overrides, type RefusalReason, refused } from '../act';
import { forbidsAgenda } from '../permissions';
import { movableStatuses } from '../status-table';
import { decideMoves } from './moving-together';
import { forbidsOverbooking, overbook } from './over-visits';

/** One commit moves no more. */
const mostAtOnce = 200;

/**
 * Moves a range of one doctor's visits by the same minutes, all or none: the doctor comes an hour later. Starts off the
 * grid count, since what was in order stays in order.
 */
export const shiftAppointments = defineAct({
  name: 'appointment.shift',
  version: 1,
  args: z.object({
    appointmentIds: z.array(uuid()).min(1).max(mostAtOnce),
    minutes: integer(-1440, 1440).refine((minutes) => minutes !== 0, 'Say by how many minutes'),
    overrides: z.array(z.enum(overrides)).max(overrides.length).default([]),
    /** For those that need it where they come to stand; without it what was overbooked has to fit there. */
    overbook: overbook.nullable().default(null),
  }),
  forbids: (actor, args, facts) => {
    for (const id of args.appointmentIds) {
      const lacking = forbidsAgenda(actor, facts.get('appointment', id)?.doctorId);
      if (lacking !== null) return lacking;
    }
    return args.overbook ? forbidsOverbooking(actor) : null;
  },
  needs: (args) => ({ appointment: args.appointmentIds }),
  decide: (facts, { appointmentIds, minutes, overrides, overbook }, context) => {
    const visits: Appointment[] = [];
    const problems: RefusalReason[] = [];
    for (const id of new Set(appointmentIds)) {
      const visit = facts.get('appointment', id);
      if (!visit) problems.push({ code: 'unknown', what: 'visit', id });
      else if (!movableStatuses.includes(visit.status) || !holdsSlot(visit.status))
        problems.push({ code: 'status', from: visit.status, to: visit.status });
      else visits.push(visit);
    }
    if (new Set(visits.map((visit) => visit.doctorId)).size > 1)
      problems.push({
        code: 'invalid',
        field: 'appointmentIds',
        message: 'Shift the visits of one doctor at a time',
      });
    if (problems.length > 0) return refused(problems);
    visits.sort((a, b) => a.startsAt - b.startsAt || a.seat - b.seat);
    return decideMoves(
      facts,
      visits.map((visit) => ({ visit, startsAt: plusMinutes(visit.startsAt, minutes) })),
      context,
      { overrides, overbook },
    );
  },
});

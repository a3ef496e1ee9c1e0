/** What can be done to a visit from anywhere: performs the act, says what happened, offers to take it back. */

import { describeRefusal } from '@medic/shared/acts/refusal-words';
import type { ActArgs, ActName } from '@medic/shared/acts/registry';
import type { Appointment } from '@medic/shared/model/appointment';
import { localTime } from '@medic/shared/time/zone';
import { useMemo } from 'react';
import { type VisitActs, visitActs } from '../features/visit/visit-acts';
import type { Desk } from '../replica/desk';
import { useDesk } from '../replica/hooks';
import { announce } from '../ui/announcer';
import { shortDay } from '../ui/date-words';
import { shortName } from '../ui/person-name';
import { useDialogs } from './dialogs';

export interface VisitActions extends VisitActs {
  block: (args: ActArgs<'time.block'>) => void;
  unblock: (exceptionId: string) => void;
  booked: (id: string) => void;
  bookedSeries: (seriesId: string, appointmentIds: readonly string[]) => void;
}

export function useVisitActions(): VisitActions {
  const desk = useDesk();
  return useMemo(() => deskActions(desk), [desk]);
}

function deskActions(desk: Desk): VisitActions {
  const nameOf = (id: string): string => {
    const visit = desk.facts.get('appointment', id);
    const patient = visit && desk.facts.get('patient', visit.patientId);
    return patient ? shortName(patient) : 'the visit';
  };
  const clock = (visit: Pick<Appointment, 'startsAt' | 'locationId'>): string => {
    const zone = desk.facts.location(visit.locationId)?.timeZone ?? desk.facts.clinic.timeZone;
    const local = localTime(visit.startsAt, zone);
    return `${shortDay(local.date)} ${local.time}`;
  };

  async function run<N extends ActName>(
    act: N,
    args: ActArgs<N>,
    said: string,
    undo?: () => void,
  ): Promise<boolean> {
    const result = await desk.perform(act, args);
    if (result.kind === 'done') {
      announce(said, { undo });
      return true;
    }
    const names = { patientName: (patientId: string) => nameOfPatient(desk, patientId) };
    const details = result.reasons.map((reason) => describeRefusal(reason, names));
    announce(`Not done: ${details.join(' · ') || 'it isn’t possible now'}`, { tone: 'refused', details });
    return false;
  }

  const unblock = (exceptionId: string): void => {
    const block = desk.facts.get('availabilityException', exceptionId);
    if (!block) return;
    const { doctorId, locationId, date, startsAt, endsAt, reason } = block;
    const again =
      doctorId && locationId
        ? () =>
            void run(
              'time.block',
              { exceptionId: desk.newId(), doctorId, locationId, date, startsAt, endsAt, reason },
              'Blocked again',
            )
        : undefined;
    void run('time.unblock', { exceptionId }, `Free again: ${reason || 'the blocked time'}`, again);
  };

  return {
    ...visitActs(desk, (of) => useDialogs.getState().open({ kind: 'visit', of })),
    block: (args) => {
      const when = args.startsAt === null ? 'the whole day' : `${args.startsAt}–${args.endsAt}`;
      void run(
        'time.block',
        args,
        `Blocked ${when}`,
        () => void run('time.unblock', { exceptionId: args.exceptionId }, 'Free again'),
      );
    },
    unblock,
    bookedSeries: (seriesId, appointmentIds) => {
      const [first = ''] = appointmentIds;
      announce(`Booked ${appointmentIds.length} visits for ${nameOf(first)}`, {
        undo: () =>
          void run(
            'series.cancel',
            { seriesId, appointmentId: first, scope: 'all', reason: 'Booked by mistake' },
            `Taken back: ${appointmentIds.length} visits of ${nameOf(first)}`,
          ),
      });
    },
    booked: (id) => {
      const visit = desk.facts.get('appointment', id);
      const verb = visit ? bookedVerbs[visit.status] : undefined;
      announce(visit ? `${verb ?? 'Booked'} ${nameOf(id)}, ${clock(visit)}` : 'Booked', {
        undo: () =>
          void run(
            'appointment.cancel',
            { appointmentId: id, reason: 'Booked by mistake' },
            `Taken back: ${nameOf(id)}`,
          ),
      });
    },
  };
}

/** What came of booking, where it is not a booking yet. */
const bookedVerbs: Partial<Record<Appointment['status'], string>> = {
  pending: 'To answer by the doctor:',
  proposed: 'Suggested, not held:',
};

function nameOfPatient(desk: Desk, patientId: string): string | undefined {
  const patient = desk.facts.get('patient', patientId);
  return patient ? shortName(patient) : undefined;
}

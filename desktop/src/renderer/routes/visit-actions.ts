/** What can be done to a visit from anywhere: performs the act, says what happened, offers to take it back. */

import { describeRefusal } from '@medic/shared/acts/refusal-words';
import type { ActArgs, ActName } from '@medic/shared/acts/registry';
import type { Appointment } from '@medic/shared/model/appointment';
import type { Instant } from '@medic/shared/time/instant';
import { localTime } from '@medic/shared/time/zone';
import { useMemo } from 'react';
import type { Desk } from '../replica/desk';
import { useDesk } from '../replica/hooks';
import { announce } from '../ui/announcer';
import { shortDay } from '../ui/date-words';
import { doctorName, shortName } from '../ui/person-name';

export interface VisitPlace {
  doctorId: string;
  locationId: string;
  startsAt: Instant;
}

export interface VisitActions {
  arrive: (id: string) => void;
  start: (id: string) => void;
  complete: (id: string) => void;
  noshow: (id: string) => void;
  undoStatus: (id: string) => void;
  move: (id: string, where: VisitPlace) => void;
  cancel: (id: string, reason: string) => void;
  block: (args: ActArgs<'time.block'>) => void;
  unblock: (exceptionId: string) => void;
  booked: (id: string) => void;
}

export function useVisitActions(): VisitActions {
  const desk = useDesk();
  return useMemo(() => visitActions(desk), [desk]);
}

export function visitActions(desk: Desk): VisitActions {
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

  const status =
    (
      act: 'appointment.arrive' | 'appointment.start' | 'appointment.complete' | 'appointment.noshow',
      words: string,
    ) =>
    (id: string) => {
      void run(
        act,
        { appointmentId: id },
        `${nameOf(id)} ${words}`,
        () => void run('appointment.undo', { appointmentId: id }, `Taken back: ${nameOf(id)} ${words}`),
      );
    };

  const move = (id: string, where: VisitPlace): void => {
    const visit = desk.facts.get('appointment', id);
    if (!visit) return;
    const doctor = desk.facts.doctor(where.doctorId);
    const before: VisitPlace = {
      doctorId: visit.doctorId,
      locationId: visit.locationId,
      startsAt: visit.startsAt,
    };
    const withDoctor = where.doctorId === visit.doctorId || !doctor ? '' : `, ${doctorName(doctor)}`;
    void run(
      'appointment.reschedule',
      { appointmentId: id, ...where, durationMinutes: null },
      `Moved ${nameOf(id)} to ${clock(where)}${withDoctor}`,
      () =>
        void run(
          'appointment.reschedule',
          { appointmentId: id, ...before, durationMinutes: null },
          `Put ${nameOf(id)} back to ${clock(before)}`,
        ),
    );
  };

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
    arrive: status('appointment.arrive', 'arrived'),
    start: status('appointment.start', 'is in the room'),
    complete: status('appointment.complete', 'is finished'),
    noshow: status('appointment.noshow', 'did not come'),
    undoStatus: (id) =>
      void run('appointment.undo', { appointmentId: id }, `Taken back the last change of ${nameOf(id)}`),
    move,
    cancel: (id, reason) =>
      void run(
        'appointment.cancel',
        { appointmentId: id, reason },
        `Cancelled ${nameOf(id)}`,
        () => void run('appointment.undo', { appointmentId: id }, `Booked again: ${nameOf(id)}`),
      ),
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
    booked: (id) => {
      const visit = desk.facts.get('appointment', id);
      announce(visit ? `Booked ${nameOf(id)}, ${clock(visit)}` : 'Booked', {
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

function nameOfPatient(desk: Desk, patientId: string): string | undefined {
  const patient = desk.facts.get('patient', patientId);
  return patient ? shortName(patient) : undefined;
}

/** Where visits stand: moved alone, with their series, over others, past each other, or several at once. */
import type { Override } from '@medic/shared/acts/act';
import type { ActArgs } from '@medic/shared/acts/registry';
import type { SeriesScope } from '@medic/shared/acts/series/members';
import type { Slot } from '@medic/shared/availability/query';
import type { Appointment } from '@medic/shared/model/appointment';
import type { Desk } from '../../replica/desk';
import { doctorName } from '../../ui/person-name';
import type { Performer } from './performer';
import type { VisitDialogOf, VisitPlace } from './visit-dialog-of';
import { nameOf, timeWords } from './visit-words';

export interface MoveActs {
  /** Asks first, where the visit is one of a series, how many of them move. */
  move: (id: string, where: VisitPlace, overrides?: readonly Override[]) => void;
  moveAlone: (id: string, where: VisitPlace, overrides?: readonly Override[]) => void;
  moveSeries: (
    id: string,
    where: VisitPlace,
    scope: Exclude<SeriesScope, 'this'>,
    overrides?: readonly Override[],
  ) => void;
  /** Opens the dialog that asks for the reason. */
  askOverbook: (id: string, where: VisitPlace) => void;
  overbook: (id: string, where: VisitPlace, reason: string, room: boolean) => void;
  swap: (firstId: string, secondId: string, overrides?: readonly Override[]) => void;
  shift: (args: ActArgs<'appointment.shift'>) => Promise<boolean>;
}

export function moveActs(
  desk: Desk,
  { run, takeBack, takeBackTogether }: Performer,
  open: (of: VisitDialogOf) => void,
): MoveActs {
  const name = (id: string) => nameOf(desk.facts, id);

  const movedWords = (visit: Appointment, where: VisitPlace): string => {
    const doctor = desk.facts.doctor(where.doctorId);
    const type =
      where.appointmentTypeId && where.appointmentTypeId !== visit.appointmentTypeId
        ? desk.facts.appointmentType(where.appointmentTypeId)
        : undefined;
    return [
      `Moved ${name(visit.id)} to ${timeWords(desk.facts, where.startsAt, where.locationId)}`,
      where.doctorId !== visit.doctorId && doctor && doctorName(doctor),
      where.locationId !== visit.locationId && desk.facts.location(where.locationId)?.name,
      type?.name,
    ]
      .filter(Boolean)
      .join(', ');
  };

  const moveAlone = (id: string, where: VisitPlace, overrides: readonly Override[] = []): void => {
    const visit = desk.facts.get('appointment', id);
    if (!visit) return;
    const wasOver = visit.overbooked || visit.roomOverbooked;
    void run(
      'appointment.reschedule',
      {
        appointmentId: id,
        doctorId: where.doctorId,
        locationId: where.locationId,
        startsAt: where.startsAt,
        appointmentTypeId: where.appointmentTypeId ?? null,
        durationMinutes: null,
        overrides: [...overrides],
      },
      {
        said: `${movedWords(visit, where)}${wasOver ? '. No longer overbooked' : ''}`,
        undo: takeBack(
          id,
          `Put ${name(id)} back to ${timeWords(desk.facts, visit.startsAt, visit.locationId)}`,
        ),
        refused: `${name(id)} stays at ${timeWords(desk.facts, visit.startsAt, visit.locationId)}`,
        again: (warned) => moveAlone(id, where, [...overrides, ...warned]),
        take: (slot) => moveAlone(id, { ...where, ...placeOf(slot) }),
        overbook: () => open({ kind: 'overbook', appointmentId: id, where }),
      },
    );
  };

  const move = (id: string, where: VisitPlace, overrides: readonly Override[] = []): void => {
    const visit = desk.facts.get('appointment', id);
    if (!visit) return;
    const hasOthers =
      visit.seriesId !== null && desk.facts.visitsOfSeries(visit.seriesId).some((other) => other.id !== id);
    // Another type is for this visit alone: a series is of one type.
    if (hasOthers && (where.appointmentTypeId ?? visit.appointmentTypeId) === visit.appointmentTypeId)
      open({ kind: 'series-move', appointmentId: id, where, overrides });
    else moveAlone(id, where, overrides);
  };

  const moveSeries: MoveActs['moveSeries'] = (id, where, scope, overrides = []) => {
    const visit = desk.facts.get('appointment', id);
    if (!visit?.seriesId) return;
    const { seriesId, doctorId, locationId, startsAt } = visit;
    const words = scope === 'following' ? 'this and the following visits' : 'all visits ahead';
    void run(
      'series.reschedule',
      {
        seriesId,
        appointmentId: id,
        scope,
        startsAt: where.startsAt,
        doctorId: where.doctorId,
        locationId: where.locationId,
        restId: desk.newId(),
        overrides: [...overrides],
      },
      {
        said: `${movedWords(visit, where)}: ${words}`,
        undo: () => {
          const now = desk.facts.get('appointment', id);
          if (!now?.seriesId) return;
          if (now.seriesId !== seriesId) {
            // Those that moved are a series of their own now: they go back, and into the one that they came from.
            void run(
              'series.rejoin',
              {
                seriesId,
                restId: now.seriesId,
                appointmentId: id,
                startsAt,
                doctorId,
                locationId,
                overrides: ['same-patient'],
              },
              { said: `Put ${words} of ${name(id)} back into their series` },
            );
            return;
          }
          void run(
            'series.reschedule',
            {
              seriesId: now.seriesId,
              appointmentId: id,
              scope: 'all',
              startsAt,
              doctorId,
              locationId,
              restId: desk.newId(),
              overrides: ['same-patient'],
            },
            { said: `Put ${words} of ${name(id)} back` },
          );
        },
        refused: `The series of ${name(id)} stays where it is`,
        again: (warned) => moveSeries(id, where, scope, [...overrides, ...warned]),
      },
    );
  };

  const swap = (firstId: string, secondId: string, overrides: readonly Override[] = []): void => {
    const names = `${name(firstId)} and ${name(secondId)}`;
    void run(
      'appointment.swap',
      { firstId, secondId, overrides: [...overrides] },
      {
        said: `Swapped ${names}`,
        undo: takeBackTogether([firstId, secondId], `Swapped back ${names}`),
        refused: `${names} stay where they are`,
        again: (warned) => swap(firstId, secondId, [...overrides, ...warned]),
      },
    );
  };

  return {
    move,
    moveAlone,
    moveSeries,
    askOverbook: (appointmentId, where) => open({ kind: 'overbook', appointmentId, where }),
    overbook: (id, where, reason, room) => {
      const visit = desk.facts.get('appointment', id);
      if (!visit) return;
      void run(
        'appointment.reschedule',
        {
          appointmentId: id,
          doctorId: where.doctorId,
          locationId: where.locationId,
          startsAt: where.startsAt,
          appointmentTypeId: where.appointmentTypeId ?? null,
          durationMinutes: null,
          // Whoever gives a reason for going over others knows of a hold and of the patient's own visit.
          overrides: ['hold', 'same-patient'],
          overbook: { reason, room },
        },
        {
          said: `${movedWords(visit, where)}, overbooked`,
          undo: takeBack(
            id,
            `Put ${name(id)} back to ${timeWords(desk.facts, visit.startsAt, visit.locationId)}`,
          ),
          refused: `${name(id)} stays at ${timeWords(desk.facts, visit.startsAt, visit.locationId)}`,
          take: (slot) => moveAlone(id, { ...where, ...placeOf(slot) }),
        },
      );
    },
    swap,
    shift: (args) => {
      const count = `${args.appointmentIds.length} ${args.appointmentIds.length === 1 ? 'visit' : 'visits'}`;
      const way = args.minutes > 0 ? 'later' : 'earlier';
      return run('appointment.shift', args, {
        said: `Moved ${count} ${Math.abs(args.minutes)} min ${way}`,
        undo: takeBackTogether(args.appointmentIds, `Put ${count} back`),
      });
    },
  };
}

function placeOf({ doctorId, locationId, startsAt }: Slot): VisitPlace {
  return { doctorId, locationId, startsAt };
}

/** Whether a visit can stand somewhere: asked of the engine while a card is moved, by day grid and week alike. */
import { overHolds } from '@medic/shared/acts/appointment/over-holds';
import type { Facts } from '@medic/shared/acts/facts';
import { movableStatuses } from '@medic/shared/acts/status-table';
import { findSlots } from '@medic/shared/availability/find-slots';
import { nearestSlots } from '@medic/shared/availability/nearest-slots';
import { placeVisit } from '@medic/shared/availability/place-visit';
import type { PlacementRequest, Slot } from '@medic/shared/availability/query';
import type { Reason, ReasonCode } from '@medic/shared/availability/reason';
import type { Instant, PlainDate } from '@medic/shared/time/instant';
import { addDays } from '@medic/shared/time/plain-date';
import { type AgendaColumn, fitOneAfterAnother } from './day-model';
import type { VisitView } from './visit-view';

export interface Where {
  doctorId: string;
  locationId: string;
  startsAt: Instant;
}

/** One visit of one patient that has not begun. A group moves seat by seat, not as a card. */
export function isMovable(facts: Facts, view: VisitView): boolean {
  const id = view.visitIds[0];
  const visit = id === undefined ? undefined : facts.get('appointment', id);
  return view.visitIds.length === 1 && visit !== undefined && movableStatuses.includes(visit.status);
}

export function placementOf(view: VisitView, where: Where, now: Instant): PlacementRequest {
  return {
    ...where,
    appointmentTypeId: view.appointmentTypeId,
    durationMinutes: Math.round((view.endsAt - view.startsAt) / 60_000),
    channel: 'desk',
    now,
    ignoreAppointmentId: view.visitIds[0],
  };
}

export function reasonsAgainst(facts: Facts, view: VisitView, where: Where, now: Instant): readonly Reason[] {
  return placeVisit(facts, placementOf(view, where, now)).reasons;
}

/** True where nothing but visitors' holds is in the way. */
export function goesOverHolds(facts: Facts, view: VisitView, where: Where, now: Instant): boolean {
  return overHolds(facts, placementOf(view, where, now)) !== null;
}

/** What no reason overcomes: it is over, or nobody or nothing is there for it. */
const notOverbookable: readonly ReasonCode[] = ['past', 'inactive', 'not-offered', 'no-room'];

export function canOverbook(reasons: readonly Reason[]): boolean {
  return reasons.length > 0 && !reasons.some(({ code }) => notOverbookable.includes(code));
}

/** The nearest free times; the one that it has, which moving it would free, is none of them. */
export function nearestFor(facts: Facts, view: VisitView, where: Where, now: Instant): Slot[] {
  return nearestSlots(facts, placementOf(view, where, now), { count: 4, withinDays: 21 })
    .filter((slot) => slot.startsAt !== view.startsAt || slot.doctorId !== view.doctorId)
    .slice(0, 3);
}

/** The starts of a column's day at which the visit fits; its own place is one of them. */
export function fitsIn(
  facts: Facts,
  view: VisitView,
  column: AgendaColumn,
  date: PlainDate,
  now: Instant,
): Slot[] {
  return findSlots(facts, {
    doctorIds: [column.doctor.id],
    appointmentTypeId: view.appointmentTypeId,
    locationId: column.location.id,
    from: date,
    until: addDays(date, 2),
    channel: 'desk',
    now,
    ignoreAppointmentId: view.visitIds[0],
  }).filter((slot) => slot.startsAt !== view.startsAt || column.doctor.id !== view.doctorId);
}

export function outlined(slots: readonly Slot[]): Slot[] {
  return fitOneAfterAnother(slots);
}

/** Why no time of a column can take the type, in two words; null when some may. */
export function columnRefusal(facts: Facts, view: VisitView, column: AgendaColumn): string | null {
  if (column.timeOff && column.freeCount === null) return 'Time off';
  const type = facts.appointmentType(view.appointmentTypeId);
  const offered = type?.places.some(
    (place) =>
      place.locationId === column.location.id &&
      (place.doctorId === null || place.doctorId === column.doctor.id),
  );
  return offered ? null : 'Not offered';
}

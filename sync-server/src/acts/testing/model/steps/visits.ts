import type { ActArgs, ActName } from '@medic/shared/acts/registry';
import { idOf } from '@medic/shared/testing/builders';
import type { Visit } from '../plain/clinic';
import * as plain from '../plain/visits';
import { typedBy } from './people';
import {
  type Maker,
  type Making,
  patientId,
  pick,
  pickLate,
  type Request,
  requested,
  roomId,
  slotArgs,
} from './step';

/** What is not named is done with any. */
const meantFor: Readonly<Partial<Record<ActName, readonly Visit['status'][]>>> = {
  'appointment.accept': ['proposed', 'pending'],
  'appointment.decline': ['proposed', 'pending'],
  'appointment.confirm': ['booked'],
  'appointment.arrive': ['booked', 'noshow'],
  'appointment.start': ['booked', 'arrived'],
  'appointment.complete': ['arrived', 'checked-in'],
  'appointment.noshow': ['booked', 'arrived'],
};

/** Mostly what this person may touch, and what the act is for. */
function likelyVisits({ step: { act, b, who: by }, who, clinic: { visits } }: Making): readonly Visit[] {
  if ((b + by) % 6 === 0) return visits;
  const own = visits.filter(
    (visit) =>
      (who.patient === null || visit.patient === who.patient) &&
      (who.doctor === null || visit.doctor === who.doctor),
  );
  const meant = meantFor[act] ?? [];
  const open = own.filter(
    ({ status }) =>
      meant.length === 0 || (meant.includes(status) && (status !== 'pending' || who.kind === 'staff')),
  );
  return [open, own].find((each) => each.length > 0) ?? visits;
}

export function visitNumberOf(making: Making): number {
  return pickLate(likelyVisits(making), making.step.a);
}

/** A new one's; now and then one that is there already. */
function newVisitOf(making: Making): number {
  const known = visitNumberOf(making);
  return making.step.a % 30 === 0 && making.clinic.visit(known) ? known : making.ids.visit++;
}

function bookingOf(making: Making): { id: number; args: ActArgs<'appointment.propose'> } {
  const { wish, patient, overrides } = making;
  const id = newVisitOf(making);
  return {
    id,
    args: {
      ...slotArgs(wish),
      appointmentId: idOf('appointment', id),
      patientId: patientId(patient),
      durationMinutes: wish.minutes ?? null,
      roomId: roomId(wish.room),
      notes: '',
      overrides,
    },
  };
}

/** What needs nothing but the visit's id. */
function ofVisit<N extends ActName>(
  act: N,
  plainly: (making: Making, id: number) => Request['plainly'],
): Maker {
  return (making) => {
    const id = visitNumberOf(making);
    return requested(
      act,
      making.actor,
      { appointmentId: idOf('appointment', id) } as ActArgs<N>,
      plainly(making, id),
    );
  };
}

function withReason<N extends ActName>(
  act: N,
  reason: string,
  plainly: (making: Making, id: number) => Request['plainly'],
): Maker {
  return (making) => {
    const id = visitNumberOf(making);
    const args = { appointmentId: idOf('appointment', id), reason } as ActArgs<N>;
    return requested(act, making.actor, args, plainly(making, id));
  };
}

export const visitSteps = {
  'appointment.book': (making) => {
    const { who, actor, patient, wish, extras, step } = making;
    const { id, args } = bookingOf(making);
    const request = step.b % 5 === 0;
    return requested('appointment.book', actor, { ...args, request }, (clinic) =>
      plain.book(clinic, who, id, patient, wish, request ? 'request' : 'book', extras),
    );
  },
  'appointment.propose': (making) => {
    const { who, actor, patient, wish, extras } = making;
    const { id, args } = bookingOf(making);
    return requested('appointment.propose', actor, args, (clinic) =>
      plain.book(clinic, who, id, patient, wish, 'propose', extras),
    );
  },
  'appointment.overbook': (making) => {
    const { who, actor, patient, wish, extras, step } = making;
    const { id, args } = bookingOf(making);
    const room = step.b % 2 === 0;
    return requested('appointment.overbook', actor, { ...args, reason: 'In pain', room }, (clinic) =>
      plain.book(clinic, who, id, patient, wish, 'overbook', { ...extras, overbook: { room } }),
    );
  },
  'appointment.book-online': (making) => {
    const { who, actor, patient, wish, clinic, step } = making;
    // Over what the visitor holds, now and then.
    const hold = step.c % 3 === 0 ? undefined : clinic.holds.find((each) => each.holder === who.holder);
    const asked = hold
      ? { doctor: hold.doctor, kind: hold.kind, place: hold.place, start: hold.start }
      : { ...wish, minutes: null, room: null };
    const whose = step.a % 3 === 0 ? clinic.patients.length : patient;
    const id = newVisitOf(making);
    const { notes: _, ...typed } = typedBy(step);
    return requested(
      'appointment.book-online',
      actor,
      {
        ...slotArgs(asked),
        appointmentId: idOf('appointment', id),
        patientId: patientId(whose),
        notes: '',
        patient: typed as ActArgs<'appointment.book-online'>['patient'],
      },
      (now) => plain.bookOnline(now, who, id, whose, { ...typed, notes: '' }, asked),
    );
  },
  'appointment.accept': (making) => {
    const { who, actor, extras, overrides } = making;
    const id = visitNumberOf(making);
    return requested(
      'appointment.accept',
      actor,
      { appointmentId: idOf('appointment', id), overrides },
      (clinic) => plain.accept(clinic, who, id, extras),
    );
  },
  'appointment.decline': withReason(
    'appointment.decline',
    '',
    ({ who }, id) =>
      (clinic) =>
        plain.decline(clinic, who, id),
  ),
  'appointment.confirm': ofVisit(
    'appointment.confirm',
    ({ who }, id) =>
      (clinic) =>
        plain.confirm(clinic, who, id),
  ),
  'appointment.reschedule': (making) => {
    const { who, actor, wish, clinic, step, extras, overrides } = making;
    const id = visitNumberOf(making);
    const visit = clinic.visit(id);
    const keepsKind = step.b % 3 !== 0;
    // Sometimes only the length or the room is another.
    const stays = visit && step.d % 9 === 0;
    const to = stays ? { ...wish, doctor: visit.doctor, place: visit.place, start: visit.start } : wish;
    const kind = keepsKind ? null : to.kind;
    const overbook =
      who.kind === 'staff' && step.b % 4 === 0 ? { reason: 'In pain', room: step.b % 8 === 0 } : null;
    return requested(
      'appointment.reschedule',
      actor,
      {
        ...slotArgs(to),
        appointmentId: idOf('appointment', id),
        appointmentTypeId: kind === null ? null : idOf('appointmentType', kind + 1),
        durationMinutes: to.minutes ?? null,
        roomId: roomId(to.room),
        overrides,
        overbook,
      },
      (now) =>
        plain.reschedule(
          now,
          who,
          id,
          { ...to, kind },
          { ...extras, overbook: overbook && { room: overbook.room } },
        ),
    );
  },
  'appointment.swap': (making) => {
    const { who, actor, clinic, step, extras, overrides } = making;
    // Mostly one that can move at all.
    const movable = clinic.visits.filter(
      (visit) => visit.status === 'booked' && visit.end - visit.start <= 60 && visit.start > clinic.now,
    );
    const id = step.c % 5 === 0 ? visitNumberOf(making) : pickLate(movable, step.a);
    const one = clinic.visit(id);
    // Mostly the next of the same doctor, for what lies between is in the way of most others.
    const after = clinic.visits
      .filter(
        (visit) =>
          one &&
          visit.doctor === one.doctor &&
          visit.place === one.place &&
          visit.start > one.start &&
          visit.status !== 'cancelled',
      )
      .sort((x, y) => x.start - y.start)[0];
    const second = step.b % 5 !== 0 && after ? after.id : pickLate(clinic.visits, step.b);
    return requested(
      'appointment.swap',
      actor,
      { firstId: idOf('appointment', id), secondId: idOf('appointment', second), overrides },
      (now) => plain.swap(now, who, id, second, extras),
    );
  },
  'appointment.shift': (making) => {
    const { who, actor, clinic, step, extras, overrides } = making;
    const { b, c, d } = step;
    const id = visitNumberOf(making);
    const one = clinic.visit(id);
    const later = clinic.visits.filter(
      (visit) =>
        one &&
        (b % 5 === 0 || visit.status === 'booked') &&
        visit.doctor === one.doctor &&
        visit.start >= one.start &&
        visit.start < one.start + 180,
    );
    const all = [...new Set([id, ...later.map((visit) => visit.id)])].slice(0, 1 + (c % 5));
    const minutes = (pick([15, -15, 30, -30, 5, 60], d) as number) || 15;
    const overbook = b % 6 === 0 ? { reason: 'All are here', room: b % 12 === 0 } : null;
    return requested(
      'appointment.shift',
      actor,
      { appointmentIds: all.map((each) => idOf('appointment', each)), minutes, overrides, overbook },
      (now) =>
        plain.shift(now, who, all, minutes, { ...extras, overbook: overbook && { room: overbook.room } }),
    );
  },
  'appointment.cancel': withReason(
    'appointment.cancel',
    'Ill',
    ({ who }, id) =>
      (clinic) =>
        plain.cancel(clinic, who, id),
  ),
  'appointment.void': withReason(
    'appointment.void',
    'A mistake',
    ({ who }, id) =>
      (clinic) =>
        plain.voidVisit(clinic, who, id),
  ),
  'appointment.arrive': stepTo('appointment.arrive', 'arrived'),
  'appointment.start': stepTo('appointment.start', 'checked-in'),
  'appointment.complete': stepTo('appointment.complete', 'fulfilled'),
  'appointment.noshow': stepTo('appointment.noshow', 'noshow'),
  'appointment.undo': ofVisit(
    'appointment.undo',
    ({ who }, id) =>
      (clinic) =>
        plain.undo(clinic, who, id),
  ),
  'appointment.revoke-link': ofVisit(
    'appointment.revoke-link',
    ({ who }, id) =>
      (clinic) =>
        plain.revokeLink(clinic, who, id),
  ),
} satisfies Partial<Record<ActName, Maker>>;

function stepTo(act: ActName, to: Visit['status']): Maker {
  return ofVisit(
    act,
    ({ who }, id) =>
      (clinic) =>
        plain.step(clinic, who, id, to, act),
  );
}

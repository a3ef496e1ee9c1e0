/** A patient's visits: seen, moved, cancelled, confirmed, and suggested times answered. */

import { MedicError } from '@medic/shared/errors';
import type { Appointment } from '@medic/shared/model/appointment';
import { dateField, freeText, instantField, uuid } from '@medic/shared/model/fields';
import type { Patient } from '@medic/shared/model/patient';
import { z } from 'zod';
import { isAhead, timelineOf, visitSummary } from './portal-pages';
import { acting, asking, isProven, mayLookBack, type Present, patientOf, signedIn } from './portal-session';
import { slotsPage } from './public-pages';
import { isRange, unknown } from './public-router';
import { patientActor, runForVisitor } from './visitor-acts';

export const visitProcedures = {
  visits: signedIn.query(async ({ ctx }) => {
    const { session, facts, services } = ctx;
    const now = services.now();
    const all = (
      await services.records.visitsOf(
        ctx.clinicId,
        session.patients.map((patient) => patient.id),
      )
    ).filter((visit) => visit.status !== 'entered-in-error');
    const mine = session.visitId === null ? all : all.filter((visit) => visit.id === session.visitId);
    const summary = (visit: Appointment) =>
      visitSummary(facts, visit, patientOf(session, visit.patientId), now, session.kind);
    const ahead = mine.filter((visit) => isAhead(visit, now));
    const past = mine.filter(
      (visit) => !isAhead(visit, now) && mayLookBack(session, patientOf(session, visit.patientId)),
    );
    return {
      upcoming: ahead.reverse().map(summary),
      past: past.map(summary),
      /** Somebody has not given a birth date yet: there may be more. */
      pastHidden:
        session.kind === 'patient' && session.patients.some((patient) => !isProven(session, patient)),
      now,
    };
  }),

  visit: signedIn.input(z.object({ visitId: uuid() })).query(async ({ ctx, input }) => {
    const { visit, patient } = await visitOf(ctx, input.visitId);
    const events = await ctx.services.records.timelineOf(ctx.clinicId, visit.id);
    return {
      ...visitSummary(ctx.facts, visit, patient, ctx.services.now(), ctx.session.kind),
      timeline: timelineOf(ctx.facts, visit, events),
    };
  }),

  /** Times that this visit can be moved to; its own counts as free. */
  slots: signedIn
    .input(
      z
        .object({
          visitId: uuid(),
          doctorId: uuid().nullable(),
          locationId: uuid().nullable(),
          from: dateField(),
          until: dateField(),
        })
        .refine(({ from, until }) => isRange(from, until), {
          path: ['until'],
          message: 'Ask for 1 to 42 days',
        }),
    )
    .query(async ({ ctx, input }) => {
      const { visit } = await visitOf(ctx, input.visitId);
      const { doctorId, locationId, from, until } = input;
      return slotsPage(
        ctx.facts,
        { appointmentTypeId: visit.appointmentTypeId, doctorId, locationId, from, until },
        ctx.services.now(),
        { ignoreAppointmentId: visit.id },
      );
    }),

  reschedule: acting
    .input(asking.extend({ visitId: uuid(), doctorId: uuid(), locationId: uuid(), startsAt: instantField() }))
    .mutation(async ({ ctx, input }) => {
      const { visit, patient } = await visitOf(ctx, input.visitId);
      const answer = await runForVisitor(ctx.services, ctx.facts, {
        clinicId: ctx.clinicId,
        actor: patientActor(patient),
        act: 'appointment.reschedule',
        args: {
          appointmentId: visit.id,
          doctorId: input.doctorId,
          locationId: input.locationId,
          startsAt: input.startsAt,
          durationMinutes: null,
        },
        made: [],
        requestId: input.requestId,
      });
      return answer.kind === 'refused'
        ? answer
        : { kind: 'moved' as const, visit: await again(ctx, visit.id) };
    }),

  cancel: acting
    .input(asking.extend({ visitId: uuid(), reason: freeText(500) }))
    .mutation(async ({ ctx, input }) => {
      const { visit, patient } = await visitOf(ctx, input.visitId);
      const answer = await runForVisitor(ctx.services, ctx.facts, {
        clinicId: ctx.clinicId,
        actor: patientActor(patient),
        act: 'appointment.cancel',
        args: { appointmentId: visit.id, reason: input.reason },
        made: [],
        requestId: input.requestId,
      });
      return answer.kind === 'refused'
        ? answer
        : { kind: 'cancelled' as const, visit: await again(ctx, visit.id) };
    }),

  confirm: acting.input(asking.extend({ visitId: uuid() })).mutation(async ({ ctx, input }) => {
    const { visit, patient } = await visitOf(ctx, input.visitId);
    const answer = await runForVisitor(ctx.services, ctx.facts, {
      clinicId: ctx.clinicId,
      actor: patientActor(patient),
      act: 'appointment.confirm',
      args: { appointmentId: visit.id },
      made: [],
      requestId: input.requestId,
    });
    return answer.kind === 'refused'
      ? answer
      : { kind: 'confirmed' as const, visit: await again(ctx, visit.id) };
  }),

  /** A time that the clinic suggested. */
  accept: acting.input(asking.extend({ visitId: uuid() })).mutation(async ({ ctx, input }) => {
    const { visit, patient } = await visitOf(ctx, input.visitId);
    const answer = await runForVisitor(ctx.services, ctx.facts, {
      clinicId: ctx.clinicId,
      actor: patientActor(patient),
      act: 'appointment.accept',
      args: { appointmentId: visit.id },
      made: [],
      requestId: input.requestId,
    });
    return answer.kind === 'refused'
      ? answer
      : { kind: 'accepted' as const, visit: await again(ctx, visit.id) };
  }),

  /** Of a time that the clinic suggested. */
  decline: acting.input(asking.extend({ visitId: uuid() })).mutation(async ({ ctx, input }) => {
    const { visit, patient } = await visitOf(ctx, input.visitId);
    const answer = await runForVisitor(ctx.services, ctx.facts, {
      clinicId: ctx.clinicId,
      actor: patientActor(patient),
      act: 'appointment.decline',
      args: { appointmentId: visit.id, reason: '' },
      made: [],
      requestId: input.requestId,
    });
    return answer.kind === 'refused'
      ? answer
      : { kind: 'declined' as const, visit: await again(ctx, visit.id) };
  }),
};

async function visitOf(ctx: Present, visitId: string): Promise<{ visit: Appointment; patient: Patient }> {
  const { session } = ctx;
  const visit = await ctx.services.records.visit(ctx.clinicId, visitId);
  if (
    !visit ||
    visit.status === 'entered-in-error' ||
    (session.visitId !== null && session.visitId !== visit.id)
  )
    throw unknown('There is no such visit');
  const patient = patientOf(session, visit.patientId);
  if (visit.endsAt <= ctx.services.now() && !mayLookBack(session, patient)) {
    throw new MedicError('auth.forbidden', 'the birth date was not given', {
      personMessage: 'This visit is over. Enter the birth date to see it',
    });
  }
  return { visit, patient };
}

async function again(ctx: Present, visitId: string) {
  const { visit, patient } = await visitOf(ctx, visitId);
  const { facts } = await ctx.services.cache.read(ctx.clinicId);
  return visitSummary(facts, visit, patient, ctx.services.now(), ctx.session.kind);
}

import { randomBytes } from 'node:crypto';
import type { RefusalReason } from '@medic/shared/acts/act';
import { onlinePatient } from '@medic/shared/acts/appointment/book';
import type { Facts } from '@medic/shared/acts/facts';
import type { Slot } from '@medic/shared/availability/query';
import { MedicError } from '@medic/shared/errors';
import { dateField, email, freeText, instantField, integer, slug, uuid } from '@medic/shared/model/fields';
import { uuidv7 } from '@medic/shared/model/id';
import type { PlainDate } from '@medic/shared/time/instant';
import { z } from 'zod';
import {
  bookedPage,
  clinicPage,
  daysBetween,
  freeTime,
  nextAvailablePage,
  publicReason,
  slotsPage,
} from './public-pages';
import { type Context, publicProcedure, router } from './trpc';

const longestSlotRangeDays = 42;

const clinicAddress = z.object({ clinic: slug() });

const publicRead = publicProcedure.use(async ({ ctx, next }) => {
  await ctx.services.limits.publicRead(ctx.address);
  return await next();
});

export const publicRouter = router({
  clinic: publicRead.input(clinicAddress).query(async ({ ctx, input }) => {
    const { facts } = await publicFacts(ctx, input.clinic);
    return clinicPage(facts, ctx.services.now());
  }),

  slots: publicRead
    .input(
      clinicAddress
        .extend({
          appointmentTypeId: uuid(),
          doctorId: uuid().nullable(),
          locationId: uuid().nullable(),
          from: dateField(),
          until: dateField(),
        })
        .refine(({ from, until }) => isRange(from, until), {
          path: ['until'],
          message: `Ask for 1 to ${longestSlotRangeDays} days`,
        }),
    )
    .query(async ({ ctx, input }) => {
      const { facts } = await publicFacts(ctx, input.clinic);
      return slotsPage(facts, input, ctx.services.now());
    }),

  nextAvailable: publicRead
    .input(
      clinicAddress.extend({
        appointmentTypeId: uuid(),
        excludeDoctorId: uuid().nullable(),
        limit: integer(1, 10),
      }),
    )
    .query(async ({ ctx, input }) => {
      const { facts } = await publicFacts(ctx, input.clinic);
      return nextAvailablePage(facts, input, ctx.services.now());
    }),

  /** A refusal is an answer, with what stands in the way and the nearest free times; the same request books once. */
  book: publicProcedure
    .input(
      clinicAddress.extend({
        requestId: uuid(),
        appointmentTypeId: uuid(),
        doctorId: uuid(),
        locationId: uuid(),
        startsAt: instantField(),
        patient: onlinePatient.extend({ email: email().nullable() }),
        note: freeText(1000),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const { services } = ctx;
      await services.limits.publicBook(ctx.address);
      const { facts, clinicId } = await publicFacts(ctx, input.clinic);
      if (!facts.doctor(input.doctorId)) throw unknown('This doctor does not work here');
      if (!facts.location(input.locationId)) throw unknown('This clinic has no such place');
      if (!facts.appointmentType(input.appointmentTypeId))
        throw unknown('This kind of visit is not offered here');
      const newId = () => uuidv7(services.now(), randomBytes(10));
      const intent = await services.executor.execute({
        clinicId,
        actor: { kind: 'patient', id: null, name: '', roles: [], rights: [], doctorId: null },
        act: 'appointment.book-online',
        actVersion: 1,
        args: {
          appointmentId: newId(),
          patientId: (await services.findSamePatient(clinicId, input.patient)) ?? newId(),
          doctorId: input.doctorId,
          locationId: input.locationId,
          appointmentTypeId: input.appointmentTypeId,
          startsAt: input.startsAt,
          notes: input.note,
          patient: input.patient,
        },
        requestId: input.requestId,
        device: null,
        baseSeq: 0,
        madeAt: null,
      });
      if (intent.status === 'failed')
        throw new MedicError('internal', `booking failed: ${JSON.stringify(intent.outcome)}`);
      if (intent.status === 'refused') {
        const { reasons, alternatives } = intent.outcome as {
          reasons: RefusalReason[];
          alternatives: Slot[];
        };
        return {
          kind: 'refused' as const,
          reasons: reasons.map(publicReason),
          alternatives: alternatives.map((slot) => freeTime(facts, slot)),
        };
      }
      return { kind: 'booked' as const, ...(await bookedVisit(ctx, clinicId, intent.args)) };
    }),
});

async function publicFacts(ctx: Context, clinicSlug: string): Promise<{ facts: Facts; clinicId: string }> {
  const clinicId = await ctx.services.clinicIdBySlug(clinicSlug);
  if (clinicId === null) throw unknownClinic();
  const { facts } = await ctx.services.cache.read(clinicId);
  if (!facts.clinic.rules.publicBooking) throw unknownClinic();
  return { facts, clinicId };
}

async function bookedVisit(ctx: Context, clinicId: string, args: Record<string, unknown>) {
  const { facts } = await ctx.services.cache.read(clinicId);
  const visit = facts.get('appointment', String(args.appointmentId));
  if (!visit) throw unknown('This visit was booked long ago. Call the clinic');
  return {
    status: visit.status === 'pending' ? ('pending' as const) : ('booked' as const),
    visit: bookedPage(facts, visit),
  };
}

function isRange(from: PlainDate, until: PlainDate): boolean {
  const days = daysBetween(from, until);
  return days >= 1 && days <= longestSlotRangeDays;
}

function unknown(message: string): MedicError {
  return new MedicError('record.unknown', message, { personMessage: message });
}

function unknownClinic(): MedicError {
  return new MedicError('clinic.unknown', 'no clinic at this address', {
    personMessage: 'There is no clinic at this address. Check the link',
  });
}

import { onlinePatient } from '@medic/shared/acts/appointment/book-online';
import type { Facts } from '@medic/shared/acts/facts';
import type { PatientIdentity } from '@medic/shared/acts/patient/duplicates';
import { waitlistWishes } from '@medic/shared/acts/waitlist/add';
import { MedicError } from '@medic/shared/errors';
import { holdsSlot } from '@medic/shared/model/appointment';
import { dateField, email, freeText, instantField, integer, slug, uuid } from '@medic/shared/model/fields';
import type { SlotHold } from '@medic/shared/model/slot-hold';
import type { Instant, PlainDate } from '@medic/shared/time/instant';
import { z } from 'zod';
import type { ClinicFacts } from '../acts/facts-cache';
import type { Proof } from '../auth/visitor-proof';
import {
  bookedPage,
  clinicPage,
  daysBetween,
  daysPage,
  doctorPage,
  holdPage,
  nextAvailablePage,
  publicReason,
} from './public-pages';
import { slotsAsked } from './slots-asked';
import { type Context, router, visitorProcedure } from './trpc';
import { markedHolder, newId, runForVisitor, visitorActor, visitorHolder } from './visitor-acts';

const longestSlotRangeDays = 42;
const longestMonthDays = 62;

const clinicAddress = z.object({ clinic: slug() });

const where = clinicAddress.extend({
  requestId: uuid(),
  appointmentTypeId: uuid(),
  doctorId: uuid(),
  locationId: uuid(),
  startsAt: instantField(),
});

const proof = z.object({
  challenge: z.string().max(200),
  nonces: z.array(z.int().min(0)).max(16),
});

const patientForm = onlinePatient.extend({ email: email().nullable() });

const publicRead = visitorProcedure.use(async ({ ctx, next }) => {
  await ctx.services.limits.publicRead(ctx.address);
  return await next();
});
const publicHold = visitorProcedure.use(async ({ ctx, next }) => {
  await ctx.services.limits.publicHold(ctx.address);
  return await next();
});
const publicBook = visitorProcedure.use(async ({ ctx, next }) => {
  await ctx.services.limits.publicBook(ctx.address);
  return await next();
});

export const publicRouter = router({
  clinic: publicRead.input(clinicAddress).query(async ({ ctx, input }) => {
    const { facts } = await publicFacts(ctx, input.clinic);
    return clinicPage(facts, ctx.services.now());
  }),

  doctor: publicRead.input(clinicAddress.extend({ doctor: slug() })).query(async ({ ctx, input }) => {
    const { facts } = await publicFacts(ctx, input.clinic);
    return doctorPage(facts, input.doctor, ctx.services.now());
  }),

  slots: publicRead.input(slotRange(longestSlotRangeDays)).query(async ({ ctx, input }) => {
    const found = await publicFacts(ctx, input.clinic);
    return slotsAsked(found, input, ctx.services.now(), visitorHolder(ctx));
  }),

  /** A month at a glance: which days have any, without the times. */
  days: publicRead.input(slotRange(longestMonthDays)).query(async ({ ctx, input }) => {
    const { facts } = await publicFacts(ctx, input.clinic);
    return daysPage(facts, input, ctx.services.now(), { holder: visitorHolder(ctx) });
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

  /** What this browser holds now: after a reload, or in a second tab. */
  held: publicRead.input(clinicAddress).query(async ({ ctx, input }) => {
    const { facts } = await publicFacts(ctx, input.clinic);
    const hold = liveHoldOf(facts, visitorHolder(ctx), ctx.services.now());
    return { hold: hold ? holdPage(facts, hold) : null };
  }),

  /** Work to do before the request of this id. Marks the browser, for the proof is good for that one alone. */
  challenge: publicHold
    .input(clinicAddress.extend({ requestId: uuid() }))
    .mutation(async ({ ctx, input }) => {
      const { clinicId } = await publicFacts(ctx, input.clinic);
      const holder = markedHolder(ctx);
      return ctx.services.proofs.challenge({ clinicId, holder, requestId: input.requestId });
    }),

  hold: publicHold.input(where.extend({ proof })).mutation(async ({ ctx, input }) => {
    const { services } = ctx;
    const { facts, clinicId } = await publicFacts(ctx, input.clinic);
    // Where no proof is asked for, the browser may come without a mark.
    const holder = services.proofs.areAsked ? visitorHolder(ctx) : markedHolder(ctx);
    requireProof(ctx, clinicId, holder, input.requestId, input.proof);
    const { doctorId, locationId, appointmentTypeId, startsAt } = input;
    const answer = await runForVisitor(services, facts, {
      clinicId,
      actor: visitorActor(holder),
      act: 'slot.hold',
      args: { holdId: newId(services), doctorId, locationId, appointmentTypeId, startsAt },
      made: ['holdId'],
      requestId: input.requestId,
    });
    return answer.kind === 'refused' ? answer : await heldNow(ctx, clinicId, answer.args.holdId);
  }),

  extend: publicHold
    .input(clinicAddress.extend({ requestId: uuid(), holdId: uuid() }))
    .mutation(async ({ ctx, input }) => {
      const { facts, clinicId } = await publicFacts(ctx, input.clinic);
      const answer = await runForVisitor(ctx.services, facts, {
        clinicId,
        actor: visitorActor(visitorHolder(ctx)),
        act: 'slot.extend',
        args: { holdId: input.holdId },
        made: [],
        requestId: input.requestId,
      });
      return answer.kind === 'refused' ? answer : await heldNow(ctx, clinicId, input.holdId);
    }),

  /** Letting go of what is not there, or is another's, changes nothing and says nothing. */
  release: publicHold
    .input(clinicAddress.extend({ requestId: uuid(), holdId: uuid() }))
    .mutation(async ({ ctx, input }) => {
      const { facts, clinicId } = await publicFacts(ctx, input.clinic);
      const holder = visitorHolder(ctx);
      if (holder === null) return {};
      await runForVisitor(ctx.services, facts, {
        clinicId,
        actor: visitorActor(holder),
        act: 'slot.release',
        args: { holdId: input.holdId },
        made: [],
        requestId: input.requestId,
      });
      return {};
    }),

  /**
   * Over the visitor's own hold, or, when that is over, with a proof of its own. A refusal is an answer, with what stands
   * in the way and the nearest free times; the same request books once.
   */
  book: publicBook
    .input(where.extend({ patient: patientForm, note: freeText(1000), proof: proof.nullish() }))
    .mutation(async ({ ctx, input }) => {
      const { services } = ctx;
      const { facts, clinicId, samePatientId } = await factsForVisitor(ctx, input.clinic, input.patient);
      await services.limits.identity(clinicId, input.patient);
      if (!facts.doctor(input.doctorId)) throw unknown('This doctor does not work here');
      if (!facts.location(input.locationId)) throw unknown('This clinic has no such place');
      if (!facts.appointmentType(input.appointmentTypeId))
        throw unknown('This kind of visit is not offered here');
      const holder = visitorHolder(ctx);
      const hold = liveHoldOf(facts, holder, services.now());
      if (!hold || !isHoldOf(hold, input))
        requireProof(ctx, clinicId, holder, input.requestId, input.proof ?? null);
      const { doctorId, locationId, appointmentTypeId, startsAt } = input;
      const appointmentId = newId(services);
      const answer = await runForVisitor(services, facts, {
        clinicId,
        actor: visitorActor(holder),
        act: 'appointment.book-online',
        args: {
          appointmentId,
          // Looked for whoever it is, so that who is known shows neither in the answer nor in the time it takes.
          patientId: samePatientId ?? newId(services),
          doctorId,
          locationId,
          appointmentTypeId,
          startsAt,
          notes: input.note,
          patient: input.patient,
        },
        made: ['appointmentId', 'patientId'],
        // The patient's records are asked for whoever it is, too.
        freshIds: [appointmentId],
        requestId: input.requestId,
      });
      return answer.kind === 'refused'
        ? answer
        : {
            kind: 'booked' as const,
            ...(await bookedVisit(ctx, { facts, clinicId }, answer.args.appointmentId)),
          };
    }),

  joinWaitlist: publicBook
    .input(
      clinicAddress.extend({
        requestId: uuid(),
        wishes: publicWishes(),
        patient: patientForm,
        proof: proof.nullish(),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const { services } = ctx;
      const { facts, clinicId, samePatientId } = await factsForVisitor(ctx, input.clinic, input.patient);
      await services.limits.identity(clinicId, input.patient);
      requireProof(ctx, clinicId, visitorHolder(ctx), input.requestId, input.proof ?? null);
      const answer = await runForVisitor(services, facts, {
        clinicId,
        actor: visitorActor(null),
        act: 'waitlist.add-online',
        args: {
          ...input.wishes,
          entryId: newId(services),
          patientId: samePatientId ?? newId(services),
          patient: input.patient,
        },
        made: ['entryId', 'patientId'],
        requestId: input.requestId,
      });
      return answer.kind === 'refused' ? answer : { kind: 'joined' as const };
    }),
});

/** What a patient may wish for; how urgent it is beyond `soon`, the clinic says. */
export function publicWishes() {
  return waitlistWishes.extend({ urgency: z.enum(['routine', 'soon']) });
}

export function slotRange(longestDays: number) {
  return clinicAddress
    .extend({
      appointmentTypeId: uuid(),
      doctorId: uuid().nullable(),
      locationId: uuid().nullable(),
      from: dateField(),
      until: dateField(),
    })
    .refine(({ from, until }) => isRange(from, until, longestDays), {
      path: ['until'],
      message: `Ask for 1 to ${longestDays} days`,
    });
}

export function isRange(from: PlainDate, until: PlainDate, longestDays = longestSlotRangeDays): boolean {
  const days = daysBetween(from, until);
  return days >= 1 && days <= longestDays;
}

/** A visit as its page shows it after booking, with the link by which it can be changed. */
export async function bookedVisit(
  ctx: Context,
  { facts, clinicId }: { facts: Facts; clinicId: string },
  visitId: string,
) {
  const { services } = ctx;
  // Facts in memory go on with what this process commits, so those from before the booking hold it now.
  const visit = facts.get('appointment', visitId) ?? (await services.records.visit(clinicId, visitId));
  // The answer to a request that is sent again much later.
  if (!visit || !holdsSlot(visit.status)) throw unknown('This visit is no longer booked. Call the clinic');
  const token = services.links.visitToken(clinicId, visit.id, visit.linkVersion);
  return {
    status: visit.status === 'pending' ? ('pending' as const) : ('booked' as const),
    visit: bookedPage(facts, visit),
    manageLink: `/my/${facts.clinic.slug}#v=${token}`,
  };
}

function requireProof(
  ctx: Context,
  clinicId: string,
  holder: string | null,
  requestId: string,
  proof: Proof | null,
): void {
  if (ctx.services.proofs.isProven(proof, { clinicId, holder: holder ?? '', requestId })) return;
  if (holder !== null || proof === null) throw new MedicError('proof.required');
  throw new MedicError('proof.required', 'a browser without cookies', {
    personMessage: 'Allow cookies for this page, so that a time can be kept for you',
  });
}

function liveHoldOf(facts: Facts, holder: string | null, now: Instant): SlotHold | null {
  if (holder === null) return null;
  for (const hold of facts.all('slotHold')) if (hold.holder === holder && hold.expiresAt > now) return hold;
  return null;
}

function isHoldOf(
  hold: SlotHold,
  asked: Pick<SlotHold, 'doctorId' | 'locationId' | 'appointmentTypeId' | 'startsAt'>,
): boolean {
  return (
    hold.doctorId === asked.doctorId &&
    hold.locationId === asked.locationId &&
    hold.appointmentTypeId === asked.appointmentTypeId &&
    hold.startsAt === asked.startsAt
  );
}

/** As it is now: the answer to a request that is sent again may have run out meanwhile. */
async function heldNow(ctx: Context, clinicId: string, holdId: string) {
  const { facts } = await ctx.services.cache.read(clinicId);
  const hold = facts.get('slotHold', holdId);
  if (!hold || hold.expiresAt <= ctx.services.now()) {
    const reason = publicReason({ code: 'hold-ended', why: 'expired' });
    return { kind: 'refused' as const, reasons: [reason], alternatives: [] };
  }
  return { kind: 'held' as const, hold: holdPage(facts, hold) };
}

async function publicFacts(ctx: Context, clinicSlug: string): Promise<ClinicFacts & { clinicId: string }> {
  const found = await clinicFacts(ctx, clinicSlug);
  if (!found.facts.clinic.rules.publicBooking) throw unknownClinic();
  return found;
}

/** As above, with who somebody is that types these details, if anybody. */
async function factsForVisitor(ctx: Context, clinicSlug: string, who: PatientIdentity) {
  const found = await ctx.services.cache.readForVisitor(clinicSlug, who);
  if (!found?.facts.clinic.rules.publicBooking) throw unknownClinic();
  return found;
}

export async function clinicFacts(
  ctx: Context,
  clinicSlug: string,
): Promise<ClinicFacts & { clinicId: string }> {
  const found = await ctx.services.cache.readBySlug(clinicSlug);
  if (!found) throw unknownClinic();
  return found;
}

export function unknown(message: string): MedicError {
  return new MedicError('record.unknown', message, { personMessage: message });
}

function unknownClinic(): MedicError {
  return new MedicError('clinic.unknown', 'no clinic at this address', {
    personMessage: 'There is no clinic at this address. Check the link',
  });
}

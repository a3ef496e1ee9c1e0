/** What a patient waits for, and the times that were offered: answered with a session, or by the offer's own link. */
import type { Facts } from '@medic/shared/acts/facts';
import { isOpen } from '@medic/shared/acts/waitlist/standing';
import { MedicError } from '@medic/shared/errors';
import { type Appointment, holdsSlot } from '@medic/shared/model/appointment';
import { uuid } from '@medic/shared/model/fields';
import type { Patient } from '@medic/shared/model/patient';
import type { WaitlistEntry, WaitlistOffer } from '@medic/shared/model/waitlist';
import { z } from 'zod';
import { entryPage, offerPage, personOf, visitSummary } from './portal-pages';
import { actingAsPerson, asking, asPerson, here, open, type Present, patientOf } from './portal-session';
import { bookedVisit, clinicFacts, publicWishes, unknown } from './public-router';
import type { Context } from './trpc';
import { newId, patientActor, runForVisitor } from './visitor-acts';

const offerToken = z.string().max(200);
const alsoWithOther = z.boolean().default(false);

export const waitlistProcedures = {
  /** What a link in an e-mail offers. A POST, so that the token stays out of addresses; it changes nothing. */
  offer: open.input(here.extend({ offer: offerToken })).mutation(async ({ ctx, input }) => {
    const { facts, entry, offer, patient } = await offered(ctx, input);
    const now = ctx.services.now();
    const other = isOpen(offer, now)
      ? (await ctx.services.records.visitsOf(entry.clinicId, [patient.id])).find((visit) =>
          meets(visit, offer),
        )
      : undefined;
    return {
      offer: offerPage(facts, offer, now),
      firstName: personOf(patient).firstName,
      replaces: other ? visitSummary(facts, other, patient, now) : null,
    };
  }),

  acceptOffer: open
    .input(asking.extend({ offer: offerToken, alsoWithOther }))
    .mutation(async ({ ctx, input }) => {
      const { facts, entry, offer, patient } = await offered(ctx, input);
      return await takeOffer(ctx, facts, { entry, offerId: offer.id, patient }, input);
    }),

  declineOffer: open.input(asking.extend({ offer: offerToken })).mutation(async ({ ctx, input }) => {
    const { facts, entry, offer, patient } = await offered(ctx, input);
    return await refuseOffer(ctx, facts, { entry, offerId: offer.id, patient }, input.requestId);
  }),

  waitlist: asPerson.query(async ({ ctx }) => {
    const now = ctx.services.now();
    const entries = await ctx.services.records.entriesOf(
      ctx.clinicId,
      ctx.session.patients.map((patient) => patient.id),
    );
    return {
      entries: entries
        .filter((entry) => entry.status === 'waiting' || entry.status === 'offered')
        .map((entry) => entryPage(ctx.facts, entry, patientOf(ctx.session, entry.patientId), now)),
    };
  }),

  joinWaitlist: actingAsPerson
    .input(asking.extend({ patientId: uuid(), wishes: publicWishes() }))
    .mutation(async ({ ctx, input }) => {
      const patient = patientOf(ctx.session, input.patientId);
      const answer = await runForVisitor(ctx.services, ctx.facts, {
        clinicId: ctx.clinicId,
        actor: patientActor(patient),
        act: 'waitlist.add',
        args: { ...input.wishes, entryId: newId(ctx.services), patientId: patient.id },
        made: ['entryId'],
        requestId: input.requestId,
      });
      return answer.kind === 'refused' ? answer : { kind: 'joined' as const, entryId: answer.args.entryId };
    }),

  leaveWaitlist: actingAsPerson.input(asking.extend({ entryId: uuid() })).mutation(async ({ ctx, input }) => {
    const { entry, patient } = await entryOf(ctx, input.entryId);
    const answer = await runForVisitor(ctx.services, ctx.facts, {
      clinicId: ctx.clinicId,
      actor: patientActor(patient),
      act: 'waitlist.close',
      args: { entryId: entry.id, reason: '' },
      made: [],
      requestId: input.requestId,
    });
    return answer.kind === 'refused' ? answer : { kind: 'left' as const };
  }),

  takeOffer: actingAsPerson
    .input(asking.extend({ entryId: uuid(), offerId: uuid(), alsoWithOther }))
    .mutation(async ({ ctx, input }) => {
      const { entry, patient } = await entryOf(ctx, input.entryId);
      return await takeOffer(ctx, ctx.facts, { entry, offerId: input.offerId, patient }, input);
    }),

  refuseOffer: actingAsPerson
    .input(asking.extend({ entryId: uuid(), offerId: uuid() }))
    .mutation(async ({ ctx, input }) => {
      const { entry, patient } = await entryOf(ctx, input.entryId);
      return await refuseOffer(ctx, ctx.facts, { entry, offerId: input.offerId, patient }, input.requestId);
    }),
};

async function entryOf(ctx: Present, entryId: string): Promise<{ entry: WaitlistEntry; patient: Patient }> {
  const entry = await ctx.services.records.entry(ctx.clinicId, entryId);
  if (!entry) throw unknown('There is no such entry');
  return { entry, patient: patientOf(ctx.session, entry.patientId) };
}

/** The offer of a token, which is all that it takes to answer it. */
async function offered(ctx: Context, input: { clinic: string; offer: string }) {
  await ctx.services.limits.linkTry(ctx.address);
  const { facts, clinicId } = await clinicFacts(ctx, input.clinic);
  const read = ctx.services.links.readOfferToken(clinicId, input.offer);
  const entry = read && (await ctx.services.records.entry(clinicId, read.entryId));
  const offer = entry?.offers.find((one) => one.id === read?.offerId);
  const patient = entry && (await ctx.services.records.patient(clinicId, entry.patientId));
  if (!entry || !offer || !patient) throw new MedicError('auth.link');
  return { facts, entry, offer, patient };
}

interface Offered {
  entry: WaitlistEntry;
  offerId: string;
  patient: Patient;
}

async function takeOffer(
  ctx: Context,
  facts: Facts,
  { entry, offerId, patient }: Offered,
  asked: { requestId: string; alsoWithOther: boolean },
) {
  const answer = await runForVisitor(ctx.services, facts, {
    clinicId: entry.clinicId,
    actor: patientActor(patient),
    act: 'waitlist.accept',
    args: {
      offerId,
      entryId: entry.id,
      appointmentId: newId(ctx.services),
      overrides: asked.alsoWithOther ? ['same-patient'] : [],
    },
    made: ['appointmentId'],
    requestId: asked.requestId,
  });
  return answer.kind === 'refused'
    ? answer
    : {
        kind: 'booked' as const,
        ...(await bookedVisit(ctx, { facts, clinicId: entry.clinicId }, answer.args.appointmentId)),
      };
}

async function refuseOffer(
  ctx: Context,
  facts: Facts,
  { entry, offerId, patient }: Offered,
  requestId: string,
) {
  const answer = await runForVisitor(ctx.services, facts, {
    clinicId: entry.clinicId,
    actor: patientActor(patient),
    act: 'waitlist.decline',
    args: { offerId, entryId: entry.id },
    made: [],
    requestId,
  });
  return answer.kind === 'refused' ? answer : { kind: 'declined' as const };
}

function meets(visit: Appointment, offer: WaitlistOffer): boolean {
  return holdsSlot(visit.status) && visit.startsAt < offer.endsAt && visit.endsAt > offer.startsAt;
}

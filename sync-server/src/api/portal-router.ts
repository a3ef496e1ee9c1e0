/** The patient portal of one clinic: by a code to an address, or by a link to one visit. */
import type { Facts } from '@medic/shared/acts/facts';
import { publicDetails } from '@medic/shared/acts/patient/differences';
import { isOpen } from '@medic/shared/acts/waitlist/standing';
import { MedicError } from '@medic/shared/errors';
import { type Appointment, holdsSlot } from '@medic/shared/model/appointment';
import type { AttentionItem } from '@medic/shared/model/attention-item';
import { dateField, email, freeText, instantField, slug, uuid } from '@medic/shared/model/fields';
import type { Patient } from '@medic/shared/model/patient';
import type { WaitlistEntry, WaitlistOffer } from '@medic/shared/model/waitlist';
import { z } from 'zod';
import type { VisitorSession } from '../auth/visitor-sessions';
import { exportOf } from './portal-export';
import { entryPage, isAhead, offerPage, personOf, timelineOf, visitSummary } from './portal-pages';
import { slotsPage } from './public-pages';
import { bookedVisit, clinicFacts, isRange, publicWishes, unknown } from './public-router';
import { type Context, router, visitorProcedure } from './trpc';
import { newId, patientActor, runForVisitor } from './visitor-acts';

const sessionSeconds = 12 * 3600;

const here = z.object({ clinic: slug() });
const asking = here.extend({ requestId: uuid() });
const address = email().transform((text) => text.toLowerCase());
const offerToken = z.string().max(200);
const alsoWithOther = z.boolean().default(false);

/** Anybody: who has no session yet, or comes with a token. */
const open = visitorProcedure;

/** With a session of this clinic. */
const signedIn = visitorProcedure.input(here).use(async ({ ctx, input, next }) => {
  await ctx.services.limits.publicRead(ctx.address);
  const { facts, clinicId } = await clinicFacts(ctx, input.clinic);
  const session = await ctx.services.portal.authenticate(clinicId, sessionCookie(ctx, input.clinic));
  return await next({ ctx: { ...ctx, facts, clinicId, session } });
});
/** With a session by code: a link shows one visit, and nothing of the person. */
const asPerson = signedIn.use(async ({ ctx, next }) => {
  if (ctx.session.kind !== 'patient') {
    throw new MedicError('auth.forbidden', 'a link shows one visit', {
      personMessage: 'This link shows one visit only. Sign in with a code to see more',
    });
  }
  return await next();
});
const acting = signedIn.use(async ({ ctx, next }) => {
  await ctx.services.limits.portalAct(ctx.address);
  return await next();
});
const actingAsPerson = asPerson.use(async ({ ctx, next }) => {
  await ctx.services.limits.portalAct(ctx.address);
  return await next();
});

interface Present extends Context {
  facts: Facts;
  clinicId: string;
  session: VisitorSession;
}

export const portalRouter = router({
  /** The same answer, at once, whoever has the address. */
  requestCode: open.input(here.extend({ email: address })).mutation(async ({ ctx, input }) => {
    const { clinicId } = await clinicFacts(ctx, input.clinic);
    await ctx.services.limits.code(ctx.address, clinicId, input.email);
    await ctx.services.codes.request(clinicId, input.email);
    return {};
  }),

  verifyCode: open
    .input(here.extend({ email: address, code: z.string().max(40) }))
    .mutation(async ({ ctx, input }) => {
      const { clinicId } = await clinicFacts(ctx, input.clinic);
      await ctx.services.limits.codeTry(ctx.address, clinicId, input.email);
      const token = await ctx.services.portal.openByCode(clinicId, input.email, input.code);
      await replaceSession(ctx, clinicId, input.clinic, token);
      return { signedIn: true as const };
    }),

  openLink: open.input(here.extend({ link: z.string().max(200) })).mutation(async ({ ctx, input }) => {
    const { clinicId } = await clinicFacts(ctx, input.clinic);
    await ctx.services.limits.linkTry(ctx.address);
    const { token, visitId } = await ctx.services.portal.openByLink(clinicId, input.link);
    await replaceSession(ctx, clinicId, input.clinic, token);
    return { signedIn: true as const, visitId };
  }),

  signOut: open.input(here).mutation(async ({ ctx, input }) => {
    const { clinicId } = await clinicFacts(ctx, input.clinic);
    await ctx.services.portal.signOut(clinicId, sessionCookie(ctx, input.clinic));
    ctx.cookies.clear(cookieName(input.clinic));
    return {};
  }),

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

  me: signedIn.query(({ ctx }) => {
    const { session } = ctx;
    const { clinic } = ctx.facts;
    const byCode = session.kind === 'patient' ? session.patients : [];
    return {
      kind: session.kind,
      visitId: session.visitId,
      endsAt: session.endsAt,
      provesLeft: session.triesLeft,
      clinic: {
        name: clinic.name,
        slug: clinic.slug,
        phone: clinic.phone,
        email: clinic.email,
        timeZone: clinic.timeZone,
        country: clinic.rules.country,
        cancelWindowMinutes: clinic.rules.cancelWindowMinutes,
        publicBooking: clinic.rules.publicBooking,
      },
      people: byCode.map((patient) => ({
        id: patient.id,
        firstName: personOf(patient).firstName,
        proven: isProven(session, patient),
      })),
    };
  }),

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

  proveBirthDate: actingAsPerson
    .input(z.object({ patientId: uuid(), birthDate: dateField() }))
    .mutation(async ({ ctx, input }) => {
      const patient = patientOf(ctx.session, input.patientId);
      await ctx.services.limits.birthDate(ctx.clinicId, patient.id);
      const answer = await ctx.services.portal.proveBirthDate(ctx.session, patient, input.birthDate);
      return answer.proven
        ? { kind: 'proven' as const }
        : { kind: 'wrong' as const, triesLeft: answer.triesLeft };
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

  profile: asPerson.input(z.object({ patientId: uuid() })).query(async ({ ctx, input }) => {
    const patient = patientOf(ctx.session, input.patientId);
    const proven = isProven(ctx.session, patient);
    const { givenName, familyName, birthDate, phone, email, language } = patient;
    const questions = proven ? await ctx.services.records.questionsOf(ctx.clinicId, patient.id) : [];
    return {
      ...personOf(patient),
      proven,
      consentSms: patient.consentSms,
      consentEmail: patient.consentEmail,
      hasPhone: phone !== null,
      details: proven ? { givenName, familyName, birthDate, phone, email, language } : null,
      waiting: waitingFields(questions),
    };
  }),

  proposeChanges: actingAsPerson
    .input(asking.extend({ patientId: uuid(), changes: publicDetails }))
    .mutation(async ({ ctx, input }) => {
      const patient = provenPatientOf(ctx.session, input.patientId);
      const answer = await runForVisitor(ctx.services, ctx.facts, {
        clinicId: ctx.clinicId,
        actor: patientActor(patient),
        act: 'patient.propose-changes',
        args: { patientId: patient.id, changes: input.changes },
        made: [],
        requestId: input.requestId,
      });
      return answer.kind === 'refused' ? answer : { kind: 'sent' as const };
    }),

  setConsent: actingAsPerson
    .input(asking.extend({ patientId: uuid(), consentSms: z.boolean(), consentEmail: z.boolean() }))
    .mutation(async ({ ctx, input }) => {
      const patient = patientOf(ctx.session, input.patientId);
      const { consentSms, consentEmail } = input;
      const answer = await runForVisitor(ctx.services, ctx.facts, {
        clinicId: ctx.clinicId,
        actor: patientActor(patient),
        act: 'patient.set-consent',
        args: { patientId: patient.id, consentSms, consentEmail },
        made: [],
        requestId: input.requestId,
      });
      return answer.kind === 'refused' ? answer : { kind: 'saved' as const };
    }),

  exportData: actingAsPerson.input(z.object({ patientId: uuid() })).mutation(async ({ ctx, input }) => {
    const { services, facts } = ctx;
    const patient = provenPatientOf(ctx.session, input.patientId);
    await services.limits.export(ctx.clinicId, patient.id);
    const now = services.now();
    const file = await services.records.export(facts.clinic, patient.id, now);
    if (!file) throw unknown('There is nothing here any more');
    return exportOf(facts, file, now);
  }),
});

function cookieName(clinicSlug: string): string {
  return `portal-${clinicSlug}`;
}

function sessionCookie(ctx: Context, clinicSlug: string): string | null {
  return ctx.cookies.get(cookieName(clinicSlug));
}

/** One session for a browser and a clinic: the one before ends, so that signing out later leaves none behind. */
async function replaceSession(
  ctx: Context,
  clinicId: string,
  clinicSlug: string,
  token: string,
): Promise<void> {
  await ctx.services.portal.signOut(clinicId, sessionCookie(ctx, clinicSlug));
  ctx.cookies.set(cookieName(clinicSlug), token, { sameSite: 'strict', maxAgeSeconds: sessionSeconds });
}

function isProven(session: VisitorSession, patient: Patient): boolean {
  return session.kind === 'patient' && session.provenIds.includes(patient.id);
}

/** A link shows its visit whenever it was; what else is past asks for the birth date. */
function mayLookBack(session: VisitorSession, patient: Patient): boolean {
  return session.kind === 'visit' || isProven(session, patient);
}

/** Another's is as unknown as one that does not exist. */
function patientOf(session: VisitorSession, patientId: string): Patient {
  const patient = session.patients.find((one) => one.id === patientId);
  if (!patient) throw unknown('There is nothing here for you');
  return patient;
}

function provenPatientOf(session: VisitorSession, patientId: string): Patient {
  const patient = patientOf(session, patientId);
  if (!isProven(session, patient)) {
    throw new MedicError('auth.forbidden', 'the birth date was not given', {
      personMessage: 'Enter the birth date first',
    });
  }
  return patient;
}

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

/** Of a record: what its patient wants changed, and nobody has looked at yet. */
function waitingFields(questions: readonly AttentionItem[]): string[] {
  const fields = questions.flatMap(({ data }) =>
    typeof data.proposed === 'object' && data.proposed !== null ? Object.keys(data.proposed) : [],
  );
  return [...new Set(fields)];
}

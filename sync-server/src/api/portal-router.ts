/** The patient portal of one clinic: by a code to an address, or by a link to one visit. */
import { email } from '@medic/shared/model/fields';
import { z } from 'zod';
import { personOf } from './portal-pages';
import { personProcedures } from './portal-person';
import { clearSession, here, isProven, open, replaceSession, sessionCookie } from './portal-session';
import { visitProcedures } from './portal-visits';
import { waitlistProcedures } from './portal-waitlist';
import { clinicFacts } from './public-router';
import { router } from './trpc';

const address = email().transform((text) => text.toLowerCase());

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
    const { visit, open } = await ctx.services.portal.readLink(clinicId, input.link);
    // Who is signed in by code sees this visit already, and more: a link must not take that away.
    const held = await ctx.services.portal.holderOf(clinicId, sessionCookie(ctx, input.clinic));
    const isWider = held?.kind === 'patient' && held.patients.some(({ id }) => id === visit.patientId);
    if (!isWider) await replaceSession(ctx, clinicId, input.clinic, await open());
    return { signedIn: true as const, visitId: visit.id };
  }),

  signOut: open.input(here).mutation(async ({ ctx, input }) => {
    await ctx.services.limits.portalAct(ctx.address);
    const { clinicId } = await clinicFacts(ctx, input.clinic);
    await ctx.services.portal.signOut(clinicId, sessionCookie(ctx, input.clinic));
    clearSession(ctx, input.clinic);
    return {};
  }),

  /** Null is nobody: who has not signed in yet asks too. */
  me: open.input(here).query(async ({ ctx, input }) => {
    await ctx.services.limits.publicRead(ctx.address);
    const { facts, clinicId } = await clinicFacts(ctx, input.clinic);
    // That a session has ended is told, for it explains why what was there is gone.
    const session = await ctx.services.portal.holderOf(clinicId, sessionCookie(ctx, input.clinic), [
      'auth.required',
    ]);
    if (!session) return null;
    const { clinic } = facts;
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

  ...visitProcedures,
  ...waitlistProcedures,
  ...personProcedures,
});

/** Who asks: anybody, a session of this clinic, or one by code; and what a session may see. */
import type { Facts } from '@medic/shared/acts/facts';
import { MedicError } from '@medic/shared/errors';
import { slug, uuid } from '@medic/shared/model/fields';
import type { Patient } from '@medic/shared/model/patient';
import { z } from 'zod';
import type { VisitorSession } from '../auth/visitor-sessions';
import { clinicFacts, unknown } from './public-router';
import { type Context, visitorProcedure } from './trpc';

const sessionSeconds = 12 * 3600;

export const here = z.object({ clinic: slug() });
export const asking = here.extend({ requestId: uuid() });

/** Anybody: who has no session yet, or comes with a token. */
export const open = visitorProcedure;

/** With a session of this clinic. */
export const signedIn = visitorProcedure.input(here).use(async ({ ctx, input, next }) => {
  await ctx.services.limits.publicRead(ctx.address);
  const { facts, clinicId } = await clinicFacts(ctx, input.clinic);
  const session = await ctx.services.portal.authenticate(clinicId, sessionCookie(ctx, input.clinic));
  return await next({ ctx: { ...ctx, facts, clinicId, session } });
});
/** With a session by code: a link shows one visit, and nothing of the person. */
export const asPerson = signedIn.use(async ({ ctx, next }) => {
  if (ctx.session.kind !== 'patient') {
    throw new MedicError('auth.forbidden', 'a link shows one visit', {
      personMessage: 'This link shows one visit only. Sign in with a code to see more',
    });
  }
  return await next();
});
export const acting = signedIn.use(async ({ ctx, next }) => {
  await ctx.services.limits.portalAct(ctx.address);
  return await next();
});
export const actingAsPerson = asPerson.use(async ({ ctx, next }) => {
  await ctx.services.limits.portalAct(ctx.address);
  return await next();
});

export interface Present extends Context {
  facts: Facts;
  clinicId: string;
  session: VisitorSession;
}

function cookieName(clinicSlug: string): string {
  return `portal-${clinicSlug}`;
}

export function sessionCookie(ctx: Context, clinicSlug: string): string | null {
  return ctx.cookies.get(cookieName(clinicSlug));
}

/** One session for a browser and a clinic: the one before ends, so that signing out later leaves none behind. */
export async function replaceSession(
  ctx: Context,
  clinicId: string,
  clinicSlug: string,
  token: string,
): Promise<void> {
  await ctx.services.portal.signOut(clinicId, sessionCookie(ctx, clinicSlug));
  ctx.cookies.set(cookieName(clinicSlug), token, { sameSite: 'strict', maxAgeSeconds: sessionSeconds });
}

export function clearSession(ctx: Context, clinicSlug: string): void {
  ctx.cookies.clear(cookieName(clinicSlug));
}

export function isProven(session: VisitorSession, patient: Patient): boolean {
  return session.kind === 'patient' && session.provenIds.includes(patient.id);
}

/** A link shows its visit whenever it was; what else is past asks for the birth date. */
export function mayLookBack(session: VisitorSession, patient: Patient): boolean {
  return session.kind === 'visit' || isProven(session, patient);
}

/** Another's is as unknown as one that does not exist. */
export function patientOf(session: VisitorSession, patientId: string): Patient {
  const patient = session.patients.find((one) => one.id === patientId);
  if (!patient) throw unknown('There is nothing here for you');
  return patient;
}

export function provenPatientOf(session: VisitorSession, patientId: string): Patient {
  const patient = patientOf(session, patientId);
  if (!isProven(session, patient)) {
    throw new MedicError('auth.forbidden', 'the birth date was not given', {
      personMessage: 'Enter the birth date first',
    });
  }
  return patient;
}

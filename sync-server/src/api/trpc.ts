import { MedicError } from '@medic/shared/errors';
import type { Patient } from '@medic/shared/model/patient';
import type { Instant } from '@medic/shared/time/instant';
import { initTRPC, TRPCError } from '@trpc/server';
import type { Executor } from '../acts/execute';
import type { FactsCache } from '../acts/facts-cache';
import type { Sessions, SignedIn } from '../auth/sessions';
import type { ChangeFeed } from '../changes/feed';
import { medicDataOf, trpcCodes } from './errors';
import type { Limits } from './limits';

/** What the server is made of, as the API sees it. Made once, in main. */
export interface Services {
  executor: Executor;
  cache: FactsCache;
  feed: ChangeFeed;
  sessions: Sessions;
  limits: Limits;
  /** The clinic of a public address, or null. */
  clinicIdBySlug(slug: string): Promise<string | null>;
  /** A patient whose name, birth date and contact are just these, or null. */
  findSamePatient(
    clinicId: string,
    who: Pick<Patient, 'givenName' | 'familyName' | 'birthDate' | 'email' | 'phone'>,
  ): Promise<string | null>;
  now(): Instant;
}

export interface Context {
  services: Services;
  /** Where the request comes from, for limits. */
  address: string;
  /** The access token, as sent. */
  bearer: string | null;
}

const t = initTRPC.context<Context>().create({
  errorFormatter: ({ shape, error }) => ({
    ...shape,
    message: medicDataOf(error).message,
    data: {
      code: shape.data.code,
      httpStatus: shape.data.httpStatus,
      path: shape.data.path,
      medic: medicDataOf(error),
    },
  }),
  sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 40_000 } },
});

export const router = t.router;

/** Gives Medic's own errors their tRPC code. */
const translated = t.middleware(async ({ next }) => {
  const result = await next();
  if (!result.ok && result.error.cause instanceof MedicError) {
    throw new TRPCError({
      code: trpcCodes[result.error.cause.code],
      message: result.error.cause.message,
      cause: result.error.cause,
    });
  }
  return result;
});

export const publicProcedure = t.procedure.use(translated);

/** For staff: `ctx.signedIn` says who, by the token alone. */
export const staffProcedure = publicProcedure.use(async ({ ctx, next }) => {
  if (ctx.bearer === null) throw new MedicError('auth.required');
  const signedIn: SignedIn = await ctx.services.sessions.authenticate(ctx.bearer);
  return await next({ ctx: { ...ctx, signedIn } });
});

export const createCallerFactory = t.createCallerFactory;

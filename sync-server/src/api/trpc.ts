import { MedicError } from '@medic/shared/errors';
import type { Appointment, AppointmentEvent } from '@medic/shared/model/appointment';
import type { AttentionItem } from '@medic/shared/model/attention-item';
import type { Clinic } from '@medic/shared/model/clinic';
import type { Patient } from '@medic/shared/model/patient';
import type { WaitlistEntry } from '@medic/shared/model/waitlist';
import type { Instant } from '@medic/shared/time/instant';
import { initTRPC, TRPCError } from '@trpc/server';
import type { Executor } from '../acts/execute';
import type { FactsCache } from '../acts/facts-cache';
import type { ManageLinks } from '../auth/manage-links';
import type { Sessions, SignedIn } from '../auth/sessions';
import type { VisitorCodes } from '../auth/visitor-codes';
import type { VisitorProofs } from '../auth/visitor-proof';
import type { VisitorSessions } from '../auth/visitor-sessions';
import type { ChangeFeed } from '../changes/feed';
import { medicDataOf, trpcCodes } from './errors';
import type { Limits } from './limits';
import type { Pushes } from './pushes';

/** What the server is made of, as the API sees it. Made once, in main. */
export interface Services {
  executor: Executor;
  cache: FactsCache;
  feed: ChangeFeed;
  pushes: Pushes;
  sessions: Sessions;
  limits: Limits;
  proofs: VisitorProofs;
  codes: VisitorCodes;
  portal: VisitorSessions;
  records: PortalReads;
  links: ManageLinks;
  now(): Instant;
}

/** What is held about patients, read for themselves. */
export interface PortalReads {
  visitsOf(clinicId: string, patientIds: readonly string[]): Promise<Appointment[]>;
  visit(clinicId: string, id: string): Promise<Appointment | null>;
  timelineOf(clinicId: string, visitId: string): Promise<AppointmentEvent[]>;
  patient(clinicId: string, id: string): Promise<Patient | null>;
  entriesOf(clinicId: string, patientIds: readonly string[]): Promise<WaitlistEntry[]>;
  entry(clinicId: string, id: string): Promise<WaitlistEntry | null>;
  questionsOf(clinicId: string, patientId: string): Promise<AttentionItem[]>;
  /** Everything about one person; that it was given out is written into the audit log. */
  export(clinic: Clinic, patientId: string, now: Instant): Promise<object | null>;
}

export interface Cookies {
  get(name: string): string | null;
  /** HttpOnly always, and for TLS alone where there is TLS. */
  set(name: string, value: string, options: { sameSite: 'lax' | 'strict'; maxAgeSeconds: number }): void;
  clear(name: string): void;
}

export interface Context {
  services: Services;
  /** Where the request comes from, for limits. */
  address: string;
  /** The access token, as sent. */
  bearer: string | null;
  cookies: Cookies;
  /** The request was made by a page of another site. */
  foreign: boolean;
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
  sse: { ping: { enabled: true, intervalMs: 10_000 }, client: { reconnectAfterInactivityMs: 40_000 } },
});

export const router = t.router;

/** Gives Medic's own errors their tRPC code. */
const translated = t.middleware(async ({ next }) => {
  const result = await next();
  if (!result.ok) throw inTrpcsWords(result.error.cause) ?? result.error;
  return result;
});

function inTrpcsWords(error: unknown): TRPCError | null {
  if (!(error instanceof MedicError)) return null;
  return new TRPCError({ code: trpcCodes[error.code], message: error.message, cause: error });
}

/** For what a stream meets after it has begun, where no middleware hears of it. */
export async function* translatedStream<T>(stream: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* stream;
  } catch (error) {
    throw inTrpcsWords(error) ?? error;
  }
}

export const publicProcedure = t.procedure.use(translated);

/**
 * For what visitors change. Their cookies travel by themselves, so the page that asks has to be one of ours: a browser
 * says which it is, and what is no browser has nobody's cookies to misuse.
 */
export const visitorProcedure = publicProcedure.use(async ({ ctx, type, next }) => {
  if (type === 'mutation' && ctx.foreign) throw new MedicError('request.foreign');
  return await next();
});

/** For staff: `ctx.signedIn` says who, by the token alone. */
export const staffProcedure = publicProcedure.use(async ({ ctx, next }) => {
  if (ctx.bearer === null) throw new MedicError('auth.required');
  const signedIn: SignedIn = await ctx.services.sessions.authenticate(ctx.bearer);
  return await next({ ctx: { ...ctx, signedIn } });
});

export const createCallerFactory = t.createCallerFactory;

/** Acts of visitors and patients: who acts, asking once, and a refusal in words that tell of nobody else. */
import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Actor, RefusalReason } from '@medic/shared/acts/act';
import type { Facts } from '@medic/shared/acts/facts';
import { type ActArgs, type ActName, acts } from '@medic/shared/acts/registry';
import type { Slot } from '@medic/shared/availability/query';
import { MedicError } from '@medic/shared/errors';
import { uuidv7 } from '@medic/shared/model/id';
import type { Patient } from '@medic/shared/model/patient';
import { holderOf, isVisitorSecret, newVisitorSecret } from '../auth/visitors';
import { type FreeTime, freeTime, publicReason } from './public-pages';
import type { Context, Services } from './trpc';

const visitorCookie = 'visitor';
/** Longer than any hold, and no longer than a visitor is likely to come back. */
const visitorCookieSeconds = 24 * 3600;

/** How this browser's holds are marked; null where it has none yet. */
export function visitorHolder(ctx: Context): string | null {
  const secret = ctx.cookies.get(visitorCookie);
  return secret !== null && isVisitorSecret(secret) ? holderOf(secret) : null;
}

/** As above, and a browser without a mark gets one. */
export function markedHolder(ctx: Context): string {
  const known = ctx.cookies.get(visitorCookie);
  const secret = known !== null && isVisitorSecret(known) ? known : newVisitorSecret();
  ctx.cookies.set(visitorCookie, secret, { sameSite: 'lax', maxAgeSeconds: visitorCookieSeconds });
  return holderOf(secret);
}

export function visitorActor(holder: string | null): Actor {
  return {
    kind: 'patient',
    id: null,
    name: '',
    roles: [],
    rights: [],
    doctorId: null,
    ...(holder === null ? {} : { holder }),
  };
}

export function patientActor(patient: Patient): Actor {
  return { ...visitorActor(null), id: patient.id, name: `${patient.givenName} ${patient.familyName}` };
}

export interface VisitorRequest<N extends ActName> {
  clinicId: string;
  actor: Actor;
  act: N;
  args: ActArgs<N>;
  /** Arguments that are made for each try: in them the same request may differ. */
  made: readonly (keyof ActArgs<N> & string)[];
  /** Of what was made, the ids under which nothing can be there yet. */
  freshIds?: readonly string[];
  requestId: string;
}

export interface PublicRefusal {
  kind: 'refused';
  reasons: { code: string; text: string }[];
  alternatives: FreeTime[];
}

/** Done, with the arguments of when it was done first; or refused, in words. */
export async function runForVisitor<N extends ActName>(
  services: Services,
  facts: Facts,
  request: VisitorRequest<N>,
): Promise<{ kind: 'done'; args: ActArgs<N> } | PublicRefusal> {
  const { clinicId, actor, act, args, requestId, freshIds = [] } = request;
  const intent = await services.executor.execute({
    clinicId,
    actor,
    act,
    actVersion: acts[act].version,
    args,
    requestId,
    device: null,
    baseSeq: 0,
    madeAt: null,
    freshIds,
  });
  if (intent.status === 'failed') throw new MedicError('internal', `${act} failed for a visitor`);
  if (intent.status === 'refused') {
    const { reasons, alternatives } = intent.outcome as { reasons: RefusalReason[]; alternatives: Slot[] };
    return {
      kind: 'refused',
      reasons: reasons.map(publicReason),
      alternatives: alternatives.map((slot) => freeTime(facts, slot)),
    };
  }
  if (!isSameRequest(intent.args, args as Record<string, unknown>, request.made)) {
    throw new MedicError('input.invalid', 'the id of a request was used for another', {
      personMessage: 'This was asked for before with other details. Try again',
    });
  }
  return { kind: 'done', args: intent.args as ActArgs<N> };
}

/** An id stands for one wish: it is not answered with what became of another. */
function isSameRequest(
  before: Record<string, unknown>,
  now: Record<string, unknown>,
  made: readonly string[],
): boolean {
  return Object.keys(now).every((name) => made.includes(name) || isDeepStrictEqual(before[name], now[name]));
}

export function newId(services: Services): string {
  return uuidv7(services.now(), randomBytes(10));
}

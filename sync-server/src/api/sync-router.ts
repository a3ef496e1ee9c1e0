import { MedicError } from '@medic/shared/errors';
import type { Intent } from '@medic/shared/model/intent';
import {
  type PushAnswer,
  pullRequest,
  pushedIntent,
  pushRequest,
  wireVersion,
} from '@medic/shared/sync/wire';
import { tracked } from '@trpc/server';
import { z } from 'zod';
import type { SignedIn } from '../auth/sessions';
import type { Viewer } from '../changes/scope';
import { router, type Services, staffProcedure } from './trpc';

export const syncRouter = router({
  pull: staffProcedure.input(pullRequest).query(({ ctx, input }) => {
    requireWire(input.wireVersion);
    return ctx.services.feed.pull(viewerOf(ctx.signedIn), input);
  }),

  /** One by one, in the order of their numbers. What one of them meets stops none of the others. */
  push: staffProcedure.input(pushRequest).mutation(async ({ ctx, input }): Promise<PushAnswer> => {
    requireWire(input.wireVersion);
    const order = input.intents
      .map((raw, index) => ({ raw, index }))
      .sort((a, b) => numberOf(a.raw) - numberOf(b.raw));
    const answers = new Array<PushAnswer['intents'][number]>(order.length);
    for (const { raw, index } of order)
      answers[index] = { ...(await decide(ctx.services, ctx.signedIn, raw)), recordKind: 'intent' };
    return { intents: answers };
  }),

  wake: staffProcedure
    .input(z.object({ lastEventId: z.string().max(40).nullish() }).optional())
    .subscription(async function* ({ ctx, signal }) {
      const stop = signal ?? new AbortController().signal;
      for await (const wake of ctx.services.feed.wakes(ctx.signedIn.clinicId, stop))
        yield tracked(String(wake.seq), wake);
    }),
});

function requireWire(version: number): void {
  if (version !== wireVersion && version !== wireVersion - 1)
    throw new MedicError('wire.version', `client speaks ${version}, server ${wireVersion}`);
}

function numberOf(raw: Record<string, unknown>): number {
  return typeof raw.n === 'number' ? raw.n : Number.MAX_SAFE_INTEGER;
}

function viewerOf({ clinicId, user, device }: SignedIn): Viewer {
  return {
    clinicId,
    userId: user.id,
    deviceId: device.id,
    roles: user.roles,
    doctorId: user.doctorId,
    locationIds: user.locationIds,
  };
}

async function decide(services: Services, signedIn: SignedIn, raw: Record<string, unknown>): Promise<Intent> {
  const { recordKind: _kind, ...rest } = raw;
  const parsed = pushedIntent.safeParse(rest);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return unkept(
      rest,
      signedIn,
      'input.invalid',
      `This request is malformed (${issue?.path.join('.')}: ${issue?.message})`,
    );
  }
  const intent = parsed.data;
  // Whose it is says the session. An intent that claims otherwise is not decided and leaves no row.
  if (intent.clinicId !== signedIn.clinicId)
    return unkept(rest, signedIn, 'auth.forbidden', 'This request is for another clinic');
  if (intent.deviceId !== signedIn.device.id)
    return unkept(rest, signedIn, 'auth.forbidden', 'This request was made on another device');
  if (intent.userId !== signedIn.user.id)
    return unkept(rest, signedIn, 'auth.forbidden', 'This request was made by somebody else');
  if (intent.n === null || intent.n < 1)
    return unkept(rest, signedIn, 'input.invalid', 'This request has no number');
  try {
    return await services.executor.execute({
      clinicId: intent.clinicId,
      actor: signedIn.actor,
      act: intent.act,
      actVersion: intent.actVersion,
      args: intent.args,
      requestId: intent.id,
      device: { id: signedIn.device.id, n: intent.n },
      baseSeq: intent.baseSeq,
      madeAt: intent.madeAt,
    });
  } catch (error) {
    if (error instanceof MedicError && error.code === 'input.invalid')
      return unkept(rest, signedIn, error.code, error.personMessage);
    throw error;
  }
}

/** The answer to an intent that could not even be kept: the desk shows it and goes on with the next. */
function unkept(raw: Record<string, unknown>, signedIn: SignedIn, code: string, message: string): Intent {
  return {
    id: typeof raw.id === 'string' ? raw.id : '',
    clinicId: signedIn.clinicId,
    seq: 0,
    deleted: false,
    deviceId: signedIn.device.id,
    n: typeof raw.n === 'number' ? raw.n : null,
    userId: signedIn.user.id,
    act: typeof raw.act === 'string' ? raw.act : '',
    actVersion: 1,
    args: {},
    baseSeq: 0,
    madeAt: signedIn.device.lastSeenAt,
    status: 'failed',
    outcomeSeq: null,
    decidedAt: null,
    outcome: { code, message },
  };
}

/** What a desk asks for all day: changes, outcomes, and to be woken. */
import { MedicError } from '@medic/shared/errors';
import { syncReport } from '@medic/shared/sync/report';
import {
  firstLookRequest,
  oldestWireVersion,
  type PushAnswer,
  pullRequest,
  pushRequest,
  wakeRequest,
  wireVersion,
} from '@medic/shared/sync/wire';
import { tracked } from '@trpc/server';
import { z } from 'zod';
import type { SignedIn } from '../auth/sessions';
import { eventIdOf } from '../changes/feed';
import type { Viewer } from '../changes/scope';
import { log } from '../telemetry/log';
import { router, staffProcedure, translatedStream } from './trpc';

export const syncRouter = router({
  pull: staffProcedure
    .input(spoken(pullRequest))
    .query(({ ctx, input }) => ctx.services.feed.pull(viewerOf(ctx.signedIn), input)),

  firstLook: staffProcedure
    .input(spoken(firstLookRequest))
    .query(({ ctx, input }) => ctx.services.feed.firstLook(viewerOf(ctx.signedIn), input)),

  push: staffProcedure
    .input(spoken(pushRequest))
    .mutation(async ({ ctx, input, signal }): Promise<PushAnswer> => {
      const { feed, pushes } = ctx.services;
      const { clinicId } = ctx.signedIn;
      // What a restored server has lost has to come first: until the desk knows of it, nothing is decided.
      const before = await feed.standing(clinicId, input);
      if (before.reset !== null) return { intents: [], ...before };
      const intents = await pushes.push(ctx.signedIn, input.intents, signal);
      return { intents, ...(await feed.standing(clinicId, {})) };
    }),

  /** How sync stands at a desk that somebody asks for help with: numbers and codes, for whoever reads the log. */
  report: staffProcedure.input(syncReport).mutation(async ({ ctx, input }) => {
    const { clinicId, device } = ctx.signedIn;
    await ctx.services.limits.report(device.id);
    log.info({ clinicId, deviceId: device.id, report: input }, 'a desk sent a report on its sync');
    return {};
  }),

  wake: staffProcedure.input(wakeRequest.optional()).subscription(async function* ({ ctx, input, signal }) {
    const { feed, sessions } = ctx.services;
    const { clinicId, device } = ctx.signedIn;
    const subscription = {
      clinicId,
      deviceId: device.id,
      lastEventId: input?.lastEventId ?? null,
      brings: input?.brings ?? false,
      viewerNow: async () => viewerOf(await sessions.look(ctx.signedIn)),
    };
    const wakes = feed.wakes(subscription, signal ?? new AbortController().signal);
    for await (const wake of translatedStream(wakes)) yield tracked(eventIdOf(wake), wake);
  }),
});

/** Looks at the version before the shape: of another version the shape may be anything, and is nobody's fault. */
function spoken<S extends z.ZodType>(shape: S): (raw: unknown) => z.output<S> {
  return (raw) => {
    const version = z.looseObject({ wireVersion: z.int() }).safeParse(raw).data?.wireVersion;
    if (version !== undefined && (version < oldestWireVersion || version > wireVersion)) {
      throw new MedicError('wire.version', `client speaks ${version}, server ${wireVersion}`, {
        ...(version > wireVersion
          ? { personMessage: 'This desk is newer than the server. The server has to be updated' }
          : {}),
        details: { wire: { oldest: oldestWireVersion, newest: wireVersion } },
      });
    }
    return shape.parse(raw);
  };
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

import { email, oneOf, slug, text, uuid } from '@medic/shared/model/fields';
import { z } from 'zod';
import { publicProcedure, router, staffProcedure } from './trpc';

export const authRouter = router({
  signIn: publicProcedure
    .input(
      z.object({
        clinic: slug(),
        email: email().toLowerCase(),
        password: z.string().min(1).max(200),
        device: z.object({ id: uuid(), name: text(120), kind: oneOf(['desktop', 'web']) }),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      await ctx.services.limits.signIn(ctx.address, `${input.clinic} ${input.email}`);
      return await ctx.services.sessions.signIn(input);
    }),

  refresh: publicProcedure
    .input(z.object({ refreshToken: z.string().max(200) }))
    .mutation(({ ctx, input }) => ctx.services.sessions.refresh(input.refreshToken)),

  /** For admins: the desks of the clinic. */
  devices: staffProcedure.query(({ ctx }) => ctx.services.sessions.devices(ctx.signedIn)),

  /** For admins: a lost desk wipes itself at its next contact. */
  revokeDevice: staffProcedure.input(z.object({ deviceId: uuid() })).mutation(async ({ ctx, input }) => {
    await ctx.services.sessions.revokeDevice(ctx.signedIn, input.deviceId);
    return {};
  }),

  /** For admins: somebody who left signs in no more, and their desks wipe themselves at their next contact. */
  deactivateUser: staffProcedure.input(z.object({ userId: uuid() })).mutation(async ({ ctx, input }) => {
    await ctx.services.sessions.deactivateUser(ctx.signedIn, input.userId);
    return {};
  }),

  signOut: staffProcedure.mutation(async ({ ctx }) => {
    await ctx.services.sessions.signOut(ctx.signedIn);
    return {};
  }),
});

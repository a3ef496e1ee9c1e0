import { authRouter } from './auth-router';
import { portalRouter } from './portal-router';
import { publicRouter } from './public-router';
import { syncRouter } from './sync-router';
import { createCallerFactory, router } from './trpc';

export const appRouter = router({
  auth: authRouter,
  sync: syncRouter,
  public: publicRouter,
  portal: portalRouter,
});

export type AppRouter = typeof appRouter;

/** The procedures without HTTP, for pages that are rendered here. */
export const createCaller = createCallerFactory(appRouter);

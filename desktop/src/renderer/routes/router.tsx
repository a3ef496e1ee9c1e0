import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { FreedBanner } from '../features/waitlist/freed-banner';
import { AgendaRoute, agendaSearch } from './agenda-route';
import { AttentionRoute } from './attention-route';
import { Broken } from './broken';
import { useDialogs } from './dialogs';
import { Dialogs } from './dialogs-layer';
import { PatientsRoute } from './patients-route';
import { Rail } from './rail';
import classes from './router.module.css';
import { useGlobalKeys } from './use-global-keys';
import { WaitlistRoute } from './waitlist-route';

const root = createRootRoute({
  component: Frame,
  notFoundComponent: Nowhere,
  errorComponent: Broken,
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/agenda', replace: true });
  },
});

const agenda = createRoute({
  getParentRoute: () => root,
  path: '/agenda',
  component: AgendaRoute,
  validateSearch: agendaSearch,
});
const patients = createRoute({ getParentRoute: () => root, path: '/patients', component: PatientsRoute });
const waitlist = createRoute({ getParentRoute: () => root, path: '/waitlist', component: WaitlistRoute });
const attention = createRoute({ getParentRoute: () => root, path: '/attention', component: AttentionRoute });

const routeTree = root.addChildren([home, agenda, patients, waitlist, attention]);

/** Addresses live behind the `#`: the same in Electron's file and under the server's `/desk`. */
export function deskRouter() {
  return createRouter({ routeTree, history: createHashHistory(), defaultErrorComponent: Broken });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof deskRouter>;
  }
}

function Frame() {
  useGlobalKeys();
  const { dialog, open } = useDialogs();
  return (
    <div className={classes.frame}>
      <Rail />
      <div className={classes.page}>
        <FreedBanner dialogOpen={dialog !== null} onOffer={(time) => open({ kind: 'offer', time })} />
        <div className={classes.rest}>
          <Outlet />
        </div>
      </div>
      <Dialogs />
    </div>
  );
}

function Nowhere() {
  return (
    <main className={classes.nowhere}>
      <h1>There is no page here</h1>
      <p>
        Your work is safe. <a href="#/agenda">Go to the agenda</a>
      </p>
    </main>
  );
}

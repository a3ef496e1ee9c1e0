/** Starts the renderer: which platform, the session, then the screens. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { desktopBridge, desktopPlatform } from './platform/desktop';
import { keepShellOffline, webPlatform } from './platform/web';
import { openServices } from './replica/session/desk-session';
import { openTrpcApi } from './replica/sync/trpc-api';
import { App } from './routes/app';

async function start(): Promise<void> {
  const bridge = desktopBridge();
  const platform = bridge ? await desktopPlatform(bridge) : webPlatform();
  const services = openServices(platform, openTrpcApi(platform.info.serverUrl));
  const root = document.getElementById('root');
  if (!root) throw new Error('Broken invariant: the page has no root');
  createRoot(root).render(
    <StrictMode>
      <App services={services} />
    </StrictMode>,
  );
  if (bridge) return;
  // It runs all the same; only the next start needs the network.
  await keepShellOffline().catch((error: unknown) => console.warn('not kept for starting offline', error));
}

start().catch((error: unknown) => {
  console.error('the desk could not start', error);
  document.body.textContent =
    'Medic could not start. Load the page again; if that does not help, tell your administrator.';
});

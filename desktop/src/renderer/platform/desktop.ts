/** The platform of Electron: every wish goes through the bridge to main. */
import { bridgeName, type DesktopBridge } from '../../ipc/channels';
import type { Platform } from './platform';

export function desktopBridge(): DesktopBridge | null {
  return (globalThis as { [bridgeName]?: DesktopBridge })[bridgeName] ?? null;
}

export async function desktopPlatform(bridge: DesktopBridge): Promise<Platform> {
  const [info, isProtected] = await Promise.all([
    bridge.request('app:info'),
    bridge.request('secrets:protected'),
  ]);
  return {
    // The page's own origin: main hands `/api` on to the server.
    info: { kind: 'desktop', serverUrl: '', ...info },
    secrets: {
      protected: isProtected,
      get: (key) => bridge.request('secrets:get', key),
      set: (key, value) => bridge.request('secrets:set', key, value),
      remove: (key) => bridge.request('secrets:remove', key),
    },
    openExternal: (url) => bridge.request('shell:open', url),
    notify: ({ title, body }) => bridge.request('notifications:show', title, body),
    setTheme: (choice) => bridge.request('window:theme', choice),
    print: () => bridge.request('window:print'),
  };
}

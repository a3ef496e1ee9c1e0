/** The platform of Electron: every wish goes through the bridge to main. */
import { JournalError, type JournalFile } from '@medic/shared/sync/journal';
import { bridgeName, type DesktopBridge, type JournalRefusal } from '../../ipc/channels';
import { noKeyHandover } from './key-handover';
import { type Platform, UnprotectedComputer } from './platform';

export function desktopBridge(): DesktopBridge | null {
  return (globalThis as { [bridgeName]?: DesktopBridge })[bridgeName] ?? null;
}

function journalOver(bridge: DesktopBridge, name: string): JournalFile {
  return {
    read: async () => {
      const answer = await bridge.request('journal:read', name);
      if (answer instanceof Uint8Array) return answer;
      throw new JournalError(answer.refused, answer.message);
    },
    append: async (bytes) => accepted(await bridge.request('journal:append', name, bytes)),
    replace: async (bytes) => accepted(await bridge.request('journal:replace', name, bytes)),
  };
}

function accepted(refusal: JournalRefusal | null): void {
  if (refusal) throw new JournalError(refusal.refused, refusal.message);
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
    replicaKey: {
      ofMachine: async () => {
        const answer = await bridge.request('key:replica');
        if ('unprotected' in answer) throw new UnprotectedComputer(answer.advice);
        // A copy of its own: what came over the bridge may lie in a buffer with other things.
        return new Uint8Array(answer);
      },
      handover: noKeyHandover(),
    },
    journals: {
      open: (name) => journalOver(bridge, name),
      remove: async (name) => accepted(await bridge.request('journal:remove', name)),
    },
    openExternal: (url) => bridge.request('shell:open', url),
    notify: ({ title, body }) => bridge.request('notifications:show', title, body),
    setTheme: (choice) => bridge.request('window:theme', choice),
    print: () => bridge.request('window:print'),
  };
}

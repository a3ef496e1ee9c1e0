/**
 * An unlocked key from page to page, through memory only. A second tab asks the first; a page that is loaded again
 * finds it with the service worker, with which the old one left it for a few seconds. So a reload asks for no
 * password, and nothing that opens the replica is ever written to the disk.
 */

export interface UnlockedKey {
  userId: string;
  bytes: Uint8Array<ArrayBuffer>;
}

export interface KeyHandover {
  /** Gives this key to pages that ask; null: has none to give any more. */
  offer(key: UnlockedKey | null): void;
  /** What another page has unlocked. */
  ask(): Promise<UnlockedKey | null>;
  /** Locks every other page. */
  tellLocked(): void;
  onLocked(listener: () => void): void;
}

type Message = { kind: 'ask' } | { kind: 'key'; key: UnlockedKey } | { kind: 'locked' };

/** Another tab answers within a few milliseconds, but for one that is busy. Where there is none, the lock screen waits. */
const answerWithinMs = 1_000;

/** Of a browser. Without a service worker (no TLS, development) a reload asks for the password. */
export function openKeyHandover(): KeyHandover {
  const channel = new BroadcastChannel('medic-key');
  const lockListeners = new Set<() => void>();
  let offered: UnlockedKey | null = null;
  let asking: ((key: UnlockedKey) => void) | null = null;

  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'ask') {
      if (offered) tell({ kind: 'key', key: offered });
    } else if (data.kind === 'key') asking?.(data.key);
    else for (const listener of lockListeners) listener();
  };
  addEventListener('pagehide', () => {
    if (offered) tellWorker({ type: 'KEEP_KEY', key: offered });
  });

  function tell(message: Message): void {
    channel.postMessage(message);
  }

  async function askPages(): Promise<UnlockedKey | null> {
    return await new Promise((resolve) => {
      const timer = setTimeout(() => resolve(null), answerWithinMs);
      asking = (key) => {
        clearTimeout(timer);
        resolve(key);
      };
      tell({ kind: 'ask' });
    });
  }

  return {
    offer(key) {
      offered = key;
    },
    async ask() {
      return (await takeFromWorker()) ?? (await askPages());
    },
    tellLocked() {
      offered = null;
      tellWorker({ type: 'FORGET_KEY' });
      tell({ kind: 'locked' });
    },
    onLocked(listener) {
      lockListeners.add(listener);
    },
  };
}

/** Of Electron, which has one window and asks the operating system. */
export function noKeyHandover(): KeyHandover {
  return {
    offer: () => undefined,
    ask: async () => null,
    tellLocked: () => undefined,
    onLocked: () => undefined,
  };
}

function tellWorker(message: unknown, transfer: Transferable[] = []): boolean {
  const worker = 'serviceWorker' in navigator ? navigator.serviceWorker.controller : null;
  worker?.postMessage(message, transfer);
  return worker !== null;
}

async function takeFromWorker(): Promise<UnlockedKey | null> {
  const { port1, port2 } = new MessageChannel();
  try {
    return await new Promise((resolve) => {
      // A worker that the browser has to start first takes longer than a tab that is there.
      const timer = setTimeout(() => resolve(null), 2_000);
      port1.onmessage = ({ data }: MessageEvent<UnlockedKey | null>) => {
        clearTimeout(timer);
        resolve(data);
      };
      if (!tellWorker({ type: 'TAKE_KEY' }, [port2])) {
        clearTimeout(timer);
        resolve(null);
      }
    });
  } finally {
    port1.close();
  }
}

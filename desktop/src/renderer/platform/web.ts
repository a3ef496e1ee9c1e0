/** The platform of a browser. */
import { openKeyHandover } from './key-handover';
import type { AppInfo, Platform, Secrets } from './platform';

declare const __APP_VERSION__: string;

const secretPrefix = 'medic:';

/**
 * A browser has no place that its own pages cannot read: what stands here is as safe as the page's scripts and the
 * computer's account are. That is why tokens are short-lived, bound to a device and can be revoked.
 */
const webSecrets: Secrets = {
  protected: false,
  get: async (key) => localStorage.getItem(secretPrefix + key),
  set: async (key, value) => localStorage.setItem(secretPrefix + key, value),
  remove: async (key) => localStorage.removeItem(secretPrefix + key),
};

export function webPlatform(): Platform {
  return {
    info: {
      kind: 'web',
      version: __APP_VERSION__,
      deviceName: browserName(),
      serverUrl: '',
      operatingSystem: operatingSystem(),
    },
    secrets: webSecrets,
    replicaKey: { ofMachine: async () => null, handover: openKeyHandover() },
    journals: null,
    openExternal: async (url) => {
      const { protocol } = new URL(url, location.href);
      if (!['https:', 'http:', 'mailto:', 'tel:'].includes(protocol))
        throw new Error(`not opened: ${protocol}`);
      window.open(url, '_blank', 'noopener,noreferrer');
    },
    notify: async ({ title, body }) => {
      if (typeof Notification === 'undefined') return;
      if (Notification.permission === 'default') await Notification.requestPermission();
      if (Notification.permission === 'granted') new Notification(title, { body });
    },
    // The page's own colours are the page's business, and there is no frame of ours around it.
    setTheme: async () => undefined,
    print: async () => window.print(),
  };
}

/**
 * Lets `/desk/` open without a network. A newer version that waits is taken at the start, before anybody has
 * typed anything; while the desk is open it is never changed under one's hands.
 */
export async function keepShellOffline(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const controlled = navigator.serviceWorker.controller !== null;
  const registration = await navigator.serviceWorker.register(`${import.meta.env.BASE_URL}sw.js`, {
    scope: import.meta.env.BASE_URL,
  });
  if (registration.waiting && controlled) {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    registration.waiting.postMessage({ type: 'SKIP_WAITING' });
  }
  const hourMs = 3_600_000;
  setInterval(() => {
    if (navigator.onLine)
      registration.update().catch((error: unknown) => console.warn('no look for a new version', error));
  }, hourMs);
}

function browserName(): string {
  const agent = navigator.userAgent;
  const browser = /Edg\//.test(agent)
    ? 'Edge'
    : /Firefox\//.test(agent)
      ? 'Firefox'
      : /Chrome\//.test(agent)
        ? 'Chrome'
        : 'Safari';
  const system = { windows: 'Windows', mac: 'Mac', linux: 'Linux', other: 'tablet or phone' }[
    operatingSystem()
  ];
  return `${browser} on ${system}`;
}

function operatingSystem(): AppInfo['operatingSystem'] {
  const agent = navigator.userAgent;
  if (/Windows/.test(agent)) return 'windows';
  if (/Android|iPhone|iPad/.test(agent)) return 'other';
  if (/Macintosh/.test(agent)) return 'mac';
  return /Linux|CrOS/.test(agent) ? 'linux' : 'other';
}

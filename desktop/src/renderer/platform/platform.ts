/**
 * What the app needs of the machine it runs on. In Electron it is filled by what preload exposes, in a browser by
 * `web.ts`; nothing else of the renderer knows which.
 */

export interface AppInfo {
  kind: 'desktop' | 'web';
  version: string;
  /** What this computer is called, as the device list shows it; a guess that a person may correct. */
  deviceName: string;
  /** Origin of the sync server, without a path; empty for the origin that served the page. */
  serverUrl: string;
  operatingSystem: 'windows' | 'mac' | 'linux' | 'other';
}

/** Small texts that must not lie open on the disk: session tokens, the replica's key. */
export interface Secrets {
  /** Whether the operating system protects them. False in a browser, where they lie in its storage as they are. */
  readonly protected: boolean;
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<void>;
  remove(key: string): Promise<void>;
}

export type ThemeChoice = 'system' | 'light' | 'dark';

export interface Platform {
  readonly info: AppInfo;
  readonly secrets: Secrets;
  /** Opens an http(s), mailto or tel address outside the app; refuses every other. */
  openExternal(url: string): Promise<void>;
  /** A notification of the system. Does nothing where the person has not allowed them. */
  notify(notification: { title: string; body: string }): Promise<void>;
  /** Tells the window's frame which theme is shown. */
  setTheme(choice: ThemeChoice): Promise<void>;
  /** Prints what the page's print styles show. */
  print(): Promise<void>;
}

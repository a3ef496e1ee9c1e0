/**
 * What the app needs of the machine it runs on. In Electron it is filled by what preload exposes, in a browser by
 * `web.ts`; nothing else of the renderer knows which.
 */
import type { JournalFile } from '@medic/shared/sync/journal';
import type { KeyHandover } from './key-handover';

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

/** Files beside the browser's storage, one per name, for what has to outlive it. */
export interface JournalFiles {
  open(name: string): JournalFile;
  remove(name: string): Promise<void>;
}

/** What opens the replica without a password. */
export interface ReplicaKey {
  /**
   * The key that the operating system keeps for this computer, made at the first ask; null in a browser, which has
   * no such place. Rejects with an `UnprotectedComputer` where the system has none.
   */
  ofMachine(): Promise<Uint8Array<ArrayBuffer> | null>;
  readonly handover: KeyHandover;
}

/** The message is the advice for the person. */
export class UnprotectedComputer extends Error {
  constructor(advice: string) {
    super(advice);
    this.name = 'UnprotectedComputer';
  }
}

export type ThemeChoice = 'system' | 'light' | 'dark';

export interface Platform {
  readonly info: AppInfo;
  readonly secrets: Secrets;
  readonly replicaKey: ReplicaKey;
  /** Null where there are no files, as in a browser: the queue then lies in the browser's storage alone. */
  readonly journals: JournalFiles | null;
  /** Opens an http(s), mailto or tel address outside the app; refuses every other. */
  openExternal(url: string): Promise<void>;
  /** A notification of the system. Does nothing where the person has not allowed them. */
  notify(notification: { title: string; body: string }): Promise<void>;
  /** Tells the window's frame which theme is shown. */
  setTheme(choice: ThemeChoice): Promise<void>;
  /** Prints what the page's print styles show. */
  print(): Promise<void>;
}

/** What main and the renderer say to each other: names and signatures. Types only; each side has its own code. */

export interface DesktopInfo {
  version: string;
  deviceName: string;
  operatingSystem: 'windows' | 'mac' | 'linux' | 'other';
}

export type WindowTheme = 'system' | 'light' | 'dark';

/** Why a journal was not written; the file is then as it was. */
export interface JournalRefusal {
  refused: 'full' | 'io';
  message: string;
}

/** Where the operating system protects nothing, Medic keeps no patients: `advice` says what a person can do. */
export interface NoProtection {
  unprotected: true;
  advice: string;
}

/** Asked by the renderer, answered by main. */
export interface Requests {
  'app:info': { args: []; answer: DesktopInfo };
  'secrets:protected': { args: []; answer: boolean };
  'secrets:get': { args: [key: string]; answer: string | null };
  'secrets:set': { args: [key: string, value: string]; answer: void };
  'secrets:remove': { args: [key: string]; answer: void };
  /** The key of this computer's replica, 32 bytes; made at the first ask. */
  'key:replica': { args: []; answer: Uint8Array | NoProtection };
  'journal:read': { args: [name: string]; answer: Uint8Array | JournalRefusal };
  /** Answers null when the bytes are on the disk. */
  'journal:append': { args: [name: string, bytes: Uint8Array]; answer: JournalRefusal | null };
  'journal:replace': { args: [name: string, bytes: Uint8Array]; answer: JournalRefusal | null };
  'journal:remove': { args: [name: string]; answer: JournalRefusal | null };
  'shell:open': { args: [url: string]; answer: void };
  'notifications:show': { args: [title: string, body: string]; answer: void };
  'window:theme': { args: [theme: WindowTheme]; answer: void };
  'window:print': { args: []; answer: void };
}

export type RequestName = keyof Requests;

/** What preload puts on `window` in Electron. */
export interface DesktopBridge {
  request<N extends RequestName>(name: N, ...args: Requests[N]['args']): Promise<Requests[N]['answer']>;
}

export const bridgeName = 'medicDesktop';

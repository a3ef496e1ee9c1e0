/** What main and the renderer say to each other: names and signatures. Types only; each side has its own code. */

export interface DesktopInfo {
  version: string;
  deviceName: string;
  operatingSystem: 'windows' | 'mac' | 'linux' | 'other';
}

export type WindowTheme = 'system' | 'light' | 'dark';

/** Asked by the renderer, answered by main. */
export interface Requests {
  'app:info': { args: []; answer: DesktopInfo };
  'secrets:protected': { args: []; answer: boolean };
  'secrets:get': { args: [key: string]; answer: string | null };
  'secrets:set': { args: [key: string, value: string]; answer: void };
  'secrets:remove': { args: [key: string]; answer: void };
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

/** What the tabs of one replica tell each other besides what the store tells: who syncs, and how that goes. */
import type { SyncStatus } from './desk';

/** What only the tab that syncs knows. */
export type LeaderStatus = Pick<
  SyncStatus,
  'phase' | 'firstPull' | 'online' | 'offlineSince' | 'lastContactAt' | 'clockOffsetMs' | 'problem'
>;

export type TabMessage =
  | { kind: 'status'; status: LeaderStatus }
  | { kind: 'who-syncs' }
  | { kind: 'sync-now' }
  /** The session was renewed by signing in again. */
  | { kind: 'session-renewed' }
  /** A report was written or seen. */
  | { kind: 'reports' }
  | { kind: 'signed-out'; notice: string | null };

export class TabLink {
  readonly #channel: BroadcastChannel;

  constructor(databaseName: string, heard: (message: TabMessage) => void) {
    this.#channel = new BroadcastChannel(`${databaseName}-tabs`);
    this.#channel.onmessage = (event: MessageEvent<TabMessage>) => heard(event.data);
  }

  /** To all other tabs. */
  tell(message: TabMessage): void {
    this.#channel.postMessage(message);
  }

  close(): void {
    this.#channel.onmessage = null;
    this.#channel.close();
  }
}

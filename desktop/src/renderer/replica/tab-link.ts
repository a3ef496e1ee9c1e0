/** What the tabs of one replica tell each other besides what the store tells: who syncs, and how that goes. */
import type { CollectionName } from '@medic/shared/model/records';
import type { SyncStatus } from './desk';

/** What only the tab that syncs knows. */
export type LeaderStatus = Pick<
  SyncStatus,
  | 'phase'
  | 'missing'
  | 'firstPull'
  | 'online'
  | 'offlineSince'
  | 'lastContactAt'
  | 'clockOffsetMs'
  | 'problem'
>;

export type TabMessage =
  /** `reached`: how far each collection has come, which rows alone do not tell: some never come here. */
  | { kind: 'status'; status: LeaderStatus; reached: readonly (readonly [CollectionName, number])[] }
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

/**
 * What the screens see of the replica: facts with the pending intents laid over them, one way to act, and the
 * truth about sync. Features use this and the hooks; nothing else of the replica.
 */

import type { Decision, Refused } from '@medic/shared/acts/act';
import type { Facts } from '@medic/shared/acts/facts';
import type { ActArgs, ActName } from '@medic/shared/acts/registry';
import type { Intent } from '@medic/shared/model/intent';
import type { Patient } from '@medic/shared/model/patient';
import type { CollectionName } from '@medic/shared/model/records';
import type { User } from '@medic/shared/model/user';
import type { SyncReport } from '@medic/shared/sync/report';
import type { Instant } from '@medic/shared/time/instant';

export interface SyncStatus {
  /**
   * `starting` until there is something to show: what lies on the disk, or the first look at these days. `filling` until
   * all of it has come once.
   */
  phase: 'starting' | 'filling' | 'ready';
  /** What has never come as a whole; empty once ready. What has come is shown all the same. */
  missing: readonly CollectionName[];
  /** Rows pulled in the first pull, for its progress; null once ready. */
  firstPull: { rows: number; collectionsDone: number; collections: number } | null;
  online: boolean;
  /** Since when the server does not answer; null while it does. */
  offlineSince: Instant | null;
  /** Intents that the server has not answered. */
  unsent: number;
  /** Open attention items, and pending intents that the overlay refuses already. */
  needsAttention: number;
  /** The last answer of the server; null before the first. */
  lastContactAt: Instant | null;
  /** Whether the browser promised to keep the storage; null where it was not asked yet. */
  storagePersisted: boolean | null;
  /** The server's clock minus this computer's, as known last; the desk counts with the server's. */
  clockOffsetMs: number;
  /** Places whose clock changes this computer and the server know differently. */
  zonesDiffer: readonly string[];
  /**
   * Whether unsent work also lies in a journal beside the browser's storage: `none` where there is no place for one,
   * `failed` when the disk did not take it or the file could not be read.
   */
  journal: 'kept' | 'none' | 'failed';
  /** In words for the person, when something stands in the way (a session that ended, an old version). */
  problem: { kind: 'signed-out' | 'version' | 'storage' | 'server'; message: string } | null;
}

export interface PendingIntent {
  intent: Intent;
  /** How the overlay decided it last: a refusal here is known before the server says it. */
  decision: Decision;
  /** Was acknowledged before, and waits again only because the server was restored. */
  again: boolean;
}

/** What was found of the queue when the desk was opened, where it was not all in its place. */
export interface Rebuilt {
  /** Found in the journal and not in the store. */
  fromJournal: number;
  /** Stretches of the journal that are damaged, and records that do not open with this key. */
  damaged: number;
  unreadable: number;
  /** Waited here when the desk was used last, and are nowhere. */
  lost: number;
}

/** Something that this desk alone knows of and a person has to read. It stays until it is dismissed. */
export type DeskNotice =
  /** The server could not even keep this intent. */
  | { kind: 'failed'; id: string; at: Instant; intent: Intent }
  /** The server was restored; what it had lost of this desk's work was sent again. */
  | { kind: 'restored'; id: string; at: Instant; again: number; refused: number; known: number }
  /** The browser's copy was gone or incomplete, and the queue came back from the journal; or not all of it did. */
  | ({ kind: 'rebuilt'; id: string; at: Instant } & Rebuilt);

export type Reported = { kind: 'sent' } | { kind: 'failed'; message: string };

export type Performed = { kind: 'done'; intentId: string } | Refused;

export interface PatientHit {
  patient: Patient;
  /** Higher is better; for sorting only. */
  score: number;
  /** The ranges that matched, for emphasis: `[start, end)` within given and family name. */
  givenMatch: readonly [number, number] | null;
  familyMatch: readonly [number, number] | null;
  /** The name that matched, where it stands in a record that was merged into this one. */
  formerName?: string;
}

export interface Desk {
  readonly clinicId: string;
  readonly clinicSlug: string;
  readonly user: User;
  readonly deviceId: string;
  /** The replica with the pending intents over it. A new object after every change. */
  readonly facts: Facts;
  /** Ids of records that a pending intent made or changed: drawn as not sent. */
  readonly tentative: ReadonlySet<string>;
  /** In the order in which they are sent. */
  readonly pending: readonly PendingIntent[];
  readonly status: SyncStatus;
  readonly notices: readonly DeskNotice[];
  /** A person has read it and it need not be shown any more. */
  dismiss(noticeId: string): Promise<void>;
  /** How sync stands, without a word about any patient. */
  diagnose(): Promise<SyncReport>;
  /** Sends that to the server, into its log. The message says why it could not be. */
  sendReport(): Promise<Reported>;
  /** The time by which the desk judges (the server's where known). */
  now(): Instant;
  newId(): string;
  subscribe(listener: () => void): () => void;
  /** What an act would do now, without doing it. */
  preview<N extends ActName>(act: N, args: ActArgs<N>): Decision;
  /**
   * Decides over what is shown; when done, keeps the intent (durably, before it resolves), shows it and sends it.
   * A refusal keeps nothing.
   */
  perform<N extends ActName>(act: N, args: ActArgs<N>): Promise<Performed>;
  /** By letters of both names in either order, accents ignored, phone digits or birth date; best first. */
  searchPatients(query: string, limit: number): PatientHit[];
  syncNow(): void;
  signOut(): Promise<void>;
}

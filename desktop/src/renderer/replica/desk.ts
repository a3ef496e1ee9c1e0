/**
 * What the screens see of the replica: facts with the pending intents laid over them, one way to act, and the
 * truth about sync. Features use this and the hooks; nothing else of the replica.
 */

import type { Decision, Refused } from '@medic/shared/acts/act';
import type { Facts } from '@medic/shared/acts/facts';
import type { ActArgs, ActName } from '@medic/shared/acts/registry';
import type { Intent } from '@medic/shared/model/intent';
import type { Patient } from '@medic/shared/model/patient';
import type { User } from '@medic/shared/model/user';
import type { Instant } from '@medic/shared/time/instant';

export interface SyncStatus {
  /** `starting` until the replica is read from disk and, the first time, pulled. */
  phase: 'starting' | 'ready';
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
  /** In words for the person, when something stands in the way (a session that ended, an old version). */
  problem: { kind: 'signed-out' | 'version' | 'storage' | 'server'; message: string } | null;
}

export interface PendingIntent {
  intent: Intent;
  /** How the overlay decided it last: a refusal here is known before the server says it. */
  decision: Decision;
}

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

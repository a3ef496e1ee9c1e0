/** How sync stands, for the panel and for whoever is asked to help: counts, numbers and codes, nothing about anybody. */
import { type ActName, acts } from '@medic/shared/acts/registry';
import { collectionNames } from '@medic/shared/model/records';
import type { SyncReport } from '@medic/shared/sync/report';
import { wireVersion } from '@medic/shared/sync/wire';
import type { Instant } from '@medic/shared/time/instant';
import type { PendingIntent, SyncStatus } from '../desk';
import type { ReplicaDatabase } from '../store/database';
import type { ReplicaFacts } from '../view/replica-facts';
import type { LoggedError } from './error-log';

export interface DiagnosticsHost {
  app: SyncReport['app'];
  now(): Instant;
  deviceId: string;
  database: ReplicaDatabase;
  replica: ReplicaFacts;
  status: SyncStatus;
  pending: readonly PendingIntent[];
  backedUpSeq: number | null;
  transport: SyncReport['transport'];
  errors: readonly LoggedError[];
}

export async function diagnose(host: DiagnosticsHost): Promise<SyncReport> {
  const { database, replica, status, pending } = host;
  const { problem, ...rest } = status;
  const intents = [...replica.intents.values()].filter(({ status }) => status !== 'pending');
  return {
    at: host.now(),
    app: host.app,
    wireVersion,
    deviceId: host.deviceId,
    epoch: await database.notes.epoch(),
    backedUpSeq: host.backedUpSeq,
    transport: host.transport,
    status: {
      ...rest,
      missing: [...rest.missing],
      zonesDiffer: [...rest.zonesDiffer],
      problem: problem?.kind ?? null,
    },
    collections: await Promise.all(
      collectionNames.map(async (name) => ({
        name,
        rows: [...replica.idsOf(name)].length,
        checkpoint: replica.reached(name),
        complete: (await database.notes.pullNote(name)).complete,
      })),
    ),
    pending: counted(pending.map(({ intent }) => actName(intent.act))),
    pendingRefused: pending.filter(({ decision }) => decision.kind === 'refused').length,
    answered: counted(intents.map(({ status }) => status)),
    refusals: counted(intents.flatMap(({ outcome }) => codesIn(outcome))),
    errors: [...host.errors],
    storage: await storageUsed(),
  };
}

/** An act that is none could be called anything. */
function actName(name: string): ActName | 'unknown' {
  return Object.hasOwn(acts, name) ? (name as ActName) : 'unknown';
}

function codesIn(outcome: Record<string, unknown>): string[] {
  const reasons = Array.isArray(outcome.reasons) ? (outcome.reasons as { code?: unknown }[]) : [];
  return reasons.flatMap(({ code }) =>
    typeof code === 'string' && /^[a-z-]{1,30}$/.test(code) ? [code] : [],
  );
}

function counted(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

async function storageUsed(): Promise<SyncReport['storage']> {
  if (typeof navigator === 'undefined' || !navigator.storage?.estimate)
    return { usedBytes: null, quotaBytes: null };
  const { usage, quota } = await navigator.storage.estimate();
  return { usedBytes: usage ?? null, quotaBytes: quota ?? null };
}

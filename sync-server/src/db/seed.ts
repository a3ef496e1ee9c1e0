/** Writes the demo clinic. Not through acts: it arranges a past that nobody acted out. */
import { randomUUID } from 'node:crypto';
import { appointment } from '@medic/shared/model/appointment';
import { appointmentSeries } from '@medic/shared/model/appointment-series';
import { appointmentType } from '@medic/shared/model/appointment-type';
import { attentionItem } from '@medic/shared/model/attention-item';
import { availabilityException } from '@medic/shared/model/availability-exception';
import { calendarConnection, externalBusyTime } from '@medic/shared/model/calendar';
import { type Clinic, clinic, clinicClock } from '@medic/shared/model/clinic';
import { dayNote } from '@medic/shared/model/day-note';
import { doctor } from '@medic/shared/model/doctor';
import { location } from '@medic/shared/model/location';
import { messagePlan, messageTemplate } from '@medic/shared/model/notification';
import { patient } from '@medic/shared/model/patient';
import type { RecordDefinition } from '@medic/shared/model/record';
import { scheduleTemplate } from '@medic/shared/model/schedule-template';
import { timeOffRequest } from '@medic/shared/model/time-off-request';
import { user } from '@medic/shared/model/user';
import { waitlistEntry } from '@medic/shared/model/waitlist';
import {
  type DemoBatch,
  type DemoKind,
  type DemoScale,
  demoBatches,
} from '@medic/shared/testing/demo-clinic';
import {
  demoPassword,
  demoSignIns,
  demoSlug,
  demoTimeZone,
} from '@medic/shared/testing/demo-clinic-directory';
import { instant } from '@medic/shared/time/instant';
import { localDate } from '@medic/shared/time/zone';
import { hash } from '@node-rs/argon2';
import { clinicIdBySlug, takeClock } from './clinics';
import type { Pool } from './pool';
import { insertRows } from './records';
import { inClinic, type Transaction } from './transaction';

export interface SeedOptions {
  scale: DemoScale;
  /** Epoch milliseconds: the day around which the visits lie. */
  now: number;
  /** The seed of the demo's chance; another one gives another clinic of the same kind. */
  seed?: number;
  /** Told now and then how far it is. */
  onProgress?: (message: string) => void;
}

export interface SignIn {
  role: 'admin' | 'reception' | 'doctor';
  email: string;
  password: string;
}

export interface SeedResult {
  clinicId: string;
  slug: string;
  signIns: SignIn[];
  /** False where the clinic was there already, of whatever scale; then nothing was written. */
  created: boolean;
}

const definitions: Record<DemoKind, RecordDefinition> = {
  clinic,
  location,
  doctor,
  user,
  appointmentType,
  scheduleTemplate,
  availabilityException,
  timeOffRequest,
  messageTemplate,
  messagePlan,
  calendarConnection,
  externalBusyTime,
  dayNote,
  patient,
  attentionItem,
  appointmentSeries,
  appointment,
  waitlistEntry,
};

/**
 * All or nothing: one transaction, so that a seed that was killed leaves no half clinic behind, and of two at once
 * one waits for the other and finds the clinic there. Inside, each batch has a turn of the clinic's clock, as acts
 * would have. It keeps nobody waiting, since no one knows the clinic before the commit.
 */
export async function seedDemo(
  adminPool: Pool,
  { scale, now, seed, onProgress }: SeedOptions,
): Promise<SeedResult> {
  const signIns = (['admin', 'reception', 'doctor'] as const).map((role) => ({
    role,
    email: demoSignIns[role],
    password: demoPassword,
  }));
  const existing = await clinicIdBySlug(adminPool, demoSlug);
  if (existing !== null) return { clinicId: existing, slug: demoSlug, signIns, created: false };

  const at = instant(now);
  const batches = demoBatches({
    scale,
    today: localDate(at, demoTimeZone),
    now: at,
    ...(seed === undefined ? {} : { seed }),
  });
  const first = batches.next().value as DemoBatch & { kind: 'clinic' };
  const [own] = first.records as [Clinic];
  const created = await inClinic(adminPool, own.id, async (tx) => {
    if (!(await insertClinic(tx, own))) return false;
    await insertAll(tx, own.id, batches, onProgress ?? (() => undefined));
    return true;
  });
  const clinicId = created ? own.id : await clinicIdBySlug(adminPool, demoSlug);
  return { clinicId: clinicId ?? own.id, slug: demoSlug, signIns, created };
}

/** False where somebody else has just made it. */
async function insertClinic(tx: Transaction, own: Clinic): Promise<boolean> {
  // The clock refers to the clinic, and the clinic is stamped by the clock: its first turn is taken by hand.
  await tx.query("SELECT set_config('medic.seq', '1', true)");
  if ((await insertRows(tx, clinic, [own], { orIgnore: true })) === 0) return false;
  await insertRows(tx, clinicClock, [{ clinicId: own.id, seq: 1, epoch: randomUUID() }]);
  return true;
}

async function insertAll(
  tx: Transaction,
  clinicId: string,
  batches: Iterable<DemoBatch>,
  onProgress: (message: string) => void,
): Promise<void> {
  const counts = { patient: 0, appointment: 0 };
  let toldAt = 0;
  let analyzedAt = 0;
  for (const batch of batches) {
    await takeClock(tx, clinicId);
    await insertBatch(tx, batch);
    if (batch.kind === 'user') await setPasswords(tx, clinicId);
    if (batch.kind !== 'patient' && batch.kind !== 'appointment') continue;
    counts[batch.kind] += batch.records.length;
    const written = counts.patient + counts.appointment;
    if (
      written > 4 * analyzedAt ||
      (analyzedAt > 0 && batch.kind === 'appointment' && counts.appointment === batch.records.length)
    ) {
      await analyze(tx);
      analyzedAt = written;
    }
    if (counts.appointment - toldAt < 10_000) continue;
    toldAt = counts.appointment;
    onProgress(`${counts.patient} patients, ${counts.appointment} visits`);
  }
  await analyze(tx);
  onProgress(`${counts.patient} patients, ${counts.appointment} visits`);
}

/**
 * Without it the planner takes the tables for empty, and the checks of foreign keys go through an index on the clinic
 * alone, row by row: 4,700 visits took 9 s, with it 2 s.
 */
async function analyze(tx: Transaction): Promise<void> {
  await tx.query('ANALYZE patients, appointments, appointment_events');
}

/** Parents, then their children: these find their parents stamped already. */
async function insertBatch(tx: Transaction, { kind, records }: DemoBatch): Promise<void> {
  const definition = definitions[kind];
  await insertRows(tx, definition, records);
  for (const { field, record } of definition.children) {
    const children = records.flatMap((each) => (each as unknown as Record<string, unknown[]>)[field] ?? []);
    await insertRows(tx, record, children as Record<string, unknown>[]);
  }
}

/** As `auth/passwords.ts` has it, which the database may not know; a hash carries its own cost. */
const hashCost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** One hash for all: it is slow on purpose, and this password is no secret. */
async function setPasswords(tx: Transaction, clinicId: string): Promise<void> {
  await tx.query('UPDATE users SET password_hash = $2 WHERE clinic_id = $1', [
    clinicId,
    await hash(demoPassword, hashCost),
  ]);
}

/** What must be true at the end of a run, each told in words when it is not. */
import { holdsSlot } from '@medic/shared/model/appointment';
import { type RecordKind, syncedRecords } from '@medic/shared/model/records';
import type { Instant } from '@medic/shared/time/instant';
import type { Desk } from '../desktop/src/renderer/replica/desk';
import type { Pool } from '../sync-server/src/db/pool';
import type { AllRows } from './permitted-rows';

const kinds = Object.keys(syncedRecords) as RecordKind[];

/** What is spoiled on the way is kept as it was made by the desk, and as it came by the server. */
const spoiledFields = new Set(['act', 'actVersion', 'args', 'madeAt', 'baseSeq']);

/**
 * Where what a desk shows and what it may see are not the same; empty when they are. `untilPurged` is what it could see
 * when it last let go of what had become too old: some of that may still be there.
 */
export function differences(
  desk: Desk,
  permitted: AllRows,
  untilPurged: AllRows,
  spoiled: (intentId: string) => boolean,
): string[] {
  const found: string[] = [];
  for (const kind of kinds) {
    const mayLinger = new Set((untilPurged[kind] as { id: string }[]).map(({ id }) => id));
    const held = new Map([...desk.facts.all(kind)].map((record) => [record.id, record]));
    for (const record of permitted[kind]) {
      const here = held.get(record.id);
      held.delete(record.id);
      if (!here) found.push(`${kind} ${record.id} (seq ${record.seq}) is missing`);
      else {
        const isSpoiled = kind === 'intent' && spoiled(record.id);
        const fields = fieldsThatDiffer(here, record, isSpoiled ? spoiledFields : new Set());
        if (fields.length > 0) found.push(`${kind} ${record.id}: ${fields.join('; ')}`);
      }
    }
    for (const [id, record] of held)
      if (!mayLinger.has(id)) found.push(`${kind} ${id} (seq ${record.seq}) is there and should not be`);
  }
  return found;
}

function fieldsThatDiffer(here: object, there: object, but: ReadonlySet<string>): string[] {
  const a = here as Record<string, unknown>;
  const b = there as Record<string, unknown>;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((field) =>
    but.has(field) || canonical(a[field]) === canonical(b[field])
      ? []
      : [`${field} is ${canonical(a[field])}, in Postgres ${canonical(b[field])}`.slice(0, 300)],
  );
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? 'nothing'
  );
}

/** Two visits that keep the same time of a doctor or a room, though neither is overbooked. By hand, pair by pair. */
export function overlaps(rows: AllRows): string[] {
  const found: string[] = [];
  const keeping = rows.appointment
    .filter((visit) => !visit.deleted && holdsSlot(visit.status))
    .sort((a, b) => a.reservedFrom - b.reservedFrom);
  for (const [i, a] of keeping.entries()) {
    for (const b of keeping.slice(i + 1)) {
      if (b.reservedFrom >= a.reservedUntil) break;
      const sameGroup =
        a.capacity > 1 &&
        a.doctorId === b.doctorId &&
        a.appointmentTypeId === b.appointmentTypeId &&
        a.locationId === b.locationId &&
        a.startsAt === b.startsAt;
      if (sameGroup && a.seat !== b.seat) continue;
      if (a.doctorId === b.doctorId && !a.overbooked && !b.overbooked)
        found.push(`visits ${a.id} and ${b.id} keep the same time of one doctor`);
      if (a.roomId !== null && a.roomId === b.roomId && !a.roomOverbooked && !b.roomOverbooked && !sameGroup)
        found.push(`visits ${a.id} and ${b.id} keep the same time of one room`);
    }
  }
  return found;
}

/** An act that somebody was told is saved. */
export interface Promised {
  intentId: string;
  act: string;
  args: Record<string, unknown>;
  desk: string;
  userId: string;
  at: Instant;
}

/** What a person at the desk can see of what did not come to be: by the ids of the intents. */
export function shownInAttention(desk: Desk): Set<string> {
  const shown = new Set<string>();
  for (const item of desk.facts.all('attentionItem')) if (item.intentId !== null) shown.add(item.intentId);
  for (const notice of desk.notices) if (notice.kind === 'failed') shown.add(notice.intent.id);
  for (const { intent, decision } of desk.pending) if (decision.kind === 'refused') shown.add(intent.id);
  return shown;
}

/** Each intent that was promised is in Postgres once, and what was done took effect once. */
export async function intentsOnce(
  pool: Pool,
  rows: AllRows,
  promised: readonly Promised[],
  isExcused: (promise: Promised) => boolean,
): Promise<string[]> {
  const found: string[] = [];
  const known = new Map(rows.intent.map((intent) => [intent.id, intent]));
  for (const promise of promised) {
    const intent = known.get(promise.intentId);
    if (!intent) {
      if (!isExcused(promise))
        found.push(`${promise.act} ${promise.intentId} of ${promise.desk} was promised and is nowhere`);
    } else if (intent.status === 'pending')
      found.push(`${promise.act} ${promise.intentId} was never decided`);
  }
  const numbers = new Set<string>();
  for (const { deviceId, n, id } of rows.intent) {
    if (deviceId === null) continue;
    const key = `${deviceId} ${n}`;
    if (numbers.has(key)) found.push(`intent ${id} has the number of another, ${key}`);
    numbers.add(key);
  }
  // The log of what was done is written by the same transaction as its effect: one entry each.
  const { rows: logged } = await pool.query<{ id: string; times: number }>(
    `SELECT subject_id AS id, count(*)::int AS times FROM audit_log WHERE subject_kind = 'intent' GROUP BY subject_id`,
  );
  const times = new Map(logged.map(({ id, times }) => [id, times]));
  for (const { id, act } of rows.intent)
    if (times.get(id) !== 1) found.push(`${act} ${id} was done ${times.get(id) ?? 0} times by the audit log`);
  const visits = new Set(rows.appointment.map(({ id }) => id));
  for (const { id, act, args, status } of rows.intent)
    if (status === 'done' && bookings.has(act) && !visits.has(String(args.appointmentId)))
      found.push(`${act} ${id} was done, and its visit is nowhere`);
  found.push(...(await effectsOnce(pool)));
  return found;
}

const bookings = new Set([
  'appointment.book',
  'appointment.book-online',
  'appointment.propose',
  'appointment.overbook',
  'waitlist.accept',
]);

/** What the audit log says was changed, against what stands in the timelines: an act leaves one entry in each visit. */
async function effectsOnce(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ act: string; id: string; entries: number; changes: number }>(
    `WITH changes AS (
       SELECT split_part(action, ' ', 1) AS act, changed ->> 1 AS id, count(*)::int AS n
         FROM audit_log, jsonb_array_elements(details::jsonb -> 'changed') AS changed
        WHERE subject_kind = 'intent' AND changed ->> 0 = 'appointment' AND action LIKE '% done'
        GROUP BY 1, 2),
     entries AS (
       SELECT act, appointment_id::text AS id, count(*)::int AS n FROM appointment_events GROUP BY 1, 2)
     SELECT act, id, coalesce(entries.n, 0) AS entries, coalesce(changes.n, 0) AS changes
       FROM changes FULL JOIN entries USING (act, id)
      WHERE coalesce(entries.n, 0) > coalesce(changes.n, 0)`,
  );
  return rows.map(
    ({ act, id, entries, changes }) =>
      `${act} stands ${entries} times in the timeline of ${id}, and changed it ${changes} times`,
  );
}

/**
 * What the first screen of a desk needs, before its collections are there: who works where, and the visits of some days
 * with their patients. For showing only, so it comes without a checkpoint.
 */

import type { RecordDefinition } from '@medic/shared/model/record';
import { type RecordKind, syncedRecords, type WireDocument } from '@medic/shared/model/records';
import type { FirstLook, FirstLookRequest } from '@medic/shared/sync/wire';
import type { Instant } from '@medic/shared/time/instant';
import { dayMs } from '@medic/shared/time/instant';
import { readClock } from '../db/clinics';
import type { Pool } from '../db/pool';
import { type Condition, clinicHere, readWhere } from '../db/records';
import { inClinic } from '../db/transaction';
import { standingOf } from './pull';
import { scopeCondition, scopeOf, shownFields, type Viewer } from './scope';

const longestMs = 31 * dayMs;

/** Which rows of a kind, over the alias `t`, `$from` and `$until` being the window; every row where nothing is said. */
const shown: Partial<Record<RecordKind, string | null>> = {
  clinic: null,
  user: null,
  doctor: null,
  location: null,
  appointmentType: null,
  scheduleTemplate: null,
  // A local date begins and ends up to 14 hours beside that of UTC.
  availabilityException: `t.date BETWEEN ($from AT TIME ZONE 'UTC')::date - 1 AND ($until AT TIME ZONE 'UTC')::date + 1`,
  dayNote: `t.date BETWEEN ($from AT TIME ZONE 'UTC')::date - 1 AND ($until AT TIME ZONE 'UTC')::date + 1`,
  timeOffRequest: 't.ends_at > $from AND t.starts_at < $until',
  externalBusyTime: 't.ends_at > $from AND t.starts_at < $until',
  slotHold: 't.expires_at > $from AND t.starts_at < $until',
  attentionItem: "t.status = 'open'",
  // Doctor by doctor, for the index; a visit is no longer than a day.
  appointment: `t.doctor_id = ANY(ARRAY(SELECT id FROM doctors WHERE clinic_id = ${clinicHere}))
    AND t.starts_at > $from - interval '1 day' AND t.starts_at < $until AND t.reserved_until > $from`,
  patient: `t.id IN (SELECT a.patient_id FROM appointments a WHERE a.clinic_id = ${clinicHere}
    AND a.doctor_id = ANY(ARRAY(SELECT id FROM doctors WHERE clinic_id = ${clinicHere}))
    AND a.starts_at > $from - interval '1 day' AND a.starts_at < $until AND a.reserved_until > $from)`,
};

export async function firstLook(
  pool: Pool,
  viewer: Viewer,
  { from, until }: Omit<FirstLookRequest, 'wireVersion'>,
  now: Instant,
): Promise<FirstLook> {
  const scope = scopeOf(viewer, now);
  const end = Math.min(until, from + longestMs) as Instant;
  return await inClinic(
    pool,
    viewer.clinicId,
    async (tx) => {
      const [clock, ...kinds] = await Promise.all([
        readClock(tx, viewer.clinicId),
        ...(Object.entries(shown) as [RecordKind, string | null][]).map(async ([kind, text]) => {
          const rows = await readWhere(tx, syncedRecords[kind] as RecordDefinition, [
            (first) => scopeCondition(kind, scope, first),
            (first) => within(text, from, end, first),
          ]);
          return rows.map(
            (row) => ({ ...shownFields(kind, row, scope), recordKind: kind }) as unknown as WireDocument,
          );
        }),
      ]);
      return { documents: kinds.flat(), ...standingOf(clock, now) };
    },
    { readOnly: true, isolation: 'repeatable read' },
  );
}

function within(text: string | null, from: Instant, until: Instant, first: number): Condition | null {
  if (text === null) return null;
  if (!text.includes('$from')) return { sql: text, values: [] };
  return {
    sql: text
      .replaceAll('$from', `$${first}::timestamptz`)
      .replaceAll('$until', `$${first + 1}::timestamptz`),
    values: [new Date(from).toISOString(), new Date(until).toISOString()],
  };
}

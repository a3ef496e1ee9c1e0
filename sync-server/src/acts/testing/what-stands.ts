/**
 * What stands in the database, looked at without any code of the acts, the engine or the constraints: who is at one
 * time in two places, and whether each visit's timeline tells all that became of it.
 */
import type { AppointmentEvent } from '@medic/shared/model/appointment';
import type { Pool } from '../../db/pool';

/** Of one, or where none is named of all. */
function ofClinic(column: string): string {
  return `($1::uuid IS NULL OR ${column} = $1)`;
}

/** Written from the fields themselves, not from the generated columns that the constraints look at. */
const holding = `status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled') AND NOT deleted`;
const sameGroup = `a.capacity > 1 AND b.capacity = a.capacity AND a.doctor_id = b.doctor_id AND a.location_id = b.location_id
  AND a.appointment_type_id = b.appointment_type_id AND a.starts_at = b.starts_at`;

/** Pairs of visits that take one doctor, one room or one seat at the same time, though nobody overbooked either. */
export async function doubleBookings(pool: Pool, clinicId: string | null = null): Promise<string[]> {
  const { rows } = await pool.query<{ found: string }>(
    `
    WITH held AS (SELECT * FROM appointments WHERE ${holding} AND ${ofClinic('clinic_id')})
    SELECT 'doctor ' || a.id || ' ' || b.id AS found FROM held a JOIN held b ON a.clinic_id = b.clinic_id AND a.id < b.id
     WHERE a.doctor_id = b.doctor_id AND a.reserved_from < b.reserved_until AND b.reserved_from < a.reserved_until
       AND NOT a.overbooked AND NOT b.overbooked AND NOT (${sameGroup})
    UNION ALL
    SELECT 'room ' || a.id || ' ' || b.id FROM held a JOIN held b ON a.clinic_id = b.clinic_id AND a.id < b.id
     WHERE a.room_id = b.room_id AND a.reserved_from < b.reserved_until AND b.reserved_from < a.reserved_until
       AND NOT a.room_overbooked AND NOT b.room_overbooked AND NOT (${sameGroup})
    UNION ALL
    SELECT 'seat ' || a.id || ' ' || b.id FROM held a JOIN held b ON a.clinic_id = b.clinic_id AND a.id < b.id
     WHERE ${sameGroup} AND a.seat = b.seat
    UNION ALL
    SELECT 'too many in ' || min(a.id::text) FROM held a WHERE a.capacity > 1
     GROUP BY a.clinic_id, a.doctor_id, a.location_id, a.appointment_type_id, a.starts_at HAVING count(*) > max(a.capacity)`,
    [clinicId],
  );
  return rows.map((row) => row.found);
}

interface Told {
  id: string;
  status: string;
  record: Record<string, unknown>;
  events: Pick<AppointmentEvent, 'act' | 'fromStatus' | 'toStatus' | 'changed'>[];
}

/** Fields of which the timeline tells every change: by what it says they must stand as they do. */
const toldFields: Readonly<Record<string, (row: Record<string, unknown>) => unknown>> = {
  doctorId: (row) => row.doctor_id,
  locationId: (row) => row.location_id,
  roomId: (row) => row.room_id,
  appointmentTypeId: (row) => row.appointment_type_id,
  patientId: (row) => row.patient_id,
  seriesId: (row) => row.series_id,
  startsAt: (row) => millis(row.starts_at),
  endsAt: (row) => millis(row.ends_at),
  reservedFrom: (row) => millis(row.reserved_from),
  reservedUntil: (row) => millis(row.reserved_until),
  overbooked: (row) => row.overbooked,
  roomOverbooked: (row) => row.room_overbooked,
  linkVersion: (row) => row.link_version,
  confirmedAt: (row) => millis(row.confirmed_at),
};

function millis(value: unknown): number | null {
  return value === null || value === undefined ? null : new Date(value as string).getTime();
}

/**
 * What is wrong with the timelines: each begins from nothing, goes on from where it was, and ends at what the visit is
 * now; each change of a field starts from the value that the one before left, and the last is the field's value.
 */
export async function timelineGaps(pool: Pool, clinicId: string | null = null): Promise<string[]> {
  const { rows } = await pool.query<Told>(
    `
    SELECT a.id, a.status, to_jsonb(a) AS record,
           coalesce(jsonb_agg(jsonb_build_object('act', e.act, 'fromStatus', e.from_status, 'toStatus', e.to_status, 'changed', e.changed)
             ORDER BY e.occurred_at, e.id) FILTER (WHERE e.id IS NOT NULL), '[]') AS events
      FROM appointments a LEFT JOIN appointment_events e ON e.clinic_id = a.clinic_id AND e.appointment_id = a.id
     WHERE NOT a.deleted AND ${ofClinic('a.clinic_id')} GROUP BY a.clinic_id, a.id`,
    [clinicId],
  );
  return rows.flatMap((visit) => gapsOf(visit).map((gap) => `${visit.id}: ${gap}`));
}

function gapsOf({ status, record, events }: Told): string[] {
  const gaps: string[] = [];
  let at: string | null = null;
  const known = new Map<string, unknown>();
  for (const event of events) {
    if (event.fromStatus !== at) gaps.push(`${event.act} goes on from ${event.fromStatus}, it was ${at}`);
    at = event.toStatus;
    for (const [field, [before, after]] of Object.entries(event.changed)) {
      if (known.has(field) && !isSame(known.get(field), before))
        gaps.push(`${event.act} changes ${field} from ${before}, it was ${known.get(field)}`);
      known.set(field, after);
    }
  }
  if (at !== status) gaps.push(`it is ${status}, the timeline ends at ${at}`);
  for (const [field, read] of Object.entries(toldFields)) {
    if (known.has(field) && !isSame(known.get(field), read(record)))
      gaps.push(`${field} is ${read(record)}, the timeline ends at ${known.get(field)}`);
  }
  return gaps;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

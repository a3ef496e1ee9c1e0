/**
 * Who sees what, decided in the pull. A row is in a device's scope or it is not; rows that leave go out as tombstones.
 */
import { createHash } from 'node:crypto';
import type { RecordKind } from '@medic/shared/model/records';
import { dayMs, type Instant } from '@medic/shared/time/instant';
import type { Condition } from '../db/records';

/** Visits that ended longer ago stay on the server. */
export const historyDays = 90;

export interface Viewer {
  clinicId: string;
  userId: string;
  deviceId: string;
  roles: readonly string[];
  doctorId: string | null;
  locationIds: readonly string[];
}

export interface Scope {
  /** Changes when the device may see something else: its replica is then pulled afresh. */
  fingerprint: string;
  /** Null sees every doctor. */
  doctorId: string | null;
  /** Null sees every place. */
  locationIds: readonly string[] | null;
  deviceId: string;
  visitsFrom: Instant;
}

export function scopeOf(viewer: Viewer, now: Instant): Scope {
  const everywhere = viewer.roles.includes('admin') || viewer.roles.includes('reception');
  const doctorId = everywhere ? null : (viewer.doctorId ?? '00000000-0000-0000-0000-000000000000');
  const locationIds =
    everywhere && !viewer.roles.includes('admin') && viewer.locationIds.length > 0
      ? [...viewer.locationIds].sort()
      : null;
  const told = JSON.stringify({ doctorId, locationIds, historyDays, version: 2 });
  return {
    fingerprint: createHash('sha256').update(told).digest('base64url').slice(0, 22),
    doctorId,
    locationIds,
    deviceId: viewer.deviceId,
    visitsFrom: (now - historyDays * dayMs) as Instant,
  };
}

/** The rows of a kind that are in scope, over the alias `t`, with parameters from `$first`; null is every row. */
export function scopeCondition(kind: RecordKind, scope: Scope, first: number): Condition | null {
  const { doctorId, locationIds, deviceId } = scope;
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${first + values.push(value) - 1}`;
  // As text: the driver would write a Date in the machine's zone.
  const visitsFrom = new Date(scope.visitsFrom).toISOString();
  /** Whether a visit is in scope, over another alias. */
  const visitInScope = (a: string): string => {
    const conditions = [`${a}.ends_at >= ${bind(visitsFrom)}::timestamptz`];
    if (doctorId !== null) conditions.push(`${a}.doctor_id = ${bind(doctorId)}::uuid`);
    if (locationIds !== null) conditions.push(`${a}.location_id = ANY(${bind(locationIds)}::uuid[])`);
    return conditions.join(' AND ');
  };
  /** Whether a doctor has to do with a waitlist entry: wanted by it, or offered to it. */
  const entryOf = (doctor: string, w: string): string =>
    `(${doctor}::uuid = ANY(${w}.doctor_ids) OR EXISTS (SELECT FROM waitlist_offers o
        WHERE o.clinic_id = ${w}.clinic_id AND o.entry_id = ${w}.id AND o.doctor_id = ${doctor}::uuid))`;
  const sql = ((): string | null => {
    if (kind === 'intent') return `t.device_id = ${bind(deviceId)}::uuid`;
    if (kind === 'appointment') return visitInScope('t');
    // A series goes where one of its visits is: one that was moved to another doctor brings it along.
    if (kind === 'appointmentSeries')
      return `EXISTS (SELECT FROM appointments a WHERE a.clinic_id = t.clinic_id AND a.series_id = t.id AND ${visitInScope('a')})`;
    if (doctorId === null) return null;
    const doctor = bind(doctorId);
    switch (kind) {
      case 'patient':
        return `(EXISTS (SELECT FROM appointments a WHERE a.clinic_id = t.clinic_id AND a.patient_id = t.id
                            AND a.doctor_id = ${doctor}::uuid AND a.ends_at >= ${bind(visitsFrom)}::timestamptz)
                 OR EXISTS (SELECT FROM waitlist_entries w WHERE w.clinic_id = t.clinic_id AND w.patient_id = t.id
                               AND w.status IN ('waiting', 'offered') AND NOT w.deleted AND ${entryOf(doctor, 'w')}))`;
      case 'patientMerge':
        return `EXISTS (SELECT FROM appointments a WHERE a.clinic_id = t.clinic_id AND a.patient_id IN (t.kept_id, t.merged_id)
                           AND a.doctor_id = ${doctor}::uuid AND a.ends_at >= ${bind(visitsFrom)}::timestamptz)`;
      case 'scheduleTemplate':
      case 'timeOffRequest':
      case 'slotHold':
      case 'externalBusyTime':
        return `t.doctor_id = ${doctor}::uuid`;
      case 'availabilityException':
        return `(t.doctor_id IS NULL OR t.doctor_id = ${doctor}::uuid)`;
      case 'attentionItem':
        return `(t.doctor_id = ${doctor}::uuid OR t.device_id = ${bind(deviceId)}::uuid)`;
      case 'waitlistEntry':
        return entryOf(doctor, 't');
      default:
        return null;
    }
  })();
  return sql === null ? null : { sql, values };
}

/**
 * Who sees what, decided in the pull: which rows are in a device's scope (`scopeCondition`), and which of their fields
 * it is shown (`shownFields`). Rows that leave the scope go out as tombstones. The README has both as tables.
 */
import { createHash } from 'node:crypto';
import type { ExternalBusyTime } from '@medic/shared/model/calendar';
import type { PatientMerge } from '@medic/shared/model/patient';
import type { SyncedRecord } from '@medic/shared/model/record';
import type { RecordKind } from '@medic/shared/model/records';
import type { SlotHold } from '@medic/shared/model/slot-hold';
import type { TimeOffRequest } from '@medic/shared/model/time-off-request';
import { historyDays, visitsSeenFrom } from '@medic/shared/sync/history-window';
import type { Instant } from '@medic/shared/time/instant';
import { type Condition, clinicHere } from '../db/records';

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
  userId: string;
  /** Whose own agenda it is, whatever else is seen. */
  ownDoctorId: string | null;
  /** Sees what is between a doctor and the clinic: why somebody is away, which calendar is theirs. */
  seesPersonal: boolean;
  visitsFrom: Instant;
}

const nobody = '00000000-0000-0000-0000-000000000000';

export function scopeOf(viewer: Viewer, now: Instant): Scope {
  const isAdmin = viewer.roles.includes('admin');
  const everyDoctor = isAdmin || viewer.roles.includes('reception');
  const scope = {
    doctorId: everyDoctor ? null : (viewer.doctorId ?? nobody),
    locationIds:
      everyDoctor && !isAdmin && viewer.locationIds.length > 0 ? [...viewer.locationIds].sort() : null,
    userId: viewer.userId,
    ownDoctorId: viewer.doctorId,
    seesPersonal: isAdmin,
  };
  const told = JSON.stringify({ ...scope, historyDays, version: 3 });
  return {
    ...scope,
    fingerprint: createHash('sha256').update(told).digest('base64url').slice(0, 22),
    deviceId: viewer.deviceId,
    visitsFrom: visitsSeenFrom(now),
  };
}

/** The rows of a kind that are in scope, over the alias `t`, with parameters from `$first`; null is every row. */
export function scopeCondition(kind: RecordKind, scope: Scope, first: number): Condition | null {
  const { doctorId, locationIds } = scope;
  const values: unknown[] = [];
  const bind = (value: unknown, type: string): string => `$${first + values.push(value) - 1}::${type}`;
  // As text: the driver would write a Date in the machine's zone.
  const from = () => bind(new Date(scope.visitsFrom).toISOString(), 'timestamptz');
  const places = () => bind(locationIds, 'uuid[]');
  /** Made by this person at this desk. On a desk that several share, nobody sees what the others asked for. */
  const madeHere = (alias: string): string =>
    `${alias}.device_id = ${bind(scope.deviceId, 'uuid')} AND ${alias}.user_id = ${bind(scope.userId, 'uuid')}`;
  /** Whether a visit is in scope, over another alias. */
  const visitInScope = (a: string): string => {
    const conditions = [`${a}.ends_at >= ${from()}`];
    if (doctorId !== null) conditions.push(`${a}.doctor_id = ${bind(doctorId, 'uuid')}`);
    if (locationIds !== null) conditions.push(`${a}.location_id = ANY(${places()})`);
    return conditions.join(' AND ');
  };
  /** Whether a doctor has to do with a waitlist entry: wanted by it, or offered to it. */
  const entryOf = (doctor: string, w: string): string =>
    `(${doctor} = ANY(${w}.doctor_ids) OR EXISTS (SELECT FROM waitlist_offers o
        WHERE o.clinic_id = ${w}.clinic_id AND o.entry_id = ${w}.id AND o.doctor_id = ${doctor}))`;

  /** Whoever sees every doctor, perhaps of some places only. */
  function everyDoctors(): string | null {
    if (locationIds === null) return null;
    switch (kind) {
      case 'dayNote':
        return `(t.location_id IS NULL OR t.location_id = ANY(${places()}))`;
      case 'waitlistEntry':
        return `(t.location_ids = '{}' OR t.location_ids && ${places()})`;
      case 'attentionItem':
        return `(t.appointment_id IS NULL OR ${madeHere('t')} OR ${itemsVisit()})`;
      default:
        return null;
    }
  }

  /** An item about a visit goes where the visit goes; the act that moves it stamps both. */
  const itemsVisit = (): string =>
    `EXISTS (SELECT FROM appointments a WHERE a.clinic_id = t.clinic_id AND a.id = t.appointment_id AND ${visitInScope('a')})`;

  function oneDoctors(id: string): string | null {
    const doctor = bind(id, 'uuid');
    switch (kind) {
      case 'patient':
        return `(EXISTS (SELECT FROM appointments a WHERE a.clinic_id = t.clinic_id AND a.patient_id = t.id
                            AND a.doctor_id = ${doctor} AND a.ends_at >= ${from()})
                 OR EXISTS (SELECT FROM waitlist_entries w WHERE w.clinic_id = t.clinic_id AND w.patient_id = t.id
                               AND w.status IN ('waiting', 'offered') AND NOT w.deleted AND ${entryOf(doctor, 'w')})
                 OR t.id IN (SELECT (i.args ->> 'patientId')::uuid FROM intents i
                              WHERE i.clinic_id = ${clinicHere} AND ${madeHere('i')}
                                AND i.act = 'patient.create' AND i.status = 'done' AND i.decided_at >= ${from()}))`;
      case 'patientMerge':
        return `EXISTS (SELECT FROM appointments a WHERE a.clinic_id = t.clinic_id AND a.patient_id IN (t.kept_id, t.merged_id)
                           AND a.doctor_id = ${doctor} AND a.ends_at >= ${from()})`;
      case 'scheduleTemplate':
      case 'timeOffRequest':
      case 'slotHold':
      case 'externalBusyTime':
        return `t.doctor_id = ${doctor}`;
      case 'availabilityException':
        return `(t.doctor_id IS NULL OR t.doctor_id = ${doctor})`;
      case 'attentionItem':
        return `((t.appointment_id IS NULL AND t.doctor_id = ${doctor}) OR ${madeHere('t')} OR ${itemsVisit()})`;
      case 'waitlistEntry':
        return entryOf(doctor, 't');
      case 'dayNote':
        return `(t.location_id IS NULL OR EXISTS (SELECT FROM doctor_locations d
                    WHERE d.clinic_id = t.clinic_id AND d.location_id = t.location_id AND d.doctor_id = ${doctor}))`;
      default:
        return null;
    }
  }

  const sql = ((): string | null => {
    if (kind === 'intent') return madeHere('t');
    if (kind === 'appointment') return visitInScope('t');
    // A series goes where one of its visits is: one that was moved to another doctor brings it along.
    if (kind === 'appointmentSeries')
      return `EXISTS (SELECT FROM appointments a WHERE a.clinic_id = t.clinic_id AND a.series_id = t.id AND ${visitInScope('a')})`;
    return doctorId === null ? everyDoctors() : oneDoctors(doctorId);
  })();
  return sql === null ? null : { sql, values };
}

/** What stands for a text that a device is not shown and that may not be empty. */
const hidden = '-';

/** A row as this device is shown it. Nothing that is hidden here is read by an act that this person may do. */
export function shownFields(kind: RecordKind, record: SyncedRecord, scope: Scope): SyncedRecord {
  return { ...record, ...hiddenFields(kind, record, scope) };
}

function hiddenFields(kind: RecordKind, record: SyncedRecord, scope: Scope): object {
  switch (kind) {
    case 'slotHold':
      // The hash of a visitor's secret: only the visitor's own requests are compared with it.
      return { holder: hidden } satisfies Partial<SlotHold>;
    case 'patientMerge':
      // Both records as they were, for whoever may take the merge back.
      return scope.doctorId === null ? {} : ({ snapshot: {} } satisfies Partial<PatientMerge>);
    case 'timeOffRequest':
      return seesPersonal(record, scope)
        ? {}
        : ({ reason: '', decisionNote: '' } satisfies Partial<TimeOffRequest>);
    case 'externalBusyTime':
      // A calendar's id is mostly a private address.
      return seesPersonal(record, scope)
        ? {}
        : ({ calendarId: hidden, externalId: hidden } satisfies Partial<ExternalBusyTime>);
    default:
      return {};
  }
}

function seesPersonal(record: SyncedRecord, scope: Scope): boolean {
  const { doctorId } = record as SyncedRecord & Pick<TimeOffRequest, 'doctorId'>;
  return scope.seesPersonal || doctorId === scope.ownDoctorId;
}

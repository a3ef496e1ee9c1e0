/**
 * What a desk may hold, said once more and otherwise: over whole tables and in plain code, after the table of who sees
 * what in the README of the server's `changes`. The pull says it in SQL, row by row as they change; both must agree.
 */
import type { Appointment } from '@medic/shared/model/appointment';
import type { RecordDefinition } from '@medic/shared/model/record';
import { type RecordKind, type SyncedOf, syncedRecords } from '@medic/shared/model/records';
import type { User } from '@medic/shared/model/user';
import { dayMs, type Instant } from '@medic/shared/time/instant';
import type { Pool } from '../sync-server/src/db/pool';
import { attachChildren, selectList } from '../sync-server/src/db/records';
import { inClinic } from '../sync-server/src/db/transaction';

export type AllRows = { [K in RecordKind]: SyncedOf<K>[] };

/** Every row of every replicated kind, deleted ones too. */
export async function readAllRows(adminPool: Pool, clinicId: string): Promise<AllRows> {
  return await inClinic(
    adminPool,
    clinicId,
    async (tx) => {
      const all: Partial<Record<RecordKind, unknown[]>> = {};
      for (const [kind, record] of Object.entries(syncedRecords) as [RecordKind, RecordDefinition][]) {
        const { rows } = await tx.query(
          `SELECT ${selectList(record)} FROM ${record.table} WHERE clinic_id = $1 ORDER BY id`,
          [clinicId],
        );
        await attachChildren(tx, record, rows);
        all[kind] = rows;
      }
      return all as AllRows;
    },
    { readOnly: true, isolation: 'repeatable read' },
  );
}

const historyMs = 90 * dayMs;

type Rule = { [K in RecordKind]: (record: SyncedOf<K>) => boolean };

/** The rows of each kind that a person may see at a device at this time, as they are shown. */
export function permittedRows(rows: AllRows, user: User, deviceId: string, now: Instant): AllRows {
  const isAdmin = user.roles.includes('admin');
  const seesAllDoctors = isAdmin || user.roles.includes('reception');
  const onlyPlaces =
    seesAllDoctors && !isAdmin && user.locationIds.length > 0 ? new Set(user.locationIds) : null;
  const me = user.doctorId;
  const isMine = (doctorId: string | null): boolean => me !== null && doctorId === me;
  const isRecent = (visit: Appointment): boolean => visit.endsAt >= now - historyMs;
  const seesVisit = (visit: Appointment): boolean =>
    isRecent(visit) &&
    (seesAllDoctors || isMine(visit.doctorId)) &&
    (onlyPlaces === null || onlyPlaces.has(visit.locationId));

  const visits = new Map(rows.appointment.map((visit) => [visit.id, visit]));
  const visibleVisits = rows.appointment.filter(seesVisit);
  const ofMine = rows.appointment.filter((visit) => isMine(visit.doctorId) && isRecent(visit));
  const myPatients = new Set(ofMine.map(({ patientId }) => patientId));
  const concernsMe = ({ doctorIds, offers }: SyncedOf<'waitlistEntry'>): boolean =>
    (me !== null && doctorIds.includes(me)) || offers.some(({ doctorId }) => isMine(doctorId));
  for (const entry of rows.waitlistEntry)
    if (['waiting', 'offered'].includes(entry.status) && !entry.deleted && concernsMe(entry))
      myPatients.add(entry.patientId);
  const madeHere = (record: { deviceId: string | null; userId: string | null }): boolean =>
    record.deviceId === deviceId && record.userId === user.id;
  for (const intent of rows.intent)
    if (
      madeHere(intent) &&
      intent.act === 'patient.create' &&
      intent.status === 'done' &&
      (intent.decidedAt ?? 0) >= now - historyMs
    )
      myPatients.add(intent.args.patientId as string);
  const seriesSeen = new Set(visibleVisits.map(({ seriesId }) => seriesId));
  const myPlaces = new Set(
    rows.doctor.find(({ id }) => id === me)?.places.map(({ locationId }) => locationId),
  );

  const yes = () => true;
  const sees: Rule = {
    clinic: yes,
    user: yes,
    doctor: yes,
    location: yes,
    appointmentType: yes,
    intent: madeHere,
    appointment: seesVisit,
    appointmentSeries: ({ id }) => seriesSeen.has(id),
    patient: ({ id }) => seesAllDoctors || myPatients.has(id),
    patientMerge: ({ keptId, mergedId }) =>
      seesAllDoctors || ofMine.some(({ patientId }) => patientId === keptId || patientId === mergedId),
    scheduleTemplate: ({ doctorId }) => seesAllDoctors || isMine(doctorId),
    timeOffRequest: ({ doctorId }) => seesAllDoctors || isMine(doctorId),
    slotHold: ({ doctorId }) => seesAllDoctors || isMine(doctorId),
    externalBusyTime: ({ doctorId }) => seesAllDoctors || isMine(doctorId),
    availabilityException: ({ doctorId }) => seesAllDoctors || doctorId === null || isMine(doctorId),
    attentionItem: (item) => {
      const visit = item.appointmentId === null ? null : visits.get(item.appointmentId);
      if (madeHere(item) || (visit && seesVisit(visit))) return true;
      if (item.appointmentId !== null) return seesAllDoctors && onlyPlaces === null;
      return seesAllDoctors || isMine(item.doctorId);
    },
    waitlistEntry: (entry) =>
      seesAllDoctors
        ? onlyPlaces === null ||
          entry.locationIds.length === 0 ||
          entry.locationIds.some((id) => onlyPlaces.has(id))
        : concernsMe(entry),
    dayNote: ({ locationId }) =>
      locationId === null ||
      (seesAllDoctors ? (onlyPlaces?.has(locationId) ?? true) : myPlaces.has(locationId)),
  };

  const personal = ({ doctorId }: { doctorId: string }) => isAdmin || isMine(doctorId);
  const shown: { [K in RecordKind]?: (record: SyncedOf<K>) => SyncedOf<K> } = {
    slotHold: (hold) => ({ ...hold, holder: '-' }),
    patientMerge: (merge) => (seesAllDoctors ? merge : { ...merge, snapshot: {} }),
    timeOffRequest: (request) => (personal(request) ? request : { ...request, reason: '', decisionNote: '' }),
    externalBusyTime: (time) => (personal(time) ? time : { ...time, calendarId: '-', externalId: '-' }),
  };

  const permitted: Partial<Record<RecordKind, unknown[]>> = {};
  for (const kind of Object.keys(rows) as RecordKind[]) {
    const rule = sees[kind] as (record: unknown) => boolean;
    const show = (shown[kind] ?? ((record: unknown) => record)) as (record: unknown) => unknown;
    permitted[kind] = rows[kind].filter((record) => !record.deleted && rule(record)).map(show);
  }
  return permitted as AllRows;
}

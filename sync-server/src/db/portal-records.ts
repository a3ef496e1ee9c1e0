/** What the clinic holds about a patient, read for that patient. */
import {
  type Appointment,
  type AppointmentEvent,
  appointment,
  appointmentEvent,
} from '@medic/shared/model/appointment';
import { type AppointmentSeries, appointmentSeries } from '@medic/shared/model/appointment-series';
import { type AttentionItem, attentionItem } from '@medic/shared/model/attention-item';
import type { Clinic } from '@medic/shared/model/clinic';
import { type Notification, notification } from '@medic/shared/model/notification';
import { type Patient, patient } from '@medic/shared/model/patient';
import type { RecordDefinition } from '@medic/shared/model/record';
import { type WaitlistEntry, waitlistEntry } from '@medic/shared/model/waitlist';
import type { Instant } from '@medic/shared/time/instant';
import { appendAudit } from './audit';
import { takeClock } from './clinics';
import type { Pool } from './pool';
import { attachChildren, clinicHere, readById, readByIds, selectList } from './records';
import { inClinic, type Transaction } from './transaction';

/** Of one person's: nobody has more, and a page must end. */
const mostVisits = 2000;

/** Patients who can be written to at an address. Asked for an address that nobody has, it takes as long. */
export async function patientsByEmail(tx: Transaction, email: string): Promise<Patient[]> {
  const { rows } = await tx.prepared<Patient>(
    'patients by email',
    `SELECT ${selectList(patient)} FROM patients
      WHERE clinic_id = ${clinicHere} AND email_key = lower($1) AND NOT deleted AND merged_into_id IS NULL
      ORDER BY id LIMIT 20`,
    [email],
  );
  return rows;
}

/** The records that stand for these patients now: themselves, or what they were merged into. */
export async function survivingPatients(tx: Transaction, ids: readonly string[]): Promise<Patient[]> {
  const { rows } = await tx.prepared<Patient>(
    'surviving patients',
    `WITH RECURSIVE chain AS (
       SELECT id, merged_into_id, 0 AS step FROM patients WHERE clinic_id = ${clinicHere} AND id = ANY($1::uuid[])
       UNION
       SELECT p.id, p.merged_into_id, c.step + 1 FROM patients p
         JOIN chain c ON p.id = c.merged_into_id WHERE p.clinic_id = ${clinicHere} AND c.step < 20)
     SELECT ${selectList(patient)} FROM patients
      WHERE clinic_id = ${clinicHere} AND NOT deleted AND merged_into_id IS NULL AND id IN (SELECT id FROM chain)
      ORDER BY id`,
    [ids],
  );
  return rows;
}

export async function visitById(tx: Transaction, id: string): Promise<Appointment | null> {
  const found = await readById(tx, appointment, id);
  return found && !found.deleted ? found : null;
}

export interface PatientFile {
  patient: Patient;
  /** Records that were the same person's. */
  mergedRecords: Patient[];
  visits: (Omit<Appointment, 'events'> & { timeline: AppointmentEvent[] })[];
  series: AppointmentSeries[];
  waitlist: WaitlistEntry[];
  messages: Notification[];
  attention: AttentionItem[];
}

/** The reads of the portal, each in a transaction of its own. */
export class PortalRecords {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Without their timelines, the latest start first. */
  visitsOf(clinicId: string, patientIds: readonly string[]): Promise<Appointment[]> {
    return this.#read(clinicId, (tx) => visitsOf(tx, patientIds));
  }

  visit(clinicId: string, id: string): Promise<Appointment | null> {
    return this.#read(clinicId, (tx) => visitById(tx, id));
  }

  timelineOf(clinicId: string, visitId: string): Promise<AppointmentEvent[]> {
    return this.#read(clinicId, (tx) => timelineOf(tx, [visitId]));
  }

  patient(clinicId: string, id: string): Promise<Patient | null> {
    return this.#read(clinicId, async (tx) => (await survivingPatients(tx, [id]))[0] ?? null);
  }

  entriesOf(clinicId: string, patientIds: readonly string[]): Promise<WaitlistEntry[]> {
    return this.#read(clinicId, (tx) => ownedBy<WaitlistEntry>(tx, waitlistEntry, patientIds));
  }

  entry(clinicId: string, id: string): Promise<WaitlistEntry | null> {
    return this.#read(clinicId, async (tx) => {
      const found = await readById(tx, waitlistEntry, id);
      return found && !found.deleted ? found : null;
    });
  }

  /** Fields of a patient's record whose change waits for somebody at the desk. */
  questionsOf(clinicId: string, patientId: string): Promise<AttentionItem[]> {
    return this.#read(clinicId, (tx) => openQuestionsOf(tx, patientId));
  }

  /** Everything about one person, for that person. That it was given out is written into the audit log. */
  export(clinic: Clinic, patientId: string, now: Instant): Promise<PatientFile | null> {
    return inClinic(this.#pool, clinic.id, async (tx) => {
      // The audit log is written under the clock only.
      await takeClock(tx, clinic.id);
      const [record] = (await readByIds(tx, patient, [patientId])) as Patient[];
      if (!record || record.deleted) return null;
      const visits = await visitsOf(tx, [patientId]);
      const timeline = await timelineOf(
        tx,
        visits.map((visit) => visit.id),
      );
      const { rows: messages } = await tx.prepared<Notification>(
        'messages of a patient',
        `SELECT ${selectList(notification)} FROM notifications WHERE clinic_id = ${clinicHere} AND patient_id = $1 ORDER BY created_at, id`,
        [patientId],
      );
      const file: PatientFile = {
        patient: record,
        mergedRecords: await mergedInto(tx, patientId),
        visits: visits.map(({ events: _, ...visit }) => ({
          ...visit,
          timeline: timeline.filter((event) => event.appointmentId === visit.id),
        })),
        series: await ownedBy<AppointmentSeries>(tx, appointmentSeries, [patientId]),
        waitlist: await ownedBy<WaitlistEntry>(tx, waitlistEntry, [patientId]),
        messages,
        attention: await ownedBy<AttentionItem>(tx, attentionItem, [patientId]),
      };
      await appendAudit(tx, {
        clinicId: clinic.id,
        occurredAt: now,
        actorKind: 'patient',
        actorId: patientId,
        deviceId: null,
        action: 'patient exported',
        subjectKind: 'patient',
        subjectId: patientId,
        details: { visits: visits.length },
      });
      return file;
    });
  }

  #read<T>(clinicId: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return inClinic(this.#pool, clinicId, work, { readOnly: true });
  }
}

async function visitsOf(tx: Transaction, patientIds: readonly string[]): Promise<Appointment[]> {
  const { rows } = await tx.prepared<Appointment>(
    'visits of patients',
    `SELECT ${selectList(appointment)} FROM appointments
      WHERE clinic_id = ${clinicHere} AND patient_id = ANY($1::uuid[]) AND NOT deleted
      ORDER BY starts_at DESC, id LIMIT ${mostVisits}`,
    [patientIds],
  );
  return rows.map((row) => ({ ...row, events: [] }));
}

/** All of it, oldest first. */
async function timelineOf(tx: Transaction, visitIds: readonly string[]): Promise<AppointmentEvent[]> {
  const { rows } = await tx.prepared<AppointmentEvent>(
    'timelines',
    `SELECT ${selectList(appointmentEvent)} FROM appointment_events
      WHERE clinic_id = ${clinicHere} AND appointment_id = ANY($1::uuid[]) ORDER BY occurred_at, id`,
    [visitIds],
  );
  return rows;
}

async function openQuestionsOf(tx: Transaction, patientId: string): Promise<AttentionItem[]> {
  const { rows } = await tx.prepared<AttentionItem>(
    'open questions about a patient',
    `SELECT ${selectList(attentionItem)} FROM attention_items
      WHERE clinic_id = ${clinicHere} AND patient_id = $1 AND kind = 'patient-differs' AND status = 'open' AND NOT deleted`,
    [patientId],
  );
  return rows;
}

async function mergedInto(tx: Transaction, patientId: string): Promise<Patient[]> {
  const { rows } = await tx.prepared<Patient>(
    'patients merged into one',
    `SELECT ${selectList(patient)} FROM patients WHERE clinic_id = ${clinicHere} AND merged_into_id = $1 AND NOT deleted ORDER BY id`,
    [patientId],
  );
  return rows;
}

async function ownedBy<T extends { id: string }>(
  tx: Transaction,
  record: RecordDefinition,
  patientIds: readonly string[],
): Promise<T[]> {
  const { rows } = await tx.prepared<Record<string, unknown>>(
    `${record.table} of patients`,
    `SELECT ${selectList(record)} FROM ${record.table}
      WHERE clinic_id = ${clinicHere} AND patient_id = ANY($1::uuid[]) AND NOT deleted ORDER BY id`,
    [patientIds],
  );
  await attachChildren(tx, record, rows);
  return rows as unknown as T[];
}

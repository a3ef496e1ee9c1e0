/** The catalogue of all records: which tables there are, which of them are replicated, and in which collection. */
import { type Appointment, appointment, appointmentEvent } from './appointment';
import { type AppointmentSeries, appointmentSeries } from './appointment-series';
import { type AppointmentType, appointmentType, appointmentTypeLocation } from './appointment-type';
import { type AttentionItem, attentionItem } from './attention-item';
import { auditEntry } from './audit-entry';
import { type AvailabilityException, availabilityException } from './availability-exception';
import { calendarConnection, type ExternalBusyTime, externalBusyTime } from './calendar';
import { type Clinic, clinic, clinicClock } from './clinic';
import { type DayNote, dayNote } from './day-note';
import { device, session } from './device';
import { type Doctor, doctor, doctorLocation } from './doctor';
import { type Intent, intent } from './intent';
import { type Location, location, locationRoom } from './location';
import { messagePlan, messageTemplate, notification } from './notification';
import { type Patient, type PatientMerge, patient, patientMerge } from './patient';
import { portalCode, portalSession } from './portal';
import type { RecordDefinition } from './record';
import { type ScheduleTemplate, scheduleTemplate, scheduleTemplateBreak } from './schedule-template';
import { type SlotHold, slotHold } from './slot-hold';
import { type TimeOffRequest, timeOffRequest } from './time-off-request';
import { type User, user } from './user';
import { type WaitlistEntry, waitlistEntry, waitlistOffer } from './waitlist';

/** Every record that has a table, in an order in which foreign keys can be met. */
export const allRecords: readonly RecordDefinition[] = [
  clinic,
  clinicClock,
  location,
  locationRoom,
  doctor,
  doctorLocation,
  user,
  device,
  session,
  appointmentType,
  appointmentTypeLocation,
  scheduleTemplate,
  scheduleTemplateBreak,
  availabilityException,
  timeOffRequest,
  patient,
  patientMerge,
  appointmentSeries,
  appointment,
  appointmentEvent,
  slotHold,
  waitlistEntry,
  waitlistOffer,
  portalCode,
  portalSession,
  notification,
  messageTemplate,
  messagePlan,
  calendarConnection,
  externalBusyTime,
  intent,
  attentionItem,
  dayNote,
  auditEntry,
];

/** The replicated records by kind: what acts read and change, and what a replica holds. */
export const syncedRecords = {
  clinic,
  user,
  doctor,
  location,
  appointmentType,
  scheduleTemplate,
  availabilityException,
  timeOffRequest,
  patient,
  patientMerge,
  appointmentSeries,
  appointment,
  slotHold,
  externalBusyTime,
  waitlistEntry,
  attentionItem,
  dayNote,
  intent,
} as const;

export interface SyncedTypes {
  clinic: Clinic;
  user: User;
  doctor: Doctor;
  location: Location;
  appointmentType: AppointmentType;
  scheduleTemplate: ScheduleTemplate;
  availabilityException: AvailabilityException;
  timeOffRequest: TimeOffRequest;
  patient: Patient;
  patientMerge: PatientMerge;
  appointmentSeries: AppointmentSeries;
  appointment: Appointment;
  slotHold: SlotHold;
  externalBusyTime: ExternalBusyTime;
  waitlistEntry: WaitlistEntry;
  attentionItem: AttentionItem;
  dayNote: DayNote;
  intent: Intent;
}

export type RecordKind = keyof SyncedTypes;
export type SyncedOf<K extends RecordKind> = SyncedTypes[K];
export const recordKinds = Object.keys(syncedRecords) as RecordKind[];

/**
 * The replica's collections and the kinds of record in each. Few, because RxDB's open build allows 13 open
 * collections per process; what is small and read together shares one.
 */
export const collections = {
  directory: ['clinic', 'user', 'doctor', 'location', 'appointmentType'],
  scheduleTemplates: ['scheduleTemplate'],
  availabilityExceptions: ['availabilityException'],
  timeOffRequests: ['timeOffRequest'],
  patients: ['patient', 'patientMerge'],
  appointments: ['appointment', 'appointmentSeries'],
  busyTimes: ['slotHold', 'externalBusyTime'],
  waitlistEntries: ['waitlistEntry'],
  attentionItems: ['attentionItem'],
  dayNotes: ['dayNote'],
  intents: ['intent'],
} as const satisfies Record<string, readonly RecordKind[]>;

export type CollectionName = keyof typeof collections;
export const collectionNames = Object.keys(collections) as CollectionName[];

/**
 * A record as it travels: with its kind, since a collection may hold several. Not as `kind`: attention items and
 * exceptions have one of their own.
 */
export type WireDocument = { [K in RecordKind]: SyncedTypes[K] & { recordKind: K } }[RecordKind];

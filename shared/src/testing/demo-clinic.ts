/**
 * Harbour Clinic, made up from a seed: the same day and seed give the same records to the last byte. `small` is what
 * the demo and the browser tests show, `large` what the benchmarks run on.
 */
import { Facts } from '../acts/facts';
import type { Appointment } from '../model/appointment';
import type { AppointmentSeries } from '../model/appointment-series';
import type { AppointmentType } from '../model/appointment-type';
import type { AttentionItem } from '../model/attention-item';
import type { AvailabilityException } from '../model/availability-exception';
import type { CalendarConnection, ExternalBusyTime } from '../model/calendar';
import type { Clinic } from '../model/clinic';
import type { DayNote } from '../model/day-note';
import type { Doctor } from '../model/doctor';
import type { Location } from '../model/location';
import type { MessagePlan, MessageTemplate } from '../model/notification';
import type { Patient } from '../model/patient';
import type { RecordKind, SyncedOf } from '../model/records';
import type { ScheduleTemplate } from '../model/schedule-template';
import type { TimeOffRequest } from '../model/time-off-request';
import type { User } from '../model/user';
import type { WaitlistEntry } from '../model/waitlist';
import type { Instant, PlainDate } from '../time/instant';
import { demoDays } from './demo-clinic-days';
import { demoDirectory } from './demo-clinic-directory';
import { demoMessages } from './demo-clinic-messages';
import { demoPatients, noPatients } from './demo-clinic-patients';
import { demoTemplates } from './demo-clinic-plans';
import { demoSeries } from './demo-clinic-series';
import { demoVisits } from './demo-clinic-visits';
import { demoDifferences, demoWaitlist } from './demo-clinic-waiting';
import { randomFrom } from './random';

export type DemoScale = 'small' | 'large';

export interface DemoOptions {
  scale: DemoScale;
  /** The date at the clinic. */
  today: PlainDate;
  /** Which of today's visits are over, and who is in the house. */
  now: Instant;
  seed?: number;
}

export interface DemoRecords {
  clinic: Clinic[];
  location: Location[];
  doctor: Doctor[];
  user: User[];
  appointmentType: AppointmentType[];
  scheduleTemplate: ScheduleTemplate[];
  availabilityException: AvailabilityException[];
  timeOffRequest: TimeOffRequest[];
  messageTemplate: MessageTemplate[];
  messagePlan: MessagePlan[];
  calendarConnection: CalendarConnection[];
  externalBusyTime: ExternalBusyTime[];
  dayNote: DayNote[];
  patient: Patient[];
  attentionItem: AttentionItem[];
  appointmentSeries: AppointmentSeries[];
  appointment: Appointment[];
  waitlistEntry: WaitlistEntry[];
}

export type DemoKind = keyof DemoRecords;
export type DemoBatch = { [K in DemoKind]: { kind: K; records: DemoRecords[K] } }[DemoKind];

const sizes = {
  small: { doctors: 12, patients: 2_000, daysBack: 28, daysAhead: 28, visits: Number.MAX_SAFE_INTEGER },
  large: { doctors: 50, patients: 20_000, daysBack: 400, daysAhead: 56, visits: 150_000 },
} as const;

/** Everything at once. For `large` that is a few hundred megabytes: see `demoBatches`. */
export function demoClinic(options: DemoOptions): DemoRecords {
  const records: DemoRecords = {
    clinic: [],
    location: [],
    doctor: [],
    user: [],
    appointmentType: [],
    scheduleTemplate: [],
    availabilityException: [],
    timeOffRequest: [],
    messageTemplate: [],
    messagePlan: [],
    calendarConnection: [],
    externalBusyTime: [],
    dayNote: [],
    patient: [],
    attentionItem: [],
    appointmentSeries: [],
    appointment: [],
    waitlistEntry: [],
  };
  for (const batch of demoBatches(options)) (records[batch.kind] as unknown[]).push(...batch.records);
  return records;
}

/**
 * The clinic bit by bit, at most some thousand records at a time, in an order in which foreign keys are met and the
 * database takes overbooked visits.
 */
export function* demoBatches({ scale, today, now, seed = 1 }: DemoOptions): Generator<DemoBatch> {
  const size = sizes[scale];
  const random = randomFrom(`demo clinic ${scale} ${seed}`);
  const directory = demoDirectory(size.doctors, random.fork('directory'));
  yield { kind: 'clinic', records: [directory.clinic] };
  yield { kind: 'location', records: directory.locations };
  yield { kind: 'doctor', records: directory.doctors };
  yield { kind: 'user', records: directory.users };
  yield { kind: 'appointmentType', records: directory.appointmentTypes };

  const templates = demoTemplates(directory, today, random.fork('plans'));
  yield { kind: 'scheduleTemplate', records: templates };
  const days = demoDays(directory, today, now, random.fork('days'));
  yield { kind: 'availabilityException', records: days.exceptions };
  yield { kind: 'timeOffRequest', records: days.timeOff };
  yield { kind: 'calendarConnection', records: days.connections };
  yield { kind: 'externalBusyTime', records: days.busy };
  yield { kind: 'dayNote', records: days.notes };
  const messages = demoMessages(directory, random.fork('messages'));
  yield { kind: 'messageTemplate', records: messages.messageTemplate };
  yield { kind: 'messagePlan', records: messages.messagePlan };

  const pools = noPatients();
  const patients = demoPatients(
    { clinicId: directory.clinic.id, today, now, count: size.patients },
    pools,
    random.fork('patients'),
  );
  const first: Patient[] = [];
  for (const records of patients) {
    if (first.length === 0) first.push(...records);
    yield { kind: 'patient', records };
  }
  yield { kind: 'attentionItem', records: demoDifferences(first, now, random.fork('differences')) };
  const series = demoSeries(directory, templates, pools, today, now, random.fork('series'));
  yield { kind: 'appointmentSeries', records: series.map((planned) => planned.series) };

  const facts = new Facts();
  const put = <K extends RecordKind>(kind: K, records: readonly SyncedOf<K>[]): void => {
    for (const record of records) facts.put(kind, record);
  };
  put('clinic', [directory.clinic]);
  put('appointmentType', directory.appointmentTypes);
  put('externalBusyTime', days.busy);
  put('location', directory.locations);
  put('doctor', directory.doctors);
  put('scheduleTemplate', templates);
  put('availabilityException', days.exceptions);
  put('timeOffRequest', days.timeOff);
  const plan = { today, now, daysBack: size.daysBack, daysAhead: size.daysAhead, target: size.visits };
  const visits = demoVisits(directory, facts, days.busy, pools, series, plan, random.fork('visits'));
  for (const records of visits) {
    // What is offered has to be free: the visits of the days to come are what stands in the way.
    if (scale === 'small') put('appointment', records);
    yield { kind: 'appointment', records };
  }
  yield {
    kind: 'waitlistEntry',
    records: demoWaitlist(
      directory,
      scale === 'small' ? facts : null,
      pools,
      today,
      now,
      random.fork('waitlist'),
    ),
  };
}

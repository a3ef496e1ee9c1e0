import { Facts } from '../acts/facts';
import type { Appointment } from '../model/appointment';
import type { AppointmentSeries } from '../model/appointment-series';
import type { AppointmentType } from '../model/appointment-type';
import type { AttentionItem } from '../model/attention-item';
import type { AvailabilityException } from '../model/availability-exception';
import type { ExternalBusyTime } from '../model/calendar';
import type { Clinic } from '../model/clinic';
import type { Doctor } from '../model/doctor';
import type { Location } from '../model/location';
import type { Patient, PatientMerge } from '../model/patient';
import type { RecordKind, SyncedOf } from '../model/records';
import type { ScheduleTemplate } from '../model/schedule-template';
import type { SlotHold } from '../model/slot-hold';
import type { TimeOffRequest } from '../model/time-off-request';
import type { User } from '../model/user';
import type { WaitlistEntry } from '../model/waitlist';
import { aClinic, aDoctor, aLocation, anAppointmentType, aPatient } from './builders';

/** What the engine reads. */
export interface EngineParts {
  doctors?: readonly Doctor[];
  locations?: readonly Location[];
  types?: readonly AppointmentType[];
  templates?: readonly ScheduleTemplate[];
  exceptions?: readonly AvailabilityException[];
  timeOff?: readonly TimeOffRequest[];
  appointments?: readonly Appointment[];
  holds?: readonly SlotHold[];
  busy?: readonly ExternalBusyTime[];
}

export interface FactsParts extends EngineParts {
  clinic?: Clinic;
  patients?: readonly Patient[];
  merges?: readonly PatientMerge[];
  series?: readonly AppointmentSeries[];
  users?: readonly User[];
  waitlist?: readonly WaitlistEntry[];
  attention?: readonly AttentionItem[];
}

/**
 * Facts from literals. Left out, there is one clinic, one doctor, one place, one type and one patient, as the
 * builders make them; everything else is empty. Two records of one kind with one id are refused.
 */
export function factsOf(parts: FactsParts = {}): Facts {
  const facts = new Facts();
  const put = <K extends RecordKind>(kind: K, records: readonly SyncedOf<K>[]): void => {
    for (const record of records) facts.add(kind, record);
  };
  put('clinic', [parts.clinic ?? aClinic()]);
  put('location', parts.locations ?? [aLocation()]);
  put('doctor', parts.doctors ?? [aDoctor()]);
  put('appointmentType', parts.types ?? [anAppointmentType()]);
  put('patient', parts.patients ?? [aPatient()]);
  put('patientMerge', parts.merges ?? []);
  put('appointmentSeries', parts.series ?? []);
  put('scheduleTemplate', parts.templates ?? []);
  put('availabilityException', parts.exceptions ?? []);
  put('timeOffRequest', parts.timeOff ?? []);
  put('appointment', parts.appointments ?? []);
  put('slotHold', parts.holds ?? []);
  put('externalBusyTime', parts.busy ?? []);
  put('user', parts.users ?? []);
  put('waitlistEntry', parts.waitlist ?? []);
  put('attentionItem', parts.attention ?? []);
  return facts;
}

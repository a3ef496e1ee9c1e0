/** What the engine reads. The desk fills it from its replica, the server from its cache, tests from literals. */
import type { Appointment } from '../model/appointment';
import type { AppointmentType } from '../model/appointment-type';
import type { AvailabilityException } from '../model/availability-exception';
import type { ExternalBusyTime } from '../model/calendar';
import type { Doctor } from '../model/doctor';
import type { Location } from '../model/location';
import type { ScheduleTemplate } from '../model/schedule-template';
import type { SlotHold } from '../model/slot-hold';
import type { TimeOffRequest } from '../model/time-off-request';
import type { Instant } from '../time/instant';

/**
 * Every list may come in any order and may hold rows outside the range that was asked for; the engine sorts and
 * clips. Deleted records are never in it. `appointments…` give visits of every status: the engine skips those
 * that hold no slot.
 */
export interface AvailabilityFacts {
  /**
   * Another object whenever a template, an exception, time off or a place changes, and the same as long as none does:
   * what was read from them may be kept until then.
   */
  readonly plans: object;
  doctor(id: string): Doctor | undefined;
  location(id: string): Location | undefined;
  appointmentType(id: string): AppointmentType | undefined;
  doctors(): Iterable<Doctor>;
  templatesOf(doctorId: string): readonly ScheduleTemplate[];
  /** The doctor's own and the clinic-wide ones (those without a doctor). */
  exceptionsOf(doctorId: string): readonly AvailabilityException[];
  timeOffOf(doctorId: string): readonly TimeOffRequest[];
  /** Visits whose reserved range meets `[from, until)`, of a doctor at every place. */
  appointmentsOfDoctor(doctorId: string, from: Instant, until: Instant): readonly Appointment[];
  appointmentsInRoom(roomId: string, from: Instant, until: Instant): readonly Appointment[];
  /**
   * The minutes that visits holding their slot reserve of a doctor or a room, rounded outwards, as pairs: at least
   * those that meet `[from, until)`.
   */
  takenByVisits(ownerId: string, from: Instant, until: Instant): readonly number[];
  holdsOfDoctor(doctorId: string): readonly SlotHold[];
  holdsInRoom(roomId: string): readonly SlotHold[];
  externalBusyOf(doctorId: string): readonly ExternalBusyTime[];
}

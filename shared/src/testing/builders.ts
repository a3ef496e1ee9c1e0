/**
 * Records with sensible values, for tests and seeds: a test says only what matters to it. What others refer to
 * (the clinic, a doctor, a place, a type, a patient) has a fixed id, so that records made without saying more
 * belong together; what comes in numbers (visits, templates, exceptions) counts up.
 */
import type { Appointment } from '../model/appointment';
import type { AppointmentSeries } from '../model/appointment-series';
import type { AppointmentType, AppointmentTypeLocation } from '../model/appointment-type';
import type { AttentionItem } from '../model/attention-item';
import type { AvailabilityException } from '../model/availability-exception';
import type { ExternalBusyTime } from '../model/calendar';
import type { Clinic } from '../model/clinic';
import type { Doctor, DoctorLocation } from '../model/doctor';
import type { Location, LocationRoom } from '../model/location';
import type { Patient, PatientMerge } from '../model/patient';
import type { ScheduleTemplate, ScheduleTemplateBreak } from '../model/schedule-template';
import type { SlotHold } from '../model/slot-hold';
import type { TimeOffRequest } from '../model/time-off-request';
import type { User } from '../model/user';
import type { WaitlistEntry, WaitlistOffer } from '../model/waitlist';
import {
  type Instant,
  instant,
  minuteMs,
  type PlainDate,
  plusMinutes,
  type TimeZone,
  type WallTime,
} from '../time/instant';
import { instantOf, parseInstant } from '../time/zone';

const kindNumbers = {
  clinic: 1,
  location: 2,
  room: 3,
  doctor: 4,
  doctorLocation: 5,
  appointmentType: 6,
  appointmentTypeLocation: 7,
  scheduleTemplate: 8,
  scheduleTemplateBreak: 9,
  availabilityException: 10,
  timeOffRequest: 11,
  patient: 12,
  appointment: 13,
  slotHold: 14,
  externalBusyTime: 15,
  user: 16,
  connection: 17,
  device: 18,
  intent: 19,
  series: 20,
  waitlistEntry: 21,
  waitlistOffer: 22,
  merge: 23,
  attentionItem: 24,
} as const;
export type TestIdKind = keyof typeof kindNumbers;

/** A well-formed UUID, the same for the same kind and number: `idOf('doctor', 2)`. */
export function idOf(kind: TestIdKind, n: number): string {
  return `00000000-0000-7000-8${kindNumbers[kind].toString(16).padStart(3, '0')}-${n.toString(16).padStart(12, '0')}`;
}

const counters = new Map<TestIdKind, number>();

/** An id that no other call in this process has given; counted ids begin at 1001, so that they never meet `idOf` by hand. */
export function nextId(kind: TestIdKind): string {
  const n = (counters.get(kind) ?? 1000) + 1;
  counters.set(kind, n);
  return idOf(kind, n);
}

export const clinicId = idOf('clinic', 1);
export const locationId = idOf('location', 1);
export const doctorId = idOf('doctor', 1);
export const appointmentTypeId = idOf('appointmentType', 1);
export const patientId = idOf('patient', 1);

export const warsaw = 'Europe/Warsaw' as TimeZone;

/** An instant by the clock of a place: `at('2026-11-24 09:15')`, in Warsaw unless told; with seconds through `instantAt`. */
export function at(text: string, zone: TimeZone = warsaw): Instant {
  return instantOf(text.slice(0, 10) as PlainDate, text.slice(11) as WallTime, zone);
}

/** An instant from ISO text with an offset: `instantAt('2026-11-24T09:15:30Z')`. */
export function instantAt(text: string): Instant {
  return parseInstant(text);
}

export function date(text: string): PlainDate {
  return text as PlainDate;
}

export function time(text: string): WallTime {
  return text as WallTime;
}

const synced = { clinicId, seq: 1, deleted: false };
const longAgo = instant(1_735_689_600_000);

export function aClinic(overrides: Partial<Clinic> = {}): Clinic {
  return {
    ...synced,
    id: clinicId,
    name: 'Riverside Clinic',
    slug: 'riverside',
    timeZone: warsaw,
    language: 'en',
    phone: null,
    email: null,
    about: '',
    rules: { cancelWindowMinutes: 1440, country: 'PL', publicBooking: true },
    ...overrides,
  };
}

export function aRoom(overrides: Partial<LocationRoom> = {}): LocationRoom {
  return {
    id: overrides.id ?? nextId('room'),
    clinicId,
    locationId,
    name: 'Room 1',
    kind: 'room',
    features: [],
    active: true,
    sortOrder: 0,
    ...overrides,
  };
}

/** A place in Warsaw without rooms. Rooms given here belong to it. */
export function aLocation(overrides: Partial<Location> = {}): Location {
  const id = overrides.id ?? locationId;
  return {
    ...synced,
    name: 'Old Town',
    slug: `place-${id.slice(-4)}`,
    street: '1 Long Street',
    city: 'Warsaw',
    postalCode: '00-001',
    directions: '',
    phone: null,
    timeZone: warsaw,
    active: true,
    ...overrides,
    id,
    rooms: (overrides.rooms ?? []).map((room) => ({ ...room, locationId: id })),
  };
}

function aDoctorLocation(doctor: string, place: string): DoctorLocation {
  return { id: nextId('doctorLocation'), clinicId, doctorId: doctor, locationId: place };
}

/** A doctor at the one place, or at those of `at`. */
export function aDoctor(overrides: Partial<Doctor> & { at?: readonly string[] } = {}): Doctor {
  const { at: placeIds = [locationId], ...fields } = overrides;
  const id = fields.id ?? doctorId;
  return {
    ...synced,
    name: 'Nowak',
    title: 'Dr',
    specialty: 'Family medicine',
    slug: `doctor-${id.slice(-4)}`,
    bio: '',
    photoUrl: null,
    languages: ['en'],
    needsAccepting: false,
    hue: 210,
    active: true,
    places: placeIds.map((place) => aDoctorLocation(id, place)),
    ...fields,
    id,
  };
}

function aTypeLocation(type: string, place: string, doctor: string | null): AppointmentTypeLocation {
  return {
    id: nextId('appointmentTypeLocation'),
    clinicId,
    appointmentTypeId: type,
    locationId: place,
    doctorId: doctor,
  };
}

/**
 * 30 minutes on a grid of 30, no buffers, no notice, a year ahead, online; offered at the one place, or at those of
 * `at`, by every doctor there.
 */
export function anAppointmentType(
  overrides: Partial<AppointmentType> & { at?: readonly string[] } = {},
): AppointmentType {
  const { at: placeIds = [locationId], ...fields } = overrides;
  const id = fields.id ?? appointmentTypeId;
  return {
    ...synced,
    name: 'Consultation',
    slug: `type-${id.slice(-4)}`,
    description: '',
    durationMinutes: 30,
    slotStepMinutes: 30,
    bufferBeforeMinutes: 0,
    bufferAfterMinutes: 0,
    minNoticeMinutes: 0,
    maxFutureDays: 365,
    capacity: 1,
    needsRoom: false,
    roomFeature: null,
    bookableBy: 'online',
    needsAccepting: false,
    colour: 'blue',
    active: true,
    places: placeIds.map((place) => aTypeLocation(id, place, null)),
    ...fields,
    id,
  };
}

export function aBreak(startsAt: string, endsAt: string, label = 'Lunch'): ScheduleTemplateBreak {
  return {
    id: nextId('scheduleTemplateBreak'),
    clinicId,
    templateId: idOf('scheduleTemplate', 1),
    startsAt: time(startsAt),
    endsAt: time(endsAt),
    label,
  };
}

/** Mondays 08:00 to 16:00, every week from the start of 2020. */
export function aTemplate(overrides: Partial<ScheduleTemplate> = {}): ScheduleTemplate {
  const id = overrides.id ?? nextId('scheduleTemplate');
  return {
    ...synced,
    doctorId,
    locationId,
    roomId: null,
    weekday: 1,
    opensAt: time('08:00'),
    closesAt: time('16:00'),
    validFrom: date('2020-01-01'),
    validUntil: null,
    everyNWeeks: 1,
    anchorDate: date('2020-01-06'),
    ...overrides,
    id,
    breaks: (overrides.breaks ?? []).map((pause) => ({ ...pause, templateId: id })),
  };
}

/** A block of the whole of Monday, 2026-11-23, at every place. A closure has no doctor; hours are at the one place. */
export function anException(overrides: Partial<AvailabilityException> = {}): AvailabilityException {
  const kind = overrides.kind ?? 'block';
  return {
    ...synced,
    id: overrides.id ?? nextId('availabilityException'),
    doctorId: kind === 'closure' ? null : doctorId,
    locationId: kind === 'closure' || kind === 'block' ? null : locationId,
    roomId: null,
    kind,
    date: date('2026-11-23'),
    startsAt: null,
    endsAt: null,
    reason: '',
    createdBy: null,
    ...overrides,
  };
}

/** Approved, all of 2026-11-23 in Warsaw. */
export function aTimeOff(overrides: Partial<TimeOffRequest> = {}): TimeOffRequest {
  return {
    ...synced,
    id: overrides.id ?? nextId('timeOffRequest'),
    doctorId,
    startsAt: at('2026-11-23 00:00'),
    endsAt: at('2026-11-24 00:00'),
    reason: '',
    status: 'approved',
    decidedBy: null,
    decidedAt: null,
    decisionNote: '',
    ...overrides,
  };
}

export function aPatient(overrides: Partial<Patient> = {}): Patient {
  return {
    ...synced,
    id: patientId,
    givenName: 'Anna',
    familyName: 'Kowalska',
    birthDate: date('1980-05-17'),
    phone: '+48601220418',
    email: null,
    language: 'en',
    consentSms: true,
    consentEmail: true,
    notes: '',
    source: 'desk',
    createdAt: longAgo,
    mergedIntoId: null,
    apartFrom: [],
    ...overrides,
  };
}

/**
 * Booked, Monday 2026-11-23, 09:00 to 09:30, without buffers. An end left out is 30 minutes after the start; a
 * reserved range left out is the visit, widened by `buffers` (minutes before and after).
 */
export function anAppointment(
  overrides: Partial<Appointment> & { buffers?: readonly [number, number] } = {},
): Appointment {
  const { buffers = [0, 0], ...fields } = overrides;
  const startsAt = fields.startsAt ?? at('2026-11-23 09:00');
  const endsAt = fields.endsAt ?? plusMinutes(startsAt, 30);
  return {
    ...synced,
    id: fields.id ?? nextId('appointment'),
    doctorId,
    locationId,
    roomId: null,
    appointmentTypeId,
    patientId,
    seriesId: null,
    reservedFrom: plusMinutes(startsAt, -buffers[0]),
    reservedUntil: plusMinutes(endsAt, buffers[1]),
    status: 'booked',
    statusChangedAt: longAgo,
    seat: 1,
    capacity: 1,
    overbooked: false,
    roomOverbooked: false,
    overbookReason: '',
    sequence: 0,
    source: 'desk',
    notes: '',
    cancelReason: '',
    confirmedAt: null,
    linkVersion: 0,
    createdAt: longAgo,
    events: [],
    ...fields,
    startsAt,
    endsAt,
  };
}

/** Held from Monday 2026-11-23, 09:00 to 09:30, by a visitor; expires in the far future unless told. */
export function aHold(overrides: Partial<SlotHold> & { buffers?: readonly [number, number] } = {}): SlotHold {
  const { buffers = [0, 0], ...fields } = overrides;
  const startsAt = fields.startsAt ?? at('2026-11-23 09:00');
  const endsAt = fields.endsAt ?? plusMinutes(startsAt, 30);
  return {
    ...synced,
    id: fields.id ?? nextId('slotHold'),
    doctorId,
    locationId,
    roomId: null,
    appointmentTypeId,
    reservedFrom: plusMinutes(startsAt, -buffers[0]),
    reservedUntil: plusMinutes(endsAt, buffers[1]),
    capacity: 1,
    expiresAt: instant(4_102_444_800_000),
    extensions: 0,
    holder: 'visitor',
    ...fields,
    startsAt,
    endsAt,
  };
}

/** Busy elsewhere, Monday 2026-11-23, 09:00 to 10:00. */
export function aBusyTime(overrides: Partial<ExternalBusyTime> = {}): ExternalBusyTime {
  const startsAt = overrides.startsAt ?? at('2026-11-23 09:00');
  const id = overrides.id ?? nextId('externalBusyTime');
  return {
    ...synced,
    connectionId: idOf('connection', 1),
    doctorId,
    calendarId: 'primary',
    externalId: `event-${id.slice(-6)}`,
    endsAt: instant(startsAt + 60 * minuteMs),
    allDay: false,
    ...overrides,
    id,
    startsAt,
  };
}

/** A receptionist of every place. */
export function aUser(overrides: Partial<User> = {}): User {
  const id = overrides.id ?? idOf('user', 1);
  return {
    ...synced,
    name: 'Ewa Front',
    email: `user-${id.slice(-4)}@clinic.example`,
    roles: ['reception'],
    rights: [],
    doctorId: null,
    locationIds: [],
    language: 'en',
    active: true,
    ...overrides,
    id,
  };
}

/** Every Monday at 09:00 from 2026-11-23, four times, for the one patient. Its visits are made apart from it. */
export function aSeries(overrides: Partial<AppointmentSeries> = {}): AppointmentSeries {
  return {
    ...synced,
    id: overrides.id ?? nextId('series'),
    doctorId,
    locationId,
    appointmentTypeId,
    patientId,
    rrule: 'FREQ=WEEKLY;BYDAY=MO;COUNT=4',
    timeZone: warsaw,
    startsAt: at('2026-11-23 09:00'),
    durationMinutes: 30,
    notes: '',
    createdAt: longAgo,
    ...overrides,
  };
}

/** Waits for the one type with any doctor, anywhere, at any time. Offers given here belong to it. */
export function aWaitlistEntry(overrides: Partial<WaitlistEntry> = {}): WaitlistEntry {
  const id = overrides.id ?? nextId('waitlistEntry');
  return {
    ...synced,
    patientId,
    appointmentTypeId,
    doctorIds: [],
    locationIds: [],
    weekdays: [],
    partsOfDay: [],
    earliestOn: null,
    latestOn: null,
    urgency: 'routine',
    note: '',
    status: 'waiting',
    closeReason: '',
    createdAt: longAgo,
    ...overrides,
    id,
    offers: (overrides.offers ?? []).map((offer) => ({ ...offer, entryId: id })),
  };
}

/** Open: Monday 2026-11-23, 09:00 to 09:30, with the one doctor; expires in the far future unless told. */
export function anOffer(overrides: Partial<WaitlistOffer> = {}): WaitlistOffer {
  const startsAt = overrides.startsAt ?? at('2026-11-23 09:00');
  return {
    id: overrides.id ?? nextId('waitlistOffer'),
    clinicId,
    entryId: idOf('waitlistEntry', 1),
    doctorId,
    locationId,
    appointmentTypeId,
    endsAt: plusMinutes(startsAt, 30),
    status: 'open',
    offeredAt: longAgo,
    expiresAt: instant(4_102_444_800_000),
    answeredAt: null,
    ...overrides,
    startsAt,
  };
}

/** The second patient's record was merged into the first's. */
export function aMerge(overrides: Partial<PatientMerge> = {}): PatientMerge {
  return {
    ...synced,
    id: overrides.id ?? nextId('merge'),
    keptId: patientId,
    mergedId: idOf('patient', 2),
    mergedAt: longAgo,
    mergedBy: idOf('user', 1),
    snapshot: {},
    undoneAt: null,
    ...overrides,
  };
}

/** Open: a patient has said on the public pages that the telephone number is another. */
export function anAttentionItem(overrides: Partial<AttentionItem> = {}): AttentionItem {
  return {
    ...synced,
    id: overrides.id ?? nextId('attentionItem'),
    kind: 'patient-differs',
    status: 'open',
    intentId: null,
    deviceId: null,
    userId: null,
    doctorId: null,
    patientId,
    appointmentId: null,
    data: {
      patientId,
      current: { phone: '+48601220418' },
      proposed: { phone: '+48601220419' },
      from: 'portal',
    },
    createdAt: longAgo,
    settledAt: null,
    settledBy: null,
    resolution: '',
    ...overrides,
  };
}

/** What the public pages show of a clinic: never a patient, never who took a time. */

import type { RefusalReason } from '@medic/shared/acts/act';
import type { Facts } from '@medic/shared/acts/facts';
import { describeRefusal } from '@medic/shared/acts/refusal-words';
import { extensionsAllowed } from '@medic/shared/acts/slot/extend';
import { findNextAvailable } from '@medic/shared/availability/find-next-available';
import { findSlots } from '@medic/shared/availability/find-slots';
import { placesOffering } from '@medic/shared/availability/offers';
import type { Slot } from '@medic/shared/availability/query';
import type { Reason } from '@medic/shared/availability/reason';
import { describeReason } from '@medic/shared/availability/reason';
import { workingWindows } from '@medic/shared/availability/working-windows';
import { MedicError } from '@medic/shared/errors';
import type { AppointmentType } from '@medic/shared/model/appointment-type';
import type { Doctor } from '@medic/shared/model/doctor';
import type { Location } from '@medic/shared/model/location';
import type { SlotHold } from '@medic/shared/model/slot-hold';
import {
  type Instant,
  later,
  type PlainDate,
  type TimeZone,
  type WallTime,
} from '@medic/shared/time/instant';
import { addDays, dayNumber } from '@medic/shared/time/plain-date';
import { instantOf, isTimeZone, localDate } from '@medic/shared/time/zone';

/** How far ahead "the next free time" is looked for. */
const lookAheadDays = 120;
const fewSlots = 2;

export type FreeTime = Slot & { timeZone: TimeZone };

export function freeTime(facts: Facts, slot: Slot): FreeTime {
  return { ...slot, timeZone: facts.location(slot.locationId)?.timeZone ?? facts.clinic.timeZone };
}

/** Doctors and types that a visitor can book, each with what it goes with. */
function offering(facts: Facts) {
  const types = [...facts.all('appointmentType')].filter((type) => type.active);
  const doctors = [...facts.all('doctor')].filter((doctor) => doctor.active);
  const typesOf = (doctor: Doctor): AppointmentType[] =>
    types.filter((type) => placesOffering(facts, type, doctor, undefined).length > 0);
  return { types, doctors, typesOf };
}

export function clinicPage(facts: Facts, now: Instant) {
  const { clinic } = facts;
  const { types, doctors, typesOf } = offering(facts);
  const shown = doctors
    .map((doctor) => {
      const offered = typesOf(doctor);
      return {
        id: doctor.id,
        slug: doctor.slug,
        name: doctor.name,
        title: doctor.title,
        specialty: doctor.specialty,
        bio: doctor.bio,
        photoUrl: doctor.photoUrl,
        languages: doctor.languages,
        needsAccepting: doctor.needsAccepting,
        locationIds: [...new Set(doctor.places.map((place) => place.locationId))],
        appointmentTypeIds: offered.map((type) => type.id),
        nextSlots: nextSlotsOf(facts, doctor, offered, now),
      };
    })
    .filter((doctor) => doctor.appointmentTypeIds.length > 0)
    .sort((a, b) => a.name.localeCompare(b.name));
  const shownIds = new Set(shown.map((doctor) => doctor.id));
  return {
    clinic: {
      id: clinic.id,
      name: clinic.name,
      slug: clinic.slug,
      timeZone: clinic.timeZone,
      phone: clinic.phone,
      email: clinic.email,
      about: clinic.about,
      language: clinic.language,
      country: clinic.rules.country,
      cancelWindowMinutes: clinic.rules.cancelWindowMinutes,
    },
    locations: [...facts.all('location')].filter((place) => place.active).map(publicPlace),
    doctors: shown,
    appointmentTypes: types
      .map((type) => ({
        id: type.id,
        slug: type.slug,
        name: type.name,
        description: type.description,
        durationMinutes: type.durationMinutes,
        capacity: type.capacity,
        bookableBy: type.bookableBy,
        needsAccepting: type.needsAccepting,
        doctorIds: doctors
          .filter(
            (doctor) => shownIds.has(doctor.id) && placesOffering(facts, type, doctor, undefined).length > 0,
          )
          .map((doctor) => doctor.id),
      }))
      .filter((type) => type.doctorIds.length > 0),
  };
}

function publicPlace({ id, slug, name, street, city, postalCode, directions, phone, timeZone }: Location) {
  return { id, slug, name, street, city, postalCode, directions, phone, timeZone };
}

/** One doctor, with every visit that can be asked for and its next free time. */
export function doctorPage(facts: Facts, slug: string, now: Instant) {
  const { doctors, typesOf } = offering(facts);
  const doctor = known(
    doctors.find((one) => one.slug === slug),
    'This doctor does not work here',
  );
  const next = (type: AppointmentType) =>
    findNextAvailable(facts, {
      doctorIds: [doctor.id],
      appointmentTypeId: type.id,
      channel: 'online',
      now,
      after: now,
      withinDays: lookAheadDays,
      limit: 1,
    })[0];
  return {
    doctor: {
      id: doctor.id,
      slug: doctor.slug,
      name: doctor.name,
      title: doctor.title,
      specialty: doctor.specialty,
      bio: doctor.bio,
      photoUrl: doctor.photoUrl,
      languages: doctor.languages,
      needsAccepting: doctor.needsAccepting,
    },
    places: [...new Set(doctor.places.map((place) => place.locationId))]
      .map((id) => facts.location(id))
      .filter((place) => place?.active === true)
      .map((place) => publicPlace(place as Location)),
    visits: typesOf(doctor)
      .sort((a, b) => a.name.localeCompare(b.name))
      .map((type) => {
        const slot = type.bookableBy === 'online' ? next(type) : undefined;
        return {
          appointmentTypeId: type.id,
          name: type.name,
          description: type.description,
          durationMinutes: type.durationMinutes,
          capacity: type.capacity,
          bookableBy: type.bookableBy,
          needsAccepting: type.needsAccepting,
          next: slot ? freeTime(facts, slot) : null,
        };
      }),
  };
}

/** What a browser holds, as its page shows it. */
export function holdPage(facts: Facts, hold: SlotHold) {
  return {
    holdId: hold.id,
    appointmentTypeId: hold.appointmentTypeId,
    doctorId: hold.doctorId,
    locationId: hold.locationId,
    startsAt: hold.startsAt,
    endsAt: hold.endsAt,
    timeZone: facts.location(hold.locationId)?.timeZone ?? facts.clinic.timeZone,
    expiresAt: hold.expiresAt,
    extensionsLeft: extensionsAllowed - hold.extensions,
  };
}

/** A slot with the kind of visit that it is for. */
export type TypedSlot = Slot & { appointmentTypeId: string };

/** How far a kind of visit is from what a doctor is seen for: those of everybody (a telephone call), groups, requests. */
function byTheWay(type: AppointmentType, doctor: Doctor): number {
  const own = type.places.some((place) => place.doctorId === doctor.id);
  return (own ? 0 : 4) + (type.capacity > 1 ? 2 : 0) + (type.needsAccepting ? 1 : 0);
}

/**
 * Of one kind of visit: the first, of what the doctor is seen for, that has any. Mixed, the kind with the shortest notice
 * would stand for all of them.
 */
function nextSlotsOf(facts: Facts, doctor: Doctor, offered: AppointmentType[], now: Instant): TypedSlot[] {
  const online = offered
    .filter((type) => type.bookableBy === 'online')
    .sort((a, b) => byTheWay(a, doctor) - byTheWay(b, doctor) || a.name.localeCompare(b.name));
  for (const type of online) {
    const slots = findNextAvailable(facts, {
      doctorIds: [doctor.id],
      appointmentTypeId: type.id,
      channel: 'online',
      now,
      after: now,
      withinDays: lookAheadDays,
      limit: 3,
    });
    if (slots.length > 0) return slots.map((slot) => ({ ...slot, appointmentTypeId: type.id }));
  }
  return [];
}

export interface SlotsAsked {
  appointmentTypeId: string;
  doctorId: string | null;
  locationId: string | null;
  from: PlainDate;
  until: PlainDate;
}

export type DayState = 'free' | 'few' | 'full' | 'closed';

/** For whom: what is theirs does not count as taken. */
export interface Asker {
  holder?: string | null;
  /** The visit that is to be moved. */
  ignoreAppointmentId?: string;
}

export function slotsPage(facts: Facts, asked: SlotsAsked, now: Instant, asker: Asker = {}) {
  const type = known(
    facts.appointmentType(asked.appointmentTypeId),
    'This kind of visit is not offered here',
  );
  const doctor =
    asked.doctorId === null ? null : known(facts.doctor(asked.doctorId), 'This doctor does not work here');
  if (asked.locationId !== null) known(facts.location(asked.locationId), 'This clinic has no such place');
  const query = {
    doctorIds: doctor ? [doctor.id] : [],
    appointmentTypeId: type.id,
    ...(asked.locationId === null ? {} : { locationId: asked.locationId }),
    channel: 'online' as const,
    now,
    ...(asker.holder ? { holder: asker.holder } : {}),
    ...(asker.ignoreAppointmentId ? { ignoreAppointmentId: asker.ignoreAppointmentId } : {}),
  };
  const slots = findSlots(facts, { ...query, from: asked.from, until: asked.until }).map((slot) =>
    freeTime(facts, slot),
  );
  const counts = new Map<PlainDate, number>();
  for (const slot of slots) {
    const date = localDate(slot.startsAt, slot.timeZone);
    counts.set(date, (counts.get(date) ?? 0) + 1);
  }
  const asking = doctor
    ? [doctor]
    : [...facts.doctors()].filter(
        (one) => one.active && placesOffering(facts, type, one, undefined).length > 0,
      );
  const open = new Set<PlainDate>();
  for (const one of asking) {
    for (const window of workingWindows(
      facts,
      one.id,
      asked.locationId ?? undefined,
      asked.from,
      asked.until,
    )) {
      const zone = facts.location(window.locationId)?.timeZone ?? facts.clinic.timeZone;
      open.add(localDate(window.startsAt, zone));
    }
  }
  const days: { date: PlainDate; count: number; state: DayState }[] = [];
  for (let date = asked.from; date < asked.until; date = addDays(date, 1)) {
    const count = counts.get(date) ?? 0;
    days.push({
      date,
      count,
      state: count > fewSlots ? 'free' : count > 0 ? 'few' : open.has(date) ? 'full' : 'closed',
    });
  }
  const afterRange = later(now, instantOf(asked.until, '00:00' as WallTime, facts.clinic.timeZone));
  const first =
    slots[0] ??
    findNextAvailable(facts, { ...query, after: afterRange, withinDays: lookAheadDays, limit: 1 })[0];
  return {
    slots,
    days,
    nextFreeOn: first ? localDate(first.startsAt, freeTime(facts, first).timeZone) : null,
  };
}

/** Which days have any, without the times. */
export function daysPage(facts: Facts, asked: SlotsAsked, now: Instant, asker: Asker = {}) {
  const { days, nextFreeOn } = slotsPage(facts, asked, now, asker);
  return { days, nextFreeOn };
}

export function nextAvailablePage(
  facts: Facts,
  asked: { appointmentTypeId: string; excludeDoctorId: string | null; limit: number },
  now: Instant,
) {
  const type = known(
    facts.appointmentType(asked.appointmentTypeId),
    'This kind of visit is not offered here',
  );
  const doctorIds = [...facts.doctors()]
    .filter(
      (one) =>
        one.active &&
        one.id !== asked.excludeDoctorId &&
        placesOffering(facts, type, one, undefined).length > 0,
    )
    .map((one) => one.id);
  if (doctorIds.length === 0) return { slots: [] };
  const found = findNextAvailable(facts, {
    doctorIds,
    appointmentTypeId: type.id,
    channel: 'online',
    now,
    after: now,
    withinDays: lookAheadDays,
    limit: asked.limit,
  });
  return { slots: found.map((slot) => freeTime(facts, slot)) };
}

export function bookedPage(
  facts: Facts,
  visit: {
    id: string;
    sequence: number;
    startsAt: Instant;
    endsAt: Instant;
    doctorId: string;
    locationId: string;
    appointmentTypeId: string;
  },
) {
  const doctor = facts.doctor(visit.doctorId);
  const place = facts.location(visit.locationId);
  return {
    id: visit.id,
    sequence: visit.sequence,
    startsAt: visit.startsAt,
    endsAt: visit.endsAt,
    timeZone: place?.timeZone ?? facts.clinic.timeZone,
    doctorName: doctor ? `${doctor.title} ${doctor.name}`.trim() : '',
    appointmentTypeName: facts.appointmentType(visit.appointmentTypeId)?.name ?? '',
    locationName: place?.name ?? '',
    street: place?.street ?? '',
    city: place?.city ?? '',
  };
}

/** A refusal for a visitor: what stands in the way, without whose visit it is. */
export function publicReason(reason: RefusalReason): { code: string; text: string } {
  switch (reason.code) {
    case 'slot':
      return { code: reason.reason.code, text: publicWords(reason.reason, reason.timeZone) };
    case 'taken':
      return { code: 'visit', text: 'This time was just taken' };
    case 'unknown':
      return { code: 'unknown', text: `This clinic has no such ${reason.what}` };
    case 'exists':
      return {
        code: 'exists',
        text:
          reason.what === 'waitlist entry'
            ? 'You are on the waitlist for this visit already'
            : describeRefusal(reason),
      };
    case 'same-patient':
      return { code: 'same-patient', text: 'You have another visit at that time' };
    case 'invalid':
    case 'status':
    case 'window':
    case 'hold-ended':
    case 'hold-limit':
    case 'offer-ended':
      return { code: reason.code, text: describeRefusal(reason) };
    case 'not-allowed':
      return { code: reason.code, text: reason.needs };
    default:
      return { code: reason.code, text: 'This cannot be booked online. Call the clinic' };
  }
}

/** Reasons whose words would tell of another person's visit say only that the time is taken. */
function publicWords(reason: Reason, timeZone: string): string {
  switch (reason.code) {
    case 'visit':
    case 'buffer':
    case 'hold':
    case 'external-busy':
    case 'room-taken':
    case 'time-off':
    case 'block':
      return 'This time is taken';
    default:
      return isTimeZone(timeZone) ? describeReason(reason, timeZone) : 'This time cannot be booked';
  }
}

export function daysBetween(from: PlainDate, until: PlainDate): number {
  return dayNumber(until) - dayNumber(from);
}

function known<T>(record: T | undefined, message: string): T {
  if (record === undefined) throw new MedicError('record.unknown', message, { personMessage: message });
  return record;
}

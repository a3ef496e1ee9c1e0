/** Small facts about a visit that several pages show. */

import type { Slot } from '@medic/shared/availability/query';
import type { PlainDate, TimeZone, WallTime } from '@medic/shared/time/instant';
import type { ClinicAnswer, Doctor, Place, VisitType } from './api';
import { localTime, offsetMinutes, visitorZone, zoneCity } from './time';
import { words } from './words';

/** The zone of a slot's place. */
export function zoneOf(answer: ClinicAnswer, slot: Slot): TimeZone {
  return placeOf(answer, slot)?.timeZone ?? answer.clinic.timeZone;
}

export function placeOf(answer: ClinicAnswer, slot: Slot): Place | undefined {
  return answer.locations.find((place) => place.id === slot.locationId);
}

export function doctorOf(answer: ClinicAnswer, slot: Slot): Doctor | undefined {
  return answer.doctors.find((doctor) => doctor.id === slot.doctorId);
}

/** `Dr Maja Nowak`; a physiotherapist may have no title. */
export function fullName(doctor: Pick<Doctor, 'title' | 'name'>): string {
  return `${doctor.title} ${doctor.name}`.trim();
}

/** Whether a visit is only asked for, and booked when the clinic accepts it. */
export function isRequest(doctor: Doctor, type: VisitType): boolean {
  return doctor.needsAccepting || type.needsAccepting;
}

/** The type that a doctor's next time is of. */
export function typeOfNext(answer: ClinicAnswer, slot: { appointmentTypeId: string }): VisitType | undefined {
  return answer.appointmentTypes.find((type) => type.id === slot.appointmentTypeId);
}

export interface When {
  date: PlainDate;
  time: WallTime;
  until: WallTime;
  city: string;
}

export function whenOf(slot: { startsAt: number; endsAt: number; timeZone: TimeZone }): When {
  const { date, time } = localTime(slot.startsAt, slot.timeZone);
  return { date, time, until: localTime(slot.endsAt, slot.timeZone).time, city: zoneCity(slot.timeZone) };
}

/** The start by the visitor's own clock, where it shows something else; the day too when that differs. */
export function visitorTime(startsAt: number, zone: TimeZone): string | null {
  const own = visitorZone();
  if (offsetMinutes(startsAt, own) === offsetMinutes(startsAt, zone)) return null;
  const there = localTime(startsAt, zone);
  const here = localTime(startsAt, own);
  return here.date === there.date ? here.time : `${words.date.short(here.date)}, ${here.time}`;
}

/** The last moment to move or cancel, in the clinic's words; null where it has passed already. */
export function cancelUntil(
  startsAt: number,
  zone: TimeZone,
  windowMinutes: number,
  now: number,
): string | null {
  const until = startsAt - windowMinutes * 60_000;
  if (until <= now) return null;
  const { date, time } = localTime(until, zone);
  return `${words.date.short(date)}, ${time}`;
}

export function address(place: Pick<Place, 'street' | 'city'>): string {
  return [place.street, place.city].filter(Boolean).join(', ');
}

export function directionsHref(place: Pick<Place, 'street' | 'city'>): string {
  return `https://www.openstreetmap.org/search?query=${encodeURIComponent(address(place))}`;
}

/** What a hold and a booking are asked for by. */
export function wishOf({ type, slot }: { type: Pick<VisitType, 'id'>; slot: Slot }) {
  return {
    appointmentTypeId: type.id,
    doctorId: slot.doctorId,
    locationId: slot.locationId,
    startsAt: slot.startsAt,
  };
}

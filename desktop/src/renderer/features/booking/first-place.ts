/** What the booking dialog starts with, and what it falls back to when a choice doesn't fit the others. */
import type { Facts } from '@medic/shared/acts/facts';
import type { Instant, PlainDate } from '@medic/shared/time/instant';
import { localDate } from '@medic/shared/time/zone';
import { shortDay } from '../../ui/date-words';
import { doctorName } from '../../ui/person-name';
import { type BookingPlace, doctorsFor, freeSlots, placesFor, typesFor, usualTypeId } from './slot-list';

export interface BookingStart {
  doctorId?: string;
  locationId?: string;
  date?: PlainDate;
  startsAt?: Instant;
  patientId?: string;
  appointmentTypeId?: string;
}

/** A place where the type is offered by the doctor; by another where this one does not. */
export function fitted(facts: Facts, place: BookingPlace): BookingPlace {
  const type = facts.appointmentType(place.appointmentTypeId);
  if (!type) return place;
  const here = placesFor(facts, type, place.doctorId);
  if (here.includes(place.locationId)) return place;
  if (here[0] !== undefined) return { ...place, locationId: here[0] };
  const doctors = doctorsFor(facts, type);
  const near = doctors.find((id) => placesFor(facts, type, id).includes(place.locationId)) ?? doctors[0];
  if (near === undefined) return place;
  const there = placesFor(facts, type, near);
  return {
    ...place,
    doctorId: near,
    locationId: there.includes(place.locationId) ? place.locationId : (there[0] ?? place.locationId),
  };
}

/** Defaults: the focused cell, the type last booked, the first doctor with a free time. */
export function firstPlace(
  facts: Facts,
  start: BookingStart,
  now: Instant,
  ownDoctorId: string | null,
  lastTypeId: string | null,
): BookingPlace {
  const locationOf = (id: string) => facts.doctor(id)?.places[0]?.locationId ?? '';
  const wantedDoctor = start.doctorId ?? ownDoctorId ?? undefined;
  const types = typesFor(facts, wantedDoctor).filter((each) => each.capacity === 1);
  const offered = (id: string | null | undefined) =>
    id !== null &&
    id !== undefined &&
    types.some(
      (each) =>
        each.id === id && (wantedDoctor === undefined || placesFor(facts, each, wantedDoctor).length > 0),
    )
      ? id
      : undefined;
  const possible = types.find((each) => offered(each.id) !== undefined);
  const appointmentTypeId =
    start.appointmentTypeId ??
    offered(lastTypeId) ??
    offered(usualTypeId(facts, wantedDoctor, now)) ??
    possible?.id ??
    types[0]?.id ??
    '';
  const zone = facts.clinic.timeZone;
  const date = start.date ?? localDate(now, zone);
  if (wantedDoctor !== undefined) {
    return fitted(facts, {
      doctorId: wantedDoctor,
      locationId: start.locationId ?? locationOf(wantedDoctor),
      appointmentTypeId,
      date,
    });
  }
  const type = facts.appointmentType(appointmentTypeId);
  for (const id of type ? doctorsFor(facts, type) : []) {
    for (const locationId of type ? placesFor(facts, type, id) : []) {
      const place = { doctorId: id, locationId, appointmentTypeId, date };
      if (freeSlots(facts, place, now).length > 0) return place;
    }
  }
  const active = [...facts.doctors()].filter((each) => each.active).map(({ id }) => id);
  const first = active.sort()[0] ?? '';
  return fitted(facts, { doctorId: first, locationId: locationOf(first), appointmentTypeId, date });
}

export function emptyWords(facts: Facts, place: BookingPlace, now: Instant): string {
  const doctor = facts.doctor(place.doctorId);
  const who = doctor ? doctorName(doctor) : 'This doctor';
  const zone = facts.location(place.locationId)?.timeZone ?? facts.clinic.timeZone;
  if (place.date < localDate(now, zone)) return `${shortDay(place.date)} has passed.`;
  return `${who} has no free time left on ${shortDay(place.date)}. Take one of the next available, look at another day, or add to the waitlist.`;
}

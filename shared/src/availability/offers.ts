/** Who offers what where. */
import type { AppointmentType } from '../model/appointment-type';
import type { Doctor } from '../model/doctor';
import type { Location } from '../model/location';
import type { AvailabilityFacts } from './facts';

/** True when the doctor works at the place and the type is offered there by this doctor or by every doctor. */
export function offersAt(type: AppointmentType, doctor: Doctor, locationId: string): boolean {
  const offering = offersOf(type).get(locationId);
  return (
    offering !== undefined &&
    (offering.has(null) || offering.has(doctor.id)) &&
    doctor.places.some((place) => place.locationId === locationId)
  );
}

const known = new WeakMap<AppointmentType, Map<string, Set<string | null>>>();

/**
 * By place, the doctors who offer a type there; null stands for all of them. Records never change (a new version is a
 * new object), so each is read once.
 */
function offersOf(type: AppointmentType): Map<string, Set<string | null>> {
  let offers = known.get(type);
  if (!offers) {
    offers = new Map();
    for (const { locationId, doctorId } of type.places) {
      const offering = offers.get(locationId);
      if (offering) offering.add(doctorId);
      else offers.set(locationId, new Set([doctorId]));
    }
    known.set(type, offers);
  }
  return offers;
}

/** The places where a doctor works, in the order of the doctor's record; closed ones too. */
export function placesOf(facts: AvailabilityFacts, doctorId: string): Location[] {
  const places: Location[] = [];
  for (const { locationId } of facts.doctor(doctorId)?.places ?? []) {
    const location = facts.location(locationId);
    if (location && !places.some((place) => place.id === location.id)) places.push(location);
  }
  return places;
}

/**
 * The doctors to look at: those asked for, in that order and each once; or, where none is named, all active ones by
 * name. The order of the facts never counts: it differs between a desk and the server.
 */
export function doctorsAsked(facts: AvailabilityFacts, doctorIds: readonly string[]): Doctor[] {
  const asked: Doctor[] = [];
  if (doctorIds.length === 0) {
    for (const doctor of facts.doctors()) if (doctor.active) asked.push(doctor);
    return asked.sort((a, b) => (a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1));
  }
  for (const id of new Set(doctorIds)) {
    const doctor = facts.doctor(id);
    if (doctor?.active) asked.push(doctor);
  }
  return asked;
}

/** The active places, of those asked for, where an active doctor offers an active type. */
export function placesOffering(
  facts: AvailabilityFacts,
  type: AppointmentType,
  doctor: Doctor,
  locationId: string | undefined,
): Location[] {
  if (!type.active || !doctor.active) return [];
  return placesOf(facts, doctor.id).filter(
    (location) =>
      location.active &&
      (locationId === undefined || location.id === locationId) &&
      offersAt(type, doctor, location.id),
  );
}

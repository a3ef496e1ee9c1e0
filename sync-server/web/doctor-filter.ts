/** Which doctors a search shows, and in which order. */
import type { ClinicAnswer, Doctor } from './api';
import type { DoctorFilter } from './route';
import { languageName } from './words';

/** Soonest first; those without a free time last, by name. */
export function filterDoctors(answer: ClinicAnswer, filter: DoctorFilter): Doctor[] {
  const asked = fold(filter.text).split(/\s+/).filter(Boolean);
  const place = answer.locations.find((location) => location.slug === filter.place);
  return answer.doctors
    .filter((doctor) => {
      if (filter.specialty && doctor.specialty !== filter.specialty) return false;
      if (place && !doctor.locationIds.includes(place.id)) return false;
      if (filter.language && !doctor.languages.includes(filter.language)) return false;
      if (asked.length === 0) return true;
      const text = fold(searchText(answer, doctor));
      return asked.every((word) => text.includes(word));
    })
    .sort((a, b) => firstFree(a) - firstFree(b) || a.name.localeCompare(b.name));
}

export function filterChoices(answer: ClinicAnswer): {
  specialties: string[];
  places: { value: string; label: string }[];
  languages: { value: string; label: string }[];
} {
  const unique = (values: string[]) => [...new Set(values)].sort((a, b) => a.localeCompare(b));
  return {
    specialties: unique(answer.doctors.map((doctor) => doctor.specialty)),
    places: answer.locations.map((location) => ({ value: location.slug, label: location.name })),
    languages: unique(answer.doctors.flatMap((doctor) => doctor.languages)).map((code) => ({
      value: code,
      label: languageName(code),
    })),
  };
}

function firstFree(doctor: Doctor): number {
  return doctor.nextSlots[0]?.startsAt ?? Number.MAX_SAFE_INTEGER;
}

function searchText(answer: ClinicAnswer, doctor: Doctor): string {
  const types = answer.appointmentTypes.filter((type) => type.doctorIds.includes(doctor.id));
  return [
    doctor.title,
    doctor.name,
    doctor.specialty,
    ...doctor.languages.map(languageName),
    ...types.map((type) => type.name),
  ].join(' ');
}

/** `Müller` is found by `muller`, `Łukasz` by `lukasz`. */
function fold(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .replaceAll(/[łŁ]/g, 'l')
    .replaceAll(/[øØ]/g, 'o')
    .replaceAll('ß', 'ss')
    .toLowerCase();
}

/** Every time of a series before it is booked: which can be, which not and why, which meet another visit. */
import { overHolds } from '@medic/shared/acts/appointment/over-holds';
import type { Facts } from '@medic/shared/acts/facts';
import { occurrencesOfRule } from '@medic/shared/acts/series/occurrences';
import { maxOccurrences } from '@medic/shared/acts/series/rule';
import { clashOf } from '@medic/shared/acts/waitlist/matches';
import { placeVisit, reservedTime } from '@medic/shared/availability/place-visit';
import { describeReason } from '@medic/shared/availability/reason';
import type { Instant, PlainDate, WallTime } from '@medic/shared/time/instant';
import { localTime } from '@medic/shared/time/zone';
import { doctorName, shortName } from '../../ui/person-name';
import { type RepeatChoice, recurrenceOf } from './repeat-rule';
import { heldWords } from './slot-list';

export interface SeriesTime {
  startsAt: Instant;
  date: PlainDate;
  clock: WallTime;
  /** `warned`: it can be booked, over a visitor's hold or beside another visit of the patient. */
  state: 'free' | 'warned' | 'taken';
  /** Why, in words; empty where it is free. */
  words: string;
}

export interface SeriesQuery {
  doctorId: string;
  locationId: string;
  appointmentTypeId: string;
  startsAt: Instant;
  patientId: string | null;
}

/** One time more than a series may have is looked for, so that a rule that goes on is seen to. */
export function seriesTimes(
  facts: Facts,
  { patientId, startsAt, ...where }: SeriesQuery,
  choice: RepeatChoice,
  now: Instant,
): SeriesTime[] {
  const zone = facts.location(where.locationId)?.timeZone ?? facts.clinic.timeZone;
  const type = facts.appointmentType(where.appointmentTypeId);
  if (!type) return [];
  const rule = recurrenceOf(choice, startsAt, zone);
  const names = {
    patientName: (id: string) => {
      const patient = facts.get('patient', id);
      return patient ? shortName(patient) : undefined;
    },
  };
  return occurrencesOfRule(rule, { startsAt, timeZone: zone }, maxOccurrences + 1).map((occurrence) => {
    const at = { startsAt: occurrence.startsAt, date: occurrence.date };
    const clock = localTime(occurrence.startsAt, zone).time;
    const request = { ...where, startsAt: occurrence.startsAt, channel: 'desk' as const, now };
    const { reasons } = placeVisit(facts, request);
    const held = reasons.length === 0 ? null : overHolds(facts, request);
    if (reasons.length > 0 && !held) {
      const words = reasons.map((reason) => describeReason(reason, zone, names)).join(' · ');
      return { ...at, clock, state: 'taken', words };
    }
    const clash = patientId === null ? undefined : clashOf(facts, patientId, reservedTime(type, at.startsAt));
    const warnings = [held && heldWords(held.holds, zone), clash && clashWords(facts, clash)].filter(Boolean);
    return { ...at, clock, state: warnings.length > 0 ? 'warned' : 'free', words: warnings.join(' · ') };
  });
}

function clashWords(
  facts: Facts,
  visit: { startsAt: Instant; doctorId: string; locationId: string },
): string {
  const zone = facts.location(visit.locationId)?.timeZone ?? facts.clinic.timeZone;
  const doctor = facts.doctor(visit.doctorId);
  return `Has another visit at ${localTime(visit.startsAt, zone).time}${doctor ? `, ${doctorName(doctor)}` : ''}`;
}

/** Those that cannot be booked and are not left out yet. */
export function unsettled(times: readonly SeriesTime[], skip: ReadonlySet<Instant>): SeriesTime[] {
  return times.filter((time) => time.state === 'taken' && !skip.has(time.startsAt));
}

/** Visits of the demo clinic that recur: who comes every week, or every other, to whom. */
import { occurrencesOf } from '../acts/series/occurrences';
import { assert } from '../errors';
import type { AppointmentSeries } from '../model/appointment-series';
import type { ScheduleTemplate } from '../model/schedule-template';
import {
  dayMs,
  type Instant,
  instant,
  minuteMs,
  type PlainDate,
  type WallTime,
  wallTime,
} from '../time/instant';
import { addDays, weekdayOf } from '../time/plain-date';
import { instantOf } from '../time/zone';
import type { Directory } from './demo-clinic-directory';
import type { PatientName, PatientPools } from './demo-clinic-patients';
import type { Random } from './random';

/** A series with what its visits are made of. */
export interface PlannedSeries {
  series: AppointmentSeries;
  patient: PatientName;
  starts: ReadonlySet<Instant>;
}

interface Wish {
  doctorName: string;
  typeSlug: string;
  /** Of the week, one on which the doctor works every week. */
  weekday: number;
  minutesAfterOpening: number;
  everyNWeeks: number;
  weeksBack: number;
  count: number;
  notes: string;
}

const wishes: readonly Wish[] = [
  {
    doctorName: 'Maja Nowak',
    typeSlug: 'follow-up',
    weekday: 2,
    minutesAfterOpening: 60,
    everyNWeeks: 1,
    weeksBack: 2,
    count: 6,
    notes: 'Blood pressure, weekly',
  },
  {
    doctorName: 'Samira Rahman',
    typeSlug: 'physiotherapy',
    weekday: 3,
    minutesAfterOpening: 90,
    everyNWeeks: 1,
    weeksBack: 1,
    count: 5,
    notes: 'After a knee operation',
  },
  {
    doctorName: 'Chidi Okafor',
    typeSlug: 'consultation',
    weekday: 4,
    minutesAfterOpening: 120,
    everyNWeeks: 2,
    weeksBack: 0,
    count: 3,
    notes: '',
  },
];

const weekdayNames = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

export function demoSeries(
  directory: Directory,
  templates: readonly ScheduleTemplate[],
  pools: PatientPools,
  today: PlainDate,
  now: Instant,
  random: Random,
): PlannedSeries[] {
  return wishes.flatMap((wish) => {
    const doctor = directory.doctors.find((each) => each.name === wish.doctorName);
    const type = directory.appointmentTypes.find((each) => each.slug === wish.typeSlug);
    const plan = templates.find(
      (each) =>
        each.doctorId === doctor?.id &&
        each.weekday === wish.weekday &&
        each.everyNWeeks === 1 &&
        each.validUntil === null,
    );
    const place = directory.locations.find((each) => each.id === plan?.locationId);
    if (!doctor || !type || !plan || !place) return [];
    const date = dateOf(today, wish);
    const startsAt = instantOf(date, after(plan.opensAt, wish.minutesAfterOpening), place.timeZone);
    const createdAt = instant(Math.floor((Math.min(startsAt, now) - 6 * dayMs) / minuteMs) * minuteMs);
    const patient = random.pick(pools.adults.warsaw);
    const series: AppointmentSeries = {
      id: random.id(createdAt),
      clinicId: directory.clinic.id,
      seq: 0,
      deleted: false,
      doctorId: doctor.id,
      locationId: place.id,
      appointmentTypeId: type.id,
      patientId: patient.id,
      rrule: `FREQ=WEEKLY;INTERVAL=${wish.everyNWeeks};BYDAY=${weekdayNames[wish.weekday - 1]};COUNT=${wish.count}`,
      timeZone: place.timeZone,
      startsAt,
      durationMinutes: type.durationMinutes,
      notes: wish.notes,
      createdAt,
    };
    const starts = new Set(occurrencesOf(series));
    assert(starts.size === wish.count, 'a series has as many visits as its rule says');
    return { series, patient, starts };
  });
}

/** The wish's weekday in the week of today, or so many weeks before it. */
function dateOf(today: PlainDate, { weekday, weeksBack }: Wish): PlainDate {
  return addDays(today, ((weekday - weekdayOf(today) + 7) % 7) - 7 * weeksBack);
}

function after(opensAt: WallTime, minutes: number): WallTime {
  return wallTime(Number(opensAt.slice(0, 2)) * 60 + Number(opensAt.slice(3)) + minutes);
}

/** Clinics for the bench, each as it comes out of storage: every record from JSON, none by way of a builder's spread. */
import { Facts } from '../../acts/facts';
import type { Appointment } from '../../model/appointment';
import type { RecordKind, SyncedOf } from '../../model/records';
import {
  aBreak,
  aBusyTime,
  aDoctor,
  aHold,
  anAppointment,
  anAppointmentType,
  anException,
  aTemplate,
  aTimeOff,
  date,
  idOf,
  time,
  warsaw,
} from '../../testing/builders';
import { demoBatches } from '../../testing/demo-clinic';
import { type FactsParts, factsOf } from '../../testing/facts-of';
import { randomFrom } from '../../testing/random';
import { dayMs, hourMs, type Instant, instant, plusMinutes } from '../../time/instant';
import { addDays } from '../../time/plain-date';
import { instantOf } from '../../time/zone';

/** A Monday without a clock change in the 90 days after it. */
export const benchDate = date('2026-11-23');
export const benchMidnight = instantOf(benchDate, time('00:00'), warsaw);

export interface BenchClinic {
  doctorIds: string[];
  /** The records as text, as storage has them. */
  text: string;
}

/**
 * Doctors who work every day from 08:00 to 18:00 with a break, their visits of 30 minutes at random times, and of
 * everything else that a doctor of a real clinic has a row or two.
 */
export function benchClinic(doctors: number, days: number, busyEach: number): BenchClinic {
  const random = randomFrom(`bench ${doctors} ${days} ${busyEach}`);
  return clinicOf(doctors, days, (doctorId) =>
    Array.from({ length: busyEach }, () => {
      const day = random.integer(0, days - 1);
      return anAppointment({
        doctorId,
        startsAt: atClock(day, 480 + random.integer(0, 37) * 15),
        buffers: [0, 5],
      });
    }),
  );
}

/** Nothing is free but an hour of the last doctor, at 15:00 of the day before the last but one. */
export function fullClinic(doctors: number, days: number): BenchClinic & { gapAt: Instant } {
  const gapAt = atClock(days - 2, 15 * 60);
  const clinic = clinicOf(doctors, days, (doctorId) => {
    const visits: Appointment[] = [];
    for (let day = 0; day < days; day++) {
      // To the end of the longest evening that an exception gives.
      for (let clock = 480; clock < 20 * 60; clock += 30) {
        const startsAt = atClock(day, clock);
        const isGap = doctorId === idOf('doctor', doctors) && startsAt >= gapAt && startsAt < gapAt + hourMs;
        if (!isGap) visits.push(anAppointment({ doctorId, startsAt }));
      }
    }
    return visits;
  });
  return { ...clinic, gapAt };
}

function clinicOf(doctors: number, days: number, visitsOf: (doctorId: string) => Appointment[]): BenchClinic {
  const doctorIds = Array.from({ length: doctors }, (_, i) => idOf('doctor', i + 1));
  const parts: FactsParts = {
    doctors: doctorIds.map((id) => aDoctor({ id })),
    types: [anAppointmentType({ slotStepMinutes: 15, durationMinutes: 30, bufferAfterMinutes: 5 })],
    templates: doctorIds.flatMap((doctorId) =>
      [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) => {
        const now = { doctorId, weekday, closesAt: time('18:00'), breaks: [aBreak('12:00', '13:00')] };
        return [
          aTemplate({ ...now, validFrom: date('2026-06-01') }),
          aTemplate({ doctorId, weekday, validUntil: date('2026-06-01') }),
        ];
      }),
    ),
    exceptions: [
      anException({
        kind: 'closure',
        date: addDays(benchDate, 4),
        startsAt: time('16:00'),
        endsAt: time('18:00'),
      }),
      anException({ kind: 'closure', date: date('2026-12-25') }),
      ...doctorIds.flatMap((doctorId, i) => [
        anException({ doctorId, date: dayOf(i + 1), startsAt: time('10:00'), endsAt: time('11:00') }),
        anException({
          doctorId,
          kind: 'extra',
          date: dayOf(i + 2),
          startsAt: time('18:00'),
          endsAt: time('20:00'),
        }),
        anException({
          doctorId,
          kind: 'replace',
          date: dayOf(i + 3),
          startsAt: time('09:00'),
          endsAt: time('14:00'),
        }),
        anException({ doctorId, date: date('2026-10-05') }),
      ]),
    ],
    timeOff: doctorIds.flatMap((doctorId, i) => [
      aTimeOff({
        doctorId,
        startsAt: atClock((i + 5) % days, 13 * 60),
        endsAt: atClock((i + 5) % days, 18 * 60),
      }),
      aTimeOff({ doctorId, startsAt: atClock(-60, 0), endsAt: atClock(-53, 0) }),
      aTimeOff({ doctorId, status: 'requested', startsAt: atClock(2, 0), endsAt: atClock(5, 0) }),
    ]),
    appointments: doctorIds.flatMap(visitsOf),
    holds: doctorIds.flatMap((doctorId, i) => [
      aHold({ doctorId, startsAt: atClock(i % days, 9 * 60) }),
      aHold({ doctorId, startsAt: atClock(i % days, 14 * 60), expiresAt: instant(benchMidnight - 1) }),
    ]),
    busy: doctorIds.flatMap((doctorId, i) => [
      aBusyTime({ doctorId, startsAt: atClock((i + 6) % days, 16 * 60) }),
      aBusyTime({ doctorId, startsAt: atClock((i + 6) % days, 7 * 60) }),
    ]),
  };
  return { doctorIds, text: JSON.stringify(parts) };

  function dayOf(n: number) {
    return addDays(benchDate, n % days);
  }
}

/** Facts that nobody has asked anything yet, of records that nobody has read. */
export function freshFacts(clinic: BenchClinic): Facts {
  return factsOf(JSON.parse(clinic.text) as FactsParts);
}

function atClock(day: number, minutes: number): Instant {
  return plusMinutes(instant(benchMidnight + day * dayMs), minutes);
}

export type AnyRecord = { [K in RecordKind]: [kind: K, records: SyncedOf<K>[]] }[RecordKind];

/** Every record of the large demo clinic at 09:00 of `benchDate`, as a desk or a server has them once they are read. */
export function largeClinicRecords(): AnyRecord[] {
  const batches: AnyRecord[] = [];
  for (const { kind, records } of demoBatches({
    scale: 'large',
    today: benchDate,
    now: plusMinutes(benchMidnight, 9 * 60),
  }))
    batches.push([kind, JSON.parse(JSON.stringify(records))] as AnyRecord);
  return batches;
}

export function factsOfRecords(batches: readonly AnyRecord[]): Facts {
  const facts = new Facts();
  for (const [kind, records] of batches) for (const record of records) facts.put(kind, record);
  return facts;
}

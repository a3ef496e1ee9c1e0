/**
 * How long free slots take, beside two yardsticks of the same run: a straightforward search with Temporal, and the
 * floor, a loop that reads the busy times once and writes the slots.
 */
import { Temporal } from 'temporal-polyfill';
import type { Bench } from '../../../scripts/bench-api';
import type { Appointment } from '../model/appointment';
import {
  aBreak,
  aDoctor,
  anAppointment,
  anAppointmentType,
  appointmentTypeId,
  aTemplate,
  date,
  idOf,
  locationId,
  time,
  warsaw,
} from '../testing/builders';
import { factsOf } from '../testing/facts-of';
import { dayMs, type Instant, instant, minuteMs, plusMinutes } from '../time/instant';
import { addDays } from '../time/plain-date';
import { instantOf } from '../time/zone';
import { findNextAvailable } from './find-next-available';
import { findSlots } from './find-slots';
import type { NextAvailableQuery, Slot, SlotQuery } from './query';

export const suite = 'engine';

const from = date('2026-11-23');
const now = instantOf(from, time('00:00'), warsaw);
const type = anAppointmentType({ slotStepMinutes: 15, durationMinutes: 30, bufferAfterMinutes: 5 });

interface Clinic {
  facts: ReturnType<typeof factsOf>;
  doctorIds: string[];
  visits: Map<string, Appointment[]>;
}

/** As it comes out of storage: builders spread objects, and V8 keeps those in a form that is far slower to read. */
function visit(fields: Parameters<typeof anAppointment>[0]): Appointment {
  return JSON.parse(JSON.stringify(anAppointment(fields)));
}

/** Doctors who work every day from 08:00 to 18:00 with a break, and their visits of 30 minutes at random times. */
function makeClinic(doctors: number, days: number, busyEach: number): Clinic {
  let seed = 42;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const doctorIds = Array.from({ length: doctors }, (_, i) => idOf('doctor', i + 1));
  const visits = new Map<string, Appointment[]>();
  for (const doctorId of doctorIds) {
    const own = Array.from({ length: busyEach }, () =>
      visit({
        doctorId,
        startsAt: plusMinutes(instant(now + random(days) * dayMs), 480 + random(38) * 15),
        buffers: [0, 5],
      }),
    );
    visits.set(doctorId, own);
  }
  const templates = doctorIds.flatMap((doctorId) =>
    [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
      aTemplate({ doctorId, weekday, closesAt: time('18:00'), breaks: [aBreak('12:00', '13:00')] }),
    ),
  );
  const facts = factsOf({
    doctors: doctorIds.map((id) => aDoctor({ id })),
    types: [type],
    templates,
    appointments: [...visits.values()].flat(),
  });
  return { facts, doctorIds, visits };
}

export async function run(bench: Bench): Promise<void> {
  const cases: [string, number, number, number][] = [
    ['a: 1 doctor x 7 days, 40 busy', 1, 7, 40],
    ['b: 1 doctor x 90 days, 600 busy', 1, 90, 600],
    ['c: 20 doctors x 30 days, 200 busy each', 20, 30, 200],
  ];
  for (const [name, doctors, days, busy] of cases) {
    const clinic = makeClinic(doctors, days, busy);
    const query: SlotQuery = {
      doctorIds: clinic.doctorIds,
      appointmentTypeId,
      from,
      until: addDays(from, days),
      channel: 'online',
      now,
    };
    const slots = findSlots(clinic.facts, query);
    const plain = straightforward(clinic, query);
    const least = floor(clinic, slots);
    if (JSON.stringify(plain) !== JSON.stringify(slots) || least.length !== slots.length) {
      throw new Error(`case ${name}: ${slots.length} slots, ${plain.length} the straightforward way`);
    }
    bench.record(`${name}: slots`, slots.length, 'slots');
    bench.record(`${name}: allocated`, allocatedBy(() => findSlots(clinic.facts, query)) / 1024, 'KiB');
    await bench.measure(`${name}: floor`, () => floor(clinic, slots), { unit: 'ms' });
    await bench.measure(`${name}: Temporal`, () => straightforward(clinic, query), {
      unit: 'ms',
      samples: 20,
    });
    await bench.measure(name, () => findSlots(clinic.facts, query), {
      unit: 'ms',
      against: `${name}: Temporal`,
    });
    const { median } = await bench.measure(`${name} (to floor)`, () => findSlots(clinic.facts, query), {
      unit: 'ms',
      against: `${name}: floor`,
    });
    bench.record(`${name}: per slot`, (median / slots.length) * 1e6, 'ns');
  }

  const full = makeClinic(20, 60, 0);
  const gap = plusMinutes(instant(now + 58 * dayMs), 15 * 60);
  for (const doctorId of full.doctorIds) {
    for (let day = 0; day < 60; day++) {
      for (let clock = 480; clock < 1080; clock += 30) {
        const startsAt = plusMinutes(instant(now + day * dayMs), clock);
        // One hour of the 59th day is all that is left, with the last doctor.
        const isGap =
          doctorId === full.doctorIds.at(-1) && startsAt >= gap && startsAt < plusMinutes(gap, 60);
        if (!isGap) full.facts.put('appointment', visit({ doctorId, startsAt }));
      }
    }
  }
  const next: NextAvailableQuery = {
    doctorIds: full.doctorIds,
    appointmentTypeId,
    channel: 'online',
    now,
    after: now,
    withinDays: 60,
    limit: 1,
  };
  const [first] = findNextAvailable(full.facts, next);
  if (first?.startsAt !== gap) throw new Error('case d: the gap was not found');
  const d = 'd: first of 20 doctors, full for 58 days';
  bench.record(`${d}: allocated`, allocatedBy(() => findNextAvailable(full.facts, next)) / 1024, 'KiB');
  await bench.measure(d, () => findNextAvailable(full.facts, next), { unit: 'ms' });
}

/** Bytes that one call allocates: the mean of a few, without a collection between. */
function allocatedBy(call: () => unknown): number {
  const collect = (globalThis as { gc?: () => void }).gc;
  call();
  collect?.();
  const before = process.memoryUsage().heapUsed;
  const calls = 3;
  for (let i = 0; i < calls; i++) call();
  return (process.memoryUsage().heapUsed - before) / calls;
}

/** What any engine has to do at least: read what is busy once, write the slots. */
function floor(clinic: Clinic, slots: readonly Slot[]): Slot[] {
  let latest = 0;
  for (const visits of clinic.visits.values()) {
    for (const visit of visits) if (visit.reservedUntil > latest) latest = visit.reservedUntil;
  }
  const written: Slot[] = [];
  for (const { doctorId, locationId: place, roomId, startsAt, endsAt, seatsLeft } of slots) {
    if (startsAt <= latest + dayMs)
      written.push({ doctorId, locationId: place, roomId, startsAt, endsAt, seatsLeft });
  }
  return written;
}

/** As one would write it first: a zoned time per candidate, and a look at every visit. */
function straightforward(clinic: Clinic, query: SlotQuery): Slot[] {
  const found: Slot[] = [];
  for (const doctorId of query.doctorIds) {
    const busy = clinic.visits.get(doctorId) ?? [];
    for (
      let day = Temporal.PlainDate.from(query.from);
      day.toString() < query.until;
      day = day.add({ days: 1 })
    ) {
      for (const template of clinic.facts.templatesOf(doctorId)) {
        if (template.weekday !== day.dayOfWeek) continue;
        const zoned = (clock: string) => day.toPlainDateTime(clock).toZonedDateTime(warsaw);
        const edges = [
          template.opensAt,
          ...template.breaks.flatMap((pause) => [pause.startsAt, pause.endsAt]),
          template.closesAt,
        ];
        for (let i = 0; i < edges.length; i += 2) {
          const closes = zoned(edges[i + 1] as string);
          for (let at = zoned(edges[i] as string); ; at = at.add({ minutes: type.slotStepMinutes })) {
            const end = at.add({ minutes: type.durationMinutes });
            if (Temporal.ZonedDateTime.compare(end, closes) > 0) break;
            const startsAt = instant(at.epochMilliseconds);
            const endsAt = instant(end.epochMilliseconds);
            if (startsAt < query.now) continue;
            const until = endsAt + type.bufferAfterMinutes * minuteMs;
            if (busy.some((visit) => visit.reservedFrom < until && visit.reservedUntil > startsAt)) continue;
            found.push({
              doctorId,
              locationId,
              roomId: null,
              startsAt: startsAt as Instant,
              endsAt,
              seatsLeft: 1,
            });
          }
        }
      }
    }
  }
  const order = new Map(query.doctorIds.map((id, i) => [id, i]));
  return found.sort(
    (a, b) => a.startsAt - b.startsAt || (order.get(a.doctorId) ?? 0) - (order.get(b.doctorId) ?? 0),
  );
}

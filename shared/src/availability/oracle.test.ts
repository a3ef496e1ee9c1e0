import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { factsOf } from '../testing/facts-of';
import { instant, minuteMs } from '../time/instant';
import { addDays } from '../time/plain-date';
import { explain } from './explain';
import { findNextAvailable } from './find-next-available';
import { findSlots } from './find-slots';
import { oracleSlots } from './testing/oracle';
import { type RandomCase, randomCase } from './testing/random-clinic';

const seed = Number(process.env.MEDIC_SEED ?? 20_261_123);
const runs = Number(process.env.MEDIC_RUNS ?? 300);
const options = { seed, numRuns: runs };

describe(`random clinics around clock changes, seed ${seed}, ${runs} cases`, { timeout: 600_000 }, () => {
  test('the engine finds what the oracle finds, in the same order', () => {
    let slots = 0;
    let shared = 0;
    let roomed = 0;
    fc.assert(
      fc.property(randomCase, ({ facts, query }) => {
        const found = findSlots(factsOf(facts), query);
        slots += found.length;
        for (const slot of found) {
          if (slot.seatsLeft < 3 && facts.types[0]?.capacity === 3) shared++;
          if (slot.roomId !== null) roomed++;
        }
        expect(found).toEqual(oracleSlots(facts, query));
      }),
      options,
    );
    // A generator that offers next to nothing would prove next to nothing.
    expect(slots).toBeGreaterThan(runs * 8);
    expect(roomed).toBeGreaterThan(runs);
    expect(shared).toBeGreaterThan(runs / 50);
  });

  test('the answer for some dates is the union of the answers for each', () => {
    fc.assert(
      fc.property(randomCase, ({ facts: parts, query }) => {
        const facts = factsOf(parts);
        const byDay = [];
        for (let day = query.from; day < query.until; day = addDays(day, 1)) {
          byDay.push(...findSlots(facts, { ...query, from: day, until: addDays(day, 1) }));
        }
        expect(sorted(byDay)).toEqual(sorted(findSlots(facts, query)));
      }),
      options,
    );
  });

  test('there is nothing to explain exactly where there is a slot', () => {
    fc.assert(
      fc.property(
        randomCase,
        fc.array(fc.integer({ min: 0, max: 3 * 1440 }), { minLength: 10, maxLength: 10 }),
        (random, minutes) => {
          const { facts: parts, query } = random;
          const facts = factsOf(parts);
          const free = new Set(findSlots(facts, query).map(key));
          for (const doctor of parts.doctors) {
            if (query.doctorIds.length > 0 && !query.doctorIds.includes(doctor.id)) continue;
            for (const location of parts.locations) {
              if (query.locationId !== undefined && query.locationId !== location.id) continue;
              for (const startsAt of startsToTry(random, minutes)) {
                const request = { ...query, doctorId: doctor.id, locationId: location.id, startsAt };
                const reasons = explain(facts, request);
                const isFree = free.has(key(request));
                if ((reasons.length === 0) !== isFree && isInRange(random, location.timeZone, startsAt)) {
                  expect({ at: new Date(startsAt).toISOString(), isFree, reasons }).toBe('consistent');
                }
              }
            }
          }
        },
      ),
      options,
    );
  });

  test('the next available ones are the first of all', () => {
    fc.assert(
      fc.property(randomCase, fc.integer({ min: 1, max: 12 }), ({ facts: parts, query }, limit) => {
        const facts = factsOf(parts);
        const after = instant(Date.parse(`${query.from}T00:00Z`) + 30_000);
        const all = findSlots(facts, {
          ...query,
          from: addDays(query.from, -2),
          until: addDays(query.from, 14),
        });
        const wanted = all
          .filter((slot) => slot.startsAt >= after && slot.startsAt < after + 10 * 1440 * minuteMs)
          .slice(0, limit);
        expect(findNextAvailable(facts, { ...query, after, withinDays: 10, limit })).toEqual(wanted);
      }),
      options,
    );
  });

  test('taking a busy time away takes no slot away', () => {
    fc.assert(
      fc.property(randomCase, ({ facts: parts, query }) => {
        const before = findSlots(factsOf(parts), query).map(key);
        const after = new Set(
          findSlots(
            factsOf({ ...parts, busy: [], holds: [], appointments: parts.appointments.slice(1) }),
            query,
          ).map(key),
        );
        expect(before.filter((slot) => !after.has(slot))).toEqual([]);
      }),
      options,
    );
  });
});

function key(slot: { doctorId: string; locationId: string; startsAt: number }): string {
  return `${slot.doctorId} ${slot.locationId} ${slot.startsAt}`;
}

function sorted<T extends { doctorId: string; locationId: string; startsAt: number }>(slots: T[]): T[] {
  return slots.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Random minutes, and those where something begins or ends. */
function startsToTry({ facts, query }: RandomCase, minutes: number[]) {
  const midnight = Date.parse(`${query.from}T00:00Z`);
  return [
    ...minutes.map((minute) => instant(midnight + minute * minuteMs)),
    ...facts.appointments.flatMap((visit) => [visit.startsAt, visit.reservedUntil]),
    ...findSlots(factsOf(facts), query)
      .slice(0, 8)
      .map((slot) => slot.startsAt),
  ];
}

/** Well inside the dates asked for, by any reading of them. */
function isInRange({ query }: RandomCase, timeZone: string, startsAt: number): boolean {
  const local = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(startsAt);
  return local >= query.from && local < query.until;
}

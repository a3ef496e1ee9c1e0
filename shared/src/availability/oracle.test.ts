/**
 * The engine against an oracle that shares no code with it, and against itself, over random clinics around every
 * clock change of 2024 to 2030. Other seeds and more cases:
 *
 *     MEDIC_SEED=7 MEDIC_RUNS=50000 npx vitest run --project unit shared/src/availability/oracle.test.ts
 */
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { factsOf } from '../testing/facts-of';
import { type Instant, instant, minuteMs } from '../time/instant';
import { addDays } from '../time/plain-date';
import { explain } from './explain';
import { findNextAvailable } from './find-next-available';
import { findSlots } from './find-slots';
import { placeVisit } from './place-visit';
import type { Placement, PlacementRequest, Slot, SlotQuery } from './query';
import type { Reason, ReasonCode } from './reason';
import { centreName } from './testing/clock-changes';
import { Coverage } from './testing/coverage';
import { keptCase, keptCases } from './testing/kept-cases';
import { Oracle, type OracleFacts, oracleSlots } from './testing/oracle';
import { oraclePlacement } from './testing/oracle-reasons';
import { layered, shuffled } from './testing/other-facts';
import { anyCase, casesAt, centres, type RandomCase } from './testing/random-clinic';
import { holdsForAll, type Replay } from './testing/replay';
import { dayHolding, tableDay } from './testing/zone-table';

const replay: Replay = {
  seed: Number(process.env.MEDIC_SEED ?? 20_261_123),
  runs: Number(process.env.MEDIC_RUNS ?? 2000),
  at: process.env.MEDIC_AT,
  path: process.env.MEDIC_PATH,
};
const { seed, runs } = replay;

/** The properties beside the first one, of which each run costs as much again, run on a part of the cases. */
const some = Math.ceil(runs / 8);

function holds<T extends [RandomCase, ...unknown[]]>(
  test: string,
  property: fc.IProperty<T>,
  count = some,
): void {
  holdsForAll(property, { test, seed, runs: count, at: undefined }, replay);
}

/** A property that hardly ever had anything to look at would prove nothing. */
function expectSeen(seen: number, least: number): void {
  if (replay.path === undefined) expect(seen).toBeGreaterThanOrEqual(Math.floor(least));
}

describe(`random clinics, seed ${seed}, ${runs} cases`, { timeout: 3_600_000 }, () => {
  const everyChange = 'around every clock change the engine finds what the oracle finds, in the same order';
  test(everyChange, () => {
    const seen = new Coverage();
    const each = Math.ceil(runs / centres.length);
    for (const [i, centre] of centres.entries()) {
      const at = centreName(centre);
      if (replay.at !== undefined && replay.at !== at) continue;
      holdsForAll(
        fc.property(casesAt(centre), (random) => seen.add(random, sameAsOracle(random))),
        { test: everyChange, seed: seed + i, runs: each, at },
        replay,
      );
    }
    if (replay.at === undefined) expect(seen.lacking(each)).toEqual([]);
  });

  test.each(keptCases)('kept: $name', (kept) => {
    const random = keptCase(kept);
    expect(sameAsOracle(random).length).toBeGreaterThan(0);
    const halfHours = Array.from({ length: 4 * 48 }, (_, half) => [half * 30, 0] as const);
    sameReasons(random, startsToTry(random, halfHours));
  });

  const reasons = 'every reason that the oracle sees is named with its fact, and no other';
  test(reasons, () => {
    const codes = new Map<ReasonCode, number>();
    holds(
      reasons,
      fc.property(anyCase, someMinutes, (random, minutes) =>
        sameReasons(random, startsToTry(random, minutes), codes),
      ),
    );
    for (const code of allCodes) expectSeen(codes.get(code) ?? 0, some / 20);
  });

  const everyMinute = 'there is nothing to explain exactly at the minutes where there is a slot';
  test(everyMinute, () => {
    let seen = 0;
    holds(
      everyMinute,
      fc.property(anyCase, fc.nat(1), fc.nat(1), ({ facts: parts, query }, d, l) => {
        const facts = factsOf(parts);
        const doctorId = parts.doctors[d]?.id as string;
        const location = parts.locations[l] as OracleFacts['locations'][number];
        const asked = {
          ...query,
          doctorIds: [doctorId],
          locationId: location.id,
          until: addDays(query.from, 1),
        };
        const free = new Set(findSlots(facts, asked).map((slot) => slot.startsAt));
        const day = tableDay(asked.from, location.timeZone);
        const unexplained: Instant[] = [];
        for (let minute = day.first; minute < day.end; minute++) {
          const startsAt = instant(minute * minuteMs);
          const placement = placeVisit(facts, { ...asked, doctorId, startsAt });
          if (placement.reasons.length === 0) unexplained.push(startsAt);
          expect(placement.slot === null).toBe(placement.reasons.length > 0);
        }
        seen += free.size;
        expect(unexplained).toEqual([...free]);
      }),
      Math.ceil(runs / 60),
    );
    expectSeen(seen, runs / 60);
  });

  const beside = 'the starts offered before and after are the nearest ones that could be booked';
  test(beside, () => {
    let seen = 0;
    holds(
      beside,
      fc.property(anyCase, someMinutes, (random, minutes) => {
        const facts = factsOf(random.facts);
        const { from, until: _, ...asked } = random.query;
        const starts = startsToTry(random, minutes);
        for (const request of requestsAt(random, starts.slice(-2)).filter(isPlain)) {
          const { doctorId, locationId, startsAt } = request;
          const near = findSlots(facts, {
            ...asked,
            doctorIds: [doctorId],
            locationId,
            from: addDays(from, -65),
            until: addDays(from, 70),
          }).filter((slot) => Math.abs(slot.startsAt - startsAt) <= 60 * 1440 * minuteMs);
          seen += Math.min(1, near.length);
          expect(explain(facts, request)).toEqual({
            reasons: placeVisit(facts, request).reasons,
            before: near.findLast((slot) => slot.startsAt < startsAt) ?? null,
            after: near.find((slot) => slot.startsAt > startsAt) ?? null,
          });
        }
      }),
      Math.ceil(runs / 20),
    );
    expectSeen(seen, runs / 80);
  });

  const union = 'the answer for some dates is the union of the answers for each';
  test(union, () => {
    let seen = 0;
    holds(
      union,
      fc.property(anyCase, ({ facts: parts, query }) => {
        const facts = factsOf(parts);
        const byDay = [];
        for (let day = query.from; day < query.until; day = addDays(day, 1)) {
          byDay.push(...findSlots(facts, { ...query, from: day, until: addDays(day, 1) }));
        }
        seen += byDay.length;
        expect(byKey(byDay)).toEqual(byKey(findSlots(facts, query)));
      }),
    );
    expectSeen(seen, some * 5);
  });

  const apart = 'no slot reserves what is taken of its doctor or its room, and its seats add up';
  test(apart, () => {
    let seen = 0;
    holds(
      apart,
      fc.property(anyCase, ({ facts, query }) => {
        const type = facts.types[0] as OracleFacts['types'][number];
        const takers = takersOf(facts, query);
        for (const slot of findSlots(factsOf(facts), query)) {
          const from = slot.startsAt - type.bufferBeforeMinutes * minuteMs;
          const until = slot.endsAt + type.bufferAfterMinutes * minuteMs;
          let mates = 0;
          seen++;
          for (const taker of takers) {
            const shares =
              type.capacity > 1 &&
              taker.capacity > 1 &&
              taker.startsAt === slot.startsAt &&
              taker.doctorId === slot.doctorId &&
              taker.locationId === slot.locationId &&
              taker.appointmentTypeId === type.id;
            if (shares) mates++;
            else if (
              taker.doctorId === slot.doctorId ||
              (slot.roomId !== null && taker.roomId === slot.roomId)
            )
              expect(taker.from >= until || taker.until <= from).toBe(true);
          }
          expect(slot.seatsLeft).toBe(type.capacity - mates);
          expect(slot.seatsLeft).toBeGreaterThan(0);
        }
      }),
    );
    expectSeen(seen, some * 5);
  });

  const lessBusy = 'taking one visit, hold or busy time away takes no slot away';
  test(lessBusy, () => {
    let seen = 0;
    holds(
      lessBusy,
      fc.property(anyCase, ({ facts, query }) => {
        const before = findSlots(factsOf(facts), query);
        const split = splitGroups(facts);
        for (const part of ['appointments', 'holds', 'busy'] as const) {
          for (const i of facts[part].keys()) {
            const rest = { ...facts, [part]: (facts[part] as readonly object[]).filter((_, j) => j !== i) };
            const after = new Set(findSlots(factsOf(rest), query).map(key));
            const lost = before.filter(
              (slot) => !after.has(key(slot)) && !split.has(`${slot.doctorId} ${slot.startsAt}`),
            );
            seen += Number(after.size > before.length);
            expect(lost).toEqual([]);
          }
        }
      }),
    );
    expectSeen(seen, some / 4);
  });

  const moreBusy = 'a busy time over a slot takes it away, and brings no other';
  test(moreBusy, () => {
    let seen = 0;
    holds(
      moreBusy,
      fc.property(anyCase, fc.nat(), fc.nat(600), ({ facts, query }, which, minutes) => {
        const before = findSlots(factsOf(facts), query);
        const slot = before[which % Math.max(1, before.length)];
        if (!slot) return;
        const busy = {
          id: 'added',
          doctorId: slot.doctorId,
          startsAt: instant(slot.endsAt - 1000),
          endsAt: instant(slot.endsAt + minutes * minuteMs),
        } as OracleFacts['busy'][number];
        const after = findSlots(factsOf({ ...facts, busy: [...facts.busy, busy] }), query);
        seen++;
        expect(after.map(key)).not.toContain(key(slot));
        const known = new Map(before.map((one) => [key(one), one]));
        // Rooms stay too: a calendar elsewhere takes none.
        for (const left of after) expect(left).toEqual(known.get(key(left)));
      }),
    );
    expectSeen(seen, some / 4);
  });

  const lessCut = 'without a break, block, closure or time off a slot is lost to the moved grid alone';
  test(lessCut, () => {
    let seen = 0;
    holds(
      lessCut,
      fc.property(anyCase, fc.nat(), ({ facts, query }, which) => {
        const before = findSlots(factsOf(facts), query);
        const rest = withoutOneCut(facts, which);
        if (!rest) return;
        const after = factsOf(rest);
        const free = new Set(findSlots(after, query).map(key));
        for (const slot of before) {
          if (free.has(key(slot))) continue;
          seen++;
          expect(placeVisit(after, { ...query, ...where(slot) }).reasons.map(({ code }) => code)).toEqual([
            'off-grid',
          ]);
        }
      }),
    );
    expectSeen(seen, some / 20);
  });

  const noEffect =
    'what is cancelled, expired, one’s own, without length or ignored might as well not be there';
  test(noEffect, () => {
    let seen = 0;
    holds(
      noEffect,
      fc.property(anyCase, ({ facts, query }) => {
        const live = new Set(takersOf(facts, query).map(({ id }) => id));
        const rest = {
          ...facts,
          appointments: facts.appointments.filter(({ id }) => live.has(id)),
          holds: facts.holds.filter(({ id }) => live.has(id)),
          busy: facts.busy.filter(({ id }) => live.has(id)),
          timeOff: facts.timeOff.filter((off) => off.status === 'approved' && off.endsAt > off.startsAt),
        };
        const { holder: _, ignoreAppointmentId: __, ...plain } = query;
        const found = findSlots(factsOf(facts), query);
        seen += found.length;
        expect(found).toEqual(findSlots(factsOf(rest), plain));
      }),
    );
    expectSeen(seen, some * 5);
  });

  const retold = 'neither the order of records nor their layers change an answer or the order of reasons';
  test(retold, () => {
    let seen = 0;
    holds(
      retold,
      fc.property(
        anyCase,
        fc.array(fc.nat(1_000_000), { minLength: 12, maxLength: 12 }),
        someMinutes,
        (random, numbers, minutes) => {
          const { facts, query } = random;
          const flat = factsOf(facts);
          const found = findSlots(flat, query);
          seen += found.length;
          const turned = factsOf(shuffled(facts, numbers));
          const above = layered(facts, numbers);
          expect(findSlots(turned, query)).toEqual(found);
          expect(findSlots(above, query)).toEqual(found);
          for (const request of requestsAt(random, startsToTry(random, minutes.slice(0, 4)).slice(0, 6))) {
            const placed = placeVisit(flat, request);
            expect(placeVisit(turned, request)).toEqual(placed);
            expect(placeVisit(above, request)).toEqual(placed);
          }
        },
      ),
    );
    expectSeen(seen, some * 5);
  });

  const next = 'the next available ones are the first of all that are wanted';
  test(next, () => {
    let seen = 0;
    holds(
      next,
      fc.property(
        anyCase,
        fc.record({
          limit: fc.integer({ min: 1, max: 12 }),
          withinDays: fc.integer({ min: 1, max: 10 }),
          minutes: fc.integer({ min: -600, max: 2000 }),
          extra: fc.constantFrom(0, 0, 30_000),
          weekdays: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 4 })),
          parts: fc.option(
            fc.uniqueArray(fc.constantFrom('morning' as const, 'afternoon' as const, 'evening' as const), {
              maxLength: 2,
            }),
          ),
        }),
        ({ facts: parts, query }, wish) => {
          const facts = factsOf(parts);
          const after = instant(Date.parse(`${query.from}T00:00Z`) + wish.minutes * minuteMs + wish.extra);
          const zoneOf = new Map(parts.locations.map((place) => [place.id, place.timeZone]));
          const wanted = findSlots(facts, {
            ...query,
            from: addDays(query.from, -3),
            until: addDays(query.from, 15),
          })
            .filter(
              ({ startsAt }) => startsAt >= after && startsAt < after + wish.withinDays * 1440 * minuteMs,
            )
            .filter(({ startsAt, locationId }) => {
              const zone = zoneOf.get(locationId) as string;
              const part = partOf(startsAt, zone);
              return (
                (!wish.weekdays?.length ||
                  wish.weekdays.includes(dayHolding(startsAt / minuteMs, zone).weekday)) &&
                (!wish.parts?.length || wish.parts.includes(part))
              );
            })
            .slice(0, wish.limit);
          seen += wanted.length;
          const { from: _, until: __, ...asked } = query;
          expect(
            findNextAvailable(facts, {
              ...asked,
              after,
              withinDays: wish.withinDays,
              limit: wish.limit,
              ...(wish.weekdays ? { weekdays: wish.weekdays } : {}),
              ...(wish.parts ? { partsOfDay: wish.parts } : {}),
            }),
          ).toEqual(wanted);
        },
      ),
    );
    expectSeen(seen, some / 2);
  });
});

const allCodes: readonly ReasonCode[] = [
  'past',
  'notice',
  'too-far',
  'desk-only',
  'not-offered',
  'inactive',
  'off-grid',
  'outside-hours',
  'break',
  'block',
  'closure',
  'time-off',
  'visit',
  'buffer',
  'hold',
  'external-busy',
  'room-taken',
  'no-room',
  'full',
];

/** Minutes from the first UTC midnight asked about, and whether a start has seconds too. */
const someMinutes = fc.array(
  fc.tuple(fc.integer({ min: -600, max: 4 * 1440 }), fc.constantFrom(0, 0, 0, 31_000)),
  { minLength: 8, maxLength: 8 },
);

function sameAsOracle({ facts, query }: RandomCase): Slot[] {
  const found = findSlots(factsOf(facts), query);
  const lines = found.map(line);
  const right = oracleSlots(facts, query).map(line);
  if (lines.join() !== right.join()) {
    const missing = right.filter((slot) => !lines.includes(slot));
    const extra = lines.filter((slot) => !right.includes(slot));
    expect(missing.length + extra.length > 0 ? { missing, extra } : lines).toEqual(
      missing.length + extra.length > 0 ? { missing: [], extra: [] } : right,
    );
  }
  return found;
}

/** Every field of a slot, with the start to be read by a person. */
function line(slot: Slot): string {
  return `${new Date(slot.startsAt).toISOString()} ${JSON.stringify(Object.entries(slot).sort())}`;
}

function sameReasons(
  random: RandomCase,
  starts: readonly Instant[],
  codes: Map<ReasonCode, number> = new Map(),
): void {
  const facts = factsOf(random.facts);
  const oracle = new Oracle(random.facts, random.query);
  for (const request of requestsAt(random, starts)) {
    const placed = placeVisit(facts, request);
    for (const { code } of placed.reasons) codes.set(code, (codes.get(code) ?? 0) + 1);
    const zone = random.facts.locations.find(({ id }) => id === request.locationId)?.timeZone as string;
    const found = canonical(withNearEnds(placed, request, zone));
    const right = canonical(withNearEnds(oraclePlacement(oracle, request), request, zone));
    expect({
      request,
      missing: right.reasons.filter((reason) => !found.reasons.includes(reason)),
      extra: found.reasons.filter((reason) => !right.reasons.includes(reason)),
      count: found.reasons.length,
      slot: found.slot,
    }).toEqual({ request, missing: [], extra: [], count: right.reasons.length, slot: right.slot });
  }
}

/** Hours may go on for ever: where they end is told truly up to the end of the next date. */
function withNearEnds(placed: Placement, { startsAt }: PlacementRequest, zone: string): Placement {
  const reasons = placed.reasons.map((reason) => {
    if (reason.code !== 'outside-hours' || reason.closesAt === null) return reason;
    const end = dayHolding(Math.floor(startsAt / minuteMs), zone).next().end * minuteMs;
    return { ...reason, closesAt: instant(Math.min(reason.closesAt, end)) };
  });
  return { ...placed, reasons };
}

/** Every doctor and place at each start; now and then with a length or a room of its own. */
function requestsAt({ facts, query }: RandomCase, starts: readonly Instant[]): PlacementRequest[] {
  const { appointmentTypeId, channel, now, holder, ignoreAppointmentId } = query;
  const rooms = [
    undefined,
    undefined,
    undefined,
    null,
    'nowhere',
    ...facts.locations.flatMap((place) => place.rooms.map(({ id }) => id)),
  ];
  const requests: PlacementRequest[] = [];
  let n = Math.abs(Math.floor(now / minuteMs));
  for (const startsAt of starts) {
    for (const doctor of facts.doctors) {
      for (const location of facts.locations) {
        n++;
        const roomId = rooms[n % rooms.length];
        requests.push({
          doctorId: doctor.id,
          locationId: location.id,
          appointmentTypeId,
          startsAt,
          channel,
          now,
          holder,
          ignoreAppointmentId,
          ...(n % 5 === 0 ? { durationMinutes: 5 + (n % 80) } : {}),
          ...(roomId === undefined ? {} : { roomId }),
        });
      }
    }
  }
  return requests;
}

/** Without a length or a room of its own. */
function isPlain({ durationMinutes, roomId }: PlacementRequest): boolean {
  return durationMinutes === undefined && roomId === undefined;
}

/** Minutes drawn, those where something begins or ends or a limit lies, and some slots, all well inside the dates. */
function startsToTry(
  { facts, query }: RandomCase,
  minutes: readonly (readonly [number, number])[],
): Instant[] {
  const midnight = Date.parse(`${query.from}T00:00Z`);
  const type = facts.types[0] as OracleFacts['types'][number];
  const before = type.bufferBeforeMinutes * minuteMs;
  const after = (type.durationMinutes + type.bufferAfterMinutes) * minuteMs;
  const visits = [...facts.appointments.slice(0, 2), ...facts.appointments.slice(-1)];
  const taken = [...visits, ...facts.holds.slice(0, 1)].map((taker) => [
    taker.reservedFrom,
    taker.reservedUntil,
  ]);
  for (const busy of facts.busy.slice(0, 2)) taken.push([busy.startsAt, busy.endsAt]);
  const edges = [
    ...taken.flatMap(([from = 0, until = 0]) => [
      wholeMinute(from - after),
      wholeMinute(from - after) + minuteMs,
      wholeMinute(until + before),
      wholeMinute(until + before) + minuteMs,
    ]),
    ...[...visits, ...facts.holds.slice(0, 2)].map(({ startsAt }) => startsAt),
    ...facts.timeOff.slice(0, 1).map((off) => wholeMinute(off.endsAt)),
    query.now,
    query.now + type.minNoticeMinutes * minuteMs,
    query.now + type.maxFutureDays * 1440 * minuteMs,
  ];
  const slots = findSlots(factsOf(facts), query);
  return [
    ...minutes.map(([minute, extra]) => midnight + minute * minuteMs + extra),
    ...edges,
    ...slots.slice(0, 3).map((slot) => slot.startsAt),
    ...slots.slice(-2).map((slot) => slot.startsAt),
  ]
    .filter((at) => at > midnight - 1440 * minuteMs && at < midnight + 5 * 1440 * minuteMs)
    .map(instant);
}

function wholeMinute(at: number): number {
  return Math.floor(at / minuteMs) * minuteMs;
}

/** Reasons in an order of their own: those of one start may come in any. */
function canonical({ reasons, slot }: { reasons: Reason[]; slot: object | null }) {
  const text = (of: object): string =>
    JSON.stringify(Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { reasons: reasons.map(text).sort(), slot };
}

/** What takes time for the one who asks, in milliseconds rounded outwards to minutes. */
function takersOf(facts: OracleFacts, query: SlotQuery) {
  const visits = facts.appointments
    .filter(({ status }) => ['pending', 'booked', 'arrived', 'checked-in', 'fulfilled'].includes(status))
    .filter(({ id }) => id !== query.ignoreAppointmentId);
  const holds = facts.holds
    .filter(({ expiresAt }) => expiresAt > query.now)
    .filter(({ holder }) => query.holder === undefined || holder !== query.holder);
  const busy = facts.busy.map((time) => ({
    ...time,
    reservedFrom: time.startsAt,
    reservedUntil: time.endsAt,
    roomId: null,
    capacity: 1,
    locationId: '',
    appointmentTypeId: '',
  }));
  return [...visits, ...holds, ...busy]
    .filter(({ reservedFrom, reservedUntil }) => reservedFrom < reservedUntil)
    .map((taker) => ({
      ...taker,
      from: Math.floor(taker.reservedFrom / minuteMs) * minuteMs,
      until: Math.ceil(taker.reservedUntil / minuteMs) * minuteMs,
    }));
}

/**
 * Starts at which a doctor's group sits in several rooms. Its room is then that with the lowest id, so the one who goes
 * may leave the others with a room that is taken: no room was free before for those who were not in the first.
 */
function splitGroups(facts: OracleFacts): Set<string> {
  const rooms = new Map<string, Set<string>>();
  for (const { capacity, doctorId, startsAt, roomId } of [...facts.appointments, ...facts.holds]) {
    if (capacity === 1 || roomId === null) continue;
    const at = `${doctorId} ${startsAt}`;
    rooms.set(at, (rooms.get(at) ?? new Set()).add(roomId));
  }
  return new Set([...rooms].filter(([, of]) => of.size > 1).map(([at]) => at));
}

/** The facts without one of the things that cut hours away, or null where there is none. */
function withoutOneCut(facts: OracleFacts, which: number): OracleFacts | null {
  const cuts: OracleFacts[] = [];
  for (const gone of facts.exceptions) {
    if (gone.kind !== 'block' && gone.kind !== 'closure') continue;
    cuts.push({ ...facts, exceptions: facts.exceptions.filter((one) => one !== gone) });
  }
  for (const gone of facts.timeOff) {
    cuts.push({ ...facts, timeOff: facts.timeOff.filter((one) => one !== gone) });
  }
  for (const template of facts.templates) {
    for (const gone of template.breaks) {
      const breaks = template.breaks.filter((one) => one !== gone);
      cuts.push({
        ...facts,
        templates: facts.templates.map((one) => (one === template ? { ...one, breaks } : one)),
      });
    }
  }
  return cuts[which % Math.max(1, cuts.length)] ?? null;
}

function partOf(at: Instant, zone: string): 'morning' | 'afternoon' | 'evening' {
  const { hour } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  return hour < 12 ? 'morning' : hour < 17 ? 'afternoon' : 'evening';
}

function where({ doctorId, locationId, startsAt }: Slot) {
  return { doctorId, locationId, startsAt };
}

function key(slot: { doctorId: string; locationId: string; startsAt: number }): string {
  return `${slot.doctorId} ${slot.locationId} ${slot.startsAt}`;
}

function byKey(slots: readonly Slot[]): Slot[] {
  return [...slots].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

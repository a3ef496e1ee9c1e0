/**
 * How long free slots take, beside two yardsticks of the same run: a straightforward search with Temporal, which must
 * answer the same, and the floor, a loop that reads once what is taken and writes the slots. What takes long
 * is interrupted, so "faster than Temporal" is of processor time. "x floor" is of medians, which hardly ever meet a
 * collection of the heap; "with GC" is of processor time, in which both pay for what they allocate.
 *
 *     MEDIC_CASES=ac npm run bench -- engine     only these cases
 */
import type { Bench } from '../../../scripts/bench-api';
import type { Facts } from '../acts/facts';
import { appointmentTypeId } from '../testing/builders';
import { type Instant, instant, plusMinutes } from '../time/instant';
import { addDays } from '../time/plain-date';
import { findNextAvailable } from './find-next-available';
import { findSlots } from './find-slots';
import type { NextAvailableQuery, Slot, SlotQuery } from './query';
import { FoundSlot } from './slot-search';
import {
  type AnyRecord,
  type BenchClinic,
  benchClinic,
  benchDate,
  benchMidnight,
  factsOfRecords,
  freshFacts,
  fullClinic,
  largeClinicRecords,
} from './testing/bench-clinics';
import { straightforwardNext, straightforwardSlots } from './testing/straightforward';

export const suite = 'engine';

type Question = { findSlots: SlotQuery } | { findNextAvailable: NextAvailableQuery };

interface Case {
  key: string;
  label: string;
  question: Question;
  facts: Facts;
  /** Makes the facts anew, so that the first question to them is measured as well. */
  fresh?: () => Facts;
}

export async function run(bench: Bench): Promise<void> {
  const wanted = process.env.MEDIC_CASES ?? 'abcde';
  const rows: string[][] = [];
  const measure = async (found: Case): Promise<void> => {
    rows.push(await measureCase(bench, found));
  };

  const sizes = [
    { key: 'a', doctors: 1, days: 7, busy: 40 },
    { key: 'b', doctors: 1, days: 90, busy: 600 },
    { key: 'c', doctors: 20, days: 30, busy: 200 },
  ];
  for (const { key, doctors, days, busy } of sizes) {
    if (!wanted.includes(key)) continue;
    const clinic = benchClinic(doctors, days, busy);
    await measure({
      key,
      label: `${doctors} x ${days} days, ${busy} busy${doctors > 1 ? ' each' : ''}`,
      question: { findSlots: slotsOf(clinic, days) },
      facts: freshFacts(clinic),
      fresh: () => freshFacts(clinic),
    });
  }
  if (wanted.includes('d')) await measure(caseD());
  let large: string[][] | null = null;
  if (wanted.includes('e')) large = await measureLarge(bench, measure);

  bench.table(
    [
      'case',
      'median',
      'p95',
      'first call',
      'slots',
      'KiB',
      'ns/slot',
      'faster than Temporal',
      'x floor',
      'with GC',
    ],
    rows,
  );
  if (large) bench.table(['e: the large clinic', 'median', 'p95', 'x bare Map', 'MiB held'], large);
}

function slotsOf({ doctorIds }: BenchClinic, days: number): SlotQuery {
  const until = addDays(benchDate, days);
  return { doctorIds, appointmentTypeId, from: benchDate, until, channel: 'online', now: benchMidnight };
}

function caseD(): Case {
  const days = 60;
  const clinic = fullClinic(20, days);
  const facts = freshFacts(clinic);
  const query: NextAvailableQuery = {
    doctorIds: clinic.doctorIds,
    appointmentTypeId,
    channel: 'online',
    now: benchMidnight,
    after: benchMidnight,
    withinDays: days,
    limit: 1,
  };
  if (findNextAvailable(facts, query)[0]?.startsAt !== clinic.gapAt)
    throw new Error('case d: the gap was not found');
  return {
    key: 'd',
    label: `next of 20, full for ${days - 2} days`,
    question: { findNextAvailable: query },
    facts,
    fresh: () => freshFacts(clinic),
  };
}

async function measureCase(bench: Bench, { key, label, question, facts, fresh }: Case): Promise<string[]> {
  bench.note(`${key}: ${label}`);
  const slots = ask(facts, question);
  const plain = askStraightforward(facts, question);
  if (JSON.stringify(slots) !== JSON.stringify(plain))
    throw new Error(`case ${key}: ${slots.length} slots, but ${plain.length} (or others) with Temporal`);
  const least = leastWork(facts, question, slots);
  if (JSON.stringify(floor(least)) !== JSON.stringify(slots))
    throw new Error(`case ${key}: the floor writes other slots`);

  const engine = `${key}: engine`;
  const first = `${key}: engine, first call`;
  let untouched = facts;
  const times = await bench.compare(
    [
      { name: `${key}: Temporal`, body: () => askStraightforward(facts, question) },
      { name: `${key}: floor`, body: () => floor(least) },
      { name: engine, body: () => ask(facts, question) },
      ...(fresh
        ? [
            {
              name: first,
              prepare: () => {
                untouched = fresh();
              },
              body: () => ask(untouched, question),
            },
          ]
        : []),
    ],
    { unit: 'ms' },
  );
  const median = (name: string): number => times.get(name)?.median ?? Number.NaN;
  const cpu = (name: string): number => times.get(name)?.cpu ?? Number.NaN;
  const faster = cpu(`${key}: Temporal`) / cpu(engine);
  const fasterByClock = median(`${key}: Temporal`) / median(engine);
  const timesFloor = median(engine) / median(`${key}: floor`);
  const timesFloorCpu = cpu(engine) / cpu(`${key}: floor`);
  const goal = { name: 'at least 100', value: 100 };
  const limit = { name: 'at most 5', value: 5 };
  bench.record(`${key}: faster than Temporal`, faster, 'times', goal);
  bench.record(`${key}: faster than Temporal, by the clock`, fasterByClock, 'times', goal);
  bench.record(`${key}: engine over floor`, timesFloor, 'times', limit);
  bench.record(`${key}: engine over floor, with collections`, timesFloorCpu, 'times', limit);
  bench.record(`${key}: slots`, slots.length, 'slots');
  const bytes = bench.allocation(`${key}: engine allocates`, () => ask(facts, question));
  const floorBytes = bench.allocation(`${key}: floor allocates`, () => floor(least));
  return [
    `${key}: ${label}`,
    inWords(median(engine)),
    inWords(times.get(engine)?.p95 ?? Number.NaN),
    fresh ? inWords(median(first)) : '',
    String(slots.length),
    `${kibibytes(bytes)} (floor ${kibibytes(floorBytes)})`,
    'findSlots' in question ? ((median(engine) / slots.length) * 1e6).toFixed(0) : '',
    `${faster.toFixed(0)} times`,
    timesFloor.toFixed(1),
    timesFloorCpu.toFixed(1),
  ];
}

function ask(facts: Facts, question: Question): Slot[] {
  return 'findSlots' in question
    ? findSlots(facts, question.findSlots)
    : findNextAvailable(facts, question.findNextAvailable);
}

function askStraightforward(facts: Facts, question: Question): Slot[] {
  return 'findSlots' in question
    ? straightforwardSlots(facts, question.findSlots)
    : straightforwardNext(facts, question.findNextAvailable);
}

interface LeastWork {
  taken: { reservedFrom: Instant; reservedUntil: Instant }[][];
  /** The slots, as little as says them all: a number each, and which of the few doctors and rooms. */
  starts: Float64Array;
  which: Uint16Array;
  rows: { doctorId: string; locationId: string; roomId: string | null; lengthMs: number }[];
}

/** What any engine has to read and to write for this answer; found before, and not measured. */
function leastWork(facts: Facts, question: Question, slots: readonly Slot[]): LeastWork {
  let from = Number.POSITIVE_INFINITY;
  let until = 0;
  if ('findSlots' in question) {
    for (const { startsAt, endsAt } of slots) {
      from = Math.min(from, startsAt);
      until = Math.max(until, endsAt);
    }
  } else {
    // Nearer starts had to be ruled out, farther ones not.
    from = question.findNextAvailable.after;
    for (const { endsAt } of slots) until = Math.max(until, endsAt);
  }
  const { doctorIds, appointmentTypeId: typeId } =
    'findSlots' in question ? question.findSlots : question.findNextAvailable;
  const asked = doctorIds.length > 0 ? doctorIds : [...facts.doctors()].map(({ id }) => id);
  const offering = asked.filter((id) =>
    facts
      .appointmentType(typeId)
      ?.places.some(
        (offer) =>
          (offer.doctorId === null || offer.doctorId === id) &&
          facts.doctor(id)?.places.some((place) => place.locationId === offer.locationId),
      ),
  );
  const rows: LeastWork['rows'] = [];
  const which = slots.map(({ doctorId, locationId, roomId, startsAt, endsAt }) => {
    const lengthMs = endsAt - startsAt;
    const known = rows.findIndex(
      (row) =>
        row.doctorId === doctorId &&
        row.locationId === locationId &&
        row.roomId === roomId &&
        row.lengthMs === lengthMs,
    );
    return known >= 0 ? known : rows.push({ doctorId, locationId, roomId, lengthMs }) - 1;
  });
  return {
    taken: offering.flatMap((id) => [
      [...facts.appointmentsOfDoctor(id, instant(from), instant(until))],
      [...facts.holdsOfDoctor(id)],
      facts.externalBusyOf(id).map(({ startsAt, endsAt }) => ({
        reservedFrom: startsAt,
        reservedUntil: endsAt,
      })),
    ]),
    starts: Float64Array.from(slots, ({ startsAt }) => startsAt),
    which: Uint16Array.from(which),
    rows,
  };
}

function floor({ taken, starts, which, rows }: LeastWork): Slot[] {
  let longest = 0;
  for (const records of taken) {
    for (const record of records) {
      const length = record.reservedUntil - record.reservedFrom;
      if (length > longest) longest = length;
    }
  }
  const written: Slot[] = [];
  // Always true, but what is read above has to be read.
  if (longest < 0) return written;
  for (let i = 0; i < starts.length; i++) {
    const row = rows[which[i] as number] as LeastWork['rows'][number];
    const startsAt = instant(starts[i] as number);
    const endsAt = instant(startsAt + row.lengthMs);
    // As the engine makes them: with a literal the floor was, in some runs, twice as high (see there).
    written.push(new FoundSlot(row.doctorId, row.locationId, row.roomId, startsAt, endsAt, 1));
  }
  return written;
}

/** From the records in memory to the first answer, and what holding them costs. */
async function measureLarge(bench: Bench, measure: (found: Case) => Promise<void>): Promise<string[][]> {
  bench.note('e: making the large clinic');
  const empty = bench.heapInUse();
  const records = largeClinicRecords();
  const recordBytes = bench.heapInUse() - empty;
  const counts = new Map<string, number>();
  for (const [kind, { length }] of records) counts.set(kind, (counts.get(kind) ?? 0) + length);
  const commonest = commonestType(records);
  const now = plusMinutes(benchMidnight, 9 * 60);
  const ofAll = { doctorIds: [], appointmentTypeId: commonest, channel: 'online', now } as const;
  const next: Question = { findNextAvailable: { ...ofAll, after: now, withinDays: 60, limit: 3 } };
  const week: Question = { findSlots: { ...ofAll, from: benchDate, until: addDays(benchDate, 7) } };

  const taken = { bare: [] as number[], build: [] as number[], next: [] as number[], week: [] as number[] };
  let facts = factsOfRecords(records);
  const held = () => facts;
  for (let i = 0; i < 10; i++) {
    taken.bare.push(timeOf(() => bareMaps(records)));
    facts = factsOfRecords([]);
    bench.heapInUse();
    taken.build.push(
      timeOf(() => {
        facts = factsOfRecords(records);
      }),
    );
    if (i % 2 === 0) taken.next.push(timeOf(() => ask(held(), next)));
    else taken.week.push(timeOf(() => ask(held(), week)));
  }
  facts = factsOfRecords([]);
  const without = bench.heapInUse();
  facts = factsOfRecords(records);
  const factBytes = bench.heapInUse() - without;
  ask(facts, next);
  ask(facts, week);
  const askedBytes = bench.heapInUse() - without - factBytes;

  const bare = bench.recordSamples('e: bare Map of the records', taken.bare);
  const build = bench.recordSamples('e: facts built', taken.build, { against: 'e: bare Map of the records' });
  const firstNext = bench.recordSamples('e: first findNextAvailable', taken.next);
  const firstWeek = bench.recordSamples('e: first findSlots', taken.week);
  bench.record(
    'e: records',
    [...counts.values()].reduce((sum, count) => sum + count, 0),
    'records',
  );
  bench.record('e: heap of the records', recordBytes / 2 ** 20, 'MiB');
  bench.record('e: heap of the facts over their records', factBytes / 2 ** 20, 'MiB');
  bench.record('e: heap kept by the first answers', askedBytes / 2 ** 20, 'MiB');

  await measure({ key: 'e1', label: 'next 3 of 50 doctors, any place', question: next, facts });
  await measure({ key: 'e2', label: '50 doctors x 7 days, large clinic', question: week, facts });
  const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
  const visits = counts.get('appointment')?.toLocaleString('en-US');
  const patients = counts.get('patient')?.toLocaleString('en-US');
  return [
    [`records (${visits} visits, ${patients} patients)`, '', '', '', mebibytes(recordBytes)],
    [
      'facts built',
      inWords(build.median),
      inWords(build.p95),
      (build.median / bare.median).toFixed(1),
      mebibytes(factBytes),
    ],
    [
      'first findNextAvailable, then',
      inWords(firstNext.median),
      inWords(firstNext.p95),
      '',
      mebibytes(askedBytes),
    ],
    ['first findSlots instead', inWords(firstWeek.median), inWords(firstWeek.p95), '', ''],
  ];
}

function commonestType(batches: readonly AnyRecord[]): string {
  const counts = new Map<string, number>();
  for (const [kind, records] of batches) {
    if (kind !== 'appointment') continue;
    for (const { appointmentTypeId: id, capacity } of records)
      if (capacity === 1) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  let commonest = '';
  for (const [id, count] of counts) if (count > (counts.get(commonest) ?? 0)) commonest = id;
  return commonest;
}

/** The least that holding records by id can cost. */
function bareMaps(batches: readonly AnyRecord[]): Map<string, unknown> {
  const all = new Map<string, unknown>();
  for (const [, records] of batches) for (const record of records) all.set(record.id, record);
  return all;
}

function timeOf(call: () => unknown): number {
  const started = performance.now();
  call();
  return performance.now() - started;
}

function inWords(ms: number): string {
  if (ms >= 100) return `${ms.toFixed(0)} ms`;
  if (ms >= 1) return `${ms.toFixed(2)} ms`;
  return `${(ms * 1000).toFixed(1)} µs`;
}

function kibibytes(bytes: number): string {
  const kib = bytes / 1024;
  return kib >= 100 ? kib.toFixed(0) : kib.toFixed(1);
}

/**
 * Cases, and what the engine answers to them, one line each, for comparing runtimes: a desk in Chromium and a server
 * in Node must answer alike. Cases are plain data, so that every runtime gets the very same ones, whatever its own
 * time zone data would have made of them.
 */
import fc from 'fast-check';
import type { Facts } from '../../acts/facts';
import { MedicError } from '../../errors';
import {
  aBreak,
  aBusyTime,
  aDoctor,
  aHold,
  aLocation,
  anAppointment,
  anAppointmentType,
  anException,
  appointmentTypeId,
  aRoom,
  aTemplate,
  aTimeOff,
  at,
  doctorId,
  idOf,
  locationId,
} from '../../testing/builders';
import { type FactsParts, factsOf } from '../../testing/facts-of';
import {
  dayMs,
  hourMs,
  type Instant,
  instant,
  minuteMs,
  type PlainDate,
  plusMinutes,
  type TimeZone,
  type WallTime,
} from '../../time/instant';
import { addDays, dayNumber } from '../../time/plain-date';
import { explain } from '../explain';
import { findNextAvailable } from '../find-next-available';
import { findSlots } from '../find-slots';
import { placeVisit } from '../place-visit';
import type { PlacementRequest, Slot, SlotQuery } from '../query';
import { describeReason } from '../reason';
import { workingWindows } from '../working-windows';
import { anyCase } from './random-clinic';

export interface AskedCase {
  /** What happens, in which zones, on which dates: all that a failed comparison needs to say. */
  name: string;
  zones: TimeZone[];
  facts: FactsParts;
  query: SlotQuery;
}

export interface Answer {
  name: string;
  slots: number;
  /** The name, and a hash of the answer to every question. */
  line: string;
}

/** How far from the dates asked for the answers look: nothing beyond it can change them. */
export const reachDays = 70;

const nightDoctorId = idOf('doctor', 2);
const everyDay = [1, 2, 3, 4, 5, 6, 7];
const utc = 'UTC' as TimeZone;

/** Clocks that did something odd, each with the first of the four dates that are asked about. */
const oddClocks: [what: string, zone: string, from: string][] = [
  ['nothing odd', 'UTC', '2026-11-23'],
  ['a repeated hour', 'Europe/Warsaw', '2026-10-24'],
  ['a skipped hour', 'Europe/Warsaw', '2027-03-27'],
  ['a rule far ahead, spring', 'Europe/Warsaw', '2099-03-28'],
  ['a rule far ahead, autumn', 'Europe/Warsaw', '2099-10-24'],
  ['past the end of 32 bits of seconds', 'America/New_York', '2038-11-06'],
  ['double summer time', 'Europe/London', '1941-05-03'],
  ['the end of standard summer time', 'Europe/London', '1971-10-30'],
  ['half an hour skipped', 'Australia/Lord_Howe', '2026-10-03'],
  ['half an hour repeated', 'Australia/Lord_Howe', '2027-04-03'],
  ['two hours skipped', 'Antarctica/Troll', '2026-03-28'],
  ['two hours repeated', 'Antarctica/Troll', '2026-10-24'],
  ['hours taken back', 'Antarctica/Casey', '2020-10-02'],
  ['midnight skipped', 'Africa/Cairo', '2026-04-23'],
  ['the hour before midnight repeated', 'Africa/Cairo', '2026-10-28'],
  ['midnight skipped', 'Asia/Beirut', '2026-03-28'],
  ['midnight skipped', 'America/Havana', '2027-03-13'],
  ['midnight skipped', 'America/Santiago', '2026-09-05'],
  ['midnight skipped', 'America/Sao_Paulo', '2018-11-03'],
  ['the last hour of a day skipped', 'Asia/Dhaka', '2009-06-18'],
  ['the last hour of a year repeated', 'Asia/Dhaka', '2009-12-30'],
  ['a change the evening before', 'America/Nuuk', '2025-03-28'],
  ['two zones in one night', 'America/Scoresbysund', '2024-03-29'],
  ['one minute past midnight, forward', 'America/St_Johns', '2011-03-12'],
  ['one minute past midnight, back to yesterday', 'America/St_Johns', '2010-11-05'],
  ['summer time suspended', 'Africa/Casablanca', '2026-02-14'],
  ['summer time resumed', 'Africa/Casablanca', '2026-03-21'],
  ['a date skipped', 'Pacific/Apia', '2011-12-28'],
  ['a date skipped', 'Pacific/Kiritimati', '1994-12-29'],
  ['a date skipped', 'Pacific/Kwajalein', '1993-08-19'],
  ['a date lived twice, to the second', 'America/Sitka', '1867-10-16'],
  ['half an hour for good', 'America/Caracas', '2007-12-08'],
  ['half an hour before midnight', 'Asia/Pyongyang', '2018-05-03'],
  ['a quarter of an hour for good', 'Asia/Kathmandu', '1985-12-30'],
  ['quarter hours, back', 'Pacific/Chatham', '2027-04-03'],
  ['quarter hours, no change', 'Australia/Eucla', '2026-07-01'],
  ['half hours west', 'Pacific/Marquesas', '2026-07-01'],
  ['an island that follows the mainland', 'Pacific/Norfolk', '2026-10-03'],
  ['the last to begin a day', 'Etc/GMT+12', '2026-12-30'],
  ['the first to begin a day', 'Etc/GMT-14', '2026-12-30'],
  ['wartime half hours', 'Asia/Kolkata', '1942-08-31'],
  ['local mean time', 'America/New_York', '1870-01-02'],
  ['the day of two noons', 'America/New_York', '1883-11-17'],
  ['offsets with seconds until 1972', 'Africa/Monrovia', '1972-01-05'],
  ['Dublin mean time', 'Europe/Dublin', '1916-05-20'],
  ['the end of Dublin mean time', 'Europe/Dublin', '1916-09-30'],
  ['seconds in the middle of summer', 'Europe/Amsterdam', '1937-06-30'],
  ['a leap day before the railways', 'Asia/Kathmandu', '1896-02-28'],
];

/** The hand-written cases, then `count` random ones: the same for the same seed and the same time zone data. */
export function sampleCases(seed: number, count: number): AskedCase[] {
  const random = fc.sample(anyCase, { seed, numRuns: count });
  return [
    ...oddClocks.map(([what, zone, from]) => oddClockCase(what, zone as TimeZone, from as PlainDate)),
    ...invalidCases(),
    ...random.map(({ facts, query }, i) => named(`random ${i + 1} of seed ${seed}`, facts, query)),
  ];
}

export interface AnswerOptions {
  /**
   * From the last case to the first, with every list of records the other way round: neither what was asked before
   * nor the order in which records came may colour an answer.
   */
  backwards?: boolean;
}

/** The engine's answers to each case. What it refuses to compute, it must refuse everywhere in the same words. */
export function answersTo(cases: readonly AskedCase[], { backwards = false }: AnswerOptions = {}): Answer[] {
  const answers: Answer[] = [];
  for (let i = 0; i < cases.length; i++) {
    const place = backwards ? cases.length - 1 - i : i;
    answers[place] = answerOrRefusal(cases[place] as AskedCase, backwards);
  }
  return answers;
}

function answerOrRefusal(asked: AskedCase, backwards: boolean): Answer {
  try {
    return answerTo(asked, factsOf(backwards ? reversed(asked.facts) : asked.facts));
  } catch (error) {
    if (!(error instanceof MedicError && error.code === 'input.invalid')) throw error;
    return { name: asked.name, slots: 0, line: `${asked.name}: refused, ${error.message}` };
  }
}

function reversed(facts: FactsParts): FactsParts {
  return Object.fromEntries(
    Object.entries(facts).map(([kind, records]) => [
      kind,
      Array.isArray(records) ? [...records].reverse() : records,
    ]),
  );
}

function answerTo(asked: AskedCase, facts: Facts): Answer {
  const { query } = asked;
  const slots = findSlots(facts, query);
  const next = { ...query, after: midnightUtc(query.from), withinDays: 14, limit: 12 };
  const requests = requestsFor(asked, slots);
  const answers = {
    slots,
    next: [
      findNextAvailable(facts, next),
      findNextAvailable(facts, { ...next, weekdays: [1, 3, 6, 7], partsOfDay: ['morning', 'evening'] }),
    ],
    places: requests.map((request) => {
      const { reasons, slot } = placeVisit(facts, request);
      const zone = facts.location(request.locationId)?.timeZone ?? utc;
      return [slot, reasons.map((reason) => [reason, describeReason(reason, zone)])];
    }),
    reasons: [requests.at(0), requests.at(-1)].map((request) => {
      const { reasons, ...near } = explain(facts, request as PlacementRequest);
      return [near, reasons];
    }),
    hours: [doctorId, nightDoctorId].map((doctor) =>
      workingWindows(facts, doctor, query.locationId, query.from, query.until),
    ),
  };
  const hashes = Object.entries(answers).map(([question, answer]) => `${question} ${hashOf(answer)}`);
  return {
    name: asked.name,
    slots: slots.length,
    line: `${asked.name}: ${slots.length} slots, ${hashes.join(', ')}`,
  };
}

/** Some starts that are free, and some moments that need not be, of every doctor asked for. */
function requestsFor({ facts, query }: AskedCase, slots: readonly Slot[]): PlacementRequest[] {
  const { appointmentTypeId, channel, now, holder, ignoreAppointmentId } = query;
  const asked = { appointmentTypeId, channel, now, holder, ignoreAppointmentId };
  const picked = [0, 0.5, 0.99].flatMap((part) => slots[Math.floor(part * slots.length)] ?? []);
  const midnight = midnightUtc(query.from);
  const moments = [
    ...[0, 95, 9 * 60, 26 * 60 + 15].map((minutes) => plusMinutes(midnight, minutes)),
    ...(facts.appointments ?? []).slice(0, 2).map((visit) => visit.startsAt),
  ];
  const doctorIds = query.doctorIds.length > 0 ? query.doctorIds : [doctorId, nightDoctorId];
  return [
    ...picked.map((slot) => ({
      ...asked,
      doctorId: slot.doctorId,
      locationId: slot.locationId,
      startsAt: slot.startsAt,
    })),
    ...moments.map((startsAt, i) => ({
      ...asked,
      doctorId: doctorIds[i % doctorIds.length] as string,
      locationId: query.locationId ?? locationId,
      startsAt,
    })),
  ];
}

/**
 * Four dates of one doctor by day, with breaks, exceptions and visits, and of one who works nights and never closes
 * at weekends.
 */
function oddClockCase(what: string, zone: TimeZone, from: PlainDate): AskedCase {
  const validFrom = addDays(from, -30);
  let made = 0;
  const hours = (doctor: string, weekday: number, opensAt: string, closesAt: string, pause?: string[]) =>
    aTemplate({
      id: idOf('scheduleTemplate', ++made),
      doctorId: doctor,
      weekday,
      opensAt: opensAt as WallTime,
      closesAt: closesAt as WallTime,
      validFrom,
      anchorDate: validFrom,
      everyNWeeks: doctor === doctorId && weekday % 3 === 0 ? 2 : 1,
      breaks: pause ? [aBreak(pause[0] as string, pause[1] as string)] : [],
    });
  const onDate = (days: number, clock: string): Instant => at(`${addDays(from, days)} ${clock}`, zone);
  const facts: FactsParts = {
    locations: [aLocation({ timeZone: zone, rooms: [aRoom({ id: idOf('room', 1) })] })],
    doctors: [aDoctor(), aDoctor({ id: nightDoctorId, name: 'Wrona' })],
    types: [
      anAppointmentType({
        durationMinutes: 35,
        slotStepMinutes: 25,
        bufferBeforeMinutes: 5,
        bufferAfterMinutes: 10,
        needsRoom: true,
      }),
    ],
    templates: [
      ...everyDay.flatMap((weekday) => [
        hours(doctorId, weekday, '00:30', '05:10', ['02:15', '02:45']),
        hours(doctorId, weekday, '08:00', '17:30', ['12:00', '12:20']),
        hours(doctorId, weekday, '22:50', '24:00'),
      ]),
      ...[1, 2, 3, 4, 5].map((weekday) => hours(nightDoctorId, weekday, '22:00', '06:00')),
      ...[6, 7].map((weekday) => hours(nightDoctorId, weekday, '00:00', '24:00')),
    ],
    exceptions: [
      anException({
        id: idOf('availabilityException', 1),
        kind: 'block',
        date: addDays(from, 1),
        startsAt: '15:00' as WallTime,
        endsAt: '16:00' as WallTime,
      }),
      anException({
        id: idOf('availabilityException', 2),
        kind: 'extra',
        date: addDays(from, 2),
        startsAt: '17:30' as WallTime,
        endsAt: '00:15' as WallTime,
      }),
      anException({ id: idOf('availabilityException', 3), kind: 'closure', date: addDays(from, 3) }),
    ],
    timeOff: [
      aTimeOff({
        id: idOf('timeOffRequest', 1),
        doctorId: nightDoctorId,
        startsAt: onDate(2, '23:10'),
        endsAt: plusMinutes(onDate(2, '23:10'), 150),
      }),
    ],
    appointments: [
      anAppointment({ id: idOf('appointment', 1), startsAt: onDate(1, '02:30'), roomId: idOf('room', 1) }),
      anAppointment({ id: idOf('appointment', 2), startsAt: onDate(2, '10:05'), buffers: [10, 5] }),
      anAppointment({ id: idOf('appointment', 3), startsAt: onDate(1, '23:45'), doctorId: nightDoctorId }),
    ],
    holds: [aHold({ id: idOf('slotHold', 1), startsAt: onDate(1, '09:15') })],
    busy: [aBusyTime({ id: idOf('externalBusyTime', 1), startsAt: instant(onDate(2, '14:00') + 1_000) })],
  };
  return named(what, facts, {
    doctorIds: [],
    appointmentTypeId,
    from,
    until: addDays(from, 4),
    channel: 'desk',
    now: instant(midnightUtc(from) - 2 * dayMs - hourMs + 31_000),
  });
}

/** Each is refused by name. Their clocks are compared in UTC: of the unknown zone there are none. */
function invalidCases(): AskedCase[] {
  const { facts, query } = oddClockCase('', utc, '2026-11-23' as PlainDate);
  const wrong: [what: string, parts: FactsParts][] = [
    ['a step of no minutes', { types: [anAppointmentType({ slotStepMinutes: 0 })] }],
    ['a negative buffer', { types: [anAppointmentType({ bufferAfterMinutes: -5 })] }],
    ['time off that ends before it starts', { timeOff: [backwards(query.from)] }],
    ['an unknown zone', { locations: [aLocation({ timeZone: 'Europe/Atlantis' as TimeZone })] }],
  ];
  return wrong.map(([what, parts]) => ({ ...named(what, { ...facts, ...parts }, query), zones: [utc] }));
}

function backwards(date: PlainDate): ReturnType<typeof aTimeOff> {
  const startsAt = midnightUtc(date);
  return aTimeOff({ id: idOf('timeOffRequest', 2), startsAt, endsAt: plusMinutes(startsAt, -60) });
}

function named(what: string, facts: FactsParts, query: SlotQuery): AskedCase {
  const zones = [...new Set((facts.locations ?? []).map(({ timeZone }) => timeZone))];
  return {
    name: `${what}, ${zones.join(' and ')}, ${query.from} to ${query.until}`,
    zones,
    facts,
    query,
  };
}

function midnightUtc(date: PlainDate): Instant {
  return instant(dayNumber(date) * 1440 * minuteMs);
}

/** FNV-1a, 32 bits, over the code units of the JSON. */
function hashOf(answer: unknown): string {
  const text = JSON.stringify(answer);
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >> 8), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}

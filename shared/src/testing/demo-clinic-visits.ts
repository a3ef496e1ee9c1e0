/**
 * The demo clinic's visits: each doctor's working windows are walked along the engine's grid, and what fits is
 * taken or left, the more often taken the nearer the day.
 */
import type { Facts } from '../acts/facts';
import { offersAt } from '../availability/offers';
import { workingWindows } from '../availability/working-windows';
import { assert } from '../errors';
import { type Appointment, type AppointmentStatus, holdsSlot } from '../model/appointment';
import type { AppointmentType } from '../model/appointment-type';
import type { ExternalBusyTime } from '../model/calendar';
import type { Doctor } from '../model/doctor';
import type { Location } from '../model/location';
import { dayMs, type Instant, instant, minuteMs, type PlainDate, plusMinutes } from '../time/instant';
import { addDays } from '../time/plain-date';
import { localDate, zonedDayOf } from '../time/zone';
import { type Directory, roomKey, shareOf } from './demo-clinic-directory';
import type { City, PatientName, PatientPools } from './demo-clinic-patients';
import type { PlannedSeries } from './demo-clinic-series';
import { tellStory } from './demo-clinic-timeline';
import type { Random } from './random';

export interface VisitOptions {
  today: PlainDate;
  now: Instant;
  daysAhead: number;
  daysBack: number;
  /** The past ends sooner where so many visits are there. */
  target: number;
}

interface Window {
  doctor: Doctor;
  location: Location;
  startsAt: Instant;
  endsAt: Instant;
}

interface Span {
  from: number;
  until: number;
}

interface Place extends Span {
  startsAt: Instant;
  endsAt: Instant;
  roomId: string | null;
}

const gridMs = 15 * minuteMs;

/** Starts of the group classes after the opening of a window, and how full they get. */
const classes: readonly { afterMinutes: number; fill: number }[] = [
  { afterMinutes: 0, fill: 0.9 },
  { afterMinutes: 150, fill: 0.75 },
  { afterMinutes: 210, fill: 0.5 },
];

/**
 * Yields visits in batches of a day, today first, then what comes, then the past backwards. The last batch holds the
 * overbooked ones: the database takes them over visits that are there already, never the other way round.
 */
export function* demoVisits(
  directory: Directory,
  facts: Facts,
  busy: readonly ExternalBusyTime[],
  pools: PatientPools,
  series: readonly PlannedSeries[],
  options: VisitOptions,
  random: Random,
): Generator<Appointment[]> {
  const { today, daysAhead, daysBack, target } = options;
  const windows = windowsByDate(directory, facts, addDays(today, -daysBack), addDays(today, daysAhead + 1));
  const walk = new Walk(directory, busy, pools, series, options, random);
  const overbooked: Appointment[] = [];
  let count = 0;
  const offsets = [...range(0, daysAhead, 1), ...range(-1, -daysBack, -1)];
  for (const offset of offsets) {
    if (count >= target - overbooked.length) break;
    const date = addDays(today, offset);
    const open = windows.get(date) ?? [];
    walk.begin(date, offset);
    const visits = open.flatMap((window) => walk.fill(window)).slice(0, target - overbooked.length - count);
    if (offset === 0 || offset === 2) overbooked.push(...walk.overbook(visits));
    if (offset === 0 || offset === -5) overbooked.push(...walk.afterHours(open));
    count += visits.length;
    if (visits.length > 0) yield visits;
  }
  if (overbooked.length > 0) yield overbooked;
}

function range(first: number, last: number, step: 1 | -1): number[] {
  return Array.from({ length: Math.abs(last - first) + 1 }, (_, i) => first + i * step);
}

/** The working windows of all doctors by the local date on which they begin. */
function windowsByDate(
  directory: Directory,
  facts: Facts,
  from: PlainDate,
  until: PlainDate,
): Map<PlainDate, Window[]> {
  const byDate = new Map<PlainDate, Window[]>();
  for (const doctor of directory.doctors) {
    for (const { locationId, startsAt, endsAt } of workingWindows(facts, doctor.id, undefined, from, until)) {
      const location = directory.locations.find((place) => place.id === locationId);
      assert(location, 'a window lies at a place of the clinic');
      const date = localDate(startsAt, location.timeZone);
      // Where the range begins after midnight, the late hours of the day before are cut off from their grid.
      if (date === from && startsAt === zonedDayOf(from, location.timeZone).startsAt) continue;
      const others = byDate.get(date);
      if (others) others.push({ doctor, location, startsAt, endsAt });
      else byDate.set(date, [{ doctor, location, startsAt, endsAt }]);
    }
  }
  return byDate;
}

/** How likely somebody takes a time, by the days from today. */
function demandOn(offset: number): number {
  if (offset < 0) return 0.62;
  if (offset === 0) return 0.86;
  if (offset <= 3) return 0.6;
  if (offset <= 7) return 0.42;
  if (offset <= 14) return 0.26;
  if (offset <= 21) return 0.16;
  return offset <= 28 ? 0.09 : 0.05;
}

const notesOfSome = [
  'Bring previous blood results.',
  'Asks for a certificate for work.',
  'Second visit for the same complaint.',
  'Comes with a parent.',
  'Referral is in the mail.',
  'Wants to talk about medicines.',
  'Interpreter is ordered.',
  'May be ten minutes late.',
];

/** Keeps who and what is taken while the days are walked. */
class Walk {
  readonly #directory: Directory;
  readonly #busy = new Map<string, Span[]>();
  readonly #pools: PatientPools;
  readonly #series: readonly PlannedSeries[];
  readonly #options: VisitOptions;
  readonly #random: Random;
  readonly #offered = new Map<string, (readonly [AppointmentType, number])[]>();
  /** Of doctors and rooms, near the day at hand. */
  readonly #taken = new Map<string, Span[]>();
  readonly #seenToday = new Set<AppointmentStatus>();
  #patientsToday = new Set<string>();
  #known: PatientName[];
  #offset = 0;

  constructor(
    directory: Directory,
    busy: readonly ExternalBusyTime[],
    pools: PatientPools,
    series: readonly PlannedSeries[],
    options: VisitOptions,
    random: Random,
  ) {
    this.#directory = directory;
    this.#pools = pools;
    this.#series = series;
    this.#options = options;
    this.#random = random;
    this.#known = [...pools.known];
    for (const { doctorId, startsAt, endsAt } of busy)
      this.#take(this.#busy, doctorId, { from: startsAt, until: endsAt });
  }

  begin(date: PlainDate, offset: number): void {
    this.#offset = offset;
    this.#patientsToday = new Set();
    const noon = zonedDayOf(date, this.#directory.clinic.timeZone).startsAt + dayMs / 2;
    for (const [key, spans] of this.#taken)
      this.#taken.set(
        key,
        spans.filter((span) => Math.abs(span.from - noon) < 3 * dayMs),
      );
  }

  fill(window: Window): Appointment[] {
    const visits = [...this.#classesOf(window), ...this.#recurring(window)];
    const offers = this.#offers(window);
    const demand = demandOn(this.#offset);
    for (let at = window.startsAt; at < window.endsAt; at = this.#nextOf(window, at, visits)) {
      if (!this.#random.chance(demand)) continue;
      const type = this.#random.weighted(offers);
      const place = this.#placeFor(type, window, at);
      if (!place) continue;
      const visit = this.#visit(type, window, place, 1);
      visits.push(visit);
      if (holdsSlot(visit.status) || visit.status === 'noshow') this.#reserve(visit);
      // What was given back is often taken by the next one.
      else if (this.#random.chance(0.6)) visits.push(...this.#again(type, window, at));
    }
    return visits;
  }

  /** One more patient where one is already, as every front desk does it. */
  overbook(visits: readonly Appointment[]): Appointment[] {
    const single = visits.filter(
      (visit) => visit.capacity === 1 && holdsSlot(visit.status) && visit.status !== 'pending',
    );
    const first =
      single.find(
        (visit) =>
          visit.doctorId === this.#directory.doctors[1]?.id &&
          visit.endsAt - visit.startsAt === 30 * minuteMs,
      ) ?? single[0];
    if (!first) return [];
    const type = this.#directory.appointmentTypes.find((each) => each.id === first.appointmentTypeId);
    const doctor = this.#directory.doctors.find((each) => each.id === first.doctorId);
    const location = this.#directory.locations.find((each) => each.id === first.locationId);
    assert(type && doctor && location, 'a visit names what is there');
    const place: Place = {
      startsAt: first.startsAt,
      endsAt: first.endsAt,
      from: first.reservedFrom,
      until: first.reservedUntil,
      roomId: first.roomId,
    };
    const second = this.#visit(
      type,
      { doctor, location, startsAt: first.startsAt, endsAt: first.endsAt },
      place,
      1,
      true,
    );
    return [
      {
        ...second,
        overbooked: true,
        roomOverbooked: first.roomId !== null,
        overbookReason: 'In pain, seen between two visits',
      },
    ];
  }

  /** One visit after the last hours of the day, with a doctor who agreed to it. */
  afterHours(windows: readonly Window[]): Appointment[] {
    const type = this.#directory.appointmentTypes.find((each) => each.slug === 'consultation');
    const last = windows.filter((window) => window.doctor.id === windows[0]?.doctor.id).at(-1);
    if (!last || !type || !offersAt(type, last.doctor, last.location.id)) return [];
    const startsAt = plusMinutes(last.endsAt, 45);
    const endsAt = plusMinutes(startsAt, type.durationMinutes);
    if (!this.#isFree(last.doctor.id, startsAt, endsAt)) return [];
    const own = this.#directory.ownRooms.get(roomKey(last.doctor.id, last.location.id));
    const roomId = own && this.#isFree(own, startsAt, endsAt) ? own : null;
    const visit = this.#visit(
      type,
      last,
      { startsAt, endsAt, from: startsAt, until: endsAt, roomId },
      1,
      true,
    );
    this.#reserve(visit);
    return [{ ...visit, overbooked: true, overbookReason: 'After hours, agreed with the doctor' }];
  }

  #classesOf(window: Window): Appointment[] {
    const type = this.#directory.appointmentTypes.find(
      (each) => each.capacity > 1 && offersAt(each, window.doctor, window.location.id),
    );
    if (!type) return [];
    const visits: Appointment[] = [];
    for (const { afterMinutes, fill } of classes) {
      if (this.#offset > 0 && !this.#random.chance(Math.max(0.3, 2 * demandOn(this.#offset)))) continue;
      const place = this.#placeFor(type, window, plusMinutes(window.startsAt, afterMinutes));
      if (!place) continue;
      const share = this.#offset > 3 ? fill * Math.max(0.25, demandOn(this.#offset) * 1.6) : fill;
      let reserved = false;
      for (let seat = 1; seat <= type.capacity; seat++) {
        if (!this.#random.chance(share)) continue;
        const visit = this.#visit(type, window, place, seat);
        visits.push(visit);
        if (holdsSlot(visit.status) && !reserved) {
          this.#reserve(visit);
          reserved = true;
        }
      }
    }
    return visits;
  }

  /** Visits of series, before chance takes their times. One whose time is not free was left out when it was made. */
  #recurring(window: Window): Appointment[] {
    const visits: Appointment[] = [];
    for (const planned of this.#series) {
      const { doctorId, locationId, appointmentTypeId } = planned.series;
      if (doctorId !== window.doctor.id || locationId !== window.location.id) continue;
      const type = this.#directory.appointmentTypes.find((each) => each.id === appointmentTypeId);
      const startsAt = [...planned.starts].find((at) => at >= window.startsAt && at < window.endsAt);
      const place = type && startsAt !== undefined ? this.#placeFor(type, window, startsAt) : null;
      if (!type || !place || this.#patientsToday.has(planned.patient.id)) continue;
      this.#patientsToday.add(planned.patient.id);
      const visit = this.#visit(type, window, place, 1, true, planned);
      this.#reserve(visit);
      visits.push(visit);
    }
    return visits;
  }

  #again(type: AppointmentType, window: Window, at: Instant): Appointment[] {
    const place = this.#placeFor(type, window, at);
    if (!place) return [];
    const visit = this.#visit(type, window, place, 1, true);
    this.#reserve(visit);
    return [visit];
  }

  /** The next time on the grid after what was just placed, or after the one that was left. */
  #nextOf(window: Window, at: Instant, visits: readonly Appointment[]): Instant {
    const last = visits.at(-1);
    const from =
      last && last.startsAt === at && last.capacity === 1 && holdsSlot(last.status)
        ? last.endsAt
        : at + gridMs;
    return instant(window.startsAt + Math.ceil((from - window.startsAt) / gridMs) * gridMs);
  }

  #offers(window: Window): (readonly [AppointmentType, number])[] {
    const key = roomKey(window.doctor.id, window.location.id);
    let offers = this.#offered.get(key);
    if (!offers) {
      offers = this.#directory.appointmentTypes
        .filter((type) => type.capacity === 1 && offersAt(type, window.doctor, window.location.id))
        .map((type) => [type, shareOf(type.slug, window.doctor.specialty)] as const);
      this.#offered.set(key, offers);
    }
    return offers;
  }

  /** Where the visit would be, or null where the grid, the hours, the doctor or the rooms forbid it. */
  #placeFor(type: AppointmentType, window: Window, startsAt: Instant): Place | null {
    if ((startsAt - window.startsAt) % (type.slotStepMinutes * minuteMs) !== 0) return null;
    const endsAt = plusMinutes(startsAt, type.durationMinutes);
    if (endsAt > window.endsAt) return null;
    const from = plusMinutes(startsAt, -type.bufferBeforeMinutes);
    const until = plusMinutes(endsAt, type.bufferAfterMinutes);
    if (!this.#isFree(window.doctor.id, from, until)) return null;
    const own = this.#directory.ownRooms.get(roomKey(window.doctor.id, window.location.id)) ?? null;
    if (!type.needsRoom)
      return { startsAt, endsAt, from, until, roomId: own && this.#isFree(own, from, until) ? own : null };
    const fitting = window.location.rooms.filter(
      (room) => type.roomFeature === null || room.features.includes(type.roomFeature),
    );
    fitting.sort((a, b) => Number(b.id === own) - Number(a.id === own) || a.sortOrder - b.sortOrder);
    const room = fitting.find((each) => this.#isFree(each.id, from, until));
    return room ? { startsAt, endsAt, from, until, roomId: room.id } : null;
  }

  #isFree(key: string, from: number, until: number): boolean {
    const meets = (span: Span) => span.from < until && from < span.until;
    return !this.#taken.get(key)?.some(meets) && !this.#busy.get(key)?.some(meets);
  }

  #reserve(visit: Appointment): void {
    const span = { from: visit.reservedFrom, until: visit.reservedUntil };
    this.#take(this.#taken, visit.doctorId, span);
    if (visit.roomId !== null) this.#take(this.#taken, visit.roomId, span);
  }

  #take(all: Map<string, Span[]>, key: string, span: Span): void {
    const spans = all.get(key);
    if (spans) spans.push(span);
    else all.set(key, [span]);
  }

  /** `holding`: whatever becomes of it, it keeps its slot. */
  #visit(
    type: AppointmentType,
    { doctor, location }: Pick<Window, 'doctor' | 'location' | 'startsAt' | 'endsAt'>,
    place: Place,
    seat: number,
    holding = false,
    planned: PlannedSeries | null = null,
  ): Appointment {
    const random = this.#random;
    const { clinic, users } = this.#directory;
    const needsAnswer = type.needsAccepting || doctor.needsAccepting;
    const online = !planned && type.bookableBy === 'online' && random.chance(needsAnswer ? 0.6 : 0.4);
    const asks = online && needsAnswer;
    let status = this.#statusNow(place, asks);
    while (holding && (!holdsSlot(status) || status === 'pending')) status = this.#statusNow(place, false);
    if (this.#offset === 0) this.#seenToday.add(status);
    const patient = planned?.patient ?? this.#patient(doctor, location);
    const story = tellStory(
      {
        clinicId: clinic.id,
        now: this.#options.now,
        startsAt: place.startsAt,
        endsAt: place.endsAt,
        status,
        online,
        asks,
        urgent: type.slug === 'urgent-visit',
        seriesAt: planned?.series.createdAt ?? null,
        patient,
        reception: users.find((user) => user.locationIds.includes(location.id)) ?? users[1],
        doctor: users.find((user) => user.doctorId === doctor.id),
      },
      random,
    );
    return {
      id: story.id,
      clinicId: clinic.id,
      seq: 0,
      deleted: false,
      doctorId: doctor.id,
      locationId: location.id,
      roomId: place.roomId,
      appointmentTypeId: type.id,
      patientId: patient.id,
      seriesId: planned?.series.id ?? null,
      startsAt: place.startsAt,
      endsAt: place.endsAt,
      reservedFrom: instant(place.from),
      reservedUntil: instant(place.until),
      status,
      statusChangedAt: story.statusChangedAt,
      seat,
      capacity: type.capacity,
      overbooked: false,
      roomOverbooked: false,
      overbookReason: '',
      sequence: story.sequence,
      source: online ? 'public' : 'desk',
      notes: random.chance(0.1) ? random.pick(notesOfSome) : '',
      cancelReason: story.cancelReason,
      confirmedAt: story.confirmedAt,
      linkVersion: 0,
      createdAt: story.createdAt,
      events: story.events,
    };
  }

  #statusNow({ startsAt, endsAt }: Place, asks: boolean): AppointmentStatus {
    const random = this.#random;
    const { now } = this.#options;
    if (endsAt <= now) {
      // At night nobody is in the house; then the last day's first visits are those that someone forgot to close.
      if (this.#offset < 0)
        for (const open of ['arrived', 'checked-in'] as const)
          if (!this.#seenToday.has(open)) return this.#remember(open);
      if (this.#offset === 0)
        return random.weighted([
          ['fulfilled', 91],
          ['noshow', 4],
          ['cancelled', 5],
        ]);
      return random.weighted([
        ['fulfilled', 860],
        ['noshow', 48],
        ['cancelled', 84],
        ['entered-in-error', 8],
      ]);
    }
    if (startsAt <= now) {
      if (now - startsAt < 4 * minuteMs) return 'arrived';
      return random.weighted([
        ['checked-in', 78],
        ['arrived', 16],
        ['booked', 6],
      ]);
    }
    if (startsAt - now <= 35 * minuteMs)
      return random.weighted([
        ['arrived', 55],
        ['booked', 45],
      ]);
    if (asks && random.chance(this.#offset <= 1 ? 0.6 : this.#offset <= 10 ? 0.25 : 0)) return 'pending';
    return random.weighted([
      ['booked', 930],
      ['cancelled', 50],
      ['proposed', 10],
      ['waitlist', 10],
    ]);
  }

  #remember(status: AppointmentStatus): AppointmentStatus {
    this.#seenToday.add(status);
    return status;
  }

  /** Regulars come often, and nobody twice on one day. */
  #patient(doctor: Doctor, location: Location): PatientName {
    if (this.#offset === 0 && doctor.id === this.#directory.doctors[0]?.id) {
      const known = this.#known.shift();
      if (known) return known;
    }
    const city: City = location.timeZone === 'Europe/London' ? 'london' : 'warsaw';
    const pool = (doctor.specialty === 'Paediatrics' ? this.#pools.children : this.#pools.adults)[city];
    for (let tries = 0; ; tries++) {
      const patient = pool[Math.floor(this.#random.next() ** 1.4 * pool.length)];
      assert(patient, 'a clinic has patients');
      // A pool smaller than a day's visits has to do with the same again.
      if (this.#patientsToday.has(patient.id) && tries < 50) continue;
      this.#patientsToday.add(patient.id);
      return patient;
    }
  }
}

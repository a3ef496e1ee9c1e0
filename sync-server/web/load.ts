/**
 * What a page needs before it can be shown. The same code runs on the server for the first page and in the
 * browser for the following ones; only the `PublicApi` behind it differs.
 */
import type { PlainDate } from '@medic/shared/time/instant';
import { addDays, mondayOf } from '@medic/shared/time/plain-date';
import type { ClinicAnswer, Doctor, FreeTime, Place, PublicApi, SlotsAnswer, VisitType } from './api';
import type { Failure } from './failure';
import {
  aroundTheSameTime,
  chooseDay,
  countDays,
  oneOfEachStart,
  timesOn,
  type WeekDay,
  weekOf,
} from './free-times';
import { anyDoctor, type Route, type Start } from './route';
import { localTime } from './time';

interface Loaded<R extends Route = Route> {
  route: R;
  /** When it was loaded: `today` on the server and in the browser must be the same day. */
  now: number;
}

interface InClinic<R extends Route = Route> extends Loaded<R> {
  answer: ClinicAnswer;
  today: PlainDate;
}

type Of<P extends Route['page']> = Extract<Route, { page: P }>;

export interface VisitChoice {
  type: VisitType;
  /** Null for any doctor. */
  doctor: Doctor | null;
}

export interface ChosenVisit {
  type: VisitType;
  doctor: Doctor;
  place: Place;
  slot: FreeTime;
}

export type ClinicPage = InClinic<Of<'clinic'>> & { page: 'clinic' };
export type DoctorPage = InClinic<Of<'doctor'>> & {
  page: 'doctor';
  doctor: Doctor | null;
  visits: { type: VisitType; firstFreeOn: PlainDate | null }[];
  /** The doctor's next times, of the first type that has any. */
  next: { type: VisitType; slots: FreeTime[] } | null;
};
export type SlotsPage = InClinic<Of<'slots'>> &
  VisitChoice & {
    page: 'slots';
    week: WeekDay[];
    date: PlainDate | null;
    slots: FreeTime[];
    places: Place[];
    place: Place | null;
    /** For any doctor of a type that doctors of several specialties offer: those, and the chosen one. */
    specialties: string[];
    specialty: string | null;
    nextFreeOn: PlainDate | null;
    others: FreeTime[];
  };
export type DetailsPage = InClinic<Of<'details'>> & ChosenVisit & { page: 'details' };
export type ReviewPage = InClinic<Of<'review'>> & ChosenVisit & { page: 'review' };
export type TakenPage = InClinic<Of<'details' | 'review' | 'taken'>> &
  VisitChoice & {
    page: 'taken';
    start: Start;
    sameDay: FreeTime[];
    otherDays: FreeTime[];
    others: FreeTime[];
  };
export type BookedPage = InClinic<Of<'booked'>> & VisitChoice & { page: 'booked' };
export type WaitlistPage = InClinic<Of<'waitlist'>> & VisitChoice & { page: 'waitlist' };
/** Of a visit that is not booked online, whichever step of it was asked for. */
export type ByPhonePage = InClinic<Of<'slots' | 'details' | 'review' | 'taken' | 'waitlist'>> &
  VisitChoice & { page: 'by-phone' };
/** The portal asks for what is the visitor's own by itself, once it knows who is there. */
export type PortalPage = InClinic<Of<'portal'>> & { page: 'portal' };
export type LostPage = Loaded & { page: 'lost'; answer: ClinicAnswer | null };

export type PageData =
  | ClinicPage
  | DoctorPage
  | SlotsPage
  | DetailsPage
  | ReviewPage
  | TakenPage
  | BookedPage
  | WaitlistPage
  | ByPhonePage
  | PortalPage
  | LostPage;

/** A page, or why there is none. */
export type Shown =
  | PageData
  | { page: 'problem'; route: Route; failure: Failure; answer: ClinicAnswer | null };

/** How far a first look for a free day goes; beyond it the answer's own `nextFreeOn` leads. */
const firstLookDays = 14;
/** The longest range that the server answers. */
const farLookDays = 42;
const peerLookDays = 7;
/** No visit type may be booked farther ahead. */
const farthestDays = 730;

/**
 * `known`: the clinic as the browser already has it. The clinic page itself always asks again, for its times.
 * Throws what the API throws, `clinic.unknown` included.
 */
export async function loadPage(
  route: Route,
  api: PublicApi,
  now: number,
  known?: ClinicAnswer,
): Promise<PageData> {
  if (route.page === 'unknown' && route.clinic === null) return { page: 'lost', route, now, answer: null };
  const slug = route.clinic as string;
  const answer =
    known && known.clinic.slug === slug && route.page !== 'clinic'
      ? known
      : await api.clinic({ clinic: slug });
  const today = localTime(now, answer.clinic.timeZone).date;
  const lost: LostPage = { page: 'lost', route, now, answer };

  if (route.page === 'unknown') return lost;
  if (route.page === 'clinic') return { page: 'clinic', route, now, answer, today };
  if (route.page === 'portal') return { page: 'portal', route, now, answer, today };

  const doctor = answer.doctors.find((candidate) => candidate.slug === route.doctor) ?? null;
  if (!doctor && route.doctor !== anyDoctor) return lost;
  if (route.page === 'doctor') return loadDoctor({ route, now, answer, today }, doctor, api);

  const type = answer.appointmentTypes.find((candidate) => candidate.slug === route.type);
  if (!type || (doctor && !type.doctorIds.includes(doctor.id))) return lost;
  if (route.page === 'booked') return { page: 'booked', route, now, answer, today, doctor, type };
  if (type.bookableBy === 'desk') return { page: 'by-phone', route, now, answer, today, doctor, type };
  switch (route.page) {
    case 'waitlist':
      return { page: 'waitlist', route, now, answer, today, doctor, type };
    case 'slots':
      return loadSlots({ route, now, answer, today }, { doctor, type }, api);
    case 'details': {
      const visit = await loadVisit(answer, { doctor, type }, route.start, api);
      if (visit) return { page: 'details', route, now, answer, today, ...visit };
      return loadTaken({ route, now, answer, today }, { doctor, type }, api);
    }
    case 'review': {
      const visit = await loadVisit(answer, { doctor, type }, route.start, api);
      if (visit) return { page: 'review', route, now, answer, today, ...visit };
      return loadTaken({ route, now, answer, today }, { doctor, type }, api);
    }
    case 'taken':
      return loadTaken({ route, now, answer, today }, { doctor, type }, api);
  }
}

async function loadDoctor(
  base: InClinic<Of<'doctor'>>,
  doctor: Doctor | null,
  api: PublicApi,
): Promise<DoctorPage> {
  const { answer, today } = base;
  if (doctor) return loadOneDoctor(base, doctor, api);
  const types = answer.appointmentTypes;
  const visits = await Promise.all(
    types.map(async (type) => {
      if (type.bookableBy === 'desk') return { type, firstFreeOn: null, slots: [] };
      const { slots, nextFreeOn } = await api.slots({
        clinic: answer.clinic.slug,
        appointmentTypeId: type.id,
        doctorId: null,
        locationId: null,
        from: today,
        until: addDays(today, firstLookDays),
      });
      const first = slots[0];
      return { type, firstFreeOn: first ? localTime(first.startsAt, first.timeZone).date : nextFreeOn };
    }),
  );
  return { page: 'doctor', ...base, doctor, visits, next: null };
}

async function loadOneDoctor(
  base: InClinic<Of<'doctor'>>,
  doctor: Doctor,
  api: PublicApi,
): Promise<DoctorPage> {
  const { answer } = base;
  const clinic = answer.clinic.slug;
  const found = await api.doctor({ clinic, doctor: doctor.slug });
  const visits = found.visits.flatMap(({ appointmentTypeId, next }) => {
    const type = answer.appointmentTypes.find((one) => one.id === appointmentTypeId);
    const firstFreeOn = next && localTime(next.startsAt, next.timeZone).date;
    return type ? [{ type, firstFreeOn, next }] : [];
  });
  // What the clinic's page shows of the doctor comes first here too.
  const shown = doctor.nextSlots[0]?.appointmentTypeId;
  const soonest =
    visits.find(({ type, next }) => next && type.id === shown) ?? visits.find(({ next }) => next);
  const times =
    soonest?.firstFreeOn &&
    (await api.slots({
      clinic,
      appointmentTypeId: soonest.type.id,
      doctorId: doctor.id,
      locationId: null,
      from: soonest.firstFreeOn,
      until: addDays(soonest.firstFreeOn, firstLookDays),
    }));
  return {
    page: 'doctor',
    ...base,
    doctor,
    visits: visits.map(({ type, firstFreeOn }) => ({ type, firstFreeOn })),
    next: soonest && times ? { type: soonest.type, slots: times.slots.slice(0, 3) } : null,
  };
}

async function loadSlots(
  base: InClinic<Of<'slots'>>,
  choice: VisitChoice,
  api: PublicApi,
): Promise<SlotsPage> {
  const { answer, today, route } = base;
  const { doctor, type } = choice;
  const specialties = doctor ? [] : specialtiesOf(answer, type);
  const specialty = specialties.find((name) => name === route.specialty) ?? specialties[0] ?? null;
  const places = placesOf(answer, choice, specialty);
  const place = places.find((candidate) => candidate.slug === route.place) ?? null;
  const ask = async (from: PlainDate, until: PlainDate) => {
    const all = await api.slots({
      clinic: answer.clinic.slug,
      appointmentTypeId: type.id,
      doctorId: doctor?.id ?? null,
      locationId: place?.id ?? null,
      from,
      until,
    });
    return specialty ? onlyOf(all, answer, specialty) : all;
  };
  const peers = doctor ? peerTimes(answer, doctor, type, today, api) : [];

  const asked =
    route.date && route.date >= today && route.date <= addDays(today, farthestDays) ? route.date : null;
  const from = asked ? later(mondayOf(asked), today) : today;
  let found = await ask(from, asked ? addDays(mondayOf(asked), 7) : addDays(today, firstLookDays));
  // Of one specialty alone the answer cannot say what lies beyond it.
  if (specialty && !asked && !found.nextFreeOn) found = await ask(today, addDays(today, farLookDays));
  const first = asked ?? found.days.find((day) => day.count > 0)?.date ?? found.nextFreeOn ?? today;
  if (!found.days.some((day) => day.date === first) && found.nextFreeOn === first) {
    found = await ask(later(mondayOf(first), today), addDays(mondayOf(first), 7));
  }
  const week = weekOf(first, found.days);
  const date = chooseDay(week, asked);
  const slots = date ? timesOn(date, found.slots) : [];
  const firstStart = slots[0]?.startsAt ?? Number.MAX_SAFE_INTEGER;
  return {
    page: 'slots',
    ...base,
    ...choice,
    week,
    date,
    slots: doctor ? slots : oneOfEachStart(slots),
    places,
    place,
    specialties,
    specialty,
    nextFreeOn: found.nextFreeOn,
    others: (await peers).filter((slot) => slot.startsAt < firstStart),
  };
}

/** The days of a month as `YYYY-MM`, for the same wish as the page's; those before today are left out. */
export async function loadMonth(page: SlotsPage, month: string, api: PublicApi): Promise<WeekDay[]> {
  const first = later(`${month}-01` as PlainDate, page.today);
  let until = addDays(`${month}-28` as PlainDate, 1);
  while (until.startsWith(month)) until = addDays(until, 1);
  const asked = {
    clinic: page.answer.clinic.slug,
    appointmentTypeId: page.type.id,
    doctorId: page.doctor?.id ?? null,
    locationId: page.place?.id ?? null,
    from: first,
    until,
  };
  // Of one specialty alone the days can only be told from the times.
  if (page.specialty) return onlyOf(await api.slots(asked), page.answer, page.specialty).days;
  return (await api.days(asked)).days;
}

/** The visit that an address means, if its time is still free. */
async function loadVisit(
  answer: ClinicAnswer,
  choice: VisitChoice,
  start: Start,
  api: PublicApi,
): Promise<ChosenVisit | null> {
  const { type } = choice;
  const wanted = choice.doctor ?? answer.doctors.find((candidate) => candidate.slug === start.doctor) ?? null;
  // Dates are those of the place, which may lie in another zone than the clinic: a day more on either side.
  const { date } = localTime(start.at, answer.clinic.timeZone);
  const { slots } = await api.slots({
    clinic: answer.clinic.slug,
    appointmentTypeId: type.id,
    doctorId: wanted?.id ?? null,
    locationId: null,
    from: addDays(date, -1),
    until: addDays(date, 2),
  });
  const slot = slots.find((candidate) => candidate.startsAt === start.at);
  const doctor = answer.doctors.find((candidate) => candidate.id === slot?.doctorId);
  const place = answer.locations.find((candidate) => candidate.id === slot?.locationId);
  return slot && doctor && place ? { type, doctor, place, slot } : null;
}

async function loadTaken(
  base: InClinic<Of<'details' | 'review' | 'taken'>>,
  choice: VisitChoice,
  api: PublicApi,
): Promise<TakenPage> {
  const { answer, today, route } = base;
  const doctor =
    choice.doctor ?? answer.doctors.find((candidate) => candidate.slug === route.start.doctor) ?? null;
  const { date } = localTime(route.start.at, answer.clinic.timeZone);
  const common = { clinic: answer.clinic.slug, appointmentTypeId: choice.type.id };
  const from = later(date, today);
  const [near, others] = await Promise.all([
    api.slots({
      ...common,
      doctorId: doctor?.id ?? null,
      locationId: null,
      from,
      until: addDays(from, firstLookDays),
    }),
    doctor ? peerTimes(answer, doctor, choice.type, today, api) : [],
  ]);
  const slots = (doctor ? near.slots : oneOfEachStart(near.slots)).filter(
    (slot) => slot.startsAt !== route.start.at,
  );
  return {
    page: 'taken',
    ...base,
    type: choice.type,
    doctor,
    start: route.start,
    sameDay: nearest(timesOn(date, slots), route.start.at, 7),
    otherDays: aroundTheSameTime(slots, route.start.at, 3),
    others,
  };
}

/** The next days' times of others of the same specialty: a skin doctor is no answer for a heart. */
async function peerTimes(
  answer: ClinicAnswer,
  doctor: Doctor,
  type: VisitType,
  today: PlainDate,
  api: PublicApi,
): Promise<FreeTime[]> {
  const peers = answer.doctors.filter(
    (peer) =>
      peer.id !== doctor.id && peer.specialty === doctor.specialty && type.doctorIds.includes(peer.id),
  );
  const found = await Promise.all(
    peers.slice(0, 4).map((peer) =>
      api.slots({
        clinic: answer.clinic.slug,
        appointmentTypeId: type.id,
        doctorId: peer.id,
        locationId: null,
        from: today,
        until: addDays(today, peerLookDays),
      }),
    ),
  );
  return found.flatMap(({ slots }) => slots.slice(0, 3)).sort((a, b) => a.startsAt - b.startsAt);
}

/** Those with the most doctors first; none where there is only one. */
function specialtiesOf(answer: ClinicAnswer, type: VisitType): string[] {
  const counts = new Map<string, number>();
  for (const doctor of answer.doctors) {
    if (type.doctorIds.includes(doctor.id))
      counts.set(doctor.specialty, (counts.get(doctor.specialty) ?? 0) + 1);
  }
  if (counts.size < 2) return [];
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([name]) => name);
}

function onlyOf(found: SlotsAnswer, answer: ClinicAnswer, specialty: string): SlotsAnswer {
  const doctors = new Set(
    answer.doctors.filter((doctor) => doctor.specialty === specialty).map(({ id }) => id),
  );
  const slots = found.slots.filter((slot) => doctors.has(slot.doctorId));
  return { slots, ...countDays(found.days, slots) };
}

/** In time order. */
function nearest(slots: FreeTime[], start: number, limit: number): FreeTime[] {
  return [...slots]
    .sort((a, b) => Math.abs(a.startsAt - start) - Math.abs(b.startsAt - start))
    .slice(0, limit)
    .sort((a, b) => a.startsAt - b.startsAt);
}

/** The places of the doctors whose times are shown. */
function placesOf(answer: ClinicAnswer, { doctor, type }: VisitChoice, specialty: string | null): Place[] {
  const doctors = doctor
    ? [doctor]
    : answer.doctors.filter(
        (one) => type.doctorIds.includes(one.id) && (specialty === null || one.specialty === specialty),
      );
  return answer.locations.filter((place) => doctors.some((one) => one.locationIds.includes(place.id)));
}

function later(a: PlainDate, b: PlainDate): PlainDate {
  return a > b ? a : b;
}

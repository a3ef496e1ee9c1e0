/** Addresses: every step of a booking has one, and nothing but an address says where the visitor is. */
import type { PlainDate, WallTime } from '@medic/shared/time/instant';
import { isPlainDate } from '@medic/shared/time/plain-date';
import { type PortalRoute, parsePortalRoute, portalAddress } from './portal/portal-route';

export interface DoctorFilter {
  text: string;
  specialty: string;
  place: string;
  language: string;
  /** Show every doctor, not only the first ones. */
  all: boolean;
}

/** A chosen time: its start, and whose it is where the address leaves the doctor open (`any`). */
export interface Start {
  at: number;
  doctor: string | null;
}

interface Visit {
  clinic: string;
  /** A slug, or `any`. */
  doctor: string;
  type: string;
}

/** What of the free times is shown. Null is the page's own choice. */
export interface SlotsView {
  date: PlainDate | null;
  time: WallTime | null;
  place: string | null;
  /** Only for any doctor. */
  specialty: string | null;
}

export const firstView: SlotsView = { date: null, time: null, place: null, specialty: null };

export type Route =
  | { page: 'clinic'; clinic: string; filter: DoctorFilter }
  | { page: 'doctor'; clinic: string; doctor: string }
  | ({ page: 'slots' } & SlotsView & Visit)
  | ({ page: 'details'; start: Start } & Visit)
  | ({ page: 'review'; start: Start } & Visit)
  | ({ page: 'taken'; start: Start } & Visit)
  | ({ page: 'booked' } & Visit)
  | ({ page: 'waitlist' } & Visit)
  | PortalRoute
  | { page: 'unknown'; clinic: string | null };

export const anyDoctor = 'any';

/** As the server's own rule for slugs: what it would refuse is never asked. */
const slug = /^(?=.{1,60}$)[a-z0-9]+(?:-[a-z0-9]+)*$/;
const steps = ['details', 'review', 'taken'] as const;

/** `url` is a path with its query. What is not ours is `unknown`; a step without a valid time is the choice of one. */
export function parseRoute(url: string): Route {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const [site, clinic, ...inside] = pathname.split('/').filter(Boolean);
  if (!clinic || !slug.test(clinic)) return { page: 'unknown', clinic: null };
  const unknown: Route = { page: 'unknown', clinic };
  if (site === 'my') return parsePortalRoute(clinic, inside, searchParams) ?? unknown;
  if (site !== 'book') return { page: 'unknown', clinic: null };
  const [doctor, type, step, ...rest] = inside;
  if (rest.length > 0 || [doctor, type].some((name) => name !== undefined && !slug.test(name)))
    return unknown;
  if (!doctor) return { page: 'clinic', clinic, filter: filterOf(searchParams) };
  if (!type) return { page: 'doctor', clinic, doctor };
  const visit = { clinic, doctor, type };
  if (step === 'booked' || step === 'waitlist') return { page: step, ...visit };
  const known = steps.find((name) => name === step);
  if (step && !known) return unknown;
  const start = parseStart(searchParams.get('start') ?? '');
  if (known && start) return { page: known, ...visit, start };
  const date = searchParams.get('date') ?? '';
  const time = searchParams.get('time') ?? '';
  const place = searchParams.get('place') ?? '';
  return {
    page: 'slots',
    ...visit,
    date: isPlainDate(date) ? date : null,
    time: /^([01]\d|2[0-3]):[0-5]\d$/.test(time) ? (time as WallTime) : null,
    place: slug.test(place) ? place : null,
    specialty: (searchParams.get('specialty') ?? '').slice(0, 120) || null,
  };
}

export function hrefOf(route: Route): string {
  if (route.page === 'unknown') return route.clinic ? `/book/${route.clinic}` : '/book';
  if (route.page === 'portal') {
    const { path, query } = portalAddress(route);
    return withQuery(path, query);
  }
  const clinic = `/book/${route.clinic}`;
  if (route.page === 'clinic') {
    const { text, specialty, place, language, all } = route.filter;
    return withQuery(clinic, { q: text, specialty, place, language, all: all ? '1' : '' });
  }
  if (route.page === 'doctor') return `${clinic}/${route.doctor}`;
  const visit = `${clinic}/${route.doctor}/${route.type}`;
  if (route.page === 'slots') {
    return withQuery(visit, {
      specialty: route.specialty ?? '',
      place: route.place ?? '',
      date: route.date ?? '',
      time: route.time ?? '',
    });
  }
  if (route.page === 'booked' || route.page === 'waitlist') return `${visit}/${route.page}`;
  return withQuery(`${visit}/${route.page}`, { start: formatStart(route.start) });
}

/** As it stands in an address and in a radio's value: `1764662400000`, or `1764662400000.mihai-stan`. */
export function formatStart(start: Start): string {
  return start.doctor ? `${start.at}.${start.doctor}` : String(start.at);
}

export function parseStart(text: string): Start | null {
  const [, at, doctor] = /^(\d{10,14})(?:\.([a-z0-9-]+))?$/.exec(text) ?? [];
  return at ? { at: Number(at), doctor: doctor ?? null } : null;
}

export const noFilter: DoctorFilter = { text: '', specialty: '', place: '', language: '', all: false };

function filterOf(query: URLSearchParams): DoctorFilter {
  const read = (name: string) => (query.get(name) ?? '').trim().slice(0, 80);
  return {
    text: read('q'),
    specialty: read('specialty'),
    place: read('place'),
    language: read('language'),
    all: read('all') === '1',
  };
}

function withQuery(path: string, values: Record<string, string>): string {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== ''));
  // A colon may stand in a query as it is, and `time=10:20` reads better.
  const text = query.toString().replaceAll('%3A', ':');
  return text ? `${path}?${text}` : path;
}

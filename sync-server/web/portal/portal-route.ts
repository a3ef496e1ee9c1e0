/** Addresses of the portal. Who is signed in stands in none of them; a link's secret is behind `#`, and goes at once. */
import type { PlainDate } from '@medic/shared/time/instant';
import { isPlainDate } from '@medic/shared/time/plain-date';

/** A time to move to: its start, and whose and where it is. */
export interface MoveTarget {
  at: number;
  doctorId: string;
  locationId: string;
}

export interface PortalRoute {
  page: 'portal';
  clinic: string;
  view: PortalView;
  /** Of a visit's own pages. */
  visit: string | null;
  /** The day that is shown while a visit is moved. */
  date: PlainDate | null;
  /** For which doctor times are shown: null is the visit's own, `any` every one. */
  doctor: 'any' | null;
  to: MoveTarget | null;
}

const plainViews = ['home', 'sign-in', 'waitlist', 'join', 'profile', 'offer'] as const;
const visitViews = ['visit', 'move', 'cancel'] as const;
export type PortalView = (typeof plainViews)[number] | (typeof visitViews)[number];

const id = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** `rest` is what stands behind `/my/<clinic>`. Null for what is not ours. */
export function parsePortalRoute(
  clinic: string,
  rest: readonly string[],
  query: URLSearchParams,
): PortalRoute | null {
  const [first = 'home', visit, step, ...more] = rest;
  if (more.length > 0) return null;
  if (first === 'visit') {
    const view = step === undefined ? 'visit' : visitViews.slice(1).find((name) => name === step);
    if (!view || visit === undefined || !id.test(visit)) return null;
    const date = query.get('date') ?? '';
    return {
      ...portalRoute(clinic, view, visit),
      date: isPlainDate(date) ? date : null,
      doctor: query.get('doctor') === 'any' ? 'any' : null,
      to: parseTarget(query.get('to') ?? ''),
    };
  }
  const view = plainViews.find((name) => name === first);
  return view && visit === undefined && (view !== 'home' || rest.length === 0)
    ? portalRoute(clinic, view)
    : null;
}

export function portalRoute(clinic: string, view: PortalView, visit: string | null = null): PortalRoute {
  return { page: 'portal', clinic, view, visit, date: null, doctor: null, to: null };
}

/** Path and query values. */
export function portalAddress(route: PortalRoute): { path: string; query: Record<string, string> } {
  const clinic = `/my/${route.clinic}`;
  if (route.visit === null)
    return { path: route.view === 'home' ? clinic : `${clinic}/${route.view}`, query: {} };
  const path = `${clinic}/visit/${route.visit}`;
  if (route.view !== 'move')
    return { path: route.view === 'visit' ? path : `${path}/${route.view}`, query: {} };
  const { date, doctor, to } = route;
  return {
    path: `${path}/move`,
    query: {
      doctor: doctor ?? '',
      date: date ?? '',
      to: to ? `${to.at}.${to.doctorId}.${to.locationId}` : '',
    },
  };
}

function parseTarget(text: string): MoveTarget | null {
  const [at = '', doctorId = '', locationId = '', ...more] = text.split('.');
  if (more.length > 0 || !/^\d{10,14}$/.test(at) || !id.test(doctorId) || !id.test(locationId)) return null;
  return { at: Number(at), doctorId, locationId };
}

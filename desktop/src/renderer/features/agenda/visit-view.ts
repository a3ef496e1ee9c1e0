/** A visit as a card shows it: worked out once from the records, equal for day and week. */
import type { Facts } from '@medic/shared/acts/facts';
import { type Appointment, type AppointmentStatus, groupKey } from '@medic/shared/model/appointment';
import type { AppointmentType, TypeColour } from '@medic/shared/model/appointment-type';
import type { Instant, WallTime } from '@medic/shared/time/instant';
import { fullName, shortName } from '../../ui/person-name';

export type VisitState = 'proposed' | 'pending' | 'booked' | 'arrived' | 'in-room' | 'done' | 'no-show';

export interface VisitView {
  /** The visit's id; of a group, the key that its seats share. */
  key: string;
  /** Visits of all seats; one for a visit of one patient. */
  visitIds: readonly string[];
  doctorId: string;
  locationId: string;
  appointmentTypeId: string;
  startsAt: Instant;
  endsAt: Instant;
  /** Minutes after the local midnight of the day shown; beyond 1440 after it. */
  from: number;
  until: number;
  clock: WallTime;
  name: string;
  shortName: string;
  typeName: string;
  colour: TypeColour;
  state: VisitState;
  arrivedAt: Instant | null;
  roomName: string | null;
  /** Something of it is not sent yet. */
  tentative: boolean;
  /** Over the doctor's other visits, and over what takes the room: apart, as they are flagged. */
  overbooked: boolean;
  roomOverbooked: boolean;
  /** The patient said that they will come. */
  confirmed: boolean;
  inSeries: boolean;
  outsideHours: boolean;
  seats: { taken: number; capacity: number } | null;
  lane: number;
  lanes: number;
}

const stateOf: Partial<Record<AppointmentStatus, VisitState>> = {
  proposed: 'proposed',
  pending: 'pending',
  booked: 'booked',
  arrived: 'arrived',
  'checked-in': 'in-room',
  fulfilled: 'done',
  noshow: 'no-show',
};

/** Cancelled visits leave the grid; a suggested time stays until it is answered, though it holds nothing. */
export function isShown(visit: Appointment): boolean {
  return stateOf[visit.status] !== undefined;
}

export function visitState(status: AppointmentStatus): VisitState | undefined {
  return stateOf[status];
}

export interface Placed {
  from: number;
  until: number;
  clock: WallTime;
  outsideHours: boolean;
}

/** Cards for visits of one doctor's day: the seats of a group become one card. */
export function visitViews(
  facts: Facts,
  visits: readonly Appointment[],
  tentative: ReadonlySet<string>,
  place: (visit: Appointment) => Placed,
): VisitView[] {
  const groups = new Map<string, Appointment[]>();
  for (const visit of visits) {
    if (!isShown(visit)) continue;
    const key = groupKey(visit);
    const group = groups.get(key);
    if (group) group.push(visit);
    else groups.set(key, [visit]);
  }
  const views: VisitView[] = [];
  for (const [key, group] of groups) {
    const view = viewOf(facts, key, group, tentative, place);
    if (view) views.push(view);
  }
  return views.sort((a, b) => a.from - b.from || a.until - b.until || (a.key < b.key ? -1 : 1));
}

function viewOf(
  facts: Facts,
  key: string,
  group: readonly Appointment[],
  tentative: ReadonlySet<string>,
  place: (visit: Appointment) => Placed,
): VisitView | null {
  const first = group[0];
  if (!first) return null;
  const type = facts.appointmentType(first.appointmentTypeId);
  const room = facts.location(first.locationId)?.rooms.find((r) => r.id === first.roomId);
  const names = namesOf(facts, first, type);
  return {
    key,
    visitIds: group.map((visit) => visit.id),
    doctorId: first.doctorId,
    locationId: first.locationId,
    appointmentTypeId: first.appointmentTypeId,
    startsAt: first.startsAt,
    endsAt: first.endsAt,
    ...place(first),
    ...names,
    typeName: type?.name ?? 'Visit',
    colour: type?.colour ?? 'steel',
    state: groupState(group),
    arrivedAt: first.status === 'arrived' && group.length === 1 ? first.statusChangedAt : null,
    roomName: room?.name ?? null,
    tentative: group.some((visit) => tentative.has(visit.id)),
    overbooked: group.some((visit) => visit.overbooked),
    roomOverbooked: group.some((visit) => visit.roomOverbooked),
    confirmed: group.length === 1 && first.status === 'booked' && first.confirmedAt !== null,
    inSeries: group.length === 1 && first.seriesId !== null,
    seats:
      first.capacity > 1
        ? { taken: group.filter((visit) => visit.status !== 'noshow').length, capacity: first.capacity }
        : null,
    lane: 0,
    lanes: 1,
  };
}

function namesOf(
  facts: Facts,
  visit: Appointment,
  type: AppointmentType | undefined,
): { name: string; shortName: string } {
  if (visit.capacity > 1) return { name: type?.name ?? 'Group', shortName: type?.name ?? 'Group' };
  const patient = facts.get('patient', visit.patientId);
  // Collections arrive one by one: a visit can be here before its patient.
  if (!patient) return { name: 'Loading…', shortName: 'Loading…' };
  return { name: fullName(patient), shortName: shortName(patient) };
}

/** A group goes by its seats together: in the room once one is, done when all are. */
function groupState(group: readonly Appointment[]): VisitState {
  const states = group.map((visit) => stateOf[visit.status] ?? 'booked');
  const first = states[0] ?? 'booked';
  if (states.every((state) => state === first)) return first;
  const present = states.filter((state) => state !== 'no-show');
  if (present.every((state) => state === 'done')) return 'done';
  if (present.some((state) => state === 'in-room' || state === 'done')) return 'in-room';
  return 'booked';
}

/** The word of a state, for cards, tooltips and screen readers. */
export function stateWord(view: Pick<VisitView, 'state' | 'tentative' | 'outsideHours'>): string {
  switch (view.state) {
    case 'proposed':
      return 'suggested, not held';
    case 'pending':
      return 'to answer';
    case 'arrived':
      return 'arrived';
    case 'in-room':
      return 'in the room';
    case 'done':
      return 'finished';
    case 'no-show':
      return 'did not come';
    default:
      return view.tentative ? 'not sent yet' : view.outsideHours ? 'after hours' : 'booked';
  }
}

/** Minutes of waiting after which a patient has waited long. */
export const longWaitMinutes = 15;

export type CardSize = 'tiny' | 'short' | 'normal' | 'tall';

/** Which lines a card of a height has room for. */
export function cardSize(heightPx: number): CardSize {
  if (heightPx < 17) return 'tiny';
  if (heightPx < 34) return 'short';
  return heightPx < 54 ? 'normal' : 'tall';
}

/** The second line: what there is to say beside the time; type gives way to state. */
export function cardNote(view: VisitView): string {
  if (view.seats) return `${view.seats.taken}/${view.seats.capacity} seats`;
  if (view.state === 'pending') return 'To answer';
  if (view.state === 'proposed') return 'Suggested';
  if (view.state === 'in-room') return view.roomName ?? 'In the room';
  if (view.tentative) return 'Not sent';
  if (view.overbooked) return '+1';
  if (view.roomOverbooked) return 'Room +1';
  if (view.outsideHours) return 'After hours';
  return view.typeName;
}

/** Waits for somebody's answer, which the desk can give on the card. */
export function isToAnswer(view: Pick<VisitView, 'state' | 'seats'>): boolean {
  return view.seats === null && (view.state === 'pending' || view.state === 'proposed');
}

/**
 * A second answer to "why not?", on the oracle's painted minutes: every rule that forbids a start, each with its
 * fact, and how the visit would stand where none does. Reasons come in no particular order.
 */
import type { AppointmentType } from '../../model/appointment-type';
import type { Doctor } from '../../model/doctor';
import type { Location } from '../../model/location';
import { type Instant, instant } from '../../time/instant';
import type { Placement, PlacementRequest } from '../query';
import type { Reason } from '../reason';
import {
  fittingRooms,
  groupRoom,
  hoursRoom,
  isOffered,
  type Neighbours,
  type Oracle,
  type Plan,
  roomFor,
} from './oracle';
import { dayHolding } from './zone-table';

/** As `placeVisit` has to answer, for a start within the dates that the oracle was made for. */
export function oraclePlacement(oracle: Oracle, request: PlacementRequest): Placement {
  const { facts } = oracle;
  const doctor = facts.doctors.find((d) => d.id === request.doctorId);
  const location = facts.locations.find((l) => l.id === request.locationId);
  const type = facts.types.find((t) => t.id === request.appointmentTypeId);
  const reasons: Reason[] = [];
  if (!doctor?.active) reasons.push({ code: 'inactive', what: 'doctor' });
  if (!location?.active) reasons.push({ code: 'inactive', what: 'location' });
  if (!type?.active) reasons.push({ code: 'inactive', what: 'appointment-type' });
  if (!doctor || !location || !type) return { reasons, slot: null };
  const visit = visitOf(type, request);
  const plan = oracle.plan(doctor.id, location);
  const near = oracle.neighbours(
    type,
    doctor.id,
    location.id,
    request.startsAt,
    Math.floor(visit.reservedFrom / 60_000),
    Math.ceil(visit.reservedUntil / 60_000),
  );
  const said = hoursRoom(plan, Math.floor(visit.startsAt / 60_000));
  const room = placeInRoom(type, location, request, said, near);
  reasons.push(
    ...ruleReasons(type, doctor, location, request),
    ...planReasons(oracle, plan, doctor, location, type, visit),
    ...takenReasons(oracle, doctor, type, visit, near),
    ...(room.reason ? [room.reason] : []),
  );
  if (reasons.length > 0) return { reasons, slot: null };
  const seats = new Set(
    near.mates.map((mate) => mate.kind === 'visit' && facts.appointments.find((v) => v.id === mate.id)?.seat),
  );
  let seat = 1;
  while (seats.has(seat)) seat++;
  return {
    reasons,
    slot: {
      doctorId: doctor.id,
      locationId: location.id,
      roomId: room.roomId,
      ...visit,
      seatsLeft: type.capacity - near.mates.length,
      seat,
      capacity: type.capacity,
    },
  };
}

interface Visit {
  startsAt: Instant;
  endsAt: Instant;
  reservedFrom: Instant;
  reservedUntil: Instant;
}

function visitOf(type: AppointmentType, { startsAt, durationMinutes }: PlacementRequest): Visit {
  const endsAt = startsAt + (durationMinutes ?? type.durationMinutes) * 60_000;
  return {
    startsAt,
    endsAt: instant(endsAt),
    reservedFrom: instant(startsAt - type.bufferBeforeMinutes * 60_000),
    reservedUntil: instant(endsAt + type.bufferAfterMinutes * 60_000),
  };
}

function ruleReasons(
  type: AppointmentType,
  doctor: Doctor,
  location: Location,
  { startsAt, now, channel }: PlacementRequest,
): Reason[] {
  const reasons: Reason[] = [];
  if (!isOffered(type, doctor, location.id))
    reasons.push({ code: 'not-offered', doctorName: `Dr ${doctor.name}`, locationName: location.name });
  if (startsAt < now) reasons.push({ code: 'past' });
  if (channel === 'desk') return reasons;
  if (type.bookableBy === 'desk') reasons.push({ code: 'desk-only' });
  const earliestAt = instant(now + type.minNoticeMinutes * 60_000);
  if (type.minNoticeMinutes > 0 && startsAt < earliestAt)
    reasons.push({ code: 'notice', minutes: type.minNoticeMinutes, earliestAt });
  const latestAt = instant(now + type.maxFutureDays * 24 * 3_600_000);
  if (startsAt > latestAt) reasons.push({ code: 'too-far', days: type.maxFutureDays, latestAt });
  return reasons;
}

function planReasons(
  oracle: Oracle,
  plan: Plan,
  doctor: Doctor,
  location: Location,
  type: AppointmentType,
  visit: Visit,
): Reason[] {
  const reasons: Reason[] = [];
  const start = Math.floor(visit.startsAt / 60_000);
  const end = Math.ceil(visit.endsAt / 60_000);
  if (plan.open.subarray(start - plan.first, end - plan.first).includes(0))
    reasons.push({
      code: 'outside-hours',
      doctorName: `Dr ${doctor.name}`,
      ...nearestHours(plan, location, start, end),
    });
  for (const { code, from, until, label, id } of plan.cuts) {
    if (from >= end || until <= start) continue;
    const span = { label, startsAt: instant(from * 60_000), endsAt: instant(until * 60_000) };
    reasons.push(code === 'break' ? { code, ...span } : { code, ...span, exceptionId: id as string });
  }
  for (const { id, doctorId, status, startsAt, endsAt } of oracle.facts.timeOff) {
    if (doctorId !== doctor.id || status !== 'approved' || startsAt === endsAt) continue;
    if (Math.floor(startsAt / 60_000) < end && Math.ceil(endsAt / 60_000) > start)
      reasons.push({ code: 'time-off', startsAt, endsAt, timeOffRequestId: id });
  }
  if (!isOnGrid(plan, type, visit.startsAt))
    reasons.push({ code: 'off-grid', stepMinutes: type.slotStepMinutes });
  return reasons;
}

/** Outside every window there is no grid, except that of whole minutes. */
function isOnGrid(plan: Plan, type: AppointmentType, startsAt: Instant): boolean {
  const minute = startsAt / 60_000;
  if (!Number.isInteger(minute)) return false;
  const at = minute - plan.first;
  if (plan.works[at] !== 1) return true;
  const windowStart = plan.works.lastIndexOf(0, at) + 1;
  return (at - windowStart) % type.slotStepMinutes === 0;
}

/** Of the hours that meet the start's date, those least far from the visit; of equals the earlier. */
function nearestHours(
  plan: Plan,
  location: Location,
  start: number,
  end: number,
): { opensAt: Instant | null; closesAt: Instant | null } {
  const { open, first } = plan;
  const day = dayHolding(start, location.timeZone);
  let nearest: [number, number] | null = null;
  let least = Number.POSITIVE_INFINITY;
  let at = day.first - first;
  if (open[at] === 1) at = open.lastIndexOf(0, at) + 1;
  for (at = open.indexOf(1, at); at !== -1 && first + at < day.end; at = open.indexOf(1, at)) {
    const shuts = open.indexOf(0, at);
    const distance = Math.max(0, first + at - end, start - (first + shuts));
    if (distance < least) {
      least = distance;
      nearest = [first + at, first + shuts];
    }
    at = shuts;
  }
  return {
    opensAt: nearest && instant(nearest[0] * 60_000),
    closesAt: nearest && instant(nearest[1] * 60_000),
  };
}

function takenReasons(
  { facts }: Oracle,
  doctor: Doctor,
  type: AppointmentType,
  visit: Visit,
  { mates, strangers }: Neighbours,
): Reason[] {
  const reasons: Reason[] = [];
  for (const { kind, id, doctorId } of strangers) {
    if (doctorId !== doctor.id) continue;
    if (kind === 'hold') {
      for (const { startsAt, endsAt, expiresAt } of facts.holds.filter((h) => h.id === id))
        reasons.push({ code: 'hold', startsAt, endsAt, expiresAt });
      continue;
    }
    if (kind === 'external') {
      for (const { startsAt, endsAt } of facts.busy.filter((b) => b.id === id))
        reasons.push({ code: 'external-busy', startsAt, endsAt });
      continue;
    }
    for (const other of facts.appointments.filter((v) => v.id === id)) {
      const { id: appointmentId, patientId, startsAt, endsAt, status } = other;
      const named = { appointmentId, patientId, startsAt, endsAt };
      if (startsAt < visit.endsAt && visit.startsAt < endsAt)
        reasons.push({ code: 'visit', ...named, pending: status === 'pending' });
      else
        reasons.push({
          code: 'buffer',
          ...named,
          freeUntil: instant(other.reservedFrom - type.bufferAfterMinutes * 60_000),
          freeFrom: instant(other.reservedUntil + type.bufferBeforeMinutes * 60_000),
        });
    }
  }
  if (mates.length >= type.capacity) reasons.push({ code: 'full', capacity: type.capacity });
  return reasons;
}

function placeInRoom(
  type: AppointmentType,
  location: Location,
  request: PlacementRequest,
  said: string | undefined,
  near: Neighbours,
): { roomId: string | null; reason?: Reason } {
  const fitting = fittingRooms(type, location);
  const named = request.roomId;
  const takenBy = (roomId: string): number[] =>
    near.strangers.filter((t) => t.roomId === roomId).map((t) => t.until);
  const taken = (roomId: string): { roomId: null; reason: Reason } => ({
    roomId: null,
    reason: {
      code: 'room-taken',
      roomName: location.rooms.find((r) => r.id === roomId)?.name ?? '',
      until: instant(Math.max(...takenBy(roomId)) * 60_000),
    },
  });
  const none: Reason = { code: 'no-room', feature: type.roomFeature };
  if (named) {
    const suits = type.needsRoom
      ? fitting.includes(named)
      : location.rooms.some((r) => r.id === named && r.active);
    if (!suits) return { roomId: null, reason: none };
    return takenBy(named).length === 0 ? { roomId: named } : taken(named);
  }
  if (named === null && !type.needsRoom) return { roomId: null };
  const roomId = roomFor(type, location, said, near);
  if (roomId !== undefined) return { roomId };
  if (fitting.length === 0) return { roomId: null, reason: none };
  return taken(
    [groupRoom(near.mates), said].find((id) => id !== undefined && fitting.includes(id)) ??
      (fitting[0] as string),
  );
}

import type { AppointmentType } from '../model/appointment-type';
import type { Doctor } from '../model/doctor';
import type { Location } from '../model/location';
import { type Instant, minuteMs, plusMinutes } from '../time/instant';
import { bookingLimits } from './booking-limits';
import type { AvailabilityFacts } from './facts';
import { hoursReasons } from './hours-reasons';
import { refuseInvalidTime, refuseInvalidType } from './invalid-facts';
import { offersAt } from './offers';
import type { Placement, PlacementRequest } from './query';
import type { Reason } from './reason';
import { fits, RoomChoice } from './room-choice';
import { type ReservedTime, takenReasons } from './taken-reasons';
import { lowestFreeSeat, sessionAt, type TakenOptions, takenOfDoctor } from './taken-time';
import { HoursRooms, hoursOf } from './working-hours';

/** The visit of a type at a start, with the range that it keeps from others: widened by the type's buffers. */
export function reservedTime(
  type: AppointmentType,
  startsAt: Instant,
  durationMinutes = type.durationMinutes,
): ReservedTime {
  const endsAt = plusMinutes(startsAt, durationMinutes);
  return {
    startsAt,
    endsAt,
    reservedFrom: plusMinutes(startsAt, -type.bufferBeforeMinutes),
    reservedUntil: plusMinutes(endsAt, type.bufferAfterMinutes),
  };
}

/**
 * How a visit would stand: every rule that forbids it, or its room, reserved range and seat. An explicit `roomId` is
 * taken or refused, never exchanged; without one (or with null, for a type that needs a room) the room is chosen as
 * in `findSlots`. There are no reasons exactly for the slots that `findSlots` finds.
 */
export function placeVisit(facts: AvailabilityFacts, request: PlacementRequest): Placement {
  const doctor = facts.doctor(request.doctorId);
  const location = facts.location(request.locationId);
  const type = facts.appointmentType(request.appointmentTypeId);
  const reasons: Reason[] = [];
  if (!doctor?.active) reasons.push({ code: 'inactive', what: 'doctor' });
  if (!location?.active) reasons.push({ code: 'inactive', what: 'location' });
  if (!type?.active) reasons.push({ code: 'inactive', what: 'appointment-type' });
  if (!doctor || !location || !type) return { reasons, slot: null };
  const duration = request.durationMinutes ?? type.durationMinutes;
  refuseInvalidType(type, duration);
  refuseInvalidTime('the start', request.startsAt);
  refuseInvalidTime('now', request.now);
  const time = reservedTime(type, request.startsAt, duration);
  const options: TakenOptions = {
    now: request.now,
    holder: request.holder,
    ignoreAppointmentId: request.ignoreAppointmentId,
    group:
      type.capacity > 1 ? { doctorId: doctor.id, appointmentTypeId: type.id, locationId: location.id } : null,
  };
  const hours = hoursOf(facts, doctor.id, location);
  reasons.push(...offerReasons(type, doctor, location, request));
  reasons.push(...limitReasons(type, request));
  reasons.push(...hoursReasons(facts, hours, doctor, type, time.startsAt, time.endsAt));
  reasons.push(...takenReasons(facts, doctor.id, type, time, options));
  const from = Math.floor(time.reservedFrom / minuteMs);
  const until = Math.ceil(time.reservedUntil / minuteMs);
  const start = Math.floor(time.startsAt / minuteMs);
  const session =
    options.group === null
      ? undefined
      : sessionAt(takenOfDoctor(facts, doctor.id, from, until, options), time.startsAt);
  const choice = new RoomChoice(facts, type, location, from, until, options);
  const hoursRoom = new HoursRooms(hours.windows(start, start + duration)).at(start);
  const room = chooseRoom(type, location, choice, request, hoursRoom, session?.roomId ?? null, from, until);
  if (room.reason) reasons.push(room.reason);
  if (reasons.length > 0) return { reasons, slot: null };
  return {
    reasons,
    slot: {
      doctorId: doctor.id,
      locationId: location.id,
      roomId: room.roomId,
      ...time,
      seatsLeft: type.capacity - (session?.taken ?? 0),
      seat: lowestFreeSeat(session),
      capacity: type.capacity,
    },
  };
}

function offerReasons(
  type: AppointmentType,
  doctor: Doctor,
  location: Location,
  request: PlacementRequest,
): Reason[] {
  const reasons: Reason[] = [];
  if (!offersAt(type, doctor, location.id)) {
    reasons.push({
      code: 'not-offered',
      doctorName: `${doctor.title} ${doctor.name}`.trim(),
      locationName: location.name,
    });
  }
  if (request.channel === 'online' && type.bookableBy === 'desk') reasons.push({ code: 'desk-only' });
  return reasons;
}

function limitReasons(type: AppointmentType, request: PlacementRequest): Reason[] {
  const { earliestAt, latestAt } = bookingLimits(type, request.channel, request.now);
  const reasons: Reason[] = [];
  if (request.startsAt < request.now) reasons.push({ code: 'past' });
  if (request.channel === 'online' && type.minNoticeMinutes > 0 && request.startsAt < earliestAt) {
    reasons.push({ code: 'notice', minutes: type.minNoticeMinutes, earliestAt });
  }
  if (latestAt !== null && request.startsAt > latestAt)
    reasons.push({ code: 'too-far', days: type.maxFutureDays, latestAt });
  return reasons;
}

function chooseRoom(
  type: AppointmentType,
  location: Location,
  choice: RoomChoice,
  request: PlacementRequest,
  hoursRoom: string | null,
  groupRoomId: string | null,
  from: number,
  until: number,
): { roomId: string | null; reason?: Reason } {
  if (request.roomId) {
    const room = location.rooms.find(({ id }) => id === request.roomId);
    if (!room?.active || (type.needsRoom && !fits(room, type)))
      return { roomId: null, reason: { code: 'no-room', feature: type.roomFeature } };
    if (choice.isFree(room.id, from, until, request.startsAt)) return { roomId: room.id };
    return {
      roomId: null,
      reason: takenRoom(location, room.id, choice.takenUntil(room.id, from, until, request.startsAt)),
    };
  }
  if (request.roomId === null && !type.needsRoom) return { roomId: null };
  const chosen = choice.choose(hoursRoom, groupRoomId, from, until, request.startsAt);
  if (chosen !== undefined) return { roomId: chosen };
  if (choice.fitting.length === 0)
    return { roomId: null, reason: { code: 'no-room', feature: type.roomFeature || null } };
  const wanted =
    [groupRoomId, hoursRoom].find((id) => choice.fitting.some((room) => room.id === id)) ??
    choice.fitting[0]?.id ??
    '';
  return {
    roomId: null,
    reason: takenRoom(location, wanted, choice.takenUntil(wanted, from, until, request.startsAt)),
  };
}

function takenRoom(location: Location, roomId: string, until: Instant): Reason {
  return {
    code: 'room-taken',
    roomName: location.rooms.find((room) => room.id === roomId)?.name ?? '',
    until,
  };
}

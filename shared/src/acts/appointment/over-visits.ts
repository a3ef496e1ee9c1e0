/** Overbooking: a visit put where the rules forbid it, by a right of its own and for a reason. */
import { z } from 'zod';
import { placeVisit, reservedTime } from '../../availability/place-visit';
import type { PlacementRequest } from '../../availability/query';
import type { Reason, ReasonCode } from '../../availability/reason';
import { fits, RoomChoice } from '../../availability/room-choice';
import { HoursRooms, hoursOf } from '../../availability/working-hours';
import { boolean, text } from '../../model/fields';
import { minuteMs } from '../../time/instant';
import type { Actor } from '../act';
import type { Facts } from '../facts';
import type { Placed } from './placed';

export const overbook = z.object({
  reason: text(500),
  /** Over what takes the room too. Without it the room must be free, or another one is taken. */
  room: boolean().default(false),
});
export type Overbook = z.infer<typeof overbook>;

export function forbidsOverbooking(actor: Actor): string | null {
  return actor.kind === 'system' || (actor.kind === 'staff' && actor.rights.includes('overbook'))
    ? null
    : 'Overbooking is a right of its own: an administrator can give it to this account';
}

/** What no reason overcomes: there is nobody, no place or no room for it, or it is over. */
const never: ReadonlySet<ReasonCode> = new Set([
  'past',
  'inactive',
  'not-offered',
  'no-room',
  'desk-only',
  'notice',
  'too-far',
]);

/**
 * How the visit stands over what forbids it, or what no overbooking overcomes. Doctor and room are flagged apart, each
 * only where it has to be. Over the doctor's time a visit stands alone: it shares its slot with no group.
 */
export function standOver(
  facts: Facts,
  request: PlacementRequest,
  forbidden: readonly Reason[],
  { reason, room }: Overbook,
): Placed | { reasons: Reason[] } {
  const type = facts.appointmentType(request.appointmentTypeId);
  const location = facts.location(request.locationId);
  if (!type || !location) return { reasons: [...forbidden] };
  const overDoctor = forbidden.some(({ code }) => code !== 'room-taken');
  const layer = facts.layer();
  layer.put('appointmentType', overDoctor ? { ...type, capacity: 1 } : { ...type, needsRoom: false });
  const reasons = overDoctor ? placeVisit(layer, request).reasons : [...forbidden];
  const standing = reasons.filter(({ code }) => never.has(code) || (code === 'room-taken' && !room));
  if (standing.length > 0) return { reasons: standing };

  const roomOverbooked = reasons.some(({ code }) => code === 'room-taken');
  const time = reservedTime(type, request.startsAt, request.durationMinutes);
  const holds = facts
    .holdsOfDoctor(request.doctorId)
    .filter(
      (hold) =>
        hold.expiresAt > request.now &&
        hold.reservedFrom < time.reservedUntil &&
        hold.reservedUntil > time.reservedFrom,
    );
  const common = {
    roomOverbooked,
    overbookReason: reason,
    displaced: holds.map((hold) => ({ kind: 'slotHold' as const, record: { ...hold, deleted: true } })),
  };
  const roomId = chooseRoom(layer, request, roomOverbooked);
  if (!overDoctor) {
    const { slot } = placeVisit(layer, { ...request, roomId: null });
    return slot ? { ...common, overbooked: false, displaced: [], slot: { ...slot, roomId } } : { reasons };
  }
  const { doctorId, locationId } = request;
  return {
    ...common,
    overbooked: true,
    slot: { doctorId, locationId, roomId, ...time, seatsLeft: 1, seat: 1, capacity: 1 },
  };
}

/** As the engine chooses; where every room is taken, the one that it would have preferred. */
function chooseRoom(facts: Facts, request: PlacementRequest, isTaken: boolean): string | null {
  const type = facts.appointmentType(request.appointmentTypeId);
  const location = facts.location(request.locationId);
  if (!type || !location) return null;
  if (request.roomId || (request.roomId === null && !type.needsRoom && !isTaken)) return request.roomId;
  const time = reservedTime(type, request.startsAt, request.durationMinutes);
  const [from, start, end, until] = [time.reservedFrom, time.startsAt, time.endsAt, time.reservedUntil].map(
    (at) => Math.floor(at / minuteMs),
  ) as [number, number, number, number];
  const hoursRoom = new HoursRooms(hoursOf(facts, request.doctorId, location).windows(start, end)).at(start);
  if (isTaken) {
    const wanted = location.rooms.find((room) => room.id === hoursRoom && fits(room, type));
    const fitting = location.rooms
      .filter((room) => fits(room, type))
      .sort((a, b) => a.sortOrder - b.sortOrder);
    return wanted?.id ?? fitting[0]?.id ?? null;
  }
  const choice = new RoomChoice(facts, type, location, from, until, {
    now: request.now,
    holder: request.holder,
    ignoreAppointmentId: request.ignoreAppointmentId,
    group: null,
  });
  return choice.choose(hoursRoom, null, from, until, request.startsAt) ?? null;
}

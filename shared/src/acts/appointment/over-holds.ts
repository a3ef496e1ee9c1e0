/** Staff go over visitors' holds: which of them make way, and how the visit then stands. */
import { placeVisit, reservedTime } from '../../availability/place-visit';
import type { Placement, PlacementRequest } from '../../availability/query';
import type { SlotHold } from '../../model/slot-hold';
import type { Facts } from '../facts';

type Slot = NonNullable<Placement['slot']>;

/**
 * The place that would be free were it not for holds, with the holds that have to go; null where something else is in
 * the way too. The doctor's holds are looked past first and those in rooms only then, so that a free room is taken
 * before a held one. Of a full group only as many make way as it takes: one, the first that ends.
 */
export function overHolds(facts: Facts, request: PlacementRequest): { slot: Slot; holds: SlotHold[] } | null {
  const type = facts.appointmentType(request.appointmentTypeId);
  if (!type) return null;
  const time = reservedTime(type, request.startsAt, request.durationMinutes);
  const meets = (hold: SlotHold): boolean =>
    hold.expiresAt > request.now &&
    hold.holder !== request.holder &&
    hold.reservedFrom < time.reservedUntil &&
    hold.reservedUntil > time.reservedFrom;
  const ofDoctor = facts.holdsOfDoctor(request.doctorId).filter(meets);
  const inRooms = (facts.location(request.locationId)?.rooms ?? []).flatMap((room) =>
    facts.holdsInRoom(room.id).filter((hold) => meets(hold) && hold.doctorId !== request.doctorId),
  );
  for (const lifted of [ofDoctor, [...ofDoctor, ...inRooms]]) {
    if (lifted.length === 0) continue;
    const layer = facts.layer();
    for (const hold of lifted) layer.put('slotHold', { ...hold, deleted: true });
    const { slot } = placeVisit(layer, request);
    if (!slot) continue;
    const isFellow = (hold: SlotHold): boolean =>
      type.capacity > 1 &&
      hold.capacity > 1 &&
      hold.doctorId === slot.doctorId &&
      hold.appointmentTypeId === type.id &&
      hold.locationId === slot.locationId &&
      hold.startsAt === slot.startsAt;
    const fellows = lifted.filter(isFellow).sort((a, b) => a.expiresAt - b.expiresAt);
    const others = lifted.filter(
      (hold) => !isFellow(hold) && (hold.doctorId === slot.doctorId || hold.roomId === slot.roomId),
    );
    return {
      slot,
      holds: [...others, ...fellows.slice(0, Math.max(0, fellows.length + 1 - slot.seatsLeft))],
    };
  }
  return null;
}

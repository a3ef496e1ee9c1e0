/** Facts as an act has to see them, where they differ from what is there. */
import type { ActContext } from '../act';
import type { Facts } from '../facts';

/** A hold keeps nothing after its end, however long ago the act that meets it was made. */
export function withoutEndedHolds(
  facts: Facts,
  { doctorId, locationId }: { doctorId: string; locationId: string },
  context: ActContext,
): Facts {
  if (context.madeAt === context.now) return facts;
  const rooms = facts.location(locationId)?.rooms ?? [];
  const ended = [facts.holdsOfDoctor(doctorId), ...rooms.map((room) => facts.holdsInRoom(room.id))]
    .flat()
    .filter((hold) => hold.expiresAt <= context.now);
  if (ended.length === 0) return facts;
  const layer = facts.layer();
  for (const hold of ended) layer.put('slotHold', { ...hold, deleted: true });
  return layer;
}

/** Facts in which the type starts at any minute of the hours. */
export function withoutGrid(facts: Facts, appointmentTypeId: string): Facts {
  const type = facts.appointmentType(appointmentTypeId);
  if (!type) return facts;
  const layer = facts.layer();
  layer.put('appointmentType', { ...type, slotStepMinutes: 1 });
  return layer;
}

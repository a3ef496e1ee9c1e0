/** What a visit's timeline says was done last, and how the visit was before that. */
import type { Appointment, AppointmentEvent } from '../../model/appointment';
import { placeFields } from './moving';

export const undoName = 'appointment.undo';
export const undoTogetherName = 'appointment.undo-together';
export const rejoinName = 'series.rejoin';

/** Acts whose entries take back the one that stood last, where they say `undo`. */
const undoNames: readonly string[] = [undoName, undoTogetherName, rejoinName];

/** The last change that stands: not taken back already. Null where the timeline does not tell. */
export function lastChange(visit: Appointment): AppointmentEvent | null {
  const standing: AppointmentEvent[] = [];
  for (const event of visit.events) {
    if (undoNames.includes(event.act) && event.reason === 'undo') standing.pop();
    else if (event.fromStatus !== event.toStatus || touchesPlace(event)) standing.push(event);
  }
  return standing.at(-1) ?? null;
}

function touchesPlace(event: AppointmentEvent): boolean {
  return placeFields.some((field) => field in event.changed);
}

/** The visit as it was before; null where it is no longer what the change had made of it. */
export function restoredFrom(visit: Appointment, last: AppointmentEvent): Appointment | null {
  const restored: Appointment = { ...visit, status: last.fromStatus ?? visit.status };
  for (const field of placeFields) {
    const change = last.changed[field];
    if (!change) continue;
    if (visit[field] !== change[1]) return null;
    Object.assign(restored, { [field]: change[0] });
  }
  return restored;
}

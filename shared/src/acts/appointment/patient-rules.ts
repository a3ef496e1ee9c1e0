import type { Appointment } from '../../model/appointment';
import { plusMinutes } from '../../time/instant';
import type { ActContext, RefusalReason } from '../act';
import type { Facts } from '../facts';
import { timeZoneAt } from './placing';

/**
 * What keeps a patient from changing a visit online: it starts too soon. Staff are not bound. A time that was only
 * suggested keeps nobody else out, so it may be turned down until it comes.
 */
export function outsideWindow(facts: Facts, visit: Appointment, context: ActContext): RefusalReason | null {
  if (context.actor.kind !== 'patient') return null;
  const minutes = visit.status === 'proposed' ? 0 : facts.clinic.rules.cancelWindowMinutes;
  const latestAt = plusMinutes(visit.startsAt, -minutes);
  if (context.now <= latestAt) return null;
  return {
    code: 'window',
    minutes,
    latestAt,
    timeZone: timeZoneAt(facts, visit.locationId),
    phone: facts.location(visit.locationId)?.phone ?? facts.clinic.phone,
  };
}

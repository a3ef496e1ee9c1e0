/** From when until when a start may be, for the one who asks. */
import type { AppointmentType } from '../model/appointment-type';
import { dayMs, type Instant, instant, later, plusMinutes } from '../time/instant';
import type { Channel } from './query';

export interface BookingLimits {
  /** The earliest start that is allowed, and the latest; both included. */
  earliestAt: Instant;
  latestAt: Instant | null;
}

/** Nobody books the past; notice and horizon bind visitors only. Both ends are included. */
export function bookingLimits(type: AppointmentType, channel: Channel, now: Instant): BookingLimits {
  if (channel === 'desk') return { earliestAt: now, latestAt: null };
  return {
    earliestAt: later(now, plusMinutes(now, type.minNoticeMinutes)),
    latestAt: instant(now + type.maxFutureDays * dayMs),
  };
}

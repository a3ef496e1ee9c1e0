/** From when until when a start may be, for the one who asks. */
import { MedicError } from '../errors';
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

/** Refuses, by name, a type that no slot could be computed for. */
export function refuseInvalidType(type: AppointmentType, durationMinutes: number): void {
  const wrong = (what: string): never => {
    throw new MedicError('input.invalid', `appointment type ${type.id} has ${what}`);
  };
  if (!(Number.isInteger(type.slotStepMinutes) && type.slotStepMinutes > 0))
    wrong(`the slot step ${type.slotStepMinutes}`);
  if (!(Number.isInteger(durationMinutes) && durationMinutes > 0)) wrong(`the duration ${durationMinutes}`);
  if (!(Number.isInteger(type.bufferBeforeMinutes) && type.bufferBeforeMinutes >= 0))
    wrong(`the buffer ${type.bufferBeforeMinutes}`);
  if (!(Number.isInteger(type.bufferAfterMinutes) && type.bufferAfterMinutes >= 0))
    wrong(`the buffer ${type.bufferAfterMinutes}`);
  if (!(Number.isInteger(type.capacity) && type.capacity > 0)) wrong(`the capacity ${type.capacity}`);
}

/**
 * Facts and questions that no slot can be computed from. They are refused by name, never computed: hours, or a block,
 * that vanish without a word are worse than an error. The database keeps such rows out; this is the second wall.
 */
import { MedicError } from '../errors';
import type { AppointmentType } from '../model/appointment-type';
import type { AvailabilityException } from '../model/availability-exception';
import { checkTemplate } from '../model/checks';
import type { Location } from '../model/location';
import type { ScheduleTemplate } from '../model/schedule-template';
import { isWallTime, type PlainDate, type WallTime } from '../time/instant';
import { isPlainDate } from '../time/plain-date';
import { isTimeZone } from '../time/zone';

function refuse(what: string): never {
  throw new MedicError('input.invalid', what);
}

/** A time must be one, and an end may not lie before its start. NaN fails both. */
export function refuseBackwards(what: string, id: string, from: number, until: number): void {
  if (!(until >= from)) refuse(`${what} ${id} ends before it starts, or has no times`);
}

/** A question's date. Dates that the calendar does not have are refused, and those at the end of the four-digit years. */
export function refuseInvalidDate(date: PlainDate): void {
  if (!isPlainDate(date) || date > '9990') refuse(`${date} is not a date that can be asked for`);
}

export function refuseInvalidTime(what: string, at: number): void {
  if (!Number.isFinite(at)) refuse(`${what} is not a time`);
}

export function refuseInvalidZone(location: Location): void {
  if (!isTimeZone(location.timeZone))
    refuse(`location ${location.id} has the unknown zone ${location.timeZone}`);
}

export function refuseInvalidType(type: AppointmentType, durationMinutes: number): void {
  const check = (what: string, minutes: number, least: number): void => {
    if (!(Number.isInteger(minutes) && minutes >= least))
      refuse(`appointment type ${type.id} has the ${what} ${minutes}`);
  };
  check('slot step', type.slotStepMinutes, 1);
  check('duration', durationMinutes, 1);
  check('buffer', type.bufferBeforeMinutes, 0);
  check('buffer', type.bufferAfterMinutes, 0);
  check('notice', type.minNoticeMinutes, 0);
  check('horizon', type.maxFutureDays, 0);
  check('capacity', type.capacity, 1);
}

export function refuseInvalidTemplate(template: ScheduleTemplate): void {
  const wrong = (what: string): never => refuse(`schedule template ${template.id} ${what}`);
  const { weekday, everyNWeeks, opensAt, closesAt, validFrom, validUntil, anchorDate, breaks } = template;
  if (!(Number.isInteger(weekday) && weekday >= 1 && weekday <= 7)) wrong(`has the weekday ${weekday}`);
  if (!(Number.isInteger(everyNWeeks) && everyNWeeks >= 1)) wrong(`repeats every ${everyNWeeks} weeks`);
  for (const time of [opensAt, closesAt, ...breaks.flatMap((pause) => [pause.startsAt, pause.endsAt])]) {
    if (!isWallTime(time)) wrong(`has the time ${time}`);
  }
  for (const date of [validFrom, validUntil, anchorDate]) {
    if (date !== null && !isPlainDate(date)) wrong(`has the date ${date}`);
  }
  const [problem] = checkTemplate(template);
  if (problem) wrong(`is not valid: ${problem.message}`);
}

export function refuseInvalidException(exception: AvailabilityException): void {
  const wrong = (what: string): never => refuse(`availability exception ${exception.id} ${what}`);
  if (!isPlainDate(exception.date)) wrong(`has the date ${exception.date}`);
  for (const time of [exception.startsAt, exception.endsAt] as (WallTime | null)[]) {
    if (time !== null && !isWallTime(time)) wrong(`has the time ${time}`);
  }
}

/**
 * Validations that span fields or records, shared by forms, acts and (as constraints) the database.
 * Each returns the problems found, worded for the person who typed; none means valid.
 */
import { type WallTime, wallMinutes } from '../time/instant';
import { dayNumber, weekdayOfDayNumber } from '../time/plain-date';
import type { AppointmentType } from './appointment-type';
import type { ScheduleTemplate } from './schedule-template';

export interface Problem {
  /** Dotted path of the field, `breaks.1.startsAt`. */
  field: string;
  message: string;
}

/** Minutes of a wall-clock span; an end at or before the start lies on the next day. `24:00` is 1440. */
export function spanMinutes(startsAt: WallTime, endsAt: WallTime): number {
  const start = wallMinutes(startsAt);
  const end = wallMinutes(endsAt);
  return end > start ? end - start : end + 1440 - start;
}

/** Breaks lie inside the hours and apart from each other. */
export function checkTemplate(
  template: Pick<ScheduleTemplate, 'opensAt' | 'closesAt' | 'validFrom' | 'validUntil' | 'breaks'>,
): Problem[] {
  const problems: Problem[] = [];
  if (template.validUntil !== null && template.validUntil <= template.validFrom) {
    problems.push({ field: 'validUntil', message: 'The plan has to end after it begins' });
  }
  if (wallMinutes(template.opensAt) >= 1440) {
    problems.push({ field: 'opensAt', message: 'Hours begin at 23:59 at the latest' });
  }
  const open = wallMinutes(template.opensAt);
  const length = spanMinutes(template.opensAt, template.closesAt);
  const spans: { from: number; until: number; index: number }[] = [];
  template.breaks.forEach((pause, index) => {
    const raw = wallMinutes(pause.startsAt);
    const from = raw >= open ? raw - open : raw + 1440 - open;
    const until = from + spanMinutes(pause.startsAt, pause.endsAt);
    if (until > length) {
      problems.push({
        field: `breaks.${index}.startsAt`,
        message: `The break ${pause.startsAt}–${pause.endsAt} lies outside ${template.opensAt}–${template.closesAt}`,
      });
    }
    spans.push({ from, until, index });
  });
  spans.sort((a, b) => a.from - b.from);
  for (let i = 1; i < spans.length; i++) {
    const before = spans[i - 1];
    const here = spans[i];
    if (before && here && here.from < before.until) {
      problems.push({ field: `breaks.${here.index}.startsAt`, message: 'Two breaks overlap' });
    }
  }
  return problems;
}

/**
 * True when two weekly templates of one doctor would both give hours at one moment, on dates on which both hold. By
 * the wall clock, at whatever place. Hours that cross midnight reach into the next date, also past `validUntil`;
 * hours that only touch do not overlap.
 */
export function templatesOverlap(a: ScheduleTemplate, b: ScheduleTemplate): boolean {
  if (a.doctorId !== b.doctorId) return false;
  const startA = wallMinutes(a.opensAt);
  const startB = wallMinutes(b.opensAt);
  const endA = startA + spanMinutes(a.opensAt, a.closesAt);
  const endB = startB + spanMinutes(b.opensAt, b.closesAt);
  // Hours are at most a day long, so only dates beside each other can meet.
  return [-1, 0, 1].some(
    (daysLater) =>
      startA < endB + daysLater * 1440 && startB + daysLater * 1440 < endA && holdTogether(a, b, daysLater),
  );
}

/** Is there a date of `a` such that the date `daysLater` is one of `b`? */
function holdTogether(a: ScheduleTemplate, b: ScheduleTemplate, daysLater: number): boolean {
  if ((a.weekday - 1 + daysLater + 7) % 7 !== b.weekday - 1) return false;
  const from = Math.max(dayNumber(a.validFrom), dayNumber(b.validFrom) - daysLater);
  const until = Math.min(
    a.validUntil === null ? Number.POSITIVE_INFINITY : dayNumber(a.validUntil),
    b.validUntil === null ? Number.POSITIVE_INFINITY : dayNumber(b.validUntil) - daysLater,
  );
  const first = from + ((a.weekday - weekdayOfDayNumber(from) + 7) % 7);
  // After so many weeks both rhythms begin again.
  const weeks = (a.everyNWeeks * b.everyNWeeks) / gcd(a.everyNWeeks, b.everyNWeeks);
  for (let week = 0; week < weeks; week++) {
    const day = first + 7 * week;
    if (day >= until) return false;
    if (isInRhythm(a, day) && isInRhythm(b, day + daysLater)) return true;
  }
  return false;
}

function isInRhythm(template: ScheduleTemplate, day: number): boolean {
  const weekOf = (of: number): number => Math.floor((of + 3) / 7);
  return (weekOf(day) - weekOf(dayNumber(template.anchorDate))) % template.everyNWeeks === 0;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

export function checkAppointmentType(
  type: Pick<AppointmentType, 'needsRoom' | 'roomFeature' | 'slotStepMinutes' | 'durationMinutes'>,
): Problem[] {
  const problems: Problem[] = [];
  if (type.roomFeature !== null && type.roomFeature !== '' && !type.needsRoom) {
    problems.push({
      field: 'roomFeature',
      message: 'Only a type that needs a room can ask for what the room has',
    });
  }
  return problems;
}

/** `[from, until)` with at least one minute between. */
export function endsAfterStart(from: number, until: number): boolean {
  return until > from;
}

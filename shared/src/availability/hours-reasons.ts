/** What the plan says against a time: hours, breaks, blocks, closures, time off, grid. */
import type { AppointmentType } from '../model/appointment-type';
import type { AvailabilityException } from '../model/availability-exception';
import type { Doctor } from '../model/doctor';
import type { ScheduleTemplate } from '../model/schedule-template';
import { type Instant, minuteMs } from '../time/instant';
import type { AvailabilityFacts } from './facts';
import { covers, indexHolding, instantOfMinute } from './intervals';
import { byTime, type Reason, type TimedReason } from './reason';
import type { WorkingHours } from './working-hours';

/** Every fact of the plan that forbids `[startsAt, endsAt)`; none exactly when it lies on the grid of one working window. */
export function hoursReasons(
  facts: AvailabilityFacts,
  hours: WorkingHours,
  doctor: Doctor,
  type: AppointmentType,
  startsAt: Instant,
  endsAt: Instant,
): Reason[] {
  const start = Math.floor(startsAt / minuteMs);
  const end = Math.ceil(endsAt / minuteMs);
  const { days } = hours;
  const day = days.dayOf(start);
  const cuts: TimedReason[] = [];
  hours.eachSpan(day - 3, days.dayOf(end) + 1, (kind, from, until, source, label) => {
    if (kind !== 'open' && from < end && until > start)
      cuts.push(cutReason(kind, from, until, source, label));
  });
  const reasons: Reason[] = [];
  // Hours of the next date may go on from those of this one.
  const open = hours.openHours(days.startOf(day), Math.max(end, days.startOf(day + 2)));
  if (!covers(open, start, end)) {
    const near = nearestOfDay(open, start, end, days.startOf(day), days.startOf(day + 1));
    reasons.push({
      code: 'outside-hours',
      doctorName: `${doctor.title} ${doctor.name}`.trim(),
      opensAt: near === -1 ? null : instantOfMinute(open[near] as number),
      closesAt: near === -1 ? null : instantOfMinute(open[near + 1] as number),
    });
  }
  for (const request of facts.timeOffOf(doctor.id)) {
    if (request.status !== 'approved' || request.endsAt <= request.startsAt) continue;
    if (Math.floor(request.startsAt / minuteMs) < end && Math.ceil(request.endsAt / minuteMs) > start) {
      cuts.push({
        code: 'time-off',
        startsAt: request.startsAt,
        endsAt: request.endsAt,
        timeOffRequestId: request.id,
      });
    }
  }
  reasons.push(...cuts.sort(byTime));
  if (startsAt % minuteMs !== 0 || isOffGrid(hours, start, end, type.slotStepMinutes)) {
    reasons.push({ code: 'off-grid', stepMinutes: type.slotStepMinutes });
  }
  return reasons;
}

/** Outside every window there is no grid to be off: what closes the window is the reason then. */
function isOffGrid(hours: WorkingHours, start: number, end: number, step: number): boolean {
  const { intervals } = hours.windows(start, end);
  const window = indexHolding(intervals, start);
  return window !== -1 && (start - (intervals[window] as number)) % step !== 0;
}

function cutReason(
  kind: 'break' | 'block' | 'closure',
  start: number,
  end: number,
  source: ScheduleTemplate | AvailabilityException,
  label: string,
): TimedReason {
  const span = { label, startsAt: instantOfMinute(start), endsAt: instantOfMinute(end) };
  return kind === 'break' ? { code: kind, ...span } : { code: kind, ...span, exceptionId: source.id };
}

/** Of the hours that meet a day, those least far from the time; -1 where there are none. */
function nearestOfDay(
  open: readonly number[],
  start: number,
  end: number,
  dayStart: number,
  dayEnd: number,
): number {
  let nearest = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < open.length; i += 2) {
    const opens = open[i] as number;
    const closes = open[i + 1] as number;
    if (opens >= dayEnd || closes <= dayStart) continue;
    const distance = Math.max(0, opens - end, start - closes);
    if (distance < least) {
      least = distance;
      nearest = i;
    }
  }
  return nearest;
}

/** How a visit of the demo clinic came to the status it has: when it was made, by whom, and each step since. */
import type { AppointmentEvent, AppointmentStatus } from '../model/appointment';
import type { User } from '../model/user';
import { dayMs, earlier, hourMs, type Instant, instant, later, minuteMs, plusMinutes } from '../time/instant';
import type { PatientName } from './demo-clinic-patients';
import type { Random } from './random';

export interface Plot {
  clinicId: string;
  now: Instant;
  startsAt: Instant;
  endsAt: Instant;
  /** What it has become by now. */
  status: AppointmentStatus;
  online: boolean;
  /** Made as a request, which the doctor answers. */
  asks: boolean;
  urgent: boolean;
  /** Made with a series, then. */
  seriesAt: Instant | null;
  patient: PatientName;
  reception: User | undefined;
  doctor: User | undefined;
}

export interface Story {
  id: string;
  createdAt: Instant;
  statusChangedAt: Instant;
  sequence: number;
  cancelReason: string;
  confirmedAt: Instant | null;
  events: AppointmentEvent[];
}

const cancelReasons = [
  'Feels better',
  'Cannot leave work',
  'Ill at home',
  'Found an earlier time',
  'Travel',
  'Child is ill',
];

type Who = 'reception' | 'doctor' | 'patient';

export function tellStory(plot: Plot, random: Random): Story {
  const { now, startsAt, endsAt, status, asks, online } = plot;
  const createdAt = plot.seriesAt ?? madeAt(plot, random);
  const id = random.id(createdAt);
  const events: AppointmentEvent[] = [];
  let current: AppointmentStatus | null = null;
  let lastAt = createdAt;
  let sequence = 0;
  let statusChangedAt = createdAt;

  /** Never before the step before it, never after now. */
  function step(
    at: number,
    act: string,
    who: Who,
    to: AppointmentStatus,
    more: { changed?: AppointmentEvent['changed']; reason?: string } = {},
  ): void {
    const occurredAt = earlier(later(instant(Math.floor(at / 1000) * 1000), lastAt), now);
    const user = who === 'doctor' ? plot.doctor : plot.reception;
    events.push({
      id: random.id(occurredAt),
      clinicId: plot.clinicId,
      appointmentId: id,
      occurredAt,
      act,
      actorKind: who === 'patient' ? 'patient' : 'staff',
      actorId: who === 'patient' ? plot.patient.id : (user?.id ?? null),
      actorName: who === 'patient' ? plot.patient.name : (user?.name ?? ''),
      fromStatus: current,
      toStatus: to,
      changed: more.changed ?? {},
      reason: more.reason ?? '',
    });
    if (to !== current) statusChangedAt = occurredAt;
    current = to;
    lastAt = occurredAt;
  }

  if (status === 'proposed' || status === 'waitlist') {
    step(createdAt, status === 'proposed' ? 'appointment.propose' : 'waitlist.offer', 'reception', status);
    return { id, createdAt, statusChangedAt, sequence, cancelReason: '', confirmedAt: null, events };
  }

  step(
    createdAt,
    plot.seriesAt !== null ? 'series.book' : online ? 'appointment.book-online' : 'appointment.book',
    online ? 'patient' : 'reception',
    asks ? 'pending' : 'booked',
  );
  const spare = earlier(startsAt, now) - createdAt;
  if (asks && status !== 'pending' && !(status === 'cancelled' && random.chance(0.4))) {
    step(createdAt + spare * (0.05 + 0.25 * random.next()), 'appointment.accept', 'doctor', 'booked');
  }
  const mayMove = status !== 'pending' && !plot.urgent && plot.seriesAt === null;
  if (mayMove && spare > dayMs && random.chance(0.07)) {
    const shift = random.pick([-3, -1, 1, 2]) * 1440 + random.pick([-60, 0, 45, 90]);
    sequence = 1;
    step(
      createdAt + spare * (0.35 + 0.3 * random.next()),
      'appointment.reschedule',
      random.chance(0.5) ? 'patient' : 'reception',
      current ?? 'booked',
      {
        changed: {
          startsAt: [plusMinutes(startsAt, shift), startsAt],
          endsAt: [plusMinutes(endsAt, shift), endsAt],
        },
      },
    );
  }

  let confirmedAt: Instant | null = null;
  if (status === 'booked' && startsAt - now < 3 * dayMs && startsAt - now > hourMs && random.chance(0.5)) {
    step(now - random.next() * 20 * hourMs, 'appointment.confirm', 'patient', 'booked');
    confirmedAt = lastAt;
  }

  let cancelReason = '';
  switch (status) {
    case 'arrived':
    case 'checked-in':
    case 'fulfilled': {
      // Whoever is waiting now came within the last quarter of an hour.
      const came =
        status === 'arrived' && startsAt > now - 5 * minuteMs
          ? now - random.integer(1, 15) * minuteMs
          : startsAt - random.integer(1, 16) * minuteMs;
      step(came, 'appointment.arrive', 'reception', 'arrived');
      if (status === 'arrived') break;
      step(startsAt + random.integer(-2, 7) * minuteMs, 'appointment.start', 'doctor', 'checked-in');
      if (status === 'checked-in') break;
      step(endsAt + random.integer(-5, 4) * minuteMs, 'appointment.complete', 'doctor', 'fulfilled');
      break;
    }
    case 'noshow':
      step(startsAt + random.integer(12, 25) * minuteMs, 'appointment.noshow', 'reception', 'noshow');
      break;
    case 'cancelled':
      cancelReason = random.pick(cancelReasons);
      step(
        createdAt + spare * (0.7 + 0.29 * random.next()),
        'appointment.cancel',
        random.chance(0.6) ? 'patient' : 'reception',
        'cancelled',
        { reason: cancelReason },
      );
      break;
    case 'entered-in-error':
      step(createdAt + Math.min(spare, 20 * minuteMs), 'appointment.void', 'reception', 'entered-in-error', {
        reason: 'Wrong patient',
      });
      break;
    default:
      break;
  }
  return { id, createdAt, statusChangedAt, sequence, cancelReason, confirmedAt, events };
}

/** Most visits are booked days before, some weeks; at the desk in the hours when somebody sits there. */
function madeAt(plot: Plot, random: Random): Instant {
  const { now, startsAt, online, urgent } = plot;
  const latest = Math.min(startsAt - 20 * minuteMs, now - 10 * minuteMs);
  if (urgent) return secondOf(Math.min(startsAt - random.integer(20, 240) * minuteMs, latest));
  // A request does not wait for long, or somebody would have answered it.
  if (plot.status === 'pending') return secondOf(latest - random.next() * 30 * hourMs);
  const lead = Math.min(-Math.log(1 - random.next()) * 9, 60) * dayMs;
  const at = Math.min(startsAt - lead, latest - random.next() * 3 * dayMs);
  if (online) return secondOf(at);
  const day = Math.floor(at / dayMs) * dayMs;
  const atDesk = day + (7 + random.next() * 9) * hourMs;
  return secondOf(atDesk < latest ? atDesk : atDesk - dayMs);
}

function secondOf(at: number): Instant {
  return instant(Math.floor(at / 1000) * 1000);
}

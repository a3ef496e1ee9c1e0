/** A refusal as the booking dialog tells it: a warning that the person may go over, or what is in the way for good. */
import type { Override, RefusalReason, Refused } from '@medic/shared/acts/act';
import type { Facts } from '@medic/shared/acts/facts';
import { describeRefusal } from '@medic/shared/acts/refusal-words';
import type { Slot } from '@medic/shared/availability/query';
import type { TimeZone } from '@medic/shared/time/instant';
import { localTime } from '@medic/shared/time/zone';
import { shortDay } from '../../ui/date-words';
import { doctorName, shortName } from '../../ui/person-name';

export type Obstacle =
  | {
      kind: 'warning';
      words: string[];
      /** With these among its overrides the same request goes ahead. */
      overrides: Override[];
      slots: readonly Slot[];
    }
  | { kind: 'refusal'; words: string[]; slots: readonly Slot[] };

/** `given` is what the person went over before; every warning is asked about once. */
export function obstacleOf(refusal: Refused, facts: Facts, given: readonly Override[] = []): Obstacle {
  const names = {
    patientName: (id: string) => {
      const patient = facts.get('patient', id);
      return patient ? shortName(patient) : undefined;
    },
  };
  const asked = refusal.reasons.map(overrideFor);
  const isWarning =
    asked.length > 0 && asked.every((override) => override !== null && !given.includes(override));
  const words = [
    ...new Set(
      refusal.reasons.map((reason) => warningWords(reason, facts) ?? describeRefusal(reason, names)),
    ),
  ];
  if (!isWarning) return { kind: 'refusal', words, slots: refusal.alternatives };
  return {
    kind: 'warning',
    words,
    overrides: [...new Set([...given, ...asked.filter((override) => override !== null)])],
    slots: refusal.alternatives,
  };
}

function overrideFor(reason: RefusalReason): Override | null {
  if (reason.code === 'same-patient') return 'same-patient';
  if (reason.code === 'slot') return reason.reason.code === 'hold' ? 'hold' : null;
  if (reason.code !== 'series') return null;
  // Of a group that is full because of its holds, both are told.
  const holdsOnly =
    reason.reasons.some(({ code }) => code === 'hold') &&
    reason.reasons.every(({ code }) => code === 'hold' || code === 'full');
  return holdsOnly ? 'hold' : null;
}

function warningWords(reason: RefusalReason, facts: Facts): string | null {
  if (reason.code === 'same-patient') {
    const other = facts.get('appointment', reason.appointmentId);
    const { date, time } = localTime(reason.startsAt, reason.timeZone as TimeZone);
    const patient = other && facts.get('patient', other.patientId);
    const doctor = other && facts.doctor(other.doctorId);
    const type = other && facts.appointmentType(other.appointmentTypeId);
    return [
      `${patient ? shortName(patient) : 'The patient'} has another visit then: ${shortDay(date)} ${time}`,
      doctor && doctorName(doctor),
      type?.name,
    ]
      .filter(Boolean)
      .join(', ');
  }
  if (reason.code === 'slot' && reason.reason.code === 'hold') {
    const until = localTime(reason.reason.expiresAt, reason.timeZone as TimeZone).time;
    return `A visitor of the booking page keeps this time until ${until}. They lose it if you book it now`;
  }
  return null;
}
